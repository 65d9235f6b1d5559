/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a safetensors file: JSON that lists the tensors.
 *
 *   {"__metadata__": {"format": "heirloom-denoiser-1", "crc32": "89abcdef", ...},
 *    "head.weight": {"dtype": "F16", "shape": [48, 13, 3, 3], "data_offsets": [0, 11232]}, ...}
 *
 * What is read of JSON is only what such a header needs, with no nesting beyond it, so that
 * no file can lead the parser deep.  Specification:
 * https://github.com/huggingface/safetensors. */
#include "nn/safetensors.h"

#include <string.h>

#define MOST_TENSORS 1000
#define MOST_DIGITS 15

/* What is left of the header. */
typedef struct
{
  const char *at, *end;
} Cursor;

static void
skip_spaces (Cursor *cursor)
{
  while (cursor->at < cursor->end && memchr (" \t\r\n", *cursor->at, 4))
    cursor->at++;
}

static gboolean
take (Cursor *cursor, char wanted)
{
  skip_spaces (cursor);
  if (cursor->at == cursor->end || *cursor->at != wanted)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static gboolean
take_text (Cursor *cursor, HlText *text)
{
  if (!take (cursor, '"'))
    return FALSE;
  text->start = cursor->at;
  for (; cursor->at < cursor->end && *cursor->at != '"'; cursor->at++)
    {
      if ((guchar) *cursor->at < ' ')
        return FALSE;
      if (*cursor->at == '\\' && ++cursor->at == cursor->end)
        return FALSE;
    }
  text->length = cursor->at - text->start;
  return take (cursor, '"');
}

static gboolean
take_number (Cursor *cursor, gsize *number)
{
  const char *start;

  skip_spaces (cursor);
  start   = cursor->at;
  *number = 0;
  for (; cursor->at < cursor->end && g_ascii_isdigit (*cursor->at); cursor->at++)
    {
      if (cursor->at - start == MOST_DIGITS)
        return FALSE;
      *number = 10 * *number + (*cursor->at - '0');
    }
  return cursor->at > start && (*start != '0' || cursor->at == start + 1);
}

/**
 * hl_text_is:
 * @text: a string of the header
 * @wanted: without characters that JSON escapes
 *
 * Returns: whether they are the same
 */
gboolean
hl_text_is (HlText text, const char *wanted)
{
  return text.length == strlen (wanted) && memcmp (text.start, wanted, text.length) == 0;
}

typedef enum
{
  MEMBER,
  END,
  BROKEN,
} Step;

/* From one member of an object to the next, behind its colon. */
static Step
next_member (Cursor *cursor, gboolean *first, HlText *name)
{
  if (take (cursor, '}'))
    return END;
  if (!*first && !take (cursor, ','))
    return BROKEN;
  *first = FALSE;
  return take_text (cursor, name) && take (cursor, ':') ? MEMBER : BROKEN;
}

/* [1, 2, 3] of exactly @n numbers. */
static gboolean
take_numbers (Cursor *cursor, gsize *numbers, int n)
{
  for (int i = 0; i < n; i++)
    if (!take (cursor, i ? ',' : '[') || !take_number (cursor, &numbers[i]))
      return FALSE;
  return take (cursor, ']');
}

static gboolean
take_metadata (Cursor *cursor, HlAbout *about)
{
  gboolean first = TRUE;
  HlText   name, value;
  Step     step;

  if (!take (cursor, '{'))
    return FALSE;
  while ((step = next_member (cursor, &first, &name)) == MEMBER)
    {
      if (!take_text (cursor, &value))
        return FALSE;
      if (hl_text_is (name, "format"))
        about->format = value;
      else if (hl_text_is (name, "crc32"))
        about->crc = value;
    }
  return step == END;
}

static gboolean
take_tensor (Cursor *cursor, HlTensor *tensor)
{
  gboolean first = TRUE, seen[3] = { FALSE };
  gsize    shape[HL_TENSOR_DIMENSIONS], offsets[2];
  HlText   name, dtype = { "", 0 };
  Step     step;

  if (!take (cursor, '{'))
    return FALSE;
  while ((step = next_member (cursor, &first, &name)) == MEMBER)
    {
      int which = hl_text_is (name, "dtype")          ? 0
                  : hl_text_is (name, "shape")        ? 1
                  : hl_text_is (name, "data_offsets") ? 2
                                                      : -1;

      if (which < 0 || seen[which])
        return FALSE;
      seen[which] = TRUE;
      if (which == 0   ? !take_text (cursor, &dtype)
          : which == 1 ? !take_numbers (cursor, shape, HL_TENSOR_DIMENSIONS)
                       : !take_numbers (cursor, offsets, 2))
        return FALSE;
    }
  if (step != END || !seen[0] || !seen[1] || !seen[2])
    return FALSE;
  tensor->half = hl_text_is (dtype, "F16");
  if (!tensor->half && !hl_text_is (dtype, "F32"))
    return FALSE;
  tensor->begin = offsets[0];
  tensor->end   = offsets[1];
  tensor->count = 1;
  for (int i = 0; i < HL_TENSOR_DIMENSIONS; i++)
    {
      if (shape[i] < 1 || shape[i] > HL_WEIGHTS_MOST_BYTES
          || !g_size_checked_mul (&tensor->count, tensor->count, shape[i])
          || tensor->count > HL_WEIGHTS_MOST_BYTES)
        return FALSE;
      tensor->shape[i] = shape[i];
    }
  return tensor->begin <= tensor->end
         && tensor->end - tensor->begin == tensor->count * (tensor->half ? 2 : 4);
}

/**
 * hl_safetensors_read_header:
 * @start: the header, behind its length
 * @length: bytes of it
 * @tensors: (element-type HlTensor): what it lists is added, with no place for the numbers yet
 * @about: (out): the metadata that count
 *
 * Returns: whether it is the header of a file of four-dimensional tensors of 16 or 32 bits,
 * each as long as its shape says
 */
gboolean
hl_safetensors_read_header (const char *start, gsize length, GArray *tensors, HlAbout *about)
{
  Cursor   cursor = { start, start + length };
  gboolean first = TRUE, described = FALSE;
  HlText   name;
  Step     step;

  *about = (HlAbout) { { "", 0 }, { "", 0 } };
  if (!g_utf8_validate_len (start, length, NULL) || !take (&cursor, '{'))
    return FALSE;
  while ((step = next_member (&cursor, &first, &name)) == MEMBER)
    {
      HlTensor tensor = { 0 };

      if (hl_text_is (name, "__metadata__"))
        {
          if (described || !take_metadata (&cursor, about))
            return FALSE;
          described = TRUE;
          continue;
        }
      if (name.length >= sizeof tensor.name || tensors->len == MOST_TENSORS
          || !take_tensor (&cursor, &tensor))
        return FALSE;
      memcpy (tensor.name, name.start, name.length);
      g_array_append_val (tensors, tensor);
    }
  /* Writers may fill the header up with spaces. */
  skip_spaces (&cursor);
  return step == END && cursor.at == cursor.end;
}

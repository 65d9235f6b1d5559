/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trained weights, read from a safetensors file.
 *
 * The file is a length (64 bits, little-endian), a header of that length (safetensors.c) and
 * the numbers.  It may come from anywhere, so that nothing in it is trusted: every number is
 * checked against the size of the file, the tensors must fill the data without gap or
 * overlap, and the checksum, which the format itself does not have, stands among our
 * metadata. */
#include "nn/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "nn/arena.h"

#ifndef O_CLOEXEC
#define O_CLOEXEC 0 /* Windows hands no file on to other programs unless asked to */
#endif

#define FORMAT "heirloom-denoiser-1"
#define LENGTH_BYTES 8

struct _HlWeights
{
  char   *name;
  GArray *tensors; /* of HlTensor, in the order of the data */
  HlArena arena;
};

static int
compare_begin (gconstpointer a, gconstpointer b)
{
  const HlTensor *x = a, *y = b;

  return (x->begin > y->begin) - (x->begin < y->begin);
}

static const HlTensor *
find (const HlWeights *weights, const char *name)
{
  for (guint i = 0; i < weights->tensors->len; i++)
    {
      const HlTensor *tensor = &g_array_index (weights->tensors, HlTensor, i);

      if (g_str_equal (tensor->name, name))
        return tensor;
    }
  return NULL;
}

/* Whether the tensors fill the data, each name once; brings them into that order. */
static gboolean
fill_exactly (HlWeights *weights, gsize bytes)
{
  gsize at = 0;

  g_array_sort (weights->tensors, compare_begin);
  for (guint i = 0; i < weights->tensors->len; i++)
    {
      const HlTensor *tensor = &g_array_index (weights->tensors, HlTensor, i);

      if (tensor->begin != at || find (weights, tensor->name) != tensor)
        return FALSE;
      at = tensor->end;
    }
  return at == bytes && bytes > 0;
}

/* The checksum of zlib and PNG: polynomial 0x04c11db7, bits reversed. */
static guint32
crc32 (const guint8 *data, gsize bytes)
{
  guint32 table[256], crc = 0xffffffffu;

  for (guint32 i = 0; i < 256; i++)
    {
      table[i] = i;
      for (int bit = 0; bit < 8; bit++)
        table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
    }
  for (gsize i = 0; i < bytes; i++)
    crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
  return ~crc;
}

/* IEEE 754 binary16. */
static float
float_from_half (guint16 half)
{
  int   exponent = half >> 10 & 31, fraction = half & 1023;
  float size = exponent == 31  ? (fraction ? NAN : INFINITY)
               : exponent == 0 ? ldexpf (fraction, -24)
                               : ldexpf (1024 + fraction, exponent - 25);

  return half >> 15 ? -size : size;
}

/* Reads the numbers; whether all are finite. */
static gboolean
convert (HlTensor *tensor, const guint8 *data)
{
  const guint8 *from = data + tensor->begin;

  for (gsize i = 0; i < tensor->count; i++)
    {
      if (tensor->half)
        tensor->w[i] = float_from_half (from[2 * i] | from[2 * i + 1] << 8);
      else
        {
          guint32 bits;

          memcpy (&bits, from + 4 * i, sizeof bits);
          bits = GUINT32_FROM_LE (bits);
          memcpy (&tensor->w[i], &bits, sizeof bits);
        }
      if (!isfinite (tensor->w[i]))
        return FALSE;
    }
  return TRUE;
}

static void
lay_out (HlWeights *weights)
{
  for (guint i = 0; i < weights->tensors->len; i++)
    {
      HlTensor *tensor = &g_array_index (weights->tensors, HlTensor, i);

      tensor->w = hl_arena_take (&weights->arena, tensor->count);
    }
}

/* Only where the weights that came with the program are at fault does it help to install it again.
 */
static void
set_built_in_damaged (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("The weights that are a part of Heirloom are damaged: install Heirloom "
                          "again."));
}

static HlWeights *
refuse_damaged (const HlWeights *weights, GError **error)
{
  if (weights->name)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("The weights file “%s” is damaged: choose another weights file."),
                 weights->name);
  else
    set_built_in_damaged (error);
  return NULL;
}

/**
 * hl_weights_set_foreign:
 * @weights: weights that are not those of a known network
 * @error: set to %G_IO_ERROR_INVALID_DATA
 */
void
hl_weights_set_foreign (const HlWeights *weights, GError **error)
{
  if (weights->name)
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        _ ("The file “%s” does not hold the weights of Heirloom's denoiser: choose another "
           "weights file."),
        weights->name);
  else
    set_built_in_damaged (error);
}

/**
 * hl_weights_new_from_bytes:
 * @bytes: a safetensors file
 * @name: (nullable): what messages call it, such as its path; %NULL for weights that came with the
 *   program
 * @error: %G_IO_ERROR_INVALID_DATA when it is damaged or holds something else,
 *   %G_IO_ERROR_NO_SPACE
 *
 * Returns: (transfer full): the weights, all of them finite
 */
HlWeights *
hl_weights_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (HlWeights) weights = g_new0 (HlWeights, 1);
  gsize         length;
  const guint8 *file = g_bytes_get_data (bytes, &length), *data;
  guint64       header;
  HlAbout       about;
  gboolean      well_formed;
  char          wanted[9];

  weights->name    = g_strdup (name);
  weights->tensors = g_array_new (FALSE, FALSE, sizeof (HlTensor));
  if (length <= LENGTH_BYTES)
    return refuse_damaged (weights, error);
  memcpy (&header, file, LENGTH_BYTES);
  header = GUINT64_FROM_LE (header);
  if (length > HL_WEIGHTS_MOST_BYTES || file[LENGTH_BYTES] != '{')
    {
      hl_weights_set_foreign (weights, error);
      return NULL;
    }
  if (header > length - LENGTH_BYTES)
    return refuse_damaged (weights, error);
  data = file + LENGTH_BYTES + header;
  length -= LENGTH_BYTES + header;
  well_formed = hl_safetensors_read_header ((const char *) file + LENGTH_BYTES, header,
                                            weights->tensors, &about);
  if (!hl_text_is (about.format, FORMAT))
    {
      hl_weights_set_foreign (weights, error);
      return NULL;
    }
  g_snprintf (wanted, sizeof wanted, "%08x", crc32 (data, length));
  if (!well_formed || !fill_exactly (weights, length) || !hl_text_is (about.crc, wanted))
    return refuse_damaged (weights, error);
  lay_out (weights);
  if (!hl_arena_allocate (&weights->arena, 0, error))
    return NULL;
  lay_out (weights);
  for (guint i = 0; i < weights->tensors->len; i++)
    if (!convert (&g_array_index (weights->tensors, HlTensor, i), data))
      return refuse_damaged (weights, error);
  return g_steal_pointer (&weights);
}

/**
 * hl_weights_load:
 * @path: of a safetensors file
 * @error: %G_IO_ERROR_NOT_FOUND, %G_IO_ERROR_PERMISSION_DENIED or whatever else keeps it from being
 *   read, and those of hl_weights_new_from_bytes()
 *
 * Returns: (transfer full): the weights
 */
HlWeights *
hl_weights_load (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0), why = errno;
  g_autoptr (GMappedFile) file = fd >= 0 ? g_mapped_file_new_from_fd (fd, FALSE, NULL) : NULL;
  g_autoptr (GBytes) bytes     = NULL;
  g_autofree char *shown       = g_filename_display_name (path);

  if (fd >= 0 && !file)
    why = errno;
  if (fd >= 0)
    g_close (fd, NULL);
  if (file)
    {
      bytes = g_mapped_file_get_bytes (file);
      return hl_weights_new_from_bytes (bytes, shown, error);
    }
  /* Translators: the second is the reason, such as "Permission denied". */
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why),
               _ ("The weights file “%s” cannot be read (%s): choose another weights file."), shown,
               g_strerror (why));
  return NULL;
}

/**
 * hl_weights_copy:
 * @weights: weights
 * @error: %G_IO_ERROR_NO_SPACE
 *
 * Returns: (transfer full): the same, to be changed
 */
HlWeights *
hl_weights_copy (const HlWeights *weights, GError **error)
{
  g_autoptr (HlWeights) copy = g_new0 (HlWeights, 1);

  copy->name    = g_strdup (weights->name);
  copy->tensors = g_array_copy (weights->tensors);
  lay_out (copy);
  if (!hl_arena_allocate (&copy->arena, 0, error))
    return NULL;
  lay_out (copy);
  memcpy (copy->arena.base, weights->arena.base, weights->arena.used * sizeof (float));
  return g_steal_pointer (&copy);
}

/**
 * hl_weights_get_values:
 * @weights: weights
 * @n: (out): how many numbers there are
 *
 * Returns: (n), all tensors one after the other, with gaps that nobody reads; may be changed
 */
float *
hl_weights_get_values (HlWeights *weights, gsize *n)
{
  *n = weights->arena.used;
  return weights->arena.base;
}

/**
 * hl_weights_free:
 * @weights: weights
 */
void
hl_weights_free (HlWeights *weights)
{
  hl_arena_clear (&weights->arena);
  g_array_free (weights->tensors, TRUE);
  g_free (weights->name);
  g_free (weights);
}

/**
 * hl_weights_get_count:
 * @weights: weights
 *
 * Returns: how many tensors there are
 */
guint
hl_weights_get_count (const HlWeights *weights)
{
  return weights->tensors->len;
}

/**
 * hl_weights_get_shape:
 * @weights: weights
 * @name: of a tensor
 *
 * Returns: (nullable): its dimensions, or %NULL when there is none of that name
 */
const int *
hl_weights_get_shape (const HlWeights *weights, const char *name)
{
  const HlTensor *tensor = find (weights, name);

  return tensor ? tensor->shape : NULL;
}

/**
 * hl_weights_get:
 * @weights: weights
 * @name: of a tensor
 * @shape: the dimensions that it must have
 *
 * Returns: (nullable): (shape[0], shape[1], shape[2], shape[3]), row-major, or %NULL when there
 * is none of that name and shape
 */
const float *
hl_weights_get (const HlWeights *weights, const char *name, const int shape[HL_TENSOR_DIMENSIONS])
{
  const HlTensor *tensor = find (weights, name);

  return tensor && memcmp (tensor->shape, shape, sizeof tensor->shape) == 0 ? tensor->w : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of picture a file holds, told from its content before GEGL sees it, and what GEGL's
 * loaders pass over: they fill up a JPEG that was cut short with gray (and libjpeg ends the whole
 * program over a broken one); of a TIFF they believe too much (cli/tiff.c). */

#include "cli/sniff.h"

#include <string.h>

#include "cli/tiff.h"
#include "restore/error.h"

/**
 * hl_sniff_name:
 * @path: the name of a file to write
 *
 * Returns: the type that the ending of the name asks for, or %HL_FILE_UNKNOWN
 */
HlFileType
hl_sniff_name (const char *path)
{
  const char *ending = strrchr (path, '.');

  if (!ending)
    return HL_FILE_UNKNOWN;
  if (g_ascii_strcasecmp (ending, ".png") == 0)
    return HL_FILE_PNG;
  if (g_ascii_strcasecmp (ending, ".jpg") == 0 || g_ascii_strcasecmp (ending, ".jpeg") == 0)
    return HL_FILE_JPEG;
  if (g_ascii_strcasecmp (ending, ".tif") == 0 || g_ascii_strcasecmp (ending, ".tiff") == 0)
    return HL_FILE_TIFF;
  return HL_FILE_UNKNOWN;
}

/* Walks the markers of a JPEG (ITU T.81, annex B) up to its end of image. */
static gboolean
jpeg_is_whole (const guint8 *data, gsize size)
{
  gsize    at       = 2;
  gboolean has_scan = FALSE;

  while (at + 1 < size)
    {
      guint8 marker = data[at + 1];

      if (data[at] != 0xff)
        {
          /* Only the coded pixels of a scan may stand between segments. */
          if (!has_scan)
            return FALSE;
          at++;
        }
      else if (marker == 0xd9)
        return has_scan;
      else if (marker == 0xff)
        at++;
      else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8))
        at += 2; /* a stuffed 0, a restart */
      else if (at + 3 < size)
        {
          has_scan = has_scan || marker == 0xda;
          at += 2 + (data[at + 2] << 8 | data[at + 3]);
        }
      else
        return FALSE;
    }
  return FALSE;
}

/**
 * hl_sniff_content:
 * @path: a file
 * @error: return location for a #GError
 *
 * Looks into the file.
 *
 * Returns: its type, or %HL_FILE_UNKNOWN with an error where it is missing, unreadable,
 *   of another type or broken
 */
HlFileType
hl_sniff_content (const char *path, GError **error)
{
  g_autoptr (GError) missing     = NULL;
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, &missing);
  g_autofree char *name          = g_filename_display_name (path);
  const guint8    *data;
  gsize            size;

  if (!mapped)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "“%s” cannot be opened: check its name and that you may read it.", name);
      return HL_FILE_UNKNOWN;
    }
  data = (const guint8 *) g_mapped_file_get_contents (mapped);
  size = g_mapped_file_get_length (mapped);

  if (size > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return HL_FILE_PNG;
  if (size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    {
      if (jpeg_is_whole (data, size))
        return HL_FILE_JPEG;
      g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                   "“%s” is broken or cut short: copy it anew from where it came from.", name);
      return HL_FILE_UNKNOWN;
    }
  if (size > 4 && (memcmp (data, "II*\0", 4) == 0 || memcmp (data, "MM\0*", 4) == 0))
    return hl_tiff_check (path, error) ? HL_FILE_TIFF : HL_FILE_UNKNOWN;

  g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
               "“%s” is not a PNG, JPEG or TIFF picture: convert it to one of them first.", name);
  return HL_FILE_UNKNOWN;
}

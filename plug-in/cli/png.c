/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a colour profile into a PNG that was written without: GEGL's saver leaves out the
 * profiles of gray pictures, and scans of old photographs are often gray. */

#include "cli/png.h"

#include <string.h>

/* The signature and the header chunk; the profile comes next (PNG, 5.6). */
#define HEADER_END 33

/* Name of the profile, its end, and the number of the compression method (11.3.2.3). */
#define PROFILE_NAME "ICC profile\0\0"
#define PROFILE_NAME_LENGTH 13

/* The checksum of annex D, bit by bit: a profile is small. */
static guint32
checksum (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
    }
  return ~crc;
}

static void
append_number (GByteArray *bytes, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *) &big_endian, 4);
}

/**
 * hl_png_add_profile:
 * @path: a PNG file without a profile; rewritten
 * @icc: (array length=length): the profile
 * @length: bytes
 * @error: return location for a #GError
 *
 * Adds an iCCP chunk.
 *
 * Returns: %FALSE with an error where the file could not be rewritten
 */
gboolean
hl_png_add_profile (const char *path, const char *icc, gsize length, GError **error)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autoptr (GByteArray) out       = g_byte_array_new ();
  g_autoptr (GByteArray) chunk     = g_byte_array_new ();
  g_autofree char *png             = NULL;
  gsize            size, taken, room = length + length / 100 + 1024, given;
  g_autofree char *packed = g_malloc (room);

  if (!g_file_get_contents (path, &png, &size, error))
    return FALSE;
  g_return_val_if_fail (size > HEADER_END, FALSE);
  if (g_converter_convert (G_CONVERTER (zlib), icc, length, packed, room, G_CONVERTER_INPUT_AT_END,
                           &taken, &given, error)
      != G_CONVERTER_FINISHED)
    return FALSE;

  g_byte_array_append (chunk, (const guint8 *) "iCCP" PROFILE_NAME, 4 + PROFILE_NAME_LENGTH);
  g_byte_array_append (chunk, (const guint8 *) packed, given);

  g_byte_array_append (out, (const guint8 *) png, HEADER_END);
  append_number (out, chunk->len - 4);
  g_byte_array_append (out, chunk->data, chunk->len);
  append_number (out, checksum (chunk->data, chunk->len));
  g_byte_array_append (out, (const guint8 *) png + HEADER_END, size - HEADER_END);
  return g_file_set_contents (path, (const char *) out->data, out->len, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG files, read and written by libpng. All chunks but those of the pixels are taken for unknown
 * ones, which libpng hands on byte by byte: a date or a profile that it would not accept comes back
 * as it was (PNG 3rd edition, 14.2). */

#include "cli/formats.h"

#include <png.h>
#include <string.h>

#include "restore/error.h"

#define XMP_KEYWORD "XML:com.adobe.xmp"

/* Of zlib, 1 to 9. Measured on photographs: a third of the time of its default, 6, and files 1 %
 * larger. */
#define COMPRESSION 3

/* One file that is read or written. */
typedef struct
{
  png_structp   png;
  png_infop     info;
  const guint8 *data; /* that is read */
  gsize         size, at;
  GByteArray   *out; /* that is written */
  guint8      **rows;
  char          said[256]; /* what libpng said at last */
} Png;

static void
png_clear (Png *self)
{
  if (self->png && self->out)
    png_destroy_write_struct (&self->png, &self->info);
  else if (self->png)
    png_destroy_read_struct (&self->png, &self->info, NULL);
  g_free (self->rows);
  if (self->out)
    g_byte_array_unref (self->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Png, png_clear)

static void
on_error (png_structp png, png_const_charp message)
{
  Png *self = png_get_error_ptr (png);

  g_strlcpy (self->said, message, sizeof self->said);
  longjmp (png_jmpbuf (png), 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
on_read (png_structp png, png_bytep to, size_t size)
{
  Png *self = png_get_io_ptr (png);

  if (size > self->size - self->at)
    png_error (png, "the file ends there");
  memcpy (to, self->data + self->at, size);
  self->at += size;
}

static void
on_write (png_structp png, png_bytep from, size_t size)
{
  g_byte_array_append (((Png *) png_get_io_ptr (png))->out, from, size);
}

static void
on_flush (png_structp png)
{
}

/* Begins to read @bytes; @is_raw where chunks are to come as they are. */
static gboolean
open_read (Png *self, GBytes *bytes, gboolean is_raw)
{
  static const guint8 end[] = { 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82 };

  self->data = g_bytes_get_data (bytes, &self->size);
  self->png  = png_create_read_struct (PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
  self->info = self->png ? png_create_info_struct (self->png) : NULL;
  if (!self->info || setjmp (png_jmpbuf (self->png)))
    return FALSE;
  png_set_read_fn (self->png, self, on_read);
  png_set_user_limits (self->png, 0x7fffffff, 0x7fffffff);
  png_set_crc_action (self->png, PNG_CRC_DEFAULT, PNG_CRC_QUIET_USE);
  png_set_benign_errors (self->png, TRUE);
  /* Of a file that is cut short all pixels may be there, if each byte is taken as it comes. */
  if (self->size > sizeof end
      && memcmp (self->data + self->size - sizeof end, end, sizeof end) != 0)
    png_set_compression_buffer_size (self->png, 1);
  if (is_raw)
    {
      /* As many and as long as they are: they are neither decompressed nor looked at. */
      png_set_chunk_cache_max (self->png, 0);
      png_set_chunk_malloc_max (self->png, 0);
      png_set_keep_unknown_chunks (self->png, PNG_HANDLE_CHUNK_ALWAYS, NULL, 0);
      png_set_keep_unknown_chunks (self->png, PNG_HANDLE_CHUNK_ALWAYS, NULL, -1);
    }
  png_read_info (self->png, self->info);
  return TRUE;
}

/* What another format takes over; where libpng refuses something, that is left out. */
static void
read_fields (HlFile *file)
{
  g_auto (Png) self = { 0 };
  png_charp   profile_name;
  png_bytep   profile;
  png_textp   text;
  png_uint_32 length, x, y;
  int         kind, n;

  if (!open_read (&self, file->bytes, FALSE))
    return;
  if (png_get_iCCP (self.png, self.info, &profile_name, &kind, &profile, &length))
    file->icc = g_bytes_new (profile, length);
  if (png_get_pHYs (self.png, self.info, &x, &y, &kind) && kind == PNG_RESOLUTION_METER)
    {
      file->density_x = x;
      file->density_y = y;
    }
  n = png_get_text (self.png, self.info, &text, NULL);
  for (int i = 0; i < n && !file->xmp; i++)
    if (strcmp (text[i].key, XMP_KEYWORD) == 0)
      file->xmp = g_bytes_new (text[i].text, MAX (text[i].itxt_length, text[i].text_length));
}

/* Whether all pixels had been read when an error came up: what is wrong is behind them then. */
static gboolean
has_all_rows (const Png *self)
{
  png_byte interlace = png_get_interlace_type (self->png, self->info);

  return self->rows
         && (interlace == PNG_INTERLACE_NONE
                 ? png_get_current_row_number (self->png)
                       == png_get_image_height (self->png, self->info)
                 : png_get_current_pass_number (self->png) == PNG_INTERLACE_ADAM7_PASSES);
}

static gboolean
read_pixels (Png *self, HlFile *file, GError **error)
{
  gsize stride;
  int   kind, bits;

  if (setjmp (png_jmpbuf (self->png)))
    return has_all_rows (self);
  kind              = png_get_color_type (self->png, self->info);
  bits              = png_get_bit_depth (self->png, self->info);
  file->is_expanded = kind == PNG_COLOR_TYPE_PALETTE || bits < 8
                      || png_get_valid (self->png, self->info, PNG_INFO_tRNS);
  png_set_expand (self->png);
  if (bits == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (self->png);
  png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
  file->width    = png_get_image_width (self->png, self->info);
  file->height   = png_get_image_height (self->png, self->info);
  file->channels = png_get_channels (self->png, self->info);
  file->colours  = file->channels < 3 ? 1 : 3;
  file->alpha    = file->channels % 2 == 0 ? file->channels - 1 : -1;
  file->sample   = bits == 16 ? HL_SAMPLE_U16 : HL_SAMPLE_U8;
  stride         = file->channels * hl_file_get_bytes_per_sample (file) * file->width;
  if (!hl_file_allocate (file, error))
    return FALSE;
  self->rows = g_new (guint8 *, file->height);
  for (int y = 0; y < file->height; y++)
    self->rows[y] = file->pixels + y * stride;
  png_read_image (self->png, self->rows);
  png_read_end (self->png, self->info);
  return TRUE;
}

/* EXIF data may stand behind the pixels too. */
static void
read_exif (const Png *self, HlFile *file)
{
  png_unknown_chunkp chunks;

  for (int i = png_get_unknown_chunks (self->png, self->info, &chunks) - 1; i >= 0; i--)
    if (memcmp (chunks[i].name, "eXIf", 4) == 0)
      {
        g_clear_pointer (&file->exif, g_bytes_unref);
        file->exif = g_bytes_new (chunks[i].data, chunks[i].size);
      }
  file->orientation = hl_exif_get_orientation (file->exif);
}

/**
 * hl_png_read:
 * @self: a picture whose @bytes are a PNG; the rest of it is set
 * @name: for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Palettes become RGB, less than 8 bits 8, and a transparent colour an alpha channel.
 *
 * Returns: %FALSE with an error where it is no PNG or pixels are missing
 */
gboolean
hl_png_read (HlFile *self, const char *name, GError **error)
{
  g_auto (Png) png         = { 0 };
  g_autoptr (GError) other = NULL;

  self->type = HL_FILE_PNG;
  if (open_read (&png, self->bytes, TRUE) && read_pixels (&png, self, &other))
    {
      read_fields (self);
      read_exif (&png, self);
      return TRUE;
    }
  if (other)
    g_propagate_error (error, g_steal_pointer (&other));
  else
    hl_error_refuse (error,
                     "“%s” is cut short or broken (%s): copy it anew from where it came from.",
                     name, png.said);
  return FALSE;
}

/* The chunks of the file that @file was read from, for @to; what says something of a palette that
 * is no more is left out. */
static void
copy_chunks (const HlFile *file, Png *to)
{
  static const char *const of_palette[] = { "bKGD", "hIST", "sBIT", NULL };
  g_auto (Png) from                     = { 0 };
  png_unknown_chunkp chunks;
  int                n;

  if (!open_read (&from, file->bytes, TRUE))
    return;
  /* What stands behind the pixels is found by reading on; where that fails there is none. */
  if (!setjmp (png_jmpbuf (from.png)))
    {
      for (int pass = png_set_interlace_handling (from.png); pass > 0; pass--)
        for (int y = 0; y < file->height; y++)
          png_read_row (from.png, NULL, NULL);
      png_read_end (from.png, from.info);
    }
  n = png_get_unknown_chunks (from.png, from.info, &chunks);
  png_set_keep_unknown_chunks (to->png, PNG_HANDLE_CHUNK_ALWAYS, NULL, 0);
  for (int i = 0; i < n; i++)
    if (!file->is_expanded || !g_strv_contains (of_palette, (const char *) chunks[i].name))
      png_set_unknown_chunks (to->png, to->info, &chunks[i], 1);
}

static void
set_fields (const HlFile *file, gboolean with_profile, Png *to)
{
  gsize         size;
  gconstpointer data;

  if (file->icc && with_profile)
    {
      data = g_bytes_get_data (file->icc, &size);
      png_set_iCCP (to->png, to->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, data, size);
    }
  if (file->exif)
    {
      data = g_bytes_get_data (file->exif, &size);
      png_set_eXIf_1 (to->png, to->info, size, (png_bytep) data);
    }
  if (file->xmp)
    {
      g_autofree char *xmp
          = g_strndup (g_bytes_get_data (file->xmp, NULL), g_bytes_get_size (file->xmp));
      png_text text = { .compression = PNG_ITXT_COMPRESSION_NONE,
                        .key         = (png_charp) XMP_KEYWORD,
                        .text        = xmp,
                        .itxt_length = strlen (xmp),
                        .lang        = (png_charp) "",
                        .lang_key    = (png_charp) "" };

      png_set_text (to->png, to->info, &text, 1);
    }
  if (file->density_x > 0)
    png_set_pHYs (to->png, to->info, file->density_x + 0.5, file->density_y + 0.5,
                  PNG_RESOLUTION_METER);
}

static gboolean
write_all (Png *self, const HlFile *file, gboolean with_profile)
{
  gsize stride = file->channels * hl_file_get_bytes_per_sample (file) * file->width;

  if (setjmp (png_jmpbuf (self->png)))
    return FALSE;
  png_set_write_fn (self->png, self, on_write, on_flush);
  png_set_compression_level (self->png, COMPRESSION);
  png_set_IHDR (self->png, self->info, file->width, file->height,
                file->sample == HL_SAMPLE_U16 ? 16 : 8,
                (file->colours == 3 ? PNG_COLOR_MASK_COLOR : 0)
                    | (file->alpha >= 0 ? PNG_COLOR_MASK_ALPHA : 0),
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_benign_errors (self->png, TRUE);
  if (file->bytes)
    copy_chunks (file, self);
  else
    set_fields (file, with_profile, self);
  png_write_info (self->png, self->info);
  if (file->sample == HL_SAMPLE_U16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (self->png);
  for (int y = 0; y < file->height; y++)
    png_write_row (self->png, file->pixels + y * stride);
  png_write_end (self->png, self->info);
  return TRUE;
}

static GBytes *
write_file (const HlFile *file, gboolean with_profile, GError **error)
{
  g_auto (Png) self = { .out = g_byte_array_new () };

  self.png  = png_create_write_struct (PNG_LIBPNG_VER_STRING, &self, on_error, on_warning);
  self.info = self.png ? png_create_info_struct (self.png) : NULL;
  if (self.info && write_all (&self, file, with_profile))
    return g_byte_array_free_to_bytes (g_byte_array_ref (self.out));
  hl_error_refuse (error, "The PNG cannot be made (%s).", self.said);
  return NULL;
}

/**
 * hl_png_write:
 * @self: a picture of 8 or 16 bits, either read from a PNG or from no file
 * @error: %HL_ERROR_MEMORY
 *
 * A profile from another format that libpng refuses, as it is broken, is left out.
 *
 * Returns: (transfer full): the PNG, with all chunks that its file had, or %NULL
 */
GBytes *
hl_png_write (const HlFile *self, GError **error)
{
  GBytes *bytes = write_file (self, TRUE, self->icc ? NULL : error);

  return bytes || !self->icc ? bytes : write_file (self, FALSE, error);
}

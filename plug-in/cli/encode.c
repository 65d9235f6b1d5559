/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture becomes in a file: its own format, or another one. */

#include "cli/file.h"

#include "cli/formats.h"
#include "cli/samples.h"
#include "restore/error.h"

/* Pixels a side that the formats can say. */
#define MOST_OF_JPEG 65500
#define MOST_OF_WEBP 16383

/* Whether any pixel lets something shine through. */
static gboolean
is_transparent (const HlFile *self)
{
  for (int y = 0; self->alpha >= 0 && y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      if (hl_samples_get (self, (gsize) y * self->width + x, self->alpha) < 1)
        return TRUE;
  return FALSE;
}

/**
 * hl_file_check:
 * @self: a picture
 * @type: what is to be made of it
 * @error: %HL_ERROR_INPUT
 *
 * Returns: whether @type can hold the picture
 */
gboolean
hl_file_check (const HlFile *self, HlFileType type, GError **error)
{
  int most = type == HL_FILE_JPEG ? MOST_OF_JPEG : type == HL_FILE_WEBP ? MOST_OF_WEBP : G_MAXINT;

  if (MAX (self->width, self->height) > most)
    return hl_error_refuse (error,
                            "The picture has more than %d pixels a side, which such a file cannot "
                            "hold: let the new name end in .png or .tif.",
                            most);
  if (type != HL_FILE_JPEG || self->type == type || !is_transparent (self))
    return TRUE;
  return hl_error_refuse (error,
                          "The picture has transparency, which a JPEG cannot hold: let the new "
                          "name end in .png or .tif.");
}

/* The picture upright, in what @type can hold. */
static HlFile *
convert (const HlFile *self, HlFileType type, GError **error)
{
  int      width = hl_file_get_width (self), height = hl_file_get_height (self);
  HlSample sample = self->sample;
  HlFile  *other;

  if (type == HL_FILE_JPEG || type == HL_FILE_WEBP)
    sample = HL_SAMPLE_U8;
  else if (type == HL_FILE_PNG && sample != HL_SAMPLE_U8)
    sample = HL_SAMPLE_U16;
  other = hl_file_new (width, height, type == HL_FILE_WEBP ? 3 : self->colours,
                       type != HL_FILE_JPEG && self->alpha >= 0, sample, error);
  if (!other)
    return NULL;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize from = hl_file_get_place (self, x, y), to = (gsize) y * width + x;

        for (int c = 0; c < other->colours; c++)
          hl_samples_set (other, to, c, hl_samples_get (self, from, MIN (c, self->colours - 1)));
        if (other->alpha >= 0)
          hl_samples_set (other, to, other->alpha, hl_samples_get (self, from, self->alpha));
      }
  other->icc       = self->icc ? g_bytes_ref (self->icc) : NULL;
  other->xmp       = self->xmp ? g_bytes_ref (self->xmp) : NULL;
  other->exif      = self->exif ? hl_exif_make_upright (self->exif) : NULL;
  other->density_x = self->orientation < 5 ? self->density_x : self->density_y;
  other->density_y = self->orientation < 5 ? self->density_y : self->density_x;
  return other;
}

/* @file in its own format, or in another one after convert(). */
static GBytes *
write_as (const HlFile *file, HlFileType type, int quality, GError **error)
{
#ifdef HL_WITH_WEBP
  if (type == HL_FILE_WEBP)
    return hl_webp_write (file, quality, error);
#endif
  return type == HL_FILE_PNG ? hl_png_write (file, error) : hl_jpeg_write (file, quality, error);
}

/**
 * hl_file_encode:
 * @self: a picture
 * @type: what to make of it
 * @quality: 1..100; or 0, of a JPEG for the file's own and, where that is none, 97, and of a WebP
 *   for no loss
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * In its own format a picture keeps everything that was not changed: other pages, channels, fields
 * and profiles byte by byte; of a JPEG also the compressed pixels. In another format it stands
 * upright and keeps its depth where the format has it, colour profile, resolution, XMP, and
 * between PNG, JPEG and WebP its EXIF data.
 *
 * Returns: (transfer full): the new file, or %NULL
 */
GBytes *
hl_file_encode (const HlFile *self, HlFileType type, int quality, GError **error)
{
  g_autoptr (HlFile) other = NULL;
  gboolean is_same         = type == self->type && self->bytes;

  if (is_same && type == HL_FILE_TIFF && !self->is_expanded)
    return hl_tiff_update (self, error);
  if (is_same && type != HL_FILE_TIFF)
    return write_as (self, type, quality, error);
  other = convert (self, type, error);
  if (!other)
    return NULL;
  return type == HL_FILE_TIFF ? hl_tiff_write (other, self, error)
                              : write_as (other, type, quality, error);
}

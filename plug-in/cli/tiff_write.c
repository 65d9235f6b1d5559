/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files, written by libtiff. A TIFF that was read is not written anew: those strips or tiles
 * in which a pixel has changed are replaced in a copy of the file, so that its other pages,
 * channels, fields, compression and byte order stay what they were; most often its pixels lie in it
 * as in memory, and have been changed there already. Only what cannot hold a repair, as a palette
 * cannot, becomes a new file. */

#include <string.h>

#include "cli/formats.h"
#include "cli/tiff_pieces.h"
#include "restore/error.h"

static gboolean
has_changed (const HlTiffPieces *pieces, const HlFile *file, guint32 number)
{
  int x, y;

  hl_tiff_place_piece (pieces, file, number, &x, &y);
  for (int row = y; row < MIN (y + (int) pieces->height, file->height); row++)
    if (memchr (file->changed + (gsize) row * file->width + x, 1,
                MIN ((int) pieces->width, file->width - x)))
      return TRUE;
  return FALSE;
}

/* Ends the file and hands it over. */
static GBytes *
finish (HlTiff *self, gboolean is_good, GError **error)
{
  is_good = is_good && TIFFFlush (self->tiff);
  g_clear_pointer (&self->tiff, TIFFClose);
  if (is_good)
    return g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));
  hl_error_refuse (error, "The TIFF cannot be made (%s).", self->said);
  return NULL;
}

/* Whether a file is cut as it was: in a broken one the pixels may lie upon the fields. */
static gboolean
is_whole (GBytes *bytes, const HlFile *file, const HlTiffPieces *before)
{
  g_auto (HlTiff) tiff = { 0 };
  HlTiffPieces after;

  return hl_tiff_open (&tiff, bytes, "r") && TIFFSetDirectory (tiff.tiff, file->page)
         && hl_tiff_find_pieces (&tiff, file, &after) && after.n == before->n
         && after.bytes == before->bytes && after.planar == before->planar;
}

/* Likewise, where pixels have been changed within the file itself. */
static gboolean
is_still_in_place (const HlFile *file)
{
  g_auto (HlTiff) tiff = { 0 };

  return hl_tiff_open (&tiff, file->bytes, "r") && TIFFSetDirectory (tiff.tiff, file->page)
         && hl_tiff_find_in_place (&tiff, file) == file->pixels;
}

/* Writes those pieces anew in which a pixel has changed. */
static gboolean
replace_pieces (HlTiff *self, const HlTiffPieces *pieces, const HlFile *file)
{
  guint16            compression = COMPRESSION_NONE;
  g_autofree guint8 *piece       = g_try_malloc (pieces->bytes);

  TIFFGetField (self->tiff, TIFFTAG_COMPRESSION, &compression);
  if (compression == COMPRESSION_WEBP) /* what is not repaired may not lose anything */
    TIFFSetField (self->tiff, TIFFTAG_WEBP_LOSSLESS, TRUE);
  for (guint32 i = 0; piece && i < pieces->n; i++)
    if (has_changed (pieces, file, i))
      {
        /* What a tile holds beyond the picture's edge stays too; of the last strip, its length. */
        tmsize_t size = hl_tiff_read_piece (self, pieces, i, piece);

        if (size < 0)
          return FALSE;
        hl_tiff_copy_piece (pieces, file, i, piece, size, FALSE);
        if ((pieces->is_tiled ? TIFFWriteEncodedTile : TIFFWriteEncodedStrip) (self->tiff, i, piece,
                                                                               size)
            < 0)
          return FALSE;
      }
  return piece != NULL;
}

/**
 * hl_tiff_update:
 * @self: a picture read from a TIFF that can hold a repair
 * @error: %HL_ERROR_INPUT
 *
 * Returns: (transfer full): the file with its changed pixels, or %NULL
 */
GBytes *
hl_tiff_update (const HlFile *self, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (HlTiff) tiff     = { 0 };
  HlTiffPieces pieces;
  gboolean     is_good;

  if (self->is_in_place && is_still_in_place (self))
    return g_bytes_ref (self->bytes);
  if (!self->is_in_place)
    {
      is_good = hl_tiff_open (&tiff, self->bytes, "r+") && TIFFSetDirectory (tiff.tiff, self->page)
                && hl_tiff_find_pieces (&tiff, self, &pieces)
                && replace_pieces (&tiff, &pieces, self);
      bytes = finish (&tiff, is_good, error);
      if (!bytes || is_whole (bytes, self, &pieces))
        return g_steal_pointer (&bytes);
    }
  hl_error_refuse (error, "The TIFF is broken: its pixels lie upon its fields. Open it in GIMP and "
                          "export it anew.");
  return NULL;
}

/* What people and scanners wrote into the TIFF that @like was read from. */
static void
copy_texts (TIFF *to, const HlFile *like)
{
  static const guint32 texts[]
      = { TIFFTAG_DOCUMENTNAME, TIFFTAG_IMAGEDESCRIPTION, TIFFTAG_MAKE,   TIFFTAG_MODEL,
          TIFFTAG_PAGENAME,     TIFFTAG_SOFTWARE,         TIFFTAG_ARTIST, TIFFTAG_DATETIME,
          TIFFTAG_HOSTCOMPUTER, TIFFTAG_COPYRIGHT };
  g_auto (HlTiff) from = { 0 };

  if (!hl_tiff_open (&from, like->bytes, "r") || !TIFFSetDirectory (from.tiff, like->page))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *text;

      if (TIFFGetField (from.tiff, texts[i], &text))
        TIFFSetField (to, texts[i], text);
    }
}

static void
set_fields (TIFF *tiff, const HlFile *file)
{
  guint16 kind = EXTRASAMPLE_UNASSALPHA;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, file->width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, file->height);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, (int) (8 * hl_file_get_bytes_per_sample (file)));
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, file->channels);
  TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT,
                file->sample >= HL_SAMPLE_HALF ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC,
                file->colours == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize (tiff, 0));
  if (file->alpha >= 0)
    TIFFSetField (tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  if (file->icc)
    TIFFSetField (tiff, TIFFTAG_ICCPROFILE, (guint32) g_bytes_get_size (file->icc),
                  g_bytes_get_data (file->icc, NULL));
  if (file->xmp)
    TIFFSetField (tiff, TIFFTAG_XMLPACKET, (guint32) g_bytes_get_size (file->xmp),
                  g_bytes_get_data (file->xmp, NULL));
  if (file->density_x > 0)
    {
      TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
      TIFFSetField (tiff, TIFFTAG_XRESOLUTION, file->density_x * 0.0254);
      TIFFSetField (tiff, TIFFTAG_YRESOLUTION, file->density_y * 0.0254);
    }
}

/**
 * hl_tiff_write:
 * @self: a picture that stands upright
 * @like: the one that it was made from
 * @error: %HL_ERROR_INPUT
 *
 * Returns: (transfer full): a new, uncompressed TIFF, or %NULL
 */
GBytes *
hl_tiff_write (const HlFile *self, const HlFile *like, GError **error)
{
  g_auto (HlTiff) tiff = { 0 };
  gsize    stride      = (gsize) self->width * self->channels * hl_file_get_bytes_per_sample (self);
  gboolean is_good = hl_tiff_open (&tiff, NULL, stride * self->height > 0xe0000000u ? "w8" : "w");

  if (is_good)
    set_fields (tiff.tiff, self);
  if (is_good && like->type == HL_FILE_TIFF && like->bytes)
    copy_texts (tiff.tiff, like);
  for (int y = 0; is_good && y < self->height; y++)
    is_good = TIFFWriteScanline (tiff.tiff, self->pixels + y * stride, y, 0) == 1;
  return finish (&tiff, is_good, error);
}

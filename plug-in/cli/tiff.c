/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files, read by libtiff: which of the pictures in a file is the photograph, what its samples
 * mean, and its pixels. */

#include "cli/formats.h"

#include "cli/tiff_pieces.h"
#include "restore/error.h"
#include "restore/memory.h"

/* Tags and values of raw files (DNG 1.6). */
#define TAG_DNG_VERSION 50706
#define PHOTOMETRIC_COLOUR_FILTERS 32803
#define PHOTOMETRIC_UNDEVELOPED 34892

static gboolean
is_marked_as_preview (TIFF *tiff)
{
  guint32 kind = 0;

  TIFFGetField (tiff, TIFFTAG_SUBFILETYPE, &kind);
  return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
}

/* Goes to the first picture that is no preview: neither marked as one nor, since not all programs
 * do that, of at most half the width and height of the largest. Counts those of full size. */
static guint
find_page (TIFF *tiff, guint *page)
{
  guint   pages = 0, number = 0;
  guint32 width = 0, height = 0, most_width = 0, most_height = 0;

  do
    if (TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width)
        && TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height) && !is_marked_as_preview (tiff)
        && (guint64) width * height > (guint64) most_width * most_height)
      {
        most_width  = width;
        most_height = height;
      }
  while (TIFFReadDirectory (tiff));
  for (gboolean is_there = TIFFSetDirectory (tiff, 0); is_there; number++)
    {
      TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
      TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
      if (!is_marked_as_preview (tiff) && (width > most_width / 2 || height > most_height / 2)
          && pages++ == 0)
        *page = number;
      is_there = TIFFReadDirectory (tiff);
    }
  TIFFSetDirectory (tiff, *page);
  return pages;
}

static gboolean
is_raw (TIFF *tiff)
{
  guint16 photometric = 0;
  guint32 count;
  void   *version;

  TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  return photometric == PHOTOMETRIC_COLOUR_FILTERS || photometric == PHOTOMETRIC_UNDEVELOPED
         || TIFFGetField (tiff, TAG_DNG_VERSION, &count, &version);
}

static gboolean
find_sample (TIFF *tiff, HlSample *sample, guint16 *bits)
{
  guint16 format;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  if (format == SAMPLEFORMAT_IEEEFP)
    {
      *sample = *bits == 16 ? HL_SAMPLE_HALF : *bits == 32 ? HL_SAMPLE_FLOAT : HL_SAMPLE_DOUBLE;
      return *bits == 16 || *bits == 32 || *bits == 64;
    }
  *sample = *bits == 32 ? HL_SAMPLE_U32 : *bits == 16 ? HL_SAMPLE_U16 : HL_SAMPLE_U8;
  return (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID)
         && (*bits <= 8 ? 8 % *bits == 0 : *bits == 16 || *bits == 32);
}

/* Whether libtiff converts the samples. */
static gboolean
is_converted (const HlFile *file)
{
  return file->is_expanded && file->colours < 4 && file->channels == file->colours;
}

/* What a file does not say of its samples, as libtiff takes it. */
static guint16
guess_photometric (guint16 compression, guint16 colours)
{
  return colours >= 3 ? PHOTOMETRIC_RGB
         : compression >= COMPRESSION_CCITTRLE && compression <= COMPRESSION_CCITTFAX4
             ? PHOTOMETRIC_MINISWHITE
             : PHOTOMETRIC_MINISBLACK;
}

static gboolean
refuse_colours (guint16 photometric, const char *name, GError **error)
{
  const char *kind = photometric == PHOTOMETRIC_LOGL || photometric == PHOTOMETRIC_LOGLUV ? "LogLuv"
                     : photometric >= PHOTOMETRIC_CIELAB && photometric <= PHOTOMETRIC_ITULAB
                         ? "Lab"
                         : "other";

  return hl_error_refuse (
      error, "“%s” has %s colours, neither gray, RGB nor CMYK: convert it to RGB first.", name,
      kind);
}

/* What the samples of a pixel mean. */
static gboolean
find_layout (TIFF *tiff, HlFile *file, const char *name, GError **error)
{
  guint16  photometric, compression, samples, extras = 0, bits, inks;
  guint16 *kinds = NULL;
  gboolean is_jpeg, is_palette, is_kept;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetField (tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  if (!TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric))
    photometric = guess_photometric (compression, samples - MIN (extras, samples));
  TIFFGetFieldDefaulted (tiff, TIFFTAG_INKSET, &inks);
  if (photometric > PHOTOMETRIC_YCBCR || photometric == PHOTOMETRIC_MASK
      || (photometric == PHOTOMETRIC_SEPARATED && inks != INKSET_CMYK))
    return refuse_colours (photometric, name, error);
  is_jpeg        = compression == COMPRESSION_JPEG || compression == COMPRESSION_OJPEG;
  is_palette     = photometric == PHOTOMETRIC_PALETTE;
  file->colours  = photometric == PHOTOMETRIC_SEPARATED ? 4
                   : photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_YCBCR || is_palette
                       ? 3
                       : 1;
  file->channels = is_palette ? 3 : samples;
  is_kept        = find_sample (tiff, &file->sample, &bits);
  file->is_expanded
      = bits < 8 || is_palette || photometric == PHOTOMETRIC_YCBCR || file->colours == 4 || is_jpeg;
  file->is_inverted = photometric == PHOTOMETRIC_MINISWHITE && !is_converted (file);
  /* An extra sample of no stated kind is taken for alpha by nobody: it may be infrared light. */
  if (samples > file->colours && extras > 0
      && (kinds[0] == EXTRASAMPLE_ASSOCALPHA || kinds[0] == EXTRASAMPLE_UNASSALPHA))
    file->alpha = file->colours;
  if (!is_kept || file->channels < file->colours || samples > 16
      || (file->colours == 1 && samples > 2) || (extras > 0 && samples - extras < file->colours)
      || (file->is_inverted && file->sample > HL_SAMPLE_U32)
      || ((bits < 8 || is_palette) && samples != 1)
      || (photometric == PHOTOMETRIC_YCBCR && samples != 3)
      || (is_converted (file) && file->sample != HL_SAMPLE_U8)
      || (file->colours == 4 && (samples != 4 || file->sample > HL_SAMPLE_U16)))
    return hl_error_refuse (error,
                            "“%s” stores its pixels in a way that is not supported (%u samples of "
                            "%u bits): save it as TIFF with 8 or 16 bits first.",
                            name, samples, bits);
  if (compression == COMPRESSION_JPEG)
    TIFFSetField (tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  return TRUE;
}

/* Reads palettes, less than 8 bits, YCbCr and JPEG as libtiff converts them, to gray or RGB. */
static gboolean
read_converted (HlTiff *self, HlFile *file, const char *name, GError **error)
{
  gsize               n      = (gsize) file->width * file->height;
  g_autofree guint32 *pixels = hl_memory_try (sizeof (guint32), file->width, file->height, error);

  if (!pixels)
    return FALSE;
  /* In the orientation that it has. */
  if (!TIFFReadRGBAImageOriented (self->tiff, file->width, file->height, pixels, file->orientation,
                                  TRUE))
    return hl_error_refuse (
        error, "“%s” is cut short or broken (%s): copy it anew from where it came from.", name,
        self->said);
  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < file->channels; c++)
      file->pixels[i * file->channels + c] = pixels[i] >> 8 * c & 255;
  return TRUE;
}

static gboolean
read_pieces (HlTiff *self, HlFile *file, const char *name, GError **error)
{
  HlTiffPieces       pieces;
  gboolean           is_known = hl_tiff_find_pieces (self, file, &pieces);
  g_autofree guint8 *piece    = is_known ? g_try_malloc0 (pieces.bytes) : NULL;

  if (!piece)
    return hl_error_refuse (error, "“%s” is broken: copy it anew from where it came from.", name);
  for (guint32 i = 0; i < pieces.n; i++)
    {
      tmsize_t size = hl_tiff_read_piece (self, &pieces, i, piece);
      int      x, y;

      if (size < 0)
        {
          hl_tiff_place_piece (&pieces, file, i, &x, &y);
          return hl_error_refuse (
              error,
              "“%s” is cut short: pixels are missing from row %d of %d on. Copy "
              "it anew from where it came from.",
              name, y + 1, file->height);
        }
      hl_tiff_copy_piece (&pieces, file, i, piece, size, TRUE);
    }
  return TRUE;
}

/* What another format takes over. */
static void
read_fields (TIFF *tiff, HlFile *file)
{
  guint32 length;
  void   *data;
  float   x = 0, y = 0;
  guint16 unit, orientation;

  if (TIFFGetField (tiff, TIFFTAG_ICCPROFILE, &length, &data))
    file->icc = g_bytes_new (data, length);
  if (TIFFGetField (tiff, TIFFTAG_XMLPACKET, &length, &data))
    file->xmp = g_bytes_new (data, length);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  if (unit != RESUNIT_NONE && TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x)
      && TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y))
    {
      file->density_x = x * (unit == RESUNIT_INCH ? 1 / 0.0254 : 100);
      file->density_y = y * (unit == RESUNIT_INCH ? 1 / 0.0254 : 100);
    }
  TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &orientation);
  file->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* The picture that libtiff is at, once its layout is known. */
static gboolean
read_page (HlTiff *tiff, HlFile *file, const char *name, GError **error)
{
  guint32 width = 0, height = 0;

  TIFFGetField (tiff->tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff->tiff, TIFFTAG_IMAGELENGTH, &height);
  file->width  = MIN (width, G_MAXINT32);
  file->height = MIN (height, G_MAXINT32);
  read_fields (tiff->tiff, file);
  if (!file->is_expanded)
    file->pixels = hl_tiff_find_in_place (tiff, file);
  file->is_in_place = file->pixels != NULL;
  return hl_file_allocate (file, error)
         && (file->is_in_place
             || (is_converted (file) ? read_converted : read_pieces) (tiff, file, name, error))
         && (file->colours < 4 || hl_cmyk_to_rgb (file, FALSE, name, error));
}

/**
 * hl_tiff_read:
 * @self: a picture whose @bytes are a TIFF; the rest of it is set
 * @name: for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Reads the first picture of full size.
 *
 * Returns: %FALSE with an error where it is no TIFF, not of a supported kind or pixels are missing
 */
gboolean
hl_tiff_read (HlFile *self, const char *name, GError **error)
{
  g_auto (HlTiff) tiff = { 0 };
  guint pages;

  self->type = HL_FILE_TIFF;
  if (!hl_tiff_open (&tiff, self->bytes, "r"))
    return hl_error_refuse (
        error, "“%s” is broken or cut short (%s): copy it anew from where it came from.", name,
        tiff.said);
  if (is_raw (tiff.tiff))
    return hl_error_refuse (error, "“%s” is a camera's raw file: develop it into a TIFF first.",
                            name);
  pages = find_page (tiff.tiff, &self->page);
  if (!find_layout (tiff.tiff, self, name, error))
    return FALSE;
  if (pages > 1 && self->is_expanded)
    return hl_error_refuse (error,
                            "“%s” holds %u pictures, and its first cannot be repaired beside the "
                            "others: save that as a file of its own first.",
                            name, pages);
  return read_page (&tiff, self, name, error);
}

/**
 * hl_tiff_load_infrared:
 * @file: a picture read from a TIFF
 *
 * Returns: (transfer full) (nullable): another picture of the same file that is gray and of the
 * same size, as scanners store infrared light
 */
HlFile *
hl_tiff_load_infrared (const HlFile *file)
{
  g_auto (HlTiff) tiff = { 0 };

  if (file->colours != 3 || !hl_tiff_open (&tiff, file->bytes, "r"))
    return NULL;
  for (guint page = 0; page == 0 || TIFFReadDirectory (tiff.tiff); page++)
    {
      g_autoptr (HlFile) other = g_new0 (HlFile, 1);

      other->alpha = -1;
      if (page != file->page && find_layout (tiff.tiff, other, "", NULL) && other->channels == 1
          && !other->is_expanded && read_page (&tiff, other, "", NULL)
          && other->width == file->width && other->height == file->height)
        {
          other->orientation = file->orientation; /* which not all scanners write twice */
          return g_steal_pointer (&other);
        }
    }
  return NULL;
}

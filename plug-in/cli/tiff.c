/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files, read by libtiff: which of the pictures in a file is the photograph, what its samples
 * mean, and its pixels. */

#include "cli/tiff.h"

#include "cli/cmyk.h"
#include "cli/tiff_pieces.h"
#include "restore/error.h"

/* Tags and values of raw files (DNG 1.6). */
#define TAG_DNG_VERSION 50706
#define PHOTOMETRIC_COLOUR_FILTERS 32803
#define PHOTOMETRIC_UNDEVELOPED 34892

/* Goes to the first picture that is not a small preview; counts those of full size. */
static guint
find_page (TIFF *tiff, guint *page)
{
  guint pages = 0, number = 0;

  do
    {
      guint32 kind = 0;

      TIFFGetField (tiff, TIFFTAG_SUBFILETYPE, &kind);
      if ((kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0 && pages++ == 0)
        *page = number;
      number++;
    }
  while (TIFFReadDirectory (tiff));
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

/* What the samples of a pixel mean. */
static gboolean
find_layout (TIFF *tiff, HlFile *file, const char *name, GError **error)
{
  guint16  photometric = 0, compression, samples, extras = 0, bits, inks;
  guint16 *kinds = NULL;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  if (!TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric))
    photometric = compression >= COMPRESSION_CCITTRLE && compression <= COMPRESSION_CCITTFAX4
                      ? PHOTOMETRIC_MINISWHITE
                      : PHOTOMETRIC_MINISBLACK;
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetField (tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG)
    photometric = PHOTOMETRIC_RGB; /* libtiff converts it, see below */
  TIFFGetFieldDefaulted (tiff, TIFFTAG_INKSET, &inks);
  if (photometric > PHOTOMETRIC_SEPARATED || photometric == PHOTOMETRIC_MASK
      || (photometric == PHOTOMETRIC_SEPARATED && (inks != INKSET_CMYK || samples != 4)))
    return hl_error_refuse (error, "“%s” is neither gray, RGB nor CMYK: convert it to RGB first.",
                            name);
  file->colours = photometric == PHOTOMETRIC_SEPARATED ? 4 : photometric == PHOTOMETRIC_RGB ? 3 : 1;
  file->channels    = samples;
  file->is_inverted = photometric == PHOTOMETRIC_MINISWHITE;
  /* An extra sample of no stated kind is taken for alpha by nobody: it may be infrared light. */
  if (samples > file->colours && extras > 0
      && (kinds[0] == EXTRASAMPLE_ASSOCALPHA || kinds[0] == EXTRASAMPLE_UNASSALPHA))
    file->alpha = file->colours;
  if (!find_sample (tiff, &file->sample, &bits) || samples < file->colours || samples > 16
      || (file->colours == 1 && samples > 2) || (extras > 0 && samples - extras < file->colours)
      || (file->is_inverted && file->sample > HL_SAMPLE_U32)
      || ((bits < 8 || photometric == PHOTOMETRIC_PALETTE) && (samples != 1 || bits > 8))
      || (file->colours == 4 && file->sample > HL_SAMPLE_U16))
    return hl_error_refuse (error,
                            "“%s” stores its pixels in a way that is not supported (%u samples of "
                            "%u bits): save it as TIFF with 8 or 16 bits first.",
                            name, samples, bits);
  file->is_expanded = bits < 8 || photometric == PHOTOMETRIC_PALETTE || file->colours == 4
                      || compression == COMPRESSION_JPEG || compression == COMPRESSION_OJPEG;
  if (compression == COMPRESSION_JPEG)
    TIFFSetField (tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  return TRUE;
}

/* A piece of samples of less than 8 bits, or of a palette, as gray or RGB of 8 bits. */
static void
expand_piece (TIFF *tiff, const HlTiffPieces *pieces, HlFile *file, guint32 number,
              const guint8 *piece, gsize size, guint16 bits)
{
  guint16 *palette[3] = { NULL };
  int      x, y;
  gsize    stride = ((gsize) pieces->width * bits + 7) / 8;

  hl_tiff_place_piece (pieces, file, number, &x, &y);
  TIFFGetField (tiff, TIFFTAG_COLORMAP, &palette[0], &palette[1], &palette[2]);
  for (int row = y; row < MIN (y + (int) pieces->height, file->height); row++)
    for (int column = x; column < MIN (x + (int) pieces->width, file->width); column++)
      {
        gsize   bit = (gsize) (column - x) * bits, at = (row - y) * stride + bit / 8;
        guint   value = at < size ? piece[at] >> (8 - bits - bit % 8) & ((1 << bits) - 1) : 0;
        guint8 *here  = file->pixels + ((gsize) row * file->width + column) * file->channels;

        for (int c = 0; c < file->colours; c++)
          here[c] = file->colours == 3 ? palette[c][value] >> 8 : value * 255 / ((1 << bits) - 1);
      }
}

static gboolean
read_pieces (HlTiff *self, HlFile *file, const char *name, GError **error)
{
  HlTiffPieces       pieces;
  guint16            bits, photometric = 0;
  gboolean           is_known = hl_tiff_find_pieces (self, file, &pieces);
  g_autofree guint8 *piece    = is_known ? g_try_malloc0 (pieces.bytes) : NULL;

  if (!piece)
    return hl_error_refuse (error, "“%s” is broken: copy it anew from where it came from.", name);
  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetField (self->tiff, TIFFTAG_PHOTOMETRIC, &photometric);
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
      if (bits < 8 || photometric == PHOTOMETRIC_PALETTE)
        expand_piece (self->tiff, &pieces, file, i, piece, size, bits);
      else
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
  guint16 photometric = 0;

  TIFFGetField (tiff->tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff->tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetField (tiff->tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  if (photometric == PHOTOMETRIC_PALETTE)
    file->colours = file->channels = 3;
  file->width  = MIN (width, G_MAXINT32);
  file->height = MIN (height, G_MAXINT32);
  read_fields (tiff->tiff, file);
  return hl_file_allocate (file, error) && read_pieces (tiff, file, name, error)
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
        return g_steal_pointer (&other);
    }
  return NULL;
}

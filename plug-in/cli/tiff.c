/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which TIFF files GEGL reads rightly. Its loader takes the length of a row, the meaning of the
 * samples and their number from different tags and does not compare them: where a file is odd
 * or lies, it reads beyond its rows, takes signed numbers for others, or ends the program. So
 * each file is looked at with the same library, libtiff, before GEGL sees it. */

#include "cli/tiff.h"

#include <tiffio.h>

#include "restore/error.h"

/* GEGL counts the bytes of what it has libtiff convert in an int, at 4 a pixel. */
#define MOST_PIXELS (G_MAXINT / 4)
/* It ends the program where a row or tile cannot be allocated. */
#define LARGEST_PIECE (256 * 1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFF, TIFFClose)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFFOpenOptions, TIFFOpenOptionsFree)

/* What libtiff says: the person reads one sentence of ours. */
static int
be_quiet (TIFF *tiff, void *nothing, const char *module, const char *format, va_list arguments)
{
  return 1;
}

static TIFF *
open_quietly (const char *path)
{
  g_autoptr (TIFFOpenOptions) options = TIFFOpenOptionsAlloc ();

  TIFFOpenOptionsSetErrorHandlerExtR (options, be_quiet, NULL);
  TIFFOpenOptionsSetWarningHandlerExtR (options, be_quiet, NULL);
  return TIFFOpenExt (path, "r", options);
}

/* Whether the samples are those of gray or RGB, with at most one for transparency.
 * @colours: how many without it */
static gboolean
has_samples (TIFF *tiff, int colours)
{
  guint16  samples, extras;
  guint16 *kinds;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  if (!TIFFGetField (tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds))
    return samples == colours || samples == colours + 1;
  if (extras == 0)
    return samples == colours;
  return extras == 1 && samples == colours + 1 && kinds[0] <= EXTRASAMPLE_UNASSALPHA;
}

/* Whether babl has a type for such a sample. */
static gboolean
has_type (TIFF *tiff)
{
  guint16 bits, format;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  if (format == SAMPLEFORMAT_IEEEFP)
    return bits == 16 || bits == 32 || bits == 64;
  return format == SAMPLEFORMAT_UINT && (bits == 8 || bits == 16 || bits == 32);
}

/* Whether GEGL leaves it to libtiff to convert the pixels to 8 bits, and libtiff can. */
static gboolean
is_converted (TIFF *tiff, guint16 photometric)
{
  guint16 bits, samples;
  char    why_not[1024];

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  if (!TIFFRGBAImageOK (tiff, why_not))
    return FALSE;
  if (photometric == PHOTOMETRIC_YCBCR)
    return samples == 3 && bits == 8;
  return samples == 1 && (bits < 8 || (photometric == PHOTOMETRIC_PALETTE && bits == 8));
}

/* Whether the loader can hold it. */
static gboolean
has_size (TIFF *tiff)
{
  guint32 width = 0, height = 0;
  guint64 piece = TIFFIsTiled (tiff) ? TIFFTileSize64 (tiff) : TIFFScanlineSize64 (tiff);

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  return width > 0 && height > 0 && (guint64) width * height <= MOST_PIXELS && piece > 0
         && piece <= LARGEST_PIECE;
}

/**
 * hl_tiff_check:
 * @path: a TIFF file
 * @error: set where the file is not one that GEGL reads rightly
 *
 * Looks at the first picture of a file: its tags only, not its pixels. TIFF 6.0, and Adobe's
 * supplement 3 for floats of 16 bits.
 *
 * Returns: whether GEGL reads it rightly
 */
gboolean
hl_tiff_check (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (TIFF) tiff = open_quietly (path);
  guint16  compression, photometric;
  gboolean is_right;

  if (!tiff)
    return hl_error_refuse (
        error, "“%s” is broken or cut short: copy it anew from where it came from.", name);

  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  if (!TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric))
    photometric = compression >= COMPRESSION_CCITTRLE && compression <= COMPRESSION_CCITTFAX4
                      ? PHOTOMETRIC_MINISWHITE
                      : PHOTOMETRIC_MINISBLACK;
  switch (photometric)
    {
    case PHOTOMETRIC_MINISWHITE:
      return hl_error_refuse (
          error, "“%s” stores white as 0, which is not supported: save it as PNG first.", name);
    case PHOTOMETRIC_MINISBLACK:
      is_right = (has_samples (tiff, 1) && has_type (tiff)) || is_converted (tiff, photometric);
      break;
    case PHOTOMETRIC_RGB:
      is_right = has_samples (tiff, 3) && has_type (tiff);
      break;
    case PHOTOMETRIC_PALETTE:
    case PHOTOMETRIC_YCBCR:
      is_right = is_converted (tiff, photometric);
      break;
    default:
      return hl_error_refuse (error, "“%s” is neither gray nor RGB: convert it to RGB first.",
                              name);
    }
  if (!is_right)
    return hl_error_refuse (error,
                            "“%s” stores its pixels in a way that is not supported: save it as "
                            "PNG, or as TIFF with 8 bits, first.",
                            name);
  if (!has_size (tiff))
    return hl_error_refuse (error, "“%s” is too large or empty: save it with fewer pixels first.",
                            name);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell program's readers of PNG, JPEG and TIFF: a message, or pixels.  A JPEG is only sniffed:
 * libjpeg ends the program over a broken file. */
#include "input.h"

#include <tiffio.h>

#include "cli/samples.h"
#include "cli/png.h"

/* Larger ones are libpng's and libtiff's business, and slow. */
#define MOST_PIXELS 4000000

/* GEGL reads on where rows are missing, and tells of each. */
static gboolean
is_small_tiff (const char *path)
{
  guint32 width = 0, height = 0;
  TIFF   *tiff;

  TIFFSetErrorHandler (NULL);
  TIFFSetWarningHandler (NULL);
  tiff = TIFFOpen (path, "r");
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFClose (tiff);
  return (guint64) width * height <= MOST_PIXELS / 16;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static gboolean started; /* once in a process */
  const char     *path        = get_temporary ();
  g_autoptr (GError) error    = NULL;
  g_autoptr (HlFile) file     = NULL;
  g_autoptr (HlImage) image   = NULL;
  g_autofree guint8 *evidence = NULL;
  g_autofree float  *mask     = NULL;
  GeglRectangle      area;
  HlFileType         type;

  if (!started)
    gegl_init (NULL, NULL);
  started = TRUE;
  g_file_set_contents_full (path, (const char *) data, size, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  type = hl_sniff_content (path, NULL);
  if (type != HL_FILE_PNG && !(type == HL_FILE_TIFF && is_small_tiff (path)))
    return 0;
  file = hl_file_load (path, &error);
  g_assert_true ((file == NULL) == (error != NULL));
  if (!file)
    return 0;
  area = (GeglRectangle) { 0, 0, hl_file_get_width (file), hl_file_get_height (file) };
  if ((gint64) area.width * area.height > MOST_PIXELS)
    return 0;
  mask  = hl_pixels_get_mask (file, NULL);
  image = hl_pixels_get_planes (file, &area, &evidence, NULL);
  g_assert_true (mask && image);
  if (file->type == HL_FILE_PNG)
    hl_png_add_profile (path, "no profile", 10, NULL);
  return 0;
}

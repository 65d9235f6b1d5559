/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom detect: from a picture to a mask of its scratches and dust, which can be
 * corrected by hand and given to heirloom restore. */

#include "cli/detect.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/pixels.h"
#include "restore/detect.h"
#include "restore/error.h"

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (HL_ERROR, HL_ERROR_INPUT, format, args));
  va_end (args);
  return FALSE;
}

/* Turns the mask into a picture of its own: gray of 8 bits, which every program reads. */
static HlFile *
make_picture (const float *mask, int width, int height)
{
  HlFile            *file = g_new0 (HlFile, 1);
  g_autofree guint8 *row  = g_malloc (width);

  file->type   = HL_FILE_PNG;
  file->buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), babl_format ("Y' u8"));
  for (int y = 0; y < height; y++)
    {
      for (int x = 0; x < width; x++)
        row[x] = mask[(gsize) y * width + x] > 0.0f ? 255 : 0;
      gegl_buffer_set (file->buffer, GEGL_RECTANGLE (0, y, width, 1), 0, babl_format ("Y' u8"), row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  return file;
}

/* Writes @file beside @out first, so that a failure leaves a file that is there as it is. */
static gboolean
save (const HlFile *file, const char *out, HlFileType type, GError **error)
{
  g_autofree char *folder    = g_path_get_dirname (out);
  g_autofree char *temporary = g_build_filename (folder, ".heirloom-XXXXXX", NULL);
  int              there     = g_mkstemp_full (temporary, O_RDWR, 0666);
  gboolean         saved;

  if (there < 0)
    return refuse (error, "Nothing can be written into “%s” (%s): choose another folder.", folder,
                   g_strerror (errno));
  close (there);
  saved = hl_file_save (file, temporary, type, error);
  if (saved && g_rename (temporary, out) != 0)
    saved = refuse (error, "“%s” cannot be written (%s): choose another name.", out,
                    g_strerror (errno));
  if (!saved)
    g_unlink (temporary);
  return saved;
}

static gboolean
is_same_file (const char *a, const char *b)
{
  g_autofree char *real_a = realpath (a, NULL), *real_b = realpath (b, NULL);

  return real_a && g_strcmp0 (real_a, real_b) == 0;
}

static gboolean
detect (const char *in, const char *out, double sensitivity, int size, GError **error)
{
  HlFileType type             = hl_sniff_name (out);
  g_autoptr (HlFile) file     = NULL;
  g_autoptr (HlFile) picture  = NULL;
  g_autoptr (HlImage) image   = NULL;
  g_autofree guint8 *evidence = NULL;
  g_autofree float  *mask     = NULL;
  GeglRectangle      area;

  if (type != HL_FILE_PNG && type != HL_FILE_TIFF)
    return refuse (error, "A mask must be stored exactly: let “%s” end in .png or .tif.", out);
  if (is_same_file (in, out))
    return refuse (error, "“%s” is the picture itself: choose another name for the mask.", out);
  file = hl_file_load (in, error);
  if (!file)
    return FALSE;
  area  = (GeglRectangle) { 0, 0, hl_file_get_width (file), hl_file_get_height (file) };
  image = hl_pixels_get_planes (file, &area, &evidence, error);
  if (!image)
    return FALSE;
  mask = hl_detect (image, evidence, sensitivity, size, error);
  if (!mask)
    return FALSE;
  picture = make_picture (mask, area.width, area.height);
  return save (picture, out, type, error);
}

/**
 * hl_detect_command:
 * @argc: length of @argv
 * @argv: the arguments of the program from "detect" on
 * @error: return location for a #GError
 *
 * Does what a call of heirloom detect says; gegl_init() is called when the arguments are
 * right.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_detect_command (int argc, char **argv, GError **error)
{
  double sensitivity                 = HL_DETECT_SENSITIVITY;
  gint64 size                        = HL_DETECT_SIZE;
  g_auto (GStrv) paths               = NULL;
  g_autoptr (GError) unknown         = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("IN MASK - find scratches and dust");
  const GOptionEntry entries[]       = {
    { "sensitivity", 's', 0, G_OPTION_ARG_DOUBLE, &sensitivity,
            "0 (only what is beyond doubt) to 100 (all that could be); 50 is the default", "NUMBER" },
    { "size", 'z', 0, G_OPTION_ARG_INT64, &size,
            "Largest width of scratches and specks in pixels, 1 to 40; 8 is the default", "PIXELS" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context, "IN is PNG, JPEG or TIFF. MASK is written as PNG or TIFF, gray of 8 bits: white "
               "where there is damage.\nCorrect it in any painting program, then give it to "
               "heirloom restore --mask.\n");
  if (!g_option_context_parse (context, &argc, &argv, &unknown))
    return refuse (error, "%s; see heirloom detect --help.", unknown->message);
  if (!paths || g_strv_length (paths) != 2)
    return refuse (error, "Give the picture and the name of the mask: heirloom detect IN MASK.");
  if (!(sensitivity >= 0.0 && sensitivity <= 100.0))
    return refuse (error, "--sensitivity must be a number from 0 to 100.");
  if (size < 1 || size > HL_DETECT_LARGEST_SIZE)
    return refuse (error, "--size must be a whole number of pixels from 1 to %d.",
                   HL_DETECT_LARGEST_SIZE);

  gegl_init (NULL, NULL);
  return detect (paths[0], paths[1], sensitivity, size, error);
}

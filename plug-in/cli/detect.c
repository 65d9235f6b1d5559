/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom detect: from a picture to a mask of its scratches and dust, which can be
 * corrected by hand and given to heirloom restore. */

#include "cli/detect.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/samples.h"
#include "restore/find/finder.h"
#include "restore/error.h"

/* Turns the mask into a picture of its own: gray of 8 bits, which every program reads. */
static HlFile *
make_picture (const float *mask, int width, int height, GError **error)
{
  g_autoptr (HlFile) file = g_new0 (HlFile, 1);
  g_autofree guint8 *row  = g_try_malloc (width);

  if (!row)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  file->type   = HL_FILE_PNG;
  file->buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), babl_format ("Y' u8"));
  for (int y = 0; y < height; y++)
    {
      for (int x = 0; x < width; x++)
        row[x] = mask[(gsize) y * width + x] > 0.0f ? 255 : 0;
      gegl_buffer_set (file->buffer, GEGL_RECTANGLE (0, y, width, 1), 0, babl_format ("Y' u8"), row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  return g_steal_pointer (&file);
}

static gboolean
is_same_file (const char *a, const char *b)
{
  g_autofree char *real_a = realpath (a, NULL), *real_b = realpath (b, NULL);

  return real_a && g_strcmp0 (real_a, real_b) == 0;
}

/* Until the mask is written, Ctrl-C may end the program as it always does. */
static void
show_progress (double fraction, guint iteration, gpointer user_data)
{
  g_printerr ("\rLooking for scratches and dust: %3d %%%s", (int) (100.0 * fraction),
              fraction < 1.0 ? "" : "\n");
}

static gboolean
detect (const char *in, const char *out, double sensitivity, int size, GError **error)
{
  HlProgress control           = { .report = isatty (STDERR_FILENO) ? show_progress : NULL };
  HlFileType type              = hl_sniff_name (out);
  g_autoptr (HlFile) file      = NULL;
  g_autoptr (HlFile) picture   = NULL;
  g_autoptr (HlImage) image    = NULL;
  g_autofree guint8 *evidence  = NULL;
  g_autofree float  *mask      = NULL;
  g_autofree char   *temporary = NULL;
  GeglRectangle      area;

  if (type != HL_FILE_PNG && type != HL_FILE_TIFF)
    return hl_error_refuse (error, "A mask must be stored exactly: let “%s” end in .png or .tif.",
                            out);
  if (is_same_file (in, out))
    return hl_error_refuse (error, "“%s” is the picture itself: choose another name for the mask.",
                            out);
  file = hl_file_load (in, error);
  if (!file)
    return FALSE;
  area  = (GeglRectangle) { 0, 0, hl_file_get_width (file), hl_file_get_height (file) };
  image = hl_pixels_get_planes (file, &area, &evidence, error);
  if (!image)
    return FALSE;
  mask = hl_detect (image, evidence, sensitivity, size, &control, error);
  if (!mask)
    return FALSE;
  picture = make_picture (mask, area.width, area.height, error);
  if (!picture)
    return FALSE;
  temporary = hl_output_begin (out, error);
  return temporary
         && hl_output_end (temporary, out, hl_file_save (picture, temporary, type, error), error);
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
    return hl_error_refuse (error, "%s; see heirloom detect --help.", unknown->message);
  if (!paths || g_strv_length (paths) != 2)
    return hl_error_refuse (error,
                            "Give the picture and the name of the mask: heirloom detect IN MASK.");
  if (!(sensitivity >= 0.0 && sensitivity <= 100.0))
    return hl_error_refuse (error, "--sensitivity must be a number from 0 to 100.");
  if (size < 1 || size > HL_DETECT_LARGEST_SIZE)
    return hl_error_refuse (error, "--size must be a whole number of pixels from 1 to %d.",
                            HL_DETECT_LARGEST_SIZE);

  gegl_init (NULL, NULL);
  return detect (paths[0], paths[1], sensitivity, size, error);
}

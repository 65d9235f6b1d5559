/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the procedure's arguments name, for the engine; and the one that the engine found,
 * in words. */

#include "gimp/blur_argument.h"

#include <gegl.h>
#include <glib/gi18n-lib.h>

#include "restore/error.h"

/* As it is seen, with what is transparent left so: no background colour must get into it. */
static HlPsf *
load_picture (GFile *file, GError **error)
{
  GimpImage *image             = file ? gimp_file_load (GIMP_RUN_NONINTERACTIVE, file) : NULL;
  g_autoptr (GeglBuffer) shown = NULL;
  g_autofree float *pixels     = NULL;
  int               width, height;

  if (!image)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("The picture of the blur cannot be read. Choose a picture that shows "
                              "a small light spot on black."));
      return NULL;
    }
  shown = gimp_drawable_get_buffer (
      GIMP_DRAWABLE (gimp_layer_new_from_visible (image, image, "blur")));
  width  = gegl_buffer_get_width (shown);
  height = gegl_buffer_get_height (shown);
  pixels = g_try_new (float, (gsize) width *height * 4);
  if (pixels)
    gegl_buffer_get (shown, NULL, 1.0,
                     babl_format_with_space ("R'G'B'A float", gegl_buffer_get_format (shown)),
                     pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  else
    hl_error_set_memory (error, width, height);
  g_clear_object (&shown);
  gimp_image_delete (image);
  return pixels ? hl_psf_new_from_pixels (pixels, width, height, error) : NULL;
}

/**
 * hl_blur_read:
 * @config: the arguments
 * @deblur: (out): what to do
 * @psf: (out) (transfer full) (nullable): the blur, where one is named
 * @error: %HL_ERROR_SETTING, %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_blur_read (GimpProcedureConfig *config, HlDeblur *deblur, HlPsf **psf, GError **error)
{
  HlBlurKind blur = gimp_procedure_config_get_choice_id (config, "deblur");
  double     radius, across, angle;
  char       text[HL_PSF_NAME], number[3][G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GFile) file = NULL;

  g_object_get (config, "blur-radius", &radius, "blur-radius-across", &across, "blur-angle", &angle,
                "blur-file", &file, NULL);
  g_ascii_formatd (number[0], sizeof number[0], "%.6g", radius);
  g_ascii_formatd (number[1], sizeof number[1], "%.6g", across);
  g_ascii_formatd (number[2], sizeof number[2], "%.6g", angle);
  *psf    = NULL;
  *deblur = HL_DEBLUR_KNOWN;
  switch (blur)
    {
    case HL_BLUR_GAUSSIAN:
      g_snprintf (text, sizeof text, "gaussian:%s", number[0]);
      break;
    case HL_BLUR_DISK:
      g_snprintf (text, sizeof text, "disk:%s", number[0]);
      break;
    case HL_BLUR_MOTION:
      g_snprintf (text, sizeof text, "motion:%s:%s", number[0], number[2]);
      break;
    case HL_BLUR_ANISO:
      g_snprintf (text, sizeof text, "aniso:%s:%s:%s", number[0], number[1], number[2]);
      break;
    case HL_BLUR_FILE:
      *psf = load_picture (file, error);
      return *psf != NULL;
    default:
      *deblur = blur == HL_BLUR_AUTO    ? HL_DEBLUR_AUTO
                : blur == HL_BLUR_WHOLE ? HL_DEBLUR_WHOLE
                                        : HL_DEBLUR_NONE;
      return TRUE;
    }
  *psf = hl_psf_new_from_text (text, error);
  return *psf != NULL;
}

/**
 * hl_blur_describe:
 * @name: the blur of a #HlRestoreReport, empty where none was found
 *
 * Returns: (transfer full): a line about the photograph, in the person's language
 */
char *
hl_blur_describe (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ":", 4);
  guint  n             = g_strv_length (parts);
  double v[3]          = { 0 };

  for (guint i = 1; i < n; i++)
    v[i - 1] = g_ascii_strtod (parts[i], NULL);
  if (n == 2 && g_str_equal (parts[0], "gaussian"))
    return g_strdup_printf (_ ("Blur of this photograph: soft, %.1f pixels"), v[0]);
  if (n == 2 && g_str_equal (parts[0], "disk"))
    return g_strdup_printf (_ ("Blur of this photograph: out of focus, %.1f pixels"), v[0]);
  if (n == 3 && g_str_equal (parts[0], "motion"))
    return g_strdup_printf (_ ("Blur of this photograph: shaken, %.1f pixels at %.0f degrees"),
                            v[0], v[1]);
  if (n == 4 && g_str_equal (parts[0], "aniso"))
    return g_strdup_printf (
        _ ("Blur of this photograph: soft, %.1f by %.1f pixels at %.0f degrees"), v[0], v[1], v[2]);
  return g_strdup (_ ("Blur of this photograph: none found"));
}

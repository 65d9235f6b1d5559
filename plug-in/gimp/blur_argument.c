/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the procedure's arguments name: the arguments, and what they mean to the
 * engine; and the one that the engine found, in words. */

#include "gimp/blur_argument.h"

#include <gegl.h>
#include <glib/gi18n-lib.h>

#include "restore/error.h"

typedef enum
{
  BLUR_NONE,
  BLUR_AUTO,
  BLUR_GAUSSIAN,
  BLUR_DISK,
  BLUR_MOTION,
  BLUR_ANISO,
  BLUR_FILE,
} Blur;

/**
 * hl_blur_add_arguments:
 * @procedure: is given the arguments about blur
 */
void
hl_blur_add_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_choice_argument (
      procedure, "deblur", _ ("Remove _blur"),
      _ ("Sharpens the whole layer where the photograph is out of focus or was shaken. With nothing "
         "selected, that is all it does."),
      gimp_choice_new_with_values (
          "none", BLUR_NONE, _ ("No"), NULL, "auto", BLUR_AUTO, _ ("Find out how blurred it is"),
          NULL, "gaussian", BLUR_GAUSSIAN, _ ("Soft (Gaussian)"), NULL, "disk", BLUR_DISK,
          _ ("Out of focus (disk)"), NULL, "motion", BLUR_MOTION, _ ("Shaken (straight motion)"),
          NULL, "aniso", BLUR_ANISO, _ ("Softer one way than the other"), NULL, "file", BLUR_FILE,
          _ ("Shown by a picture"), NULL, NULL),
      "none", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
      procedure, "deblur-method", _ ("How to shar_pen"),
      _ ("The trained network is best and slowest. Total variation takes seconds and favours "
         "clear edges. The filter is there at once, and raises the grain."),
      gimp_choice_new_with_values ("wiener", HL_DEBLUR_WIENER, _ ("Filter (at once)"), NULL, "tv",
                                   HL_DEBLUR_TV, _ ("Total variation (seconds)"), NULL, "prior",
                                   HL_DEBLUR_PRIOR, _ ("Trained network (best)"), NULL, NULL),
      "prior", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
      procedure, "blur-radius", _ ("Blur ra_dius (pixels)"),
      _ ("How far the blur spreads a point: the standard deviation of the soft kinds, the radius of "
         "the disk, the length of the motion. Too much draws halos."),
      0.1, 80.0, 1.5, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
      procedure, "blur-radius-across", _ ("Radius across (pi_xels)"),
      _ ("The standard deviation across the angle, for a photograph that is softer one way than "
         "the other."),
      0.1, 20.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
      procedure, "blur-angle", _ ("Angle (degrees)"),
      _ ("Along which the blur lies: 0 is level, 90 is upright, 45 falls to the right."), -180.0,
      180.0, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (
      procedure, "blur-file", _ ("Picture o_f the blur"),
      _ ("A small picture of what the blur made of a single point: light on black."),
      GIMP_FILE_CHOOSER_ACTION_OPEN, TRUE, NULL, G_PARAM_READWRITE);
}

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
 * @method: (out): how the blur is undone
 * @psf: (out) (transfer full) (nullable): the blur, where one is named
 * @error: %HL_ERROR_SETTING, %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_blur_read (GimpProcedureConfig *config, HlDeblur *deblur, HlDeblurMethod *method, HlPsf **psf,
              GError **error)
{
  Blur   blur = gimp_procedure_config_get_choice_id (config, "deblur");
  double radius, across, angle;
  char   text[HL_PSF_NAME], number[3][G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GFile) file = NULL;

  g_object_get (config, "blur-radius", &radius, "blur-radius-across", &across, "blur-angle", &angle,
                "blur-file", &file, NULL);
  g_ascii_formatd (number[0], sizeof number[0], "%.6g", radius);
  g_ascii_formatd (number[1], sizeof number[1], "%.6g", across);
  g_ascii_formatd (number[2], sizeof number[2], "%.6g", angle);
  *psf    = NULL;
  *method = gimp_procedure_config_get_choice_id (config, "deblur-method");
  *deblur = HL_DEBLUR_KNOWN;
  switch (blur)
    {
    case BLUR_GAUSSIAN:
      g_snprintf (text, sizeof text, "gaussian:%s", number[0]);
      break;
    case BLUR_DISK:
      g_snprintf (text, sizeof text, "disk:%s", number[0]);
      break;
    case BLUR_MOTION:
      g_snprintf (text, sizeof text, "motion:%s:%s", number[0], number[2]);
      break;
    case BLUR_ANISO:
      g_snprintf (text, sizeof text, "aniso:%s:%s:%s", number[0], number[1], number[2]);
      break;
    case BLUR_FILE:
      *psf = load_picture (file, error);
      return *psf != NULL;
    default:
      *deblur = blur == BLUR_AUTO ? HL_DEBLUR_AUTO : HL_DEBLUR_NONE;
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

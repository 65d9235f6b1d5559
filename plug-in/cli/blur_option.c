/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the command line names, in words or as the file of a picture. */

#include "cli/blur_option.h"

#include <string.h>

#include "cli/samples.h"
#include "restore/error.h"
#include "restore/memory.h"

static HlPsf *
load_picture (const char *path, GError **error)
{
  g_autoptr (HlFile) file = hl_file_load (path, error);
  int               width, height;
  g_autofree float *pixels = NULL;

  if (!file)
    return NULL;
  width  = hl_file_get_width (file);
  height = hl_file_get_height (file);
  pixels = hl_memory_try (4 * sizeof (float), width, height, error);
  if (!pixels)
    return NULL;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize  place = hl_file_get_place (file, x, y);
        float *pixel = pixels + 4 * ((gsize) y * width + x);

        for (int c = 0; c < 3; c++)
          pixel[c] = hl_samples_get (file, place, file->colours == 3 ? c : 0);
        pixel[3] = file->alpha < 0 ? 1 : hl_samples_get (file, place, file->alpha);
      }
  return hl_psf_new_from_pixels (pixels, width, height, error);
}

/**
 * hl_blur_parse:
 * @text: (nullable): none, whole, auto, what hl_psf_new_from_text() reads, or the name of a PNG,
 * JPEG or TIFF file that shows the blur of a point; whole where %NULL
 * @deblur: (out): what to do
 * @psf: (out) (transfer full) (nullable): the blur, where one is named
 * @error: %HL_ERROR_SETTING, %HL_ERROR_INPUT
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_blur_parse (const char *text, HlDeblur *deblur, HlPsf **psf, GError **error)
{
  *psf    = NULL;
  *deblur = HL_DEBLUR_WHOLE;
  if (!text || strcmp (text, "whole") == 0)
    return TRUE;
  *deblur = HL_DEBLUR_NONE;
  if (strcmp (text, "none") == 0)
    return TRUE;
  *deblur = HL_DEBLUR_AUTO;
  if (strcmp (text, "auto") == 0)
    return TRUE;
  *deblur = HL_DEBLUR_KNOWN;
  *psf    = hl_file_get_type (text) == HL_FILE_UNKNOWN ? hl_psf_new_from_text (text, error)
                                                       : load_picture (text, error);
  return *psf != NULL;
}

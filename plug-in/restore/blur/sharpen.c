/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the settings name, or that is found, taken out of the whole picture: between the
 * repair and the composite.
 *
 * The repair has filled the holes with what fits the blurred picture around them.  Here that
 * is no more than a hint: holes and blur are solved together (deblur.c), so that no ring is drawn
 * around a hole. */
#include "restore/blur/sharpen.h"

#include "restore/blur/deblur_auto.h"
#include "restore/repair.h"

/**
 * hl_sharpen_run:
 * @image: (C, H, W), 0..1, finite, its holes filled; becomes the sharp picture, or stays as it is
 *   where no blur is found
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise in @image, 0..1
 * @settings: its deblur is not %HL_DEBLUR_NONE
 * @control: to cancel, to stop and to follow it
 * @report: its blur, whole and peak_memory_bytes are set
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_SETTING, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, and
 *   those of hl_weights_load()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_sharpen_run (HlImage *image, const float *known, double noise_level,
                const HlRestoreSettings *settings, const HlRestoreControl *control,
                HlRestoreReport *report, GError **error)
{
  g_autoptr (HlWeights) weights = NULL;
  g_autoptr (HlPool) pool       = hl_pool_new (settings->threads);
  g_autoptr (HlPsf) found       = NULL;
  guint64      peak             = 0;
  HlDeblurTask task             = { .method       = settings->deblur_method,
                                    .psf          = settings->psf,
                                    .light        = TRUE,
                                    .noise_level  = noise_level,
                                    .pool         = pool,
                                    .memory_limit = hl_repair_find_memory_limit (settings),
                                    .peak         = &peak };

  hl_pool_set_cancel (pool, control->cancel);
  if (settings->deblur_method == HL_DEBLUR_PRIOR)
    {
      weights = hl_repair_load_weights (settings->weights, error);
      if (!weights)
        return FALSE;
      task.weights = weights;
    }
  if (settings->deblur == HL_DEBLUR_AUTO)
    {
      if (!hl_deblur_run_auto (&task, image, known, &found, control, error))
        return FALSE;
      if (!found)
        return TRUE;
      task.psf = found;
    }
  else if (!hl_deblur_run (&task, image, known, control, error))
    return FALSE;
  g_strlcpy (report->blur, task.psf->name, HL_PSF_NAME);
  report->whole = TRUE;
  report->peak_memory_bytes
      = MAX (report->peak_memory_bytes,
             sizeof (float) * (2 * image->channels + 1) * image->width * image->height + peak);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the settings name, or that is found, taken out of the whole picture: between the
 * repair and the composite.
 *
 * The repair has filled the holes with what fits the blurred picture around them.  Here that
 * is no more than a hint: holes and blur are solved together (deblur.c), so that no ring is drawn
 * around a hole. */
#include "restore/blur/sharpen.h"

#include "restore/blur/deblur_auto.h"
#include "restore/memory.h"
#include "restore/noise.h"
#include "restore/repair.h"

/* The widest blur that the search may find, about, for the memory. */
#define WIDEST 4.3

/* What deblurring needs beside the picture, owned by whoever calls. */
typedef struct
{
  HlPool      *pool;
  HlWeights   *weights;
  HlDeblurTask task;
} Sharpen;

static void
sharpen_clear (Sharpen *self)
{
  g_clear_pointer (&self->weights, hl_weights_free);
  g_clear_pointer (&self->pool, hl_pool_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sharpen, sharpen_clear)

static gboolean
sharpen_init (Sharpen *self, const HlRestoreSettings *settings, double noise_level, GError **error)
{
  self->pool = hl_pool_new (settings->threads);
  if (settings->deblur_method == HL_DEBLUR_PRIOR)
    {
      self->weights = hl_repair_load_weights (settings->weights, error);
      if (!self->weights)
        return FALSE;
    }
  self->task
      = (HlDeblurTask) { .method = settings->deblur_method,
                         .psf    = settings->psf,
                         .curve  = settings->blur_light == HL_BLUR_LIGHT_ENCODED ? HL_CURVE_VALUES
                                                                                 : HL_CURVE_LIGHT,
                         .find_curve   = settings->blur_light == HL_BLUR_LIGHT_AUTO,
                         .noise_level  = noise_level,
                         .weights      = self->weights,
                         .pool         = self->pool,
                         .memory_limit = hl_memory_find_limit (settings->memory_limit) };
  return TRUE;
}

/**
 * hl_sharpen_check:
 * @image: (C, H, W), the picture that hl_sharpen_run() will be given; may still have holes
 * @settings: its deblur is not %HL_DEBLUR_NONE
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_SETTING, and those of hl_weights_load()
 *
 * Finds out before the repair, which takes long, what would keep hl_sharpen_run() from beginning
 * after it: a blur too large for the picture, or too little memory.
 *
 * Returns: whether hl_sharpen_run() can begin
 */
gboolean
hl_sharpen_check (const HlImage *image, const HlRestoreSettings *settings, GError **error)
{
  g_auto (Sharpen) sharpen = { 0 };
  g_autoptr (HlPsf) widest = NULL;

  if (!sharpen_init (&sharpen, settings, 0, error))
    return FALSE;
  if (settings->deblur == HL_DEBLUR_AUTO)
    {
      widest = hl_psf_new_gaussian (WIDEST, WIDEST, 0);
      /* In a picture this small the search finds no blur. */
      if (widest->side > 2 * MIN (image->width, image->height))
        return TRUE;
      sharpen.task.psf = widest;
    }
  return hl_deblur_check (&sharpen.task, image, error);
}

/**
 * hl_sharpen_run:
 * @image: (C, H, W), 0..1, finite, its holes filled; becomes the sharp picture, or stays as it is
 *   where no blur is found
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise in @image, 0..1
 * @settings: its deblur is not %HL_DEBLUR_NONE
 * @control: to cancel, to stop and to follow it
 * @report: its blur, whole and peak_memory_bytes are set
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_SETTING, %G_IO_ERROR_CANCELLED, and those of
 *   hl_weights_load()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_sharpen_run (HlImage *image, const float *known, double noise_level,
                const HlRestoreSettings *settings, const HlProgress *control,
                HlRestoreReport *report, GError **error)
{
  g_auto (Sharpen) sharpen = { 0 };
  g_autoptr (HlPsf) found  = NULL;
  guint64 peak             = 0;

  if (!sharpen_init (&sharpen, settings, noise_level, error))
    return FALSE;
  hl_pool_set_cancel (sharpen.pool, control->cancel);
  sharpen.task.peak = &peak;
  /* What the denoiser leaves is no grain any more. */
  if (!settings->denoise)
    sharpen.task.noise_blur = hl_noise_estimate_blur (image, known, control->cancel);
  if (settings->deblur == HL_DEBLUR_AUTO)
    {
      if (!hl_deblur_run_auto (&sharpen.task, image, known, &found, control, error))
        return FALSE;
      if (!found)
        return TRUE;
    }
  else if (!hl_deblur_run (&sharpen.task, image, known, control, error))
    return FALSE;
  g_strlcpy (report->blur, found ? found->name : settings->psf->name, HL_PSF_NAME);
  report->whole = TRUE;
  report->peak_memory_bytes
      = MAX (report->peak_memory_bytes,
             sizeof (float) * (2 * image->channels + 1) * image->width * image->height + peak);
  return TRUE;
}

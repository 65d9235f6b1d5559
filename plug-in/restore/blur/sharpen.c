/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the settings name, or that is found, taken out of the whole picture: between the
 * repair and the composite.
 *
 * The repair has filled the holes with what fits the blurred picture around them.  Here that
 * is no more than a hint: holes and blur are solved together (deblur.c), so that no ring is drawn
 * around a hole. */
#include "restore/blur/sharpen.h"

#include "restore/blur/blur_search.h"
#include "restore/blur/deblur_auto.h"
#include "restore/blur/sharp_damage.h"
#include "restore/error.h"
#include "restore/fill/diffuse.h"
#include "restore/maps.h"
#include "restore/memory.h"
#include "restore/noise.h"
#include "restore/range.h"
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
 * @settings: its deblur is %HL_DEBLUR_AUTO or %HL_DEBLUR_KNOWN
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
  if (settings->deblur == HL_DEBLUR_AUTO && !settings->psf)
    {
      widest = hl_psf_new_gaussian (WIDEST, WIDEST, 0);
      /* In a picture this small the search finds no blur. */
      if (widest->side > 2 * MIN (image->width, image->height))
        return TRUE;
      sharpen.task.psf = widest;
    }
  return hl_deblur_check (&sharpen.task, image, error);
}

/* The blur of @image, its damage smoothly filled, or none that is surely there. */
static gboolean
find_blur (const HlImage *image, const float *target, const guint8 *source, gboolean denoise,
           HlPsf **found, GCancellable *cancel, GError **error)
{
  const HlProgress quiet   = { .cancel = cancel };
  g_auto (HlMaps) maps     = { 0 };
  g_autoptr (HlImage) copy = NULL;
  HlRange range;

  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  copy = hl_image_copy (image, error);
  if (!copy || g_cancellable_set_error_if_cancelled (cancel, error)
      || !hl_maps_init (&maps, copy, target, source, TRUE, error))
    return FALSE;
  range = hl_range_find (copy, &maps, cancel);
  if (g_cancellable_set_error_if_cancelled (cancel, error)
      || !hl_diffuse (copy, maps.source, cancel, error))
    return FALSE;
  hl_range_squeeze (range, copy);
  return hl_blur_search (copy, maps.source,
                         denoise ? 0 : hl_noise_estimate_blur (copy, maps.source, cancel), found,
                         &quiet, error);
}

/**
 * hl_sharpen_decide:
 * @settings: what to do; where its deblur is %HL_DEBLUR_WHOLE, that becomes %HL_DEBLUR_AUTO with
 *   @found for its blur, or %HL_DEBLUR_NONE
 * @found: (out) (transfer full) (nullable): the blur; must outlive the restoration
 * @whole: whether the whole photograph is restored, nothing being selected
 * @image: (C, H, W), the photograph
 * @target: (H, W), as for hl_restore()
 * @source: (nullable): (H, W), likewise
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, and those of hl_weights_load()
 *
 * Whether a blur is to be undone that nobody asked about. It comes before hl_restore(), because the
 * hosts cut the photograph to the damage where there is no blur. Where memory does not suffice to
 * undo it, or the damage is too sharp for a blurred scan, there is none either.
 *
 * Returns: whether it is decided
 */
gboolean
hl_sharpen_decide (HlRestoreSettings *settings, HlPsf **found, gboolean whole, const HlImage *image,
                   const float *target, const guint8 *source, GCancellable *cancel, GError **error)
{
  g_autoptr (HlPsf) psf     = NULL;
  g_autoptr (GError) failed = NULL;

  *found = NULL;
  if (settings->deblur != HL_DEBLUR_WHOLE)
    return TRUE;
  settings->deblur = HL_DEBLUR_NONE;
  if (!whole)
    return TRUE;
  if (!find_blur (image, target, source, settings->denoise, &psf, cancel, error))
    return FALSE;
  if (!psf || psf->side > 2 * MIN (image->width, image->height)
      || hl_sharp_damage_is_seen (image, target, psf))
    return TRUE;
  settings->deblur = HL_DEBLUR_AUTO;
  settings->psf    = psf;
  if (hl_sharpen_check (image, settings, &failed))
    {
      *found = g_steal_pointer (&psf);
      return TRUE;
    }
  settings->deblur = HL_DEBLUR_NONE;
  settings->psf    = NULL;
  if (g_error_matches (failed, HL_ERROR, HL_ERROR_MEMORY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/**
 * hl_sharpen_run:
 * @image: (C, H, W), 0..1, finite, its holes filled; becomes the sharp picture, or stays as it is
 *   where no blur is found
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise in @image, 0..1
 * @settings: its deblur is %HL_DEBLUR_AUTO or %HL_DEBLUR_KNOWN
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

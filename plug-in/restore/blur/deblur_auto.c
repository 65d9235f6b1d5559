/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing an unknown blur: estimated, undone with care, and not at all where the
 * photograph is sharp. */
#include "restore/blur/deblur_auto.h"

#include <math.h>

#include "restore/blur/blur_fit.h"
#include "restore/blur/halo.h"

/* The blur is not quite the estimated one. What does not fit is taken for noise. */
#define MISFIT (1.5 / 255)

/* Beyond the values about it a pixel may go by this share of their range. */
#define SLACK 0.25f

/* Of the time, what the search takes, about. */
#define SEARCH_SHARE 0.5

/**
 * hl_deblur_run_auto:
 * @task: what to do; its point spread function is not looked at
 * @image: as for hl_deblur_run()
 * @known: likewise
 * @found: (out) (transfer full) (nullable): the blur that was undone; %NULL where there is none,
 *   and @image is as it was
 * @control: to cancel, to stop and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether @image is a result
 */
gboolean
hl_deblur_run_auto (const HlDeblurTask *task, HlImage *image, const float *known, HlPsf **found,
                    const HlProgress *control, GError **error)
{
  g_autoptr (HlImage) before = NULL;
  g_autoptr (HlPsf) psf      = NULL;
  HlDeblurTask     careful   = *task;
  const HlProgress search    = hl_progress_part (control, 0, SEARCH_SHARE);
  const HlProgress rest      = hl_progress_part (control, SEARCH_SHARE, 1);
  HlBlurEstimate   estimate;

  if (!hl_blur_estimate (image, known, task->noise_level, &estimate, control->cancel, error))
    return FALSE;
  *found = NULL;
  if (!(estimate.along > 0))
    return TRUE;
  before = hl_image_copy (image, error);
  if (!before)
    return FALSE;
  psf = hl_blur_fit (&estimate, image, known, task->noise_level, &search, error);
  if (!psf)
    return FALSE;
  /* Of so small a picture nothing that wide can be known. */
  if (psf->side > 2 * MIN (image->width, image->height))
    return TRUE;
  careful.psf    = psf;
  careful.misfit = MISFIT;
  if (!hl_deblur_run (&careful, image, known, &rest, error)
      || !hl_halo_limit (image, before, ceil (2 * estimate.along), SLACK, control->cancel, error))
    return FALSE;
  *found = g_steal_pointer (&psf);
  return TRUE;
}

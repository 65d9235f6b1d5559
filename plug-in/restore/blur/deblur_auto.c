/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing an unknown blur: estimated, undone with care, and not at all where the
 * photograph is sharp. */
#include "restore/blur/deblur_auto.h"

#include <math.h>

#include "restore/blur/blur_search.h"
#include "restore/blur/halo.h"

/* The blur is not quite the estimated one. What does not fit is taken for noise. With 1.5 / 255 two
 * photographs of the Kodak set lost 1 to 4 dB against the true blur, and four 0.01 dB with 0.7. */
#define MISFIT (0.3 / 255)

/* Beyond the values about it a pixel may go by this share of their range: thin lines are much
 * stronger once they are sharp. On four photographs of the Kodak set, blurred, 0.25 lost 0.2 dB
 * against this, and no limit gained 0.1. */
#define SLACK 0.5f

/* Of the time, what the search takes, about; little on all but small photographs. */
#define SEARCH_SHARE 0.05

/**
 * hl_deblur_run_auto:
 * @task: what to do; its point spread function, if any, is one that hl_blur_search() has found
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
  g_autoptr (HlPsf) psf      = task->psf ? hl_psf_copy (task->psf) : NULL;
  HlDeblurTask     careful   = *task;
  const HlProgress search    = hl_progress_part (control, 0, SEARCH_SHARE);
  const HlProgress rest      = hl_progress_part (control, SEARCH_SHARE, 1);
  const guint64    plane     = sizeof (float) * (guint64) image->width * image->height;
  guint64          peak      = 0;

  if (!psf && !hl_blur_search (image, known, task->noise_blur, &psf, &search, error))
    return FALSE;
  *found = NULL;
  if (!psf)
    return TRUE;
  before = hl_image_copy (image, error);
  if (!before)
    return FALSE;
  /* Of so small a picture nothing that wide can be known. */
  if (psf->side > 2 * MIN (image->width, image->height))
    return TRUE;
  careful.psf    = psf;
  careful.misfit = MISFIT;
  careful.peak   = &peak;
  if (!hl_deblur_run (&careful, image, known, &rest, error)
      || !hl_halo_limit (image, before, (psf->side + 1) / 2, SLACK, control->cancel, error))
    return FALSE;
  if (task->peak)
    *task->peak = image->channels * plane + MAX (peak, HL_HALO_PLANES * plane);
  *found = g_steal_pointer (&psf);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep image prior: a network fitted to the known pixels of one picture.
 *
 * Ulyanov, Vedaldi and Lempitsky, "Deep Image Prior" (CVPR 2018; IJCV 2020): a
 * convolutional network with random weights and a random input is fitted to the known
 * pixels (equation 4).  It finds what looks like a picture long before it can follow noise,
 * and so what it puts into the holes continues what surrounds them.  Noise on the input
 * and an exponential average of the outputs steady it (IJCV 2020, section 3).  Fitting
 * ends at the discrepancy principle (Morozov 1966): once the known pixels are met to
 * within their own noise, more would only learn the noise. */
#include "restore/prior/untrained.h"

#include <math.h>
#include <string.h>

#include "nn/hourglass.h"

#define RATE 0.01f         /* of Adam, as the paper's */
#define INPUT_NOISE 0.005f /* standard deviation, beside an input of 0..0.1 */
#define AVERAGE 0.99f      /* as the paper's */

/* Steps between remembered weights, and how many times its recent average a loss is when they are
 * rolled back to; steps before the noise level may end it, and before it is worth a look. Derived:
 * the exponential average is settled after as many. */
#define CHECKPOINT 50
#define JUMP 3
#define FEWEST 100

/* The average starts as a plain mean, so that the first outputs do not linger in it. */
static void
average (HlImage *mean, const float *out, guint step)
{
  gsize n      = (gsize) mean->channels * mean->width * mean->height;
  float weight = MAX (1 - AVERAGE, 1.0f / (step + 1));

  for (gsize i = 0; i < n; i++)
    mean->planes[i] += weight * (out[i] - mean->planes[i]);
}

/**
 * hl_untrained_run:
 * @task: settings
 * @image: (C, H, W), values 0..1, finite; becomes the network's picture, also where known
 * @source: (H, W), how far each pixel is to be met, 0..1, not all 0
 * @pool: threads
 * @progress: to cancel, to stop and to follow it
 * @report: its iterations, loss and peak_memory_bytes are set
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE
 *
 * Returns: whether @image is the result; else it is as it was
 */
gboolean
hl_untrained_run (const HlUntrained *task, HlImage *image, const float *source, HlPool *pool,
                  const HlProgress *progress, HlRestoreReport *report, GError **error)
{
  gsize             pixels     = (gsize) image->width * image->height;
  double            source_sum = 0, recent = 0, floor = task->noise_level * task->noise_level;
  guint             since = 0; /* steps since the weights were new or rolled back */
  HlHourglassConfig config;
  g_autoptr (HlImage) mean    = NULL;
  g_autoptr (HlHourglass) net = NULL;

  mean = hl_image_copy (image, error);
  if (!mean)
    return FALSE;
  hl_hourglass_config_init (&config, "tiny", image->channels);
  net = hl_hourglass_new (&config, image->height, image->width, pool, task->seed,
                          task->memory_limit, error);
  if (!net)
    return FALSE;
  report->peak_memory_bytes += hl_hourglass_get_memory (net);
  for (gsize i = 0; i < pixels; i++)
    source_sum += source[i];

  for (guint step = 0; step < task->iterations; step++, since++)
    {
      double loss;

      if (hl_progress_is_cancelled (progress, error))
        return FALSE;
      if (hl_progress_is_stopped (progress))
        break;

      hl_hourglass_draw_input (net, INPUT_NOISE, step);
      hl_hourglass_forward (net);
      loss = hl_hourglass_backward (net, image->planes, source, source_sum);
      if (!isfinite (loss) || (since > CHECKPOINT && loss > JUMP * recent))
        {
          hl_hourglass_restore (net);
          since = 0;
          continue;
        }
      average (mean, hl_hourglass_get_output (net), step);
      recent = since == 0 ? loss : 0.9 * recent + 0.1 * loss;
      if (since % CHECKPOINT == CHECKPOINT - 1)
        hl_hourglass_save (net);
      hl_hourglass_step (net, RATE);

      report->iterations = step + 1;
      report->loss       = recent;
      hl_progress_report (progress, (step + 1.0) / task->iterations, step + 1);
      if (step >= FEWEST)
        hl_progress_show (progress, mean, 0, 0);
      if (step >= FEWEST && recent <= floor)
        break;
    }
  memcpy (image->planes, mean->planes, image->channels * pixels * sizeof (float));
  return TRUE;
}

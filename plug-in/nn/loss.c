/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sigmoid and mean squared error over the known pixels.
 *
 * Ulyanov, Vedaldi and Lempitsky, "Deep Image Prior" (CVPR 2018), equation 4: the squared
 * difference times the mask of known pixels, so that the damage has no say. */
#include "nn/loss.h"

#include <math.h>

#define PART 8192 /* pixels summed in one job */

typedef struct
{
  int          pixels, parts;
  const float *y, *target, *known;
  float        unit;
  float       *out, *d_y;
  double      *sums;
} Task;

static void
loss_job (int job, int thread, gpointer data)
{
  const Task  *task = data;
  int          from = job % task->parts * PART;
  int          n    = MIN (PART, task->pixels - from);
  gsize        at   = (gsize) (job / task->parts) * task->pixels + from;
  const float *y = task->y + at, *target = task->target + at, *known = task->known + from;
  float       *out = task->out + at, *d_y = task->d_y + at;
  double       sum = 0;

  for (int i = 0; i < n; i++)
    out[i] = 1 / (1 + expf (-y[i]));
  for (int i = 0; i < n; i++)
    {
      float e = known[i] * (out[i] - target[i]);

      sum += (double) e * (out[i] - target[i]);
      d_y[i] = task->unit * e * out[i] * (1 - out[i]);
    }
  task->sums[job] = sum;
}

/**
 * hl_loss_get_parts:
 * @pixels: H * W
 *
 * Returns: sums for each channel that hl_loss() needs in its scratch buffer
 */
int
hl_loss_get_parts (int pixels)
{
  return (pixels + PART - 1) / PART;
}

/**
 * hl_loss:
 * @engine: what runs it
 * @channels: C
 * @pixels: H * W
 * @y: (C, H, W), before the sigmoid
 * @target: (C, H, W), finite also where unknown
 * @known: (H, W), 0 for unknown to 1 for known
 * @known_sum: the sum of @known, above 0
 * @out: (C, H, W), sigmoid (y), written
 * @d_y: (C, H, W), gradient of the loss by @y, overwritten
 * @sums: (C, hl_loss_get_parts()), scratch buffer
 *
 * Returns: sum (known (out - target)^2) / (C known_sum)
 */
double
hl_loss (const HlEngine *engine, int channels, int pixels, const float *y, const float *target,
         const float *known, double known_sum, float *out, float *d_y, double *sums)
{
  int    parts = hl_loss_get_parts (pixels);
  double total = 0;
  Task   task  = { .pixels = pixels,
                   .parts  = parts,
                   .y      = y,
                   .target = target,
                   .known  = known,
                   .unit   = 2 / (channels * known_sum),
                   .out    = out,
                   .d_y    = d_y,
                   .sums   = sums };

  hl_pool_run (engine->pool, channels * parts, loss_job, &task);
  for (int i = 0; i < channels * parts; i++)
    total += sums[i];
  return total / (channels * known_sum);
}

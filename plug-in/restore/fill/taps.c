/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A low-pass of few taps. */
#include "restore/fill/taps.h"

static void
smooth_run (float *run, int n, gsize step)
{
  float before = run[0];

  for (int i = 0; i < n; i++)
    {
      float here  = run[i * step];
      float after = i + 1 < n ? run[(i + 1) * step] : here;

      run[i * step] = 0.5f * here + 0.25f * (before + after);
      before        = here;
    }
}

/**
 * hl_taps_smooth:
 * @plane: (H, W, step), of which the first of each @step values is smoothed
 * @width: W
 * @height: H
 * @step: values from one pixel to the next
 * @passes: how often the taps 1/4, 1/2, 1/4 are applied across and down: a standard deviation of
 *   sqrt (passes / 2) pixels
 *
 * A low-pass; beyond its sides the picture goes on as it ends there.
 */
void
hl_taps_smooth (float *plane, int width, int height, int step, int passes)
{
  for (int k = 0; k < passes; k++)
    {
      for (int y = 0; y < height; y++)
        smooth_run (plane + (gsize) y * width * step, width, step);
      for (int x = 0; x < width; x++)
        smooth_run (plane + (gsize) x * step, height, (gsize) width * step);
    }
}

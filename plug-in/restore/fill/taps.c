/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A low-pass of few taps. */
#include "restore/fill/taps.h"

/* Columns that are smoothed together. */
#define BESIDE 16

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

/* As many columns at a time, so that what is read lies together. */
static void
smooth_columns (float *plane, int columns, int height, int step, gsize pitch)
{
  float before[BESIDE];

  for (int i = 0; i < columns; i++)
    before[i] = plane[(gsize) i * step];
  for (int y = 0; y < height; y++)
    {
      float       *row  = plane + y * pitch;
      const float *next = y + 1 < height ? row + pitch : row;

      for (int i = 0; i < columns; i++)
        {
          float here = row[(gsize) i * step], after = next[(gsize) i * step];

          row[(gsize) i * step] = 0.5f * here + 0.25f * (before[i] + after);
          before[i]             = here;
        }
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
      for (int x = 0; x < width; x += BESIDE)
        smooth_columns (plane + (gsize) x * step, MIN (BESIDE, width - x), height, step,
                        (gsize) width * step);
    }
}

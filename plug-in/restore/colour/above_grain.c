/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a photograph stands out from its grain: Lee's filter (J.-S. Lee, "Digital Image
 * Enhancement and Noise Filtering by Use of Local Statistics", PAMI 2(2), 1980),
 *
 *   above = mean + k (d - mean),  k = max (variance - noise, 0) / variance,
 *
 * over 5 x 5 pixels.  Where colours are restored, only that is raised with the weak dye; the rest,
 * the grain, stays as strong as it was. */
#include "restore/colour/above_grain.h"

#include <math.h>

#include "restore/colour/density.h"

#define REACH HL_ABOVE_GRAIN_REACH
#define SIDE (2 * REACH + 1)

/* The variance over 25 pixels is itself uncertain; less than this times the noise is grain. */
#define MARGIN 1.5f

/* Of density by perceptual value, times the value and 0.055: 2.4 / ln (10). */
#define SLOPE 1.0423f

/**
 * hl_above_grain_run:
 * @rows: (5) rows of (width), densities; the middle one is filtered
 * @width: pixels
 * @noise_level: standard deviation of the noise, 0..1 of white in perceptual values
 * @above: (width) (out): what stands out
 * @scratch: (3, width + 4), overwritten
 */
void
hl_above_grain_run (const float *const rows[SIDE], int width, double noise_level, float *above,
                    float *scratch)
{
  float       *sums = scratch + REACH, *squares = scratch + width + 3 * REACH;
  float       *values = scratch + 2 * (width + 2 * REACH);
  const float *middle = rows[REACH];
  float        noise  = noise_level * SLOPE;

  for (int x = 0; x < width; x++)
    {
      float sum = 0, square = 0;

      for (int k = 0; k < SIDE; k++)
        {
          sum += rows[k][x];
          square += rows[k][x] * rows[k][x];
        }
      sums[x]    = sum;
      squares[x] = square;
    }
  for (int k = 1; k <= REACH; k++)
    {
      sums[-k]               = sums[MIN (k, width - 1)];
      squares[-k]            = squares[MIN (k, width - 1)];
      sums[width - 1 + k]    = sums[MAX (width - 1 - k, 0)];
      squares[width - 1 + k] = squares[MAX (width - 1 - k, 0)];
    }
  for (int x = 0; x < width; x++)
    {
      float sum = 0;

      for (int k = -REACH; k <= REACH; k++)
        sum += sums[x + k];
      above[x] = sum / (SIDE * SIDE);
    }
  hl_density_to_values (above, values, width);
  for (int x = 0; x < width; x++)
    {
      float square = 0, variance, deviation = noise / (values[x] + 0.055f), k;

      for (int i = -REACH; i <= REACH; i++)
        square += squares[x + i];
      variance = fmaxf (square / (SIDE * SIDE) - above[x] * above[x], 1e-9f);
      k        = fmaxf (variance - MARGIN * deviation * deviation, 0) / variance;
      above[x] += k * (middle[x] - above[x]);
    }
}

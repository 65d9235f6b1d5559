/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The low-pass part of a plane: the mean of small squares, three times, which is close to a
 * Gaussian (Wells, "Efficient Synthesis of Gaussian Filters by Cascaded Uniform Filters", PAMI
 * 1986). */
#include "restore/lowpass.h"

#include "nn/tile.h"

/* Derived: three boxes differ from a Gaussian by 3 % at most (Wells). */
#define TURNS 3

static void
mean_across (const float *restrict from, float *restrict to, int width, int radius)
{
  int   inside = MIN (radius, width);
  float share  = 1.0f / (2 * radius + 1);

  /* Term by term, so that the columns fill vectors. */
  for (int x = inside; x < width - radius; x++)
    to[x] = from[x - radius];
  for (int k = 1 - radius; k <= radius; k++)
    for (int x = inside; x < width - radius; x++)
      to[x] += from[x + k];
  for (int x = inside; x < width - radius; x++)
    to[x] *= share;
  for (int x = 0; x < width; x = x + 1 == inside ? MAX (width - radius, inside) : x + 1)
    {
      float sum = 0;

      for (int k = -radius; k <= radius; k++)
        sum += from[hl_reflect (x + k, width)];
      to[x] = sum * share;
    }
}

static void
mean_down (const float *from, float *to, int width, int height, int y, int radius)
{
  float share = 1.0f / (2 * radius + 1);

  for (int x = 0; x < width; x++)
    to[x] = 0;
  for (int k = -radius; k <= radius; k++)
    {
      const float *row = from + (gsize) hl_reflect (y + k, height) * width;

      for (int x = 0; x < width; x++)
        to[x] += row[x] * share;
    }
}

/**
 * hl_lowpass:
 * @plane: (H, W), becomes its low-pass part
 * @scratch: (H, W), scratch buffer
 * @width: W
 * @height: H
 * @radius: pixels, 1 or more; the standard deviation of the Gaussian is
 *   sqrt (@radius * (@radius + 1))
 *
 * Beyond its edges the plane is that of its reflection.
 */
void
hl_lowpass (float *plane, float *scratch, int width, int height, int radius)
{
  for (int turn = 0; turn < TURNS; turn++)
    {
      for (int y = 0; y < height; y++)
        mean_across (plane + (gsize) y * width, scratch + (gsize) y * width, width, radius);
      for (int y = 0; y < height; y++)
        mean_down (scratch, plane + (gsize) y * width, width, height, y, radius);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The low-pass part of a plane: the mean of small squares, three times, which is close to a
 * Gaussian (Wells, "Efficient Synthesis of Gaussian Filters by Cascaded Uniform Filters", PAMI
 * 1986). */
#include "restore/lowpass.h"

#include "nn/tile.h"

/* Derived: three boxes differ from a Gaussian by 3 % at most (Wells). */
#define TURNS 3

/* Columns @left to @right - 1 of a row, where some taps may lie beyond it. */
static void
mean_at_edge (const float *from, float *to, int width, int left, int right, int radius)
{
  float share = 1.0f / (2 * radius + 1);

  for (int x = left; x < right; x++)
    {
      float sum = 0;

      for (int k = -radius; k <= radius; k++)
        sum += from[hl_reflect (x + k, width)];
      to[x] = sum * share;
    }
}

/* Those columns of a row. */
static void
mean_across (const float *restrict from, float *restrict to, int width, int left, int right,
             int radius)
{
  int   first = CLAMP (radius, left, right), last = CLAMP (width - radius, first, right);
  float share = 1.0f / (2 * radius + 1);

  /* Term by term, so that the columns fill vectors. */
  for (int x = first; x < last; x++)
    to[x] = from[x - radius];
  for (int k = 1 - radius; k <= radius; k++)
    for (int x = first; x < last; x++)
      to[x] += from[x + k];
  for (int x = first; x < last; x++)
    to[x] *= share;
  mean_at_edge (from, to, width, left, first, radius);
  mean_at_edge (from, to, width, last, right, radius);
}

static void
mean_down (const float *from, float *to, int width, int height, int y, int left, int right,
           int radius)
{
  float share = 1.0f / (2 * radius + 1);

  for (int x = left; x < right; x++)
    to[x] = 0;
  for (int k = -radius; k <= radius; k++)
    {
      const float *row = from + (gsize) hl_reflect (y + k, height) * width;

      for (int x = left; x < right; x++)
        to[x] += row[x] * share;
    }
}

/**
 * hl_lowpass_parts:
 * @plane: (H, W), becomes its low-pass part
 * @scratch: (H, W), scratch buffer, zero outside of the parts
 * @width: W
 * @height: H
 * @radius: as for hl_lowpass()
 * @parts: (n), parts of the plane that share no pixel, with all that is not zero of it and 3
 *   @radius pixels around that
 * @n: how many
 *
 * hl_lowpass() of a plane that is mostly zero.
 */
void
hl_lowpass_parts (float *plane, float *scratch, int width, int height, int radius,
                  const HlRect *parts, guint n)
{
  for (int turn = 0; turn < TURNS; turn++)
    {
      for (const HlRect *part = parts; part < parts + n; part++)
        for (int y = part->top; y < part->bottom; y++)
          mean_across (plane + (gsize) y * width, scratch + (gsize) y * width, width, part->left,
                       part->right, radius);
      for (const HlRect *part = parts; part < parts + n; part++)
        for (int y = part->top; y < part->bottom; y++)
          mean_down (scratch, plane + (gsize) y * width, width, height, y, part->left, part->right,
                     radius);
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
  HlRect all = { 0, 0, width, height };

  hl_lowpass_parts (plane, scratch, width, height, radius, &all, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise of a given spectrum that depends on nothing but seed and place, so that it does not
 * matter how a picture is cut or who computes it; a part of grain_add.c.
 *
 * The filter is small, so noise is filtered where it is needed and needs no Fourier transform of
 * the whole picture (Galerne's random phase noise, made local). */

#include "restore/grain/grain_noise.h"

#include <math.h>

/* What the filter reads of a tile. */
#define AROUND (HL_GRAIN_TILE + 2 * HL_GRAIN_RADIUS)

/* The finaliser of G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014: every bit of @x changes half of the bits. */
static guint64
scramble (guint64 x)
{
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* White noise of deviation 1 at a place of the picture, by G. E. P. Box and M. E. Muller. */
static float
get_white (guint64 key, int x, int y)
{
  guint64 bits  = scramble (scramble (key + (guint32) x) + (guint32) y);
  double  first = ((bits >> 32) + 0.5) / 4294967296.0;
  double  angle = (bits & 0xffffffff) * (2 * G_PI / 4294967296.0);

  return sqrt (-2 * log (first)) * cos (angle);
}

/**
 * hl_grain_noise_make:
 * @taps: (side, side), the filter
 * @seed: any
 * @which: of the seed's independent noises, 0..2
 * @x0: column of the tile's first pixel in the photograph
 * @y0: likewise its row
 * @fill: (height, width), rows @stride apart: noise is wanted where it is > 0
 * @stride: in floats
 * @width: of the tile, 1..32
 * @height: likewise
 * @noise: (out): (32, 32), Gaussian, of the deviation 1 if the squares of @taps sum up to 1;
 *   where there is no fill it may be left as it was
 */
void
hl_grain_noise_make (const float *taps, guint32 seed, int which, int x0, int y0, const float *fill,
                     int stride, int width, int height, float noise[HL_GRAIN_TILE][HL_GRAIN_TILE])
{
  guint64 key = scramble (3 * (guint64) seed + which + 1);
  float   white[AROUND][AROUND];

  for (int y = 0; y < height + 2 * HL_GRAIN_RADIUS; y++)
    for (int x = 0; x < width + 2 * HL_GRAIN_RADIUS; x++)
      white[y][x] = get_white (key, x0 + x - HL_GRAIN_RADIUS, y0 + y - HL_GRAIN_RADIUS);
  for (int y = 0; y < height; y++, fill += stride)
    {
      int low = 0, high = width;

      while (low < high && !(fill[low] > 0))
        low++;
      while (low < high && !(fill[high - 1] > 0))
        high--;
      for (int x = low; x < high; x++)
        noise[y][x] = 0;
      for (int t = 0; t < HL_GRAIN_TAPS; t++)
        for (int x = low; x < high; x++)
          noise[y][x] += taps[t] * white[y + t / HL_GRAIN_SIDE][x + t % HL_GRAIN_SIDE];
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the search for a blur share: a picture with the statistics of photographs. */
#pragma once

#include <math.h>
#include <string.h>

#include "restore/blur/psf.h"
#include "restore/linear_light.h"

/* Discs of all sizes that hide each other ("dead leaves": A. B. Lee, D. Mumford, J. Huang, IJCV
 * 41, 2001), whose spectrum falls like that of photographs. */
static inline HlImage *
discs_new (int channels, int side)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  HlImage *image           = hl_image_new (channels, side, side, NULL);

  for (int n = 0; n < side * side / 12; n++)
    {
      double x = g_rand_double_range (random, 0, side), y = g_rand_double_range (random, 0, side);
      double r     = 2 / sqrt (g_rand_double_range (random, 4e-4, 1));
      float  value = g_rand_double_range (random, 0.08, 0.9);

      for (int j = MAX (y - r - 1, 0); j < MIN (y + r + 2, side); j++)
        for (int i = MAX (x - r - 1, 0); i < MIN (x + r + 2, side); i++)
          for (int c = 0; c < channels; c++)
            {
              float *to = image->planes + (c * side + j) * side + i;
              float  in = CLAMP (r + 0.5 - hypot (i - x, j - y), 0, 1);

              *to += in * (value + 0.03f * c - *to);
            }
    }
  return image;
}

static inline int
discs_reflect (int i, int side)
{
  return i < 0 ? -1 - i : i < side ? i : 2 * side - 1 - i;
}

/* Blurred along @curve by a plain sum, with white noise. */
static inline HlImage *
discs_blur (const HlImage *sharp, const HlPsf *psf, HlCurve curve, double noise)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  int      side = sharp->width, reach = psf->side / 2;
  gsize    pixels = (gsize) side * side;
  HlImage *image = hl_image_copy (sharp, NULL), *light = hl_image_copy (sharp, NULL);

  hl_curve_decode_all (curve, light->planes, sharp->channels * pixels);
  for (int c = 0; c < sharp->channels; c++)
    for (int y = 0; y < side; y++)
      for (int x = 0; x < side; x++)
        {
          double sum = 0;

          for (int j = -reach; j <= reach; j++)
            for (int i = -reach; i <= reach; i++)
              sum += psf->weights[(j + reach) * psf->side + i + reach]
                     * light->planes[c * pixels + discs_reflect (y + j, side) * side
                                     + discs_reflect (x + i, side)];
          sum = hl_curve_encode (curve, sum);
          /* The sum of twelve is nearly Gaussian. */
          for (int k = 0; k < 12; k++)
            sum += noise * (g_rand_double (random) - 0.5);
          image->planes[c * pixels + y * side + x] = sum;
        }
  hl_image_free (light);
  return image;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the flattest patches of a plane hold at high frequencies; a part of noise.c, which says
 * why. */

#include "restore/noise_bands.h"

#include <stdlib.h>

#define SIDE 8 /* of a patch, pixels */

/* Frequencies (u, v) by u + v: those below show which patches are flat, those of the middle and
 * of the high band how strong the noise is. */
#define MIDDLE 4
#define HIGH 8
#define MIDDLE_END 7

/* Patches per channel at most, about. Derived: the flat ones among them are then some 120 a group,
 * whose mean square is known to 2 %. */
#define ENOUGH_PATCHES 20000

/* With fewer patches none of them need be flat. */
#define FEWEST_PATCHES 256

/* Of each group of patches of like brightness, those that are flat if any is. */
#define FLAT_SHARE 0.03
#define FEWEST_FLAT 24

/* Black and white that were cut off hold no noise any more. Patches with more than a few
 * such pixels are left out; leaving out all would favour patches that have less noise. */
#define MOST_CLIPPED (SIDE * SIDE / 10)

/* Half a step of an 8-bit picture. */
#define NEARLY (0.5f / 255.0f)

typedef struct
{
  int   x, y;
  float mean, low; /* brightness, energy at low frequencies */
} Patch;

/* The cosine transform's matrix: (frequency, pixel), orthonormal. */
static void
make_cosines (float cosines[SIDE][SIDE])
{
  for (int u = 0; u < SIDE; u++)
    for (int i = 0; i < SIDE; i++)
      cosines[u][i] = sqrt ((u ? 2.0 : 1.0) / SIDE) * cos (G_PI * (2 * i + 1) * u / (2.0 * SIDE));
}

/* The squares of the cosine transform of the patch at @x, @y. */
static void
transform (const HlNoiseView *view, float cosines[SIDE][SIDE], int x, int y,
           float energy[SIDE][SIDE])
{
  float rows[SIDE][SIDE];

  for (int j = 0; j < SIDE; j++)
    for (int u = 0; u < SIDE; u++)
      {
        const float *from = view->plane + (gsize) (y + j) * view->width + x;

        rows[j][u] = 0;
        for (int i = 0; i < SIDE; i++)
          rows[j][u] += cosines[u][i] * from[i];
      }
  for (int v = 0; v < SIDE; v++)
    for (int u = 0; u < SIDE; u++)
      {
        float sum = 0;

        for (int j = 0; j < SIDE; j++)
          sum += cosines[v][j] * rows[j][u];
        energy[v][u] = sum * sum;
      }
}

/* Whether the patch at @x, @y may be used. */
static gboolean
is_usable (const HlNoiseView *view, int x, int y)
{
  int clipped = 0;

  for (int j = 0; j < SIDE; j++)
    for (int i = 0; i < SIDE; i++)
      {
        gsize at = (gsize) (y + j) * view->width + x + i;

        if (!hl_noise_is_sound (view, at))
          return FALSE;
        clipped += view->plane[at] <= NEARLY || view->plane[at] >= 1.0f - NEARLY;
      }
  return clipped <= MOST_CLIPPED;
}

/* Sets @n to how many there are: none without memory. */
static Patch *
find_patches (const HlNoiseView *view, float cosines[SIDE][SIDE], guint *n)
{
  /* An odd step meets all phases of JPEG's blocks alike. */
  int    step    = (int) sqrt ((double) view->width * view->height / ENOUGH_PATCHES) | 1;
  Patch *patches = g_try_new (Patch, (gsize) (view->width / step + 1) * (view->height / step + 1));

  *n = 0;
  if (!patches)
    return NULL;
  for (int y = 0; y + SIDE <= view->height; y += step)
    for (int x = 0; x + SIDE <= view->width; x += step)
      if (is_usable (view, x, y))
        {
          Patch patch = { .x = x, .y = y };
          float energy[SIDE][SIDE];

          transform (view, cosines, x, y, energy);
          patch.mean = energy[0][0];
          for (int v = 0; v < MIDDLE; v++)
            for (int u = v ? 0 : 1; u + v < MIDDLE; u++)
              patch.low += energy[v][u];
          patches[(*n)++] = patch;
        }
  return patches;
}

static int
compare_means (const void *a, const void *b)
{
  const Patch *x = a, *y = b;

  return (x->mean > y->mean) - (x->mean < y->mean);
}

static int
compare_lows (const void *a, const void *b)
{
  const Patch *x = a, *y = b;

  return (x->low > y->low) - (x->low < y->low);
}

/* Of the flattest patches of a group, which are sorted. */
static HlNoiseBands
measure (const HlNoiseView *view, float cosines[SIDE][SIDE], Patch *patches, int n)
{
  int          flat = MIN (MAX (FEWEST_FLAT, (int) (FLAT_SHARE * n)), n), highs = 0, middles = 0;
  HlNoiseBands bands = { 0 };

  qsort (patches, n, sizeof (Patch), compare_lows);
  for (int i = 0; i < flat; i++)
    {
      float energy[SIDE][SIDE];

      transform (view, cosines, patches[i].x, patches[i].y, energy);
      for (int v = 0; v < SIDE; v++)
        for (int u = 0; u < SIDE; u++)
          if (u + v >= HIGH)
            {
              bands.high += energy[v][u];
              highs++;
            }
          else if (u + v >= MIDDLE && u + v < MIDDLE_END)
            {
              bands.middle += energy[v][u];
              middles++;
            }
    }
  bands.high /= highs;
  bands.middle /= middles;
  return bands;
}

/**
 * hl_noise_bands_blur_white:
 * @blur: standard deviation of a Gaussian, pixels
 * @all: (out): the variance that is left of white noise of variance 1 after it
 *
 * Returns: what is left in the bands
 */
HlNoiseBands
hl_noise_bands_blur_white (double blur, double *all)
{
  HlNoiseBands bands = { 0 };
  int          highs = 0, middles = 0;

  *all = 0;
  for (int v = 0; v < SIDE; v++)
    for (int u = 0; u < SIDE; u++)
      {
        double s = exp (-pow (blur * G_PI / SIDE, 2) * (u * u + v * v));

        *all += s / (SIDE * SIDE);
        if (u + v >= HIGH)
          {
            bands.high += s;
            highs++;
          }
        else if (u + v >= MIDDLE && u + v < MIDDLE_END)
          {
            bands.middle += s;
            middles++;
          }
      }
  bands.high /= highs;
  bands.middle /= middles;
  return bands;
}

/**
 * hl_noise_bands_measure:
 * @view: a plane
 * @bands: (out): of each group of like brightness
 *
 * Returns: whether there were enough patches to measure
 */
gboolean
hl_noise_bands_measure (const HlNoiseView *view, HlNoiseBands bands[HL_NOISE_GROUPS])
{
  float             cosines[SIDE][SIDE];
  g_autofree Patch *patches = NULL;
  guint             n;

  make_cosines (cosines);
  patches = find_patches (view, cosines, &n);
  if (n < FEWEST_PATCHES)
    return FALSE;
  qsort (patches, n, sizeof (Patch), compare_means);
  for (int i = 0; i < HL_NOISE_GROUPS; i++)
    {
      guint first = n * i / HL_NOISE_GROUPS;
      guint end   = n * (i + 1) / HL_NOISE_GROUPS;

      bands[i] = measure (view, cosines, patches + first, end - first);
    }
  return TRUE;
}

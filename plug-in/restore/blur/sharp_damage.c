/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage of a scan is sharper than a blur allows.
 *
 * Dust, cracks and flakes lie on the print, and are blurred only if the scan is. Where they are
 * sharp, a soft photograph was taken out of focus or printed so, and its grain and each speck that
 * was not found are sharp too: to undo the blur would draw rings around them all.
 */
#include "restore/blur/sharp_damage.h"

#include <math.h>

#include "restore/softness.h"

/* Pixels around the damage that have its edges. */
#define AROUND 2

/* The strongest changes tell. */
#define STRONGEST 0.05

/* Changes to judge by at least. */
#define FEWEST 200

/* Sharp is what has less than this share of the softness of an edge under the blur. A line is less
 * soft than an edge: drawn scratches and dust on three photographs have 1.8 to 2.0 where they are
 * sharp, and blurred by Gaussians of 1, 1.2 and 2 pixels 2.2 to 2.4, 2.4 to 2.6 and 3.1 to 3.2,
 * where edges have 2.9, 3.1 and 3.6. */
#define SHARE 0.72

/* Whether a pixel is damaged or close to what is. */
static gboolean
is_around (const float *target, int width, int height, int x, int y)
{
  for (int v = MAX (y - AROUND, 0); v <= MIN (y + AROUND, height - 1); v++)
    for (int u = MAX (x - AROUND, 0); u <= MIN (x + AROUND, width - 1); u++)
      if (target[(gsize) v * width + u] > 0)
        return TRUE;
  return FALSE;
}

/* The softness of the damage, or 0 where there is too little of it. */
static double
measure_damage (const HlImage *image, const float *target)
{
  int                    width = image->width, height = image->height;
  g_autofree HlSoftness *softness = g_new0 (HlSoftness, 1);

  for (int c = 0; c < image->channels; c++)
    for (int y = 2; y + 2 < height; y++)
      for (int x = 2; x + 2 < width; x++)
        if (is_around (target, width, height, x, y))
          {
            const float *at = image->planes + ((gsize) c * height + y) * width + x;

            hl_softness_add (softness, at[1] - at[-1], at[2] - at[-2]);
            hl_softness_add (softness, at[width] - *(at - width),
                             at[2 * width] - *(at - 2 * width));
          }
  return hl_softness_get (softness, STRONGEST, FEWEST);
}

/* The softness of an edge along columns or rows once it is blurred. */
static double
get_edge (const HlPsf *psf, gboolean across)
{
  int                n       = psf->side + 4;
  g_autofree double *profile = g_new0 (double, n + 4);
  double             near = 0, far = 0;

  for (int i = 0; i < psf->side; i++)
    for (int j = 0; j < psf->side; j++)
      profile[4 + i] += psf->weights[across ? j * psf->side + i : i * psf->side + j];
  for (int i = 1; i < n + 4; i++)
    profile[i] += profile[i - 1];
  for (int i = 2; i < n + 2; i++)
    {
      near += (profile[i + 1] - profile[i - 1]) * (profile[i + 1] - profile[i - 1]);
      far += (profile[i + 2] - profile[i - 2]) * (profile[i + 2] - profile[i - 2]);
    }
  return far / near;
}

/**
 * hl_sharp_damage_is_seen:
 * @image: (C, H, W), a scan; need not be finite where it is damaged
 * @target: (H, W), above 0 where it is
 * @psf: a blur
 *
 * Returns: whether there is damage enough to judge by, and the scan cannot have been blurred so
 */
gboolean
hl_sharp_damage_is_seen (const HlImage *image, const float *target, const HlPsf *psf)
{
  double damage = measure_damage (image, target);

  return damage > 0 && damage < SHARE * fmin (get_edge (psf, FALSE), get_edge (psf, TRUE));
}

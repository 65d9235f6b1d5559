/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to optical density and back: around all that is done to dyes and stains,
 * as densities are what they add up in (Beer and Lambert's law).
 *
 *   D = -log10 (light),  light = ((v + 0.055) / 1.055) ^ 2.4   =>   D = -2.4 log10 ((v + 0.055)
 * / 1.055)
 *
 * That is the curve of sRGB (IEC 61966-2-1) without its straight piece below 0.04, where the
 * density would have no bound.  Black has 3.08, so that noise in it is not blown up, and there and
 * back cost one logarithm and one exponential. */
#include "restore/colour/density.h"

#include <math.h>

#define OFFSET 0.055f
#define SCALE 1.055f

/* 2.4 log10 (2), the density of half the light of a power of one. */
#define PER_OCTAVE 0.72247199f

/* Where what is lighter than white is bent to white, and what is darker than black to black. */
#define LIGHT_KNEE 0.03f
#define DARK_KNEE 2.5f

/* log2 (@x) within 1e-7 of it, for @x above 0, by the series in (m - 1) / (m + 1); unlike log2f()
 * it works on several numbers at once. */
static inline float
log_2 (float x)
{
  union
  {
    float  f;
    gint32 i;
  } bits   = { x };
  gint32 e = (bits.i - 0x3f3504f3) >> 23; /* so that m lies about 1: 0.707 to 1.414 */
  float  s, s2;

  bits.i -= e * (1 << 23);
  s  = (bits.f - 1) / (bits.f + 1);
  s2 = s * s;
  return e
         + 2.88539008f * s
               * (1 + s2 * (1 / 3.0f + s2 * (1 / 5.0f + s2 * (1 / 7.0f + s2 * (1 / 9.0f)))));
}

/* 2 to the power of @y, likewise. */
static inline float
exp_2 (float y)
{
  union
  {
    gint32 i;
    float  f;
  } whole;
  gint32 n = (gint32) (y + 1024.5f) - 1024; /* the nearest */
  float  g = (y - n) * 0.69314718f;         /* -0.35 to 0.35 */

  whole.i = (CLAMP (n, -126, 127) + 127) << 23;
  g       = 1
      + g * (1 + g * (1 / 2.0f + g * (1 / 6.0f + g * (1 / 24.0f + g * (1 / 120.0f + g / 720.0f)))));
  return whole.f * g;
}

/**
 * hl_density_from_values:
 * @values: (n), perceptual, 0 black to 1 white; what is below counts as black, what is not a
 *   number too
 * @densities: (n) (out): 0 white to %HL_DENSITY_DARKEST, below 0 for what is beyond white; may be
 *   @values
 * @n: how many
 */
void
hl_density_from_values (const float *values, float *densities, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float v = values[i] > 0 ? values[i] : 0;

      densities[i] = -PER_OCTAVE * log_2 (((v < 1e4f ? v : 1e4f) + OFFSET) / SCALE);
    }
}

/**
 * hl_density_to_values:
 * @densities: (n), -9 to 9
 * @values: (n) (out): the inverse of hl_density_from_values(); may be @densities
 * @n: how many
 */
void
hl_density_to_values (const float *densities, float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = SCALE * exp_2 (densities[i] * (-1 / PER_OCTAVE)) - OFFSET;
}

/**
 * hl_density_limit:
 * @densities: (n), any; bent so that they lie between 0 and %HL_DENSITY_DARKEST
 * @n: how many
 *
 * What two pixels differ in stays different: nothing is clipped.  From 0.03 to 2.5 nothing changes;
 * beyond, a hyperbola of the same slope approaches the rest of the way.
 */
void
hl_density_limit (float *densities, gsize n)
{
  const float rest = HL_DENSITY_DARKEST - DARK_KNEE;

  for (gsize i = 0; i < n; i++)
    {
      float d     = densities[i];
      float light = d < LIGHT_KNEE ? d : LIGHT_KNEE, dark = d > DARK_KNEE ? d - DARK_KNEE : 0;

      light        = LIGHT_KNEE * LIGHT_KNEE / (2 * LIGHT_KNEE - light);
      dark         = rest * dark / (rest + dark);
      d            = d < LIGHT_KNEE ? light : d;
      densities[i] = d > DARK_KNEE ? DARK_KNEE + dark : d;
    }
}

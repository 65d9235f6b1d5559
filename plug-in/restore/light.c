/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to light and back: around the deconvolution, as it is light that a
 * lens blurs.
 *
 * The curve is that of sRGB (IEC 61966-2-1), continued beyond white and, point-symmetric, below
 * black, since a float picture may go there. Colour is split into luminance and two differences
 * of colour, so that the one can be sharpened more than the others. */
#include "restore/light.h"

#include <math.h>

/* Luminance of the primaries of Rec. 709. */
#define RED 0.2126f
#define GREEN 0.7152f
#define BLUE 0.0722f

/* Where light is dark the curve is steep: less than this is not told from black. */
#define LEAST_SLOPE 0.2f

/**
 * hl_light_decode:
 * @value: perceptual, 0 black to 1 white and beyond
 *
 * Returns: the light, 0 black to 1 white and beyond
 */
float
hl_light_decode (float value)
{
  float v = fabsf (value);

  return copysignf (v <= 0.04045f ? v / 12.92f : powf ((v + 0.055f) / 1.055f, 2.4f), value);
}

/**
 * hl_light_encode:
 * @light: 0 black to 1 white and beyond
 *
 * Returns: the perceptual value, the inverse of hl_light_decode()
 */
float
hl_light_encode (float light)
{
  float v = fabsf (light);

  return copysignf (v <= 0.0031308f ? 12.92f * v : 1.055f * powf (v, 1 / 2.4f) - 0.055f, light);
}

/**
 * hl_light_get_slope:
 * @light: 0 black to 1 white and beyond
 *
 * A step of perceptual values, of noise or at an edge, is a step of light this much larger.
 *
 * Returns: the derivative of light by perceptual value, 0.2 to 2.28
 */
float
hl_light_get_slope (float light)
{
  float v = hl_light_encode (CLAMP (light, 0, 1));

  return fmaxf (2.4f / 1.055f * powf ((v + 0.055f) / 1.055f, 1.4f), LEAST_SLOPE);
}

/**
 * hl_light_split:
 * @planes: (3, pixels), the light of red, green and blue; overwritten with luminance, red less
 *   luminance, blue less luminance
 * @pixels: how many
 */
void
hl_light_split (float *planes, gsize pixels)
{
  for (gsize i = 0; i < pixels; i++)
    {
      float r = planes[i], g = planes[pixels + i], b = planes[2 * pixels + i];
      float luminance = RED * r + GREEN * g + BLUE * b;

      planes[i]              = luminance;
      planes[pixels + i]     = r - luminance;
      planes[2 * pixels + i] = b - luminance;
    }
}

/**
 * hl_light_join:
 * @planes: (3, pixels), as hl_light_split() leaves them; overwritten with red, green and blue
 * @pixels: how many
 */
void
hl_light_join (float *planes, gsize pixels)
{
  for (gsize i = 0; i < pixels; i++)
    {
      float luminance = planes[i], r = planes[pixels + i], b = planes[2 * pixels + i];

      planes[i]              = luminance + r;
      planes[pixels + i]     = luminance - (RED * r + BLUE * b) / GREEN;
      planes[2 * pixels + i] = luminance + b;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to light and back: around the deconvolution, as it is light that a
 * lens blurs.
 *
 * The curve is that of sRGB (IEC 61966-2-1), continued beyond white and, point-symmetric, below
 * black, since a float picture may go there. Colour is split into luminance and two differences
 * of colour, so that the one can be sharpened more than the others. */
#include "restore/linear_light.h"

#include <math.h>

/* Luminance of the primaries of Rec. 709. */
#define RED 0.2126f
#define GREEN 0.7152f
#define BLUE 0.0722f

/* Where light is dark the curve is steep: values below this are not distinguished from black. */
#define LEAST_SLOPE 0.2f

/* Of the curve half way to light: what is added to a value, and that and white with it to the power
 * of 1.5. */
#define TOE 0.05f
#define TOE_POWER 0.0111803399f
#define WHITE_POWER 1.0759298305f

/* @x to the power of @exponent, for @x above 0, within 1e-6 of it (0 gives a small number, and what
 * is too large for a float a large one): by the logarithm's series in (m - 1) / (m + 1) and that of
 * the exponential.  Unlike powf() it works on several numbers at once, which the compiler sees to.
 */
static inline float
power (float x, float exponent)
{
  union
  {
    float  f;
    gint32 i;
  } bits   = { x }, whole;
  gint32 e = (bits.i - 0x3f3504f3) >> 23; /* so that m lies about 1: 0.707 to 1.414 */
  float  s, s2, logarithm, y, g;
  gint32 n;

  bits.i -= e * (1 << 23);
  s         = (bits.f - 1) / (bits.f + 1);
  s2        = s * s;
  logarithm = 2.88539008f * s
              * (1 + s2 * (1 / 3.0f + s2 * (1 / 5.0f + s2 * (1 / 7.0f + s2 * (1 / 9.0f)))));
  y       = exponent * (e + logarithm);
  n       = (gint32) (y + 1024.5f) - 1024;      /* the nearest */
  g       = (y - n) * 0.69314718f;              /* -0.35 to 0.35 */
  whole.i = (CLAMP (n, -126, 127) + 127) << 23; /* what a float holds */
  return whole.f
         * (1
            + g
                  * (1
                     + g
                           * (1 / 2.0f
                              + g * (1 / 6.0f + g * (1 / 24.0f + g * (1 / 120.0f + g / 720.0f))))));
}

/* @yes where @is is 1, @no where it is 0: without a branch, for the compiler's sake. */
static inline float
mix (float is, float yes, float no)
{
  return is * yes + (1 - is) * no;
}

/**
 * hl_light_decode:
 * @value: perceptual, 0 black to 1 white and beyond
 *
 * Returns: the light, 0 black to 1 white and beyond
 */
inline float
hl_light_decode (float value)
{
  float v = fabsf (value), is_dark = v <= 0.04045f;

  return copysignf (mix (is_dark, v / 12.92f, power ((v + 0.055f) / 1.055f, 2.4f)), value);
}

/**
 * hl_light_encode:
 * @light: 0 black to 1 white and beyond
 *
 * Returns: the perceptual value, the inverse of hl_light_decode()
 */
inline float
hl_light_encode (float light)
{
  float v = fabsf (light), is_dark = v <= 0.0031308f;

  return copysignf (mix (is_dark, 12.92f * v, 1.055f * power (v, 1 / 2.4f) - 0.055f), light);
}

/* Half way to light: a power between 1 and that of sRGB, moved so that it is not flat at black. */
static inline float
decode_between (float value)
{
  return copysignf ((power (fabsf (value) + TOE, 1.5f) - TOE_POWER) / (WHITE_POWER - TOE_POWER),
                    value);
}

static inline float
encode_between (float x)
{
  return copysignf (power (fabsf (x) * (WHITE_POWER - TOE_POWER) + TOE_POWER, 2 / 3.0f) - TOE, x);
}

/**
 * hl_curve_decode:
 * @curve: which
 * @value: perceptual, 0 black to 1 white and beyond
 *
 * Returns: @value along the curve, 0 black to 1 white and beyond
 */
inline float
hl_curve_decode (HlCurve curve, float value)
{
  return curve == HL_CURVE_LIGHT     ? hl_light_decode (value)
         : curve == HL_CURVE_BETWEEN ? decode_between (value)
                                     : value;
}

/**
 * hl_curve_encode:
 * @curve: which
 * @x: 0 black to 1 white and beyond
 *
 * Returns: the perceptual value, the inverse of hl_curve_decode()
 */
inline float
hl_curve_encode (HlCurve curve, float x)
{
  return curve == HL_CURVE_LIGHT     ? hl_light_encode (x)
         : curve == HL_CURVE_BETWEEN ? encode_between (x)
                                     : x;
}

/**
 * hl_curve_decode_all:
 * @curve: which
 * @values: (n), perceptual; overwritten
 * @n: how many
 */
void
hl_curve_decode_all (HlCurve curve, float *values, gsize n)
{
  if (curve == HL_CURVE_LIGHT)
    for (gsize i = 0; i < n; i++)
      values[i] = hl_light_decode (values[i]);
  else if (curve == HL_CURVE_BETWEEN)
    for (gsize i = 0; i < n; i++)
      values[i] = decode_between (values[i]);
}

/**
 * hl_curve_encode_all:
 * @curve: which
 * @values: (n), along it; overwritten with their perceptual values
 * @n: how many
 */
void
hl_curve_encode_all (HlCurve curve, float *values, gsize n)
{
  if (curve == HL_CURVE_LIGHT)
    for (gsize i = 0; i < n; i++)
      values[i] = hl_light_encode (values[i]);
  else if (curve == HL_CURVE_BETWEEN)
    for (gsize i = 0; i < n; i++)
      values[i] = encode_between (values[i]);
}

/**
 * hl_curve_get_derivative:
 * @curve: which
 * @x: along it, 0 black to 1 white and beyond
 *
 * A step of perceptual values, of noise or at an edge, is a step along the curve this much larger.
 *
 * Returns: the derivative of the curve by perceptual value, 0.2 to 2.28
 */
inline float
hl_curve_get_derivative (HlCurve curve, float x)
{
  float v, slope;

  if (curve == HL_CURVE_VALUES)
    return 1;
  v = hl_curve_encode (curve, CLAMP (x, 0, 1));
  if (curve == HL_CURVE_BETWEEN)
    return 1.5f / (WHITE_POWER - TOE_POWER) * power (v + TOE, 0.5f);
  slope = 2.4f / 1.055f * power ((v + 0.055f) / 1.055f, 1.4f);
  return slope > LEAST_SLOPE ? slope : LEAST_SLOPE;
}

/**
 * hl_curve_get_derivatives:
 * @curve: which
 * @x: (n), along it
 * @derivatives: (n), written: of each, as hl_curve_get_derivative() has it
 * @n: how many
 *
 * Several at once, which is many times as fast.
 */
void
hl_curve_get_derivatives (HlCurve curve, const float *x, float *derivatives, gsize n)
{
  if (curve == HL_CURVE_LIGHT)
    for (gsize i = 0; i < n; i++)
      derivatives[i] = hl_curve_get_derivative (HL_CURVE_LIGHT, x[i]);
  else if (curve == HL_CURVE_BETWEEN)
    for (gsize i = 0; i < n; i++)
      derivatives[i] = hl_curve_get_derivative (HL_CURVE_BETWEEN, x[i]);
  else
    for (gsize i = 0; i < n; i++)
      derivatives[i] = 1;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to light and back. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlCurve:
 * @HL_CURVE_VALUES: none: perceptual values stay as they are
 * @HL_CURVE_LIGHT: to light
 * @HL_CURVE_BETWEEN: half way to light, for what may be either
 */
typedef enum
{
  HL_CURVE_VALUES,
  HL_CURVE_LIGHT,
  HL_CURVE_BETWEEN,
} HlCurve;

float hl_light_decode (float value);
float hl_light_encode (float light);
float hl_curve_decode (HlCurve curve, float value);
float hl_curve_encode (HlCurve curve, float x);
void  hl_curve_decode_all (HlCurve curve, float *values, gsize n);
void  hl_curve_encode_all (HlCurve curve, float *values, gsize n);
float hl_curve_get_derivative (HlCurve curve, float x);
void  hl_curve_get_derivatives (HlCurve curve, const float *x, float *derivatives, gsize n);
void  hl_light_split (float *planes, gsize pixels);
void  hl_light_join (float *planes, gsize pixels);

G_END_DECLS

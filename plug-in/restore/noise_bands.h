/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the flattest patches of a plane hold at high frequencies; a part of noise.c. */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* Groups of patches of like brightness. */
#define HL_NOISE_GROUPS 5

/**
 * HlNoiseView:
 * @plane: (H, W), 0..1; need not be finite everywhere
 * @source: (nullable): (H, W), sound where above 0
 * @width: W
 * @height: H
 */
typedef struct
{
  const float *plane;
  const float *source;
  int          width, height;
} HlNoiseView;

/**
 * HlNoiseBands:
 * @high: mean square of the coefficients of the high frequencies
 * @middle: likewise of the middle ones
 */
typedef struct
{
  double high, middle;
} HlNoiseBands;

/* Whether the pixel @i counts. */
static inline gboolean
hl_noise_is_sound (const HlNoiseView *view, gsize i)
{
  return (!view->source || view->source[i] > 0) && isfinite (view->plane[i]);
}

gboolean     hl_noise_bands_measure (const HlNoiseView *view, HlNoiseBands bands[HL_NOISE_GROUPS]);
HlNoiseBands hl_noise_bands_blur_white (double blur, double *all);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch normalisation of planes, as coefficients that whoever reads them applies. */
#pragma once

#include "nn/arena.h"
#include "nn/tile.h"

G_BEGIN_DECLS

/**
 * HlNorm:
 * @channels: C
 * @pixels: H * W
 * @mean: (C), of each plane, from the last forward pass; before the first one, zero
 * @inverse: (C), 1 / sqrt (variance + 1e-5)
 * @scale: (C), of the normalisation: gamma * inverse
 * @shift: (C), beta - mean * scale
 * @k: (C), of the gradient, see hl_norm_backward()
 * @a: (C), likewise
 * @b: (C), likewise
 * @sums: (C, parts, 2), of the backward pass
 */
typedef struct
{
  int    channels, pixels;
  float *mean, *inverse, *scale, *shift, *k, *a, *b, *sums;
} HlNorm;

void hl_norm_lay_out (HlNorm *norm, int channels, int pixels, HlArena *arena);
void hl_norm_forward (HlNorm *norm, const float *moments, int parts, const float *gamma,
                      const float *beta);
void hl_norm_measure (const HlNorm *norm, const HlEngine *engine, const float *x, float *moments);
int  hl_norm_get_parts (const HlNorm *norm);
HlSource hl_norm_activation (const HlNorm *norm, const float *x, float slope);
HlSource hl_norm_backward (HlNorm *norm, const HlEngine *engine, const float *x, const float *d,
                           float slope, const float *gamma, float *d_gamma, float *d_beta);
void     hl_norm_resolve (const HlEngine *engine, const HlSource *d_y, int channels, int pixels,
                          float *y);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 3x3 convolution with a quarter of the multiplications. */
#pragma once

#include "nn/kernels.h"

G_BEGIN_DECLS

/* Outputs a side of one small tile, what it reads a side, and the products it takes. */
#define HL_WINOGRAD_TILE 4
#define HL_WINOGRAD_REACH 6
#define HL_WINOGRAD_PRODUCTS 36

/**
 * HlWinograd:
 * @down: small tiles from top to bottom
 * @across: small tiles from left to right
 * @out_step: floats from row to row of outputs, 4 across rounded up to whole vectors
 * @count: down * across, with space for a last vector
 */
typedef struct
{
  int   down, across, out_step;
  gsize count;
} HlWinograd;

HlWinograd hl_winograd_new (int rows, int cols);
gsize      hl_winograd_get_scratch (const HlWinograd *winograd, int channels);
void       hl_winograd_pack (const float *w, gsize out_step, gsize in_step, gboolean flip,
                             int out_channels, int in_channels, int block_width, gsize row,
                             float *packed);
void  hl_winograd_transform (const HlWinograd *winograd, const HlKernels *kernels, const float *x,
                             gsize plane, gsize step, int channels, float *v);
void  hl_winograd_multiply (const HlWinograd *winograd, const HlKernels *kernels, const float *v,
                            int channels, const float *packed, int out_channels, int block_width,
                            float *m, float *out, gsize out_plane);
gsize hl_winograd_round (int channels);
gsize hl_winograd_get_step (gsize floats);
void  hl_winograd_spread (const HlWinograd *winograd, const HlKernels *kernels, const float *x,
                          gsize plane, gsize step, int reach, int channels, float *strip, float *v);
void  hl_winograd_sum (const HlWinograd *winograd, const HlKernels *kernels, const float *v,
                       int channels, const float *d, int d_channels, float *m, float *sums);

G_END_DECLS

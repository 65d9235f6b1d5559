/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layer reads: planes seen through normalisation and activation, tile by tile. */
#pragma once

#include "nn/kernels.h"
#include "nn/pool.h"

G_BEGIN_DECLS

/**
 * HlEngine:
 * @pool: shares the jobs out
 * @kernels: the inner loops
 * @scratch: (threads, scratch_size) floats, a row for each thread
 * @scratch_size: floats, at least what each layer's *_scratch() asks for
 */
typedef struct
{
  HlPool          *pool;
  const HlKernels *kernels;
  float           *scratch;
  gsize            scratch_size;
} HlEngine;

/**
 * HlSource:
 * @x: (C, H, W), row-major
 * @scale: (C), or %NULL for x as it is
 * @shift: (C)
 * @slope: of the LeakyReLU below zero; 1 for none
 * @d: (nullable): (C, H, W), the gradient of the loss by the activation
 * @k: (C), used with @d
 * @a: (C), used with @d
 * @b: (C), used with @d
 *
 * What a convolution reads is never stored: without @d it is the activation
 * LeakyReLU (scale x + shift), with @d the gradient of the loss by x itself,
 * k LeakyReLU'(scale x + shift) d + a + b x (see norm.c), both formed while loading.
 */
typedef struct
{
  const float *x;
  const float *scale;
  const float *shift;
  float        slope;
  const float *d;
  const float *k;
  const float *a;
  const float *b;
} HlSource;

typedef enum
{
  HL_BORDER_REFLECT,
  HL_BORDER_ZERO,
} HlBorder;

/* Rows top..bottom - 1 and columns left..right - 1. */
typedef struct
{
  int top, bottom, left, right;
} HlTile;

int  hl_reflect (int i, int n);
void hl_source_load (const HlSource *source, const HlKernels *kernels, int channel, int height,
                     int width, HlBorder border, HlTile tile, float *y);

/**
 * HlGrid:
 * @down: tiles from top to bottom
 * @across: tiles from left to right
 * @height: of what is cut into tiles
 * @width: likewise
 */
typedef struct
{
  int down;
  int across;
  int height;
  int width;
} HlGrid;

HlGrid hl_grid_new (int height, int width, int channels, int halo);
HlTile hl_grid_get_tile (const HlGrid *grid, int index);
gsize  hl_grid_get_largest (const HlGrid *grid, int halo);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution with padding, stride 1 or 2: forward, and both gradients. */
#pragma once

#include "nn/arena.h"
#include "nn/tile.h"

G_BEGIN_DECLS

/**
 * HlConv:
 * @in_channels: planes read
 * @out_channels: planes written
 * @kernel: taps a side, odd
 * @stride: 1 or 2
 * @in_height: rows read
 * @in_width: columns read
 * @out_height: ceil (in_height / stride)
 * @out_width: ceil (in_width / stride)
 * @border: what lies outside of what is read: reflected, unless changed after hl_conv_init()
 * @frozen: whether no gradients will be asked for, which takes less memory: %FALSE, unless
 *   changed after hl_conv_init()
 * @tiled: whether it is run by hl_conv_active_forward() instead: likewise
 *
 * The rest is how the work is cut, set by hl_conv_init() and hl_conv_lay_out().
 */
typedef struct
{
  int      in_channels, out_channels, kernel, stride;
  int      in_height, in_width, out_height, out_width;
  HlBorder border;
  gboolean frozen, tiled;
  HlGrid   forward, backward;
  gboolean winograd;
  int      forward_groups, backward_groups, weight_groups, weight_parts;
  float   *packed, *packed_transposed;
  float   *moments, *weight_sums;
} HlConv;

void  hl_conv_init (HlConv *conv, int in_channels, int out_channels, int kernel, int stride,
                    int height, int width);
gsize hl_conv_get_scratch (const HlConv *conv);
void  hl_conv_lay_out (HlConv *conv, HlArena *arena);
void  hl_conv_pack (HlConv *conv, const float *w);
void hl_conv_forward (const HlConv *conv, const HlEngine *engine, const HlSource *x, const float *w,
                      const float *bias, const float *centre, float *y);
void hl_conv_backward_data (const HlConv *conv, const HlEngine *engine, const HlSource *d_y,
                            const float *w, gboolean add, float *d_x);
void hl_conv_backward_weights (const HlConv *conv, const HlEngine *engine, const HlSource *x,
                               const HlSource *d_y, float *d_w);
double hl_conv_get_operations (const HlConv *conv);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution of the active tiles alone. */
#pragma once

#include "nn/active.h"
#include "nn/conv.h"

G_BEGIN_DECLS

/**
 * HlActiveLoad:
 * @data: as set in #HlActiveSource
 * @spot: a tile
 * @pixels: (6, 6, C rounded up to %HL_LANES), the tile and one pixel around it, zero beyond the
 *   scale; written
 */
typedef void (*HlActiveLoad) (gpointer data, HlSpot spot, float *pixels);

/**
 * HlActiveSource:
 * @x: (nullable): (count, 16, C rounded up to %HL_LANES), the active tiles, see #HlActive
 * @load: (nullable): what is asked without @x
 * @data: for @load
 *
 * What a layer reads.
 */
typedef struct
{
  const float *x;
  HlActiveLoad load;
  gpointer     data;
} HlActiveSource;

/**
 * HlConvFinish:
 * @plus: (nullable): laid out as the result, what is added, the second only with the first
 * @rectified: whether what is below zero becomes zero, without @plus
 */
typedef struct
{
  const float *plus[2];
  gboolean     rectified;
} HlConvFinish;

gsize hl_conv_active_get_scratch (int in_channels);
gsize hl_conv_active_get_packed (int in_channels, int out_channels);
void  hl_conv_active_pack (const HlConv *conv, const float *w);
void  hl_conv_active_forward (const HlConv *conv, const HlEngine *engine, const HlActive *active,
                              const HlActiveSource *source, const HlConvFinish *finish, float *y);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four pixels into four channels and back, and the 2x2 convolutions made of it. */
#pragma once

#include "nn/tile.h"

G_BEGIN_DECLS

gsize hl_shuffle_get_scratch (int channels, int height, int width);
void  hl_shuffle_down (const HlEngine *engine, const float *w, int in_channels, int out_channels,
                       int height, int width, const float *x, float *y);
void  hl_shuffle_up (const HlEngine *engine, float scale, const float *w, int in_channels,
                     int out_channels, int height, int width, const float *x, float *y);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 2x2 convolutions for the active tiles alone. */
#pragma once

#include "nn/active.h"
#include "nn/tile.h"

G_BEGIN_DECLS

gsize hl_shuffle_active_get_scratch (int fine, int coarse);
void  hl_shuffle_active_down (const HlEngine *engine, const HlActive *coarse, const float *w,
                              int in_channels, int out_channels, int height, int width,
                              const float *x, float *y);
void  hl_shuffle_active_up (const HlEngine *engine, const HlActive *coarse, const HlActive *fine,
                            float scale, const float *w, int in_channels, int out_channels,
                            int height, int width, const float *x, float *y);

G_END_DECLS

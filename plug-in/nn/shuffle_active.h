/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 2x2 convolutions for the active tiles alone. */
#pragma once

#include "nn/active.h"
#include "nn/tile.h"

G_BEGIN_DECLS

gsize hl_shuffle_active_get_scratch (int fine);
gsize hl_shuffle_active_get_packed (int fine, int coarse);
void hl_shuffle_active_pack_down (const float *w, int in_channels, int out_channels, float *packed);
void hl_shuffle_active_pack_up (const float *w, int in_channels, int out_channels, float *packed);
void hl_shuffle_active_down (const HlEngine *engine, const HlActive *fine, const HlActive *coarse,
                             const float *packed, int in_channels, int out_channels, const float *x,
                             float *y);
void hl_shuffle_active_up (const HlEngine *engine, const HlActive *coarse, const HlActive *fine,
                           float scale, const float *packed, int in_channels, int out_channels,
                           const float *x, float *y);

G_END_DECLS

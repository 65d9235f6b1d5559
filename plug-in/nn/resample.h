/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enlarging by two, bilinear or nearest, and its adjoint. */
#pragma once

#include "nn/tile.h"

G_BEGIN_DECLS

typedef enum
{
  HL_UPSAMPLE_BILINEAR,
  HL_UPSAMPLE_NEAREST,
} HlUpsample;

void hl_upsample_forward (const HlEngine *engine, HlUpsample how, const HlSource *x, int channels,
                          int in_height, int in_width, int height, int width, float *y);
void hl_upsample_backward (const HlEngine *engine, HlUpsample how, const HlSource *d_y,
                           int first_channel, int channels, int in_height, int in_width, int height,
                           int width, float *d_x);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution of the active tiles alone. */
#pragma once

#include "nn/active.h"
#include "nn/conv.h"

G_BEGIN_DECLS

/**
 * HlConvFinish:
 * @plus: (nullable): (O, H, W), what is added, the second only with the first
 * @rectified: whether what is below zero becomes zero, without @plus
 */
typedef struct
{
  const float *plus[2];
  gboolean     rectified;
} HlConvFinish;

int   hl_conv_active_get_most (int channels);
gsize hl_conv_active_get_scratch (const HlConv *conv, int channels);
void  hl_conv_active_forward (const HlConv *conv, const HlEngine *engine, const HlActive *active,
                              const float *x, const HlConvFinish *finish, float *y);

G_END_DECLS

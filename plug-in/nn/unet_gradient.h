/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradient of the denoiser's network by the weights of its 3x3 layers. */
#pragma once

#include "nn/unet.h"

G_BEGIN_DECLS

/**
 * HlUnetGradient:
 * @d_noise: (12, H / 2, W / 2), gradient of the loss by net->noise, to be set
 * @d: gradient by what a stage writes, at each scale
 * @d_inner: likewise within a block, by the activation
 * @d_head: likewise by what the head writes
 */
typedef struct
{
  float *d_noise, *d[HL_UNET_SCALES], *d_inner[HL_UNET_SCALES], *d_head;
} HlUnetGradient;

void hl_unet_gradient_lay_out (HlUnetGradient *gradient, const HlUnet *net, HlArena *arena);
void hl_unet_backward (const HlUnet *net, const HlUnetGradient *gradient, const HlEngine *engine,
                       const float *weights, float *d_weights);

G_END_DECLS

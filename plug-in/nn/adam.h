/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The optimiser. */
#pragma once

#include "nn/tile.h"

G_BEGIN_DECLS

/**
 * HlAdam:
 * @rate: learning rate
 * @beta1: decay of the mean of the gradients
 * @beta2: decay of the mean of their squares
 * @epsilon: added to the root of the latter
 * @step: steps made so far
 */
typedef struct
{
  float rate, beta1, beta2, epsilon;
  guint step;
} HlAdam;

void hl_adam_init (HlAdam *adam, float rate);
void hl_adam_step (HlAdam *adam, const HlEngine *engine, gsize n, float *w, const float *d_w,
                   float *m, float *v);

G_END_DECLS

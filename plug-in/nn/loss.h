/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sigmoid and mean squared error over the known pixels. */
#pragma once

#include "nn/tile.h"

G_BEGIN_DECLS

double hl_loss (const HlEngine *engine, int channels, int pixels, const float *y,
                const float *target, const float *known, double known_sum, float *out, float *d_y,
                double *sums);
int    hl_loss_get_parts (int pixels);

G_END_DECLS

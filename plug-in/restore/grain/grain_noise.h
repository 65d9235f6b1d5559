/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise of a given spectrum that depends on seed and place only; a part of grain_add.c. */
#pragma once

#include "restore/grain/grain.h"

G_BEGIN_DECLS

#define HL_GRAIN_TILE 32 /* pixels a side */

void hl_grain_noise_make (const float *taps, guint32 seed, int which, int x0, int y0,
                          const float *fill, int stride, int width, int height,
                          float noise[HL_GRAIN_TILE][HL_GRAIN_TILE]);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_PALETTE_H
#define HL_TRAIN_PALETTE_H

#include "random.h"

#define HL_PALETTE_MAX 10

/* The colours of one picture: red, green, blue in 0..1, as a screen takes them. */
typedef struct
{
  int   n;
  float color[HL_PALETTE_MAX][3];
  float spread_light; /* deviation of the logarithm of the brightness about a colour */
  float spread_hue;   /* deviation of each channel's */
} HlPalette;

void hl_palette_init (HlPalette *palette, HlRandom *random);
void hl_palette_pick (const HlPalette *palette, HlRandom *random, float where, float *color);
void hl_palette_vary (const HlPalette *palette, HlRandom *random, float amount, float *color);

#endif /* HL_TRAIN_PALETTE_H */

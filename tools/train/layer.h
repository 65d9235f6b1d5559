/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_LAYER_H
#define HL_TRAIN_LAYER_H

#include "fill.h"
#include "outline.h"

#define HL_LAYER_CROSSINGS 24

/* One sheet of the picture at one distance from the camera. */
typedef struct
{
  int    side;      /* in pixels of the canvas */
  int    painted;   /* how many pixels are */
  float *color;     /* (side, side, 4): red, green, blue times cover, and cover, 0..1 */
  float *spare;     /* (side, side, 4) */
  float *crossing;  /* (side, HL_LAYER_CROSSINGS) */
  int   *crossings; /* (side) */
} HlLayer;

int  hl_layer_init (HlLayer *layer, int side);
void hl_layer_clear (HlLayer *layer);
void hl_layer_wipe (HlLayer *layer);
void hl_layer_paint (HlLayer *layer, const HlOutline *outline, const HlFill *fill);
void hl_layer_blur (HlLayer *layer, float sigma);
void hl_layer_lay (const HlLayer *layer, HlLayer *below);
void hl_layer_shade (const HlLayer *layer, HlLayer *below, int dx, int dy, float darkness);

#endif /* HL_TRAIN_LAYER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_SCENE_H
#define HL_TRAIN_SCENE_H

#include "layer.h"

/* How one picture is put together, and where it stands. */
typedef struct
{
  const HlFields *fields;
  HlRandom        random;
  HlPalette       palette;
  float           smallest, largest;  /* radii, in pixels of the canvas */
  float           exponent;           /* of their density */
  float           textured;           /* share of leaves with a pattern */
  float           rough;              /* how rough those without are on the average */
  float           locality;           /* 0..1: how much neighbours resemble each other */
  float           upright;            /* share of leaves that stand level */
  float           kinds[HL_OUTLINES]; /* which shapes: shares, the last sum is 1 */
  float           crowding;           /* below 0: leaves lie anywhere; above: together */
  float           plan[2];            /* where in the slow fields the picture lies */
} HlScene;

void hl_scene_init (HlScene *scene, const HlFields *fields, uint64_t seed, uint64_t index,
                    int side);
void hl_scene_paint (HlScene *scene, HlLayer *picture, HlLayer *sheet);

#endif /* HL_TRAIN_SCENE_H */

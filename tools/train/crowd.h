/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_CROWD_H
#define HL_TRAIN_CROWD_H

#include "scene.h"

void hl_crowd_color (HlScene *scene, float x, float y, float *color);
void hl_crowd_paint_leaf (HlScene *scene, HlLayer *layer);
void hl_crowd_paint_flock (HlScene *scene, HlLayer *layer);
void hl_crowd_paint_grid (HlScene *scene, HlLayer *layer);
void hl_crowd_paint_hair (HlScene *scene, HlLayer *layer);
void hl_crowd_paint_letters (HlScene *scene, HlLayer *layer);

#endif /* HL_TRAIN_CROWD_H */

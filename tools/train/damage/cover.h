/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_COVER_H
#define HL_TRAIN_COVER_H

#include "canvas.h"

typedef struct
{
  float x, y;
} HlPoint;

void hl_cover_wipe (HlCover *cover);
void hl_cover_whole (HlCover *cover);
void hl_cover_copy (HlCover *cover, const HlCover *from);
void hl_cover_blur (HlCover *cover, float *spare, float sigma);
void hl_cover_segment (HlCover *cover, HlPoint a, HlPoint b, float wide_a, float wide_b,
                       float value);
void hl_cover_line (HlCover *cover, const HlPoint *points, int count, float width, float value);
void hl_cover_polygon (HlCover *cover, const HlPoint *points, int count, float value);
void hl_cover_ellipse (HlCover *cover, float x, float y, float rx, float ry, float turn,
                       float value);
void hl_cover_scale (HlCover *cover, float highest);

#endif /* HL_TRAIN_COVER_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_PATH_H
#define HL_TRAIN_PATH_H

#include "cover.h"

#define HL_PATH_MOST 512

/* A line with a width at each point. */
typedef struct
{
  int     count;
  HlPoint point[HL_PATH_MOST];
  float   width[HL_PATH_MOST];
  float   value[HL_PATH_MOST]; /* 0..1: how strong it is there */
} HlPath;

/* How cracks run; hl_cover_cracks() draws a tree of them. */
typedef struct
{
  float        jag;   /* how much the direction jumps at each step, radians */
  float        fork;  /* share of steps at which a branch leaves */
  float        gaps;  /* share that is closed */
  float        worn;  /* how much the width depends on the place, in the logarithm */
  const float *place; /* (side, side): where the width is large; used if worn is not 0 */
} HlCracks;

HlPoint hl_point_anywhere (HlCanvas *canvas, float beyond);
HlPoint hl_point_edge (HlCanvas *canvas, float *angle);
void    hl_path_curve (HlCanvas *canvas, HlPath *path, HlPoint start, float angle, float length,
                       float bend, float step, float jag);
void    hl_path_taper (HlCanvas *canvas, HlPath *path, float least);
void    hl_path_vary (HlCanvas *canvas, HlPath *path, float amount, float size);
void    hl_path_break (HlCanvas *canvas, HlPath *path, float size, float share);
void    hl_cover_path (HlCover *cover, const HlPath *path, float width, float value);
void    hl_cover_cracks (HlCanvas *canvas, HlCover *cover, const HlCracks *cracks, HlPoint start,
                         float angle, float length, float width, int depth);
void    hl_cover_blob (HlCanvas *canvas, HlCover *cover, HlPoint at, float radius, float ragged,
                       int corners, float value);

#endif /* HL_TRAIN_PATH_H */

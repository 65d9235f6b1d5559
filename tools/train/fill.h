/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_FILL_H
#define HL_TRAIN_FILL_H

#include "field.h"
#include "palette.h"

typedef enum
{
  HL_FILL_PLAIN,
  HL_FILL_NOISE,
  HL_FILL_RIDGES,
  HL_FILL_STRIPES,
  HL_FILL_CHECKS,
  HL_FILL_WEAVE,
  HL_FILL_LATTICE,
} HlFillKind;

/* What a shape is painted with: a colour, its shading, and a pattern over both. */
typedef struct
{
  HlFillKind kind;
  float      color[3];
  float      other[3]; /* the pattern's second colour */
  float      x, y;     /* the middle of the shading and of the pattern, in pixels */

  float slope[2]; /* of the brightness, a pixel */
  float bulge;    /* how dark it becomes at @radius */
  float radius;

  const float *folds; /* uneven shading: cloth, skin, hills; NULL for none */
  float        folds_scale, folds_size;

  const float *tile;
  float        turn[4];  /* pixels to the pattern's own coordinates, (2, 2) */
  float        shift[2]; /* of the pattern, in its own coordinates */
  float        tilt[2];  /* perspective: 1 + tilt . (x, y) divides */
  float        strength; /* of the pattern, 1 for all the way between the two colours */
  float        hardness; /* of a wave's edges, 0 for a sine */
  float        duty;     /* -1..1: what share of a period is the second colour */

  const float *bend; /* NULL where straight */
  float        bend_scale, bend_size;

  const float *patches; /* where the pattern is strong and weak; NULL for everywhere the same */
  float        patches_scale;

  const float *dust; /* a second, fine texture; NULL for none */
  float        dust_scale, dust_size;

  const float *holes; /* where it is open; NULL for nowhere */
  float        holes_scale, holes_level;
} HlFill;

void hl_fill_init (HlFill *fill, const HlFields *fields, const HlPalette *palette, float textured,
                   float rough, HlRandom *random);
void hl_fill_place (HlFill *fill, const HlFields *fields, float x, float y, float radius,
                    HlRandom *random);
int  hl_fill_color (const HlFill *fill, float x, float y, float *color);

#endif /* HL_TRAIN_FILL_H */

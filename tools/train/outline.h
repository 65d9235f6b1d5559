/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_OUTLINE_H
#define HL_TRAIN_OUTLINE_H

#include "random.h"

#define HL_OUTLINE_MAX 256

/* A closed line of n corners (x, y). */
typedef struct
{
  int   n;
  float at[HL_OUTLINE_MAX][2];
} HlOutline;

typedef enum
{
  HL_OUTLINE_ELLIPSE,
  HL_OUTLINE_POLYGON,
  HL_OUTLINE_BOX,
  HL_OUTLINE_BLOB,
  HL_OUTLINE_RAGGED,
  HL_OUTLINE_STRIP,
  HL_OUTLINE_LEAF,
  HL_OUTLINES
} HlOutlineKind;

void hl_outline_init (HlOutline *outline, HlOutlineKind kind, float radius, HlRandom *random);
void hl_outline_init_stroke (HlOutline *outline, const float *ends, float bow, float width,
                             float taper);
void hl_outline_move (HlOutline *outline, float x, float y, float scale, float angle);

#endif /* HL_TRAIN_OUTLINE_H */

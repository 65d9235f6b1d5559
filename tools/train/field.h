/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_FIELD_H
#define HL_TRAIN_FIELD_H

#include "random.h"

#define HL_FIELD_SIDE 512

/* Which random field; the number is the exponent a of amplitude 1/f^a, in tenths. */
typedef enum
{
  HL_FIELD_GRAIN, /* a = 0, without the very finest */
  HL_FIELD_05,
  HL_FIELD_10,
  HL_FIELD_15,
  HL_FIELD_20,
  HL_FIELD_CELLS, /* distance to the nearest of scattered points: pebbles, leather */
  HL_FIELD_SEAMS, /* how much farther the second nearest is: cracks, veins */
  HL_FIELDS
} HlFieldKind;

/* Tiles of HL_FIELD_SIDE squared values that repeat without a seam; mean 0, deviation 1. */
typedef struct
{
  float *tile[HL_FIELDS];
} HlFields;

int  hl_fields_init (HlFields *fields, uint64_t seed);
void hl_fields_clear (HlFields *fields);

/* The tile at (u, v), in its own pixels, between them in proportion. */
static inline float
hl_field_at (const float *tile, float u, float v)
{
  const int    mask  = HL_FIELD_SIDE - 1;
  int          i     = (int) u - (u < 0.0f);
  int          j     = (int) v - (v < 0.0f);
  float        a     = u - (float) i;
  float        b     = v - (float) j;
  const float *above = tile + (j & mask) * HL_FIELD_SIDE;
  const float *below = tile + ((j + 1) & mask) * HL_FIELD_SIDE;
  int          left  = i & mask;
  int          right = (i + 1) & mask;
  float        upper = above[left] + a * (above[right] - above[left]);
  float        lower = below[left] + a * (below[right] - below[left]);

  return upper + b * (lower - upper);
}

#endif /* HL_TRAIN_FIELD_H */

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long edges that end at a hole, and which of them go on in which. */
#pragma once

#include "restore/patches/patch_level.h"

G_BEGIN_DECLS

/* Pixels from the hole at which edges are looked for, and for how many they must be known there. */
#define HL_CONTOUR_START 3
#define HL_CONTOUR_LEAST_LENGTH 8

/* Pixels to either side of an edge whose colours are kept. */
#define HL_CONTOUR_SIDE 3

/**
 * HlContourEnd:
 * @x: column where it meets the hole
 * @y: row likewise
 * @across: the direction into the hole, of length 1: columns
 * @down: rows likewise
 * @profile: the colours across it, outside the hole: of the place so many pixels to its right, as
 *   seen in that direction, at HL_CONTOUR_SIDE plus that number
 * @strength: the change of colour across it, of white
 * @length: for how many pixels it is known outside the hole
 */
typedef struct
{
  double x, y, across, down;
  float  profile[2 * HL_CONTOUR_SIDE + 1][3];
  float  strength;
  int    length;
} HlContourEnd;

/**
 * HlContour:
 * @end: the two ends of an edge that goes on through the hole; where it has no second one, that is
 *   where it would come out, straight
 * @reach: the part of the way from the first end at which it is trusted no more; %G_MAXDOUBLE where
 *   both ends are known
 */
typedef struct
{
  HlContourEnd end[2];
  double       reach;
} HlContour;

gboolean hl_contour_is_hole (const HlPatchLevel *level, double x, double y);
GArray  *hl_contours_find_ends (const HlPatchLevel *level, const guint8 *valid);
GArray  *hl_contours_pair (const HlPatchLevel *level, const GArray *ends);
void   hl_contour_get_point (const HlContour *contour, double t, double point[2], double along[2]);
double hl_contour_get_length (const HlContour *contour);

G_END_DECLS

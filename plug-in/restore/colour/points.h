/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points of a photograph that should be gray. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

#define HL_COLOUR_MOST_POINTS 32

/**
 * HlColourPoint:
 * @x: column of the photograph, pixels; 0 is its left edge and not the middle of the first column
 * @y: row, likewise
 */
typedef struct
{
  double x, y;
} HlColourPoint;

/**
 * HlColourPoints:
 * @n: how many there are, 0..%HL_COLOUR_MOST_POINTS
 * @at: (n), where they lie
 */
typedef struct
{
  gsize         n;
  HlColourPoint at[HL_COLOUR_MOST_POINTS];
} HlColourPoints;

gboolean hl_colour_points_parse (HlColourPoints *points, const char *text, GError **error);
char    *hl_colour_points_format (const HlColourPoints *points);
double   hl_colour_points_get_radius (int width, int height);
gboolean hl_colour_points_look (const HlColourPoints *points, const HlImage *image,
                                const float *target, const guint8 *source, double (*densities)[3],
                                guint *n, GError **error);

G_END_DECLS

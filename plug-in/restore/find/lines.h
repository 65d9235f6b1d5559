/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long straight scratches that are too faint to be seen pixel by pixel. */
#pragma once

#include "nn/pool.h"
#include "nn/tile.h"
#include "restore/find/reduced.h"

G_BEGIN_DECLS

/**
 * HlLine:
 * @n: points
 * @x: (n) columns, pixels
 * @y: (n) rows, pixels
 * @width: across, where it has half its contrast, pixels
 * @contrast: by how much it is brighter than what is beside it, of white; below 0 where darker
 * @length: pixels
 * @signal: contrast : its standard error, the mean over its stretches
 * @step: by how much its sides differ : contrast
 * @uneven: standard deviation of its stretches' contrast : contrast
 * @steady: share of its stretches, 0..1, that stand out of the noise
 * @span: its length : that of the straight line on which it lies, within the picture, 0..1
 * @spread: standard deviation of what is beside it along it : contrast
 * @evidence: mean logarithm of the odds of damage along it that the network has given
 * @straight: largest distance from the straight line between its ends, pixels
 */
typedef struct
{
  int    n;
  float *x, *y;
  double width, contrast, length, signal, step, uneven, steady, span, spread, evidence, straight;
} HlLine;

GPtrArray *hl_lines_find (const HlReduced *reduced, const HlTile *window, HlPool *pool,
                          GCancellable *cancel, GError **error);
void       hl_lines_weigh (HlLine *line, int offset_x, int offset_y, int factor, const guint8 *map,
                           int width, int height);
void   hl_lines_cut_ends (HlLine *line, int offset_x, int offset_y, int factor, const guint8 *map,
                          int width, int height);
double hl_lines_judge (const HlLine *line, int factor);
void   hl_lines_draw (const HlLine *line, int offset_x, int offset_y, int factor, guint8 code,
                      guint8 *map, int width, int height);

G_END_DECLS

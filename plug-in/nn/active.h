/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a network is run, where that is not everywhere. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pixels a side of an active tile, and all of them. */
#define HL_ACTIVE_TILE 4
#define HL_ACTIVE_PIXELS 16

/**
 * HlSpot:
 * @row: of tiles
 * @column: of tiles
 */
typedef struct
{
  int row, column;
} HlSpot;

/**
 * HlActive:
 * @height: rows of the scale, of its own pixels
 * @width: its columns
 * @down: tiles from top to bottom
 * @across: tiles from left to right
 * @tiles: (@down, @across), 1 where the network is run
 * @index: (@down + 2, @across + 2), the tiles and one more on each side: the number of an active
 *   one, else -1
 * @spots: (@count), where the active tiles lie
 * @count: how many
 *
 * Planes that are stored for the active tiles alone are (@count, 16, C rounded up to %HL_LANES):
 * tile after tile, in each the pixels row by row, of each the channels side by side, and zero where
 * a tile reaches beyond the scale.
 */
typedef struct
{
  int     height, width, down, across;
  guint8 *tiles;
  gint32 *index;
  HlSpot *spots;
  int     count;
} HlActive;

HlActive *hl_active_new (int height, int width);
void      hl_active_free (HlActive *active);
void      hl_active_begin (HlActive *active);
void      hl_active_coarsen (HlActive *active, const HlActive *fine);
void      hl_active_end (HlActive *active);
gsize     hl_active_get_floats (int channels, int height, int width);

/* The number of a tile, which may lie one beyond the scale; -1 where it is not active. */
static inline int
hl_active_find (const HlActive *active, int row, int column)
{
  return active->index[(gsize) (row + 1) * (active->across + 2) + column + 1];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlActive, hl_active_free)

G_END_DECLS

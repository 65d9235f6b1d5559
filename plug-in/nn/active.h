/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a network is run, where that is not everywhere. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pixels a side of an active tile. */
#define HL_ACTIVE_TILE 4

/**
 * HlRun:
 * @row: of tiles
 * @first: tile
 * @count: tiles side by side, 1 to %HL_ACTIVE_MOST_RUN
 */
typedef struct
{
  int row, first, count;
} HlRun;

/* Tiles of a run at most: a whole vector of the widest version. */
#define HL_ACTIVE_MOST_RUN 16

/**
 * HlActive:
 * @down: tiles from top to bottom
 * @across: tiles from left to right
 * @tiles: (@down, @across), 1 where the network is run
 * @was: (@down, @across), the same before the last change
 * @runs: (@n_runs), the active tiles
 * @jobs: (@n_jobs + 1), the first run of each job
 * @n_runs: how many
 * @n_jobs: how many
 */
typedef struct
{
  int     down, across;
  guint8 *tiles, *was;
  HlRun  *runs;
  int    *jobs, n_runs, n_jobs;
} HlActive;

HlActive *hl_active_new (int height, int width);
void      hl_active_free (HlActive *active);
void      hl_active_begin (HlActive *active);
void      hl_active_coarsen (HlActive *active, const HlActive *fine);
void      hl_active_end (HlActive *active, int most);
void hl_active_clear (const HlActive *active, float *planes, int channels, int height, int width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlActive, hl_active_free)

G_END_DECLS

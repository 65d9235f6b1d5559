/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a network is run, where that is not everywhere.
 *
 * The denoiser is wanted around hairs and specks, which a rectangle fits badly.  So each of its
 * scales has a map of tiles, of 4x4 of its own pixels, as Winograd's algorithm makes them
 * (winograd.c): only those marked are computed, and what lies beyond them counts as zero, like what
 * lies beyond the picture.  This is the sparse convolution of Graham, Engelcke and van der Maaten
 * ("3D Semantic Segmentation with Submanifold Sparse Convolutional Networks", CVPR 2018), of tiles
 * instead of single pixels. */
#include "nn/active.h"

#include <string.h>

/**
 * hl_active_new:
 * @height: rows of the scale
 * @width: its columns
 *
 * Returns: (transfer full) (nullable): a map of its tiles, none of them active; %NULL without
 *   memory
 */
HlActive *
hl_active_new (int height, int width)
{
  g_autoptr (HlActive) active = g_new0 (HlActive, 1);
  gsize tiles;

  active->down   = (height + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;
  active->across = (width + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;
  tiles          = (gsize) active->down * active->across;
  active->tiles  = g_try_new0 (guint8, tiles);
  active->was    = g_try_new0 (guint8, tiles);
  active->runs   = g_try_new (HlRun, tiles);
  active->jobs   = g_try_new0 (int, tiles + 1);
  return active->tiles && active->was && active->runs && active->jobs ? g_steal_pointer (&active)
                                                                      : NULL;
}

/**
 * hl_active_free:
 * @active: a map
 */
void
hl_active_free (HlActive *active)
{
  g_free (active->tiles);
  g_free (active->was);
  g_free (active->runs);
  g_free (active->jobs);
  g_free (active);
}

/**
 * hl_active_begin:
 * @active: a map, whose tiles are to be set anew
 *
 * Keeps what was active and sets all tiles to 0.
 */
void
hl_active_begin (HlActive *active)
{
  gsize tiles = (gsize) active->down * active->across;

  memcpy (active->was, active->tiles, tiles);
  memset (active->tiles, 0, tiles);
}

/**
 * hl_active_coarsen:
 * @active: the map of a scale, after hl_active_begin()
 * @fine: that of the scale of twice its size
 *
 * Marks the tiles that have a marked one below them.
 */
void
hl_active_coarsen (HlActive *active, const HlActive *fine)
{
  for (int y = 0; y < fine->down; y++)
    for (int x = 0; x < fine->across; x++)
      if (fine->tiles[(gsize) y * fine->across + x])
        active->tiles[(gsize) (y / 2) * active->across + x / 2] = 1;
}

/**
 * hl_active_end:
 * @active: a map whose tiles are set
 * @most: tiles of a job, at least %HL_ACTIVE_MOST_RUN
 *
 * Cuts the tiles into runs, and these into jobs.
 */
void
hl_active_end (HlActive *active, int most)
{
  int in_job = 0;

  active->n_runs = active->n_jobs = 0;
  for (int y = 0; y < active->down; y++)
    for (int x = 0, end; x < active->across; x = end)
      {
        const guint8 *row = active->tiles + (gsize) y * active->across;

        end = x + 1;
        if (!row[x])
          continue;
        while (end < MIN (active->across, x + HL_ACTIVE_MOST_RUN) && row[end])
          end++;
        if (active->n_runs == 0 || in_job + end - x > most)
          {
            active->jobs[active->n_jobs++] = active->n_runs;
            in_job                         = 0;
          }
        in_job += end - x;
        active->runs[active->n_runs++] = (HlRun) { y, x, end - x };
      }
  active->jobs[active->n_jobs] = active->n_runs;
}

/**
 * hl_active_clear:
 * @active: a map whose tiles are set
 * @planes: (C, H, W) of its scale, zero where the map before was not active
 * @channels: C
 * @height: H
 * @width: W
 *
 * Sets to zero what was active and is no longer.
 */
void
hl_active_clear (const HlActive *active, float *planes, int channels, int height, int width)
{
  for (int y = 0; y < active->down; y++)
    for (int x = 0; x < active->across; x++)
      {
        gsize at   = (gsize) y * active->across + x;
        int   left = x * HL_ACTIVE_TILE, n = MIN (HL_ACTIVE_TILE, width - left);

        if (!active->was[at] || active->tiles[at])
          continue;
        for (int c = 0; c < channels; c++)
          for (int r = y * HL_ACTIVE_TILE; r < MIN ((y + 1) * HL_ACTIVE_TILE, height); r++)
            memset (planes + ((gsize) c * height + r) * width + left, 0, n * sizeof (float));
      }
}

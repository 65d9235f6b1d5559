/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a network is run, where that is not everywhere.
 *
 * The denoiser is wanted around hairs and specks, which a rectangle fits badly.  So each of its
 * scales has a map of tiles, of 4x4 of its own pixels, as Winograd's algorithm makes them
 * (winograd.c): only those marked are computed and stored, and what lies beyond them counts as
 * zero, like what lies beyond the picture.  This is the sparse convolution of Graham, Engelcke and
 * van der Maaten ("3D Semantic Segmentation with Submanifold Sparse Convolutional Networks", CVPR
 * 2018), of tiles instead of single pixels. */
#include "nn/active.h"

#include <string.h>

#include "nn/winograd.h"

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

  active->height = height;
  active->width  = width;
  active->down   = (height + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;
  active->across = (width + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;
  tiles          = (gsize) active->down * active->across;
  active->tiles  = g_try_new0 (guint8, tiles);
  active->index  = g_try_new0 (gint32, (gsize) (active->down + 2) * (active->across + 2));
  active->spots  = g_try_new (HlSpot, tiles);
  return active->tiles && active->index && active->spots ? g_steal_pointer (&active) : NULL;
}

/**
 * hl_active_free:
 * @active: a map
 */
void
hl_active_free (HlActive *active)
{
  g_free (active->tiles);
  g_free (active->index);
  g_free (active->spots);
  g_free (active);
}

/**
 * hl_active_begin:
 * @active: a map, whose tiles are to be set anew
 *
 * Sets all tiles to 0.
 */
void
hl_active_begin (HlActive *active)
{
  memset (active->tiles, 0, (gsize) active->down * active->across);
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
 *
 * Numbers the active tiles.
 */
void
hl_active_end (HlActive *active)
{
  active->count = 0;
  for (int y = -1; y <= active->down; y++)
    for (int x = -1; x <= active->across; x++)
      {
        gboolean inside = y >= 0 && y < active->down && x >= 0 && x < active->across;
        gint32  *index  = active->index + (gsize) (y + 1) * (active->across + 2) + x + 1;

        *index = -1;
        if (!inside || !active->tiles[(gsize) y * active->across + x])
          continue;
        *index                         = active->count;
        active->spots[active->count++] = (HlSpot) { y, x };
      }
}

/**
 * hl_active_get_floats:
 * @channels: of planes
 * @height: rows of their scale
 * @width: its columns
 *
 * Returns: floats that the planes take where all tiles are active
 */
gsize
hl_active_get_floats (int channels, int height, int width)
{
  gsize down   = (height + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;
  gsize across = (width + HL_ACTIVE_TILE - 1) / HL_ACTIVE_TILE;

  return down * across * HL_ACTIVE_PIXELS * hl_winograd_round (channels);
}

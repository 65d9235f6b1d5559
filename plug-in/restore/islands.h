/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specks of the damage that a mask left out within it. */
#pragma once

#include "restore/maps.h"

G_BEGIN_DECLS

/* Pixels of an island at most. Derived: a larger one was left out on purpose, or is seen. */
#define HL_ISLAND_MOST 64

/* What surrounds a pixel. */
typedef enum
{
  HL_ISLAND_OPEN,   /* may be in an island */
  HL_ISLAND_DAMAGE, /* may be around one */
  HL_ISLAND_NEITHER,
} HlIslandKind;

/* What was found out of a pixel. */
typedef enum
{
  HL_ISLAND_UNSEEN,
  HL_ISLAND_LARGE,  /* in none */
  HL_ISLAND_SMALL,  /* in one */
  HL_ISLAND_JUDGED, /* likewise, and that was compared */
} HlIslandState;

/**
 * HlIsland:
 * @n: how many pixels
 * @pixel: (array length=n): where they are
 * @box: the smallest that holds them
 */
typedef struct
{
  int    n;
  gsize  pixel[HL_ISLAND_MOST];
  HlRect box;
} HlIsland;

gboolean hl_island_follow (const guint8 *kind, int width, int height, gsize at, HlIslandState state,
                           guint8 *seen, HlIsland *island);
gboolean hl_islands_find (const HlImage *image, HlMaps *maps, GError **error);
gboolean hl_islands_close (guint8 *map, guint8 *widths, int width, int height, guint8 level,
                           GError **error);

G_END_DECLS

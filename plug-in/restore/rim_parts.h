/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rings around the parts of a mask say, and whether they are damaged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pixels of a side of the tiles that cut a piece of the mask into parts, and of the blocks of a
 * part that are taken for independent of each other. */
#define HL_RIM_PART 32
#define HL_RIM_BLOCK 8
#define HL_RIM_BLOCKS (HL_RIM_PART / HL_RIM_BLOCK * HL_RIM_PART / HL_RIM_BLOCK)

/**
 * HlRimPart:
 * @piece: what it is a part of
 * @width: how many rings belong to the damage, so far
 * @edge: samples in the first ring
 * @samples: of the ring that is looked at
 * @contrasting: of those, in all channels together, where the damage has contrast; the following
 *   are sums over these, with p, b and d as hl_rim_find() has them and z, d less what is sound in a
 *   wide tile
 * @sums: (blocks, 2): z (p - b) and z (d - b)
 * @difference: d - b
 * @square: (p - b)^2, (p - b) (d - b), (d - b)^2
 * @known: whether the ring says anything; the following are of use then
 * @share: of the damage in the ring
 * @variance: of that
 * @rest: variance between blocks, less than 0 where there is only one
 *
 * A piece of a mask within a tile.
 */
typedef struct
{
  guint32  piece;
  int      width;
  guint    edge, samples, contrasting;
  double   sums[HL_RIM_BLOCKS][2];
  double   difference;
  double   square[3];
  gboolean known;
  double   share, variance, rest;
} HlRimPart;

void hl_rim_parts_decide (GArray *parts, int ring, gboolean found);

G_END_DECLS

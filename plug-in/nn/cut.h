/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one side of a picture is cut into pieces that overlap. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pieces begin and end at multiples of this, as the network's coarsest scale needs. */
#define HL_CUT_UNIT 8

/**
 * HlCut:
 * @length: of the side, pixels
 * @padded: @length rounded up to whole units
 * @piece: pixels of each piece, whole units
 * @margin: pixels on each inner side of a piece that are read and not kept, whole units
 * @count: pieces
 */
typedef struct
{
  int length, padded, piece, margin, count;
} HlCut;

HlCut hl_cut_new (int length, int count, int margin);
void  hl_cut_choose (int height, int width, int margin, gint64 most, HlCut *down, HlCut *across);
int   hl_cut_get_start (const HlCut *cut, int index);
int   hl_cut_get_first (const HlCut *cut, int index);

G_END_DECLS

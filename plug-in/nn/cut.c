/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one side of a picture is cut into pieces that overlap.
 *
 * All pieces have one length, so that one network serves them all.  The first begins where
 * the picture does and the last ends where it does: the network's padding with zeros then
 * lies at the picture's own edges, in pieces as in one. */
#include "nn/cut.h"

static int
round_up (gint64 x)
{
  return (x + HL_CUT_UNIT - 1) / HL_CUT_UNIT * HL_CUT_UNIT;
}

/**
 * hl_cut_new:
 * @length: of the side, pixels, 1 or more
 * @count: pieces, 1 or more
 * @margin: pixels beyond a pixel that its result depends on, 0 or more
 *
 * Neighbours must share 2 margins m, so that n pieces of P reach n P - (n - 1) 2 m far; P
 * follows.
 *
 * Returns: the cut into @count pieces as short as possible
 */
HlCut
hl_cut_new (int length, int count, int margin)
{
  HlCut cut = { .length = length, .padded = round_up (length), .count = count };

  cut.margin = round_up (margin);
  cut.piece  = round_up ((cut.padded + (count - 1) * (gint64) 2 * cut.margin + count - 1) / count);
  return cut;
}

/**
 * hl_cut_get_start:
 * @cut: a cut
 * @index: 0..count - 1
 *
 * Returns: where the piece begins, a multiple of %HL_CUT_UNIT
 */
int
hl_cut_get_start (const HlCut *cut, int index)
{
  gint64 span = cut->padded - cut->piece;

  return cut->count == 1 ? 0 : index * span / (cut->count - 1) / HL_CUT_UNIT * HL_CUT_UNIT;
}

/**
 * hl_cut_get_first:
 * @cut: a cut
 * @index: 0..count
 *
 * Returns: the first pixel that is kept of this piece, which is where the one before it ends;
 * for index = count the picture's end
 */
int
hl_cut_get_first (const HlCut *cut, int index)
{
  return index == 0            ? 0
         : index == cut->count ? cut->length
                               : hl_cut_get_start (cut, index) + cut->margin;
}

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

/**
 * hl_cut_choose:
 * @height: of the picture, 1 or more
 * @width: of the picture, 1 or more
 * @margin: as for hl_cut_new()
 * @most: pixels that a piece may have
 * @down: (out): how the height is cut
 * @across: (out): how the width is cut
 *
 * Finds the cut that computes the fewest pixels with pieces of at most @most, or else the one of
 * the smallest pieces.
 */
void
hl_cut_choose (int height, int width, int margin, gint64 most, HlCut *down, HlCut *across)
{
  gint64 best = -1, best_piece = 0;

  for (int i = 1, shorter = G_MAXINT;; i++)
    {
      HlCut rows = hl_cut_new (height, i, margin);

      if (rows.piece >= shorter)
        break;
      shorter = rows.piece;
      for (int j = 1, narrower = G_MAXINT;; j++)
        {
          HlCut    columns = hl_cut_new (width, j, margin);
          gint64   piece = (gint64) rows.piece * columns.piece, all = piece * i * j;
          gboolean fits = piece <= most;

          if (columns.piece >= narrower)
            break;
          narrower = columns.piece;
          if (best < 0 || (fits && (best_piece > most || all < best))
              || (!fits && piece < best_piece))
            {
              best       = all;
              best_piece = piece;
              *down      = rows;
              *across    = columns;
            }
        }
    }
}

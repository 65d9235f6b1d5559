/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The border of the print, the mount around it and the scanner's ground beyond are no damage.
 *
 * To the networks they are: light like bare paper, with a sharp edge. Mended, the photograph is
 * continued over its own border; and what is sound and touches it, or is only half as sure, goes
 * with it, since so much of the picture is beyond doubt.
 *
 * A border begins at a side of the picture and ends along a straight line, nearly parallel to that
 * side; where the print lies askew, it is a wedge. Torn corners, worn edges and cracks that run out
 * of the picture do not end along a line, and a border that is worn all along is damage. Here the
 * depth of what was found is read at each place of a side, and the line sought that most of the
 * depths lie on. */

#include "restore/find/print_border.h"

#include <math.h>
#include <stdlib.h>

#include "restore/find/evidence.h"

/* What is less likely belongs to no piece, as in pieces.c. */
#define LOWEST (HL_EVIDENCE_EVEN - HL_EVIDENCE_STEPS)

/* How deep a border may be, a share of the picture's width or height; by how much more at one end
 * of the side than at the other, a share of the side; and within how many pixels of the side it
 * must begin. */
#define DEEPEST 0.06
#define ASKEW 0.04
#define BEGINS 2

/* Pixels that the depth may differ from the line, and the share of the side where that is more: in
 * a larger scan the edge of a print is rougher. */
#define NEAR 2
#define NEAR_SHARE 0.002

/* The share of a side along which it does not, at least; where the line is within the picture only
 * along a part of the side, of that part, and how long that must be, a share of the side. Where
 * another side has a border, as a print has it all around, BESIDE of the side are enough if they
 * are WHOLE of the places where anything was found. Of seven damaged photographs the sides without
 * a border have 0.4 at most, and beside others with one 0.15. */
#define WHOLE 0.6
#define PART 0.8
#define SHORTEST 0.25
#define BESIDE 0.3

/* The share of its places that are no more than half as far from the line, at least: a border that
 * is worn to a ragged edge is damage. The worn one of the seven photographs has 0.51, the other
 * 0.78; eleven of 36 other old ones have 0.69 to 0.98. */
#define EVEN 0.6

/* So many places in a row as deep as the line are border, and so are no more at its ends, where it
 * may be rounded. */
#define RUN 8

/* At so many places of a side the line is sought. */
#define PLACES 256

/* Pixels from the side to where what was found at a place of it ends; 0 where it does not begin
 * there. */
static int
read_depth (const HlPrintBorderSide *side, int place)
{
  const guint8 *at   = side->map + place * side->along;
  int           from = 0, to;

  while (from <= BEGINS && at[from * side->inward] < LOWEST)
    from++;
  if (from > BEGINS)
    return 0;
  to = from;
  while (to < side->deep + side->near && at[to * side->inward] >= LOWEST)
    to++;
  return to;
}

/* The line's depth at a place, if the side has @length of them. */
static double
get_line (int first, int last, int place, int length)
{
  return first + (double) (last - first) * place / MAX (length - 1, 1);
}

/* Finds the line that most depths lie on, those close to it counting twice; a border if they are
 * @whole of all places, at least. */
static void
find_line (HlPrintBorderSide *side, double whole)
{
  int depths[PLACES], n = MIN (side->length, PLACES), askew = ceil (ASKEW * side->length);
  int most = 0, touches = 0, step = side->near / 2;

  if (side->deep <= BEGINS)
    return;
  for (int k = 0; k < n; k++)
    {
      depths[k] = read_depth (side, (gint64) k * (side->length - 1) / MAX (n - 1, 1));
      touches += depths[k] > 0;
    }
  if (touches < PART * SHORTEST * n)
    return;
  for (int a = -askew; a <= side->deep; a += step)
    for (int b = MAX (a - askew, -askew); b <= MIN (a + askew, side->deep); b += step)
      {
        int within = 0, on = 0, close = 0;

        for (int k = 0; k < n; k++)
          {
            double line = get_line (a, b, k, n);

            double off = line > 0.5 && depths[k] > 0 ? fabs (depths[k] - line) : side->near + 1;

            within += line > 0.5;
            on += off <= side->near;
            close += off <= side->near / 2;
          }
        if (on + close > most
            && ((on >= whole * n && on >= WHOLE * touches)
                || (on >= PART * within && within >= SHORTEST * n)))
          {
            most        = on + close;
            side->first = a;
            side->last  = b;
            side->found = TRUE;
          }
      }
}

/* The first place from an end of the side on at which the border is as deep as the line: beyond it
 * a corner may be torn off, unless that is as deep as the other side's border, @beside. */
static int
find_end (const HlPrintBorderSide *side, int end, int step, int beside)
{
  int run = 0, place = end;

  for (; run < RUN && place >= 0 && place < side->length; place += step)
    {
      int    depth = read_depth (side, place);
      double line  = get_line (side->first, side->last, place, side->length);

      run = depth > 0 && fabs (depth - line) <= side->near ? run + 1 : 0;
    }
  place -= step * run;
  return abs (place - end) <= MAX (beside, 0) + side->near + RUN ? end : place;
}

/* Whether the border ends evenly, over all of its sides. */
static gboolean
is_even (const HlPrintBorder *border)
{
  int places = 0, even = 0;

  for (const HlPrintBorderSide *side = border->sides; side < border->sides + 4; side++)
    for (int place = side->from; side->found && place <= side->to; place++)
      {
        int    depth = read_depth (side, place);
        double line  = get_line (side->first, side->last, place, side->length);

        places += line > 0.5 && depth > 0;
        even += line > 0.5 && depth > 0 && fabs (depth - line) <= side->near / 2;
      }
  return even >= EVEN * places;
}

/**
 * hl_print_border_find:
 * @map: (H, W), row-major, what the networks say, as hl_evidence_encode() gives it
 * @width: W
 * @height: H
 * @border: (out): its border, which points into @map
 *
 * Returns: whether there is one
 */
gboolean
hl_print_border_find (guint8 *map, int width, int height, HlPrintBorder *border)
{
  HlPrintBorderSide *sides = border->sides;
  guint8            *end   = map + (gsize) width * height - 1;
  gboolean           any   = FALSE;
  /* Which side a side begins and ends at. */
  static const int begins[] = { 2, 3, 0, 1 }, ends[] = { 3, 2, 1, 0 };

  sides[0] = (HlPrintBorderSide) { .map = map, .along = 1, .inward = width };
  sides[1] = (HlPrintBorderSide) { .map = end, .along = -1, .inward = -(gssize) width };
  sides[2] = (HlPrintBorderSide) { .map = map, .along = width, .inward = 1 };
  sides[3] = (HlPrintBorderSide) { .map = end, .along = -(gssize) width, .inward = -1 };
  for (int k = 0; k < 4; k++)
    {
      sides[k].length = k < 2 ? width : height;
      sides[k].deep   = DEEPEST * (k < 2 ? height : width);
      sides[k].near   = CLAMP (NEAR_SHARE * sides[k].length, NEAR, MAX (sides[k].deep, NEAR));
      find_line (&sides[k], WHOLE);
      any |= sides[k].found;
    }
  for (int k = 0; any && k < 4; k++)
    if (!sides[k].found)
      find_line (&sides[k], BESIDE);
  for (int k = 0; any && k < 4; k++)
    if (sides[k].found)
      {
        sides[k].from = find_end (&sides[k], 0, 1, sides[begins[k]].first);
        sides[k].to   = find_end (&sides[k], sides[k].length - 1, -1, sides[ends[k]].last);
      }
  return any && is_even (border);
}

/**
 * hl_print_border_leave_out:
 * @border: whose map becomes 0 in it
 */
void
hl_print_border_leave_out (const HlPrintBorder *border)
{
  for (const HlPrintBorderSide *side = border->sides; side < border->sides + 4; side++)
    for (int place = side->from; side->found && place <= side->to; place++)
      {
        double line = get_line (side->first, side->last, place, side->length);

        for (int depth = 0; line > 0.5 && depth <= line + side->near; depth++)
          side->map[place * side->along + depth * side->inward] = 0;
      }
}

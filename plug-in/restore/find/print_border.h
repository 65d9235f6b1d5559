/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photograph's own border is no damage. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlPrintBorderSide:
 * @map: its pixel at the side's beginning
 * @along: bytes from one place of the side to the next
 * @inward: bytes from a pixel to the next one further from the side
 * @length: places
 * @deep: pixels that a border may be deep
 * @near: pixels that its depth may differ from a line
 * @found: whether there is one, and then:
 * @first: how deep it is at the side's beginning, pixels; less than 0 where it would end beyond the
 *   picture
 * @last: the same at the side's end
 * @from: the place at which it begins
 * @to: the last one
 *
 * A side of the picture.
 */
typedef struct
{
  guint8  *map;
  gssize   along, inward;
  int      length, deep, near;
  gboolean found;
  int      first, last, from, to;
} HlPrintBorderSide;

/**
 * HlPrintBorder:
 * @sides: top, bottom, left, right
 */
typedef struct
{
  HlPrintBorderSide sides[4];
} HlPrintBorder;

gboolean hl_print_border_find (guint8 *map, int width, int height, HlPrintBorder *border);
void     hl_print_border_leave_out (const HlPrintBorder *border);

G_END_DECLS

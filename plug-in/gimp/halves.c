/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the live view: where they lie, the line between them, and a word on each. What
 * is seen in them, view.c draws. */

#include "gimp/halves.h"

#include <math.h>

#define MARGIN 6

/**
 * hl_halves_get:
 * @pane: the widget
 * @place: where the picture lies in it
 * @width: of the picture, pixels
 * @share: of what is visible that is left of the divider, 0..1
 *
 * Returns: where the halves lie
 */
HlHalves
hl_halves_get (GtkWidget *pane, const HlPlace *place, int width, double share)
{
  HlHalves halves;

  halves.left    = MAX (place->x, 0);
  halves.top     = MAX (place->y, 0);
  halves.right   = MIN (place->x + width * place->scale, gtk_widget_get_allocated_width (pane));
  halves.divider = round (halves.left + share * (halves.right - halves.left));
  return halves;
}

/**
 * hl_halves_draw_word:
 * @halves: where they lie
 * @pane: the widget
 * @cr: to draw on it
 * @word: what to write
 * @is_left: on which half
 *
 * Draws a word on a ground of its own, as it must be read on any photograph; none where there is no
 * space.
 */
void
hl_halves_draw_word (const HlHalves *halves, GtkWidget *pane, cairo_t *cr, const char *word,
                     gboolean is_left)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (pane, word);
  int    width, height;
  double x, y = halves->top + MARGIN;
  double space = is_left ? halves->divider - halves->left : halves->right - halves->divider;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (space < width + 4 * MARGIN)
    return;
  x = is_left ? halves->left + MARGIN : halves->right - MARGIN - width - 2 * MARGIN;
  cairo_rectangle (cr, x, y, width + 2 * MARGIN, height + MARGIN);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_fill (cr);
  cairo_move_to (cr, x + MARGIN, y + 0.5 * MARGIN);
  cairo_set_source_rgb (cr, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
}

/**
 * hl_halves_draw_divider:
 * @halves: where they lie
 * @cr: to draw on the widget
 * @height: of the widget
 *
 * Draws the line between them, with a handle.
 */
void
hl_halves_draw_divider (const HlHalves *halves, cairo_t *cr, double height)
{
  double x = halves->divider;

  cairo_rectangle (cr, x - 1.5, 0, 3, height);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_fill (cr);
  cairo_rectangle (cr, x - 0.5, 0, 1, height);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
  cairo_arc (cr, x, height / 2, HL_HALVES_GRIP, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + 2 * side, height / 2 - 3);
      cairo_line_to (cr, x + 5 * side, height / 2);
      cairo_line_to (cr, x + 2 * side, height / 2 + 3);
    }
  cairo_stroke (cr);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget in which a picture is zoomed and moved. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * HlPlace:
 * @scale: screen pixels for one of the picture
 * @x: where the picture's column 0 lies in the widget; a whole number
 * @y: where its row 0 lies; a whole number
 *
 * Where a picture lies in a pane.
 */
typedef struct
{
  double scale;
  double x, y;
} HlPlace;

#define HL_TYPE_PANE (hl_pane_get_type ())
G_DECLARE_DERIVABLE_TYPE (HlPane, hl_pane, HL, PANE, GtkDrawingArea)

struct _HlPaneClass
{
  GtkDrawingAreaClass parent_class;
};

GtkWidget *hl_pane_make_buttons (HlPane *pane);
void       hl_pane_set_size (HlPane *pane, int width, int height);
gboolean   hl_pane_get_place (HlPane *pane, HlPlace *place);
void       hl_pane_set_cursor (HlPane *pane, const char *name);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person's hand on the marks: clicks, and a brush. */
#pragma once

#include "gimp/marks.h"
#include "gimp/pane.h"

G_BEGIN_DECLS

typedef struct _HlBrush HlBrush;

/**
 * HlBrushFunc:
 * @brush: a brush with another tool
 * @user_data: as given to hl_brush_new()
 */
typedef void (*HlBrushFunc) (HlBrush *brush, gpointer user_data);

HlBrush   *hl_brush_new (HlPane *pane, HlBrushFunc changed, gpointer user_data);
GtkWidget *hl_brush_make_buttons (HlBrush *brush);
void       hl_brush_set_marks (HlBrush *brush, HlMarks *marks);
gboolean   hl_brush_is_out (const HlBrush *brush);
void       hl_brush_put_away (HlBrush *brush);
void       hl_brush_undo (HlBrush *brush);
void       hl_brush_redo (HlBrush *brush);
gboolean   hl_brush_press (HlBrush *brush, const GdkEventButton *event);
gboolean   hl_brush_move (HlBrush *brush, const GdkEventMotion *event);
gboolean   hl_brush_release (HlBrush *brush, const GdkEventButton *event);
gboolean   hl_brush_key (HlBrush *brush, const GdkEventKey *event);
void       hl_brush_draw (HlBrush *brush, cairo_t *cr);
void       hl_brush_free (HlBrush *brush);

G_END_DECLS

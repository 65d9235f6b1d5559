/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much the picture still changes, over time. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HL_TYPE_CURVE (hl_curve_get_type ())
G_DECLARE_FINAL_TYPE (HlCurve, hl_curve, HL, CURVE, GtkDrawingArea)

GtkWidget *hl_curve_new (void);
void       hl_curve_clear (HlCurve *curve);
void       hl_curve_add (HlCurve *curve, double seconds, double change);
void       hl_curve_end (HlCurve *curve, double seconds, const char *why);

G_END_DECLS

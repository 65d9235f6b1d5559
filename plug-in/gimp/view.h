/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before and after side by side, with a divider between them. */
#pragma once

#include <gtk/gtk.h>

#include "gimp/marks.h"
#include "gimp/picture.h"

G_BEGIN_DECLS

#define HL_TYPE_VIEW (hl_view_get_type ())
G_DECLARE_FINAL_TYPE (HlView, hl_view, HL, VIEW, GtkBox)

GtkWidget *hl_view_new (GObject *config);
GtkWidget *hl_view_get_picker (HlView *view);
void       hl_view_set_picture (HlView *view, HlPicture *picture, HlMarks *marks);
gboolean   hl_view_key (HlView *view, const GdkEventKey *event);
void       hl_view_update (HlView *view);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person says in the view what should be gray. */
#pragma once

#include <libgimp/gimp.h>

#include "gimp/pane.h"

G_BEGIN_DECLS

typedef struct _HlPicker HlPicker;

/**
 * HlPickerFunc:
 * @picker: that is taken or put away, or whose points are others
 * @user_data: as given to hl_picker_new()
 */
typedef void (*HlPickerFunc) (HlPicker *picker, gpointer user_data);

HlPicker  *hl_picker_new (HlPane *pane, GObject *config, HlPickerFunc changed, gpointer user_data);
GtkWidget *hl_picker_get_button (HlPicker *picker);
void       hl_picker_set_size (HlPicker *picker, int width, int height);
gboolean   hl_picker_is_out (const HlPicker *picker);
void       hl_picker_put_away (HlPicker *picker);
void       hl_picker_press (HlPicker *picker, const GdkEventButton *event);
gboolean   hl_picker_move (HlPicker *picker, const GdkEventMotion *event);
gboolean   hl_picker_release (HlPicker *picker, const GdkEventButton *event);
void       hl_picker_undo (HlPicker *picker);
void       hl_picker_redo (HlPicker *picker);
void       hl_picker_draw (HlPicker *picker, cairo_t *cr);
void       hl_picker_free (HlPicker *picker);

G_END_DECLS

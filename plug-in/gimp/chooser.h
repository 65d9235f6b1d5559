/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing, saving and deleting presets. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HL_TYPE_CHOOSER (hl_chooser_get_type ())
G_DECLARE_FINAL_TYPE (HlChooser, hl_chooser, HL, CHOOSER, GtkBox)

GtkWidget *hl_chooser_new (const char *path, GObject *config);
void       hl_chooser_load (HlChooser *chooser);

G_END_DECLS

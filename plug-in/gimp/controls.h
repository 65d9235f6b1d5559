/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both windows do to GIMP's widgets for settings. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

char *hl_controls_get_label (GObject *config, const char *property);
void  hl_controls_name (GtkWidget *widget, const char *name);
void  hl_controls_set_accessible_name (GtkWidget *widget, GObject *config, const char *property);
void  hl_controls_make_narrow (GtkWidget *widget);
void  hl_controls_wrap (GtkWidget *label);
void  hl_controls_set_tooltip (GtkWidget *widget, const char *text);

G_END_DECLS

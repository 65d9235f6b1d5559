/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both windows share: their title, their size, and how they lie on the screen. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

void hl_window_prepare (GtkWidget *dialog, GimpImage *image, const char *title);
void hl_window_lay_out (GtkWidget *dialog, GtkWidget *picture, GtkWidget *settings);

G_END_DECLS

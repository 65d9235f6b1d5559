/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings in the window. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

#define HL_TYPE_ROWS (hl_rows_get_type ())
G_DECLARE_FINAL_TYPE (HlRows, hl_rows, HL, ROWS, GtkBox)

GtkWidget *hl_rows_new (GimpProcedureDialog *dialog, GObject *config, GtkWidget *picker);
void       hl_rows_add (HlRows *rows, const char *property, GtkWidget *widget);
void       hl_rows_set_noise_level (HlRows *rows, double noise_level);
void       hl_rows_set_blur (HlRows *rows, const char *blur);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the work stands. */
#pragma once

#include <gtk/gtk.h>

#include "gimp/live.h"

G_BEGIN_DECLS

#define HL_TYPE_PROGRESS (hl_progress_get_type ())
G_DECLARE_FINAL_TYPE (HlProgress, hl_progress, HL, PROGRESS, GtkBox)

GtkWidget *hl_progress_new (void);
void       hl_progress_update (HlProgress *progress, HlLive *live);

G_END_DECLS

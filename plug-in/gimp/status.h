/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the work stands. */
#pragma once

#include <gtk/gtk.h>

#include "gimp/live.h"

G_BEGIN_DECLS

#define HL_TYPE_STATUS (hl_status_get_type ())
G_DECLARE_FINAL_TYPE (HlStatus, hl_status, HL, STATUS, GtkBox)

GtkWidget *hl_status_new (void);
void       hl_status_update (HlStatus *status, HlLive *live, gboolean can_mark);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: settings, live view, progress. */
#pragma once

#include <libgimp/gimpui.h>

#include "gimp/live.h"

G_BEGIN_DECLS

typedef struct _HlDialog HlDialog;

HlDialog *hl_dialog_new (GimpProcedure *procedure, GimpProcedureConfig *config, GimpImage *image,
                         GimpLayer *source);
gboolean  hl_dialog_run (HlDialog *dialog, GError **error);
HlLive   *hl_dialog_get_live (HlDialog *dialog);
void      hl_dialog_free (HlDialog *dialog);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlDialog, hl_dialog_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows: the settings before the work, and its progress. */
#pragma once

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "worker.h"

G_BEGIN_DECLS

typedef struct _HlProgressWindow HlProgressWindow;

gboolean hl_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config);
void     hl_dialog_set_accessible_name (GimpProcedureDialog *dialog, GimpProcedureConfig *config,
                                        const char *property);

HlProgressWindow *hl_progress_window_new (HlWorker *worker);
void              hl_progress_window_update (const HlWorkerProgress *progress, gpointer user_data);
void              hl_progress_window_free (HlProgressWindow *window);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlProgressWindow, hl_progress_window_free)

G_END_DECLS

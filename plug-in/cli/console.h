/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration on a terminal: progress bar and Ctrl-C. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

typedef struct _HlConsole HlConsole;

HlProgress hl_console_follow_search (void);
HlConsole *hl_console_new (void);
HlImage   *hl_console_restore (HlConsole *self, const HlImage *image, const float *mask,
                               const guint8 *evidence, const HlRestoreSettings *settings,
                               HlRestoreReport *report, GError **error);
gboolean   hl_console_check (HlConsole *self, GError **error);
void       hl_console_free (HlConsole *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlConsole, hl_console_free)

G_END_DECLS

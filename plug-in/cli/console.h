/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on a terminal: progress bar and Ctrl-C. */
#pragma once

#include "restore/progress.h"
#include "restore/run.h"

G_BEGIN_DECLS

typedef struct _HlConsole HlConsole;

/**
 * HlConsoleFunc:
 * @progress: to cancel, to stop and to follow the work
 * @user_data: as given with the function
 * @error: what went wrong
 *
 * Returns: %FALSE with an error
 */
typedef gboolean (*HlConsoleFunc) (const HlProgress *progress, gpointer user_data, GError **error);

/**
 * HlConsoleWords:
 * @progress: how far the work is
 * @line: the bar, to which something is appended
 * @user_data: as given with the function
 */
typedef void (*HlConsoleWords) (const HlRunProgress *progress, GString *line, gpointer user_data);

HlConsole *hl_console_new (void);
void       hl_console_let_stop (HlConsole *self, const char *stopping);
void       hl_console_say (HlConsole *self, const char *words);
gboolean   hl_console_run (HlConsole *self, HlConsoleFunc func, HlConsoleWords words,
                           gpointer user_data, GError **error);
gboolean   hl_console_check (HlConsole *self, GError **error);
void       hl_console_free (HlConsole *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlConsole, hl_console_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of settings as the shell's options. */
#pragma once

#include "restore/settings.h"

G_BEGIN_DECLS

typedef struct _HlOptions HlOptions;

HlOptions *hl_options_new (GOptionContext *context);
gboolean   hl_options_read (const HlOptions *self, HlRestoreSettings *settings, GError **error);
void       hl_options_free (HlOptions *self);
char      *hl_options_make_table (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlOptions, hl_options_free)

G_END_DECLS

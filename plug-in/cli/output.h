/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are replaced whole or not at all. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char    *hl_output_begin (const char *out, const char *folder, GError **error);
gboolean hl_output_end (const char *temporary, const char *out, GBytes *bytes, GError **error);

G_END_DECLS

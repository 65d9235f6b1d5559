/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebP files. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_webp_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_webp_write (const HlFile *self, int quality, GError **error);

G_END_DECLS

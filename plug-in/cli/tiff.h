/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which TIFF files GEGL reads rightly. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean hl_tiff_check (const char *path, GError **error);

G_END_DECLS

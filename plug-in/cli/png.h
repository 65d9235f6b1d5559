/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A colour profile for a PNG that was written without. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean hl_png_add_profile (const char *path, const char *icc, gsize length, GError **error);

G_END_DECLS

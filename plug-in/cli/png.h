/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG files, read and written by libpng. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_png_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_png_write (const HlFile *self, GError **error);

G_END_DECLS

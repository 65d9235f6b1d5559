/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files, read and written by libtiff. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_tiff_read (HlFile *self, const char *name, GError **error);
HlFile  *hl_tiff_load_infrared (const HlFile *file);
GBytes  *hl_tiff_update (const HlFile *self, GError **error);
GBytes  *hl_tiff_write (const HlFile *self, const HlFile *like, GError **error);

G_END_DECLS

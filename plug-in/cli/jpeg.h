/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG files, read and written by libjpeg. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_jpeg_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_jpeg_write (const HlFile *self, int quality, GError **error);

G_END_DECLS

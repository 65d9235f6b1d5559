/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a picture is to be turned, as EXIF data say it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int     hl_exif_get_orientation (GBytes *exif);
GBytes *hl_exif_make_upright (GBytes *exif);

G_END_DECLS

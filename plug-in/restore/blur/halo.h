/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps sharpening from drawing bright and dark rims. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/* Planes of the picture's size that it takes. */
#define HL_HALO_PLANES 4

gboolean hl_halo_limit (HlImage *image, const HlImage *before, int reach, float slack,
                        GCancellable *cancel, GError **error);

G_END_DECLS

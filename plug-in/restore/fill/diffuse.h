/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first fill: smooth, and at once. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

gboolean hl_diffuse (HlImage *image, const float *known, GCancellable *cancel, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes stains away that can be seen through. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

gboolean hl_stain_lift (HlImage *image, const float *target, const guint8 *source, gboolean all,
                        float *left, GCancellable *cancel, GError **error);

G_END_DECLS

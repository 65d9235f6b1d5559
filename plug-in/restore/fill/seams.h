/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces laid beside each other, without their seams. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

gboolean hl_seams_blend (HlImage *image, int nodes, const gint32 *at, const gint32 *beside,
                         const gint32 *source, const guint8 *rim, GCancellable *cancel,
                         GError **error);

G_END_DECLS

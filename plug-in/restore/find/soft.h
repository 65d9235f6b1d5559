/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes out what is much softer than the damage, and so belongs to the photograph. */
#pragma once

#include "nn/tile.h"
#include "restore/find/reduced.h"

G_BEGIN_DECLS

gboolean hl_soft_run (const HlReduced *reduced, const HlTile *window, const guint32 *labels,
                      guint8 *map, GCancellable *cancel, GError **error);

G_END_DECLS

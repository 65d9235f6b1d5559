/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found around thin hard damage is cut down to the damage. */
#pragma once

#include "restore/find/reduced.h"

#include "nn/tile.h"

G_BEGIN_DECLS

gboolean hl_trim_run (const HlReduced *reduced, const HlTile *window, const guint32 *labels,
                      int scale, guint8 *map, GCancellable *cancel, GError **error);

gboolean hl_trim_weak (const HlReduced *reduced, const HlTile *window, const guint32 *labels,
                       guint8 *map, GCancellable *cancel, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What belongs to the damage that was found, and is too wide for the networks; and what is not
 * damage, as it is wide and has no edge. */
#pragma once

#include "nn/tile.h"
#include "restore/find/reduced.h"

G_BEGIN_DECLS

gboolean hl_losses_find (const HlReduced *reduced, const HlTile *window, guint8 *map,
                         guint8 *widths, gboolean circled, GCancellable *cancel, GError **error);

G_END_DECLS

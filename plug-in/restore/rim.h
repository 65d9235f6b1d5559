/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the damage goes on around a mask. */
#pragma once

#include <gio/gio.h>

#include "restore/maps.h"

G_BEGIN_DECLS

int hl_rim_find (const HlImage *image, HlMaps *maps, gboolean found, GCancellable *cancel);

G_END_DECLS

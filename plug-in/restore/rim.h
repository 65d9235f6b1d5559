/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage goes on around a mask that was drawn too tight. */
#pragma once

#include <gio/gio.h>

#include "restore/maps.h"

G_BEGIN_DECLS

int hl_rim_find (const HlImage *image, HlMaps *maps, GCancellable *cancel);

G_END_DECLS

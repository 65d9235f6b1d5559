/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specks of the damage that a mask left out within it. */
#pragma once

#include "restore/maps.h"

G_BEGIN_DECLS

gboolean hl_islands_find (const HlImage *image, HlMaps *maps, GError **error);

G_END_DECLS

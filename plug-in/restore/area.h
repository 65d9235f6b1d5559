/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a photograph that a restoration works on. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

gboolean hl_area_find_damage (const float *target, int width, int height, HlRect *damage);
HlRect   hl_area_find (HlRect damage, HlRect bounds);

G_END_DECLS

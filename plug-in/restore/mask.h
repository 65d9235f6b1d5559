/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What masks mean as people draw them, and what may be wrong with them. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/* Pixels by which a mask may be widened at most. */
#define HL_MASK_MOST_GROWTH 50

gboolean hl_mask_grow (float *mask, int width, int height, int radius, GError **error);
gboolean hl_mask_find_hole (const float *mask, int width, int height, guint8 *hole);
double   hl_mask_get_width (const float *known, int width, int height);
void     hl_mask_find_depth (const guint8 *hole, int width, int height, guint8 *depth);
int hl_mask_find_rim (const HlImage *image, const float *mask, float *known, GCancellable *cancel);

G_END_DECLS

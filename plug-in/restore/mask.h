/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What masks mean as people draw them, and how they are widened. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Pixels by which a mask may be widened at most. */
#define HL_MASK_MOST_GROWTH 50

gboolean hl_mask_grow (float *mask, int width, int height, int radius, GCancellable *cancel,
                       GError **error);
gboolean hl_mask_find_hole (const float *mask, int width, int height, guint8 *hole);
double   hl_mask_get_width (const float *target, int width, int height);
void     hl_mask_find_depth (const guint8 *hole, int width, int height, guint8 *depth);

G_END_DECLS

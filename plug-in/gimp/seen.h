/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen of marks, at all sizes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HlSeen HlSeen;

HlSeen *hl_seen_new (int width, int height);
void    hl_seen_update (HlSeen *seen, const guint8 *found, const guint8 *edits, int left, int top,
                        int right, int bottom);
const guint8 *hl_seen_get_level (const HlSeen *seen, int number, int *width, int *height);
gboolean hl_seen_find_nearest (const HlSeen *seen, double x, double y, double radius, int *at_x,
                               int *at_y);
GArray  *hl_seen_find_component (const HlSeen *seen, int x, int y, gboolean *is_dropped);
void     hl_seen_free (HlSeen *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlSeen, hl_seen_free)

G_END_DECLS

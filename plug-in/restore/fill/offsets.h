/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the picture repeats itself: the most frequent offsets between what is alike. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int hl_offsets_find (const gint32 *shift, const guint8 *which, int width, int height, int spacing,
                     int most, gint32 *offset);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage cut into regions that are worked on one after the other. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns left..right - 1 and rows top..bottom - 1. */
typedef struct
{
  int left, top, right, bottom;
} HlBox;

/**
 * HlRegion:
 * @core: the damage that this region mends; no two regions share a pixel of it
 * @area: @core with what is to be seen of its surroundings
 */
typedef struct
{
  HlBox core, area;
} HlRegion;

gint64  hl_box_get_pixels (HlBox box);
GArray *hl_regions_new (const float *mask, int width, int height, int context, gint64 most,
                        GError **error);

G_END_DECLS

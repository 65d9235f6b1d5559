/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions laid side by side, to be worked on at once. */
#pragma once

#include "restore/maps.h"
#include "restore/regions.h"

G_BEGIN_DECLS

/**
 * HlPlace:
 * @core: the damage of a region
 * @box: what of the picture is laid out: the region's area, and where that ends with the picture,
 *   so far beyond as it would else reach
 * @x: column of the sheet where the box begins
 * @y: row likewise
 */
typedef struct
{
  HlRect core, box;
  int    x, y;
} HlPlace;

/**
 * HlSheet:
 * @width: pixels
 * @height: pixels
 * @places: (element-type HlPlace): what lies on it, one or more
 */
typedef struct
{
  int     width, height;
  GArray *places;
} HlSheet;

GPtrArray *hl_sheets_new (const GArray *regions, int margin);
HlImage   *hl_sheet_cut (const HlSheet *sheet, const HlImage *image, GError **error);
gboolean hl_sheet_cut_maps (const HlSheet *sheet, const HlMaps *maps, HlMaps *cut, GError **error);
void     hl_sheet_put_back (const HlSheet *sheet, const HlImage *cut, const float *target,
                            HlImage *image);

G_END_DECLS

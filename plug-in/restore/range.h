/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The range of values of a photograph, and between it and 0..1. */
#pragma once

#include "restore/maps.h"

G_BEGIN_DECLS

/**
 * HlRange:
 * @low: the least value, 0 or less
 * @high: the greatest value, 1 or more
 */
typedef struct
{
  float low, high;
} HlRange;

HlRange hl_range_find (const HlImage *image, HlMaps *maps, GCancellable *cancel);
double  hl_range_get_span (HlRange range);
void    hl_range_squeeze (HlRange range, HlImage *image);
void    hl_range_stretch (HlRange range, HlImage *image);

G_END_DECLS

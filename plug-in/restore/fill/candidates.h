/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By how much pieces of a picture may be moved to cover a hole. */
#pragma once

#include "restore/patches/patch_pyramid.h"

G_BEGIN_DECLS

GArray *hl_candidates_new (HlPatchPyramid *pyramid, HlPatchLevel *level, GCancellable *cancel);
void    hl_candidates_add (GArray *shifts, const gint32 *offset, int n);
void    hl_candidates_add_along (GArray *shifts, const HlPatchLevel *level, gboolean vertical);
float  *hl_candidates_get_looks (const HlPatchLevel *level);
float  *hl_candidates_find_rarity (HlPatchPyramid *pyramid, HlPatchLevel *level, float *looks,
                                   GCancellable *cancel);

G_END_DECLS

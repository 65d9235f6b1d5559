/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hole shows near the edges that go on in it. */
#pragma once

#include "restore/patches/patch_level.h"

G_BEGIN_DECLS

/**
 * HlStructure:
 * @contours: (element-type HlContour): the edges
 * @channels: of the picture
 * @weight: (H, W), 0..1, how near an edge a pixel of the hole is
 * @which: (H, W), where @weight is not 0 the index of that edge
 * @way: (H, W), there, the part of the way from its first end to its second, 0..1
 * @right: (H, W), there, how many pixels to its right the pixel lies, as seen on that way
 */
typedef struct
{
  GArray *contours;
  int     channels;
  float  *weight, *way, *right;
  gint32 *which;
} HlStructure;

gboolean hl_structure_init (HlStructure *structure, const HlPatchLevel *level, const guint8 *valid);
void     hl_structure_clear (HlStructure *structure);
void     hl_structure_add_shifts (const HlStructure *structure, GArray *shifts);
float    hl_structure_get_cost (const HlStructure *structure, const HlPatchLevel *level, gsize at,
                                gsize from);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlStructure, hl_structure_clear)

G_END_DECLS

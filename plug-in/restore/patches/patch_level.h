/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One size of a picture whose holes are painted with patches of its sound parts. */
#pragma once

#include "nn/kernels.h"
#include "nn/pool.h"

G_BEGIN_DECLS

/* Pixels from the middle of a patch to its edge. */
#define HL_PATCH_RADIUS 4

/**
 * HlPatchLevel:
 * @width: pixels
 * @height: pixels
 * @channels: of the picture, 1 or 3
 * @features: numbers that describe a pixel: its @channels, and how strongly the picture
 *   changes around it across and down
 * @values: (H, W, @features), row-major
 * @hole: (H, W), 1 where the picture is painted anew
 * @sound: (H, W), 1 where a whole patch of sound pixels lies around a pixel
 * @touched: (H, W), 1 where the patch around a pixel reaches into a hole
 * @depth: (H, W), Chebyshev distance to the nearest pixel that is not in a hole, at most 255
 * @shift: (H, W, 2), how many columns and rows from a touched pixel its most similar sound
 *   patch lies
 * @cost: (H, W), the mean squared difference of the two
 * @kernels: inner loops
 * @least_shift: columns or rows that a patch must at least be away to be found; 0 at first
 */
typedef struct
{
  int     width, height, channels, features;
  float  *values;
  guint8 *hole, *sound, *touched, *depth;
  gint32 *shift;
  float  *cost;
  int     least_shift;

  const HlKernels *kernels;
} HlPatchLevel;

HlPatchLevel *hl_patch_level_new (int width, int height, int channels);
void          hl_patch_level_free (HlPatchLevel *level);
gboolean      hl_patch_level_prepare (HlPatchLevel *level, const guint8 *unsound);
int           hl_patch_level_get_deepest (const HlPatchLevel *level);
void          hl_patch_level_draw (HlPatchLevel *level, gsize at, GRand *rng);
void          hl_patch_level_search (HlPatchLevel *level, const guint8 *which, const guint8 *seen,
                                     int passes, int reach, GRand *rng, HlPool *pool, GCancellable *cancel);
float         hl_patch_level_get_cost (const HlPatchLevel *level, gsize at, const guint8 *votes);
void          hl_patch_level_paint (HlPatchLevel *level, const guint8 *which, const guint8 *votes,
                                    float *scratch, HlPool *pool, GCancellable *cancel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPatchLevel, hl_patch_level_free)

G_END_DECLS

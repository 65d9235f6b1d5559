/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All sizes of a picture whose holes are painted with patches, the full one first. */
#pragma once

#include "restore/image.h"
#include "restore/patches/patch_level.h"

G_BEGIN_DECLS

#define HL_PATCH_PYRAMID_MOST_LEVELS 8
#define HL_PATCH_PYRAMID_PLANES 5

/**
 * HlPatchPyramid:
 * @level: the picture and its halves, quarters ...
 * @levels: how many; 0 where nothing can be painted, as no hole or no sound patch is there
 * @seen: scratch buffer, (H, W)
 * @which: likewise
 * @votes: likewise
 * @scratch: likewise, %HL_PATCH_PYRAMID_PLANES planes, which all features of a colour picture need
 * @rng: of the random tries
 * @pool: threads, borrowed
 */
typedef struct
{
  HlPatchLevel *level[HL_PATCH_PYRAMID_MOST_LEVELS];
  int           levels;
  guint8       *seen, *which, *votes;
  float        *scratch;
  GRand        *rng;
  HlPool       *pool;
} HlPatchPyramid;

gboolean hl_patch_pyramid_init (HlPatchPyramid *pyramid, const HlImage *image, const float *known,
                                const guint8 *hole, guint32 seed, HlPool *pool);
void     hl_patch_pyramid_clear (HlPatchPyramid *pyramid);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlPatchPyramid, hl_patch_pyramid_clear)

G_END_DECLS

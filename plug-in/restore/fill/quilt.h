/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes, covered with whole pieces of the picture. */
#pragma once

#include "nn/pool.h"
#include "restore/maps.h"
#include "restore/progress.h"

G_BEGIN_DECLS

/**
 * HlQuilt:
 * @keep: what it costs to leave a pixel as it is filled, where the hole has a rim all around: the
 *   more, the worse a piece may fit
 * @pool: threads
 * @seed: 0 to try all pieces; each other number tries a part of them, another one
 * @copied: (nullable) (out): (H, W), 0; set to 1 where pieces lie, and not what the hole was filled
 *   with before
 * @memory: (out): bytes that were taken
 *
 * How to cover a hole.
 */
typedef struct
{
  float   keep;
  HlPool *pool;
  guint32 seed;
  guint8 *copied;
  guint64 memory;
} HlQuilt;

gboolean hl_quilt_run (HlQuilt *pieces, HlImage *image, const HlMaps *maps, const guint8 *hole,
                       const HlProgress *progress, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep prior: the learned denoiser, fitted to this one photograph. */
#pragma once

#include "nn/pool.h"
#include "nn/weights.h"
#include "restore/maps.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlFillFunc:
 * @image: (C, H, W), its holes filled smoothly; becomes the learned prior's result
 * @maps: of it
 * @cancel: (nullable): to give up
 * @data: as given in #HlDeep
 * @error: as hl_repair_run()
 *
 * Returns: whether @image is a result
 */
typedef gboolean (*HlFillFunc) (HlImage *image, const HlMaps *maps, GCancellable *cancel,
                                gpointer data, GError **error);

/**
 * HlDeep:
 * @weights: of the learned denoiser
 * @pool: threads
 * @iterations: most steps to make, 1 or more
 * @seed: of what it learns from
 * @memory_limit: bytes, or 0
 * @fill: the learned prior
 * @data: for @fill
 */
typedef struct
{
  const HlWeights *weights;
  HlPool          *pool;
  guint            iterations;
  guint32          seed;
  guint64          memory_limit;
  HlFillFunc       fill;
  gpointer         data;
} HlDeep;

gboolean hl_deep_fit (const HlDeep *deep, const HlImage *image, const HlMaps *maps,
                      const HlProgress *progress, HlRestoreReport *report, HlWeights **fitted,
                      GError **error);
gboolean hl_deep_refine (const HlDeep *deep, const HlWeights *fitted, HlImage *image,
                         const guint8 *reach, const HlProgress *progress, guint64 *memory,
                         GError **error);

G_END_DECLS

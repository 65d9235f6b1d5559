/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep image prior: a network fitted to the known pixels of one picture. */
#pragma once

#include "nn/pool.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlUntrained:
 * @iterations: most steps to make, 1 or more
 * @noise_level: standard deviation of the picture's noise, 0..1; fitting ends when the
 *   known pixels are met that well
 * @seed: of the network
 * @memory_limit: bytes, or 0
 */
typedef struct
{
  guint   iterations;
  double  noise_level;
  guint32 seed;
  guint64 memory_limit;
} HlUntrained;

gboolean hl_untrained_run (const HlUntrained *task, HlImage *image, const float *source,
                           HlPool *pool, const HlProgress *progress, HlRestoreReport *report,
                           GError **error);

G_END_DECLS

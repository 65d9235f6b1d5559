/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rungs of the ladder: what can be done to a region of damage. */
#pragma once

#include "nn/pool.h"
#include "nn/weights.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlRungs:
 * @settings: what to do
 * @report: what was done
 * @grain_level: the photograph's noise, measured or set, 0..1
 * @memory_limit: bytes that may be taken, or 0
 * @base: bytes that are taken already
 * @weights: (nullable): of the learned prior
 * @fitted: (nullable): the same, fitted to this photograph, if that is better
 * @pool: the threads
 * @iterations: steps of a fit that were made
 *
 * What the rungs have at hand.
 */
typedef struct
{
  const HlRestoreSettings *settings;
  HlRestoreReport         *report;
  double                   grain_level;
  guint64                  memory_limit, base;
  HlWeights               *weights, *fitted;
  HlPool                  *pool;
  guint                    iterations;
} HlRungs;

typedef gboolean (*HlRung) (HlRungs *rungs, HlImage *image, const float *known,
                            const HlRestoreControl *control, GError **error);

gboolean hl_rungs_carry_edges_on (HlRungs *rungs, HlImage *image, const float *known,
                                  const HlRestoreControl *control, GError **error);
gboolean hl_rungs_run_learned (HlRungs *rungs, HlImage *image, const float *known,
                               const HlRestoreControl *control, GError **error);
gboolean hl_rungs_run_untrained (HlRungs *rungs, HlImage *image, const float *known,
                                 const HlRestoreControl *control, GError **error);
gboolean hl_rungs_paint_patches (HlRungs *rungs, HlImage *image, const float *known,
                                 const HlRestoreControl *control, GError **error);
gboolean hl_rungs_refine (HlRungs *rungs, HlImage *image, const float *known,
                          const HlRestoreControl *control, GError **error);
gboolean hl_rungs_fit (HlRungs *rungs, const HlImage *image, const float *mask, const float *known,
                       const HlRestoreControl *control, GError **error);
gboolean hl_rungs_remove_noise (HlRungs *rungs, HlImage *image, const float *known,
                                GCancellable *cancel, GError **error);
void     hl_rungs_clear (HlRungs *rungs);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlRungs, hl_rungs_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of the ladder: what can be done to a region of damage. */
#pragma once

#include "nn/pool.h"
#include "nn/weights.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlStages:
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
 * What the stages have at hand.
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
} HlStages;

typedef gboolean (*HlStage) (HlStages *stages, HlImage *image, const float *known,
                             const HlRestoreControl *control, GError **error);

gboolean hl_stages_diffuse_edges (HlStages *stages, HlImage *image, const float *known,
                                  const HlRestoreControl *control, GError **error);
gboolean hl_stages_run_learned (HlStages *stages, HlImage *image, const float *known,
                                const HlRestoreControl *control, GError **error);
gboolean hl_stages_run_untrained (HlStages *stages, HlImage *image, const float *known,
                                  const HlRestoreControl *control, GError **error);
gboolean hl_stages_paint_patches (HlStages *stages, HlImage *image, const float *known,
                                  const HlRestoreControl *control, GError **error);
gboolean hl_stages_refine (HlStages *stages, HlImage *image, const float *known,
                           const HlRestoreControl *control, GError **error);
gboolean hl_stages_fit (HlStages *stages, const HlImage *image, const float *mask,
                        const float *known, const HlRestoreControl *control, GError **error);
gboolean hl_stages_remove_noise (HlStages *stages, HlImage *image, const float *known,
                                 GCancellable *cancel, GError **error);
void     hl_stages_clear (HlStages *stages);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlStages, hl_stages_clear)

G_END_DECLS

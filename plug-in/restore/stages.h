/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a repair: what can be done to a region of damage. */
#pragma once

#include "nn/denoiser.h"
#include "restore/maps.h"
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
 * @denoiser: (nullable): the network, as one stage last set it up
 * @width: columns of its pictures
 * @height: rows of them
 *
 * What the stages share.
 */
typedef struct
{
  const HlRestoreSettings *settings;
  HlRestoreReport         *report;
  double                   grain_level;
  guint64                  memory_limit, base;
  HlWeights               *weights, *fitted;
  HlPool                  *pool;
  HlDenoiser              *denoiser;
  int                      width, height;
} HlStages;

/**
 * HlStage:
 * @stages: what the stages share
 * @image: (C, H, W), a region of the picture; is repaired
 * @maps: of the region; where a stage leaves nothing to do to the target, it may set that to 0 for
 *   what is copied, and to -1 for the rest
 * @progress: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * Returns: whether @image is a result
 */
typedef gboolean (*HlStage) (HlStages *stages, HlImage *image, const HlMaps *maps,
                             const HlProgress *progress, GError **error);

double   hl_stages_count_passes (double damage, double pixels);
gboolean hl_stages_diffuse_edges (HlStages *stages, HlImage *image, const HlMaps *maps,
                                  const HlProgress *progress, GError **error);
gboolean hl_stages_run_learned (HlStages *stages, HlImage *image, const HlMaps *maps,
                                const HlProgress *progress, GError **error);
gboolean hl_stages_run_untrained (HlStages *stages, HlImage *image, const HlMaps *maps,
                                  const HlProgress *progress, GError **error);
gboolean hl_stages_find_wide (const HlStages *stages, const float *target, int width, int height,
                              gboolean pieces, guint8 *hole, GCancellable *cancel, GError **error);
gboolean hl_stages_paint_patches (HlStages *stages, HlImage *image, const HlMaps *maps,
                                  const HlProgress *progress, GError **error);
gboolean hl_stages_lay_pieces (HlStages *stages, HlImage *image, const HlMaps *maps,
                               const HlProgress *progress, GError **error);
gboolean hl_stages_refine (HlStages *stages, HlImage *image, const HlMaps *maps,
                           const HlProgress *progress, GError **error);
gboolean hl_stages_fit (HlStages *stages, const HlImage *image, const HlMaps *maps,
                        const HlProgress *progress, GError **error);
gboolean hl_stages_remove_noise (HlStages *stages, HlImage *image, const HlMaps *maps,
                                 const HlProgress *progress, GError **error);
void     hl_stages_clear (HlStages *stages);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlStages, hl_stages_clear)

G_END_DECLS

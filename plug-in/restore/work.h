/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work a restoration will be. */
#pragma once

#include "restore/settings.h"

G_BEGIN_DECLS

/**
 * HlWork:
 * @before: before the first stage: the grain, the rim, the smooth fill
 * @edges: the diffusion of edges
 * @learned: the learned prior
 * @fit: fitting the denoiser, or the untrained network
 * @refine: the learned prior with fitted weights
 * @pieces: pieces of the picture over the widest damage
 * @patches: patches in wide damage
 * @noise: taking the noise out of the whole picture
 * @deblur: taking the blur out of it
 * @after: the composite, grain and colours
 *
 * The parts of a restoration in their order, in seconds of one processor core.
 */
typedef struct
{
  double before, edges, learned, fit, refine, pieces, patches, noise, deblur, after;
} HlWork;

gboolean hl_work_estimate (HlWork *work, const float *target, int width, int height,
                           const HlRestoreSettings *settings, GCancellable *cancel, GError **error);
double   hl_work_get_repair (const HlWork *work);
double   hl_work_get_total (const HlWork *work);
double   hl_work_get_search_share (const float *target, int width, int height,
                                   const HlRestoreSettings *settings, GCancellable *cancel);

G_END_DECLS

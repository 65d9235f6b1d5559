/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work a restoration will be. */
#pragma once

#include "restore/progress.h"
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

/**
 * HlWorkSearch:
 * @progress: for the search
 * @whole: of search and restoration together
 * @seconds: of a core, that the search takes, the cut through what it finds, and the decision about
 * a blur
 * @look: the search alone
 * @megapixels: of the photograph
 * @damaged: the share of it that seems damaged, 0..1
 *
 * The search for damage, while it is not known how much there is to restore.
 */
typedef struct
{
  HlProgress        progress;
  const HlProgress *whole;
  double            seconds, look, megapixels, damaged;
} HlWorkSearch;

gboolean hl_work_estimate (HlWork *work, const float *target, int width, int height,
                           const HlRestoreSettings *settings, GCancellable *cancel, GError **error);
double   hl_work_get_repair (const HlWork *work);
double   hl_work_get_total (const HlWork *work);
double   hl_work_get_search_share (double search, const float *target, int width, int height,
                                   const HlRestoreSettings *settings, GCancellable *cancel);
void     hl_work_search_init (HlWorkSearch *self, const HlImage *image, const guint8 *source,
                              const HlProgress *progress);

G_END_DECLS

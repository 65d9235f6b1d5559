/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape. */
#pragma once

#include "nn/pool.h"
#include "nn/weights.h"
#include "restore/linear_light.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlDeblurTask:
 * @method: the solver
 * @psf: the blur, of a side up to the picture's
 * @curve: what was blurred: light, as in a camera, or the values as they are
 * @find_curve: whether that is to be found out from the photograph; @curve then counts for the
 *   widest blurs only
 * @circular: whether the blur went around the borders, as in the papers' trials; the sides must
 *   then be even and without prime factors above 7
 * @noise_level: standard deviation of the noise that is left, 0..1 of white; more noise gives
 *   less sharpening
 * @noise_blur: how far it is correlated, see hl_noise_estimate_blur(); 0 for white noise
 * @misfit: what the point spread function may be wrong by, as the standard deviation of a noise
 *   beside the other, 0..1 of white
 * @weights: (nullable): of the denoiser, for %HL_DEBLUR_PRIOR
 * @pool: (nullable): the threads for it
 * @memory_limit: bytes that the windows and the denoiser may take, or 0; the less, the smaller the
 *   windows
 * @peak: (nullable): set to the bytes that were taken beside the picture itself
 */
typedef struct
{
  HlDeblurMethod   method;
  const HlPsf     *psf;
  HlCurve          curve;
  gboolean         find_curve;
  gboolean         circular;
  double           noise_level;
  double           noise_blur;
  double           misfit;
  const HlWeights *weights;
  HlPool          *pool;
  guint64          memory_limit;
  guint64         *peak;
} HlDeblurTask;

gboolean hl_deblur_check (const HlDeblurTask *task, const HlImage *image, GError **error);
gboolean hl_deblur_run (const HlDeblurTask *task, HlImage *image, const float *known,
                        const HlProgress *control, GError **error);

G_END_DECLS

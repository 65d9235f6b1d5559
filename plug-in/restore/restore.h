/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole restoration: planes and two maps in, restored planes out. */
#pragma once

#include "restore/blur/psf.h"
#include "restore/progress.h"

G_BEGIN_DECLS

/**
 * HlDeblur:
 * @HL_DEBLUR_NONE: leave the blur
 * @HL_DEBLUR_AUTO: find out how blurred the photograph is, and undo that
 * @HL_DEBLUR_KNOWN: undo a blur that is given
 */
typedef enum
{
  HL_DEBLUR_NONE,
  HL_DEBLUR_AUTO,
  HL_DEBLUR_KNOWN,
} HlDeblur;

/**
 * HlDeblurMethod:
 * @HL_DEBLUR_WIENER: at once, by one filter
 * @HL_DEBLUR_TV: by total variation
 * @HL_DEBLUR_PRIOR: by the learned prior, after total variation
 */
typedef enum
{
  HL_DEBLUR_WIENER,
  HL_DEBLUR_TV,
  HL_DEBLUR_PRIOR,
} HlDeblurMethod;

/**
 * HlMethod:
 * @HL_METHOD_AUTO: the one that suits the damage
 * @HL_METHOD_PRIOR: the learned prior: half-quadratic splitting with the trained denoiser
 * @HL_METHOD_DEEP: the learned prior, and then the deep prior: its denoiser fitted to this one
 *   photograph
 * @HL_METHOD_UNTRAINED: the deep image prior: a network that has learnt nothing before, fitted to
 *   this one photograph
 */
typedef enum
{
  HL_METHOD_AUTO,
  HL_METHOD_PRIOR,
  HL_METHOD_DEEP,
  HL_METHOD_UNTRAINED,
} HlMethod;

/**
 * HlRestoreSettings:
 * @method: how holes are filled
 * @weights: (nullable): a file of weights for the learned prior instead of those built in
 * @denoise: take the noise out of the whole picture too; there need not be a hole then
 * @grain: how much of the photograph's own grain what was repainted gets, 0..1; none where
 *   @denoise is set
 * @iterations: steps of the deep prior at most, 0..20000; 0 leaves the learned prior's result, or
 *   the smooth fill where the network is untrained
 * @auto_noise: estimate the noise from the sound pixels; @noise_level is then ignored
 * @noise_level: standard deviation of the photograph's noise, 0..0.4 of white
 * @deblur: whether a blur of the whole picture is to be undone; there need not be a hole then
 * @deblur_method: how
 * @psf: (nullable): the blur, for %HL_DEBLUR_KNOWN; must outlive the restoration
 * @seed: of what the deep prior learns from, and of the grain; same seed, same result
 * @threads: 1..64, or 0 for one per processor
 * @memory_limit: bytes that the restoration may take, or 0 for what the machine has free
 */
typedef struct
{
  HlMethod       method;
  const char    *weights;
  gboolean       denoise;
  double         grain;
  guint          iterations;
  gboolean       auto_noise;
  double         noise_level;
  HlDeblur       deblur;
  HlDeblurMethod deblur_method;
  const HlPsf   *psf;
  guint32        seed;
  guint          threads;
  guint64        memory_limit;
} HlRestoreSettings;

/**
 * HlEnded:
 * @HL_ENDED_NOT_RUN: there was no deep prior
 * @HL_ENDED_STEPS: all the steps were made
 * @HL_ENDED_GAINS: nothing more was gained
 * @HL_ENDED_STOPPED: somebody stopped it; what it had gained by then is used
 * @HL_ENDED_NOTHING_TO_CHECK: too little is sound to see whether it would be better
 *
 * Why the deep prior ended.
 */
typedef enum
{
  HL_ENDED_NOT_RUN,
  HL_ENDED_STEPS,
  HL_ENDED_GAINS,
  HL_ENDED_STOPPED,
  HL_ENDED_NOTHING_TO_CHECK,
} HlEnded;

/**
 * HlRestoreReport:
 * @seconds: wall-clock time of the restoration
 * @iterations: steps of the deep prior that were made
 * @ended: why the deep prior ended
 * @gain: by how many decibels sound pixels that were held out are closer to the truth with the
 *   deep prior than with the learned one; 0 where the learned one was kept
 * @loss: mean squared error over those pixels at the end, 1 being white squared
 * @noise_level: the standard deviation that was used, of white
 * @peak_memory_bytes: what the engine allocated at its peak
 * @rim: pixels around the target that look damaged too, and were not learnt from
 * @whole: whether all of the picture was worked on, and not only the target
 * @blur: the blur that was undone, as hl_psf_new_from_text() reads it; empty where none was, or
 *   where it came from a picture
 */
typedef struct
{
  double   seconds;
  guint    iterations;
  HlEnded  ended;
  double   gain;
  double   loss;
  double   noise_level;
  guint64  peak_memory_bytes;
  guint    rim;
  gboolean whole;
  char     blur[HL_PSF_NAME];
} HlRestoreReport;

void     hl_restore_settings_init (HlRestoreSettings *settings);
gboolean hl_restore_is_whole (const HlRestoreSettings *settings);
HlImage *hl_restore (const HlImage *image, const float *target, const guint8 *source,
                     const HlRestoreSettings *settings, const HlProgress *progress,
                     HlRestoreReport *report, GError **error);
HlImage *hl_restore_grain (const HlImage *bare, const HlImage *image, const float *target,
                           const guint8 *source, const HlRestoreSettings *settings,
                           GCancellable *cancel, GError **error);

G_END_DECLS

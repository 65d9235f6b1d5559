/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole restoration: planes and two maps in, restored planes out. */
#pragma once

#include "restore/progress.h"
#include "restore/settings.h"

G_BEGIN_DECLS

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
 * @colour: what was done to the colours
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

  HlColourFit colour;
} HlRestoreReport;

const char *hl_restore_report_get_notice (const HlRestoreReport *report);
gboolean    hl_restore_is_whole (const HlRestoreSettings *settings);
HlImage    *hl_restore (const HlImage *image, const float *target, const guint8 *source,
                        const HlRestoreSettings *settings, const HlProgress *progress,
                        HlRestoreReport *report, GError **error);
HlImage    *hl_restore_damage (const HlImage *image, const float *target, const guint8 *source,
                               const HlRestoreSettings *settings, const HlProgress *progress,
                               HlRestoreReport *report, GError **error);
gboolean    hl_restore_find_colours (const HlImage *mended, const guint8 *source,
                                     const HlRestoreSettings *settings, HlRestoreReport *report,
                                     GError **error);
HlImage    *hl_restore_colours (const HlImage *mended, const HlRestoreSettings *settings,
                                GCancellable *cancel, HlRestoreReport *report, GError **error);
HlImage    *hl_restore_grain (const HlImage *bare, const HlImage *image, const float *target,
                              const guint8 *source, const HlRestoreSettings *settings,
                              GCancellable *cancel, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a piece of work is, the best result so far, and how to end it early. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlProgressFunc:
 * @fraction: of the work that is done, 0..1; less than before where there is more to do than was
 *   known
 * @iteration: steps of the deep prior made so far
 * @user_data: as given in #HlProgress
 *
 * Called often, from the thread that does the work, or by turns from those that share it.
 */
typedef void (*HlProgressFunc) (double fraction, guint iteration, gpointer user_data);

/**
 * HlResultFunc:
 * @part: (C, h, w), the best so far of a part of the picture; only for the time of the call
 * @x: column of the picture in which @part begins
 * @y: row, likewise
 * @user_data: as given in #HlProgress
 *
 * Called from the thread that does the work whenever a part has become better.
 */
typedef void (*HlResultFunc) (const HlImage *part, int x, int y, gpointer user_data);

typedef struct _HlProgress HlProgress;

/**
 * HlProgress:
 * @parent: (nullable): the work that this is a part of
 * @from: fraction of the parent's work at which this part begins, 0..1
 * @to: fraction of the parent's work at which it ends, 0..1
 * @iterations: steps of the deep prior made before this part
 * @cancel: (nullable): once cancelled, the work ends with %G_IO_ERROR_CANCELLED
 * @stop: (nullable): once cancelled, the work ends soon with the best result so far
 * @report: (nullable): told how far the work is; where it is %NULL, the parent is
 * @result: (nullable): given the best result so far
 * @user_data: for @report and @result
 * @damaged: (nullable): where the search for damage leaves the share of the photograph that seems
 *   damaged, 0..1, as soon as it can tell
 *
 * Whoever starts a piece of work fills one in, without a parent; each part of the work gets one
 * from hl_progress_part().
 */
struct _HlProgress
{
  const HlProgress *parent;
  double            from, to;
  guint             iterations;
  GCancellable     *cancel;
  GCancellable     *stop;
  HlProgressFunc    report;
  HlResultFunc      result;
  gpointer          user_data;
  double           *damaged;
};

HlProgress hl_progress_part (const HlProgress *parent, double from, double to);
void       hl_progress_report (const HlProgress *progress, double fraction, guint iteration);
void       hl_progress_show (const HlProgress *progress, const HlImage *part, int x, int y);
gboolean   hl_progress_is_stopped (const HlProgress *progress);
gboolean   hl_progress_is_cancelled (const HlProgress *progress, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a piece of work is, the best result so far, and how to end it early.
 *
 * A part of a piece of work reports as if it were the whole; its fraction f becomes the parent's
 * from + f (to - from), and so on up to whoever watches. */
#include "restore/progress.h"

/**
 * hl_progress_part:
 * @parent: of the whole work, which must outlive the part
 * @from: fraction of it at which the part begins, 0..1
 * @to: fraction of it at which the part ends, @from..1
 *
 * Returns: the progress of the part, which is cancelled and stopped with the whole.  It shows no
 *   results, as a part has another place or other values than the whole: give it a result function
 *   of its own that knows them.
 */
HlProgress
hl_progress_part (const HlProgress *parent, double from, double to)
{
  return (HlProgress) {
    .parent = parent, .from = from, .to = to, .cancel = parent->cancel, .stop = parent->stop
  };
}

/**
 * hl_progress_report:
 * @progress: of a piece of work
 * @fraction: of it that is done, 0..1
 * @iteration: steps of the deep prior made so far, by this piece of work
 */
void
hl_progress_report (const HlProgress *progress, double fraction, guint iteration)
{
  for (; progress; progress = progress->parent)
    {
      iteration += progress->iterations;
      if (progress->report)
        {
          progress->report (fraction, iteration, progress->user_data);
          return;
        }
      if (progress->parent)
        fraction = MIN (progress->from + fraction * (progress->to - progress->from), 1);
    }
}

/**
 * hl_progress_show:
 * @progress: of a piece of work
 * @part: (C, h, w), the best so far of a part of the picture
 * @x: column of the picture in which @part begins
 * @y: row, likewise
 */
void
hl_progress_show (const HlProgress *progress, const HlImage *part, int x, int y)
{
  if (progress->result)
    progress->result (part, x, y, progress->user_data);
}

/**
 * hl_progress_is_stopped:
 * @progress: of a piece of work
 *
 * Returns: whether to end with the best result so far
 */
gboolean
hl_progress_is_stopped (const HlProgress *progress)
{
  return g_cancellable_is_cancelled (progress->stop);
}

/**
 * hl_progress_is_cancelled:
 * @progress: of a piece of work
 * @error: set to %G_IO_ERROR_CANCELLED where it is
 *
 * Returns: whether to end without a result
 */
gboolean
hl_progress_is_cancelled (const HlProgress *progress, GError **error)
{
  return g_cancellable_set_error_if_cancelled (progress->cancel, error);
}

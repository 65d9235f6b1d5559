/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One restoration: what there is to do, and what comes of it. */
#pragma once

#include "gimp/picture.h"
#include "restore/find/find.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlTaskPlace:
 * @x: column
 * @y: row
 * @depth: Chebyshev distance to what is sound, pixels; 0 where there is no such place
 *
 * The middle of the widest hole, where it is wide enough for pieces of the photograph.
 */
typedef struct
{
  int x, y, depth;
} HlTaskPlace;

/**
 * HlTaskResult:
 * @image: (C, H, W), the restored planes
 * @mended: (nullable): (C, H, W), the same in its old colours, where they were restored
 * @bare: (nullable): (C, H, W), the same without its grain too, where that was a step of its own
 * @mask: (H, W), row-major: what was repainted, 0..1: what was selected or found, widened, with the
 *   person's edits
 * @base: (nullable): (H, W), the same without them, where there are any
 * @wide: where the widest hole is
 * @report: what was done
 */
typedef struct
{
  HlImage        *image;
  HlImage        *mended;
  HlImage        *bare;
  float          *mask;
  float          *base;
  HlTaskPlace     wide;
  HlRestoreReport report;
} HlTaskResult;

/**
 * HlTaskMarkedFunc:
 * @base: (nullable): (H, W), row-major: what is to be repainted, 0..1, but for the person's edits
 * @found: (transfer full) (nullable): the damage, where this task has looked for it; is kept until
 *   the task has ended
 * @user_data: of the task
 *
 * Called in the worker's thread, with each of them once that is known.
 */
typedef void (*HlTaskMarkedFunc) (const float *base, HlFound *found, gpointer user_data);

/**
 * HlTask:
 * @image: (C, H, W) planes of the damaged picture
 * @mask: (H, W), row-major: what is selected, 0..1
 * @selected: whether anything is
 * @evidence: (H, W), row-major: 0 where a pixel says nothing
 * @settings: of the restoration; its psf is the one below
 * @psf: (nullable): the blur that is to be undone; taken over by hl_worker_new()
 * @picture: (nullable): shows what is there so far
 * @found: (nullable): the damage, where it is to be found and is known already
 * @edits: (nullable): (H, W) of #HlMarksEdit, row-major: what the person has changed of what is
 *   found or selected
 * @patched: (nullable): the result of a task that differs in the edits alone: only what they touch
 *   is done again, with what is around it as it was mended then. Another result than that of the
 *   whole work, but there at once
 * @marked: (nullable): called with what is to be repainted
 * @user_data: for @marked
 *
 * What there is to do; all of it borrowed, but for the blur.
 */
typedef struct
{
  const HlImage    *image;
  const float      *mask;
  gboolean          selected;
  const guint8     *evidence;
  HlRestoreSettings settings;
  HlPsf            *psf;
  HlPicture        *picture;

  const HlFound      *found;
  const guint8       *edits;
  const HlTaskResult *patched;
  HlTaskMarkedFunc    marked;
  gpointer            user_data;
} HlTask;

gboolean hl_task_run (const HlTask *task, HlTaskResult *before, const HlProgress *progress,
                      HlTaskResult *result, GError **error);
void     hl_task_result_free (HlTaskResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlTaskResult, hl_task_result_free)

G_END_DECLS

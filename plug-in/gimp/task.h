/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One restoration: what there is to do, and what comes of it. */
#pragma once

#include "gimp/picture.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlTask:
 * @image: (C, H, W) planes of the damaged picture
 * @mask: (H, W), row-major: what is selected, 0..1
 * @selected: whether anything is
 * @evidence: (H, W), row-major: 0 where a pixel says nothing
 * @settings: of the restoration; its psf is the one below
 * @psf: (nullable): the blur that is to be undone; taken over by hl_worker_new()
 * @picture: (nullable): shows what is there so far
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
} HlTask;

/**
 * HlTaskResult:
 * @image: (C, H, W), the restored planes
 * @bare: (nullable): (C, H, W), the same without its grain, where that was a step of its own
 * @mask: (H, W), row-major: what was repainted, 0..1: what was selected or found, widened
 * @report: what was done
 */
typedef struct
{
  HlImage        *image;
  HlImage        *bare;
  float          *mask;
  HlRestoreReport report;
} HlTaskResult;

gboolean hl_task_run (const HlTask *task, HlTaskResult *before, const HlProgress *progress,
                      HlTaskResult *result, GError **error);
void     hl_task_result_free (HlTaskResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlTaskResult, hl_task_result_free)

G_END_DECLS

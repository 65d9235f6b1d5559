/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread in which the restoration runs while the main thread keeps GIMP informed. */
#pragma once

#include "picture.h"
#include "restore/restore.h"

G_BEGIN_DECLS

typedef struct _HlWorker HlWorker;

/**
 * HlWorkerTask:
 * @image: (C, H, W) planes of the damaged picture
 * @mask: (H, W), row-major: what is selected, 0..1
 * @evidence: (H, W), row-major: 0 where a pixel says nothing
 * @mask_grow: pixels by which the mask is widened, 0..%HL_MASK_MOST_GROWTH
 * @is_hard: whether half selected pixels are repaired wholly, as a layer mask will blend them
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
  const guint8     *evidence;
  int               mask_grow;
  gboolean          is_hard;
  HlRestoreSettings settings;
  HlPsf            *psf;
  HlPicture        *picture;
} HlWorkerTask;

/**
 * HlWorkerProgress:
 * @fraction: of the work that is done, 0..1
 * @iteration: steps of the deep prior made so far
 * @noise_level: standard deviation of the photograph's noise, of white, or < 0 while that is
 *   not known
 * @elapsed: seconds since the work began, or that it took
 * @remaining: seconds that it will probably take, or < 0 while that cannot be told
 */
typedef struct
{
  double fraction;
  guint  iteration;
  double noise_level;
  double elapsed;
  double remaining;
} HlWorkerProgress;

/**
 * HlWorkerChange:
 * @seconds: since the work began
 * @change: by how much a part of the picture changed since it was last looked at, root mean
 *   square, 0..1 of white
 */
typedef struct
{
  double seconds;
  double change;
} HlWorkerChange;

/**
 * HlWorkerResult:
 * @image: (C, H, W), the restored planes
 * @bare: (nullable): (C, H, W), the same without its grain, where that was a step of its own
 * @mask: (H, W), row-major: the mask as it was widened, 0..1
 * @report: what was done
 */
typedef struct
{
  HlImage        *image;
  HlImage        *bare;
  float          *mask;
  HlRestoreReport report;
} HlWorkerResult;

typedef void (*HlWorkerFunc) (HlWorker *worker, gpointer user_data);

HlWorker *hl_worker_new (const HlWorkerTask *task, HlWorkerResult *before);
gboolean  hl_worker_start (HlWorker *worker, HlWorkerFunc done, gpointer user_data, GError **error);
HlWorkerResult *hl_worker_run (HlWorker *worker, HlWorkerFunc tick, gpointer user_data,
                               GError **error);
void            hl_worker_get_progress (HlWorker *worker, HlWorkerProgress *progress);
gboolean        hl_worker_get_change (HlWorker *worker, guint number, HlWorkerChange *change);
void            hl_worker_stop (HlWorker *worker);
void            hl_worker_cancel (HlWorker *worker);
HlWorkerResult *hl_worker_steal_result (HlWorker *worker, GError **error);
void            hl_worker_free (HlWorker *worker);
void            hl_worker_result_free (HlWorkerResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWorker, hl_worker_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWorkerResult, hl_worker_result_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread in which the restoration runs while the main thread keeps GIMP informed. */
#pragma once

#include "gimp/task.h"

G_BEGIN_DECLS

typedef struct _HlWorker HlWorker;

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

typedef void (*HlWorkerFunc) (HlWorker *worker, gpointer user_data);

HlWorker *hl_worker_new (const HlTask *task, HlTaskResult *before);
gboolean  hl_worker_start (HlWorker *worker, HlWorkerFunc done, gpointer user_data, GError **error);
HlTaskResult *hl_worker_run (HlWorker *worker, HlWorkerFunc tick, gpointer user_data,
                             GError **error);
void          hl_worker_get_progress (HlWorker *worker, HlWorkerProgress *progress);
void          hl_worker_stop (HlWorker *worker);
void          hl_worker_cancel (HlWorker *worker);
HlTaskResult *hl_worker_steal_result (HlWorker *worker, GError **error);
void          hl_worker_free (HlWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWorker, hl_worker_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration that is being made in a thread of its own. */
#pragma once

#include "gimp/task.h"
#include "restore/run.h"

G_BEGIN_DECLS

typedef struct _HlWorker HlWorker;

/**
 * HlWorkerFunc:
 * @worker: the worker
 * @user_data: as given with the function
 */
typedef void (*HlWorkerFunc) (HlWorker *worker, gpointer user_data);

HlWorker *hl_worker_new (const HlTask *task, HlTaskResult *before, gboolean is_quiet);
gboolean  hl_worker_start (HlWorker *worker, HlWorkerFunc done, gpointer user_data, GError **error);
HlTaskResult *hl_worker_run (HlWorker *worker, HlRunFunc tick, gpointer user_data, GError **error);
void          hl_worker_get_progress (HlWorker *worker, HlRunProgress *progress);
double        hl_worker_get_noise_level (HlWorker *worker);
guint8       *hl_worker_steal_marked (HlWorker *worker, HlFound **found);
void          hl_worker_stop (HlWorker *worker);
void          hl_worker_cancel (HlWorker *worker);
HlTaskResult *hl_worker_steal_result (HlWorker *worker, GError **error);
void          hl_worker_free (HlWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWorker, hl_worker_free)

G_END_DECLS

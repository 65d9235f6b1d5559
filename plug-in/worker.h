/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread in which the restoration runs while the main thread keeps GIMP informed. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

typedef struct _HlWorker HlWorker;

/**
 * HlWorkerProgress:
 * @fraction: of the work that is done, 0..1
 * @iteration: steps made so far
 * @elapsed: seconds since the work began
 * @remaining: seconds that it will probably take, or < 0 while that cannot be told
 */
typedef struct
{
  double fraction;
  guint  iteration;
  double elapsed;
  double remaining;
} HlWorkerProgress;

/**
 * HlWorkerTickFunc:
 * @progress: where the work stands
 * @user_data: as given to hl_worker_run()
 *
 * Called on the main thread about ten times a second.
 */
typedef void (*HlWorkerTickFunc) (const HlWorkerProgress *progress, gpointer user_data);

HlWorker *hl_worker_new (const HlImage *image, const float *mask, const guint8 *evidence,
                         const HlRestoreSettings *settings);
HlImage  *hl_worker_run (HlWorker *worker, HlWorkerTickFunc tick, gpointer user_data,
                         GError **error);
const HlRestoreReport *hl_worker_get_report (const HlWorker *worker);
void                   hl_worker_stop (HlWorker *worker);
void                   hl_worker_cancel (HlWorker *worker);
void                   hl_worker_free (HlWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWorker, hl_worker_free)

G_END_DECLS

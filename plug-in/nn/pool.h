/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share out the jobs of one step at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HlPool HlPool;

/**
 * HlJob:
 * @job: which of the jobs, 0..jobs - 1
 * @thread: who runs it, 0..threads - 1, to choose scratch memory by
 * @data: as given to hl_pool_run()
 */
typedef void (*HlJob) (int job, int thread, gpointer data);

HlPool *hl_pool_new (guint threads);
void    hl_pool_free (HlPool *pool);
void    hl_pool_set_cancel (HlPool *pool, GCancellable *cancel);
int     hl_pool_get_threads (const HlPool *pool);
void    hl_pool_run (HlPool *pool, int jobs, HlJob run, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPool, hl_pool_free)

G_END_DECLS

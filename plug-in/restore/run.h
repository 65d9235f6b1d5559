/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of the engine's work in a thread of its own, and how it progresses. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HlRun HlRun;

/**
 * HlRunProgress:
 * @fraction: of the work that is done, 0..1
 * @iteration: steps of the deep prior made so far
 * @elapsed: seconds since the work began, or that it took
 * @remaining: seconds that it will probably still take, or < 0 while that cannot be estimated
 */
typedef struct
{
  double fraction;
  guint  iteration;
  double elapsed;
  double remaining;
} HlRunProgress;

/**
 * HlRunFunc:
 * @run: the run
 * @user_data: as given with the function
 */
typedef void (*HlRunFunc) (HlRun *run, gpointer user_data);

HlRun   *hl_run_new (HlRunFunc work, gpointer user_data);
gboolean hl_run_start (HlRun *run, HlRunFunc done, gpointer user_data, GError **error);
gboolean hl_run_wait (HlRun *run, HlRunFunc tick, guint interval, gpointer user_data,
                      GError **error);
void     hl_run_report (double fraction, guint iteration, gpointer run);
void     hl_run_get_progress (HlRun *run, HlRunProgress *progress);
void     hl_run_free (HlRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlRun, hl_run_free)

G_END_DECLS

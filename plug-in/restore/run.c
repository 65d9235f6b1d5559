/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of the engine's work in a thread of its own, for the plug-in and for the shell's program:
 * neither libgimp nor GTK is thread-safe, and a main loop must go on meanwhile. The thread leaves
 * its progress in a small locked record, where the main thread looks when it likes.
 *
 * A run works once. Whoever wants the work again starts another run, so that no late progress and
 * no late message of the old one can be taken for the new one's. */

#include "restore/run.h"

#include "restore/remaining.h"

struct _HlRun
{
  HlRunFunc work;
  gpointer  work_data;
  HlRunFunc done;
  gpointer  done_data;
  GThread  *thread;
  gint64    started;

  GMutex      mutex; /* guards those below */
  guint       idle;  /* the source that calls @done, or 0 */
  gint64      ended; /* or 0 */
  HlRemaining remaining;
  guint       iteration;
};

/**
 * hl_run_new:
 * @work: called in a thread of its own
 * @user_data: for @work
 *
 * Prepares a run.
 *
 * Returns: (transfer full): the run
 */
HlRun *
hl_run_new (HlRunFunc work, gpointer user_data)
{
  HlRun *run = g_new0 (HlRun, 1);

  run->work      = work;
  run->work_data = user_data;
  g_mutex_init (&run->mutex);
  return run;
}

static gboolean
on_done (gpointer user_data)
{
  HlRun *run = user_data;

  g_mutex_lock (&run->mutex);
  run->idle = 0;
  g_mutex_unlock (&run->mutex);
  g_clear_pointer (&run->thread, g_thread_join);
  run->done (run, run->done_data);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer user_data)
{
  HlRun *run = user_data;

  run->work (run, run->work_data);
  g_mutex_lock (&run->mutex);
  run->ended = g_get_monotonic_time ();
  run->idle  = g_idle_add (on_done, run);
  g_mutex_unlock (&run->mutex);
  return NULL;
}

/**
 * hl_run_start:
 * @run: a run that has not been started yet
 * @done: called by the default main loop once the work has ended; may free @run
 * @user_data: for @done
 * @error: return location for a #GError
 *
 * Begins to work. Call it on the main thread.
 *
 * Returns: whether there is a thread
 */
gboolean
hl_run_start (HlRun *run, HlRunFunc done, gpointer user_data, GError **error)
{
  run->done      = done;
  run->done_data = user_data;
  run->started   = g_get_monotonic_time ();
  run->thread    = g_thread_try_new ("heirloom-work", run_thread, run, error);
  return run->thread != NULL;
}

/* Waiting for a run. */
typedef struct
{
  HlRun    *run;
  HlRunFunc tick;
  gpointer  user_data;
} Wait;

static gboolean
on_tick (gpointer user_data)
{
  Wait *wait = user_data;

  wait->tick (wait->run, wait->user_data);
  return G_SOURCE_CONTINUE;
}

static void
end_wait (HlRun *run, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

/**
 * hl_run_wait:
 * @run: a run that has not been started yet
 * @tick: (nullable): called meanwhile, and once at the end
 * @interval: how often, milliseconds
 * @user_data: for @tick
 * @error: return location for a #GError
 *
 * Starts the work, and runs the default main loop until it has ended. Call it on the main thread.
 *
 * Returns: whether there was a thread
 */
gboolean
hl_run_wait (HlRun *run, HlRunFunc tick, guint interval, gpointer user_data, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Wait  wait                 = { run, tick, user_data };
  guint timeout              = 0;

  if (!hl_run_start (run, end_wait, loop, error))
    return FALSE;
  if (tick)
    timeout = g_timeout_add (interval, on_tick, &wait);
  g_main_loop_run (loop);
  g_clear_handle_id (&timeout, g_source_remove);
  if (tick)
    tick (run, user_data);
  return TRUE;
}

/**
 * hl_run_report:
 * @fraction: of the work that is done, 0..1
 * @iteration: steps of the deep prior made so far
 * @run: a #HlRun that has been started
 *
 * Reports progress, from any thread.
 */
void
hl_run_report (double fraction, guint iteration, gpointer run)
{
  HlRun *self = run;

  g_mutex_lock (&self->mutex);
  hl_remaining_note (&self->remaining, (g_get_monotonic_time () - self->started) / 1e6, fraction);
  self->iteration = iteration;
  g_mutex_unlock (&self->mutex);
}

/**
 * hl_run_get_progress:
 * @run: a run
 * @progress: (out): how far the work is
 */
void
hl_run_get_progress (HlRun *run, HlRunProgress *progress)
{
  gint64 now;

  g_mutex_lock (&run->mutex);
  now                 = run->ended ? run->ended : g_get_monotonic_time ();
  progress->elapsed   = run->started ? (now - run->started) / 1e6 : 0;
  progress->remaining = hl_remaining_get (&run->remaining, progress->elapsed);
  progress->fraction  = run->remaining.shown;
  progress->iteration = run->iteration;
  g_mutex_unlock (&run->mutex);
}

/**
 * hl_run_free:
 * @run: (transfer full) (nullable): a run; if it works still, its work must have been cancelled
 *
 * Waits for the end of the work, after which nobody is notified of it any more, and frees the run.
 */
void
hl_run_free (HlRun *run)
{
  if (!run)
    return;
  g_clear_pointer (&run->thread, g_thread_join);
  g_clear_handle_id (&run->idle, g_source_remove);
  g_mutex_clear (&run->mutex);
  g_free (run);
}

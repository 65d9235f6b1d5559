/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a task (task.c) in a thread of its own. libgimp and GTK are not thread-safe, so the
 * thread touches neither: it leaves its progress in a small locked record and the best so far
 * in a picture (picture.c), where the main thread looks when it likes. */

#include "gimp/worker.h"

#define TICK_MILLISECONDS 100

/* Until that much is behind, an estimate of the rest would be a guess. */
#define ESTIMATE_AFTER_SECONDS 2.0
#define ESTIMATE_AFTER_FRACTION 0.02

struct _HlWorker
{
  HlTask        task;
  HlTaskResult *before; /* whose grain alone is to be another, or NULL */
  GCancellable *cancel;
  GCancellable *stop;
  GThread      *thread;
  HlWorkerFunc  done;
  gpointer      user_data;

  GMutex mutex;                    /* guards those below */
  gint64 started, ended;           /* or 0 */
  gint64 first_time;               /* of the first report, or 0: */
  double first_fraction, fraction; /* setting up says nothing about how fast the steps are */
  double noise_level;
  guint  iteration;

  HlTaskResult *result; /* the thread's, until it is joined */
  GError       *error;
};

static void
on_progress (double fraction, guint iteration, gpointer user_data)
{
  HlWorker *worker = user_data;

  g_mutex_lock (&worker->mutex);
  worker->fraction  = fraction;
  worker->iteration = iteration;
  if (worker->first_time == 0)
    {
      worker->first_time     = g_get_monotonic_time ();
      worker->first_fraction = fraction;
    }
  g_mutex_unlock (&worker->mutex);
}

static void
on_result (const HlImage *part, int x, int y, gpointer user_data)
{
  HlWorker *worker = user_data;

  if (g_cancellable_is_cancelled (worker->cancel))
    return;
  hl_picture_set_after (worker->task.picture, part, x, y);
  g_mutex_lock (&worker->mutex);
  worker->noise_level = worker->result->report.noise_level;
  g_mutex_unlock (&worker->mutex);
}

/* On the main thread: the thread is done. Sent as an idle source, which waits for the
 * loop, because the thread may end before the loop has begun. */
static gboolean
on_done (gpointer user_data)
{
  HlWorker *worker = user_data;

  g_clear_pointer (&worker->thread, g_thread_join);
  worker->done (worker, worker->user_data);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer user_data)
{
  HlWorker  *worker  = user_data;
  HlProgress control = { .cancel    = worker->cancel,
                         .stop      = worker->stop,
                         .report    = on_progress,
                         .result    = worker->task.picture ? on_result : NULL,
                         .user_data = worker };

  hl_task_run (&worker->task, worker->before, &control, worker->result, &worker->error);
  g_mutex_lock (&worker->mutex);
  worker->ended = g_get_monotonic_time ();
  g_mutex_unlock (&worker->mutex);
  g_idle_add (on_done, worker);
  return NULL;
}

/**
 * hl_worker_new:
 * @task: what there is to do; copied, but what it points to is borrowed, and its psf taken over
 * @before: (transfer full) (nullable): the result of a task that differs from @task in the grain
 *   alone, so that nothing else needs to be done again
 *
 * Prepares a restoration.
 *
 * Returns: (transfer full): the worker
 */
HlWorker *
hl_worker_new (const HlTask *task, HlTaskResult *before)
{
  HlWorker *worker = g_new0 (HlWorker, 1);

  worker->task        = *task;
  worker->before      = before;
  worker->cancel      = g_cancellable_new ();
  worker->stop        = g_cancellable_new ();
  worker->noise_level = before ? before->report.noise_level : -1;
  worker->result      = g_new0 (HlTaskResult, 1);
  g_mutex_init (&worker->mutex);
  return worker;
}

/**
 * hl_worker_start:
 * @worker: a worker that has not been started yet
 * @done: called by the default main loop once the work has ended, however it did; may free
 *   @worker
 * @user_data: for @done
 * @error: return location for a #GError
 *
 * Begins to work in a thread. Call it on the main thread.
 *
 * Returns: whether there is a thread
 */
gboolean
hl_worker_start (HlWorker *worker, HlWorkerFunc done, gpointer user_data, GError **error)
{
  worker->done      = done;
  worker->user_data = user_data;
  worker->started   = g_get_monotonic_time ();
  worker->thread    = g_thread_try_new ("restore", run_thread, worker, error);
  return worker->thread != NULL;
}

/* Waiting for a worker. */
typedef struct
{
  HlWorker    *worker;
  GMainLoop   *loop;
  HlWorkerFunc tick;
  gpointer     user_data;
} Wait;

static gboolean
on_tick (gpointer user_data)
{
  Wait *wait = user_data;

  wait->tick (wait->worker, wait->user_data);
  return G_SOURCE_CONTINUE;
}

static void
end_wait (HlWorker *worker, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

/**
 * hl_worker_run:
 * @worker: a worker that has not been started yet
 * @tick: called about ten times a second meanwhile
 * @user_data: for @tick
 * @error: return location for a #GError
 *
 * Starts the work, and runs the default main loop until it has ended. Call it on the main
 * thread.
 *
 * Returns: (transfer full): as hl_worker_steal_result() does
 */
HlTaskResult *
hl_worker_run (HlWorker *worker, HlWorkerFunc tick, gpointer user_data, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Wait  wait                 = { worker, loop, tick, user_data };
  guint timeout;

  if (!hl_worker_start (worker, end_wait, loop, error))
    return NULL;
  timeout = g_timeout_add (TICK_MILLISECONDS, on_tick, &wait);
  g_main_loop_run (loop);
  g_source_remove (timeout);
  return hl_worker_steal_result (worker, error);
}

/**
 * hl_worker_get_progress:
 * @worker: a worker that has been started
 * @progress: (out): where the work stands
 */
void
hl_worker_get_progress (HlWorker *worker, HlWorkerProgress *progress)
{
  double seconds = 0.0, done = 0.0;
  gint64 now;

  g_mutex_lock (&worker->mutex);
  now                   = worker->ended ? worker->ended : g_get_monotonic_time ();
  progress->fraction    = worker->fraction;
  progress->iteration   = worker->iteration;
  progress->noise_level = worker->noise_level;
  if (worker->first_time != 0)
    {
      seconds = (now - worker->first_time) / 1e6;
      done    = worker->fraction - worker->first_fraction;
    }
  g_mutex_unlock (&worker->mutex);

  progress->elapsed   = (now - worker->started) / 1e6;
  progress->remaining = -1.0;
  if (seconds >= ESTIMATE_AFTER_SECONDS && done >= ESTIMATE_AFTER_FRACTION)
    progress->remaining = seconds / done * (1.0 - progress->fraction);
}

/**
 * hl_worker_stop:
 * @worker: a worker
 *
 * Asks for the best result so far: the work ends soon.
 */
void
hl_worker_stop (HlWorker *worker)
{
  g_cancellable_cancel (worker->stop);
}

/**
 * hl_worker_cancel:
 * @worker: a worker
 *
 * Asks to give up: the work ends soon, with %G_IO_ERROR_CANCELLED.
 */
void
hl_worker_cancel (HlWorker *worker)
{
  g_cancellable_cancel (worker->cancel);
}

/**
 * hl_worker_steal_result:
 * @worker: a worker that is done
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the result, or %NULL with an error of hl_restore(),
 *   %G_IO_ERROR_CANCELLED after hl_worker_cancel()
 */
HlTaskResult *
hl_worker_steal_result (HlWorker *worker, GError **error)
{
  if (worker->result->image)
    return g_steal_pointer (&worker->result);
  g_propagate_error (error, g_steal_pointer (&worker->error));
  return NULL;
}

/**
 * hl_worker_free:
 * @worker: (transfer full) (nullable): a worker that is not running
 *
 * Frees the worker.
 */
void
hl_worker_free (HlWorker *worker)
{
  if (!worker)
    return;
  g_clear_pointer (&worker->task.psf, hl_psf_free);
  g_clear_object (&worker->cancel);
  g_clear_object (&worker->stop);
  g_mutex_clear (&worker->mutex);
  hl_task_result_free (worker->before);
  hl_task_result_free (worker->result);
  g_clear_error (&worker->error);
  g_free (worker);
}

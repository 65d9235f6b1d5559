/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs hl_restore() in a thread of its own. libgimp and GTK are not thread-safe, so the
 * thread touches neither: it leaves its progress in a small locked record, and the main
 * thread, which waits in a main loop, looks there ten times a second. */

#include "worker.h"

#define TICK_MILLISECONDS 100

/* Until that much is behind, an estimate of the rest would be a guess. */
#define ESTIMATE_AFTER_SECONDS 2.0
#define ESTIMATE_AFTER_FRACTION 0.02

struct _HlWorker
{
  const HlImage    *image;
  const float      *mask;
  const guint8     *evidence;
  HlRestoreSettings settings;
  GCancellable     *cancel;
  GCancellable     *stop;

  GMainLoop       *loop;
  HlWorkerTickFunc tick;
  gpointer         user_data;
  gint64           started;

  GMutex          mutex; /* guards the four below */
  double          fraction;
  guint           iteration;
  HlRestoreReport report;
  gint64          first_time;     /* of the first report, or 0: */
  double          first_fraction; /* setting up says nothing about how fast the steps are */

  HlImage *result; /* the thread's, until it is joined */
  GError  *error;
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

/* On the main thread: the thread is done. Sent as an idle source, which waits for the
 * loop, because the thread may end before the loop has begun. */
static gboolean
on_done (gpointer user_data)
{
  HlWorker *worker = user_data;

  g_main_loop_quit (worker->loop);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer user_data)
{
  HlWorker        *worker  = user_data;
  HlRestoreControl control = {
    .cancel = worker->cancel, .stop = worker->stop, .progress = on_progress, .user_data = worker
  };

  worker->result = hl_restore (worker->image, worker->mask, worker->evidence, &worker->settings,
                               &control, &worker->report, &worker->error);
  g_idle_add (on_done, worker);
  return NULL;
}

static gboolean
on_tick (gpointer user_data)
{
  HlWorker        *worker = user_data;
  gint64           now    = g_get_monotonic_time ();
  HlWorkerProgress progress;
  double           seconds = 0.0, done = 0.0;

  g_mutex_lock (&worker->mutex);
  progress.fraction  = worker->fraction;
  progress.iteration = worker->iteration;
  if (worker->first_time != 0)
    {
      seconds = (now - worker->first_time) / (double) G_USEC_PER_SEC;
      done    = worker->fraction - worker->first_fraction;
    }
  g_mutex_unlock (&worker->mutex);

  progress.elapsed   = (now - worker->started) / (double) G_USEC_PER_SEC;
  progress.remaining = -1.0;
  if (seconds >= ESTIMATE_AFTER_SECONDS && done >= ESTIMATE_AFTER_FRACTION)
    progress.remaining = seconds / done * (1.0 - progress.fraction);
  worker->tick (&progress, worker->user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * hl_worker_new:
 * @image: (C, H, W) planes of the damaged picture; borrowed until hl_worker_free()
 * @mask: (H, W), row-major: the damage, 0..1; borrowed likewise
 * @evidence: (H, W), row-major: 0 where a pixel says nothing; borrowed likewise
 * @settings: copied
 *
 * Prepares a restoration.
 *
 * Returns: (transfer full): the worker
 */
HlWorker *
hl_worker_new (const HlImage *image, const float *mask, const guint8 *evidence,
               const HlRestoreSettings *settings)
{
  HlWorker *worker = g_new0 (HlWorker, 1);

  worker->image    = image;
  worker->mask     = mask;
  worker->evidence = evidence;
  worker->settings = *settings;
  worker->cancel   = g_cancellable_new ();
  worker->stop     = g_cancellable_new ();
  worker->loop     = g_main_loop_new (NULL, FALSE);
  g_mutex_init (&worker->mutex);
  return worker;
}

/**
 * hl_worker_run:
 * @worker: a worker that has not run yet
 * @tick: told of the progress, on the calling thread
 * @user_data: for @tick
 * @error: return location for a #GError
 *
 * Restores in a thread, and runs the default main loop until that has ended. Call it on
 * the main thread.
 *
 * Returns: (transfer full): the restored planes, or %NULL with an error of hl_restore(),
 *   %G_IO_ERROR_CANCELLED after hl_worker_cancel()
 */
HlImage *
hl_worker_run (HlWorker *worker, HlWorkerTickFunc tick, gpointer user_data, GError **error)
{
  GThread *thread;
  guint    timeout;

  worker->tick      = tick;
  worker->user_data = user_data;
  worker->started   = g_get_monotonic_time ();

  thread = g_thread_try_new ("restore", run_thread, worker, error);
  if (!thread)
    return NULL;
  timeout = g_timeout_add (TICK_MILLISECONDS, on_tick, worker);
  g_main_loop_run (worker->loop);
  g_source_remove (timeout);
  g_thread_join (thread);

  if (worker->error)
    g_propagate_error (error, g_steal_pointer (&worker->error));
  return g_steal_pointer (&worker->result);
}

/**
 * hl_worker_get_report:
 * @worker: whose hl_worker_run() has returned
 *
 * Returns: what was done
 */
const HlRestoreReport *
hl_worker_get_report (const HlWorker *worker)
{
  return &worker->report;
}

/**
 * hl_worker_stop:
 * @worker: a worker
 *
 * Asks for the best result so far: hl_worker_run() returns it soon.
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
 * Asks to give up: hl_worker_run() returns %G_IO_ERROR_CANCELLED soon.
 */
void
hl_worker_cancel (HlWorker *worker)
{
  g_cancellable_cancel (worker->cancel);
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
  g_clear_object (&worker->cancel);
  g_clear_object (&worker->stop);
  g_main_loop_unref (worker->loop);
  g_mutex_clear (&worker->mutex);
  hl_image_free (worker->result);
  g_clear_error (&worker->error);
  g_free (worker);
}

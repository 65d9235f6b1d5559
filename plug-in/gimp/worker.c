/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a restoration (task.c) in a thread of its own (restore/run.c). The thread leaves the best
 * result so far in a picture (picture.c), where the main thread looks when it likes. */

#include "gimp/worker.h"

#define TICK_MILLISECONDS 100

struct _HlWorker
{
  HlTask        task;
  gboolean      is_quiet;
  HlTaskResult *before; /* whose grain and colours are to be others, or NULL */
  HlRun        *run;
  GCancellable *cancel;
  GCancellable *stop;
  HlWorkerFunc  done;
  gpointer      user_data;

  GMutex   mutex; /* guards the three below */
  double   noise_level;
  guint8  *marked; /* (H, W) (nullable) */
  HlFound *found;  /* (nullable) */

  HlTaskResult *result; /* the thread's, until it has ended */
  GError       *error;
};

static void
on_progress (double fraction, guint iteration, gpointer user_data)
{
  HlWorker *worker = user_data;

  hl_run_report (fraction, iteration, worker->run);
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

static void
on_marked (const float *base, HlFound *found, gpointer user_data)
{
  HlWorker *worker = user_data;
  gsize     pixels = (gsize) worker->task.image->width * worker->task.image->height;
  guint8   *marked = base ? g_try_new (guint8, pixels) : NULL;

  for (gsize i = 0; marked && i < pixels; i++)
    marked[i] = base[i] > 0;
  g_mutex_lock (&worker->mutex);
  if (marked)
    worker->marked = marked;
  if (found)
    worker->found = found;
  g_mutex_unlock (&worker->mutex);
}

static void
work (HlRun *run, gpointer user_data)
{
  HlWorker  *worker  = user_data;
  HlProgress control = { .cancel    = worker->cancel,
                         .stop      = worker->stop,
                         .report    = on_progress,
                         .result    = worker->is_quiet ? NULL : on_result,
                         .user_data = worker };

  hl_task_run (&worker->task, worker->before, &control, worker->result, &worker->error);
}

/**
 * hl_worker_new:
 * @task: what there is to do; copied, but what it points to is borrowed, and its psf taken over
 * @before: (transfer full) (nullable): as for hl_task_run()
 * @is_quiet: whether the picture is to show the end alone, and nothing on the way there
 *
 * Prepares a restoration.
 *
 * Returns: (transfer full): the worker
 */
HlWorker *
hl_worker_new (const HlTask *task, HlTaskResult *before, gboolean is_quiet)
{
  HlWorker *worker = g_new0 (HlWorker, 1);

  worker->task        = *task;
  worker->before      = before;
  worker->is_quiet    = is_quiet || !task->picture;
  worker->run         = hl_run_new (work, worker);
  worker->cancel      = g_cancellable_new ();
  worker->stop        = g_cancellable_new ();
  worker->noise_level = before ? before->report.noise_level : -1;
  worker->result      = g_new0 (HlTaskResult, 1);
  g_mutex_init (&worker->mutex);
  if (task->picture)
    {
      worker->task.marked    = on_marked;
      worker->task.user_data = worker;
    }
  return worker;
}

static void
on_done (HlRun *run, gpointer user_data)
{
  HlWorker *worker = user_data;

  worker->done (worker, worker->user_data);
}

/**
 * hl_worker_start:
 * @worker: a worker that has not been started yet
 * @done: called by the default main loop once the work has ended; may free @worker
 * @user_data: for @done
 * @error: return location for a #GError
 *
 * Begins to work. Call it on the main thread.
 *
 * Returns: whether there is a thread
 */
gboolean
hl_worker_start (HlWorker *worker, HlWorkerFunc done, gpointer user_data, GError **error)
{
  worker->done      = done;
  worker->user_data = user_data;
  return hl_run_start (worker->run, on_done, worker, error);
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
hl_worker_run (HlWorker *worker, HlRunFunc tick, gpointer user_data, GError **error)
{
  return hl_run_wait (worker->run, tick, TICK_MILLISECONDS, user_data, error)
             ? hl_worker_steal_result (worker, error)
             : NULL;
}

/**
 * hl_worker_get_progress:
 * @worker: a worker
 * @progress: (out): how far the work is
 */
void
hl_worker_get_progress (HlWorker *worker, HlRunProgress *progress)
{
  hl_run_get_progress (worker->run, progress);
}

/**
 * hl_worker_get_noise_level:
 * @worker: a worker
 *
 * Returns: standard deviation of the photograph's noise, of white, or < 0 while that is not known
 */
double
hl_worker_get_noise_level (HlWorker *worker)
{
  double noise_level;

  g_mutex_lock (&worker->mutex);
  noise_level = worker->noise_level;
  g_mutex_unlock (&worker->mutex);
  return noise_level;
}

/**
 * hl_worker_steal_marked:
 * @worker: a worker whose task has a picture
 * @found: (inout): replaced by the damage, where the task has looked for it
 *
 * Returns: (transfer full) (nullable): (H, W), row-major: what is repainted but for the person's
 *   edits, 0 or 1; %NULL before that is known, and when it was asked for already
 */
guint8 *
hl_worker_steal_marked (HlWorker *worker, HlFound **found)
{
  guint8 *marked;

  g_mutex_lock (&worker->mutex);
  marked = g_steal_pointer (&worker->marked);
  if (worker->found)
    {
      hl_found_free (*found);
      *found = g_steal_pointer (&worker->found);
    }
  g_mutex_unlock (&worker->mutex);
  return marked;
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
 * @worker: (transfer full) (nullable): a worker
 *
 * Cancels the work, waits for its end, and frees the worker; nobody is notified any more.
 */
void
hl_worker_free (HlWorker *worker)
{
  if (!worker)
    return;
  hl_worker_cancel (worker);
  hl_run_free (worker->run);
  g_clear_pointer (&worker->task.psf, hl_psf_free);
  g_clear_object (&worker->cancel);
  g_clear_object (&worker->stop);
  g_mutex_clear (&worker->mutex);
  hl_task_result_free (worker->before);
  hl_task_result_free (worker->result);
  g_clear_error (&worker->error);
  g_free (worker->marked);
  hl_found_free (worker->found);
  g_free (worker);
}

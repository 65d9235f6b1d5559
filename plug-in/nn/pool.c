/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share out the jobs of one step at a time.
 *
 * An iteration of a small network has some hundred steps of well under a millisecond, so a
 * thread that has run out of jobs first looks for the next step for a while before it goes
 * to sleep.  The caller waits for jobs that others are at, and never for a thread that has not
 * begun with one: where the machine has other work to do, whoever has a processor does it all.
 * Which thread runs which job is left to chance; what a job computes must depend on its number
 * alone. */
#include "nn/pool.h"

#define SPINS 2000 /* about 50 microseconds */

struct _HlPool
{
  int       threads;
  GThread **others;
  GMutex    mutex;
  GCond     wake;       /* there are jobs */
  GCond     done;       /* there is none left */
  gint      waiting;    /* jobs that nobody has begun; -1 ends the threads */
  gint      unfinished; /* jobs that are not done */
  int       jobs;       /* this and the following change only while none is unfinished */
  HlJob     run;
  gpointer  data;
  gint      numbers;

  GCancellable *cancel;
};

static inline void
relax (void)
{
#ifdef __x86_64__
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("yield");
#endif
}

/* Does jobs of the step at hand as long as there are some that wait. Whoever has taken one knows
 * that the step lasts until it is done. */
static void
work (HlPool *pool, int thread)
{
  for (gint n; (n = g_atomic_int_get (&pool->waiting)) > 0;)
    {
      if (!g_atomic_int_compare_and_exchange (&pool->waiting, n, n - 1))
        continue;
      if (!g_cancellable_is_cancelled (pool->cancel))
        pool->run (pool->jobs - n, thread, pool->data);
      if (g_atomic_int_dec_and_test (&pool->unfinished) && thread > 0)
        {
          g_mutex_lock (&pool->mutex);
          g_cond_signal (&pool->done);
          g_mutex_unlock (&pool->mutex);
        }
    }
}

/* Waits until @number of jobs is not 0, or, where @some is not set, until it is. */
static void
await (HlPool *pool, gint *number, gboolean some, GCond *cond)
{
  for (int i = 0; i < SPINS && (g_atomic_int_get (number) != 0) != some; i++)
    relax ();
  if ((g_atomic_int_get (number) != 0) == some)
    return;
  g_mutex_lock (&pool->mutex);
  while ((g_atomic_int_get (number) != 0) != some)
    g_cond_wait (cond, &pool->mutex);
  g_mutex_unlock (&pool->mutex);
}

static gpointer
other_thread (gpointer data)
{
  HlPool *pool   = data;
  int     thread = g_atomic_int_add (&pool->numbers, 1) + 1;

  for (;;)
    {
      await (pool, &pool->waiting, TRUE, &pool->wake);
      if (g_atomic_int_get (&pool->waiting) < 0)
        return NULL;
      work (pool, thread);
    }
}

/**
 * hl_pool_new:
 * @threads: 1..64, the calling thread included; 0 for one per processor
 *
 * Where the machine does not give that many threads, the pool does with fewer.
 *
 * Returns: (transfer full): a pool, idle
 */
HlPool *
hl_pool_new (guint threads)
{
  HlPool *pool = g_new0 (HlPool, 1);

  if (threads == 0)
    threads = g_get_num_processors ();
  threads       = CLAMP (threads, 1, 64);
  pool->others  = g_new0 (GThread *, threads);
  pool->threads = 1;
  g_mutex_init (&pool->mutex);
  g_cond_init (&pool->wake);
  g_cond_init (&pool->done);
  while (pool->threads < (int) threads
         && (pool->others[pool->threads] = g_thread_try_new ("heirloom", other_thread, pool, NULL)))
    pool->threads++;
  return pool;
}

static void
publish (HlPool *pool, gint waiting)
{
  g_mutex_lock (&pool->mutex);
  g_atomic_int_set (&pool->waiting, waiting);
  g_cond_broadcast (&pool->wake);
  g_mutex_unlock (&pool->mutex);
}

/**
 * hl_pool_free:
 * @pool: a pool, idle
 */
void
hl_pool_free (HlPool *pool)
{
  publish (pool, -1);
  for (int i = 1; i < pool->threads; i++)
    g_thread_join (pool->others[i]);
  g_mutex_clear (&pool->mutex);
  g_cond_clear (&pool->wake);
  g_cond_clear (&pool->done);
  g_free (pool->others);
  g_free (pool);
}

/**
 * hl_pool_set_cancel:
 * @pool: a pool, idle
 * @cancel: (nullable): once cancelled, jobs are left undone; borrowed
 *
 * Lets whatever the pool is used for end soon.  Whoever cancels must not use what it computes
 * from then on.
 */
void
hl_pool_set_cancel (HlPool *pool, GCancellable *cancel)
{
  pool->cancel = cancel;
}

/**
 * hl_pool_get_threads:
 * @pool: a pool
 *
 * Returns: how many threads run its jobs
 */
int
hl_pool_get_threads (const HlPool *pool)
{
  return pool->threads;
}

/**
 * hl_pool_run:
 * @pool: a pool, idle
 * @jobs: how many jobs, 0 or more
 * @run: (scope call): does one of them
 * @data: for @run
 *
 * Does all jobs, in any order and at the same time, and returns when all are done, or left
 * undone because of hl_pool_set_cancel().
 */
void
hl_pool_run (HlPool *pool, int jobs, HlJob run, gpointer data)
{
  if (pool->threads == 1 || jobs <= 1)
    {
      for (int job = 0; job < jobs; job++)
        if (!g_cancellable_is_cancelled (pool->cancel))
          run (job, 0, data);
      return;
    }
  pool->jobs = jobs;
  pool->run  = run;
  pool->data = data;
  g_atomic_int_set (&pool->unfinished, jobs);
  publish (pool, jobs);
  work (pool, 0);
  await (pool, &pool->unfinished, FALSE, &pool->done);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share out the jobs of one step at a time.
 *
 * An iteration of a small network has some hundred steps of well under a millisecond, so a
 * thread that has run out of jobs first looks for the next step for a while before it goes
 * to sleep.  Which thread runs which job is left to chance; what a job computes must
 * depend on its number alone. */
#include "nn/pool.h"

#define SPINS 4000 /* about 50 microseconds */

struct _HlPool
{
  int       threads;
  GThread **others;
  GMutex    mutex;
  GCond     wake;
  gint      generation; /* which step; -1 ends the threads */
  gint      next;
  gint      busy;
  int       jobs;
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

static void
work (HlPool *pool, int thread)
{
  for (int job; (job = g_atomic_int_add (&pool->next, 1)) < pool->jobs;)
    if (!g_cancellable_is_cancelled (pool->cancel))
      pool->run (job, thread, pool->data);
}

static gpointer
other_thread (gpointer data)
{
  HlPool *pool   = data;
  int     thread = g_atomic_int_add (&pool->numbers, 1) + 1;
  gint    seen   = 0;

  for (;;)
    {
      for (int i = 0; i < SPINS && g_atomic_int_get (&pool->generation) == seen; i++)
        relax ();
      if (g_atomic_int_get (&pool->generation) == seen)
        {
          g_mutex_lock (&pool->mutex);
          while (g_atomic_int_get (&pool->generation) == seen)
            g_cond_wait (&pool->wake, &pool->mutex);
          g_mutex_unlock (&pool->mutex);
        }
      seen = g_atomic_int_get (&pool->generation);
      if (seen < 0)
        return NULL;
      work (pool, thread);
      g_atomic_int_add (&pool->busy, -1);
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
  while (pool->threads < (int) threads
         && (pool->others[pool->threads] = g_thread_try_new ("heirloom", other_thread, pool, NULL)))
    pool->threads++;
  return pool;
}

static void
publish (HlPool *pool, gint generation)
{
  g_mutex_lock (&pool->mutex);
  g_atomic_int_set (&pool->generation, generation);
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
  g_atomic_int_set (&pool->next, 0);
  g_atomic_int_set (&pool->busy, pool->threads - 1);
  publish (pool, (pool->generation + 1) & G_MAXINT);
  work (pool, 0);
  for (int i = 0; g_atomic_int_get (&pool->busy) > 0; i++)
    if (i < SPINS)
      relax ();
    else
      g_thread_yield ();
}

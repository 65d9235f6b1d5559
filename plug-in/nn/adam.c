/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The optimiser: Kingma and Ba, "Adam" (ICLR 2015), algorithm 1. */
#include "nn/adam.h"

#include <math.h>

#define PART 16384 /* parameters in one job */

typedef struct
{
  const HlAdam   *adam;
  const HlEngine *engine;
  gsize           n;
  float          *w, *m, *v;
  const float    *d_w;
  float           rate, correction;
} Task;

/**
 * hl_adam_init:
 * @adam: (out): set
 * @rate: learning rate, above 0
 *
 * The paper's settings for the rest: 0.9, 0.999, 1e-8.
 */
void
hl_adam_init (HlAdam *adam, float rate)
{
  *adam = (HlAdam) { .rate = rate, .beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 1e-8f };
}

static void
adam_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  gsize       from = (gsize) job * PART;

  task->engine->kernels->adam (task->w + from, task->d_w + from, task->m + from, task->v + from,
                               task->rate, task->adam->beta1, task->adam->beta2,
                               task->adam->epsilon, task->correction, MIN (PART, task->n - from));
}

/**
 * hl_adam_step:
 * @adam: settings and the count of steps, which grows
 * @engine: what runs it
 * @n: parameters
 * @w: (n), changed
 * @d_w: (n), the gradient
 * @m: (n), mean of the gradients, zero before the first step, changed
 * @v: (n), mean of their squares, zero before the first step, changed
 */
void
hl_adam_step (HlAdam *adam, const HlEngine *engine, gsize n, float *w, const float *d_w, float *m,
              float *v)
{
  Task task = { .adam = adam, .engine = engine, .n = n, .w = w, .d_w = d_w, .m = m, .v = v };

  adam->step++;
  task.rate       = adam->rate / (1 - pow (adam->beta1, adam->step));
  task.correction = 1 / sqrt (1 - pow (adam->beta2, adam->step));
  hl_pool_run (engine->pool, (n + PART - 1) / PART, adam_job, &task);
}

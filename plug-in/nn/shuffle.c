/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four pixels into four channels and back, and the 2x2 convolutions made of it.
 *
 * A convolution of 2x2 taps with stride 2 reads each pixel once: with the four pixels of
 * each square as four channels it is a product of matrices,
 *
 *   y[o](p) = sum over c, t of w[o][c][t] x[c](2 p + t),
 *
 * and its transpose, which enlarges, is another one whose results are put back in place,
 *
 *   y[o](2 p + t) += sum over c of w[c][o][t] x[c](p).
 *
 * Both go in strips of rows that stay in cache, by BLAS, one strip a job. */
#include "nn/shuffle.h"

#include <cblas.h>

/* Floats of the four-channel form that a strip may hold. */
#define STRIP_FLOATS 98304

typedef struct
{
  const HlEngine *engine;
  const float    *w, *x;
  float          *y;
  int             in_channels, out_channels, height, width, rows;
  float           scale;
} Task;

/* Rows of the coarser side that a strip has; `channels` are those of the finer side. */
static int
strip_rows (int channels, int height, int width)
{
  return CLAMP (STRIP_FLOATS / (4 * channels) / width, 1, height);
}

/**
 * hl_shuffle_get_scratch:
 * @channels: of the finer side
 * @height: rows of the coarser side
 * @width: columns of the coarser side
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_shuffle_get_scratch (int channels, int height, int width)
{
  return (gsize) 4 * channels * strip_rows (channels, height, width) * width;
}

static void
down_job (int job, int thread, gpointer data)
{
  const Task *task  = data;
  int         first = job * task->rows, rows = MIN (task->rows, task->height - first);
  int         W = task->width, C = task->in_channels, n = rows * W;
  gsize       pixels  = (gsize) task->height * W;
  float      *scratch = task->engine->scratch + thread * task->engine->scratch_size;

  for (int c = 0; c < C; c++)
    for (int r = 0; r < 2 * rows; r++)
      {
        const float *from = task->x + 4 * c * pixels + (gsize) (2 * first + r) * 2 * W;
        float       *to   = scratch + (gsize) (4 * c + r % 2 * 2) * n + r / 2 * W;

        for (int i = 0; i < W; i++)
          {
            to[i]     = from[2 * i];
            to[n + i] = from[2 * i + 1];
          }
      }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, task->out_channels, n, 4 * C, 1, task->w,
               4 * C, scratch, n, 0, task->y + (gsize) first * W, pixels);
}

/**
 * hl_shuffle_down:
 * @engine: what runs it
 * @w: (O, C, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @height: H
 * @width: W
 * @x: (C, 2 H, 2 W)
 * @y: (O, H, W), written
 *
 * A convolution of 2x2 taps with stride 2.
 */
void
hl_shuffle_down (const HlEngine *engine, const float *w, int in_channels, int out_channels,
                 int height, int width, const float *x, float *y)
{
  Task task = { engine, w, x, y, in_channels, out_channels, height, width, .rows = 0 };

  task.rows = strip_rows (in_channels, height, width);
  hl_pool_run (engine->pool, (height + task.rows - 1) / task.rows, down_job, &task);
}

static void
up_job (int job, int thread, gpointer data)
{
  const Task *task  = data;
  int         first = job * task->rows, rows = MIN (task->rows, task->height - first);
  int         W = task->width, O = task->out_channels, n = rows * W;
  gsize       pixels  = (gsize) task->height * W;
  float      *scratch = task->engine->scratch + thread * task->engine->scratch_size;

  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, 4 * O, n, task->in_channels, task->scale,
               task->w, 4 * O, task->x + (gsize) first * W, pixels, 0, scratch, n);
  for (int o = 0; o < O; o++)
    for (int r = 0; r < 2 * rows; r++)
      {
        const float *from = scratch + (gsize) (4 * o + r % 2 * 2) * n + r / 2 * W;
        float       *to   = task->y + 4 * o * pixels + (gsize) (2 * first + r) * 2 * W;

        for (int i = 0; i < W; i++)
          {
            to[2 * i] += from[i];
            to[2 * i + 1] += from[n + i];
          }
      }
}

/**
 * hl_shuffle_up:
 * @engine: what runs it
 * @scale: by which the result is multiplied
 * @w: (C, O, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @height: H
 * @width: W
 * @x: (C, H, W)
 * @y: (O, 2 H, 2 W), added to
 *
 * A transposed convolution of 2x2 taps with stride 2.
 */
void
hl_shuffle_up (const HlEngine *engine, float scale, const float *w, int in_channels,
               int out_channels, int height, int width, const float *x, float *y)
{
  Task task
      = { engine, w, x, y, in_channels, out_channels, height, width, .rows = 0, .scale = scale };

  task.rows = strip_rows (out_channels, height, width);
  hl_pool_run (engine->pool, (height + task.rows - 1) / task.rows, up_job, &task);
}

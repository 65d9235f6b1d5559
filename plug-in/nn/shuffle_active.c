/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 2x2 convolutions of shuffle.c for the active tiles alone: their pixels are laid side by side
 * for the product of matrices, and put back after it. */
#include "nn/shuffle_active.h"

#include <cblas.h>
#include <string.h>

#include "nn/conv_active.h"

#define TILE HL_ACTIVE_TILE

typedef struct
{
  const HlEngine *engine;
  const HlActive *fine, *coarse;
  const float    *w, *x;
  float          *y;
  int             in_channels, out_channels, height, width; /* of the coarser side */
  float           scale;
} Task;

/* What a job works on. */
typedef struct
{
  const HlRun *runs;
  int          n_runs, pixels;
  float       *fine, *coarse; /* (4 C, pixels), (O, pixels) */
} Share;

/**
 * hl_shuffle_active_get_scratch:
 * @fine: channels of the finer side
 * @coarse: of the coarser side
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_shuffle_active_get_scratch (int fine, int coarse)
{
  return (gsize) hl_conv_active_get_most (coarse) * TILE * TILE * (4 * fine + coarse);
}

static Share
get_share (const Task *task, int job, int thread, int fine_channels)
{
  const int *jobs  = task->coarse->jobs;
  Share      share = { .runs   = task->coarse->runs + jobs[job],
                       .n_runs = jobs[job + 1] - jobs[job],
                       .fine   = task->engine->scratch + thread * task->engine->scratch_size };

  for (int i = 0; i < share.n_runs; i++)
    share.pixels += share.runs[i].count * TILE * TILE;
  share.coarse = share.fine + (gsize) 4 * fine_channels * share.pixels;
  return share;
}

/* Copies between the coarser planes and the pixels side by side.  A run's rows lie one after the
 * other, and those beyond the edge of the plane are left out. */
static void
copy_coarse (const Task *task, const Share *share, int channels, const float *from, float *to,
             gboolean back)
{
  for (int c = 0; c < channels; c++)
    for (int i = 0, at = c * share->pixels; i < share->n_runs; i++)
      {
        HlRun run  = share->runs[i];
        int   left = TILE * run.first, n = MIN (TILE * run.count, task->width - left);

        for (int r = 0; r < TILE; r++, at += TILE * run.count)
          {
            int   row   = TILE * run.row + r;
            gsize plane = ((gsize) c * task->height + row) * task->width + left;

            if (row < task->height)
              memcpy (to + (back ? plane : (gsize) at), from + (back ? (gsize) at : plane),
                      n * sizeof (float));
          }
      }
}

static void
down_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  int         C = task->in_channels, W = 2 * task->width;
  Share       share = get_share (task, job, thread, C);
  int         n     = share.pixels;

  for (int c = 0; c < C; c++)
    for (int i = 0, at = 4 * c * n; i < share.n_runs; i++)
      {
        HlRun run  = share.runs[i];
        int   left = TILE * run.first, some = MIN (TILE * run.count, task->width - left);

        for (int r = 0; r < TILE; r++, at += TILE * run.count)
          for (int k = 0; k < 2 && TILE * run.row + r < task->height; k++)
            {
              gsize        row  = 2 * (TILE * run.row + r) + k;
              const float *from = task->x + ((gsize) 2 * c * task->height + row) * W + 2 * left;
              float       *to   = share.fine + at + (gsize) 2 * k * n;

              for (int p = 0; p < some; p++)
                {
                  to[p]     = from[2 * p];
                  to[n + p] = from[2 * p + 1];
                }
            }
      }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, task->out_channels, n, 4 * C, 1, task->w,
               4 * C, share.fine, n, 0, share.coarse, n);
  copy_coarse (task, &share, task->out_channels, share.coarse, task->y, TRUE);
}

/**
 * hl_shuffle_active_down:
 * @engine: what runs it
 * @coarse: the tiles to compute
 * @w: (O, C, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @height: H
 * @width: W
 * @x: (C, 2 H, 2 W)
 * @y: (O, H, W), written where active
 *
 * hl_shuffle_down() where that is wanted.
 */
void
hl_shuffle_active_down (const HlEngine *engine, const HlActive *coarse, const float *w,
                        int in_channels, int out_channels, int height, int width, const float *x,
                        float *y)
{
  Task task = { engine, NULL, coarse, w, x, y, in_channels, out_channels, height, width, 1 };

  hl_pool_run (engine->pool, coarse->n_jobs, down_job, &task);
}

/* Adds to one finer tile of one plane its pixels, of every second row and column four times. */
static void
add_tile (const Task *task, const float *from, gsize n, int step, int plane, int row, int tile)
{
  int W = 2 * task->width, left = TILE * tile;

  for (int r = 0; r < TILE && TILE * row + r < 2 * task->height; r++)
    {
      const float *odd = from + (gsize) (2 * (r % 2)) * n + r / 2 * step;
      float       *y   = task->y + ((gsize) plane * 2 * task->height + TILE * row + r) * W + left;

      for (int i = 0; i < MIN (TILE, W - left); i++)
        y[i] += odd[(i % 2) * n + i / 2];
    }
}

static void
up_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  int         O = task->out_channels, C = task->in_channels;
  Share       share = get_share (task, job, thread, O);
  int         n     = share.pixels;

  copy_coarse (task, &share, C, task->x, share.coarse, FALSE);
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, 4 * O, n, C, task->scale, task->w, 4 * O,
               share.coarse, n, 0, share.fine, n);
  for (int o = 0; o < O; o++)
    for (int i = 0, at = 4 * o * n; i < share.n_runs; at += share.runs[i++].count * TILE * TILE)
      {
        HlRun run  = share.runs[i];
        int   step = TILE * run.count;

        for (int k = 0; k < 2; k++)
          for (int j = 0; j < 2 * run.count; j++)
            {
              int row = 2 * run.row + k, tile = 2 * run.first + j;

              if (row < task->fine->down && tile < task->fine->across
                  && task->fine->tiles[(gsize) row * task->fine->across + tile])
                add_tile (task, share.fine + at + k * 2 * step + j * 2, n, step, o, row, tile);
            }
      }
}

/**
 * hl_shuffle_active_up:
 * @engine: what runs it
 * @coarse: the active tiles of @x
 * @fine: those of @y
 * @scale: by which the result is multiplied
 * @w: (C, O, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @height: H
 * @width: W
 * @x: (C, H, W)
 * @y: (O, 2 H, 2 W), added to where active
 *
 * hl_shuffle_up() where that is wanted.
 */
void
hl_shuffle_active_up (const HlEngine *engine, const HlActive *coarse, const HlActive *fine,
                      float scale, const float *w, int in_channels, int out_channels, int height,
                      int width, const float *x, float *y)
{
  Task task = { engine, fine, coarse, w, x, y, in_channels, out_channels, height, width, scale };

  hl_pool_run (engine->pool, coarse->n_jobs, up_job, &task);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 2x2 convolutions of shuffle.c for the active tiles alone: a product of matrices with a row
 * for each pixel of the coarser side, which has four pixels of the finer side. */
#include "nn/shuffle_active.h"

#include <string.h>

#include "nn/winograd.h"

#define TILE HL_ACTIVE_TILE
#define PIXELS HL_ACTIVE_PIXELS

typedef struct
{
  const HlEngine *engine;
  const HlActive *fine, *coarse;
  const float    *packed, *x;
  float          *y;
  gsize           fine_wide, coarse_wide; /* channels, rounded up */
  int             in_channels;
  float           scale;
} Task;

/**
 * hl_shuffle_active_get_scratch:
 * @fine: channels of the finer side
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_shuffle_active_get_scratch (int fine)
{
  return PIXELS * 4 * hl_winograd_round (fine);
}

/**
 * hl_shuffle_active_get_packed:
 * @fine: channels of the finer side
 * @coarse: of the coarser side
 *
 * Returns: floats that the packed weights of one way take
 */
gsize
hl_shuffle_active_get_packed (int fine, int coarse)
{
  return 4 * hl_winograd_round (fine) * hl_winograd_round (coarse);
}

/**
 * hl_shuffle_active_pack_down:
 * @w: (O, C, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @packed: (2, 2, C, O), with C and O rounded up to %HL_LANES; written where there are weights
 */
void
hl_shuffle_active_pack_down (const float *w, int in_channels, int out_channels, float *packed)
{
  gsize wide = hl_winograd_round (in_channels), out = hl_winograd_round (out_channels);

  for (int o = 0; o < out_channels; o++)
    for (int c = 0; c < in_channels; c++)
      for (int t = 0; t < 4; t++, w++)
        packed[(t * wide + c) * out + o] = *w;
}

/**
 * hl_shuffle_active_pack_up:
 * @w: (C, O, 2, 2)
 * @in_channels: C
 * @out_channels: O
 * @packed: (C, 2, 2, O), with C and O rounded up to %HL_LANES; written where there are weights
 */
void
hl_shuffle_active_pack_up (const float *w, int in_channels, int out_channels, float *packed)
{
  gsize out = hl_winograd_round (out_channels);

  for (int c = 0; c < in_channels; c++)
    for (int o = 0; o < out_channels; o++)
      for (int t = 0; t < 4; t++, w++)
        packed[(4 * c + t) * out + o] = *w;
}

/* Where one of the four pixels @t of pixel @i of a coarser tile lies among the finer ones; -1 where
 * that is not active. */
static gssize
find_fine (const Task *task, HlSpot spot, int i, int t)
{
  int row    = 2 * (TILE * spot.row + i / TILE) + t / 2;
  int column = 2 * (TILE * spot.column + i % TILE) + t % 2;
  int number;

  if (row >= task->fine->height || column >= task->fine->width)
    return -1;
  number = hl_active_find (task->fine, row / TILE, column / TILE);
  return number < 0 ? -1 : (gssize) number * PIXELS + row % TILE * TILE + column % TILE;
}

static void
down_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  HlSpot      spot = task->coarse->spots[job];
  gsize       wide = task->fine_wide, size = wide * sizeof (float);
  float      *rows = task->engine->scratch + thread * task->engine->scratch_size;

  for (int i = 0; i < PIXELS; i++)
    for (int t = 0; t < 4; t++)
      {
        gssize from = find_fine (task, spot, i, t);
        float *to   = rows + (4 * i + t) * wide;

        if (from < 0)
          memset (to, 0, size);
        else
          memcpy (to, task->x + from * wide, size);
      }
  task->engine->kernels->multiply (rows, 4 * wide, PIXELS, task->packed, task->coarse_wide,
                                   4 * wide, task->y + (gsize) job * PIXELS * task->coarse_wide,
                                   task->coarse_wide, task->coarse_wide);
}

/**
 * hl_shuffle_active_down:
 * @engine: what runs it
 * @fine: the active tiles of @x
 * @coarse: those of @y
 * @packed: the weights, see hl_shuffle_active_pack_down()
 * @in_channels: C
 * @out_channels: O
 * @x: (fine->count, 16, C rounded up to %HL_LANES)
 * @y: (coarse->count, 16, O rounded up to %HL_LANES), written
 *
 * hl_shuffle_down() where that is wanted.
 */
void
hl_shuffle_active_down (const HlEngine *engine, const HlActive *fine, const HlActive *coarse,
                        const float *packed, int in_channels, int out_channels, const float *x,
                        float *y)
{
  Task task = { .engine      = engine,
                .fine        = fine,
                .coarse      = coarse,
                .packed      = packed,
                .x           = x,
                .y           = y,
                .fine_wide   = hl_winograd_round (in_channels),
                .coarse_wide = hl_winograd_round (out_channels) };

  hl_pool_run (engine->pool, coarse->count, down_job, &task);
}

static void
up_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  HlSpot      spot = task->coarse->spots[job];
  gsize       wide = task->fine_wide;
  float      *rows = task->engine->scratch + thread * task->engine->scratch_size;

  task->engine->kernels->multiply (task->x + (gsize) job * PIXELS * task->coarse_wide,
                                   task->coarse_wide, PIXELS, task->packed, 4 * wide,
                                   task->in_channels, rows, 4 * wide, 4 * wide);
  for (int i = 0; i < PIXELS; i++)
    for (int t = 0; t < 4; t++)
      {
        gssize at   = find_fine (task, spot, i, t);
        float *from = rows + (4 * i + t) * wide, *to = task->y + at * wide;

        for (gsize c = 0; at >= 0 && c < wide; c++)
          to[c] += task->scale * from[c];
      }
}

/**
 * hl_shuffle_active_up:
 * @engine: what runs it
 * @coarse: the active tiles of @x
 * @fine: those of @y
 * @scale: by which the result is multiplied
 * @packed: the weights, see hl_shuffle_active_pack_up()
 * @in_channels: C
 * @out_channels: O
 * @x: (coarse->count, 16, C rounded up to %HL_LANES)
 * @y: (fine->count, 16, O rounded up to %HL_LANES), added to
 *
 * hl_shuffle_up() where that is wanted.
 */
void
hl_shuffle_active_up (const HlEngine *engine, const HlActive *coarse, const HlActive *fine,
                      float scale, const float *packed, int in_channels, int out_channels,
                      const float *x, float *y)
{
  Task task = { .engine      = engine,
                .fine        = fine,
                .coarse      = coarse,
                .packed      = packed,
                .x           = x,
                .y           = y,
                .fine_wide   = hl_winograd_round (out_channels),
                .coarse_wide = hl_winograd_round (in_channels),
                .in_channels = in_channels,
                .scale       = scale };

  hl_pool_run (engine->pool, coarse->count, up_job, &task);
}

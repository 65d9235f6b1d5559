/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution of the active tiles alone, by Winograd's way.
 *
 * With the channels side by side a vector holds channels of one pixel, so that a tile costs the
 * same wherever its neighbours lie, and one alone as much as one of many: each is transformed by
 * itself, and the products of matrices take a row for each. */
#include "nn/conv_active.h"

#include <string.h>

#include "nn/winograd.h"

/* Tiles of a job: with 128 channels what they are transformed to just fits into a cache of 1 MB. */
#define MOST 32

/* Rows that the products take at once in any version. */
#define ROWS 8

/* Output channels whose products are kept at once: three vectors of the widest version. */
#define BLOCK (3 * HL_LANES)

G_STATIC_ASSERT (HL_ACTIVE_TILE == HL_WINOGRAD_TILE);
G_STATIC_ASSERT (MOST % ROWS == 0);

typedef struct
{
  const HlConv   *conv;
  const HlEngine *engine;
  const HlActive *active;
  HlActiveSource  source;
  HlConvFinish    finish;
  float          *y;
} Task;

/**
 * hl_conv_active_get_scratch:
 * @in_channels: C
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_conv_active_get_scratch (int in_channels)
{
  gsize wide = hl_winograd_round (in_channels);

  return HL_WINOGRAD_PRODUCTS
             * (hl_winograd_get_step (MOST * wide) + hl_winograd_get_step (MOST * BLOCK) + wide)
         + wide;
}

/**
 * hl_conv_active_get_packed:
 * @in_channels: C
 * @out_channels: O
 *
 * Returns: floats that the packed weights take
 */
gsize
hl_conv_active_get_packed (int in_channels, int out_channels)
{
  return HL_WINOGRAD_PRODUCTS * in_channels * hl_winograd_round (out_channels);
}

/**
 * hl_conv_active_pack:
 * @conv: a 3x3 convolution
 * @w: (O, C, 3, 3)
 *
 * hl_conv_pack() for hl_conv_active_forward(): conv->packed becomes (36, C, O rounded up to
 * %HL_LANES).
 */
void
hl_conv_active_pack (const HlConv *conv, const float *w)
{
  int   C = conv->in_channels, O = conv->out_channels;
  gsize wide = hl_winograd_round (O);

  if (wide > (gsize) O)
    memset (conv->packed, 0, hl_conv_active_get_packed (C, O) * sizeof (float));
  for (int o = 0; o < O; o += HL_BLOCK)
    hl_winograd_pack (w + (gsize) o * C * 9, C * 9, 9, FALSE, MIN (HL_BLOCK, O - o), C,
                      MIN (HL_BLOCK, O - o), wide, conv->packed + o);
}

/* The 6x6 pixels that a tile depends on. */
static void
find_pixels (const Task *task, HlSpot spot, const float *zeros,
             const float *pixels[HL_WINOGRAD_PRODUCTS])
{
  gsize wide = hl_winograd_round (task->conv->in_channels);

  for (int r = 0; r < HL_WINOGRAD_REACH; r++)
    for (int k = 0; k < HL_WINOGRAD_REACH; k++)
      {
        int row = r + HL_ACTIVE_TILE - 1, column = k + HL_ACTIVE_TILE - 1;
        int number = hl_active_find (task->active, spot.row + row / HL_ACTIVE_TILE - 1,
                                     spot.column + column / HL_ACTIVE_TILE - 1);
        int pixel  = row % HL_ACTIVE_TILE * HL_ACTIVE_TILE + column % HL_ACTIVE_TILE;

        pixels[r * HL_WINOGRAD_REACH + k]
            = number < 0 ? zeros
                         : task->source.x + ((gsize) number * HL_ACTIVE_PIXELS + pixel) * wide;
      }
}

/* The same where it has to be loaded first. */
static void
load_pixels (const Task *task, HlSpot spot, float *loaded,
             const float *pixels[HL_WINOGRAD_PRODUCTS])
{
  gsize wide = hl_winograd_round (task->conv->in_channels);

  task->source.load (task->source.data, spot, loaded);
  for (int i = 0; i < HL_WINOGRAD_PRODUCTS; i++)
    pixels[i] = loaded + i * wide;
}

/* Sets to zero what a tile has beyond its scale. */
static void
clear_beyond (const HlActive *active, HlSpot spot, float *tile, gsize wide)
{
  if (HL_ACTIVE_TILE * (spot.row + 1) <= active->height
      && HL_ACTIVE_TILE * (spot.column + 1) <= active->width)
    return;
  for (int r = 0; r < HL_ACTIVE_TILE; r++)
    for (int k = 0; k < HL_ACTIVE_TILE; k++)
      if (HL_ACTIVE_TILE * spot.row + r >= active->height
          || HL_ACTIVE_TILE * spot.column + k >= active->width)
        memset (tile + (r * HL_ACTIVE_TILE + k) * wide, 0, wide * sizeof (float));
}

static void
run_job (int job, int thread, gpointer data)
{
  const Task      *task    = data;
  const HlKernels *kernels = task->engine->kernels;
  int              first = job * MOST, n = MIN (MOST, task->active->count - first);
  int              rows  = (n + ROWS - 1) / ROWS * ROWS;
  const HlSpot    *spots = task->active->spots + first;
  gsize            C     = task->conv->in_channels;
  gsize            wide = hl_winograd_round (C), out = hl_winograd_round (task->conv->out_channels);
  gsize            v_step = hl_winograd_get_step (MOST * wide);
  gsize            m_step = hl_winograd_get_step (MOST * BLOCK);
  float           *v      = task->engine->scratch + thread * task->engine->scratch_size;
  float           *m      = v + HL_WINOGRAD_PRODUCTS * v_step;
  float           *loaded = m + HL_WINOGRAD_PRODUCTS * m_step;
  float           *zeros  = loaded + HL_WINOGRAD_PRODUCTS * wide;

  memset (zeros, 0, wide * sizeof (float));
  for (int i = 0; i < n; i++)
    {
      const float *pixels[HL_WINOGRAD_PRODUCTS];

      if (task->source.x)
        find_pixels (task, spots[i], zeros, pixels);
      else
        load_pixels (task, spots[i], loaded, pixels);
      kernels->tile_in (pixels, wide, v + i * wide, v_step);
    }
  for (gsize o = 0; o < out; o += BLOCK)
    {
      gsize block = MIN (BLOCK, out - o);

      /* What the rows beyond the last tile give is not used. */
      for (int f = 0; f < HL_WINOGRAD_PRODUCTS; f++)
        kernels->multiply (v + f * v_step, wide, rows, task->conv->packed + f * C * out + o, out, C,
                           m + f * m_step, BLOCK, block);
      for (int i = 0; i < n; i++)
        {
          gsize        at   = (gsize) (first + i) * HL_ACTIVE_PIXELS * out + o;
          const float *plus = task->finish.plus[0], *more = task->finish.plus[1];

          kernels->tile_out (m + i * BLOCK, m_step, block, plus ? plus + at : NULL,
                             more ? more + at : NULL, task->finish.rectified, task->y + at, out);
        }
    }
  for (int i = 0; i < n; i++)
    clear_beyond (task->active, spots[i], task->y + (gsize) (first + i) * HL_ACTIVE_PIXELS * out,
                  out);
}

/**
 * hl_conv_active_forward:
 * @conv: a 3x3 convolution without stride, packed by hl_conv_active_pack()
 * @engine: what runs it
 * @active: the tiles to compute
 * @source: what it reads
 * @finish: (nullable): what is done to the result
 * @y: (count, 16, O rounded up to %HL_LANES), written
 *
 * hl_conv_forward() where that is wanted, without a bias, and zero beyond.
 */
void
hl_conv_active_forward (const HlConv *conv, const HlEngine *engine, const HlActive *active,
                        const HlActiveSource *source, const HlConvFinish *finish, float *y)
{
  Task task = { .conv = conv, .engine = engine, .active = active, .source = *source, .y = y };

  if (finish)
    task.finish = *finish;
  hl_pool_run (engine->pool, (active->count + MOST - 1) / MOST, run_job, &task);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enlarging by two, bilinear or nearest, and its adjoint.
 *
 * Bilinear as PyTorch's Upsample without aligned corners: an output row lies a quarter of a
 * pixel beside its nearest input row, y[2 i] = 0.75 x[i] + 0.25 x[i - 1] and
 * y[2 i + 1] = 0.75 x[i] + 0.25 x[i + 1], with the first and last row repeated; the same
 * from column to column.  The output may be one row or column smaller than twice the
 * input: the deeper scale of a picture of odd size is cropped at its centre, which for a
 * single row too many is to leave out the last. */
#include "nn/resample.h"

#include <string.h>

typedef struct
{
  const HlEngine *engine;
  HlUpsample      how;
  const HlSource *source;
  int             first, in_height, in_width, height, width, parts;
  float          *to;
} Task;

/* Rows a job makes: enough to pay for reading one row too many at either end. */
#define ROWS 32

static float
weight (HlUpsample how)
{
  return how == HL_UPSAMPLE_BILINEAR ? 0.25f : 0;
}

static void
forward_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  int         c = job / task->parts, part = job % task->parts;
  int         h = task->in_height, w = task->in_width, W = task->width;
  float       far = weight (task->how), near = 1 - far;
  float      *scratch = task->engine->scratch + thread * task->engine->scratch_size;
  float      *mixed   = scratch + 3 * (gsize) (w + 2) + 1;
  int         held[3] = { -9, -9, -9 };

  for (int row = part * ROWS; row < MIN (task->height, (part + 1) * ROWS); row++)
    {
      int    i = row / 2, j = CLAMP (row % 2 ? i + 1 : i - 1, 0, h - 1);
      float *y = task->to + ((gsize) c * task->height + row) * W;
      float *a = scratch + (i % 3) * (gsize) w;
      float *b = scratch + (j % 3) * (gsize) w;

      for (int k = 0; k < 2; k++)
        {
          int wanted = k ? j : i;

          if (held[wanted % 3] != wanted)
            hl_source_load (task->source, task->engine->kernels, c, h, w, HL_BORDER_ZERO,
                            (HlTile) { wanted, wanted + 1, 0, w },
                            scratch + (wanted % 3) * (gsize) w);
          held[wanted % 3] = wanted;
        }
      for (int x = 0; x < w; x++)
        mixed[x] = near * a[x] + far * b[x];
      mixed[-1] = mixed[0];
      mixed[w]  = mixed[w - 1];
      for (int x = 0; x < W / 2; x++)
        {
          y[2 * x]     = near * mixed[x] + far * mixed[x - 1];
          y[2 * x + 1] = near * mixed[x] + far * mixed[x + 1];
        }
      if (W % 2)
        y[W - 1] = near * mixed[W / 2] + far * mixed[W / 2 - 1];
    }
}

/**
 * hl_upsample_forward:
 * @engine: what runs it
 * @how: bilinear or nearest
 * @x: (C, h, w), what is read
 * @channels: C
 * @in_height: h
 * @in_width: w
 * @height: H, 2 h or 2 h - 1
 * @width: W, 2 w or 2 w - 1
 * @y: (C, H, W), written
 *
 * Needs 4 * w + 8 floats of scratch.
 */
void
hl_upsample_forward (const HlEngine *engine, HlUpsample how, const HlSource *x, int channels,
                     int in_height, int in_width, int height, int width, float *y)
{
  Task task = { .engine    = engine,
                .how       = how,
                .source    = x,
                .in_height = in_height,
                .in_width  = in_width,
                .height    = height,
                .width     = width,
                .parts     = (height + ROWS - 1) / ROWS,
                .to        = y };

  hl_pool_run (engine->pool, channels * task.parts, forward_job, &task);
}

/* What the enlarged row `row` gives back to the w columns of the input. */
static void
shrink_row (const Task *task, int channel, int row, float *line, float *to)
{
  int   w = task->in_width, W = task->width;
  float far = weight (task->how), near = 1 - far;

  /* line[-1] and what lies past the end stand for columns that do not exist. */
  hl_source_load (task->source, task->engine->kernels, task->first + channel, task->height, W,
                  HL_BORDER_ZERO, (HlTile) { row, row + 1, -1, 2 * w + 1 }, line - 1);
  for (int x = 0; x < w; x++)
    to[x] = near * (line[2 * x] + line[2 * x + 1]) + far * (line[2 * x - 1] + line[2 * x + 2]);
  /* Repeated at the ends: the quarter that would have come from outside is their own. */
  to[0] += far * line[0];
  to[w - 1] += far * line[2 * w - 1];
}

static void
backward_job (int job, int thread, gpointer data)
{
  const Task *task = data;
  int         c = job / task->parts, part = job % task->parts;
  int         h = task->in_height, w = task->in_width;
  float       far = weight (task->how), near = 1 - far;
  float      *scratch = task->engine->scratch + thread * task->engine->scratch_size;
  float      *line    = scratch + 4 * (gsize) w + 1;
  int         first = part * (ROWS / 2), last = MIN (h, (part + 1) * (ROWS / 2));

  for (int row = 2 * first - 1; row <= 2 * last; row++)
    {
      float *shrunk = scratch + ((row + 4) % 4) * (gsize) w;

      shrink_row (task, c, row, line, shrunk);
      if (row % 2 == 0 && row > 2 * first)
        {
          /* Rows 2 i - 1 .. 2 i + 2 are there, with 2 i + 2 = row. */
          int    i     = row / 2 - 1;
          float *d     = task->to + ((gsize) c * h + i) * w;
          float *above = scratch + ((row - 3 + 4) % 4) * (gsize) w,
                *even  = scratch + ((row - 2) % 4) * (gsize) w;
          float *odd   = scratch + ((row - 1) % 4) * (gsize) w;
          float  top = i == 0 ? far : 0, bottom = i == h - 1 ? far : 0;

          for (int x = 0; x < w; x++)
            d[x] = (near + top) * even[x] + (near + bottom) * odd[x] + far * (above[x] + shrunk[x]);
        }
    }
}

/**
 * hl_upsample_backward:
 * @engine: what runs it
 * @how: bilinear or nearest
 * @d_y: gradient by the output, of which planes @first_channel and on are read
 * @first_channel: see @d_y
 * @channels: C
 * @in_height: h
 * @in_width: w
 * @height: H, 2 h or 2 h - 1
 * @width: W, 2 w or 2 w - 1
 * @d_x: (C, h, w), gradient by the input, overwritten
 *
 * Needs 6 * w + 8 floats of scratch.
 */
void
hl_upsample_backward (const HlEngine *engine, HlUpsample how, const HlSource *d_y,
                      int first_channel, int channels, int in_height, int in_width, int height,
                      int width, float *d_x)
{
  Task task = { .engine    = engine,
                .how       = how,
                .source    = d_y,
                .first     = first_channel,
                .in_height = in_height,
                .in_width  = in_width,
                .height    = height,
                .width     = width,
                .parts     = (in_height + ROWS / 2 - 1) / (ROWS / 2),
                .to        = d_x };

  hl_pool_run (engine->pool, channels * task.parts, backward_job, &task);
}

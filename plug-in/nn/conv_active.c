/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution of the active tiles alone, by Winograd's way.
 *
 * There the small tiles only have to be side by side for the products of matrices, wherever in the
 * planes they come from: each run of them is read and transformed by itself, and what comes out is
 * put where it belongs. */
#include "nn/conv_active.h"

#include <string.h>

#include "nn/conv_cut.h"

/* Floats of the products' side that a job keeps in cache. */
#define JOB_FLOATS (36 * 3072)

/* What vectors read beyond a run's last row, see hl_winograd_transform(). */
#define BEYOND 70

/* A run's rows as they are read at the edge of the planes, or several runs' side by side, with
 * that. */
#define IN_FLOATS (HL_WINOGRAD_REACH * (HL_WINOGRAD_TILE * HL_ACTIVE_MOST_RUN + 2) + BEYOND + 14)

/* Floats of a row of runs side by side, and of what they are transformed to. */
#define ROW (HL_WINOGRAD_TILE * HL_ACTIVE_MOST_RUN + 2)
#define SHARED_FLOATS (HL_WINOGRAD_PRODUCTS * HL_ACTIVE_MOST_RUN)

G_STATIC_ASSERT (HL_ACTIVE_TILE == HL_WINOGRAD_TILE);
G_STATIC_ASSERT (IN_FLOATS % 16 == 0);

typedef struct
{
  const HlConv   *conv;
  const HlEngine *engine;
  const HlActive *active;
  const float    *x;
  HlConvFinish    finish;
  float          *y;
} Task;

/**
 * hl_conv_active_get_most:
 * @channels: of the layers of a scale
 *
 * Returns: tiles that hl_active_end() should give a job
 */
int
hl_conv_active_get_most (int channels)
{
  return MAX (JOB_FLOATS / HL_WINOGRAD_PRODUCTS / channels, HL_ACTIVE_MOST_RUN);
}

/* So many tiles side by side. */
static HlWinograd
lay_side_by_side (int tiles)
{
  return (HlWinograd) { .down = 1, .across = tiles, .count = (tiles + 15 + 15) / 16 * 16 };
}

/* Floats of a row of all tiles' outputs, in whole vectors. */
static gsize
get_out_step (const HlWinograd *winograd)
{
  return HL_WINOGRAD_TILE * winograd->count;
}

/**
 * hl_conv_active_get_scratch:
 * @conv: a convolution
 * @channels: of the layers of its scale
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_conv_active_get_scratch (const HlConv *conv, int channels)
{
  HlWinograd winograd = lay_side_by_side (hl_conv_active_get_most (channels));

  return hl_winograd_get_scratch (&winograd, conv->in_channels) + IN_FLOATS + SHARED_FLOATS
         + HL_WINOGRAD_TILE * get_out_step (&winograd);
}

/* What a run reads of a plane. */
static HlTile
get_reach (HlRun run)
{
  return (HlTile) { .top    = HL_WINOGRAD_TILE * run.row - 1,
                    .left   = HL_WINOGRAD_TILE * run.first - 1,
                    .bottom = HL_WINOGRAD_TILE * run.row - 1 + HL_WINOGRAD_REACH,
                    .right  = HL_WINOGRAD_TILE * (run.first + run.count) + 1 };
}

/* Whether a run reads the planes alone, also with what vectors read beyond it. */
static gboolean
is_inside (const HlConv *conv, int c, HlTile reach)
{
  gsize offset = ((gsize) c * conv->in_height + reach.top) * conv->in_width + reach.left;
  gsize all    = (gsize) conv->in_channels * conv->in_height * conv->in_width;

  return reach.top >= 0 && reach.left >= 0 && reach.right <= conv->in_width
         && reach.bottom <= conv->in_height
         && offset + HL_WINOGRAD_REACH * conv->in_width + BEYOND <= all;
}

/* How many of the next runs share a vector, in which a tile is left out between them: 1 for one
 * that is alone. */
static int
count_shared (const HlConv *conv, int c, const HlRun *runs, int n)
{
  int shared = 0, slots = 0;

  while (shared < n && slots + runs[shared].count <= HL_ACTIVE_MOST_RUN
         && is_inside (conv, c, get_reach (runs[shared])))
    slots += runs[shared++].count + 1;
  return MAX (shared, 1);
}

/* Transforms several runs of a plane in one vector. */
static void
read_shared (const Task *task, int c, const HlRun *runs, int n, float *strip, float *to, gsize step)
{
  const HlConv *conv   = task->conv;
  float        *shared = strip + IN_FLOATS;
  int           slot   = 0;

  for (int i = 0; i < n; slot += runs[i++].count + 1)
    {
      HlTile       reach = get_reach (runs[i]);
      const float *from
          = task->x + ((gsize) c * conv->in_height + reach.top) * conv->in_width + reach.left;

      for (int r = 0; r < HL_WINOGRAD_REACH; r++)
        for (int k = 0; k < runs[i].count * HL_WINOGRAD_TILE + 2; k++)
          strip[r * ROW + slot * HL_WINOGRAD_TILE + k] = from[(gsize) r * conv->in_width + k];
    }
  task->engine->kernels->winograd_in (strip, ROW, slot - 1, shared, HL_ACTIVE_MOST_RUN);
  for (int f = 0; f < HL_WINOGRAD_PRODUCTS; f++)
    {
      const float *from = shared + f * HL_ACTIVE_MOST_RUN;
      float       *at   = to + f * step;

      for (int i = 0; i < n; at += runs[i].count, from += runs[i++].count + 1)
        for (int k = 0; k < runs[i].count; k++)
          at[k] = from[k];
    }
}

static void
read_runs (const Task *task, const HlWinograd *winograd, const HlRun *runs, int n, float *strip,
           float *v)
{
  const HlConv    *conv    = task->conv;
  const HlKernels *kernels = task->engine->kernels;
  HlSource         source  = { .x = task->x };
  gsize            step    = hl_winograd_get_step (conv->in_channels * winograd->count);

  for (int c = 0; c < conv->in_channels; c++)
    for (int i = 0, shared, at = 0; i < n; i += shared)
      {
        HlTile reach  = get_reach (runs[i]);
        gsize  offset = ((gsize) c * conv->in_height + reach.top) * conv->in_width + reach.left;
        /* What a vector writes beyond a run, the next one overwrites. */
        float *to = v + c * winograd->count + at;

        shared = count_shared (conv, c, runs + i, n - i);
        if (shared > 1)
          read_shared (task, c, runs + i, shared, strip, to, step);
        else if (is_inside (conv, c, reach))
          kernels->winograd_in (task->x + offset, conv->in_width, runs[i].count, to, step);
        else
          {
            hl_source_load (&source, kernels, c, conv->in_height, conv->in_width, conv->border,
                            reach, strip);
            kernels->winograd_in (strip, reach.right - reach.left, runs[i].count, to, step);
          }
        for (int k = i; k < i + shared; k++)
          at += runs[k].count;
      }
}

/* Some pixels of a row of the planes. */
static inline void
write_row (const HlConvFinish *finish, const float *out, gsize at, int n, float *y)
{
  if (finish->plus[1])
    for (int i = 0; i < n; i++)
      y[at + i] = out[i] + finish->plus[0][at + i] + finish->plus[1][at + i];
  else if (finish->plus[0])
    for (int i = 0; i < n; i++)
      y[at + i] = out[i] + finish->plus[0][at + i];
  else if (finish->rectified)
    for (int i = 0; i < n; i++)
      y[at + i] = out[i] > 0 ? out[i] : 0;
  else
    for (int i = 0; i < n; i++)
      y[at + i] = out[i];
}

/* One plane of a run, without what lies beyond the plane's edges. */
static void
write_run (const Task *task, HlRun run, int plane, const float *out, gsize step)
{
  int height = task->conv->out_height, width = task->conv->out_width;
  int top = HL_WINOGRAD_TILE * run.row, left = HL_WINOGRAD_TILE * run.first;

  for (int r = top; r < MIN (top + HL_WINOGRAD_TILE, height); r++, out += step)
    {
      gsize at = ((gsize) plane * height + r) * width + left;

      write_row (&task->finish, out, at, MIN (run.count * HL_WINOGRAD_TILE, width - left), task->y);
    }
}

static void
run_job (int job, int thread, gpointer data)
{
  const Task      *task    = data;
  const HlConv    *conv    = task->conv;
  const HlKernels *kernels = task->engine->kernels;
  const HlRun     *runs    = task->active->runs + task->active->jobs[job];
  int              n = task->active->jobs[job + 1] - task->active->jobs[job], tiles = 0;
  int              C = conv->in_channels, O = conv->out_channels;
  float           *strip = task->engine->scratch + thread * task->engine->scratch_size;
  float           *v     = strip + IN_FLOATS + SHARED_FLOATS, *m, *out;
  HlWinograd       winograd;
  gsize            m_step, out_step;

  for (int i = 0; i < n; i++)
    tiles += runs[i].count;
  winograd = lay_side_by_side (tiles);
  m_step   = hl_winograd_get_step (HL_BLOCK * winograd.count);
  out_step = get_out_step (&winograd);
  m        = v + HL_WINOGRAD_PRODUCTS * hl_winograd_get_step (C * winograd.count);
  out      = m + HL_WINOGRAD_PRODUCTS * m_step;
  read_runs (task, &winograd, runs, n, strip, v);
  for (int b = 0; b < hl_conv_get_blocks (O); b++)
    {
      hl_winograd_get_products (&winograd, kernels, v, C,
                                conv->packed + (gsize) b * HL_BLOCK * C * HL_WINOGRAD_PRODUCTS,
                                hl_conv_get_block_width (O, b), m);
      for (int o = 0; o < MIN (HL_BLOCK, O - b * HL_BLOCK); o++)
        {
          kernels->winograd_out (m + o * winograd.count, m_step, tiles, out, out_step);
          for (int i = 0, at = 0; i < n; at += runs[i++].count)
            write_run (task, runs[i], b * HL_BLOCK + o, out + at * HL_WINOGRAD_TILE, out_step);
        }
    }
}

/**
 * hl_conv_active_forward:
 * @conv: a convolution that goes Winograd's way, its weights packed
 * @engine: what runs it
 * @active: the tiles to compute, of its height and width
 * @x: (C, H, W)
 * @finish: (nullable): what is done to the result
 * @y: (O, H, W), written where active
 *
 * hl_conv_forward() where that is wanted, without a bias.
 */
void
hl_conv_active_forward (const HlConv *conv, const HlEngine *engine, const HlActive *active,
                        const float *x, const HlConvFinish *finish, float *y)
{
  Task task = { .conv = conv, .engine = engine, .active = active, .x = x, .y = y };

  if (finish)
    task.finish = *finish;

  hl_pool_run (engine->pool, active->n_jobs, run_job, &task);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both gradients of a convolution; the formulas are at the top of conv.c. */
#include <cblas.h>
#include <string.h>

#include "nn/conv_cut.h"

typedef struct
{
  const HlConv   *conv;
  const HlEngine *engine;
  const HlSource *x, *d_y;
  const float    *w;
  gboolean        add;
  float          *d_x, *d_w;
} Task;

/* Adds the gradient of pixels that lie outside to those they were reflected from. */
static void
fold (const HlConv *conv, float *d_x, const float *value, int row, int col)
{
  if (row < 0 || row >= conv->in_height || col < 0 || col >= conv->in_width)
    d_x[(gsize) hl_reflect (row, conv->in_height) * conv->in_width
        + hl_reflect (col, conv->in_width)]
        += *value;
}

static void
backward_data_job (int job, int thread, gpointer data)
{
  const Task      *task    = data;
  const HlConv    *conv    = task->conv;
  const HlKernels *kernels = task->engine->kernels;
  int              index = job / conv->backward_groups, group = job % conv->backward_groups;
  HlTile           tile = hl_grid_get_tile (&conv->backward, index);
  float           *pack = task->engine->scratch + thread * task->engine->scratch_size;
  int              O = conv->out_channels, C = conv->in_channels;
  int              S = conv->stride, J = hl_conv_get_halo (conv), pad = conv->kernel / 2;
  int              first = hl_conv_get_blocks (C) * group / conv->backward_groups;
  int              last  = hl_conv_get_blocks (C) * (group + 1) / conv->backward_groups;
  int              rows = tile.bottom - tile.top, cols = tile.right - tile.left;
  HlTile           wide     = hl_conv_round_up (conv, tile);
  HlWinograd       winograd = hl_winograd_new (wide.bottom - wide.top, wide.right - wide.left);
  int              in_step  = wide.right - wide.left + J;
  int              step     = conv->winograd ? winograd.out_step : in_step;
  int              n        = (rows - 1) * step + cols;
  gsize  plane     = ((gsize) (wide.bottom - wide.top + J) * in_step + 15) / 16 * 16 + HL_SLACK;
  gsize  out_plane = (gsize) (wide.bottom - wide.top) * step + HL_SLACK;
  float *out       = pack + plane * O;
  float *v         = out + HL_BLOCK * out_plane;
  float *m         = v + HL_WINOGRAD_PRODUCTS * hl_winograd_get_step (O * winograd.count);

  for (int o = 0; o < O; o++)
    hl_source_load (task->d_y, kernels, o, conv->out_height, conv->out_width, HL_BORDER_ZERO,
                    (HlTile) { wide.top - J, wide.bottom, wide.left - J, wide.right },
                    pack + o * plane);
  if (conv->winograd)
    hl_winograd_transform (&winograd, kernels, pack, plane, in_step, O, v);
  if (hl_conv_is_pointwise (conv))
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans,
                 MIN (last * HL_BLOCK, C) - first * HL_BLOCK, n, O, 1, task->w + first * HL_BLOCK,
                 C, pack, plane, 0, out, out_plane);

  for (int b = first; b < last; b++)
    {
      float *block = out + (hl_conv_is_pointwise (conv) ? (b - first) * HL_BLOCK * out_plane : 0);
      int    some  = MIN (HL_BLOCK, C - b * HL_BLOCK),
          narrow   = hl_conv_get_block_width (C, b) != HL_BLOCK;
      gsize at     = (gsize) b * HL_BLOCK * O * hl_conv_get_packed_taps (conv); /* of the weights */

      for (int phase = 0; phase < S * S; phase++)
        {
          int    tap[HL_MAX_TAPS], row[HL_MAX_TAPS], col[HL_MAX_TAPS], offset[HL_MAX_TAPS];
          int    used   = hl_conv_get_phase_taps (conv, phase, tap, row, col);
          float *result = block + phase * HL_BLOCK * out_plane;

          for (int t = 0; t < used; t++)
            offset[t] = (J - row[t]) * step + J - col[t];
          if (conv->winograd)
            hl_winograd_multiply (&winograd, kernels, v, O, conv->packed_transposed + at, some,
                                  hl_conv_get_block_width (C, b), m, result, out_plane);
          else if (!hl_conv_is_pointwise (conv))
            kernels->correlate[narrow](pack, plane, offset, used, conv->packed_transposed + at, O,
                                       result, out_plane, n);
          at += (gsize) O * used * hl_conv_get_block_width (C, b);

          /* What lies inside goes to its place. */
          for (int c = 0; c < some; c++)
            for (int r = 0; r < rows; r++)
              {
                int          y    = (tile.top + r) * S + phase / S - pad;
                int          x    = tile.left * S + phase % S - pad;
                int          from = x < 0 ? (S - 1 - x) / S : 0;
                int          to   = MIN (cols, (conv->in_width - x + S - 1) / S);
                const float *line = result + c * out_plane + (gsize) r * step;
                float       *d;

                if (y < 0 || y >= conv->in_height || to <= from)
                  continue;
                d = task->d_x + ((gsize) (b * HL_BLOCK + c) * conv->in_height + y) * conv->in_width
                    + (x + from * S);
                if (S == 1 && task->add)
                  kernels->add (d, line + from, to - from);
                else if (S == 1)
                  memcpy (d, line + from, (to - from) * sizeof (float));
                else
                  for (int i = from; i < to; i++, d += S)
                    *d = line[i] + (task->add ? *d : 0);
              }
        }
      /* What lies outside is folded back, once all of the inside is there. */
      for (int phase = 0; pad && conv->border == HL_BORDER_REFLECT && phase < S * S; phase++)
        for (int c = 0; c < some; c++)
          for (int r = 0; r < rows; r++)
            {
              int          y      = (tile.top + r) * S + phase / S - pad;
              int          x      = tile.left * S + phase % S - pad;
              gboolean     across = y < 0 || y >= conv->in_height;
              const float *line   = block + (phase * HL_BLOCK + c) * out_plane + (gsize) r * step;
              float *d = task->d_x + (gsize) (b * HL_BLOCK + c) * conv->in_height * conv->in_width;

              if (y >= conv->in_height + pad)
                continue;
              for (int i = 0; i < cols; i++)
                if (x + i * S >= conv->in_width + pad)
                  break;
                else if (across || x + i * S < 0 || x + i * S >= conv->in_width)
                  fold (conv, d, line + i, y, x + i * S);
                else
                  i = MAX (i, (conv->in_width - 1 - x) / S - 1);
            }
    }
}

/**
 * hl_conv_backward_data:
 * @conv: a convolution whose weights are packed
 * @engine: what runs it
 * @d_y: (O, ceil (H / S), ceil (W / S)), gradient by the output
 * @w: (O, C, K, K), as packed
 * @add: whether to add to @d_x rather than to overwrite it
 * @d_x: (C, H, W), gradient by the input
 */
void
hl_conv_backward_data (const HlConv *conv, const HlEngine *engine, const HlSource *d_y,
                       const float *w, gboolean add, float *d_x)
{
  Task task = { .conv = conv, .engine = engine, .d_y = d_y, .w = w, .add = add, .d_x = d_x };

  hl_pool_run (engine->pool, conv->backward.down * conv->backward.across * conv->backward_groups,
               backward_data_job, &task);
}

/* The gradient of output channels from @first in rows of @step floats, zero beyond the tile. */
static void
load_gradient (const Task *task, HlTile tile, int first, int channels, int rows, int step,
               gsize plane, float *d)
{
  const HlConv *conv  = task->conv;
  HlTile        reach = { tile.top, tile.bottom, tile.left, tile.left + step };
  int           down = tile.bottom - tile.top, across = tile.right - tile.left;

  for (int o = first; o < first + channels; o++, d += plane)
    {
      gsize filled = 0;

      if (o < conv->out_channels)
        {
          hl_source_load (task->d_y, task->engine->kernels, o, conv->out_height, conv->out_width,
                          HL_BORDER_ZERO, reach, d);
          for (int r = 0; r < down; r++)
            memset (d + (gsize) r * step + across, 0, (step - across) * sizeof (float));
          filled = (gsize) down * step;
        }
      memset (d + filled, 0, (plane - filled) * sizeof (float));
    }
}

static void
direct_sums (const Task *task, HlTile tile, int first, int last, float *pack, float *sums)
{
  const HlConv *conv = task->conv;
  int           T = hl_conv_get_taps (conv), pairs = conv->in_channels * T;
  int           padded = (pairs + 2) / 3 * 3, O = conv->out_channels, offset[HL_MAX_TAPS];
  int           rows    = tile.bottom - tile.top;
  int           step    = tile.right - tile.left + hl_conv_get_halo (conv);
  gsize         plane   = hl_conv_load_tile (conv, task->engine, task->x, tile, pack, offset);
  gsize         d_plane = ((gsize) rows * step + 15) / 16 * 16;
  float        *d       = pack + plane * conv->in_channels;

  load_gradient (task, tile, first * HL_BLOCK, (last - first) * HL_BLOCK, rows, step, d_plane, d);
  for (int b = first; b < last; b++)
    for (int j = 0; j < padded; j += 3)
      {
        const float *x[3];

        for (int i = 0; i < 3; i++)
          {
            int pair = MIN (j + i, pairs - 1);

            x[i] = pack + pair / T * plane + offset[pair % T];
          }
        task->engine->kernels->cross[hl_conv_get_block_width (O, b) == HL_NARROW_BLOCK](
            x, d + (b - first) * HL_BLOCK * d_plane, d_plane, d_plane,
            sums + ((gsize) b * padded + j) * HL_BLOCK);
      }
}

static void
winograd_sums (const Task *task, HlTile tile, int first, int last, float *pack, float *sums)
{
  const HlConv    *conv    = task->conv;
  const HlKernels *kernels = task->engine->kernels;
  int              C = conv->in_channels, O = conv->out_channels, offset[HL_MAX_TAPS];
  int              channels = MIN (last * HL_BLOCK, O) - first * HL_BLOCK;
  HlTile           whole    = hl_conv_round_up (conv, tile);
  int              rows = whole.bottom - whole.top, cols = whole.right - whole.left;
  HlWinograd       winograd = hl_winograd_new (rows, cols);
  gsize            small    = (gsize) winograd.down * winograd.across;
  gsize            wide = hl_winograd_round (C), d_wide = hl_winograd_round (channels);
  gsize            plane   = hl_conv_load_tile (conv, task->engine, task->x, whole, pack, offset);
  gsize            d_plane = (gsize) rows * cols + HL_SLACK;
  float           *d = pack + plane * C, *strip = d + d_plane * channels;
  float           *v = strip + HL_WINOGRAD_REACH * (cols + 2 + HL_LANES) * HL_LANES;
  float           *u = v + HL_WINOGRAD_PRODUCTS * hl_winograd_get_step (small * wide);
  float           *m = u + HL_WINOGRAD_PRODUCTS * hl_winograd_get_step (small * d_wide);

  load_gradient (task, tile, first * HL_BLOCK, channels, rows, cols, d_plane, d);
  hl_winograd_spread (&winograd, kernels, pack, plane, cols + 2, HL_WINOGRAD_REACH, C, strip, v);
  hl_winograd_spread (&winograd, kernels, d, d_plane, cols, HL_WINOGRAD_TILE, channels, strip, u);
  for (int b = first; b < last; b++)
    hl_winograd_sum (&winograd, kernels, v, C, u + (b - first) * HL_BLOCK, channels, m,
                     sums + (gsize) b * hl_conv_get_taps (conv) * HL_BLOCK * wide);
}

static void
weights_job (int job, int thread, gpointer data)
{
  const Task   *task = data;
  const HlConv *conv = task->conv;
  int           part = job / conv->weight_groups, group = job % conv->weight_groups;
  int           tiles  = conv->forward.down * conv->forward.across;
  int           blocks = hl_conv_get_blocks (conv->out_channels);
  int           first  = blocks * group / conv->weight_groups;
  int           last   = blocks * (group + 1) / conv->weight_groups;
  gsize         block  = hl_conv_get_sums_size (conv) / blocks;
  float        *pack   = task->engine->scratch + thread * task->engine->scratch_size;
  float        *sums   = conv->weight_sums + part * hl_conv_get_sums_size (conv);

  memset (sums + first * block, 0, (last - first) * block * sizeof (float));
  for (int index = tiles * part / conv->weight_parts;
       index < tiles * (part + 1) / conv->weight_parts; index++)
    (conv->winograd ? winograd_sums : direct_sums) (task, hl_grid_get_tile (&conv->forward, index),
                                                    first, last, pack, sums);
}

static void
gather_job (int o, int thread, gpointer data)
{
  const Task   *task = data;
  const HlConv *conv = task->conv;
  int           T = hl_conv_get_taps (conv), C = conv->in_channels, b = o / HL_BLOCK;
  gsize         size = hl_conv_get_sums_size (conv);
  const float  *sums = conv->weight_sums + size / hl_conv_get_blocks (conv->out_channels) * b;
  float        *d_w  = task->d_w + (gsize) o * C * T;

  memset (d_w, 0, (gsize) C * T * sizeof (float));
  for (int part = 0; part < conv->weight_parts; part++, sums += size)
    if (conv->winograd)
      for (int t = 0; t < T; t++)
        {
          const float *sum = sums + (t * HL_BLOCK + o % HL_BLOCK) * hl_winograd_round (C);

          for (int c = 0; c < C; c++)
            d_w[c * T + t] += sum[c];
        }
    else
      {
        int step = hl_conv_get_block_width (conv->out_channels, b);

        for (int j = 0; j < C * T; j++)
          d_w[j] += sums[j / 3 * 3 * HL_BLOCK + j % 3 * step + o % HL_BLOCK];
      }
}

/**
 * hl_conv_backward_weights:
 * @conv: a convolution
 * @engine: what runs it
 * @x: (C, H, W), what the forward pass read
 * @d_y: (O, ceil (H / S), ceil (W / S)), gradient by the output
 * @d_w: (O, C, K, K), gradient by the weights, overwritten
 */
void
hl_conv_backward_weights (const HlConv *conv, const HlEngine *engine, const HlSource *x,
                          const HlSource *d_y, float *d_w)
{
  Task task = { .conv = conv, .engine = engine, .x = x, .d_y = d_y, .d_w = d_w };

  hl_pool_run (engine->pool, conv->weight_parts * conv->weight_groups, weights_job, &task);
  hl_pool_run (engine->pool, conv->out_channels, gather_job, &task);
}

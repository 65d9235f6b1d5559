/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution with padding, stride 1 or 2: forward, and both gradients.
 *
 * No im2col.  A tile of the input is loaded into cache with its halo, row after row, so
 * that tap (i, j) of every pixel of the tile is the same run of floats at another offset:
 * the whole convolution is a sum of long runs times single weights.  The last columns of
 * each row then come out as nonsense, and are not copied out.  With stride 2 the tile is
 * loaded as four planes, of even and odd rows and columns, which makes each tap a run
 * again.  The three products are
 *
 *   forward         y[o](p)    = sum over c, t of w[o][c][t] x[c](S p + t)
 *   data gradient   d_x[c](q)  = sum over o and those t with q - t = S p, of w[o][c][t] d_y[o](p)
 *   weight gradient d_w[o][c][t] = sum over p of d_y[o](p) x[c](S p + t)
 *
 * with x the padded input, and p, q, t positions in two dimensions; the gradient of the
 * padding adds what fell outside to the pixels that it was reflected from.  1x1 layers are
 * products of matrices and go to BLAS. */
#include "nn/conv.h"

#include <cblas.h>
#include <string.h>

#include "nn/conv_active.h"
#include "nn/conv_cut.h"

/* What is worth splitting over threads, whatever their number: jobs per layer. */
#define JOBS 8

/* Floats that partial sums of weight gradients may take. */
#define WEIGHT_SUMS 400000

typedef struct
{
  const HlConv   *conv;
  const HlEngine *engine;
  const HlSource *x;
  const float    *w, *bias, *centre;
  float          *y;
} Task;

/* Channels from which a product of matrices is faster by BLAS. */
#define BLAS_CHANNELS 64

/* Outputs and channels from which Winograd's way pays for its transforms. */
#define WINOGRAD_PIXELS 1024
#define WINOGRAD_CHANNELS 8

gboolean
hl_conv_is_pointwise (const HlConv *conv)
{
  return conv->kernel == 1 && conv->stride == 1
         && MIN (conv->in_channels, conv->out_channels) >= BLAS_CHANNELS;
}

/* Floats of one set of sums for the gradient by the weights: (blocks, in_channels * taps,
 * HL_BLOCK), the middle rounded up to the three that `cross` does at once, or Winograd's way
 * (blocks, taps, HL_BLOCK, in_channels rounded up to whole vectors). */
gsize
hl_conv_get_sums_size (const HlConv *conv)
{
  gsize T = hl_conv_get_taps (conv), C = conv->in_channels;
  gsize pairs = conv->winograd ? hl_winograd_round (C) * T : (C * T + 2) / 3 * 3;

  return hl_conv_get_blocks (conv->out_channels) * pairs * HL_BLOCK;
}

/* Vectors of small tiles that Winograd's transforms take to cross `width` columns. */
static int
vectors (int width, int across)
{
  int cols = (width + across - 1) / across, small = (cols + 3) / HL_WINOGRAD_TILE;

  return across * ((small + HL_LANES - 1) / HL_LANES);
}

/* Cuts the outputs into tiles that stay in cache with everything computed from them.  Winograd's
 * algorithm keeps 36 floats for every 16 it reads, and so takes half the rows at a time.  Narrower
 * tiles may fill its vectors better: one more column of tiles at most widths, two from 1279 pixels
 * on, where the second saves 6 to 9 % of the forward pass and 2 to 4 % of the gradients (16 and 24
 * channels, 1284 to 1320 columns, AVX-512). */
static HlGrid
cut (const HlConv *conv, int height, int width, int channels)
{
  HlGrid grid = hl_grid_new (height, width, channels, conv->kernel - 1);

  if (!conv->winograd)
    return grid;
  grid.down = CLAMP (2 * grid.down, 1, MAX (height / 8, 1));
  for (int i = 0; i < 2; i++)
    grid.across += vectors (width, grid.across + 1) < vectors (width, grid.across);
  return grid;
}

/**
 * hl_conv_init:
 * @conv: (out): set
 * @in_channels: C
 * @out_channels: O
 * @kernel: taps a side, odd; the padding is kernel / 2
 * @stride: 1 or 2
 * @height: H
 * @width: W
 *
 * Sets the shapes and how the work is cut.
 */
void
hl_conv_init (HlConv *conv, int in_channels, int out_channels, int kernel, int stride, int height,
              int width)
{
  int tiles, pad = kernel / 2;

  *conv = (HlConv) { .in_channels  = in_channels,
                     .out_channels = out_channels,
                     .kernel       = kernel,
                     .stride       = stride,
                     .in_height    = height,
                     .in_width     = width,
                     .out_height   = (height + stride - 1) / stride,
                     .out_width    = (width + stride - 1) / stride };

  conv->winograd = kernel == 3 && stride == 1 && height * (gint64) width >= WINOGRAD_PIXELS
                   && MIN (in_channels, out_channels) >= WINOGRAD_CHANNELS;
  conv->forward = cut (conv, conv->out_height, conv->out_width, in_channels * stride * stride);
  tiles         = conv->forward.down * conv->forward.across;
  conv->forward_groups = CLAMP ((JOBS + tiles - 1) / tiles, 1, hl_conv_get_blocks (out_channels));
  conv->weight_parts
      = CLAMP (WEIGHT_SUMS / (int) hl_conv_get_sums_size (conv), 1, MIN (tiles, JOBS));
  conv->weight_groups = CLAMP ((JOBS + conv->weight_parts - 1) / conv->weight_parts, 1,
                               hl_conv_get_blocks (out_channels));

  conv->backward        = cut (conv, (height + 2 * pad + stride - 1) / stride,
                               (width + 2 * pad + stride - 1) / stride, out_channels);
  tiles                 = conv->backward.down * conv->backward.across;
  conv->backward_groups = CLAMP ((JOBS + tiles - 1) / tiles, 1, hl_conv_get_blocks (in_channels));
}

/* The largest tile, in whole small tiles, from 0, 0. */
static HlTile
largest_tile (const HlGrid *grid)
{
  return (HlTile) { .bottom = ((grid->height + grid->down - 1) / grid->down + 3) / 4 * 4,
                    .right  = ((grid->width + grid->across - 1) / grid->across + 3) / 4 * 4 };
}

/* A tile of the input, its transform and products, and a block of outputs. */
static gsize
winograd_scratch (const HlGrid *grid, int channels)
{
  HlTile     most     = largest_tile (grid);
  HlWinograd winograd = hl_winograd_new (most.bottom, most.right);

  return channels * ((gsize) (most.bottom + 2) * (most.right + 2) + 16 + HL_SLACK) + 4 * 64
         + hl_winograd_get_scratch (&winograd, channels)
         + HL_BLOCK * ((gsize) most.bottom * winograd.out_step + HL_SLACK);
}

/* For the gradient by the weights: a tile of the input and of the gradient, the transforms of
 * both, and the products of a block. */
static gsize
sums_scratch (const HlConv *conv)
{
  HlTile most = largest_tile (&conv->forward);
  gsize  C = conv->in_channels, O = conv->out_channels, pixels = (gsize) most.bottom * most.right;
  gsize  wide = hl_winograd_round (C), d_wide = hl_winograd_round (O);

  return C * ((gsize) (most.bottom + 2) * (most.right + 2) + 16 + HL_SLACK)
         + O * (pixels + HL_SLACK) + HL_WINOGRAD_REACH * (most.right + 2 + HL_LANES) * HL_LANES
         + HL_WINOGRAD_PRODUCTS
               * (hl_winograd_get_step (pixels / 16 * wide)
                  + hl_winograd_get_step (pixels / 16 * d_wide)
                  + hl_winograd_get_step (HL_BLOCK * wide));
}

/**
 * hl_conv_get_scratch:
 * @conv: a convolution
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_conv_get_scratch (const HlConv *conv)
{
  int   phases   = conv->stride * conv->stride;
  gsize forward  = hl_grid_get_largest (&conv->forward, hl_conv_get_halo (conv));
  gsize backward = hl_grid_get_largest (&conv->backward, hl_conv_get_halo (conv));

  gsize most = MAX (forward * (conv->in_channels * phases + 2 * conv->out_channels + 2 * HL_BLOCK),
                    backward * (conv->out_channels + phases * (conv->in_channels + HL_BLOCK)));

  if (conv->winograd)
    {
      most = MAX (most, winograd_scratch (&conv->forward, conv->in_channels));
      most = MAX (most, winograd_scratch (&conv->backward, conv->out_channels));
      most = MAX (most, sums_scratch (conv));
    }
  return most;
}

/**
 * hl_conv_lay_out:
 * @conv: a convolution
 * @arena: where its buffers come from
 */
void
hl_conv_lay_out (HlConv *conv, HlArena *arena)
{
  gsize tiles = conv->forward.down * conv->forward.across;

  gsize packed  = (gsize) HL_BLOCK * hl_conv_get_packed_taps (conv);
  gsize forward = hl_conv_get_blocks (conv->out_channels) * packed * conv->in_channels;

  if (conv->tiled)
    forward = hl_conv_active_get_packed (conv->in_channels, conv->out_channels);
  if (!hl_conv_is_pointwise (conv))
    conv->packed = hl_arena_take (arena, forward);
  conv->moments = hl_arena_take (arena, tiles * conv->out_channels * 2);
  if (conv->frozen)
    return;
  if (!hl_conv_is_pointwise (conv))
    conv->packed_transposed = hl_arena_take (arena, hl_conv_get_blocks (conv->in_channels) * packed
                                                        * conv->out_channels);
  conv->weight_sums = hl_arena_take (arena, conv->weight_parts * hl_conv_get_sums_size (conv));
}

/* The taps of one phase of the data gradient, in the order in which they are packed. */
int
hl_conv_get_phase_taps (const HlConv *conv, int phase, int *tap, int *row, int *col)
{
  int n = 0, S = conv->stride, K = conv->kernel;

  for (int i = phase / S; i < K; i += S)
    for (int j = phase % S; j < K; j += S, n++)
      {
        tap[n] = i * K + j;
        row[n] = i / S;
        col[n] = j / S;
      }
  return n;
}

/**
 * hl_conv_pack:
 * @conv: a convolution
 * @w: (O, C, K, K)
 *
 * Brings the weights into the order in which the inner loops read them.  To be called
 * after each change of the weights.
 */
void
hl_conv_pack (HlConv *conv, const float *w)
{
  int    T = hl_conv_get_taps (conv), C = conv->in_channels, O = conv->out_channels;
  int    tap[HL_MAX_TAPS], row[HL_MAX_TAPS], col[HL_MAX_TAPS];
  float *to;

  if (hl_conv_is_pointwise (conv))
    return;
  for (int b = 0; b < hl_conv_get_blocks (O); b++)
    {
      int step = hl_conv_get_block_width (O, b), some = MIN (step, O - b * HL_BLOCK);

      to = conv->packed + (gsize) b * HL_BLOCK * C * hl_conv_get_packed_taps (conv);
      if (conv->winograd)
        {
          hl_winograd_pack (w + (gsize) b * HL_BLOCK * C * T, C * T, T, FALSE, some, C, step, step,
                            to);
          continue;
        }
      for (int o = 0; o < some; o++)
        {
          const float *from = w + (gsize) (b * HL_BLOCK + o) * C * T;

          for (int i = 0; i < C * T; i++)
            to[i * step + o] = from[i];
        }
    }
  for (int b = 0; !conv->frozen && b < hl_conv_get_blocks (C); b++)
    {
      int step = hl_conv_get_block_width (C, b), some = MIN (step, C - b * HL_BLOCK);

      to = conv->packed_transposed + (gsize) b * HL_BLOCK * O * hl_conv_get_packed_taps (conv);
      if (conv->winograd)
        {
          hl_winograd_pack (w + (gsize) b * HL_BLOCK * T, T, C * T, TRUE, some, O, step, step, to);
          continue;
        }
      for (int phase = 0; phase < conv->stride * conv->stride; phase++)
        {
          int n = hl_conv_get_phase_taps (conv, phase, tap, row, col);

          for (int o = 0; o < O; o++)
            for (int t = 0; t < n; t++, to += step)
              for (int c = 0; c < some; c++)
                to[c] = w[((gsize) o * C + b * HL_BLOCK + c) * T + tap[t]];
        }
    }
}

/* Loads what a tile of outputs reads, as stride * stride planes for each channel, and the
 * offset of each tap.  Returns the floats from channel to channel. */
gsize
hl_conv_load_tile (const HlConv *conv, const HlEngine *engine, const HlSource *x, HlTile tile,
                   float *pack, int *offset)
{
  int    S = conv->stride, K = conv->kernel, J = hl_conv_get_halo (conv), pad = K / 2;
  int    rows = tile.bottom - tile.top + J, cols = tile.right - tile.left + J;
  gsize  plane = ((gsize) rows * cols + 15) / 16 * 16 + HL_SLACK;
  float *whole = pack + plane * S * S * conv->in_channels; /* before it is split in four */
  HlTile reach = { .top    = S * tile.top - pad,
                   .bottom = S * (tile.top + rows) - pad,
                   .left   = S * tile.left - pad,
                   .right  = S * (tile.left + cols) - pad };

  for (int c = 0; c < conv->in_channels; c++)
    {
      float *to = pack + c * plane * S * S;

      for (int phase = 0; phase < S * S; phase++)
        memset (to + phase * plane + rows * cols, 0, (plane - rows * cols) * sizeof (float));
      if (S == 1)
        hl_source_load (x, engine->kernels, c, conv->in_height, conv->in_width, conv->border, reach,
                        to);
      else
        {
          hl_source_load (x, engine->kernels, c, conv->in_height, conv->in_width, conv->border,
                          reach, whole);
          for (int r = 0; r < 2 * rows; r++)
            {
              float *target = to + (r % 2) * 2 * plane + (gsize) (r / 2) * cols;
              float *line   = whole + (gsize) r * 2 * cols;

              for (int i = 0; i < cols; i++)
                {
                  target[i]         = line[2 * i];
                  target[plane + i] = line[2 * i + 1];
                }
            }
        }
    }
  for (int i = 0; i < K; i++)
    for (int j = 0; j < K; j++)
      offset[i * K + j] = ((i % S) * S + j % S) * plane + (i / S) * cols + j / S;
  return plane * S * S;
}

static void
forward_job (int job, int thread, gpointer data)
{
  const Task      *task    = data;
  const HlConv    *conv    = task->conv;
  const HlKernels *kernels = task->engine->kernels;
  int              index = job / conv->forward_groups, group = job % conv->forward_groups;
  HlTile           tile = hl_grid_get_tile (&conv->forward, index);
  float           *pack = task->engine->scratch + thread * task->engine->scratch_size;
  int              offset[HL_MAX_TAPS], O = conv->out_channels, C = conv->in_channels;
  int              first = hl_conv_get_blocks (O) * group / conv->forward_groups;
  int              last  = hl_conv_get_blocks (O) * (group + 1) / conv->forward_groups;
  int              rows = tile.bottom - tile.top, cols = tile.right - tile.left;
  HlTile           wide      = hl_conv_round_up (conv, tile);
  HlWinograd       winograd  = hl_winograd_new (wide.bottom - wide.top, wide.right - wide.left);
  int              step      = conv->winograd ? winograd.out_step : cols + hl_conv_get_halo (conv);
  int              n         = (rows - 1) * step + cols;
  gsize            plane     = hl_conv_load_tile (conv, task->engine, task->x, wide, pack, offset);
  gsize            out_plane = (gsize) (wide.bottom - wide.top) * step + HL_SLACK;
  float           *out       = pack + plane * C;
  float           *v         = out + HL_BLOCK * out_plane;
  float           *m         = v + HL_WINOGRAD_PRODUCTS * hl_winograd_get_step (C * winograd.count);

  if (conv->winograd)
    hl_winograd_transform (&winograd, kernels, pack, plane,
                           wide.right - wide.left + hl_conv_get_halo (conv), C, v);

  if (hl_conv_is_pointwise (conv))
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans,
                 MIN (last * HL_BLOCK, O) - first * HL_BLOCK, n, C, 1,
                 task->w + (gsize) first * HL_BLOCK * C, C, pack, plane, 0, out, out_plane);
  for (int b = first; b < last; b++)
    {
      float *block = out + (hl_conv_is_pointwise (conv) ? (b - first) * HL_BLOCK * out_plane : 0);

      if (conv->winograd)
        hl_winograd_multiply (&winograd, kernels, v, C,
                              conv->packed + (gsize) b * HL_BLOCK * C * HL_WINOGRAD_PRODUCTS,
                              MIN (HL_BLOCK, O - b * HL_BLOCK), hl_conv_get_block_width (O, b), m,
                              block, out_plane);
      else if (!hl_conv_is_pointwise (conv))
        kernels->correlate[hl_conv_get_block_width (O, b) == HL_NARROW_BLOCK](
            pack, plane, offset, hl_conv_get_taps (conv),
            conv->packed + (gsize) b * HL_BLOCK * C * hl_conv_get_taps (conv), C, block, out_plane,
            n);
      for (int o = b * HL_BLOCK; o < MIN (O, (b + 1) * HL_BLOCK); o++, block += out_plane)
        {
          float *y
              = task->y + ((gsize) o * conv->out_height + tile.top) * conv->out_width + tile.left;
          float *sums   = conv->moments + ((gsize) index * O + o) * 2;
          float  centre = task->centre ? task->centre[o] : 0;

          for (int r = 0; r < rows; r++)
            {
              float *row = block + (gsize) r * step;

              if (task->bias)
                for (int i = 0; i < cols; i++)
                  row[i] += task->bias[o];
              memcpy (y + (gsize) r * conv->out_width, row, cols * sizeof (float));
              if (r < rows - 1)
                for (int i = cols; i < step; i++)
                  row[i] = centre;
            }
          if (task->centre)
            kernels->moments (block, centre, n, sums);
        }
    }
}

/**
 * hl_conv_forward:
 * @conv: a convolution whose weights are packed
 * @engine: what runs it
 * @x: (C, H, W)
 * @w: (O, C, K, K), as packed
 * @bias: (nullable): (O)
 * @centre: (nullable): (O), a guess at each plane's mean
 * @y: (O, ceil (H / S), ceil (W / S)), written
 *
 * With @centre, also leaves the sums of (y - centre) and (y - centre)^2 over each tile in
 * conv->moments, (tiles, O, 2), for the normalisation that follows.
 */
void
hl_conv_forward (const HlConv *conv, const HlEngine *engine, const HlSource *x, const float *w,
                 const float *bias, const float *centre, float *y)
{
  Task task
      = { .conv = conv, .engine = engine, .x = x, .w = w, .bias = bias, .centre = centre, .y = y };

  hl_pool_run (engine->pool, conv->forward.down * conv->forward.across * conv->forward_groups,
               forward_job, &task);
}

/**
 * hl_conv_get_operations:
 * @conv: a convolution
 *
 * Returns: multiplications and additions of one direct forward pass; each gradient has as
 * many
 */
double
hl_conv_get_operations (const HlConv *conv)
{
  return 2.0 * conv->in_channels * conv->out_channels * hl_conv_get_taps (conv) * conv->out_height
         * conv->out_width;
}

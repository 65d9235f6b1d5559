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

#include "nn/winograd.h"

/* What is worth splitting over threads, whatever their number: jobs per layer. */
#define JOBS 8

/* Floats that partial sums of weight gradients may take. */
#define WEIGHT_SUMS 400000

typedef struct
{
  const HlConv   *conv;
  const HlEngine *engine;
  const HlSource *x, *d_y;
  const float    *w, *bias, *centre;
  gboolean        add;
  float          *y, *d_x, *d_w;
} Task;

static int
blocks (int channels)
{
  return (channels + HL_BLOCK - 1) / HL_BLOCK;
}

/* Columns and rows that a tile of outputs needs beyond its own, per plane. */
static int
halo (const HlConv *conv)
{
  return (conv->kernel - 1) / conv->stride;
}

static int
taps (const HlConv *conv)
{
  return conv->kernel * conv->kernel;
}

/* Channels from which a product of matrices is faster by BLAS. */
#define BLAS_CHANNELS 64

/* Outputs and channels from which Winograd's way pays for its transforms. */
#define WINOGRAD_PIXELS 1024
#define WINOGRAD_CHANNELS 8

/* Floats of weights for each pair of channels, as the inner loops read them. */
static int
packed_taps (const HlConv *conv)
{
  return conv->winograd ? HL_WINOGRAD_PRODUCTS : conv->kernel * conv->kernel;
}

/* Winograd's way makes whole tiles of 4x4. */
static HlTile
round_up (const HlConv *conv, HlTile tile)
{
  if (conv->winograd)
    {
      tile.bottom += (tile.top - tile.bottom) & (HL_WINOGRAD_TILE - 1);
      tile.right += (tile.left - tile.right) & (HL_WINOGRAD_TILE - 1);
    }
  return tile;
}

static gboolean
is_pointwise (const HlConv *conv)
{
  return conv->kernel == 1 && conv->stride == 1
         && MIN (conv->in_channels, conv->out_channels) >= BLAS_CHANNELS;
}

/* Weight sums are laid out as (blocks, in_channels * taps, HL_BLOCK), the middle rounded
 * up to the three that `cross` does at once. */
static gsize
sums_size (const HlConv *conv)
{
  return (gsize) blocks (conv->out_channels) * ((conv->in_channels * taps (conv) + 2) / 3 * 3)
         * HL_BLOCK;
}

/* How outputs are cut into tiles that stay in cache with all that is made of them.  Winograd's
 * way holds 36 floats for every 16 it reads, and so takes half the rows at a time. */
static HlGrid
cut (const HlConv *conv, int height, int width, int channels)
{
  HlGrid grid = hl_grid_new (height, width, channels, conv->kernel - 1);

  if (conv->winograd)
    grid.down = CLAMP (2 * grid.down, 1, MAX (height / 8, 1));
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
  conv->forward_groups = CLAMP ((JOBS + tiles - 1) / tiles, 1, blocks (out_channels));
  conv->weight_parts   = CLAMP (WEIGHT_SUMS / (int) sums_size (conv), 1, MIN (tiles, JOBS));
  conv->weight_groups
      = CLAMP ((JOBS + conv->weight_parts - 1) / conv->weight_parts, 1, blocks (out_channels));

  conv->backward        = cut (conv, (height + 2 * pad + stride - 1) / stride,
                               (width + 2 * pad + stride - 1) / stride, out_channels);
  tiles                 = conv->backward.down * conv->backward.across;
  conv->backward_groups = CLAMP ((JOBS + tiles - 1) / tiles, 1, blocks (in_channels));
}

/* A tile of the input, its transform and products, and a block of outputs. */
static gsize
winograd_scratch (const HlGrid *grid, int channels)
{
  int        rows     = ((grid->height + grid->down - 1) / grid->down + 3) / 4 * 4;
  int        cols     = ((grid->width + grid->across - 1) / grid->across + 3) / 4 * 4;
  HlWinograd winograd = hl_winograd_new (rows, cols);

  return channels * ((gsize) (rows + 2) * (cols + 2) + 16 + HL_SLACK) + 4 * 64
         + hl_winograd_get_scratch (&winograd, channels)
         + HL_BLOCK * ((gsize) rows * winograd.out_step + HL_SLACK);
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
  gsize forward  = hl_grid_get_largest (&conv->forward, halo (conv));
  gsize backward = hl_grid_get_largest (&conv->backward, halo (conv));

  gsize most = MAX (forward * (conv->in_channels * phases + 2 * conv->out_channels + 2 * HL_BLOCK),
                    backward * (conv->out_channels + phases * (conv->in_channels + HL_BLOCK)));

  if (conv->winograd)
    most = MAX (winograd_scratch (&conv->forward, conv->in_channels),
                MAX (most, winograd_scratch (&conv->backward, conv->out_channels)));
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

  if (!is_pointwise (conv))
    {
      conv->packed = hl_arena_take (arena, (gsize) blocks (conv->out_channels) * HL_BLOCK
                                               * conv->in_channels * packed_taps (conv));
      conv->packed_transposed
          = hl_arena_take (arena, (gsize) blocks (conv->in_channels) * HL_BLOCK * conv->out_channels
                                      * packed_taps (conv));
    }
  conv->moments     = hl_arena_take (arena, tiles * conv->out_channels * 2);
  conv->weight_sums = hl_arena_take (arena, conv->weight_parts * sums_size (conv));
}

/* Blocks of 8 output channels, the last of 4 where that is enough. */
static int
block_width (int channels, int block)
{
  return channels - block * HL_BLOCK > HL_NARROW_BLOCK ? HL_BLOCK : HL_NARROW_BLOCK;
}

/* The taps of one phase of the data gradient, in the order in which they are packed. */
static int
phase_taps (const HlConv *conv, int phase, int *tap, int *row, int *col)
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
  int    T = taps (conv), C = conv->in_channels, O = conv->out_channels;
  int    tap[64], row[64], col[64];
  float *to;

  if (is_pointwise (conv))
    return;
  for (int b = 0; b < blocks (O); b++)
    {
      int step = block_width (O, b), some = MIN (step, O - b * HL_BLOCK);

      to = conv->packed + (gsize) b * HL_BLOCK * C * packed_taps (conv);
      if (conv->winograd)
        {
          hl_winograd_pack (w + (gsize) b * HL_BLOCK * C * T, C * T, T, FALSE, some, C, step, to);
          continue;
        }
      for (int o = 0; o < some; o++)
        {
          const float *from = w + (gsize) (b * HL_BLOCK + o) * C * T;

          for (int i = 0; i < C * T; i++)
            to[i * step + o] = from[i];
        }
    }
  for (int b = 0; b < blocks (C); b++)
    {
      int step = block_width (C, b), some = MIN (step, C - b * HL_BLOCK);

      to = conv->packed_transposed + (gsize) b * HL_BLOCK * O * packed_taps (conv);
      if (conv->winograd)
        {
          hl_winograd_pack (w + (gsize) b * HL_BLOCK * T, T, C * T, TRUE, some, O, step, to);
          continue;
        }
      for (int phase = 0; phase < conv->stride * conv->stride; phase++)
        {
          int n = phase_taps (conv, phase, tap, row, col);

          for (int o = 0; o < O; o++)
            for (int t = 0; t < n; t++, to += step)
              for (int c = 0; c < some; c++)
                to[c] = w[((gsize) o * C + b * HL_BLOCK + c) * T + tap[t]];
        }
    }
}

/* Loads what a tile of outputs reads, as stride * stride planes for each channel, and the
 * offset of each tap.  Returns the floats from channel to channel. */
static gsize
load_tile (const HlConv *conv, const HlEngine *engine, const HlSource *x, HlTile tile, float *pack,
           int *offset)
{
  int    S = conv->stride, K = conv->kernel, J = halo (conv), pad = K / 2;
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
  int              offset[64], O = conv->out_channels, C = conv->in_channels;
  int              first = blocks (O) * group / conv->forward_groups;
  int              last  = blocks (O) * (group + 1) / conv->forward_groups;
  int              rows = tile.bottom - tile.top, cols = tile.right - tile.left;
  HlTile           wide      = round_up (conv, tile);
  HlWinograd       winograd  = hl_winograd_new (wide.bottom - wide.top, wide.right - wide.left);
  int              step      = conv->winograd ? winograd.out_step : cols + halo (conv);
  int              n         = (rows - 1) * step + cols;
  gsize            plane     = load_tile (conv, task->engine, task->x, wide, pack, offset);
  gsize            out_plane = (gsize) (wide.bottom - wide.top) * step + HL_SLACK;
  float           *out       = pack + plane * C;
  float           *v         = out + HL_BLOCK * out_plane;
  float           *m         = v + HL_WINOGRAD_PRODUCTS * C * winograd.count;

  if (conv->winograd)
    hl_winograd_transform (&winograd, kernels, pack, plane, wide.right - wide.left + halo (conv), C,
                           v);

  if (is_pointwise (conv))
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans,
                 MIN (last * HL_BLOCK, O) - first * HL_BLOCK, n, C, 1,
                 task->w + (gsize) first * HL_BLOCK * C, C, pack, plane, 0, out, out_plane);
  for (int b = first; b < last; b++)
    {
      float *block = out + (is_pointwise (conv) ? (b - first) * HL_BLOCK * out_plane : 0);

      if (conv->winograd)
        hl_winograd_multiply (&winograd, kernels, v, C,
                              conv->packed + (gsize) b * HL_BLOCK * C * HL_WINOGRAD_PRODUCTS,
                              MIN (HL_BLOCK, O - b * HL_BLOCK), block_width (O, b), m, block,
                              out_plane);
      else if (!is_pointwise (conv))
        kernels->correlate[block_width (O, b) == HL_NARROW_BLOCK](
            pack, plane, offset, taps (conv), conv->packed + (gsize) b * HL_BLOCK * C * taps (conv),
            C, block, out_plane, n);
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
  int              S = conv->stride, J = halo (conv), pad = conv->kernel / 2;
  int              first = blocks (C) * group / conv->backward_groups;
  int              last  = blocks (C) * (group + 1) / conv->backward_groups;
  int              rows = tile.bottom - tile.top, cols = tile.right - tile.left;
  HlTile           wide     = round_up (conv, tile);
  HlWinograd       winograd = hl_winograd_new (wide.bottom - wide.top, wide.right - wide.left);
  int              in_step  = wide.right - wide.left + J;
  int              step     = conv->winograd ? winograd.out_step : in_step;
  int              n        = (rows - 1) * step + cols;
  gsize  plane     = ((gsize) (wide.bottom - wide.top + J) * in_step + 15) / 16 * 16 + HL_SLACK;
  gsize  out_plane = (gsize) (wide.bottom - wide.top) * step + HL_SLACK;
  float *out       = pack + plane * O;
  float *v         = out + HL_BLOCK * out_plane;
  float *m         = v + HL_WINOGRAD_PRODUCTS * O * winograd.count;

  for (int o = 0; o < O; o++)
    hl_source_load (task->d_y, kernels, o, conv->out_height, conv->out_width, HL_BORDER_ZERO,
                    (HlTile) { wide.top - J, wide.bottom, wide.left - J, wide.right },
                    pack + o * plane);
  if (conv->winograd)
    hl_winograd_transform (&winograd, kernels, pack, plane, in_step, O, v);
  if (is_pointwise (conv))
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans,
                 MIN (last * HL_BLOCK, C) - first * HL_BLOCK, n, O, 1, task->w + first * HL_BLOCK,
                 C, pack, plane, 0, out, out_plane);

  for (int b = first; b < last; b++)
    {
      float       *block = out + (is_pointwise (conv) ? (b - first) * HL_BLOCK * out_plane : 0);
      int          some = MIN (HL_BLOCK, C - b * HL_BLOCK), narrow = block_width (C, b) != HL_BLOCK;
      const float *w = conv->packed_transposed + (gsize) b * HL_BLOCK * O * packed_taps (conv);

      for (int phase = 0; phase < S * S; phase++)
        {
          int    tap[64], row[64], col[64], offset[64];
          int    used   = phase_taps (conv, phase, tap, row, col);
          float *result = block + phase * HL_BLOCK * out_plane;

          for (int t = 0; t < used; t++)
            offset[t] = (J - row[t]) * step + J - col[t];
          if (conv->winograd)
            hl_winograd_multiply (&winograd, kernels, v, O, w, some, block_width (C, b), m, result,
                                  out_plane);
          else if (!is_pointwise (conv))
            kernels->correlate[narrow](pack, plane, offset, used, w, O, result, out_plane, n);
          w += (gsize) O * used * block_width (C, b);

          /* What lies inside goes to its place. */
          for (int c = 0; c < some; c++)
            for (int r = 0; r < rows; r++)
              {
                int          y    = (tile.top + r) * S + phase / S - pad;
                int          x    = tile.left * S + phase % S - pad;
                int          from = x < 0 ? (S - 1 - x) / S : 0;
                int          to   = MIN (cols, (conv->in_width - x + S - 1) / S);
                const float *line = result + c * out_plane + (gsize) r * step;
                float       *d    = task->d_x
                           + ((gsize) (b * HL_BLOCK + c) * conv->in_height + y) * conv->in_width
                           + x;

                if (y < 0 || y >= conv->in_height || to <= from)
                  continue;
                if (S == 1 && task->add)
                  kernels->add (d + from, line + from, to - from);
                else if (S == 1)
                  memcpy (d + from, line + from, (to - from) * sizeof (float));
                else
                  for (int i = from; i < to; i++)
                    d[i * S] = line[i] + (task->add ? d[i * S] : 0);
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

static void
weights_job (int job, int thread, gpointer data)
{
  const Task   *task = data;
  const HlConv *conv = task->conv;
  int           part = job / conv->weight_groups, group = job % conv->weight_groups;
  int           tiles = conv->forward.down * conv->forward.across, O = conv->out_channels;
  int           first = blocks (O) * group / conv->weight_groups;
  int           last  = blocks (O) * (group + 1) / conv->weight_groups;
  int           T = taps (conv), pairs = conv->in_channels * T, padded = (pairs + 2) / 3 * 3;
  float        *pack = task->engine->scratch + thread * task->engine->scratch_size;
  float        *sums = conv->weight_sums + part * sums_size (conv);

  memset (sums + (gsize) first * padded * HL_BLOCK, 0,
          (gsize) (last - first) * padded * HL_BLOCK * sizeof (float));
  for (int index = tiles * part / conv->weight_parts;
       index < tiles * (part + 1) / conv->weight_parts; index++)
    {
      HlTile tile = hl_grid_get_tile (&conv->forward, index);
      int    rows = tile.bottom - tile.top, cols = tile.right - tile.left;
      int    step = cols + halo (conv), n = (rows - 1) * step + cols, offset[64];
      gsize  plane   = load_tile (conv, task->engine, task->x, tile, pack, offset);
      gsize  d_plane = ((gsize) rows * step + 15) / 16 * 16;
      float *d       = pack + plane * conv->in_channels;

      /* The gradient in rows of the same step, with zeros between them. */
      for (int o = first * HL_BLOCK; o < last * HL_BLOCK; o++)
        {
          float *to = d + (o - first * HL_BLOCK) * d_plane;

          if (o < O)
            hl_source_load (task->d_y, task->engine->kernels, o, conv->out_height, conv->out_width,
                            HL_BORDER_ZERO,
                            (HlTile) { tile.top, tile.bottom, tile.left, tile.left + step }, to);
          for (int r = 0; r < rows && o < O; r++)
            memset (to + (gsize) r * step + cols, 0, (step - cols) * sizeof (float));
          memset (to + (o < O ? rows * step : 0), 0,
                  (d_plane - (o < O ? rows * step : 0)) * sizeof (float));
        }
      for (int b = first; b < last; b++)
        for (int j = 0; j < padded; j += 3)
          {
            const float *x[3];

            for (int i = 0; i < 3; i++)
              {
                int pair = MIN (j + i, pairs - 1);

                x[i] = pack + pair / T * plane + offset[pair % T];
              }
            task->engine->kernels->cross[block_width (O, b) == HL_NARROW_BLOCK](
                x, d + (b - first) * HL_BLOCK * d_plane, d_plane, n,
                sums + ((gsize) b * padded + j) * HL_BLOCK);
          }
    }
}

static void
gather_job (int o, int thread, gpointer data)
{
  const Task   *task  = data;
  const HlConv *conv  = task->conv;
  int           pairs = conv->in_channels * taps (conv), padded = (pairs + 2) / 3 * 3;
  int           step = block_width (conv->out_channels, o / HL_BLOCK);

  for (int j = 0; j < pairs; j++)
    {
      const float *sum = conv->weight_sums + (gsize) o / HL_BLOCK * padded * HL_BLOCK
                         + j / 3 * 3 * HL_BLOCK + j % 3 * step + o % HL_BLOCK;
      float total = 0;

      for (int part = 0; part < conv->weight_parts; part++)
        total += sum[part * sums_size (conv)];
      task->d_w[(gsize) o * pairs + j] = total;
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
  return 2.0 * conv->in_channels * conv->out_channels * taps (conv) * conv->out_height
         * conv->out_width;
}

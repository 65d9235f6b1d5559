/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 3x3 convolution with a quarter of the multiplications.
 *
 * Winograd's minimal filtering F(4x4, 3x3) as Lavin and Gray use it, "Fast Algorithms for
 * Convolutional Neural Networks" (CVPR 2016), equation 13: with d the 6x6 inputs that 4x4
 * outputs depend on, and g the 3x3 weights,
 *
 *   Y = A' [(G g G') . (B' d B)] A,
 *
 * where . multiplies element by element, so that over all channels and small tiles each of
 * the 36 elements is a product of matrices: 36 multiplications for what takes 144
 * directly.  B' and A' are in kernels.c; G is here.
 *
 * The gradient by the weights is what this bilinear form gives when g and Y change places,
 *
 *   d_g = G' [sum over the small tiles of (A d_Y A') . (B' d B)] G,
 *
 * again a product of matrices for each element, this time over the small tiles; for it the
 * channels are laid side by side. */
#include "nn/winograd.h"

/**
 * hl_winograd_new:
 * @rows: of outputs, a multiple of 4
 * @cols: of outputs, a multiple of 4
 *
 * Returns: how these are cut into small tiles
 */
HlWinograd
hl_winograd_new (int rows, int cols)
{
  HlWinograd winograd = { .down = rows / HL_WINOGRAD_TILE, .across = cols / HL_WINOGRAD_TILE };

  winograd.out_step = HL_WINOGRAD_TILE * ((winograd.across + 15) / 16 * 16);
  /* The last vector of a row of small tiles is overwritten by the next row. */
  winograd.count = ((gsize) winograd.down * winograd.across + 15 + 15) / 16 * 16;
  return winograd;
}

/**
 * hl_winograd_get_scratch:
 * @winograd: a cut
 * @channels: C
 *
 * Returns: floats that hl_winograd_transform() writes and, behind them, those that
 * hl_winograd_multiply() needs
 */
gsize
hl_winograd_get_scratch (const HlWinograd *winograd, int channels)
{
  return HL_WINOGRAD_PRODUCTS
         * (hl_winograd_get_step (channels * winograd->count)
            + hl_winograd_get_step (HL_BLOCK * winograd->count));
}

/**
 * hl_winograd_round:
 * @channels: how many
 *
 * Returns: as many as whole vectors of any version hold
 */
gsize
hl_winograd_round (int channels)
{
  return (channels + HL_LANES - 1) / HL_LANES * HL_LANES;
}

/**
 * hl_winograd_get_step:
 * @floats: of one element of the transform, a multiple of 16
 *
 * Returns: floats from one of the 36 elements to the next: an odd number of cache lines, so
 * that the 36 do not fall on each other's places in the cache
 */
gsize
hl_winograd_get_step (gsize floats)
{
  return (floats / 16 | 1) * 16;
}

/* One dimension of G, for every output channel of a block: 3 values become 6. */
static void
widen (float from[3][HL_BLOCK], float to[HL_WINOGRAD_REACH][HL_BLOCK])
{
  for (int o = 0; o < HL_BLOCK; o++)
    {
      float a = from[0][o], b = from[1][o], c = from[2][o];
      float even = a + c, far = a * (1 / 24.0f) + c * (1 / 6.0f);

      to[0][o] = a * 0.25f;
      to[1][o] = (even + b) * (-1 / 6.0f);
      to[2][o] = (even - b) * (-1 / 6.0f);
      to[3][o] = far + b * (1 / 12.0f);
      to[4][o] = far - b * (1 / 12.0f);
      to[5][o] = c;
    }
}

/**
 * hl_winograd_pack:
 * @w: the 3x3 weights of the block's first output channel
 * @out_step: floats from output channel to output channel
 * @in_step: floats from input channel to input channel
 * @flip: whether the taps are to be reversed in both directions
 * @out_channels: how many the block has, 1..8
 * @in_channels: C
 * @block_width: output channels that are written, up to 8
 * @row: floats from input channel to input channel of what is written
 * @packed: (36, C, row), the first block_width of each row are written
 *
 * G g G' of one block of output channels.
 */
void
hl_winograd_pack (const float *w, gsize out_step, gsize in_step, gboolean flip, int out_channels,
                  int in_channels, int block_width, gsize row, float *packed)
{
  for (int c = 0; c < in_channels; c++)
    {
      float g[3][3][HL_BLOCK] = { 0 }, half[3][HL_WINOGRAD_REACH][HL_BLOCK];

      for (int o = 0; o < out_channels; o++)
        for (int t = 0; t < 9; t++)
          g[t / 3][t % 3][o] = w[o * out_step + c * in_step + (flip ? 8 - t : t)];
      for (int i = 0; i < 3; i++)
        widen (g[i], half[i]);
      for (int j = 0; j < HL_WINOGRAD_REACH; j++)
        {
          float column[3][HL_BLOCK], full[HL_WINOGRAD_REACH][HL_BLOCK];

          for (int i = 0; i < 3; i++)
            for (int o = 0; o < HL_BLOCK; o++)
              column[i][o] = half[i][j][o];
          widen (column, full);
          for (int i = 0; i < HL_WINOGRAD_REACH; i++)
            for (int o = 0; o < block_width; o++)
              packed[((gsize) (i * HL_WINOGRAD_REACH + j) * in_channels + c) * row + o]
                  = full[i][o];
        }
    }
}

/**
 * hl_winograd_transform:
 * @winograd: a cut
 * @kernels: the inner loops
 * @x: (C, 4 down + 2, step), planes @plane floats apart; up to 70 floats behind the last
 *   row are read too, without effect on what counts
 * @plane: see @x
 * @step: see @x
 * @channels: C
 * @v: (36, C, count), written: B' d B; see hl_winograd_get_step()
 */
void
hl_winograd_transform (const HlWinograd *winograd, const HlKernels *kernels, const float *x,
                       gsize plane, gsize step, int channels, float *v)
{
  for (int c = 0; c < channels; c++)
    for (int r = 0; r < winograd->down; r++)
      kernels->winograd_in (x + c * plane + r * HL_WINOGRAD_TILE * step, step, winograd->across,
                            v + c * winograd->count + r * winograd->across,
                            hl_winograd_get_step (channels * winograd->count));
}

/* The products of one block of output channels, before A' and A. */
static void
get_products (const HlWinograd *winograd, const HlKernels *kernels, const float *v, int channels,
              const float *packed, int block_width, float *m)
{
  const int none   = 0;
  gsize     v_step = hl_winograd_get_step (channels * winograd->count);
  gsize     m_step = hl_winograd_get_step (HL_BLOCK * winograd->count);
  int       n      = (winograd->down * winograd->across + 15) / 16 * 16;

  for (int f = 0; f < HL_WINOGRAD_PRODUCTS; f++)
    kernels->correlate[block_width == HL_NARROW_BLOCK](
        v + f * v_step, winograd->count, &none, 1, packed + (gsize) f * channels * block_width,
        channels, m + f * m_step, winograd->count, n);
}

/**
 * hl_winograd_multiply:
 * @winograd: a cut
 * @kernels: the inner loops
 * @v: (36, C, count), see hl_winograd_get_step()
 * @channels: C
 * @packed: (36, C, block_width), of one block
 * @out_channels: how many the block has, 1..block_width
 * @block_width: 4 or 8
 * @m: (36, 8, count), scratch buffer
 * @out: (out_channels, 4 down, out_step), planes @out_plane floats apart, written
 * @out_plane: see @out
 *
 * One block of output channels.
 */
void
hl_winograd_multiply (const HlWinograd *winograd, const HlKernels *kernels, const float *v,
                      int channels, const float *packed, int out_channels, int block_width,
                      float *m, float *out, gsize out_plane)
{
  gsize m_step = hl_winograd_get_step (HL_BLOCK * winograd->count);

  get_products (winograd, kernels, v, channels, packed, block_width, m);
  for (int o = 0; o < out_channels; o++)
    for (int r = 0; r < winograd->down; r++)
      kernels->winograd_out (
          m + o * winograd->count + r * winograd->across, m_step, winograd->across,
          out + o * out_plane + (gsize) r * HL_WINOGRAD_TILE * winograd->out_step,
          winograd->out_step);
}

/**
 * hl_winograd_spread:
 * @winograd: a cut
 * @kernels: the inner loops
 * @x: (C, 4 down + reach - 4, step), planes @plane floats apart; up to 16 floats behind the
 *   last row are read too, without effect
 * @plane: see @x
 * @step: see @x
 * @reach: 6 for B' d B of what a layer read, 4 for A d A' of the gradient by what it wrote
 * @channels: C
 * @strip: reach * (4 across + 2 + %HL_LANES) * %HL_LANES floats, scratch buffer
 * @v: (36, down * across, C rounded up to %HL_LANES), written
 */
void
hl_winograd_spread (const HlWinograd *winograd, const HlKernels *kernels, const float *x,
                    gsize plane, gsize step, int reach, int channels, float *strip, float *v)
{
  gsize wide = hl_winograd_round (channels);

  for (int r = 0; r < winograd->down; r++)
    kernels->winograd_pixels (x + r * HL_WINOGRAD_TILE * step, plane, step, reach, winograd->across,
                              channels, strip, v + r * winograd->across * wide,
                              hl_winograd_get_step (winograd->down * winograd->across * wide),
                              wide);
}

/**
 * hl_winograd_sum:
 * @winograd: a cut
 * @kernels: the inner loops
 * @v: (36, down * across, C rounded up to %HL_LANES), of what was read
 * @channels: C
 * @d: (36, down * across, O rounded up to %HL_LANES), of the gradient, at the first of 8
 *   channels
 * @d_channels: O
 * @m: (36, 8, C rounded up to %HL_LANES), scratch buffer
 * @sums: (9, 8, C rounded up to %HL_LANES), the gradient by the weights is added
 */
void
hl_winograd_sum (const HlWinograd *winograd, const HlKernels *kernels, const float *v, int channels,
                 const float *d, int d_channels, float *m, float *sums)
{
  gsize wide = hl_winograd_round (channels), d_wide = hl_winograd_round (d_channels);
  int   count  = winograd->down * winograd->across;
  gsize v_step = hl_winograd_get_step (count * wide),
        d_step = hl_winograd_get_step (count * d_wide);
  gsize m_step = hl_winograd_get_step (HL_BLOCK * wide);

  for (int f = 0; f < HL_WINOGRAD_PRODUCTS; f++)
    kernels->outer (d + f * d_step, d_wide, v + f * v_step, wide, count, m + f * m_step, wide,
                    wide);
  kernels->winograd_taps (m, m_step, sums, HL_BLOCK * wide, HL_BLOCK * wide);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the passes of a convolution share: how the work is cut.  For conv.c and
 * conv_gradient.c alone. */
#pragma once

#include "nn/conv.h"
#include "nn/winograd.h"

G_BEGIN_DECLS

/* Most taps of a kernel. */
#define HL_MAX_TAPS 64

static inline int
hl_conv_get_blocks (int channels)
{
  return (channels + HL_BLOCK - 1) / HL_BLOCK;
}

/* Blocks of 8 output channels, the last of 4 where that is enough. */
static inline int
hl_conv_get_block_width (int channels, int block)
{
  return channels - block * HL_BLOCK > HL_NARROW_BLOCK ? HL_BLOCK : HL_NARROW_BLOCK;
}

/* Columns and rows that a tile of outputs needs beyond its own, per plane. */
static inline int
hl_conv_get_halo (const HlConv *conv)
{
  return (conv->kernel - 1) / conv->stride;
}

static inline int
hl_conv_get_taps (const HlConv *conv)
{
  return conv->kernel * conv->kernel;
}

/* Floats of weights for each pair of channels, as the inner loops read them. */
static inline int
hl_conv_get_packed_taps (const HlConv *conv)
{
  return conv->winograd ? HL_WINOGRAD_PRODUCTS : hl_conv_get_taps (conv);
}

/* Winograd's way makes whole tiles of 4x4. */
static inline HlTile
hl_conv_round_up (const HlConv *conv, HlTile tile)
{
  if (conv->winograd)
    {
      tile.bottom += (tile.top - tile.bottom) & (HL_WINOGRAD_TILE - 1);
      tile.right += (tile.left - tile.right) & (HL_WINOGRAD_TILE - 1);
    }
  return tile;
}

gboolean hl_conv_is_pointwise (const HlConv *conv);
gsize    hl_conv_get_sums_size (const HlConv *conv);
int      hl_conv_get_phase_taps (const HlConv *conv, int phase, int *tap, int *row, int *col);
gsize hl_conv_load_tile (const HlConv *conv, const HlEngine *engine, const HlSource *x, HlTile tile,
                         float *pack, int *offset);

G_END_DECLS

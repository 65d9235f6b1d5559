/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The denoiser's network: a residual U-Net. */
#pragma once

#include "nn/conv_active.h"
#include "nn/weights.h"

G_BEGIN_DECLS

#define HL_UNET_SCALES 3
#define HL_UNET_STAGES 5
#define HL_UNET_MAX_BLOCKS 16

/* The stages, in the order in which they run; the last two enlarge. */
enum
{
  HL_UNET_ENC0,
  HL_UNET_ENC1,
  HL_UNET_MID,
  HL_UNET_DEC1,
  HL_UNET_DEC0,
};

/* Planes written and read: four for each colour, and four of the noise's level. */
#define HL_UNET_COLOURS 3
#define HL_UNET_NOISE_PLANES (4 * HL_UNET_COLOURS)
#define HL_UNET_INPUT_PLANES (HL_UNET_NOISE_PLANES + 4)

/* Rows and columns of the picture must be multiples of this. */
#define HL_UNET_UNIT (1 << HL_UNET_SCALES)

typedef struct
{
  HlConv       conv;
  const float *w;
} HlUnetLayer;

/**
 * HlUnetScale:
 * @height: rows
 * @width: columns
 * @channels: planes
 * @blocks: residual blocks on each way
 * @b: planes; a block reads one of both and writes the other, unless the network learns
 * @inner: planes within a block, likewise
 */
typedef struct
{
  int    height, width, channels, blocks;
  float *b[2], *inner;
} HlUnetScale;

/**
 * HlUnet:
 * @learns: whether hl_unet_backward() will be asked for, which takes more memory: %FALSE, unless
 *   changed after hl_unet_init()
 * @tiled: whether it is run tile by tile where hl_unet_activate() says, which is quicker: likewise;
 *   not where it learns
 * @scale: each of half the height and width of the one before it, the first of half the
 *   picture's
 * @planes: (16, H / 2, W / 2), what is read
 * @noise: (12, H / 2, W / 2), what is written; the same memory unless the network learns
 * @y: planes that each block writes
 * @inner: planes within each block
 * @active: where each scale is run then
 * @load: what the first layer reads there, 16 planes
 * @load_data: for @load
 * @reuse: 0; or by how much what the coarser scales gave in the last run is multiplied, to be used
 *   again
 *
 * The rest is the layers and their weights.
 */
typedef struct
{
  gboolean     learns, tiled;
  HlUnetScale  scale[HL_UNET_SCALES];
  HlUnetLayer  head, tail, block[HL_UNET_STAGES][HL_UNET_MAX_BLOCKS][2];
  const float *shrink[HL_UNET_SCALES - 1], *enlarge[HL_UNET_SCALES - 1];
  float       *shrink_packed[HL_UNET_SCALES - 1], *enlarge_packed[HL_UNET_SCALES - 1];
  float       *planes, *noise, *head_y, *ones, *zeros;
  float       *y[HL_UNET_STAGES][HL_UNET_MAX_BLOCKS], *inner[HL_UNET_STAGES][HL_UNET_MAX_BLOCKS];
  HlActive   **active;
  HlActiveLoad load;
  gpointer     load_data;
  float        reuse;
} HlUnet;

gboolean hl_unet_init (HlUnet *net, const HlWeights *weights, GError **error);
int      hl_unet_get_margin (const HlUnet *net);
gsize    hl_unet_lay_out (HlUnet *net, int height, int width, HlArena *arena);
void     hl_unet_pack (HlUnet *net, const HlEngine *engine);
void     hl_unet_activate (HlUnet *net, HlActive **active);
void     hl_unet_forward (HlUnet *net, const HlEngine *engine);
HlSource hl_unet_get_last_source (const HlUnet *net, const float *fine);
int      hl_unet_get_scale (int stage);
double   hl_unet_get_operations (const HlUnet *net);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The denoiser's network: a residual U-Net; its gradient is in unet_gradient.c.
 *
 * The plan is DRUNet's (Zhang et al., "Plug-and-Play Image Restoration with Deep Denoiser
 * Prior", TPAMI 2021) behind FFDNet's first step (Zhang, Zuo and Zhang, TIP 2018), which
 * makes four channels of four pixels.  A residual block is y = b + conv (relu (conv (b))),
 * and there are as many of them at each scale as the weights have:
 *
 *   head    3x3, of 12 channels and four of the level of the noise
 *   enc0    blocks; down0, 2x2 with stride 2; enc1, blocks; down1; mid, blocks
 *   up1     2x2, enlarging, plus what enc1 made; dec1, blocks; up0, plus enc0; dec0, blocks
 *   tail    3x3, of the sum of dec0 and head: the noise.
 *
 * There are no biases and no normalisation, and 3x3 layers pad with zeros, so that the whole
 * is homogeneous: f(a x, a sigma) = a f(x, sigma).  The activations are formed while a layer
 * reads, and the planes of enc0 and enc1 become those of dec0 and dec1 in their place. */
#include "nn/unet.h"

#include <string.h>

#include "nn/conv_active.h"
#include "nn/shuffle.h"
#include "nn/shuffle_active.h"

#define MOST_CHANNELS 512

static const struct
{
  const char *name;
  int         scale;
} stages[HL_UNET_STAGES]
    = { { "enc0", 0 }, { "enc1", 1 }, { "mid", 2 }, { "dec1", 1 }, { "dec0", 0 } };

/* The name of a layer of a block. */
typedef struct
{
  char text[32];
} Name;

static Name
name_of (int stage, int block, int layer)
{
  Name name;

  g_snprintf (name.text, sizeof name.text, "%s.%d.%c.weight", stages[stage].name, block,
              "ab"[layer]);
  return name;
}

/* Channels and blocks of each scale; all shapes are still to be compared with them. */
static gboolean
read_sizes (HlUnet *net, const HlWeights *weights)
{
  static const char *const makers[HL_UNET_SCALES]
      = { "head.weight", "down0.weight", "down1.weight" };

  for (int s = 0; s < HL_UNET_SCALES; s++)
    {
      HlUnetScale *scale = &net->scale[s];
      const int   *shape = hl_weights_get_shape (weights, makers[s]);

      if (!shape || shape[0] > MOST_CHANNELS)
        return FALSE;
      scale->channels = shape[0];
      while (scale->blocks < HL_UNET_MAX_BLOCKS
             && hl_weights_get_shape (weights, name_of (s, scale->blocks, 0).text))
        scale->blocks++;
      if (scale->blocks == 0)
        return FALSE;
    }
  return TRUE;
}

/* Weights of that name and shape, which are counted. */
static const float *
find (const HlWeights *weights, const char *name, int first, int second, int kernel, guint *found)
{
  const float *w = hl_weights_get (weights, name, (int[]) { first, second, kernel, kernel });

  *found += w != NULL;
  return w;
}

/* Whether all weights are there; and no others, since that would be another network. */
static gboolean
find_all (HlUnet *net, const HlWeights *weights)
{
  const int fine = net->scale[0].channels, middle = net->scale[1].channels;
  const int coarse = net->scale[2].channels;
  guint     found = 0, wanted = 6;

  net->head.w     = find (weights, "head.weight", fine, HL_UNET_INPUT_PLANES, 3, &found);
  net->tail.w     = find (weights, "tail.weight", HL_UNET_NOISE_PLANES, fine, 3, &found);
  net->shrink[0]  = find (weights, "down0.weight", middle, fine, 2, &found);
  net->shrink[1]  = find (weights, "down1.weight", coarse, middle, 2, &found);
  net->enlarge[0] = find (weights, "up0.weight", middle, fine, 2, &found);
  net->enlarge[1] = find (weights, "up1.weight", coarse, middle, 2, &found);
  for (int stage = 0; stage < HL_UNET_STAGES; stage++)
    {
      const HlUnetScale *scale = &net->scale[stages[stage].scale];

      for (int i = 0; i < 2 * scale->blocks; i++, wanted++)
        net->block[stage][i / 2][i % 2].w = find (weights, name_of (stage, i / 2, i % 2).text,
                                                  scale->channels, scale->channels, 3, &found);
    }
  return found == wanted && found == hl_weights_get_count (weights);
}

/**
 * hl_unet_init:
 * @net: (out): set
 * @weights: which must outlive it
 * @error: %G_IO_ERROR_INVALID_DATA
 *
 * Reads the sizes off the shapes of the weights.
 *
 * Returns: whether these are all the weights of such a network, and no others
 */
gboolean
hl_unet_init (HlUnet *net, const HlWeights *weights, GError **error)
{
  *net = (HlUnet) { 0 };
  if (read_sizes (net, weights) && find_all (net, weights))
    return TRUE;
  hl_weights_set_foreign (weights, error);
  return FALSE;
}

/**
 * hl_unet_get_margin:
 * @net: a network
 *
 * Each 3x3 layer sees one pixel of its scale further, which are 2, 4 or 8 of the picture; and
 * the squares of three halvings begin up to 7 pixels before the pixel that they hold.
 *
 * Returns: how many pixels away from a pixel of the picture the result there depends on it
 */
int
hl_unet_get_margin (const HlUnet *net)
{
  const HlUnetScale *scale = net->scale;
  int                fine  = 2 + 2 * 2 * scale[0].blocks; /* head and tail, two ways */

  return 2 * fine + 4 * (2 * 2 * scale[1].blocks) + 8 * (2 * scale[2].blocks) + HL_UNET_UNIT - 1;
}

/**
 * hl_unet_get_scale:
 * @stage: 0 to %HL_UNET_STAGES - 1
 *
 * Returns: the scale that the stage works at
 */
int
hl_unet_get_scale (int stage)
{
  return stages[stage].scale;
}

static gsize
layer_lay_out (const HlUnet *net, HlUnetLayer *layer, int in, int out, const HlUnetScale *scale,
               HlArena *arena)
{
  hl_conv_init (&layer->conv, in, out, 3, 1, scale->height, scale->width);
  layer->conv.border = HL_BORDER_ZERO;
  layer->conv.frozen = !net->learns;
  layer->conv.tiled  = net->tiled;
  hl_conv_lay_out (&layer->conv, arena);
  return net->tiled ? hl_conv_active_get_scratch (in) : hl_conv_get_scratch (&layer->conv);
}

/* What planes of a scale take. */
static gsize
get_floats (const HlUnet *net, const HlUnetScale *scale, int channels)
{
  return net->tiled ? hl_active_get_floats (channels, scale->height, scale->width)
                    : (gsize) channels * scale->height * scale->width;
}

/**
 * hl_unet_lay_out:
 * @net: a network
 * @height: H, rows of the picture, a multiple of %HL_UNET_UNIT
 * @width: W, columns, likewise
 * @arena: where its buffers come from
 *
 * Returns: floats of scratch memory that each thread needs
 */
gsize
hl_unet_lay_out (HlUnet *net, int height, int width, HlArena *arena)
{
  HlUnetScale *fine    = &net->scale[0];
  gsize        scratch = 0, pixels, packed;
  int          most = 0, turn[HL_UNET_SCALES] = { 0 };

  for (int s = 0; s < HL_UNET_SCALES; s++)
    {
      HlUnetScale *scale = &net->scale[s];

      scale->height = height >> (s + 1);
      scale->width  = width >> (s + 1);
      scale->b[0]   = hl_arena_take (arena, get_floats (net, scale, scale->channels));
      scale->b[1]   = hl_arena_take (arena, get_floats (net, scale, scale->channels));
      scale->inner  = hl_arena_take (arena, get_floats (net, scale, scale->channels));
      most          = MAX (most, scale->channels);
      if (s == 0)
        continue;
      if (!net->tiled)
        {
          scratch = MAX (scratch,
                         hl_shuffle_get_scratch (scale[-1].channels, scale->height, scale->width));
          continue;
        }
      scratch = MAX (scratch, hl_shuffle_active_get_scratch (scale[-1].channels));
      packed  = hl_shuffle_active_get_packed (scale[-1].channels, scale->channels);
      net->shrink_packed[s - 1]  = hl_arena_take (arena, packed);
      net->enlarge_packed[s - 1] = hl_arena_take (arena, packed);
    }
  for (int stage = 0; stage < HL_UNET_STAGES; stage++)
    {
      const HlUnetScale *scale = &net->scale[stages[stage].scale];
      gsize              size  = (gsize) scale->channels * scale->height * scale->width;

      for (int i = 0; i < scale->blocks; i++)
        {
          float *next = scale->b[turn[stages[stage].scale] ^= 1];

          net->y[stage][i]     = net->learns ? hl_arena_take (arena, size) : next;
          net->inner[stage][i] = net->learns ? hl_arena_take (arena, size) : scale->inner;
        }
      for (int i = 0; i < 2 * scale->blocks; i++)
        scratch = MAX (scratch, layer_lay_out (net, &net->block[stage][i / 2][i % 2],
                                               scale->channels, scale->channels, scale, arena));
    }
  scratch = MAX (
      scratch, layer_lay_out (net, &net->head, HL_UNET_INPUT_PLANES, fine->channels, fine, arena));
  scratch = MAX (
      scratch, layer_lay_out (net, &net->tail, fine->channels, HL_UNET_NOISE_PLANES, fine, arena));
  pixels      = (gsize) fine->height * fine->width;
  net->planes = hl_arena_take (arena, get_floats (net, fine, HL_UNET_INPUT_PLANES));
  net->noise  = net->learns ? hl_arena_take (arena, HL_UNET_NOISE_PLANES * pixels) : net->planes;
  net->head_y = hl_arena_take (arena, get_floats (net, fine, fine->channels));
  net->ones   = hl_arena_take (arena, most);
  net->zeros  = hl_arena_take (arena, most);
  for (int i = 0; arena->base && i < most; i++)
    net->ones[i] = 1;
  return scratch;
}

static void
pack_job (int job, int thread, gpointer data)
{
  HlUnet      *net   = data;
  int          stage = job / (2 * HL_UNET_MAX_BLOCKS), i = job % (2 * HL_UNET_MAX_BLOCKS);
  HlUnetLayer *layer = stage < HL_UNET_STAGES ? &net->block[stage][i / 2][i % 2]
                       : i == 0               ? &net->head
                                              : &net->tail;

  if (layer->w && net->tiled)
    hl_conv_active_pack (&layer->conv, layer->w);
  else if (layer->w)
    hl_conv_pack (&layer->conv, layer->w);
}

/**
 * hl_unet_pack:
 * @net: a network, laid out
 * @engine: what runs it
 *
 * Brings the weights into the order in which the inner loops read them.
 */
void
hl_unet_pack (HlUnet *net, const HlEngine *engine)
{
  for (int s = 0; net->tiled && s + 1 < HL_UNET_SCALES; s++)
    {
      int fine = net->scale[s].channels, coarse = net->scale[s + 1].channels;

      hl_shuffle_active_pack_down (net->shrink[s], fine, coarse, net->shrink_packed[s]);
      hl_shuffle_active_pack_up (net->enlarge[s], coarse, fine, net->enlarge_packed[s]);
    }
  hl_pool_run (engine->pool, HL_UNET_STAGES * 2 * HL_UNET_MAX_BLOCKS + 2, pack_job, net);
}

/**
 * hl_unet_activate:
 * @net: a network that is run tile by tile, laid out
 * @active: a map for each scale, of which the first is set, after hl_active_begin()
 *
 * Has the network run in part.  All that is computed lies within tiles that have a marked one of
 * the first map below them.
 */
void
hl_unet_activate (HlUnet *net, HlActive **active)
{
  net->active = active;
  for (int s = 0; s < HL_UNET_SCALES; s++)
    {
      if (s > 0)
        {
          hl_active_begin (active[s]);
          hl_active_coarsen (active[s], active[s - 1]);
        }
      hl_active_end (active[s]);
    }
}

static void
layer_forward (const HlUnetLayer *layer, const HlEngine *engine, const HlSource *x, float *y)
{
  hl_conv_forward (&layer->conv, engine, x, layer->w, NULL, NULL, y);
}

static void
layer_active (const HlUnet *net, const HlUnetLayer *layer, const HlEngine *engine, int s,
              const float *x, const HlConvFinish *finish, float *y)
{
  HlActiveSource source = { x, net->load, net->load_data };

  hl_conv_active_forward (&layer->conv, engine, net->active[s], &source, finish, y);
}

typedef struct
{
  const HlKernels *kernels;
  const float     *x;
  float           *y;
  gsize            pixels;
} Sum;

static void
add_job (int job, int thread, gpointer data)
{
  const Sum *sum = data;

  sum->kernels->add (sum->y + job * sum->pixels, sum->x + job * sum->pixels, sum->pixels);
}

/* A block that is run tile by tile: what is read through an activation is stored behind it, and the
 * last one's result with what the first layer has left. */
static void
run_tiled_block (HlUnet *net, const HlEngine *engine, int stage, int i, const float *x, float *y)
{
  int          s         = stages[stage].scale;
  gboolean     is_last   = stage == HL_UNET_DEC0 && i == net->scale[s].blocks - 1;
  HlConvFinish rectified = { .rectified = TRUE };
  HlConvFinish added     = { .plus = { x, is_last ? net->head_y : NULL } };

  layer_active (net, &net->block[stage][i][0], engine, s, x, &rectified, net->inner[stage][i]);
  layer_active (net, &net->block[stage][i][1], engine, s, net->inner[stage][i], &added, y);
}

/* Returns where the last block has left its result. */
static float *
run_stage (HlUnet *net, const HlEngine *engine, int stage, const float *x)
{
  int                s      = stages[stage].scale;
  const HlUnetScale *scale  = &net->scale[s];
  gsize              pixels = (gsize) scale->height * scale->width;
  float             *y      = NULL;

  for (int i = 0; i < scale->blocks; i++, x = y)
    {
      HlSource outer = { .x = x };
      HlSource inner = { .x = net->inner[stage][i], .scale = net->ones, .shift = net->zeros };
      Sum      sum   = { .kernels = engine->kernels, .x = x, .pixels = pixels };

      y     = net->y[stage][i];
      sum.y = y;
      if (net->tiled)
        {
          run_tiled_block (net, engine, stage, i, x, y);
          continue;
        }
      layer_forward (&net->block[stage][i][0], engine, &outer, net->inner[stage][i]);
      layer_forward (&net->block[stage][i][1], engine, &inner, y);
      hl_pool_run (engine->pool, scale->channels, add_job, &sum);
    }
  return y;
}

static void
shrink (const HlUnet *net, const HlEngine *engine, int s, const float *x, float *y)
{
  const HlUnetScale *fine = &net->scale[s], *coarse = &net->scale[s + 1];

  if (net->tiled)
    hl_shuffle_active_down (engine, net->active[s], net->active[s + 1], net->shrink_packed[s],
                            fine->channels, coarse->channels, x, y);
  else
    hl_shuffle_down (engine, net->shrink[s], fine->channels, coarse->channels, coarse->height,
                     coarse->width, x, y);
}

static void
enlarge (const HlUnet *net, const HlEngine *engine, int s, float times, const float *x, float *y)
{
  const HlUnetScale *fine = &net->scale[s], *coarse = &net->scale[s + 1];

  if (net->tiled)
    hl_shuffle_active_up (engine, net->active[s + 1], net->active[s], times, net->enlarge_packed[s],
                          coarse->channels, fine->channels, x, y);
  else
    hl_shuffle_up (engine, times, net->enlarge[s], coarse->channels, fine->channels, coarse->height,
                   coarse->width, x, y);
}

/**
 * hl_unet_get_last_source:
 * @net: a network
 * @fine: (C, H, W) of scale 0, row-major: what the last stage has left
 *
 * Returns: what the last layer reads: the sum of @fine and of what the first layer has left
 */
HlSource
hl_unet_get_last_source (const HlUnet *net, const float *fine)
{
  /* What a gradient is formed by (tile.h) also forms a sum: 1 d + 0 + 1 x. */
  return (HlSource) { .x     = fine,
                      .scale = net->ones,
                      .shift = net->zeros,
                      .slope = 1,
                      .d     = net->head_y,
                      .k     = net->ones,
                      .a     = net->zeros,
                      .b     = net->ones };
}

/* The coarser scales, from what enc0 made. Returns where dec1 has left its result, which stays
 * there until they are run again. */
static const float *
run_coarse (HlUnet *net, const HlEngine *engine, const float *fine)
{
  HlUnetScale *scale = net->scale;
  float       *middle, *coarse;

  shrink (net, engine, 0, fine, scale[1].b[0]);
  middle = run_stage (net, engine, HL_UNET_ENC1, scale[1].b[0]);
  shrink (net, engine, 1, middle, scale[2].b[0]);
  coarse = run_stage (net, engine, HL_UNET_MID, scale[2].b[0]);
  enlarge (net, engine, 1, 1, coarse, middle);
  return run_stage (net, engine, HL_UNET_DEC1, middle);
}

/**
 * hl_unet_forward:
 * @net: a network, its weights packed
 * @engine: what runs it
 *
 * Reads 16 planes in net->planes: channel 4 c + 2 i + j holds of colour c the pixels of odd or
 * even rows (i) and columns (j), the last four those of the standard deviation of the noise.
 * Writes 12 planes to net->noise in the same order.  Where it is run tile by tile, it asks
 * net->load for what it reads, and writes the active tiles of the planes, see #HlActive.
 */
void
hl_unet_forward (HlUnet *net, const HlEngine *engine)
{
  HlSource     input = { .x = net->planes }, last;
  float       *fine;
  const float *middle;

  if (net->tiled)
    layer_active (net, &net->head, engine, 0, NULL, NULL, net->head_y);
  else
    layer_forward (&net->head, engine, &input, net->head_y);
  fine   = run_stage (net, engine, HL_UNET_ENC0, net->head_y);
  middle = net->reuse > 0 ? net->y[HL_UNET_DEC1][net->scale[1].blocks - 1]
                          : run_coarse (net, engine, fine);
  enlarge (net, engine, 0, net->reuse > 0 ? net->reuse : 1, middle, fine);
  fine = run_stage (net, engine, HL_UNET_DEC0, fine);
  last = hl_unet_get_last_source (net, fine);
  if (net->tiled)
    layer_active (net, &net->tail, engine, 0, fine, NULL, net->noise);
  else
    layer_forward (&net->tail, engine, &last, net->noise);
}

/**
 * hl_unet_get_operations:
 * @net: a network, laid out
 *
 * Returns: multiplications and additions of the convolutions, done directly
 */
double
hl_unet_get_operations (const HlUnet *net)
{
  double sum = hl_conv_get_operations (&net->head.conv) + hl_conv_get_operations (&net->tail.conv);

  for (int stage = 0; stage < HL_UNET_STAGES; stage++)
    sum += 2.0 * net->scale[stages[stage].scale].blocks
           * hl_conv_get_operations (&net->block[stage][0][0].conv);
  for (int s = 0; s + 1 < HL_UNET_SCALES; s++)
    sum += 2 * 2.0 * net->scale[s].channels * net->scale[s + 1].channels * net->scale[s].height
           * net->scale[s].width;
  return sum;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradient of the denoiser's network by the weights of its 3x3 layers.
 *
 * The way back through unet.c.  A residual block y = x + B relu (A x) with d the gradient by y
 * has, with e = B' d and z = A x,
 *
 *   d_B = relu (z) * d      d_A = x * (relu' (z) e)      d_x = d + A' (relu' (z) e),
 *
 * * being the correlation that conv_gradient.c computes; relu' (z) e is formed while it is read
 * (tile.h).  The 2x2 layers between the scales are each other's transposes (shuffle.c) and keep
 * their weights, so that the planes that they read, which the way down shares with the way up,
 * need not be kept. */
#include "nn/unet_gradient.h"

#include <string.h>

#include "nn/shuffle.h"

/**
 * hl_unet_gradient_lay_out:
 * @gradient: (out): its buffers
 * @net: a network that learns, laid out
 * @arena: where they come from
 */
void
hl_unet_gradient_lay_out (HlUnetGradient *gradient, const HlUnet *net, HlArena *arena)
{
  for (int s = 0; s < HL_UNET_SCALES; s++)
    {
      const HlUnetScale *scale = &net->scale[s];
      gsize              size  = (gsize) scale->channels * scale->height * scale->width;

      gradient->d[s]       = hl_arena_take (arena, size);
      gradient->d_inner[s] = hl_arena_take (arena, size);
      if (s == 0)
        gradient->d_head = hl_arena_take (arena, size);
    }
  gradient->d_noise = hl_arena_take (arena, (gsize) HL_UNET_NOISE_PLANES * net->scale->height
                                                * net->scale->width);
}

/* What a pass has at hand. */
typedef struct
{
  const HlUnet         *net;
  const HlUnetGradient *gradient;
  const HlEngine       *engine;
  const float          *weights;
  float                *d_weights;
} Pass;

static void
layer_backward (const Pass *pass, const HlUnetLayer *layer, const HlSource *x, const HlSource *d_y)
{
  hl_conv_backward_weights (&layer->conv, pass->engine, x, d_y,
                            pass->d_weights + (layer->w - pass->weights));
}

/* gradient->d at the stage's scale becomes the gradient by what the stage reads, which is @x. */
static void
stage_backward (const Pass *pass, int stage, const float *x)
{
  const HlUnet *net     = pass->net;
  int           s       = hl_unet_get_scale (stage);
  float        *d       = pass->gradient->d[s];
  float        *d_inner = pass->gradient->d_inner[s];
  HlSource      outer   = { .x = d };

  for (int i = net->scale[s].blocks - 1; i >= 0; i--)
    {
      const HlUnetLayer *a = &net->block[stage][i][0], *b = &net->block[stage][i][1];
      HlSource           read = { .x = i > 0 ? net->y[stage][i - 1] : x };
      HlSource inner = { .x = net->inner[stage][i], .scale = net->ones, .shift = net->zeros };
      HlSource back  = inner;

      back.d = d_inner;
      back.k = net->ones;
      back.a = back.b = net->zeros;
      layer_backward (pass, b, &inner, &outer);
      hl_conv_backward_data (&b->conv, pass->engine, &outer, b->w, FALSE, d_inner);
      layer_backward (pass, a, &read, &back);
      hl_conv_backward_data (&a->conv, pass->engine, &back, a->w, TRUE, d);
    }
}

/**
 * hl_unet_backward:
 * @net: a network that learns, after hl_unet_forward(); its weights lie within @weights
 * @gradient: its d_noise set
 * @engine: what runs it
 * @weights: where the numbers of the weights begin (hl_weights_get_values())
 * @d_weights: as @weights, the gradient by them; overwritten for the 3x3 layers, left as it is
 *   for the others
 */
void
hl_unet_backward (const HlUnet *net, const HlUnetGradient *gradient, const HlEngine *engine,
                  const float *weights, float *d_weights)
{
  Pass               pass  = { net, gradient, engine, weights, d_weights };
  const HlUnetScale *scale = net->scale;
  HlSource           d_out = { .x = gradient->d_noise }, d_head = { .x = gradient->d[0] };
  HlSource           input = { .x = net->planes }, last;
  gsize              size  = (gsize) scale[0].channels * scale[0].height * scale[0].width;
  int                end0 = scale[0].blocks - 1, end1 = scale[1].blocks - 1;

  last = hl_unet_get_last_source (net, net->y[HL_UNET_DEC0][end0]);
  layer_backward (&pass, &net->tail, &last, &d_out);
  hl_conv_backward_data (&net->tail.conv, engine, &d_out, net->tail.w, FALSE, gradient->d[0]);
  memcpy (gradient->d_head, gradient->d[0], size * sizeof (float));

  /* The skips: a gradient goes on to the way down and, through the scale below, comes back. */
  stage_backward (&pass, HL_UNET_DEC0, net->y[HL_UNET_ENC0][end0]);
  hl_shuffle_down (engine, net->enlarge[0], scale[0].channels, scale[1].channels, scale[1].height,
                   scale[1].width, gradient->d[0], gradient->d[1]);
  stage_backward (&pass, HL_UNET_DEC1, net->y[HL_UNET_ENC1][end1]);
  hl_shuffle_down (engine, net->enlarge[1], scale[1].channels, scale[2].channels, scale[2].height,
                   scale[2].width, gradient->d[1], gradient->d[2]);
  stage_backward (&pass, HL_UNET_MID, scale[2].b[0]);
  hl_shuffle_up (engine, 1, net->shrink[1], scale[2].channels, scale[1].channels, scale[2].height,
                 scale[2].width, gradient->d[2], gradient->d[1]);
  stage_backward (&pass, HL_UNET_ENC1, scale[1].b[0]);
  hl_shuffle_up (engine, 1, net->shrink[0], scale[1].channels, scale[0].channels, scale[1].height,
                 scale[1].width, gradient->d[1], gradient->d[0]);
  stage_backward (&pass, HL_UNET_ENC0, net->head_y);
  for (gsize i = 0; i < size; i++)
    gradient->d[0][i] += gradient->d_head[i];
  layer_backward (&pass, &net->head, &input, &d_head);
}

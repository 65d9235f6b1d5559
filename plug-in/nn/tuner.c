/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned denoiser, fitted to one photograph.
 *
 * The weights that were learnt from drawn pictures know edges and little texture.  So they are
 * taken as a beginning and go on learning from the photograph itself: from a piece of it in which
 * something is off, they learn to bring that back to what it was, by the mean absolute error over
 * the pixels that count.  Adapting a trained denoiser to the picture at hand is from Vaksman, Elad
 * and Milanfar, "LIDIA" (CVPR Workshops 2020).  An exponential average of the weights is what
 * counts, which may be asked for at any time. */
#include "nn/tuner.h"

#include <math.h>
#include <string.h>

#include "nn/adam.h"
#include "nn/unet_gradient.h"

#define AVERAGE 0.95
#define WARM_UP 10 /* steps in which the rate grows to what is asked for */

struct _HlTuner
{
  HlWeights     *weights, *mean;
  HlUnet         unet;
  HlUnetGradient gradient;
  HlEngine       engine;
  HlArena        arena;
  HlAdam         adam;
  guint          step;
  gsize          n;
  float         *gradients, *m, *v, *off;
};

void openblas_set_num_threads (int threads);

static void
lay_out (HlTuner *tuner, int height, int width)
{
  HlArena *arena   = &tuner->arena;
  gsize    scratch = hl_unet_lay_out (&tuner->unet, height, width, arena);

  hl_unet_gradient_lay_out (&tuner->gradient, &tuner->unet, arena);
  tuner->gradients           = hl_arena_take (arena, tuner->n);
  tuner->m                   = hl_arena_take (arena, tuner->n);
  tuner->v                   = hl_arena_take (arena, tuner->n);
  tuner->off                 = hl_arena_take (arena, (gsize) HL_UNET_COLOURS * height * width);
  tuner->engine.scratch_size = (scratch + 15) / 16 * 16;
  tuner->engine.scratch      = hl_arena_take (arena, tuner->engine.scratch_size
                                                         * hl_pool_get_threads (tuner->engine.pool));
}

/**
 * hl_tuner_new:
 * @weights: to begin with
 * @pool: threads, which must outlive the tuner
 * @height: H, rows of the pieces to come, a multiple of %HL_UNET_UNIT
 * @width: W, columns, likewise
 * @memory_limit: bytes that it may take, or 0
 * @error: %G_IO_ERROR_INVALID_DATA when these are the weights of another network,
 *   %G_IO_ERROR_NO_SPACE
 *
 * Returns: (transfer full): a tuner that has not learnt anything yet
 */
HlTuner *
hl_tuner_new (const HlWeights *weights, HlPool *pool, int height, int width, guint64 memory_limit,
              GError **error)
{
  g_autoptr (HlTuner) tuner = g_try_new0 (HlTuner, 1);

  if (!tuner)
    {
      hl_arena_set_error (height, width, error);
      return NULL;
    }
  tuner->engine  = (HlEngine) { .pool = pool, .kernels = hl_kernels_get () };
  tuner->weights = hl_weights_copy (weights, error);
  tuner->mean    = tuner->weights ? hl_weights_copy (weights, error) : NULL;
  if (!tuner->mean || !hl_unet_init (&tuner->unet, tuner->weights, error))
    return NULL;
  tuner->unet.learns = TRUE;
  hl_weights_get_values (tuner->weights, &tuner->n);
  hl_adam_init (&tuner->adam, 0);
  /* Half a hundred steps are too few for the paper's slower mean. */
  tuner->adam.beta2 = 0.99f;
  lay_out (tuner, height, width);
  if (!hl_arena_allocate (&tuner->arena, memory_limit, error))
    return NULL;
  lay_out (tuner, height, width);
  /* The threads are ours; each calls BLAS on its own. */
  openblas_set_num_threads (1);
  return g_steal_pointer (&tuner);
}

/**
 * hl_tuner_free:
 * @tuner: a tuner
 */
void
hl_tuner_free (HlTuner *tuner)
{
  g_clear_pointer (&tuner->weights, hl_weights_free);
  g_clear_pointer (&tuner->mean, hl_weights_free);
  hl_arena_clear (&tuner->arena);
  g_free (tuner);
}

/**
 * hl_tuner_get_memory:
 * @tuner: a tuner
 *
 * Returns: bytes that it takes, all of them from the start
 */
guint64
hl_tuner_get_memory (const HlTuner *tuner)
{
  return (tuner->arena.size + 2 * tuner->n) * sizeof (float);
}

/**
 * hl_tuner_get_weights:
 * @tuner: a tuner
 *
 * Returns: (transfer none): the average of the weights so far; they change with each step
 */
const HlWeights *
hl_tuner_get_weights (const HlTuner *tuner)
{
  return tuner->mean;
}

/* Where pixel (y, x) of colour c lies among the network's planes. */
static gsize
locate (const HlUnet *net, int c, int y, int x)
{
  const HlUnetScale *fine = net->scale;

  return ((gsize) (4 * c + 2 * (y % 2) + x % 2) * fine->height + y / 2) * fine->width + x / 2;
}

/* The piece and how far it is off; a gray one is three equal planes. */
static void
read_piece (HlTuner *tuner, const float *x, const float *truth, int channels, float sigma)
{
  const HlUnet *net = &tuner->unet;
  int           H = 2 * net->scale->height, W = 2 * net->scale->width;
  gsize         pixels = (gsize) H * W;
  float        *level  = net->planes + HL_UNET_COLOURS * pixels;

  for (gsize i = 0; i < channels * pixels; i++)
    tuner->off[i] = x[i] - truth[i];
  for (int c = 0; c < HL_UNET_COLOURS; c++)
    for (gsize i = 0; i < pixels; i++)
      net->planes[locate (net, c, i / W, i % W)] = x[(channels == 1 ? 0 : c) * pixels + i];
  for (gsize i = 0; i < pixels; i++)
    level[i] = sigma;
}

/* The loss, and its gradient by what the network takes for the noise. */
static double
compare (HlTuner *tuner, int channels, const float *counts)
{
  const HlUnet *net = &tuner->unet;
  int           H = 2 * net->scale->height, W = 2 * net->scale->width;
  gsize         pixels = (gsize) H * W;
  double        sum = 0, all = 0;

  for (gsize i = 0; i < pixels; i++)
    all += counts[i];
  all = MAX (HL_UNET_COLOURS * all, 1e-3);
  for (int c = 0; c < HL_UNET_COLOURS; c++)
    for (gsize i = 0; i < pixels; i++)
      {
        gsize at   = locate (net, c, i / W, i % W);
        float more = net->noise[at] - tuner->off[(channels == 1 ? 0 : c) * pixels + i];

        sum += counts[i] * fabsf (more);
        tuner->gradient.d_noise[at] = copysignf (counts[i] / all, more);
      }
  return sum / all;
}

static void
average (HlTuner *tuner)
{
  gsize  n;
  float *mean   = hl_weights_get_values (tuner->mean, &n);
  float *w      = hl_weights_get_values (tuner->weights, &n);
  float  weight = MAX (1 - AVERAGE, 1.0 / (tuner->step + 1));

  for (gsize i = 0; i < n; i++)
    mean[i] += weight * (w[i] - mean[i]);
}

/**
 * hl_tuner_step:
 * @tuner: a tuner
 * @x: (channels, H, W), a piece of the photograph in which something is off, 0..1, finite
 * @truth: (channels, H, W), what it should be, finite
 * @channels: 1 or 3
 * @counts: (H, W), how much each pixel counts, 0 or more
 * @sigma: what the network is told of how far @x is off, 0..1 of white
 * @rate: of Adam
 *
 * Learns from one piece.
 *
 * Returns: mean absolute error over the pixels that count before the step, of white
 */
double
hl_tuner_step (HlTuner *tuner, const float *x, const float *truth, int channels,
               const float *counts, float sigma, float rate)
{
  gsize  n;
  float *w = hl_weights_get_values (tuner->weights, &n);
  double loss;

  read_piece (tuner, x, truth, channels, sigma);
  hl_unet_pack (&tuner->unet, &tuner->engine);
  hl_unet_forward (&tuner->unet, &tuner->engine);
  loss = compare (tuner, channels, counts);
  hl_unet_backward (&tuner->unet, &tuner->gradient, &tuner->engine, w, tuner->gradients);
  tuner->adam.rate = rate * MIN (1, (tuner->step + 1.0f) / WARM_UP);
  hl_adam_step (&tuner->adam, &tuner->engine, n, w, tuner->gradients, tuner->m, tuner->v);
  tuner->step++;
  average (tuner);
  return loss;
}

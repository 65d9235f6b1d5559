/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep image prior's network: an encoder-decoder with skip connections.
 *
 * Ulyanov, Vedaldi and Lempitsky, "Deep Image Prior" (IJCV 2020), figure 21.  Each scale
 * reads x and
 *
 *   skip  = unit 1x1 (x)
 *   deep  = unit (unit, stride 2 (x)), through the next scale, enlarged by two
 *   out   = unit 1x1 (unit (norm (skip, deep)))
 *
 * where a unit is convolution, batch norm and LeakyReLU.  The convolutions have no bias,
 * which the normalisation would take out again.  After the first scale a 1x1 convolution
 * with bias and a sigmoid make the picture.
 *
 * Of each unit only the convolution's result is stored; activations and gradients are
 * formed while the next layer reads (norm.c, tile.c). */
#include "nn/hourglass.h"

#include <math.h>
#include <string.h>

#include "nn/adam.h"
#include "nn/conv.h"
#include "nn/loss.h"
#include "nn/norm.h"

/* Of a picture: far beyond any memory, and within int. */
#define MOST_PIXELS (G_MAXINT / 8)

typedef struct
{
  HlConv conv;
  HlNorm norm;
  gsize  w, gamma, beta; /* where they begin among the parameters */
  float *y;
} Unit;

typedef struct
{
  int    height, width, skip_channels, deep_channels;
  Unit   skip, down, deeper, up, mix;
  HlNorm norm; /* of skip and deep, concatenated */
  gsize  gamma, beta;
  float *joined, *moments;
  float *d_deep, *d_deeper;
} Scale;

struct _HlHourglass
{
  HlHourglassConfig config;
  HlEngine          engine;
  HlArena           arena;
  HlAdam            adam;
  guint32           seed;
  int               height, width;
  Scale             scale[HL_MAX_SCALES];
  HlConv            last;
  gsize             last_w, last_bias;
  gsize             size;
  float            *parameters, *gradients, *m, *v, *saved;
  float            *input, *y, *out, *d_y, *d_top;
  float            *d_up, *d_joined, *d_down; /* one at a time, shared by all scales */
  double           *loss_sums;
};

void openblas_set_num_threads (int threads);

/**
 * hl_hourglass_config_init:
 * @config: (out): set
 * @name: "tiny", "small" or "paper"
 * @out_channels: 1 or 3
 *
 * Three networks of five scales: tiny and small are for processors, paper is the one that
 * the paper denoises and inpaints with.  Each pixel of the picture takes 1000, 1250 and 4900
 * bytes at most, beside some ten megabytes for the weights.
 *
 * Returns: whether there is such a network
 */
gboolean
hl_hourglass_config_init (HlHourglassConfig *config, const char *name, int out_channels)
{
  static const struct
  {
    const char *name;
    int         width[5], in_channels;
  } known[] = {
    { "tiny", { 16, 32, 32, 64, 64 }, 8 },
    { "small", { 16, 32, 64, 128, 128 }, 32 },
    { "paper", { 128, 128, 128, 128, 128 }, 32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].name, name))
      {
        *config = (HlHourglassConfig) { .scales       = 5,
                                        .kernel_down  = 3,
                                        .kernel_up    = 3,
                                        .in_channels  = known[i].in_channels,
                                        .out_channels = out_channels,
                                        .upsample     = HL_UPSAMPLE_BILINEAR,
                                        .pointwise    = TRUE,
                                        .slope        = 0.2f };
        for (int s = 0; s < 5; s++)
          {
            config->width[s] = known[i].width[s];
            config->skip[s]  = 4;
          }
        return TRUE;
      }
  return FALSE;
}

static gsize
reserve (HlHourglass *net, gsize floats)
{
  gsize at = net->size;

  net->size += floats;
  return at;
}

static void
unit_lay_out (HlHourglass *net, Unit *unit, int in, int out, int kernel, int stride, int height,
              int width)
{
  HlConv *conv = &unit->conv;

  hl_conv_init (conv, in, out, kernel, stride, height, width);
  hl_conv_lay_out (conv, &net->arena);
  hl_norm_lay_out (&unit->norm, out, conv->out_height * conv->out_width, &net->arena);
  unit->w     = reserve (net, (gsize) in * out * kernel * kernel);
  unit->gamma = reserve (net, out);
  unit->beta  = reserve (net, out);
  unit->y     = hl_arena_take (&net->arena, (gsize) out * conv->out_height * conv->out_width);
  net->engine.scratch_size = MAX (net->engine.scratch_size, hl_conv_get_scratch (conv));
}

/* Lays out all buffers; the first time only to learn how much there is. */
static void
lay_out (HlHourglass *net)
{
  const HlHourglassConfig *config = &net->config;
  gsize                    pixels = (gsize) net->height * net->width;
  gsize                    d_up = 0, d_joined = 0, d_down = 0;
  int                      h = net->height, w = net->width, in = config->in_channels;

  net->size                = 0;
  net->engine.scratch_size = 6 * (gsize) w + 16;
  for (int s = 0; s < config->scales; s++)
    {
      Scale *scale  = &net->scale[s];
      int    width  = config->width[s];
      int    deep   = s + 1 < config->scales ? config->width[s + 1] : width;
      int    joined = config->skip[s] + deep;

      *scale = (Scale) {
        .height = h, .width = w, .skip_channels = config->skip[s], .deep_channels = deep
      };
      if (config->skip[s])
        unit_lay_out (net, &scale->skip, in, config->skip[s], 1, 1, h, w);
      unit_lay_out (net, &scale->down, in, width, config->kernel_down, 2, h, w);
      unit_lay_out (net, &scale->deeper, width, width, config->kernel_down, 1, (h + 1) / 2,
                    (w + 1) / 2);
      hl_norm_lay_out (&scale->norm, joined, h * w, &net->arena);
      scale->gamma  = reserve (net, joined);
      scale->beta   = reserve (net, joined);
      scale->joined = hl_arena_take (&net->arena, (gsize) joined * h * w);
      scale->moments
          = hl_arena_take (&net->arena, (gsize) joined * hl_norm_get_parts (&scale->norm) * 2);
      unit_lay_out (net, &scale->up, joined, width, config->kernel_up, 1, h, w);
      if (config->pointwise)
        unit_lay_out (net, &scale->mix, width, width, 1, 1, h, w);
      d_up            = MAX (d_up, (gsize) width * h * w);
      d_joined        = MAX (d_joined, (gsize) joined * h * w);
      in              = width;
      h               = (h + 1) / 2;
      w               = (w + 1) / 2;
      d_down          = MAX (d_down, (gsize) width * h * w);
      scale->d_deep   = hl_arena_take (&net->arena, (gsize) deep * h * w);
      scale->d_deeper = s + 1 < config->scales ? hl_arena_take (&net->arena, (gsize) width * h * w)
                                               : scale->d_deep;
    }
  hl_conv_init (&net->last, config->width[0], config->out_channels, 1, 1, net->height, net->width);
  hl_conv_lay_out (&net->last, &net->arena);
  net->engine.scratch_size = MAX (net->engine.scratch_size, hl_conv_get_scratch (&net->last));
  net->last_w              = reserve (net, (gsize) config->width[0] * config->out_channels);
  net->last_bias           = reserve (net, config->out_channels);

  net->parameters          = hl_arena_take (&net->arena, net->size);
  net->gradients           = hl_arena_take (&net->arena, net->size);
  net->m                   = hl_arena_take (&net->arena, net->size);
  net->v                   = hl_arena_take (&net->arena, net->size);
  net->saved               = hl_arena_take (&net->arena, net->size);
  net->input               = hl_arena_take (&net->arena, pixels * config->in_channels);
  net->y                   = hl_arena_take (&net->arena, pixels * config->out_channels);
  net->out                 = hl_arena_take (&net->arena, pixels * config->out_channels);
  net->d_y                 = hl_arena_take (&net->arena, pixels * config->out_channels);
  net->d_top               = hl_arena_take (&net->arena, pixels * config->width[0]);
  net->d_up                = hl_arena_take (&net->arena, d_up);
  net->d_joined            = hl_arena_take (&net->arena, d_joined);
  net->d_down              = hl_arena_take (&net->arena, d_down);
  net->loss_sums           = (double *) hl_arena_take (&net->arena, 2 * (gsize) config->out_channels
                                                                        * hl_loss_get_parts (pixels));
  net->engine.scratch_size = (net->engine.scratch_size + 15) / 16 * 16;
  net->engine.scratch      = hl_arena_take (&net->arena, net->engine.scratch_size
                                                             * hl_pool_get_threads (net->engine.pool));
}

static void
fill (float *w, gsize n, float value)
{
  for (gsize i = 0; i < n; i++)
    w[i] = value;
}

/* PyTorch's initialisation of a convolution: uniform within 1 / sqrt (fan in). */
static void
draw (float *w, gsize n, int fan_in, GRand *random)
{
  double bound = 1 / sqrt (fan_in);

  for (gsize i = 0; i < n; i++)
    w[i] = g_rand_double_range (random, -bound, bound);
}

static void
draw_unit (HlHourglass *net, const Unit *unit, GRand *random)
{
  int fan_in = unit->conv.in_channels * unit->conv.kernel * unit->conv.kernel;

  if (!unit->conv.out_channels)
    return;
  draw (net->parameters + unit->w, (gsize) fan_in * unit->conv.out_channels, fan_in, random);
  fill (net->parameters + unit->gamma, unit->conv.out_channels, 1);
}

static void
draw_parameters (HlHourglass *net)
{
  GRand *random = g_rand_new_with_seed (net->seed);

  for (int s = 0; s < net->config.scales; s++)
    {
      Scale *scale = &net->scale[s];

      draw_unit (net, &scale->skip, random);
      draw_unit (net, &scale->down, random);
      draw_unit (net, &scale->deeper, random);
      fill (net->parameters + scale->gamma, scale->norm.channels, 1);
      draw_unit (net, &scale->up, random);
      draw_unit (net, &scale->mix, random);
    }
  draw (net->parameters + net->last_w, net->size - net->last_w, net->config.width[0], random);
  g_rand_free (random);
}

/**
 * hl_hourglass_new:
 * @config: the network
 * @height: H, rows of the picture, 1 or more
 * @width: W, columns of the picture, 1 or more
 * @pool: threads, which must outlive the network
 * @seed: of the weights and the input
 * @memory_limit: bytes that it may take, or 0
 * @error: %G_IO_ERROR_NO_SPACE
 *
 * Returns: (transfer full): a network with random weights and a random input
 */
HlHourglass *
hl_hourglass_new (const HlHourglassConfig *config, int height, int width, HlPool *pool,
                  guint32 seed, guint64 memory_limit, GError **error)
{
  g_autoptr (HlHourglass) net = g_new0 (HlHourglass, 1);

  net->config = *config;
  net->engine = (HlEngine) { .pool = pool, .kernels = hl_kernels_get () };
  net->seed   = seed;
  net->height = height;
  net->width  = width;
  hl_adam_init (&net->adam, 0);
  /* The layers count the pixels of a plane in int. */
  if ((gint64) height * width <= MOST_PIXELS)
    lay_out (net);
  else
    hl_arena_take (&net->arena, G_MAXSIZE);
  if (!hl_arena_allocate (&net->arena, memory_limit, error))
    return NULL;
  lay_out (net);
  draw_parameters (net);
  hl_hourglass_draw_input (net, 0, 0);
  hl_hourglass_save (net);
  /* The threads are ours; each calls BLAS on its own. */
  openblas_set_num_threads (1);
  return g_steal_pointer (&net);
}

/**
 * hl_hourglass_free:
 * @net: a network
 */
void
hl_hourglass_free (HlHourglass *net)
{
  hl_arena_clear (&net->arena);
  g_free (net);
}

/**
 * hl_hourglass_get_size:
 * @net: a network
 *
 * Returns: its number of parameters
 */
gsize
hl_hourglass_get_size (const HlHourglass *net)
{
  return net->size;
}

/**
 * hl_hourglass_get_memory:
 * @net: a network
 *
 * Returns: bytes that it takes, all of them from the start
 */
guint64
hl_hourglass_get_memory (const HlHourglass *net)
{
  return net->arena.size * sizeof (float);
}

/**
 * hl_hourglass_get_parameters:
 * @net: a network
 *
 * For each scale, the finest first: the units skip, down, deeper, each as weights (O, C, K, K),
 * gamma (O), beta (O); gamma and beta of the concatenation; the units up and mix.  Then
 * weights and bias of the last layer.
 *
 * Returns: (size), which may be changed
 */
float *
hl_hourglass_get_parameters (HlHourglass *net)
{
  return net->parameters;
}

/**
 * hl_hourglass_get_gradients:
 * @net: a network
 *
 * Returns: (size), as the parameters, from the last hl_hourglass_backward()
 */
const float *
hl_hourglass_get_gradients (const HlHourglass *net)
{
  return net->gradients;
}

/**
 * hl_hourglass_get_input:
 * @net: a network
 *
 * Returns: (in_channels, H, W), which may be changed
 */
float *
hl_hourglass_get_input (HlHourglass *net)
{
  return net->input;
}

#define UNITS 5 /* a scale */

/* The deepest, which have the most weights, first. */
static void
pack_job (int job, int thread, gpointer data)
{
  HlHourglass *net        = data;
  Scale       *scale      = &net->scale[MAX (net->config.scales - 1 - job / UNITS, 0)];
  Unit *const unit[UNITS] = { &scale->up, &scale->deeper, &scale->down, &scale->mix, &scale->skip };
  Unit       *mine        = unit[job % UNITS];

  if (job == UNITS * net->config.scales)
    hl_conv_pack (&net->last, net->parameters + net->last_w);
  else if (mine->conv.out_channels)
    hl_conv_pack (&mine->conv, net->parameters + mine->w);
}

/* Planes drawn at once by one job. */
typedef struct
{
  HlHourglass *net;
  float        noise;
  guint        iteration;
} Draw;

static void
draw_job (int job, int thread, gpointer data)
{
  const Draw  *task   = data;
  HlHourglass *net    = task->net;
  gsize        pixels = (gsize) net->height * net->width;

  net->engine.kernels->noise (net->input + job * pixels, 0.1f, net->seed * 0x9e3779b9u + job,
                              task->noise, (net->seed + task->iteration + 1) * 0x85ebca77u + job,
                              (guint32) (job * pixels), pixels);
}

/**
 * hl_hourglass_draw_input:
 * @net: a network
 * @noise: standard deviation of what is added, 0 or more
 * @iteration: picks the noise
 *
 * Sets the input to the network's own uniform noise, 0..0.1, plus normal noise that is new
 * in each iteration, which keeps the network from learning the picture by heart (IJCV
 * 2020, section 3: "noise-based regularisation").
 */
void
hl_hourglass_draw_input (HlHourglass *net, float noise, guint iteration)
{
  Draw task = { .net = net, .noise = noise, .iteration = iteration };

  hl_pool_run (net->engine.pool, net->config.in_channels, draw_job, &task);
}

/* A convolution with its normalisation; returns what the next layer reads. */
static HlSource
unit_forward (HlHourglass *net, Unit *unit, const HlSource *x)
{
  hl_conv_forward (&unit->conv, &net->engine, x, net->parameters + unit->w, NULL, unit->norm.mean,
                   unit->y);
  hl_norm_forward (&unit->norm, unit->conv.moments,
                   unit->conv.forward.down * unit->conv.forward.across,
                   net->parameters + unit->gamma, net->parameters + unit->beta);
  return hl_norm_activation (&unit->norm, unit->y, net->config.slope);
}

static HlSource
scale_forward (HlHourglass *net, int s, const HlSource *x)
{
  Scale   *scale  = &net->scale[s];
  gsize    pixels = (gsize) scale->height * scale->width;
  HlSource deep, joined, out;

  if (scale->skip_channels)
    {
      HlSource skip = unit_forward (net, &scale->skip, x);

      hl_norm_resolve (&net->engine, &skip, scale->skip_channels, pixels, scale->joined);
    }
  deep = unit_forward (net, &scale->down, x);
  deep = unit_forward (net, &scale->deeper, &deep);
  if (s + 1 < net->config.scales)
    deep = scale_forward (net, s + 1, &deep);
  hl_upsample_forward (&net->engine, net->config.upsample, &deep, scale->deep_channels,
                       (scale->height + 1) / 2, (scale->width + 1) / 2, scale->height, scale->width,
                       scale->joined + scale->skip_channels * pixels);
  hl_norm_measure (&scale->norm, &net->engine, scale->joined, scale->moments);
  hl_norm_forward (&scale->norm, scale->moments, hl_norm_get_parts (&scale->norm),
                   net->parameters + scale->gamma, net->parameters + scale->beta);
  joined = hl_norm_activation (&scale->norm, scale->joined, 1);
  out    = unit_forward (net, &scale->up, &joined);
  return net->config.pointwise ? unit_forward (net, &scale->mix, &out) : out;
}

/* What the first scale gives to the last layer, after a forward pass. */
static HlSource
top (const HlHourglass *net)
{
  const Unit *unit = net->config.pointwise ? &net->scale[0].mix : &net->scale[0].up;

  return hl_norm_activation (&unit->norm, unit->y, net->config.slope);
}

/**
 * hl_hourglass_forward:
 * @net: a network
 *
 * Returns: (out_channels, H, W), before the sigmoid
 */
const float *
hl_hourglass_forward (HlHourglass *net)
{
  HlSource x = { .x = net->input };

  hl_pool_run (net->engine.pool, UNITS * net->config.scales + 1, pack_job, net);
  x = scale_forward (net, 0, &x);
  hl_conv_forward (&net->last, &net->engine, &x, net->parameters + net->last_w,
                   net->parameters + net->last_bias, NULL, net->y);
  return net->y;
}

/* @d is the gradient by the unit's activation; that by its input goes to @d_x, if any. */
static void
unit_backward (HlHourglass *net, Unit *unit, const HlSource *x, const float *d, gboolean add,
               float *d_x)
{
  HlSource d_y = hl_norm_backward (&unit->norm, &net->engine, unit->y, d, net->config.slope,
                                   net->parameters + unit->gamma, net->gradients + unit->gamma,
                                   net->gradients + unit->beta);

  hl_conv_backward_weights (&unit->conv, &net->engine, x, &d_y, net->gradients + unit->w);
  if (d_x)
    hl_conv_backward_data (&unit->conv, &net->engine, &d_y, net->parameters + unit->w, add, d_x);
}

static void
scale_backward (HlHourglass *net, int s, const HlSource *x, const float *d, float *d_x)
{
  Scale   *scale  = &net->scale[s];
  float    slope  = net->config.slope;
  gsize    pixels = (gsize) scale->height * scale->width;
  HlSource up     = hl_norm_activation (&scale->up.norm, scale->up.y, slope);
  HlSource joined = hl_norm_activation (&scale->norm, scale->joined, 1);
  HlSource down   = hl_norm_activation (&scale->down.norm, scale->down.y, slope);
  HlSource deeper = hl_norm_activation (&scale->deeper.norm, scale->deeper.y, slope);
  HlSource d_joined;

  if (net->config.pointwise)
    {
      unit_backward (net, &scale->mix, &up, d, FALSE, net->d_up);
      d = net->d_up;
    }
  unit_backward (net, &scale->up, &joined, d, FALSE, net->d_joined);
  d_joined = hl_norm_backward (&scale->norm, &net->engine, scale->joined, net->d_joined, 1,
                               net->parameters + scale->gamma, net->gradients + scale->gamma,
                               net->gradients + scale->beta);
  hl_upsample_backward (&net->engine, net->config.upsample, &d_joined, scale->skip_channels,
                        scale->deep_channels, (scale->height + 1) / 2, (scale->width + 1) / 2,
                        scale->height, scale->width, scale->d_deep);
  if (scale->skip_channels)
    {
      hl_norm_resolve (&net->engine, &d_joined, scale->skip_channels, pixels, net->d_joined);
      unit_backward (net, &scale->skip, x, net->d_joined, FALSE, d_x);
    }
  if (s + 1 < net->config.scales)
    scale_backward (net, s + 1, &deeper, scale->d_deep, scale->d_deeper);
  unit_backward (net, &scale->deeper, &down, scale->d_deeper, FALSE, net->d_down);
  unit_backward (net, &scale->down, x, net->d_down, scale->skip_channels > 0, d_x);
}

/**
 * hl_hourglass_backward:
 * @net: a network, after hl_hourglass_forward()
 * @target: (out_channels, H, W), 0..1, finite also where unknown
 * @known: (H, W), 0 for unknown to 1 for known
 * @known_sum: the sum of @known, above 0
 *
 * Sets the gradients of all parameters.
 *
 * Returns: the mean squared error over the known pixels
 */
double
hl_hourglass_backward (HlHourglass *net, const float *target, const float *known, double known_sum)
{
  int      pixels = net->height * net->width, channels = net->config.out_channels;
  HlSource x = { .x = net->input }, d_y = { .x = net->d_y }, last = top (net);
  double loss = hl_loss (&net->engine, channels, pixels, net->y, target, known, known_sum, net->out,
                         net->d_y, net->loss_sums);

  for (int c = 0; c < channels; c++)
    {
      float sums[2];

      net->engine.kernels->moments (net->d_y + (gsize) c * pixels, 0, pixels, sums);
      net->gradients[net->last_bias + c] = sums[0];
    }
  hl_conv_backward_weights (&net->last, &net->engine, &last, &d_y, net->gradients + net->last_w);
  hl_conv_backward_data (&net->last, &net->engine, &d_y, net->parameters + net->last_w, FALSE,
                         net->d_top);
  scale_backward (net, 0, &x, net->d_top, NULL);
  return loss;
}

/**
 * hl_hourglass_get_output:
 * @net: a network, after hl_hourglass_backward()
 *
 * Returns: (out_channels, H, W), the picture, 0..1
 */
const float *
hl_hourglass_get_output (const HlHourglass *net)
{
  return net->out;
}

/**
 * hl_hourglass_step:
 * @net: a network, after hl_hourglass_backward()
 * @rate: learning rate, above 0
 *
 * One step of Adam on all parameters.
 */
void
hl_hourglass_step (HlHourglass *net, float rate)
{
  net->adam.rate = rate;
  hl_adam_step (&net->adam, &net->engine, net->size, net->parameters, net->gradients, net->m,
                net->v);
}

/**
 * hl_hourglass_save:
 * @net: a network
 *
 * Remembers the parameters.
 */
void
hl_hourglass_save (HlHourglass *net)
{
  memcpy (net->saved, net->parameters, net->size * sizeof (float));
}

/**
 * hl_hourglass_restore:
 * @net: a network
 *
 * Goes back to the parameters last remembered, and begins the optimiser's averages anew.
 */
void
hl_hourglass_restore (HlHourglass *net)
{
  memcpy (net->parameters, net->saved, net->size * sizeof (float));
  memset (net->m, 0, net->size * sizeof (float));
  memset (net->v, 0, net->size * sizeof (float));
  net->adam.step = 0;
}

static double
unit_operations (const Unit *unit, gboolean data)
{
  return unit->conv.out_channels ? (data ? 3 : 2) * hl_conv_get_operations (&unit->conv) : 0;
}

/**
 * hl_hourglass_get_operations:
 * @net: a network
 *
 * Returns: multiplications and additions of the convolutions of one iteration, done
 * directly: three products each, two for the first layers, whose input needs no gradient
 */
double
hl_hourglass_get_operations (const HlHourglass *net)
{
  double sum = 3 * hl_conv_get_operations (&net->last);

  for (int s = 0; s < net->config.scales; s++)
    {
      const Scale *scale = &net->scale[s];

      sum += unit_operations (&scale->skip, s > 0) + unit_operations (&scale->down, s > 0)
             + unit_operations (&scale->deeper, TRUE) + unit_operations (&scale->up, TRUE)
             + unit_operations (&scale->mix, TRUE);
    }
  return sum;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of bench-engine.py, which starts this once for each figure, so that each has a
 * process and a peak of memory of its own:
 *
 *   bench-engine sgemm THREADS                  a large product of matrices
 *   bench-engine layers NETWORK SIDE THREADS    each layer of a network by itself
 *   bench-engine iteration NETWORK SIDE THREADS the whole network
 *   bench-engine denoiser SIDE THREADS          one pass of the learned denoiser, colour
 *
 * Prints lines of JSON, times in seconds. */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "denoiser.h"
#include "nn/conv.h"
#include "nn/denoiser.h"
#include "nn/hourglass.h"
#include "nn/loss.h"
#include "nn/norm.h"

#define PIECES 6
#define MOST_RUNS 31
#define FEWEST_RUNS 3
#define SLOPE 0.2f

/* Runs some pieces of work once and says how long each took. */
typedef void (*Pieces) (gpointer data, double *seconds);

/* Seconds since `at`, which becomes now. */
static double
lap (gint64 *at)
{
  gint64 before = *at;

  *at = g_get_monotonic_time ();
  return (*at - before) * 1e-6;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Prints the median of each piece and the end of a line of JSON, after a first run that
 * warms up; stops after `limit` seconds. */
static void
print_medians (Pieces pieces, gpointer data, double limit)
{
  double all[PIECES][MOST_RUNS], one[PIECES] = { 0 };
  gint64 at;
  int    runs = 0;

  pieces (data, one);
  at = g_get_monotonic_time ();
  for (double spent = 0; runs < MOST_RUNS && (runs < FEWEST_RUNS || spent < limit); runs++)
    {
      pieces (data, one);
      spent += lap (&at);
      for (int i = 0; i < PIECES; i++)
        all[i][runs] = one[i];
    }
  for (int i = 0; i < PIECES; i++)
    {
      qsort (all[i], runs, sizeof (double), compare);
      printf ("%s%g", i ? ", " : "\"seconds\": [", all[i][runs / 2]);
    }
  printf ("]}\n");
}

static void
measure_sgemm (int threads)
{
  const int         N = 2048;
  gsize             n = (gsize) N * N;
  double            best;
  g_autofree float *a = g_new (float, n), *b = g_new (float, n), *c = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    a[i] = b[i] = (i % 7) * 0.25f - 0.5f;
  openblas_set_num_threads (threads);
  best = INFINITY;
  for (int run = 0; run < 8; run++)
    {
      gint64 at = g_get_monotonic_time ();

      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
      best = fmin (best, lap (&at));
    }
  printf ("{\"rate\": %g, \"simd\": \"%s\"}\n", 2.0 * N * N * N / best, hl_kernels_get ()->name);
}

/* A convolution, or (kernel 0) the place where skip and deep are put together, with all
 * that it reads and writes.  `side` is that of what a convolution reads and of what a join
 * writes; `first` is what reads the network's input, which needs no gradient. */
typedef struct
{
  const char *name;
  int         scale, in, out, kernel, stride, side;
  gboolean    first;
  HlEngine    engine;
  HlArena     arena;
  HlConv      conv;
  HlNorm      read, norm; /* of what the layer reads and of what it writes */
  float      *x, *y, *d_x, *d_y, *w, *d_w, *gamma, *d_gamma, *d_beta, *sums;
} Layer;

static void
lay_out (Layer *layer)
{
  HlArena *arena     = &layer->arena;
  float  **planes[]  = { &layer->x, &layer->y, &layer->d_x, &layer->d_y };
  float  **vectors[] = { &layer->gamma, &layer->d_gamma, &layer->d_beta };
  gsize    weights   = (gsize) layer->in * layer->out * layer->kernel * layer->kernel, scratch;
  int      in = layer->side, out = layer->side, parts;

  if (layer->kernel)
    {
      hl_conv_init (&layer->conv, layer->in, layer->out, layer->kernel, layer->stride, in, in);
      hl_conv_lay_out (&layer->conv, arena);
      out = layer->conv.out_height;
    }
  else
    in = (in + 1) / 2;
  hl_norm_lay_out (&layer->read, layer->in, in * in, arena);
  hl_norm_lay_out (&layer->norm, layer->out, out * out, arena);
  for (guint i = 0; i < G_N_ELEMENTS (planes); i++)
    *planes[i]
        = hl_arena_take (arena, MAX ((gsize) layer->in * in * in, (gsize) layer->out * out * out));
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    *vectors[i] = hl_arena_take (arena, layer->out);
  layer->w    = hl_arena_take (arena, weights);
  layer->d_w  = hl_arena_take (arena, weights);
  parts       = MAX (hl_norm_get_parts (&layer->norm), hl_loss_get_parts (out * out));
  layer->sums = hl_arena_take (arena, 2 * (gsize) layer->out * parts);
  /* A join has no convolution, but rows of its upsampling. */
  scratch = layer->kernel ? hl_conv_get_scratch (&layer->conv) : 6 * (gsize) out + 16;
  layer->engine.scratch_size = (scratch + 15) / 16 * 16;
  layer->engine.scratch      = hl_arena_take (arena, layer->engine.scratch_size
                                                         * hl_pool_get_threads (layer->engine.pool));
}

/* The network's own steps for a unit, in the order of its two passes. */
static void
conv_pieces (gpointer data, double *seconds)
{
  Layer          *layer   = data;
  const HlEngine *engine  = &layer->engine;
  HlConv         *conv    = &layer->conv;
  gboolean        is_last = g_str_equal (layer->name, "last");
  gboolean        adds    = g_str_equal (layer->name, "down"); /* to the skip's gradient */
  int             pixels  = conv->out_height * conv->out_width;
  HlSource        x       = hl_norm_activation (&layer->read, layer->x, SLOPE);
  HlSource        d_y     = { .x = layer->d_y };
  gint64          at      = g_get_monotonic_time ();

  if (layer->first)
    x = (HlSource) { .x = layer->x };
  hl_conv_pack (conv, layer->w);
  seconds[0] = lap (&at);
  hl_conv_forward (conv, engine, &x, layer->w, is_last ? layer->gamma : NULL,
                   is_last ? NULL : layer->norm.mean, layer->y);
  seconds[1] = lap (&at);
  if (is_last)
    hl_loss (engine, layer->out, pixels, layer->y, layer->x, layer->x, pixels, layer->d_x,
             layer->d_y, (double *) layer->sums);
  else
    d_y = hl_norm_backward (&layer->norm, engine, layer->y, layer->d_y, SLOPE, layer->gamma,
                            layer->d_gamma, layer->d_beta);
  seconds[2] = lap (&at);
  hl_conv_backward_weights (conv, engine, &x, &d_y, layer->d_w);
  seconds[3] = lap (&at);
  if (!layer->first)
    hl_conv_backward_data (conv, engine, &d_y, layer->w, adds, layer->d_x);
  seconds[4] = lap (&at);
}

/* What happens where skip and deep meet. */
static void
join_pieces (gpointer data, double *seconds)
{
  Layer          *layer  = data;
  const HlEngine *engine = &layer->engine;
  int             deep = layer->in, skip = layer->out - deep, side = layer->side;
  int             half = (side + 1) / 2, pixels = side * side;
  gint64          at     = g_get_monotonic_time ();
  HlSource        x      = hl_norm_activation (&layer->read, layer->x, SLOPE), d_y;
  HlSource        passed = hl_norm_activation (&layer->norm, layer->d_y, SLOPE);

  hl_norm_resolve (engine, &passed, skip, pixels, layer->y);
  seconds[0] = lap (&at);
  hl_upsample_forward (engine, HL_UPSAMPLE_BILINEAR, &x, deep, half, half, side, side,
                       layer->y + (gsize) skip * pixels);
  seconds[1] = lap (&at);
  hl_norm_measure (&layer->norm, engine, layer->y, layer->sums);
  seconds[2] = lap (&at);
  d_y        = hl_norm_backward (&layer->norm, engine, layer->y, layer->d_y, 1, layer->gamma,
                                 layer->d_gamma, layer->d_beta);
  seconds[3] = lap (&at);
  hl_upsample_backward (engine, HL_UPSAMPLE_BILINEAR, &d_y, skip, deep, half, half, side, side,
                        layer->d_x);
  seconds[4] = lap (&at);
  hl_norm_resolve (engine, &d_y, skip, pixels, layer->d_x);
  seconds[5] = lap (&at);
}

static void
measure_layer (Layer layer, HlPool *pool)
{
  layer.engine = (HlEngine) { .pool = pool, .kernels = hl_kernels_get () };
  lay_out (&layer);
  if (!hl_arena_allocate (&layer.arena, 0, NULL))
    g_error ("No memory for this layer; measure a smaller side.");
  layer.engine.kernels->noise (layer.arena.base, 0.1f, 1, 1, 2, 0, layer.arena.size);
  lay_out (&layer);
  printf ("{\"name\": \"%s\", \"scale\": %d, \"in\": %d, \"out\": %d, \"kernel\": %d, "
          "\"stride\": %d, \"side\": %d, \"first\": %d, \"operations\": %.0f, ",
          layer.name, layer.scale, layer.in, layer.out, layer.kernel, layer.stride, layer.side,
          layer.first, layer.kernel ? hl_conv_get_operations (&layer.conv) : 0);
  print_medians (layer.kernel ? conv_pieces : join_pieces, &layer, 0.2);
  hl_arena_clear (&layer.arena);
}

/* The layers of nn/hourglass.c; bench-engine.py checks their operations against its sum. */
static void
measure_layers (const HlHourglassConfig *config, int side, HlPool *pool)
{
  Layer last = { "last", 0, config->width[0], config->out_channels, 1, 1, side, .first = FALSE };
  int   in   = config->in_channels;

  openblas_set_num_threads (1);
  for (int s = 0; s < config->scales; s++)
    {
      int   width = config->width[s], skip = config->skip[s], half = (side + 1) / 2;
      int   deep     = s + 1 < config->scales ? config->width[s + 1] : width;
      Layer layers[] = {
        { "skip", s, in, skip, 1, 1, side, .first = s == 0 },
        { "down", s, in, width, config->kernel_down, 2, side, .first = s == 0 },
        { "deeper", s, width, width, config->kernel_down, 1, half, .first = FALSE },
        { "join", s, deep, skip + deep, 0, 1, side, .first = FALSE },
        { "up", s, skip + deep, width, config->kernel_up, 1, side, .first = FALSE },
        { "mix", s, width, width, 1, 1, side, .first = FALSE },
      };

      for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
        measure_layer (layers[i], pool);
      in   = width;
      side = half;
    }
  measure_layer (last, pool);
}

typedef struct
{
  HlHourglass *net;
  float       *target, *known;
  int          pixels;
  guint        iteration;
  double       loss;
} Fit;

static void
iteration_pieces (gpointer data, double *seconds)
{
  Fit   *fit = data;
  gint64 at = g_get_monotonic_time (), begin = at;

  hl_hourglass_draw_input (fit->net, 0.03f, ++fit->iteration);
  seconds[0] = lap (&at);
  hl_hourglass_forward (fit->net);
  seconds[1] = lap (&at);
  fit->loss  = hl_hourglass_backward (fit->net, fit->target, fit->known, fit->pixels);
  seconds[2] = lap (&at);
  hl_hourglass_step (fit->net, 0.01f);
  seconds[3] = lap (&at);
  seconds[4] = lap (&begin);
}

static void
measure_iteration (const HlHourglassConfig *config, int side, HlPool *pool)
{
  int               pixels = side * side;
  g_autofree float *target = g_new (float, (gsize) 3 * pixels), *known = g_new (float, pixels);
  g_autoptr (GError) error    = NULL;
  g_autoptr (HlHourglass) net = hl_hourglass_new (config, side, side, pool, 1, 0, &error);
  Fit fit                     = { .net = net, .target = target, .known = known, .pixels = pixels };

  if (!net)
    g_error ("%s", error->message);
  for (int i = 0; i < 3 * pixels; i++)
    target[i] = i % 101 / 100.0f;
  for (int i = 0; i < pixels; i++)
    known[i] = 1;
  printf ("{\"operations\": %.0f, \"memory\": %" G_GUINT64_FORMAT ", ",
          hl_hourglass_get_operations (net), hl_hourglass_get_memory (net));
  print_medians (iteration_pieces, &fit, 2);
  if (!isfinite (fit.loss))
    g_error ("The loss is not a number, so that these times would mean nothing.");
}

typedef struct
{
  HlDenoiser *net;
  float      *x, *y;
} Pass;

static void
denoiser_pieces (gpointer data, double *seconds)
{
  Pass  *pass = data;
  gint64 at   = g_get_monotonic_time ();

  hl_denoiser_run (pass->net, pass->x, 3, NULL, 0.1f, pass->y, NULL, NULL);
  seconds[0] = lap (&at);
}

/* Weights of the default sizes; what they are makes no difference to the time. */
static void
measure_denoiser (int side, HlPool *pool)
{
  const RandomWeights config    = { .width = { 48, 96, 128 }, .blocks = { 1, 2, 2 } };
  gsize               size      = (gsize) 3 * side * side;
  g_autoptr (GError) error      = NULL;
  g_autoptr (GBytes) file       = random_weights_new (&config);
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (file, "random", &error);
  g_autoptr (HlDenoiser) net
      = weights ? hl_denoiser_new (weights, pool, side, side, 0, &error) : NULL;
  g_autofree float *x = scatter_new (size, 1, 1), *y = g_new (float, size);
  Pass              pass = { .net = net, .x = x, .y = y };

  if (!net)
    g_error ("%s", error->message);
  printf ("{\"operations\": %.0f, \"memory\": %" G_GUINT64_FORMAT ", \"pieces\": %d, ",
          hl_denoiser_get_operations (net), hl_denoiser_get_memory (net),
          hl_denoiser_get_pieces (net));
  print_medians (denoiser_pieces, &pass, 2);
}

int
main (int argc, char *argv[])
{
  HlHourglassConfig config;

  if (argc == 3 && g_str_equal (argv[1], "sgemm"))
    measure_sgemm (atoi (argv[2]));
  else if (argc == 4 && g_str_equal (argv[1], "denoiser") && atoi (argv[2]) > 0)
    {
      g_autoptr (HlPool) pool = hl_pool_new (atoi (argv[3]));

      measure_denoiser (atoi (argv[2]), pool);
    }
  else if (argc == 5 && hl_hourglass_config_init (&config, argv[2], 3) && atoi (argv[3]) > 0)
    {
      g_autoptr (HlPool) pool = hl_pool_new (atoi (argv[4]));

      if (g_str_equal (argv[1], "layers"))
        measure_layers (&config, atoi (argv[3]), pool);
      else
        measure_iteration (&config, atoi (argv[3]), pool);
    }
  else
    {
      fprintf (stderr, "Give one of: sgemm THREADS; layers NETWORK SIDE THREADS; iteration NETWORK "
                       "SIDE THREADS; denoiser SIDE THREADS\n");
      return 2;
    }
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The denoiser's gradient against finite differences, and that a tuner learns what it is shown. */
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "denoiser.h"
#include "nn/tuner.h"
#include "nn/unet_gradient.h"

#define HEIGHT 24
#define WIDTH 32
#define PIXELS (HEIGHT * WIDTH)

static HlWeights *
weights_new (void)
{
  RandomWeights config     = { .width = { 6, 9, 5 }, .blocks = { 1, 2, 2 } };
  g_autoptr (GBytes) bytes = random_weights_new (&config);

  return hl_weights_new_from_bytes (bytes, "test", NULL);
}

typedef struct
{
  HlUnet         net;
  HlUnetGradient gradient;
  HlEngine       engine;
  HlArena        arena;
} Net;

static void
lay_out (Net *to)
{
  gsize scratch = hl_unet_lay_out (&to->net, HEIGHT, WIDTH, &to->arena);

  hl_unet_gradient_lay_out (&to->gradient, &to->net, &to->arena);
  to->engine.scratch_size = (scratch + 15) / 16 * 16;
  to->engine.scratch
      = hl_arena_take (&to->arena, to->engine.scratch_size * hl_pool_get_threads (to->engine.pool));
}

/* sum (c noise), with coefficients that differ everywhere. */
static double
run (Net *net, const float *input, const float *coefficients)
{
  int    n   = 3 * PIXELS;
  double sum = 0;

  memcpy (net->net.planes, input, 4 * PIXELS * sizeof (float));
  hl_unet_pack (&net->net, &net->engine);
  hl_unet_forward (&net->net, &net->engine);
  for (int i = 0; i < n; i++)
    sum += coefficients[i] * net->net.noise[i];
  return sum;
}

/* A step along one layer's gradient must change the loss by its square; the 2x2 layers keep
 * still.  What is told through the deeper layers only shows with large weights, as single precision
 * is coarse; what goes past them, only with small ones. */
static void
test_gradient (gconstpointer data)
{
  float                    strength = GPOINTER_TO_INT (data) ? 2 : 0.25f;
  static const char *const names[]
      = { "head",    "tail",     "enc0.0.a", "enc0.0.b", "enc1.0.a", "enc1.1.b", "mid.0.b",
          "mid.1.a", "dec1.0.a", "dec1.1.b", "dec0.0.a", "dec0.0.b", "down0",    "up1" };
  g_autoptr (HlWeights) weights  = weights_new ();
  g_autoptr (HlPool) pool        = hl_pool_new (2);
  g_autofree float *input        = scatter_new (4 * PIXELS, 3, 1);
  g_autofree float *coefficients = scatter_new (3 * PIXELS, 9, 0.01f);
  g_autofree float *d            = NULL;
  Net               net          = { .engine = { .pool = pool, .kernels = hl_kernels_get () } };
  gsize             n;
  float            *w = hl_weights_get_values (weights, &n);

  for (gsize i = 0; i < n; i++)
    w[i] *= strength;
  d = g_new0 (float, n);
  g_assert_true (hl_unet_init (&net.net, weights, NULL));
  net.net.learns = TRUE;
  lay_out (&net);
  g_assert_true (hl_arena_allocate (&net.arena, 0, NULL));
  lay_out (&net);
  run (&net, input, coefficients);
  memcpy (net.gradient.d_noise, coefficients, 3 * PIXELS * sizeof (float));
  hl_unet_backward (&net.net, &net.gradient, &net.engine, w, d);

  for (guint k = 0; k < (strength > 1 ? G_N_ELEMENTS (names) : 2); k++)
    {
      g_autofree char  *name  = g_strconcat (names[k], ".weight", NULL);
      const int        *shape = hl_weights_get_shape (weights, name);
      gsize             size  = (gsize) shape[0] * shape[1] * shape[2] * shape[3];
      gsize             from  = hl_weights_get (weights, name, shape) - w;
      g_autofree float *kept  = g_memdup2 (w + from, size * sizeof (float));
      double            norm  = 0, much, less, step;

      for (gsize i = 0; i < size; i++)
        norm += (double) d[from + i] * d[from + i];
      if (shape[2] == 2)
        {
          g_assert_cmpfloat (norm, ==, 0);
          continue;
        }
      g_assert_cmpfloat (norm, >, 0);
      step = 5e-4 / sqrt (norm);
      for (gsize i = 0; i < size; i++)
        w[from + i] = kept[i] + step * d[from + i];
      much = run (&net, input, coefficients);
      for (gsize i = 0; i < size; i++)
        w[from + i] = kept[i] - step * d[from + i];
      less = run (&net, input, coefficients);
      memcpy (w + from, kept, size * sizeof (float));
      g_test_message ("%s: %g, expected %g", names[k], much - less, 2 * step * norm);
      g_assert_cmpfloat (fabs ((much - less) / (2 * step * norm) - 1), <, 0.02);
    }
  hl_arena_clear (&net.arena);
}

/* The error falls where pixels count; the others have no say, to the bit. */
static void
test_learns (gconstpointer data)
{
  int channels                  = GPOINTER_TO_INT (data);
  g_autoptr (HlWeights) weights = weights_new ();
  g_autoptr (HlPool) one = hl_pool_new (1), two = hl_pool_new (2);
  g_autoptr (HlTuner) a    = hl_tuner_new (weights, one, HEIGHT, WIDTH, 0, NULL);
  g_autoptr (HlTuner) b    = hl_tuner_new (weights, two, HEIGHT, WIDTH, 0, NULL);
  g_autofree float *truth  = scatter_new (channels * PIXELS, 1, 1);
  g_autofree float *off    = scatter_new (channels * PIXELS, 7, 0.1f);
  g_autofree float *counts = g_new0 (float, PIXELS);
  g_autofree float *x      = g_new (float, channels *PIXELS);
  g_autofree float *other  = g_memdup2 (truth, channels * PIXELS * sizeof (float));
  double            first = 0, loss = 0;
  gsize             n;

  for (int i = 0; i < PIXELS; i++)
    counts[i] = i % WIDTH < 20;
  for (int i = 0; i < channels * PIXELS; i++)
    {
      x[i] = truth[i] + off[i];
      other[i] += counts[i % PIXELS] > 0 ? 0 : 1;
    }
  for (int step = 0; step < 60; step++)
    {
      loss = hl_tuner_step (a, x, truth, channels, counts, 0.05f, 1e-3f);
      g_assert_cmpfloat (loss, ==, hl_tuner_step (b, x, other, channels, counts, 0.05f, 1e-3f));
      first = step == 0 ? loss : first;
    }
  g_test_message ("%g, then %g", first, loss);
  g_assert_cmpfloat (loss, <, 0.7 * first);
  g_assert_cmpmem (
      hl_weights_get_values ((HlWeights *) hl_tuner_get_weights (a), &n), n * sizeof (float),
      hl_weights_get_values ((HlWeights *) hl_tuner_get_weights (b), &n), n * sizeof (float));
}

/* Adam's first step moves a weight by the rate, whatever its gradient; the rate begins at a tenth,
 * and of that the average with what was there before takes half.  The error that a step tells is
 * that of all that a silent network leaves. */
static void
test_first_step (void)
{
  g_autoptr (HlWeights) weights = weights_new ();
  g_autoptr (HlPool) pool       = hl_pool_new (1);
  g_autoptr (HlTuner) tuner     = NULL;
  g_autofree float *x = scatter_new (3 * PIXELS, 1, 1), *before = NULL;
  g_autofree float *counts = g_new (float, PIXELS), *truth = g_memdup2 (x, 3 * PIXELS * sizeof *x);
  const int        *shape = hl_weights_get_shape (weights, "tail.weight");
  float            *w, most = 0;
  gsize             n;
  double            loss;

  for (int i = 0; i < PIXELS; i++)
    counts[i] = 1;
  for (int i = 0; i < 3 * PIXELS; i++)
    truth[i] += i % 2 ? 0.05f : -0.03f;
  memset ((float *) hl_weights_get (weights, "tail.weight", shape), 0,
          (gsize) shape[0] * shape[1] * shape[2] * shape[3] * sizeof (float));
  w      = hl_weights_get_values (weights, &n);
  before = g_memdup2 (w, n * sizeof (float));
  tuner  = hl_tuner_new (weights, pool, HEIGHT, WIDTH, 0, NULL);
  loss   = hl_tuner_step (tuner, x, truth, 3, counts, 0.05f, 1e-3f);
  w      = hl_weights_get_values ((HlWeights *) hl_tuner_get_weights (tuner), &n);
  for (gsize i = 0; i < n; i++)
    most = fmaxf (most, fabsf (w[i] - before[i]));
  g_assert_cmpfloat_with_epsilon (most, 0.5e-4, 1e-6);
  g_assert_cmpfloat_with_epsilon (loss, 0.04, 1e-5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/tuner/gradient/deep", GINT_TO_POINTER (TRUE), test_gradient);
  g_test_add_data_func ("/tuner/gradient/past", GINT_TO_POINTER (FALSE), test_gradient);
  g_test_add_func ("/tuner/first-step", test_first_step);
  g_test_add_data_func ("/tuner/learns/gray", GINT_TO_POINTER (1), test_learns);
  g_test_add_data_func ("/tuner/learns/colour", GINT_TO_POINTER (3), test_learns);
  return g_test_run ();
}

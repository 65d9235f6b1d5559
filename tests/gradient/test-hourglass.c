/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole network's gradient against finite differences, and its promises: the same
 * result from every number of threads, and from a save and restore. */
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "nn/hourglass.h"

static void
fill (float *x, gsize n, guint32 seed, double low, double high)
{
  GRand *random = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < n; i++)
    x[i] = g_rand_double_range (random, low, high);
  g_rand_free (random);
}

static HlHourglassConfig
small_config (int which)
{
  HlHourglassConfig config = { .scales       = 3,
                               .width        = { 6, 9, 5 },
                               .skip         = { 4, 2, 3 },
                               .kernel_down  = 3,
                               .kernel_up    = 3,
                               .in_channels  = 4,
                               .out_channels = 3,
                               .upsample     = HL_UPSAMPLE_BILINEAR,
                               .pointwise    = TRUE,
                               .slope        = 0.2f };

  if (which & 1)
    {
      config.upsample    = HL_UPSAMPLE_NEAREST;
      config.pointwise   = FALSE;
      config.kernel_down = 5;
      config.kernel_up   = 1;
    }
  if (which & 2)
    {
      config.out_channels = 1;
      memset (config.skip, 0, sizeof config.skip);
      config.scales = 2;
    }
  return config;
}

typedef struct
{
  int which, height, width;
} Case;

/* A step along a random direction must change the loss by the gradient along it.  In
 * single precision a direction is far more exact than one parameter at a time; each kind
 * of parameter has its own direction. */
static void
test_gradient (gconstpointer data)
{
  const Case       *c         = data;
  HlHourglassConfig config    = small_config (c->which);
  g_autoptr (HlPool) pool     = hl_pool_new (2);
  g_autoptr (HlHourglass) net = hl_hourglass_new (&config, c->height, c->width, pool, 7, 0, NULL);
  gsize             pixels = (gsize) c->height * c->width, n = hl_hourglass_get_size (net);
  g_autofree float *target = g_new (float, pixels *config.out_channels);
  g_autofree float *known  = g_new (float, pixels);
  g_autofree float *start  = g_new (float, n);
  g_autofree float *slope  = g_new (float, n);
  float            *w      = hl_hourglass_get_parameters (net);
  double            sum    = 0;
  int               good = 0, directions = 0;

  fill (target, pixels * config.out_channels, 1, 0, 1);
  fill (known, pixels, 2, -1, 1);
  for (gsize i = 0; i < pixels; i++)
    sum += known[i] = known[i] < 0 ? 0 : known[i];
  /* Random gammas and betas, so that none of their gradients is zero by symmetry. */
  fill (start, n, 3, -0.15, 0.15);
  for (gsize i = 0; i < n; i++)
    w[i] += start[i];
  memcpy (start, w, n * sizeof (float));
  hl_hourglass_forward (net);
  hl_hourglass_backward (net, target, known, sum);
  memcpy (slope, hl_hourglass_get_gradients (net), n * sizeof (float));

  for (gsize from = 0; from < n; from += MAX (n / 40, 1), directions++)
    {
      gsize  to       = MIN (n, from + MAX (n / 40, 1));
      double expected = 0, length = 0, measured = 0, step;

      /* Along the gradient itself: the largest change that there is. */
      for (gsize i = from; i < to; i++)
        length += (double) slope[i] * slope[i];
      step = 4e-4 / sqrt (length + 1e-30);
      for (int side = -1; side <= 1; side += 2)
        {
          for (gsize i = from; i < to; i++)
            w[i] = start[i] + side * step * slope[i];
          hl_hourglass_forward (net);
          measured += side * hl_hourglass_backward (net, target, known, sum);
        }
      for (gsize i = from; i < to; i++)
        {
          expected += 2.0 * step * slope[i] * slope[i];
          w[i] = start[i];
        }
      if (fabs (measured - expected) <= 0.02 * fabs (expected) + 4e-8)
        good++;
      else
        g_test_message ("parameters %zu..%zu: %g expected, %g measured", from, to, expected,
                        measured);
    }
  /* A kink of the LeakyReLU within the step spoils a direction now and then. */
  g_test_message ("%d of %d directions", good, directions);
  g_assert_cmpint (good, >=, directions - directions / 8);
}

/* Runs some iterations and returns the output, which the caller frees. */
static float *
run (guint threads, guint32 seed, int iterations, gboolean through_restore)
{
  HlHourglassConfig config = small_config (0);
  int               height = 150, width = 141;
  gsize             pixels    = (gsize) height * width;
  g_autoptr (HlPool) pool     = hl_pool_new (threads);
  g_autoptr (HlHourglass) net = hl_hourglass_new (&config, height, width, pool, seed, 0, NULL);
  g_autofree float *target    = g_new (float, pixels * 3);
  g_autofree float *known     = g_new (float, pixels);

  fill (target, pixels * 3, 1, 0, 1);
  fill (known, pixels, 2, 1, 1.0001);
  for (int i = 0; i < iterations; i++)
    {
      hl_hourglass_draw_input (net, 0.03f, i);
      hl_hourglass_forward (net);
      hl_hourglass_backward (net, target, known, pixels);
      hl_hourglass_step (net, 0.01f);
    }
  if (through_restore)
    hl_hourglass_restore (net);
  hl_hourglass_draw_input (net, 0, 0);
  hl_hourglass_forward (net);
  hl_hourglass_backward (net, target, known, pixels);
  return g_memdup2 (hl_hourglass_get_output (net), pixels * 3 * sizeof (float));
}

#define BYTES (150 * 141 * 3 * sizeof (float))

static void
test_threads (void)
{
  g_autofree float *one = run (1, 5, 4, FALSE), *three = run (3, 5, 4, FALSE);
  g_autofree float *again = run (3, 5, 4, FALSE), *other = run (3, 6, 4, FALSE);

  g_assert_cmpmem (one, BYTES, three, BYTES);
  g_assert_cmpmem (one, BYTES, again, BYTES);
  g_assert_cmpint (memcmp (one, other, BYTES), !=, 0);
}

static void
test_restore (void)
{
  g_autofree float *fresh = run (2, 5, 0, FALSE), *trained = run (2, 5, 3, FALSE);
  g_autofree float *restored = run (2, 5, 3, TRUE);

  g_assert_cmpint (memcmp (trained, fresh, BYTES), !=, 0);
  for (int i = 0; i < 150 * 141 * 3; i++)
    g_assert_cmpfloat_with_epsilon (restored[i], fresh[i], 1e-4);
}

static void
test_memory (void)
{
  HlHourglassConfig config = small_config (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (HlPool) pool  = hl_pool_new (1);

  g_assert_null (hl_hourglass_new (&config, 512, 512, pool, 1, 1000000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_null (hl_hourglass_new (&config, G_MAXINT / 2, 3, pool, 1, 1 << 30, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* What hl_hourglass_config_init() states: bytes that each further pixel takes. */
static void
test_bytes_per_pixel (void)
{
  static const struct
  {
    const char *name;
    double      bytes;
  } stated[]              = { { "tiny", 1000 }, { "small", 1250 }, { "paper", 4900 } };
  g_autoptr (HlPool) pool = hl_pool_new (2);

  for (guint i = 0; i < G_N_ELEMENTS (stated); i++)
    {
      double taken[2];

      for (int side = 0; side < 2; side++)
        {
          HlHourglassConfig config;
          int               pixels = side ? 384 : 256;

          g_assert_true (hl_hourglass_config_init (&config, stated[i].name, 3));
          {
            g_autoptr (HlHourglass) net
                = hl_hourglass_new (&config, pixels, pixels, pool, 1, 0, NULL);

            taken[side] = hl_hourglass_get_memory (net);
          }
        }
      taken[1] = (taken[1] - taken[0]) / (384 * 384 - 256 * 256);
      g_test_message ("%s: %.0f bytes per pixel", stated[i].name, taken[1]);
      g_assert_cmpfloat (taken[1], <=, stated[i].bytes);
      g_assert_cmpfloat (taken[1], >, stated[i].bytes / 2);
    }
}

int
main (int argc, char **argv)
{
  static const Case cases[] = { { 0, 24, 32 }, { 0, 23, 37 }, { 1, 26, 19 }, { 2, 33, 31 },
                                { 3, 17, 9 },  { 0, 5, 6 },   { 0, 1, 30 },  { 0, 140, 131 } };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/hourglass/gradient/%d/%dx%d", cases[i].which,
                                               cases[i].height, cases[i].width);

      g_test_add_data_func (path, &cases[i], test_gradient);
    }
  g_test_add_func ("/hourglass/threads", test_threads);
  g_test_add_func ("/hourglass/restore", test_restore);
  g_test_add_func ("/hourglass/memory", test_memory);
  g_test_add_func ("/hourglass/bytes-per-pixel", test_bytes_per_pixel);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The denoiser against PyTorch, from the file of weights to the picture.  The vectors and
 * what they hold: make-denoiser.py. */
#include <math.h>

#include "denoiser.h"
#include "nn/denoiser.h"

typedef struct
{
  int   channels, height, width;
  float level; /* 0 for a map */
  int   step;
} Case;

static const Case cases[]
    = { { 3, 150, 170, 0, 11 }, { 1, 13, 21, 0.1f, 1 }, { 3, 1, 9, 0, 1 }, { 1, 1, 1, 0.2f, 1 } };

static void
test_golden (void)
{
  g_autofree char *path         = g_test_build_filename (G_TEST_DIST, "denoiser.bin", NULL);
  g_autofree char *weights_path = g_test_build_filename (G_TEST_DIST, "denoiser.safetensors", NULL);
  g_autofree char *bytes        = NULL;
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlPool) pool       = hl_pool_new (2);
  g_autoptr (HlWeights) weights = hl_weights_load (weights_path, &error);
  const float *golden;
  gsize        length, at = 0;

  g_assert_no_error (error);
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  golden = (const float *) bytes;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case       *c      = &cases[i];
      gsize             pixels = (gsize) c->height * c->width, n = c->channels * pixels;
      double            largest = 0, worst = 0;
      g_autofree float *x        = scatter_new (n, 1, 1);
      g_autofree float *sigma    = scatter_new (pixels, 7, 0.2f);
      g_autofree float *y        = g_new (float, n);
      g_autoptr (HlDenoiser) net = hl_denoiser_new (weights, pool, c->height, c->width, 0, &error);

      g_assert_no_error (error);
      g_assert_true (hl_denoiser_run (net, x, c->channels, c->level > 0 ? NULL : sigma, c->level, y,
                                      NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (at + (n + c->step - 1) / c->step, <=, length / sizeof (float));
      for (gsize j = 0; j < n; j += c->step, at++)
        {
          largest = fmax (largest, fabs (golden[at] - x[j]));
          worst   = fmax (worst, isfinite (y[j]) ? fabs (y[j] - golden[at]) : INFINITY);
        }
      g_test_message ("%d x %d x %d: noise up to %.2g, relative error %.2g", c->channels, c->height,
                      c->width, largest, worst / largest);
      g_assert_cmpfloat (largest, >, 0.01);
      g_assert_cmpfloat (worst / largest, <, 1e-4);
    }
  g_assert_cmpuint (at * sizeof (float), ==, length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/golden/denoiser", test_golden);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network against PyTorch: output, loss, every gradient, three steps of Adam.
 * The vectors and what they hold: make-hourglass.py. */
#include <math.h>
#include <string.h>

#include "nn/hourglass.h"

typedef struct
{
  int               height, width;
  HlHourglassConfig config;
} Case;

static const Case cases[] = {
  { 21,
    27,
    { .scales       = 3,
      .width        = { 6, 9, 5 },
      .skip         = { 4, 2, 3 },
      .kernel_down  = 3,
      .kernel_up    = 3,
      .in_channels  = 4,
      .out_channels = 3,
      .upsample     = HL_UPSAMPLE_BILINEAR,
      .pointwise    = TRUE,
      .slope        = 0.2f } },
  { 18,
    13,
    { .scales       = 2,
      .width        = { 8, 12 },
      .skip         = { 0, 4 },
      .kernel_down  = 5,
      .kernel_up    = 3,
      .in_channels  = 3,
      .out_channels = 1,
      .upsample     = HL_UPSAMPLE_NEAREST,
      .pointwise    = FALSE,
      .slope        = 0.2f } },
};

/* Relative to the largest of the vector: single values near zero have no relative error
 * worth the name. */
static void
assert_close (const char *what, const float *found, const float *wanted, gsize n)
{
  double largest = 0, worst = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = fmax (largest, fabs (wanted[i]));
      worst   = fmax (worst, fabs (found[i] - wanted[i]));
      g_assert_true (isfinite (found[i]));
    }
  g_test_message ("%s: %zu values, relative error %.2g", what, n, worst / largest);
  g_assert_cmpfloat (largest, >, 0);
  g_assert_cmpfloat (worst / largest, <, 1e-4);
}

static void
test_case (gconstpointer data)
{
  const Case      *c      = data;
  int              C      = c->config.out_channels;
  gsize            pixels = (gsize) c->height * c->width, n, length, at = 0, idle = 0;
  double           known_sum = 0, loss;
  g_autofree char *name      = g_strdup_printf ("hourglass-%d.bin", (int) (c - cases));
  g_autofree char *path      = g_test_build_filename (G_TEST_DIST, name, NULL);
  g_autofree char *bytes     = NULL;
  g_autoptr (GError) error   = NULL;
  g_autoptr (HlPool) pool    = hl_pool_new (2);
  g_autoptr (HlHourglass) net
      = hl_hourglass_new (&c->config, c->height, c->width, pool, 1, 0, &error);
  const float *golden, *input, *target, *known, *output, *gradients, *stepped;
  float        loss_wanted;

  g_assert_no_error (error);
  n = hl_hourglass_get_size (net);
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==,
                    sizeof (float) * (3 * n + pixels * (c->config.in_channels + 2 * C + 1) + 1));
  golden    = (const float *) bytes;
  at        = n;
  input     = golden + at;
  target    = input + pixels * c->config.in_channels;
  known     = target + pixels * C;
  output    = known + pixels;
  gradients = output + pixels * C + 1;
  stepped   = gradients + n;
  memcpy (hl_hourglass_get_parameters (net), golden, n * sizeof (float));
  memcpy (hl_hourglass_get_input (net), input, pixels * c->config.in_channels * sizeof (float));
  loss_wanted = gradients[-1];
  for (gsize i = 0; i < pixels; i++)
    known_sum += known[i];

  for (int step = 0; step < 3; step++)
    {
      hl_hourglass_forward (net);
      loss = hl_hourglass_backward (net, target, known, known_sum);
      if (step == 0)
        {
          float single = loss;

          assert_close ("output", hl_hourglass_get_output (net), output, pixels * C);
          assert_close ("loss", &single, &loss_wanted, 1);
          assert_close ("gradients", hl_hourglass_get_gradients (net), gradients, n);
        }
      hl_hourglass_step (net, 0.01f);
    }
  /* Adam divides by the size of the gradient.  Where that is zero but for rounding (a shift
   * that the next normalisation takes out again), so is what Adam makes of it. */
  for (gsize i = 0; i < n; i++)
    if (fabsf (gradients[i]) < 1e-7f)
      hl_hourglass_get_parameters (net)[i] = stepped[i], idle++;
  g_assert_cmpuint (idle, <, n / 20);
  assert_close ("parameters after three steps", hl_hourglass_get_parameters (net), stepped, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/golden/bilinear-odd-size", &cases[0], test_case);
  g_test_add_data_func ("/golden/nearest-no-skip", &cases[1], test_case);
  return g_test_run ();
}

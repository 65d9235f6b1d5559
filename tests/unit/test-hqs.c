/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half-quadratic splitting: the closed form of its data step, its order, and its ends. */
#include "restore/prior/hqs.h"

#include <math.h>
#include <string.h>

#include "denoiser.h"
#include "restore/lowpass.h"

#define WIDTH 33
#define HEIGHT 20
#define PIXELS (WIDTH * HEIGHT)

static HlImage *
picture_new (int channels, double shift)
{
  HlImage *image = hl_image_new (channels, WIDTH, HEIGHT, NULL);

  for (int i = 0; i < channels * PIXELS; i++)
    image->planes[i] = 0.5 + 0.4 * sin (0.37 * i + shift);
  return image;
}

/* z is where the derivative of the sum of squares is zero; NaN in a hole does no harm. */
static void
test_known_pixels (void)
{
  g_autoptr (HlImage) seen = picture_new (3, 0), x = picture_new (3, 1), z = picture_new (3, 2);
  g_autofree float *known = g_new (float, PIXELS);
  HlKnownPixels     data  = { .image = seen, .known = known, .noise = 0.05f };

  for (int i = 0; i < PIXELS; i++)
    {
      known[i] = i % 3 / 2.0f;
      for (int c = 0; c < 3 && known[i] <= 0; c++)
        seen->planes[c * PIXELS + i] = NAN;
    }
  hl_known_pixels_solve (&data, x, 0.1f, z);
  for (int i = 0; i < 3 * PIXELS; i++)
    if (known[i % PIXELS] <= 0)
      g_assert_cmpfloat (z->planes[i], ==, x->planes[i]);
    else if (known[i % PIXELS] >= 1)
      g_assert_cmpfloat (fabs ((z->planes[i] - seen->planes[i]) / (0.05 * 0.05)
                               + (z->planes[i] - x->planes[i]) / (0.1 * 0.1)),
                         <, 1e-3);
  data.noise = 0;
  hl_known_pixels_solve (&data, x, 0.1f, z);
  for (int i = 0; i < 3 * PIXELS; i++)
    if (known[i % PIXELS] >= 1)
      g_assert_cmpfloat (z->planes[i], ==, seen->planes[i]);
    else if (known[i % PIXELS] > 0)
      g_assert_cmpfloat (fabs (z->planes[i] - 0.5 * (seen->planes[i] + x->planes[i])), <, 1e-6);
}

typedef struct
{
  HlDenoiser   *denoiser;
  GCancellable *end;
  guint         at, calls, steps;
  float         seen[8];
  double        last;
} Probe;

static void
probe_solve (gpointer data, const HlImage *x, float sigma, HlImage *z)
{
  Probe *probe = data;

  probe->seen[probe->calls++] = sigma;
  memcpy (z->planes, x->planes, x->channels * PIXELS * sizeof (float));
}

static void
probe_progress (double fraction, guint iteration, gpointer data)
{
  Probe *probe = data;

  g_assert_cmpfloat (fraction, >, probe->last);
  probe->last = fraction;
  if (++probe->steps == probe->at)
    g_cancellable_cancel (probe->end);
}

/* What a step makes of a gray picture after the data: the denoiser's, but for what is smooth. */
static void
denoise (HlDenoiser *denoiser, HlImage *x, float sigma)
{
  g_autoptr (HlImage) before = hl_image_copy (x, NULL);
  g_autofree float *change = g_new (float, PIXELS), *room = g_new (float, PIXELS);

  g_assert_true (hl_denoiser_run (denoiser, x->planes, 1, NULL, sigma, x->planes, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    change[i] = x->planes[i] - before->planes[i];
  hl_lowpass (change, room, WIDTH, HEIGHT, 2);
  for (int i = 0; i < PIXELS; i++)
    x->planes[i] -= change[i];
}

/* The steps come in order, each the denoiser after the data; stopping keeps, cancelling ends. */
static void
test_steps (void)
{
  const RandomWeights config      = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  static const float  sigma[]     = { 0.2f, 0.1f, 0.05f };
  g_autoptr (GBytes) bytes        = random_weights_new (&config);
  g_autoptr (HlWeights) weights   = hl_weights_new_from_bytes (bytes, "test", NULL);
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, HEIGHT, WIDTH, 0, NULL);
  g_autoptr (HlImage) x = picture_new (1, 0), y = picture_new (1, 0), two = NULL;
  Probe      all = { .at = 99 }, stop = { .at = 2 };
  HlDataStep data          = { .solve = probe_solve, .data = &all };
  HlProgress control       = { .report = probe_progress, .user_data = &all };
  g_autoptr (GError) error = NULL;

  g_assert_true (hl_hqs_run (denoiser, &data, sigma, 3, 0, HL_HQS_PLAIN, x, &control, NULL));
  g_assert_cmpuint (all.calls, ==, 3);
  g_assert_cmpmem (all.seen, sizeof sigma, sigma, sizeof sigma);
  for (int k = 0; k < 3; k++)
    {
      denoise (denoiser, y, sigma[k]);
      if (k == 1)
        two = hl_image_copy (y, NULL);
    }
  g_assert_cmpmem (x->planes, 4 * PIXELS, y->planes, 4 * PIXELS);

  stop.end = g_cancellable_new ();
  data     = (HlDataStep) { .solve = probe_solve, .data = &stop };
  control  = (HlProgress) { .stop = stop.end, .report = probe_progress, .user_data = &stop };
  {
    g_autoptr (HlImage) kept = picture_new (1, 0);

    g_assert_true (hl_hqs_run (denoiser, &data, sigma, 3, 0, HL_HQS_PLAIN, kept, &control, NULL));
    g_assert_cmpmem (kept->planes, 4 * PIXELS, two->planes, 4 * PIXELS);
  }
  control = (HlProgress) { .cancel = stop.end };
  g_assert_false (hl_hqs_run (denoiser, &data, sigma, 3, 0, HL_HQS_PLAIN, x, &control, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (stop.end);
}

/* The picture as bit 0 of @how mirrors it left to right, and bit 1 top to bottom. */
static HlImage *
mirror (const HlImage *image, int how)
{
  HlImage *mirrored = hl_image_copy (image, NULL);

  for (int i = 0; i < PIXELS; i++)
    {
      int column = how & 1 ? WIDTH - 1 - i % WIDTH : i % WIDTH;
      int row    = how & 2 ? HEIGHT - 1 - i / WIDTH : i / WIDTH;

      mirrored->planes[row * WIDTH + column] = image->planes[i];
    }
  return mirrored;
}

/* Mirrored in four ways and back; each step but the last goes further, the first most, and with a
 * part of the change since the step before. */
static void
test_further (void)
{
  const RandomWeights config      = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  static const float  sigma[]     = { 0.2f, 0.15f, 0.1f, 0.05f };
  g_autoptr (GBytes) bytes        = random_weights_new (&config);
  g_autoptr (HlWeights) weights   = hl_weights_new_from_bytes (bytes, "test", NULL);
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, HEIGHT, WIDTH, 0, NULL);
  g_autoptr (HlImage) x = picture_new (1, 0), y = picture_new (1, 0), old = picture_new (1, 0);
  Probe      probe   = { .at = 99 };
  HlDataStep data    = { .solve = probe_solve, .data = &probe };
  HlProgress control = { .report = probe_progress, .user_data = &probe };

  g_assert_true (hl_hqs_run (denoiser, &data, sigma, 4, 0.7f, HL_HQS_MIRRORED, x, &control, NULL));
  for (int k = 0; k < 4; k++)
    {
      g_autoptr (HlImage) seen = mirror (y, k), result = NULL;

      denoise (denoiser, seen, sigma[k]);
      result = mirror (seen, k);
      for (int i = 0; i < PIXELS; i++)
        {
          float further = k < 3 ? 1 + 0.7f * (3 - k) / 4 : 1;
          float now     = y->planes[i] + further * (result->planes[i] - y->planes[i]);

          y->planes[i]   = now + (k < 3 ? 0.4f * (now - old->planes[i]) : 0);
          old->planes[i] = now;
        }
    }
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (fabs (x->planes[i] - y->planes[i]), <, 1e-5);
}

/* Every second step runs the whole network, the last two share one, and what the coarser scales
 * gave falls like sigma until they are run again; the mirror changes with them. */
static void
test_reused (void)
{
  const RandomWeights config      = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  static const float  sigma[]     = { 0.2f, 0.15f, 0.1f, 0.08f, 0.05f };
  static const int    whole[]     = { 0, 0, 2, 2, 2 };
  g_autoptr (GBytes) bytes        = random_weights_new (&config);
  g_autoptr (HlWeights) weights   = hl_weights_new_from_bytes (bytes, "test", NULL);
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, HEIGHT, WIDTH, 0, NULL);
  g_autoptr (HlImage) x = picture_new (1, 0), y = picture_new (1, 0), plain = picture_new (1, 0);
  Probe      probe   = { .at = 99 };
  HlDataStep data    = { .solve = probe_solve, .data = &probe };
  HlProgress control = { .report = probe_progress, .user_data = &probe };
  double     worst = 0, most = 0;

  g_assert_cmpuint (hl_hqs_count_whole (5), ==, 2);
  g_assert_true (hl_hqs_run (denoiser, &data, sigma, 5, 0, HL_HQS_MIRRORED | HL_HQS_REUSED, x,
                             &control, NULL));
  probe = (Probe) { .at = 99 };
  g_assert_true (hl_hqs_run (denoiser, &data, sigma, 5, 0, HL_HQS_MIRRORED, plain, &control, NULL));
  for (int k = 0; k < 5; k++)
    {
      g_autoptr (HlImage) seen = mirror (y, whole[k] / 2), result = NULL;

      hl_denoiser_set_reuse (denoiser, whole[k] < k ? sigma[k] / sigma[whole[k]] : 0);
      denoise (denoiser, seen, sigma[k]);
      result = mirror (seen, whole[k] / 2);
      memcpy (y->planes, result->planes, PIXELS * sizeof (float));
    }
  for (int i = 0; i < PIXELS; i++)
    {
      worst = fmax (worst, fabs (x->planes[i] - y->planes[i]));
      most  = fmax (most, fabs (x->planes[i] - plain->planes[i]));
    }
  g_assert_cmpfloat (worst, <, 1e-4);
  g_assert_cmpfloat (most, >, 1e-3);
}

/* In the midst of a hole a denoiser that shifts what is flat does no harm, however often. */
static void
test_flat (void)
{
  const RandomWeights config      = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  static const float  sigma[]     = { 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f };
  g_autoptr (GBytes) bytes        = random_weights_new (&config);
  g_autoptr (HlWeights) weights   = hl_weights_new_from_bytes (bytes, "test", NULL);
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, HEIGHT, WIDTH, 0, NULL);
  g_autoptr (HlImage) x = picture_new (3, 0), y = picture_new (3, 0);
  Probe             probe   = { .at = 99 };
  HlDataStep        data    = { .solve = probe_solve, .data = &probe };
  HlProgress        control = { 0 };
  double            kept = 0, shifted = 0;
  g_autofree float *room = g_new (float, PIXELS);

  for (int i = 0; i < 3 * PIXELS; i++)
    x->planes[i] = y->planes[i] = 0.5f;
  g_assert_true (hl_hqs_run (denoiser, &data, sigma, 6, 0, HL_HQS_PLAIN, x, &control, NULL));
  for (int k = 0; k < 6; k++)
    g_assert_true (hl_denoiser_run (denoiser, y->planes, 3, NULL, sigma[k], y->planes, NULL, NULL));
  for (int c = 0; c < 3; c++)
    {
      hl_lowpass (x->planes + c * PIXELS, room, WIDTH, HEIGHT, 4);
      hl_lowpass (y->planes + c * PIXELS, room, WIDTH, HEIGHT, 4);
    }
  for (int i = 0; i < 3 * PIXELS; i++)
    {
      kept += fabs (x->planes[i] - 0.5);
      shifted += fabs (y->planes[i] - 0.5);
    }
  g_assert_cmpfloat (kept, <, shifted / 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hqs/known-pixels", test_known_pixels);
  g_test_add_func ("/hqs/steps", test_steps);
  g_test_add_func ("/hqs/further", test_further);
  g_test_add_func ("/hqs/reused", test_reused);
  g_test_add_func ("/hqs/flat", test_flat);
  return g_test_run ();
}

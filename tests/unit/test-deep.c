/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_deep_fit(): what the photograph teaches is kept where it mends better, and only there; and
 * what is held out for it. */
#include <math.h>

#include "restore/prior/deep.h"
#include "restore/prior/holdout.h"
#include "restore/built_in.h"

enum
{
  SIDE   = 128,
  PIXELS = SIDE * SIDE
};

static float
weave (int x, int y)
{
  return 0.5f + 0.2f * sinf (x * 1.1f) * sinf (y * 0.9f);
}

/* Fills what is held out as it truly is, but for an error of *@data: the only window is as large as
 * the picture. */
static gboolean
fill (HlImage *image, const HlMaps *maps, GCancellable *cancel, gpointer data, GError **error)
{
  const float *off = data;

  for (int i = 0; i < image->width * image->height; i++)
    if (maps->source[i] < 1)
      image->planes[i] = weave (i % image->width, i / image->width) + *off;
  return TRUE;
}

static HlWeights *
fit (float off, HlRestoreReport *report)
{
  g_autoptr (GBytes) bytes      = hl_built_in_read ("denoiser.safetensors", NULL);
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (bytes, "denoiser", NULL);
  g_autoptr (HlPool) pool       = hl_pool_new (2);
  g_autoptr (HlImage) image     = hl_image_new (1, SIDE, SIDE, NULL);
  g_autofree float *target      = g_new (float, PIXELS);
  g_autofree float *source      = g_new (float, PIXELS);
  const HlMaps      maps        = { SIDE, SIDE, target, source };
  const HlProgress  control     = { 0 };
  HlWeights        *fitted      = NULL;
  HlDeep            deep        = {
                      .weights = weights, .pool = pool, .iterations = 4, .seed = 1, .fill = fill, .data = &off
  };

  for (int i = 0; i < PIXELS; i++)
    {
      image->planes[i] = weave (i % SIDE, i / SIDE);
      target[i]        = abs (i % SIDE - 40) < 4 && i / SIDE > 20 && i / SIDE < 100;
      source[i]        = 1 - target[i];
    }
  g_assert_true (hl_deep_fit (&deep, image, &maps, &control, report, &fitted, NULL));
  g_assert_cmpuint (report->iterations, ==, 4);
  return fitted;
}

static void
test_worse (void)
{
  HlRestoreReport report = { 0 };

  g_assert_null (fit (1e-4f, &report));
  g_assert_cmpfloat (report.gain, ==, 0);
  g_assert_cmpfloat_with_epsilon (report.loss, 1e-8, 1e-9);
}

static void
test_better (void)
{
  HlRestoreReport report       = { 0 };
  g_autoptr (HlWeights) fitted = fit (0.2f, &report);

  g_assert_nonnull (fitted);
  g_assert_cmpfloat (report.gain, >, 0.1);
  g_assert_cmpfloat (report.loss, <, 0.04);
}

/* What is held out was known before, is to be repainted then, and is to learn from or to judge by:
 * a fourth of it or so, along a thin line and where every second pixel is missing. */
static void
test_held_out (gconstpointer data)
{
  gboolean scattered            = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) image     = hl_image_new (1, SIDE, SIDE, NULL);
  g_autofree float *target      = g_new (float, PIXELS);
  g_autofree float *source      = g_new (float, PIXELS);
  const HlMaps      maps        = { SIDE, SIDE, target, source };
  g_autoptr (GRand) random      = g_rand_new_with_seed (4);
  g_autoptr (HlHoldout) holdout = NULL;
  gsize learnt = 0, judged = 0;

  for (int i = 0; i < PIXELS; i++)
    {
      target[i] = scattered ? g_rand_boolean (random) : i % SIDE / 2 == 22;
      source[i] = 1 - target[i];
    }
  holdout = hl_holdout_new (image, &maps, 7, NULL, NULL);
  g_assert_cmpuint (holdout->windows->len, >, 0);
  for (guint k = 0; k < holdout->windows->len; k++)
    {
      const HlWindow *window = g_ptr_array_index (holdout->windows, k);

      for (int i = 0; i < PIXELS; i++)
        {
          gboolean is_learnt = window->learnt->planes[i] > 0;
          gboolean is_judged = window->judged->planes[i] > 0;

          g_assert_false (is_learnt && is_judged);
          g_assert_cmpint (target[i] > 0 || is_learnt || is_judged, ==, window->maps.target[i] > 0);
          if (is_learnt || is_judged)
            g_assert_true (source[i] == 1 && window->maps.source[i] == 0);
          learnt += is_learnt;
          judged += is_judged;
        }
    }
  g_assert_cmpuint (judged, ==, holdout->judged);
  g_test_message ("%" G_GSIZE_FORMAT " to learn from, %" G_GSIZE_FORMAT " to judge by", learnt,
                  judged);
  g_assert_cmpuint (6 * judged, >, learnt + judged);
  g_assert_cmpuint (2 * judged, <, learnt + judged);
  if (scattered)
    g_assert_cmpfloat_with_epsilon ((learnt + judged) / (double) holdout->windows->len,
                                    PIXELS / 16.0, PIXELS / 80.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deep/worse", test_worse);
  g_test_add_func ("/deep/better", test_better);
  g_test_add_data_func ("/deep/held-out/line", GINT_TO_POINTER (FALSE), test_held_out);
  g_test_add_data_func ("/deep/held-out/scattered", GINT_TO_POINTER (TRUE), test_held_out);
  return g_test_run ();
}

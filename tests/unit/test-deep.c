/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_deep_fit(): what the photograph teaches is kept where it mends better, and only there. */
#include <math.h>

#include "restore/prior/deep.h"
#include "restore/weights_data.h"

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
fill (HlImage *image, const HlMaps *maps, gpointer data, GError **error)
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
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (hl_weights_data_get_resource (), "/heirloom/denoiser.safetensors",
                                G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (bytes, "denoiser", NULL);
  g_autoptr (HlPool) pool       = hl_pool_new (2);
  g_autoptr (HlImage) image     = hl_image_new (1, SIDE, SIDE, NULL);
  g_autofree float *target      = g_new (float, PIXELS);
  g_autofree float *source      = g_new (float, PIXELS);
  const HlMaps      maps        = { SIDE, SIDE, target, source };
  const HlProgress  control     = { 0 };
  HlWeights        *fitted      = NULL;
  HlDeep            deep        = {
                      .weights = weights, .pool = pool, .iterations = 1, .seed = 1, .fill = fill, .data = &off
  };

  for (int i = 0; i < PIXELS; i++)
    {
      image->planes[i] = weave (i % SIDE, i / SIDE);
      target[i]        = abs (i % SIDE - 40) < 4 && i / SIDE > 20 && i / SIDE < 100;
      source[i]        = 1 - target[i];
    }
  g_assert_true (hl_deep_fit (&deep, image, &maps, &control, report, &fitted, NULL));
  g_assert_cmpuint (report->iterations, ==, 1);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deep/worse", test_worse);
  g_test_add_func ("/deep/better", test_better);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stains that can be seen through, drawn over a known texture. */
#include <math.h>
#include <string.h>

#include "restore/colour/density.h"
#include "restore/colour/stain.h"
#include "restore/colour/stain_depth.h"

#define W 120
#define H 100
#define PIXELS (W * H)

static HlImage *
draw_texture (void)
{
  HlImage *image = hl_image_new (3, W, H, NULL);

  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % W, y = i / W;

      for (int c = 0; c < 3; c++)
        image->planes[c * PIXELS + i] = 0.55 + 0.15 * sin (x * 0.9 + c) * cos (y * 0.6)
                                        + 0.1 * ((x / 5 + y / 7) % 2) + 0.02 * (c - 1);
    }
  return image;
}

static double
get_depth (int i)
{
  return 26 + 3 * cos (4 * atan2 (i / W - 48.0, i % W - 58.0)) - hypot (i % W - 58.0, i / W - 48.0);
}

/* Brown, uneven, and darker along its edge. */
static void
stain (HlImage *image, float *target)
{
  static const double brown[3] = { 0.12, 0.22, 0.35 };

  hl_density_from_values (image->planes, image->planes, 3 * PIXELS);
  for (int i = 0; i < PIXELS; i++)
    {
      double depth = get_depth (i);

      target[i] = depth > 0;
      for (int c = 0; depth > 0 && c < 3; c++)
        image->planes[c * PIXELS + i]
            += brown[c] * (1 + 0.3 * (i % W - 58) / 26.0 + 0.5 * exp (-depth / 4));
    }
  hl_density_to_values (image->planes, image->planes, 3 * PIXELS);
}

static double
differ (const HlImage *a, const HlImage *b, const float *target, const float *left)
{
  double sum = 0;
  int    n   = 0;

  for (int i = 0; i < PIXELS; i++)
    if (target[i] > 0 && !(left && left[i] > 0))
      for (int c = 0; c < 3; c++, n++)
        sum += pow (a->planes[c * PIXELS + i] - b->planes[c * PIXELS + i], 2);
  return sqrt (sum / n);
}

static void
test_lift (void)
{
  g_autoptr (HlImage) truth  = draw_texture ();
  g_autoptr (HlImage) before = draw_texture ();
  g_autofree float *target = g_new (float, PIXELS), *left = g_new (float, PIXELS);
  int               n = 0, inside = 0;

  stain (before, target);
  g_autoptr (HlImage) image = hl_image_copy (before, NULL);
  g_assert_true (hl_stain_lift (image, target, NULL, FALSE, left, NULL, NULL));
  /* Nine times as far from the truth before: 19 dB. */
  g_assert_cmpfloat (differ (image, truth, target, left) * 9, <,
                     differ (before, truth, target, left));
  for (int i = 0; i < PIXELS; i++)
    {
      double depth = get_depth (i);

      for (int c = 0; c < 3 && target[i] <= 0; c++)
        g_assert_true (image->planes[c * PIXELS + i] == before->planes[c * PIXELS + i]);
      /* Only the rim is left to repair. */
      if (depth > 4 || depth <= 0)
        g_assert_cmpfloat (left[i], ==, 0);
      n += left[i] > 0;
      inside += target[i] > 0;
    }
  g_assert_cmpint (n, >, 100);
  g_assert_cmpint (n, <, inside / 2);
}

/* Where things of all kinds lie beside each other, a weak stain is not made worse by what differs
 * between them. */
static void
test_busy (void)
{
  for (guint seed = 0; seed < 12; seed++)
    {
      g_autoptr (HlImage) truth = draw_texture ();
      g_autofree float *target = g_new (float, PIXELS), *left = g_new (float, PIXELS);
      g_autoptr (HlImage) before = NULL, image = NULL;
      g_autoptr (GRand) rng = g_rand_new_with_seed (seed);
      float light[8 * 8];

      for (int k = 0; k < 64; k++)
        light[k] = g_rand_boolean (rng) ? 0.2 : 1.2;
      for (int i = 0; i < 3 * PIXELS; i++)
        truth->planes[i] *= light[(i % W / 16 + i % PIXELS / W / 16 * 8) % 64];
      before = hl_image_copy (truth, NULL);
      stain (before, target);
      image = hl_image_copy (before, NULL);
      g_assert_true (hl_stain_lift (image, target, NULL, TRUE, left, NULL, NULL));
      g_test_message ("%g, then %g", differ (before, truth, target, left),
                      differ (image, truth, target, left));
      g_assert_cmpfloat (differ (image, truth, target, left), <,
                         differ (before, truth, target, left));
    }
}

/* What hides the picture is left to the repair, unless somebody says that it does not. */
static void
test_opaque (void)
{
  g_autoptr (HlImage) image = draw_texture ();
  g_autofree float *target = g_new (float, PIXELS), *left = g_new (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    {
      target[i] = get_depth (i) > 0;
      for (int c = 0; c < 3 && target[i] > 0; c++)
        image->planes[c * PIXELS + i] = 0.3 - 0.05 * c;
    }
  g_autoptr (HlImage) before = hl_image_copy (image, NULL);
  g_assert_true (hl_stain_lift (image, target, NULL, FALSE, left, NULL, NULL));
  g_assert_cmpmem (image->planes, 3 * PIXELS * sizeof (float), before->planes,
                   3 * PIXELS * sizeof (float));
  for (int i = 0; i < PIXELS; i++)
    if (target[i] > 0)
      g_assert_cmpfloat (left[i], ==, 1);
  g_assert_true (hl_stain_lift (image, target, NULL, TRUE, left, NULL, NULL));
  g_assert_cmpfloat (differ (image, before, target, left), >, 0.1);
}

/* All of the picture, or nothing sound beside it: nothing to compare with. */
static void
test_nothing_beside (void)
{
  g_autoptr (HlImage) image  = draw_texture ();
  g_autoptr (HlImage) before = draw_texture ();
  g_autofree float  *target = g_new (float, PIXELS), *left = g_new (float, PIXELS);
  g_autofree guint8 *source       = g_new0 (guint8, PIXELS);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;

  for (int i = 0; i < PIXELS; i++)
    target[i] = 1;
  g_assert_true (hl_stain_lift (image, target, NULL, TRUE, left, NULL, NULL));
  g_assert_cmpfloat (left[PIXELS / 2], ==, 1);
  for (int i = 0; i < PIXELS; i++)
    target[i] = get_depth (i) > 0;
  g_assert_true (hl_stain_lift (image, target, source, TRUE, left, NULL, NULL));
  g_assert_cmpmem (image->planes, 3 * PIXELS * sizeof (float), before->planes,
                   3 * PIXELS * sizeof (float));
  g_cancellable_cancel (cancel);
  g_assert_false (hl_stain_lift (image, target, NULL, TRUE, left, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Ways and boxes of two stains. */
static void
test_depth (void)
{
  g_autofree float *target    = g_new0 (float, PIXELS);
  g_auto (HlStainDepth) depth = { 0 };

  for (int y = 10; y < 31; y++)
    for (int x = 20; x < 61; x++)
      target[y * W + x] = 1;
  for (int k = 0; k < 20; k++) /* a diagonal is one */
    target[(50 + k) * W + 70 + k] = 0.5;
  g_assert_true (hl_stain_depth_find (&depth, target, W, H));
  g_assert_cmpuint (depth.n, ==, 2);
  g_assert_cmpuint (depth.boxes[0].pixels, ==, 21 * 41);
  g_assert_cmpuint (depth.boxes[1].pixels, ==, 20);
  g_assert_cmpint (depth.boxes[0].left, ==, 20);
  g_assert_cmpint (depth.boxes[0].right, ==, 60);
  g_assert_cmpint (depth.boxes[1].top, ==, 50);
  g_assert_cmpint (depth.boxes[1].bottom, ==, 69);
  g_assert_cmpuint (depth.label[9 * W + 30], ==, 0);
  for (int y = 10; y < 31; y++)
    for (int x = 20; x < 61; x++)
      {
        int    nearest = MIN (MIN (x - 19, 61 - x), MIN (y - 9, 31 - y));
        gsize  at      = (gsize) y * W + x;
        double found   = hypot (depth.dx[at], depth.dy[at]);

        g_assert_cmpfloat_with_epsilon (found, nearest, 1e-9);
        g_assert_cmpfloat (target[(y + depth.dy[at]) * W + x + depth.dx[at]], ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stain/depth", test_depth);
  g_test_add_func ("/stain/lift", test_lift);
  g_test_add_func ("/stain/busy", test_busy);
  g_test_add_func ("/stain/opaque", test_opaque);
  g_test_add_func ("/stain/nothing-beside", test_nothing_beside);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first fill: known pixels stay, ramps go on, and the order of pixels does not matter. */
#include <math.h>

#include "restore/fill/diffuse.h"

#define WIDTH 61
#define HEIGHT 47

static double
ramp (int c, int x, int y)
{
  return 0.1 * c + 0.004 * x + 0.006 * y;
}

static HlImage *
ramp_new (float *known)
{
  HlImage *image = hl_image_new (3, WIDTH, HEIGHT, NULL);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      int x = i % WIDTH, y = i / WIDTH;

      known[i] = !(x > 20 && x < 34 && y > 12 && y < 23);
      for (int c = 0; c < 3; c++)
        image->planes[c * WIDTH * HEIGHT + i] = known[i] > 0 ? ramp (c, x, y) : 99;
    }
  return image;
}

static void
test_ramp (void)
{
  g_autofree float *known   = g_new (float, WIDTH *HEIGHT);
  g_autoptr (HlImage) image = ramp_new (known);

  g_assert_true (hl_diffuse (image, known, NULL, NULL));
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < WIDTH * HEIGHT; i++)
      {
        float found  = image->planes[c * WIDTH * HEIGHT + i],
              wanted = ramp (c, i % WIDTH, i / WIDTH);

        if (known[i] > 0)
          g_assert_cmpfloat (found, ==, wanted);
        else
          g_assert_cmpfloat_with_epsilon (found, wanted, 0.03);
      }
}

static void
test_partly_known (void)
{
  g_autofree float *known   = g_new (float, WIDTH *HEIGHT);
  g_autoptr (HlImage) image = ramp_new (known);
  int   at                  = 17 * WIDTH + 27;
  float guess;

  g_assert_true (hl_diffuse (image, known, NULL, NULL));
  guess             = image->planes[at];
  image->planes[at] = 1;
  known[at]         = 0.25;
  g_assert_true (hl_diffuse (image, known, NULL, NULL));
  g_assert_cmpfloat (image->planes[at], >, guess + 0.1);
  g_assert_cmpfloat (image->planes[at], <, 0.9);
}

static void
test_single_known (void)
{
  for (int side = 1; side < 20; side += 3)
    {
      g_autoptr (HlImage) image = hl_image_new (1, side, 2 * side, NULL);
      g_autofree float *known   = g_new0 (float, 2 * side * side);

      for (int i = 0; i < 2 * side * side; i++)
        image->planes[i] = NAN;
      known[side * side]         = 1;
      image->planes[side * side] = 0.75;
      g_assert_true (hl_diffuse (image, known, NULL, NULL));
      for (int i = 0; i < 2 * side * side; i++)
        g_assert_cmpfloat_with_epsilon (image->planes[i], 0.75, 1e-6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diffuse/ramp", test_ramp);
  g_test_add_func ("/diffuse/partly-known", test_partly_known);
  g_test_add_func ("/diffuse/single-known", test_single_known);
  return g_test_run ();
}

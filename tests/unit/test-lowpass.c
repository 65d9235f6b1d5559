/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smooth part of a plane: as by naive loops at odd sizes, and as wide as is said. */
#include "restore/lowpass.h"

#include <math.h>

static int
reflect (int i, int n)
{
  while (n > 1 && (i < 0 || i >= n))
    i = i < 0 ? -i : 2 * (n - 1) - i;
  return n > 1 ? i : 0;
}

static void
soften_naively (double *plane, int width, int height, int radius)
{
  g_autofree double *before = g_new (double, width *height);

  for (int turn = 0; turn < 3; turn++)
    {
      for (int i = 0; i < width * height; i++)
        before[i] = plane[i];
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            double sum = 0;

            for (int j = -radius; j <= radius; j++)
              for (int i = -radius; i <= radius; i++)
                sum += before[reflect (y + j, height) * width + reflect (x + i, width)];
            plane[y * width + x] = sum / ((2 * radius + 1) * (2 * radius + 1));
          }
    }
}

static void
test_naive (void)
{
  static const struct
  {
    int width, height, radius;
  } cases[] = { { 17, 11, 1 }, { 17, 11, 2 }, { 5, 9, 4 }, { 3, 2, 5 }, { 1, 8, 2 }, { 1, 1, 1 } };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      int                n     = cases[k].width * cases[k].height;
      g_autofree float  *plane = g_new (float, n), *room = g_new (float, n);
      g_autofree double *truth = g_new (double, n);

      for (int i = 0; i < n; i++)
        truth[i] = plane[i] = sin (0.7 * i) + 0.01 * i;
      hl_lowpass (plane, room, cases[k].width, cases[k].height, cases[k].radius);
      soften_naively (truth, cases[k].width, cases[k].height, cases[k].radius);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (plane[i], truth[i], 1e-6);
    }
}

/* One point becomes a spot of its standard deviation. */
static void
test_width (void)
{
  enum
  {
    SIDE = 41
  };

  for (int radius = 1; radius <= 4; radius++)
    {
      g_autofree float *plane = g_new0 (float, SIDE *SIDE), *room = g_new (float, SIDE *SIDE);
      double            sum = 0, variance = 0;

      plane[SIDE * SIDE / 2] = 1;
      hl_lowpass (plane, room, SIDE, SIDE, radius);
      for (int i = 0; i < SIDE * SIDE; i++)
        {
          sum += plane[i];
          variance += plane[i] * pow (i % SIDE - SIDE / 2, 2);
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      g_assert_cmpfloat_with_epsilon (variance, radius * (radius + 1), 1e-4);
    }
}

/* Where a plane is mostly zero, the parts that are not suffice: also at its corners, and between
 * two parts that touch. */
static void
test_parts (void)
{
  enum
  {
    W      = 61,
    H      = 47,
    RADIUS = 2
  };
  const HlRect      parts[] = { { 0, 0, 40, 8 }, { 0, 8, 40, 21 }, { 45, 30, W, H } };
  g_autofree float *whole = g_new0 (float, W *H), *plane = g_new0 (float, W *H);
  g_autofree float *room = g_new (float, W *H), *zero = g_new0 (float, W *H);

  for (int i = 0; i < W * H; i++)
    {
      int x = i % W, y = i / W;

      if ((x < 15 && y < 8) || (x > 13 && x < 34 && y > 5 && y < 15) || (x > 50 && y > 35))
        plane[i] = whole[i] = sin (0.7 * i);
    }
  hl_lowpass (whole, room, W, H, RADIUS);
  hl_lowpass_parts (plane, zero, W, H, RADIUS, parts, G_N_ELEMENTS (parts));
  g_assert_cmpmem (plane, W * H * sizeof (float), whole, W * H * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/soften/naive", test_naive);
  g_test_add_func ("/soften/width", test_width);
  g_test_add_func ("/soften/parts", test_parts);
  return g_test_run ();
}

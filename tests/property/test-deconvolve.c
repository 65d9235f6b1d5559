/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deconvolution by its properties: identity, constant, linearity, shift, impulse, and
 * what it is for. */

#include <math.h>
#include <string.h>

#include "restore/deconvolve.h"

#define WIDTH 113 /* odd and prime, so that the padding has work to do */
#define HEIGHT 87
#define SIZE (WIDTH * HEIGHT)

/* Discs, bars and a slope: edges in all directions, and no symmetry. */
static float
draw (int x, int y)
{
  double value = 0.25 + 0.003 * x + 0.001 * y;

  if (hypot (x - 35, y - 30) < 17)
    value += 0.35;
  if (hypot (x - 80, y - 60) < 11)
    value -= 0.3;
  if (x > 50 && x < 105 && y > 12 && y < 40 && (x + 2 * y) / 5 % 2)
    value += 0.25;
  return (float) value;
}

static float *
draw_picture (void)
{
  float *plane = g_new (float, SIZE);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      plane[y * WIDTH + x] = draw (x, y);
  return plane;
}

static int
reflect (int i, int size)
{
  i = i < 0 ? -1 - i : i;
  return i < size ? i : 2 * size - 1 - i;
}

/* A plain sum, border pixels reflected: nothing of it is shared with the code under test.
 */
static float *
blur (const float *plane, double radius)
{
  int    reach = (int) ceil (4 * radius);
  float *out   = g_new0 (float, SIZE);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        double sum = 0.0, weights = 0.0;

        for (int j = -reach; j <= reach; j++)
          for (int i = -reach; i <= reach; i++)
            {
              double w = exp (-(i * i + j * j) / (2.0 * radius * radius));

              sum += w * plane[reflect (y + j, HEIGHT) * WIDTH + reflect (x + i, WIDTH)];
              weights += w;
            }
        out[y * WIDTH + x] = (float) (sum / weights);
      }
  return out;
}

static void
deconvolve (float *plane, double radius, double noise_level)
{
  g_autoptr (GError) error       = NULL;
  g_autoptr (HlDeconvolver) self = hl_deconvolver_new (WIDTH, HEIGHT, radius, noise_level, &error);

  g_assert_no_error (error);
  hl_deconvolver_run (self, plane);
}

static double
psnr (const float *a, const float *b, int margin)
{
  double sum = 0.0;
  int    n   = 0;

  for (int y = margin; y < HEIGHT - margin; y++)
    for (int x = margin; x < WIDTH - margin; x++, n++)
      sum += pow (a[y * WIDTH + x] - b[y * WIDTH + x], 2);
  return -10.0 * log10 (sum / n + 1e-20);
}

static double
largest_difference (const float *a, const float *b)
{
  double largest = 0.0;

  for (int i = 0; i < SIZE; i++)
    largest = MAX (largest, fabs (a[i] - b[i]));
  return largest;
}

static void
test_identity (void)
{
  g_autofree float *picture = draw_picture ();
  g_autofree float *plane   = draw_picture ();

  deconvolve (plane, 0.0, 0.1);
  g_assert_cmpfloat (largest_difference (plane, picture), <, 1e-6);
  /* And it has not come out of doing nothing at all. */
  deconvolve (plane, 1.5, 0.01);
  g_assert_cmpfloat (largest_difference (plane, picture), >, 0.05);
}

static void
test_constant (void)
{
  g_autofree float *plane = g_new (float, SIZE);

  for (int i = 0; i < SIZE; i++)
    plane[i] = 0.37f;
  deconvolve (plane, 2.0, 0.02);
  for (int i = 0; i < SIZE; i++)
    g_assert_cmpfloat_with_epsilon (plane[i], 0.37f, 1e-5);
}

static void
test_linear (void)
{
  g_autofree float *picture = draw_picture ();
  g_autofree float *plane   = draw_picture ();

  for (int i = 0; i < SIZE; i++)
    plane[i] = 0.1f - 0.5f * picture[i];
  deconvolve (plane, 1.5, 0.01);
  deconvolve (picture, 1.5, 0.01);
  for (int i = 0; i < SIZE; i++)
    g_assert_cmpfloat_with_epsilon (plane[i], 0.1f - 0.5f * picture[i], 1e-5);
}

/* Far from the borders, a shifted picture gives the shifted result. */
static void
test_shift (void)
{
  g_autofree float *a = g_new0 (float, SIZE);
  g_autofree float *b = g_new0 (float, SIZE);

  for (int y = 36; y < 46; y++)
    for (int x = 45; x < 58; x++)
      {
        a[y * WIDTH + x]           = draw (x, y);
        b[(y + 5) * WIDTH + x - 7] = draw (x, y);
      }
  deconvolve (a, 1.2, 0.02);
  deconvolve (b, 1.2, 0.02);
  for (int y = 20; y < HEIGHT - 25; y++)
    for (int x = 25; x < WIDTH - 20; x++)
      g_assert_cmpfloat_with_epsilon (b[(y + 5) * WIDTH + x - 7], a[y * WIDTH + x], 2e-4);
}

/* The blurred point becomes a point again: in its place, symmetric, and higher. */
static void
test_impulse (void)
{
  g_autofree float *point = g_new0 (float, SIZE);
  g_autofree float *plane = NULL;
  int               x = 60, y = 41, top = 0;
  float             before;

  point[y * WIDTH + x] = 1.0f;
  plane                = blur (point, 1.5);
  before               = plane[y * WIDTH + x];
  deconvolve (plane, 1.5, 0.005);
  for (int i = 0; i < SIZE; i++)
    if (plane[i] > plane[top])
      top = i;
  g_assert_cmpint (top, ==, y * WIDTH + x);
  g_assert_cmpfloat (plane[top], >, 2.0 * before);
  for (int d = 1; d < 9; d++)
    {
      g_assert_cmpfloat_with_epsilon (plane[top - d], plane[top + d], 1e-4);
      g_assert_cmpfloat_with_epsilon (plane[top - d * WIDTH], plane[top + d * WIDTH], 1e-4);
      g_assert_cmpfloat_with_epsilon (plane[top - d], plane[top - d * WIDTH], 1e-4);
    }
}

static void
test_gain (void)
{
  g_autofree float *picture = draw_picture ();
  g_autoptr (GRand) random  = g_rand_new_with_seed (3);

  for (double radius = 1.0; radius < 1.7; radius += 0.3)
    {
      g_autofree float *plane = blur (picture, radius);
      double            before, before_inside;

      /* Uniform noise of 1/255. */
      for (int i = 0; i < SIZE; i++)
        plane[i] += (float) (g_rand_double_range (random, -1, 1) * sqrt (3.0) / 255.0);
      before        = psnr (plane, picture, 0);
      before_inside = psnr (plane, picture, 15);
      deconvolve (plane, radius, 1.0 / 255.0);
      g_test_message ("radius %g: %.2f dB, then %.2f dB; inside %.2f, %.2f", radius, before,
                      psnr (plane, picture, 0), before_inside, psnr (plane, picture, 15));
      g_assert_cmpfloat (psnr (plane, picture, 0), >, before + 2.0);
    }
}

/* A slope ends in a step when it is repeated; the step must not ring into the picture. */
static void
test_borders (void)
{
  g_autofree float *slope = g_new (float, SIZE);
  g_autofree float *plane = NULL;

  for (int i = 0; i < SIZE; i++)
    slope[i] = (float) (i % WIDTH) / WIDTH;
  plane = blur (slope, 2.0);
  deconvolve (plane, 2.0, 0.005);
  g_assert_cmpfloat (largest_difference (plane, slope), <, 0.02);
}

static void
test_refusals (void)
{
  const double bad[] = { -1.0, NAN, INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (hl_deconvolver_new (WIDTH, HEIGHT, bad[i], 0.01, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deconvolve/identity", test_identity);
  g_test_add_func ("/deconvolve/constant", test_constant);
  g_test_add_func ("/deconvolve/linear", test_linear);
  g_test_add_func ("/deconvolve/shift", test_shift);
  g_test_add_func ("/deconvolve/impulse", test_impulse);
  g_test_add_func ("/deconvolve/gain", test_gain);
  g_test_add_func ("/deconvolve/borders", test_borders);
  g_test_add_func ("/deconvolve/refusals", test_refusals);
  return g_test_run ();
}

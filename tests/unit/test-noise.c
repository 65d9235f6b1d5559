/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_noise_estimate() on drawn pictures with a known noise. */

#include <math.h>

#include "restore/noise.h"

#define WIDTH 301
#define HEIGHT 203

/* Round shapes, edges and a stretch of fine stripes on slopes, between 0.3 and 0.7. */
static float
draw (int channel, int x, int y)
{
  double value = 0.4 + 0.1 * sin (x * 0.021 + channel) + 0.08 * cos (y * 0.017);

  if (hypot (x - 90, y - 80) < 50)
    value += 0.1 * (1 + channel) / 3.0;
  if (x > 200 && y > 2 * x - 400)
    value -= 0.09;
  if (x > 120 && x < 180 && y > 130 && y < 190)
    value += 0.05 * sin (x * 1.3 + y * 0.7);
  return (float) value;
}

static HlImage *
draw_noisy (int channels, int width, int height, double sigma)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  HlImage *image           = hl_image_new (channels, width, height, &error);
  float   *to;

  g_assert_no_error (error);
  to = image->planes;
  for (int c = 0; c < channels; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          /* Box and Muller's normal deviate; 1 - u keeps the logarithm finite. */
          double u = g_rand_double (random), v = g_rand_double (random);
          double normal = sqrt (-2.0 * log (1.0 - u)) * cos (2.0 * G_PI * v);
          double value  = draw (c, x, y) + sigma * normal;

          *to++ = (float) CLAMP (value, 0.0, 1.0);
        }
  return image;
}

static void
test_known_noise (gconstpointer data)
{
  double sigma = GPOINTER_TO_INT (data) / 255.0;

  for (int channels = 1; channels <= 3; channels += 2)
    {
      g_autoptr (HlImage) image = draw_noisy (channels, WIDTH, HEIGHT, sigma);
      double estimate           = hl_noise_estimate (image, NULL, NULL);

      g_test_message ("%d channels, sigma %g: %g of 255", channels, 255.0 * sigma,
                      255.0 * estimate);
      if (sigma == 0.0)
        g_assert_cmpfloat (estimate, <, 0.5 / 255.0);
      else
        g_assert_cmpfloat_with_epsilon (estimate, sigma, 0.12 * sigma);
    }
}

/* Grain that a lens or a scanner has made soft, by a Gaussian of that many tenths of a pixel, is as
 * strong as it looks, and not as weak as its highest frequencies. */
static void
test_soft_noise (gconstpointer data)
{
  enum
  {
    WIDE  = 1001,
    HIGH  = 703,
    REACH = 4
  };
  const double sigma = 8.0 / 255.0, blur = GPOINTER_TO_INT (data) / 10.0;
  g_autoptr (HlImage) image = draw_noisy (1, WIDE, HIGH, 0.0);
  g_autoptr (HlImage) white = draw_noisy (1, WIDE, HIGH, 0.1);
  g_autofree float *soft    = g_new0 (float, WIDE *HIGH);
  double            sum     = 0.0, found;
  float             weights[2 * REACH + 1];

  for (int i = -REACH; i <= REACH; i++)
    weights[i + REACH] = exp (-i * i / (2.0 * blur * blur));
  for (int i = 0; i < WIDE * HIGH; i++)
    white->planes[i] -= image->planes[i];
  for (int y = REACH; y < HIGH - REACH; y++)
    for (int x = REACH; x < WIDE - REACH; x++)
      {
        for (int j = -REACH; j <= REACH; j++)
          for (int i = -REACH; i <= REACH; i++)
            soft[y * WIDE + x]
                += weights[i + REACH] * weights[j + REACH] * white->planes[(y + j) * WIDE + x + i];
        sum += soft[y * WIDE + x] * soft[y * WIDE + x];
      }
  for (int i = 0; i < WIDE * HIGH; i++)
    image->planes[i] += sigma * soft[i] / sqrt (sum / ((WIDE - 2 * REACH) * (HIGH - 2 * REACH)));
  found = hl_noise_estimate (image, NULL, NULL);
  g_test_message ("%g of 255", 255 * found);
  g_assert_cmpfloat_with_epsilon (found, sigma, 0.3 * sigma);
  found = hl_noise_estimate_blur (image, NULL, NULL);
  g_test_message ("blurred by %g pixels", found);
  /* Beyond a pixel the bands hold too little of it to go by. */
  if (blur <= 1)
    g_assert_cmpfloat_with_epsilon (found, blur, 0.15);
  else
    g_assert_cmpfloat (found, >, 0.85);
}

/* Cloth that fills four fifths of the picture is not noise. */
static void
test_texture (void)
{
  double sigma              = 2.0 / 255.0;
  g_autoptr (HlImage) image = draw_noisy (1, WIDTH, HEIGHT, sigma);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH * 4 / 5; x++)
      image->planes[y * WIDTH + x]
          += 0.06 * sin (x * 0.6 + 0.3 * y) * (1 + sin (x * 1.9) * sin (y * 2.3));
  g_assert_cmpfloat_with_epsilon (hl_noise_estimate (image, NULL, NULL), sigma, 0.25 * sigma);
}

/* Only sound pixels count: all others have a noise five times as strong, or none. */
static void
test_only_sound_pixels (gconstpointer data)
{
  double sigma              = 6.0 / 255.0;
  g_autoptr (HlImage) image = draw_noisy (1, WIDTH, HEIGHT, sigma);
  g_autoptr (HlImage) other = draw_noisy (1, WIDTH, HEIGHT, GPOINTER_TO_INT (data) * sigma);
  g_autofree float *source  = g_new (float, WIDTH *HEIGHT);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int at = y * WIDTH + x;

        source[at] = x >= 80 && y < HEIGHT - 60;
        if (source[at] <= 0)
          image->planes[at] = other->planes[at];
      }
  image->planes[10 * WIDTH + 150] = NAN;
  g_assert_cmpfloat_with_epsilon (hl_noise_estimate (image, source, NULL), sigma, 0.15 * sigma);
}

/* White paper that was scanned beyond white holds no noise, and tells nothing. */
static void
test_clipped_paper (void)
{
  double sigma              = 10.0 / 255.0;
  g_autoptr (HlImage) image = draw_noisy (1, WIDTH, HEIGHT, sigma);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH / 2; x++)
      image->planes[y * WIDTH + x] = 1.0f;
  g_assert_cmpfloat_with_epsilon (hl_noise_estimate (image, NULL, NULL), sigma, 0.15 * sigma);
}

static void
test_small (void)
{
  const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 2, 2 }, { 7, 5 }, { 8, 8 }, { 20, 20 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (HlImage) image = draw_noisy (3, sizes[i][0], sizes[i][1], 0.1);
      double estimate           = hl_noise_estimate (image, NULL, NULL);

      g_assert_cmpfloat (estimate, >=, 0.0);
      g_assert_cmpfloat (estimate, <=, 1.0);
      if (sizes[i][0] >= 20)
        g_assert_cmpfloat_with_epsilon (estimate, 0.1, 0.02);
    }
}

static void
test_nothing_sound (void)
{
  g_autoptr (HlImage) image = draw_noisy (1, 20, 20, 0.1);
  const float source[400]   = { 0 };

  g_assert_cmpfloat (hl_noise_estimate (image, source, NULL), ==, 0.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/noise/0", GINT_TO_POINTER (0), test_known_noise);
  g_test_add_data_func ("/noise/5", GINT_TO_POINTER (5), test_known_noise);
  g_test_add_data_func ("/noise/10", GINT_TO_POINTER (10), test_known_noise);
  g_test_add_data_func ("/noise/25", GINT_TO_POINTER (25), test_known_noise);
  g_test_add_data_func ("/noise/50", GINT_TO_POINTER (50), test_known_noise);
  g_test_add_data_func ("/noise/1", GINT_TO_POINTER (1), test_known_noise);
  g_test_add_data_func ("/noise/soft/1.0", GINT_TO_POINTER (10), test_soft_noise);
  g_test_add_data_func ("/noise/soft/1.5", GINT_TO_POINTER (15), test_soft_noise);
  g_test_add_func ("/noise/texture", test_texture);
  g_test_add_data_func ("/noise/only-sound-pixels/strong", GINT_TO_POINTER (5),
                        test_only_sound_pixels);
  g_test_add_data_func ("/noise/only-sound-pixels/none", GINT_TO_POINTER (0),
                        test_only_sound_pixels);
  g_test_add_func ("/noise/clipped-paper", test_clipped_paper);
  g_test_add_func ("/noise/small", test_small);
  g_test_add_func ("/noise/nothing-sound", test_nothing_sound);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_grain_learn() and hl_grain_add() on drawn pictures with a known grain; in one file, as they
 * share the drawing and are each only to be seen through the other. */

#include <math.h>
#include <string.h>

#include "restore/grain/grain.h"

#define WIDTH 301
#define HEIGHT 203
#define PIXELS (WIDTH * HEIGHT)
#define MARGIN 4

/* Slopes, discs and an edge, different at every place. */
static double
draw (int c, int x, int y)
{
  double value = 0.2 + 0.0018 * x + 0.03 * c + 0.08 * cos (y * 0.017);

  if (hypot (x - 90, y - 80) < 40)
    value += 0.1 * (1 + c) / 3.0;
  if (x > 200 && y > 2 * x - 400)
    value -= 0.09;
  return value;
}

static HlImage *
draw_image (int channels)
{
  g_autoptr (GError) error = NULL;
  HlImage *image           = hl_image_new (channels, WIDTH, HEIGHT, &error);

  g_assert_no_error (error);
  for (int i = 0; i < channels * PIXELS; i++)
    image->planes[i] = draw (i / PIXELS, i % PIXELS % WIDTH, i % PIXELS / WIDTH);
  return image;
}

/* Noise of deviation 1 (H, W): white, or through a square of @side pixels. */
static double *
make_noise (GRand *random, int side)
{
  const int          stride = WIDTH + 2 * MARGIN;
  g_autofree double *white  = g_new (double, stride *(HEIGHT + 2 * MARGIN));
  double            *noise  = g_new0 (double, PIXELS);

  for (int i = 0; i < stride * (HEIGHT + 2 * MARGIN); i++)
    {
      double u = g_rand_double (random), v = g_rand_double (random);

      white[i] = sqrt (-2 * log (1 - u)) * cos (2 * G_PI * v);
    }
  for (int i = 0; i < PIXELS; i++)
    for (int t = 0; t < side * side; t++)
      noise[i] += white[(i / WIDTH + t / side) * stride + i % WIDTH + t % side] / side;
  return noise;
}

/* A disc, a thin line and specks: (H, W). */
static float *
make_fill (void)
{
  float *fill = g_new0 (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % WIDTH, y = i / WIDTH;

      fill[i] = hypot (x - 120, y - 110) < 60 || abs (y - x / 2) < 2
                || (x % 37 < 3 && y % 29 < 3 && x > 200);
    }
  return fill;
}

/* Away from the rim of the disc: (H, W). */
static float *
make_inner (void)
{
  float *inner = g_new0 (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    inner[i] = hypot (i % WIDTH - 120, i / WIDTH - 110) < 55;
  return inner;
}

static float *
make_known (const float *fill)
{
  float *known = g_new (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    known[i] = fill[i] > 0 ? 0 : 1;
  return known;
}

static HlGrain
learn (const HlImage *image, const float *known)
{
  g_autoptr (GError) error = NULL;
  HlGrain grain;

  g_assert_true (hl_grain_learn (&grain, image, known, NULL, &error));
  g_assert_no_error (error);
  return grain;
}

/* Learns from the drawing with @noise, and adds to the drawing without it.
 * Returns what was added. */
static HlImage *
add_to_drawing (const HlImage *noisy, const float *fill, double amount, guint32 seed)
{
  g_autoptr (GError) error  = NULL;
  g_autofree float *known   = make_known (fill);
  g_autoptr (HlImage) clean = draw_image (noisy->channels);
  HlImage *added            = draw_image (noisy->channels);
  HlGrain  grain            = learn (noisy, known);

  g_assert_true (hl_grain_add (&grain, added, fill, 0, 0, amount, seed, NULL, &error));
  g_assert_no_error (error);
  for (int i = 0; i < noisy->channels * PIXELS; i++)
    added->planes[i] -= clean->planes[i];
  return added;
}

/* The mean product of plane @c of @image with itself @dx, @dy further, within the fill. */
static double
get_product (const HlImage *image, const float *fill, int c, int dx, int dy)
{
  const float *plane = image->planes + (gsize) c * PIXELS;
  double       sum   = 0;
  int          n     = 0;

  for (int y = 0; y + dy < HEIGHT; y++)
    for (int x = 0; x + dx < WIDTH; x++)
      {
        int a = y * WIDTH + x, b = a + dy * WIDTH + dx;

        if (!(fill[a] > 0) || !(fill[b] > 0))
          continue;
        sum += (double) plane[a] * plane[b];
        n++;
      }
  return sum / n;
}

static void
test_known_grain (gconstpointer data)
{
  const int         side = GPOINTER_TO_INT (data) % 10, channels = GPOINTER_TO_INT (data) / 10;
  const double      sigma   = 6 / 255.0;
  g_autofree float *fill    = make_fill ();
  g_autofree float *inner   = make_inner ();
  g_autoptr (HlImage) noisy = draw_image (channels);
  g_autoptr (HlImage) added = NULL;
  g_autoptr (GRand) random  = g_rand_new_with_seed (5);

  for (int c = 0; c < channels; c++)
    {
      g_autofree double *noise = make_noise (random, side);

      for (int i = 0; i < PIXELS; i++)
        /* What is damaged must not be learnt from. */
        noisy->planes[c * PIXELS + i] += (fill[i] > 0 ? 9 : 1) * sigma * (c + 2) / 2 * noise[i];
    }
  added = add_to_drawing (noisy, fill, 1, 9);
  for (int c = 0; c < channels; c++)
    {
      double variance = get_product (added, inner, c, 0, 0);
      double truth    = sigma * (c + 2) / 2;

      g_test_message ("channel %d: %.2f of 255, was %.2f", c, 255 * sqrt (variance), 255 * truth);
      g_assert_cmpfloat_with_epsilon (sqrt (variance), truth, 0.1 * truth);
      for (int lag = 1; lag <= 5; lag++)
        {
          double expected = lag < side ? 1 - (double) lag / side : 0;

          g_assert_cmpfloat_with_epsilon (get_product (added, inner, c, lag, 0) / variance,
                                          expected, 0.1);
          g_assert_cmpfloat_with_epsilon (get_product (added, inner, c, 0, lag) / variance,
                                          expected, 0.1);
        }
    }
}

/* Twice as strong where it is bright. */
static void
test_brightness (void)
{
  g_autofree float *fill    = make_fill ();
  g_autofree float *known   = make_known (fill);
  g_autoptr (HlImage) noisy = draw_image (1);
  g_autoptr (GRand) random  = g_rand_new_with_seed (5);
  g_autofree double *noise  = make_noise (random, 2);
  HlGrain            grain;

  for (int i = 0; i < PIXELS; i++)
    noisy->planes[i] += 10 / 255.0 * noisy->planes[i] * noise[i];
  grain = learn (noisy, known);
  for (double b = 0.25; b < 0.75; b += 0.05)
    g_assert_cmpfloat_with_epsilon (hl_grain_get_level (&grain, b), 10 / 255.0 * b,
                                    0.12 * 10 / 255.0 * b);
  g_assert_cmpfloat (hl_grain_get_level (&grain, 9), <, 11 / 255.0);
  g_assert_cmpfloat (hl_grain_get_level (&grain, -9), >, 0);
}

static void
test_gray_stays_gray (void)
{
  g_autofree float *fill    = make_fill ();
  g_autoptr (HlImage) noisy = draw_image (3);
  g_autoptr (HlImage) added = NULL;
  g_autoptr (GRand) random  = g_rand_new_with_seed (5);
  g_autofree double *noise  = make_noise (random, 2);

  for (int i = 0; i < 3 * PIXELS; i++)
    noisy->planes[i] += 6 / 255.0 * noise[i % PIXELS];
  added = add_to_drawing (noisy, fill, 1, 9);
  g_assert_cmpfloat (get_product (added, fill, 0, 0, 0), >, 5 / 255.0 * 5 / 255.0);
  /* What little colour there is comes from the discs' rims, which are not gray. */
  for (int i = 0; i < PIXELS; i++)
    {
      added->planes[PIXELS + i] -= added->planes[i];
      added->planes[2 * PIXELS + i] -= added->planes[i];
    }
  for (int c = 1; c < 3; c++)
    g_assert_cmpfloat (get_product (added, fill, c, 0, 0), <, 0.5 / 255 * 0.5 / 255);
}

/* Stripes of any direction and strength, all over. */
static double
draw_texture (int x, int y)
{
  double direction = 0.9 * (x / 40) + 1.7 * (y / 30);

  return (0.02 + 0.03 * ((x / 40 * 5 + y / 30 * 3) % 7))
         * sin (1.1 * (x * cos (direction) + y * sin (direction)));
}

static void
test_texture (void)
{
  g_autofree float *fill    = make_fill ();
  g_autofree float *known   = make_known (fill);
  g_autoptr (HlImage) image = draw_image (1);
  g_autoptr (GRand) random  = g_rand_new_with_seed (5);
  g_autofree double *noise  = make_noise (random, 1);
  g_autofree double *clouds = make_noise (random, 2 * MARGIN + 1);
  HlGrain            grain;

  for (int i = 0; i < PIXELS; i++)
    image->planes[i] += draw_texture (i % WIDTH, i / WIDTH);
  grain = learn (image, known);
  for (int i = 0; i < HL_GRAIN_LEVELS; i++)
    g_assert_cmpfloat (grain.level[i], <, 1 / 255.0);

  /* Clouds have no direction, but are too coarse. */
  for (int i = 0; i < PIXELS; i++)
    image->planes[i] = draw (0, i % WIDTH, i / WIDTH) + 0.08 * clouds[i];
  grain = learn (image, known);
  for (int i = 0; i < HL_GRAIN_LEVELS; i++)
    g_assert_cmpfloat (grain.level[i], <, 1 / 255.0);

  /* Where only a part is texture, the grain is found beside it. */
  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % WIDTH, y = i / WIDTH;

      image->planes[i]
          = draw (0, x, y) + (y < 130 ? draw_texture (x, y) : 0) + 6 / 255.0 * noise[i];
    }
  grain = learn (image, known);
  for (double b = 0.3; b < 0.7; b += 0.05)
    {
      g_test_message ("at %.2f: %.2f of 255", b, 255 * hl_grain_get_level (&grain, b));
      g_assert_cmpfloat_with_epsilon (hl_grain_get_level (&grain, b), 6 / 255.0, 1.2 / 255);
    }
}

static void
test_no_grain (void)
{
  g_autofree float *fill    = make_fill ();
  g_autofree float *known   = make_known (fill);
  g_autoptr (HlImage) image = draw_image (3);
  g_autoptr (HlImage) same  = NULL;
  HlGrain grain;

  for (int i = 0; i < 3 * PIXELS; i++)
    image->planes[i] = roundf (255 * image->planes[i]) / 255;
  same  = hl_image_copy (image, NULL);
  grain = learn (image, known);
  g_assert_true (hl_grain_add (&grain, image, fill, 0, 0, 1, 3, NULL, NULL));
  g_assert_cmpmem (image->planes, 3 * PIXELS * sizeof (float), same->planes,
                   3 * PIXELS * sizeof (float));
}

static HlImage *
draw_noisy (int channels, double sigma)
{
  HlImage *noisy           = draw_image (channels);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (int c = 0; c < channels; c++)
    {
      g_autofree double *noise = make_noise (random, 2);

      for (int i = 0; i < PIXELS; i++)
        noisy->planes[c * PIXELS + i] += sigma * noise[i];
    }
  return noisy;
}

static void
test_amount_and_seed (void)
{
  g_autofree float *fill    = make_fill ();
  g_autoptr (HlImage) noisy = draw_noisy (3, 6 / 255.0);
  g_autoptr (HlImage) none  = add_to_drawing (noisy, fill, 0, 9);
  g_autoptr (HlImage) half  = add_to_drawing (noisy, fill, 0.5, 9);
  g_autoptr (HlImage) full  = add_to_drawing (noisy, fill, 1, 9);
  g_autoptr (HlImage) again = add_to_drawing (noisy, fill, 1, 9);
  g_autoptr (HlImage) other = add_to_drawing (noisy, fill, 1, 10);
  double product            = 0, square;

  g_assert_cmpmem (full->planes, 3 * PIXELS * sizeof (float), again->planes,
                   3 * PIXELS * sizeof (float));
  for (int i = 0; i < 3 * PIXELS; i++)
    {
      g_assert_cmpfloat (none->planes[i], ==, 0);
      g_assert_cmpfloat_with_epsilon (half->planes[i], 0.5 * full->planes[i], 1e-6);
      if (!(fill[i % PIXELS] > 0))
        g_assert_cmpfloat (full->planes[i], ==, 0);
    }
  square = get_product (full, fill, 0, 0, 0);
  for (int i = 0; i < PIXELS; i++)
    product += full->planes[i] * other->planes[i] / PIXELS;
  g_assert_cmpfloat (fabs (product), <, 0.03 * square);
  /* Nor is one channel another's noise. */
  product = 0;
  for (int i = 0; i < PIXELS; i++)
    product += full->planes[i] * full->planes[PIXELS + i] / PIXELS;
  g_assert_cmpfloat (fabs (product), <, 0.05 * square);
}

/* A part gets the bits that the whole gets there. */
static void
test_cut (void)
{
  enum
  {
    X0 = 45,
    Y0 = 31,
    W  = 163,
    H  = 155
  };
  g_autofree float *fill    = make_fill ();
  g_autofree float *known   = make_known (fill);
  g_autofree float *part    = g_new (float, W *H);
  g_autoptr (HlImage) noisy = draw_noisy (3, 6 / 255.0);
  g_autoptr (HlImage) whole = draw_image (3);
  g_autoptr (HlImage) cut   = hl_image_new (3, W, H, NULL);
  HlGrain grain             = learn (noisy, known);
  int     reach             = HL_GRAIN_REACH;

  /* With more and more grain of its own. */
  for (int i = 0; i < 3 * PIXELS; i++)
    whole->planes[i] += i % WIDTH / (double) WIDTH * (noisy->planes[i] - whole->planes[i]);
  for (int i = 0; i < 3 * W * H; i++)
    {
      int x = X0 + i % (W * H) % W, y = Y0 + i % (W * H) / W;

      cut->planes[i]    = whole->planes[i / (W * H) * PIXELS + y * WIDTH + x];
      part[i % (W * H)] = fill[y * WIDTH + x];
    }
  g_assert_true (hl_grain_add (&grain, whole, fill, 0, 0, 1, 9, NULL, NULL));
  g_assert_true (hl_grain_add (&grain, cut, part, X0, Y0, 1, 9, NULL, NULL));
  for (int c = 0; c < 3; c++)
    for (int y = reach; y < H - reach; y++)
      for (int x = reach; x < W - reach; x++)
        g_assert_cmpfloat (cut->planes[(c * H + y) * W + x], ==,
                           whole->planes[(c * HEIGHT + Y0 + y) * WIDTH + X0 + x]);
}

/* Grain that the fill has already is made up to what it should be. */
static void
test_own_grain (gconstpointer data)
{
  double            own = GPOINTER_TO_INT (data) / 100.0, sigma = 6 / 255.0, sum = 0, changed = 0;
  g_autofree float *fill    = make_fill ();
  g_autofree float *known   = make_known (fill);
  g_autoptr (HlImage) noisy = draw_noisy (1, sigma);
  g_autoptr (HlImage) clean = draw_image (1);
  g_autoptr (HlImage) image = draw_image (1);
  g_autoptr (HlImage) start = NULL;
  g_autoptr (GRand) random  = g_rand_new_with_seed (8);
  g_autofree double *noise  = make_noise (random, 2);
  HlGrain            grain  = learn (noisy, known);
  int                n      = 0;

  for (int i = 0; i < PIXELS; i++)
    image->planes[i] += own * sigma * noise[i];
  start = hl_image_copy (image, NULL);
  g_assert_true (hl_grain_add (&grain, image, fill, 0, 0, 1, 9, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    if (hypot (i % WIDTH - 120, i / WIDTH - 110) < 55)
      {
        sum += pow (image->planes[i] - clean->planes[i], 2);
        changed += pow (image->planes[i] - start->planes[i], 2);
        n++;
      }
  g_test_message ("%.2f of 255, added %.2f", 255 * sqrt (sum / n), 255 * sqrt (changed / n));
  g_assert_cmpfloat_with_epsilon (sqrt (sum / n), sigma, 0.1 * sigma);
  if (own >= 1)
    g_assert_cmpfloat (sqrt (changed / n), <, 0.4 * sigma);
}

/* Where old and new are mixed, the mixture has the grain of either. */
static void
test_soft_fill (void)
{
  const double      sigma   = 6 / 255.0;
  g_autofree float *fill    = g_new0 (float, PIXELS);
  g_autofree float *known   = NULL;
  g_autoptr (HlImage) noisy = draw_noisy (1, sigma);
  g_autoptr (HlImage) clean = draw_image (1);
  g_autoptr (HlImage) mixed = draw_image (1);
  double  sum               = 0;
  int     n                 = 0;
  HlGrain grain;

  for (int i = 0; i < PIXELS; i++)
    fill[i] = CLAMP (0.01 * (i % WIDTH - 100), 0, 1);
  known = make_known (fill);
  grain = learn (noisy, known);
  for (int i = 0; i < PIXELS; i++)
    mixed->planes[i] += (1 - fill[i]) * (noisy->planes[i] - clean->planes[i]);
  g_assert_true (hl_grain_add (&grain, mixed, fill, 0, 0, 1, 9, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    if (fill[i] > 0 && fill[i] < 0.4)
      {
        sum += pow (mixed->planes[i] - clean->planes[i], 2);
        n++;
      }
  g_assert_cmpfloat_with_epsilon (sqrt (sum / n), sigma, 0.1 * sigma);
}

/* A thin scratch lies close to known grain, which its fill goes on from. */
static void
test_rim (void)
{
  const double      sigma   = 6 / 255.0;
  g_autofree float *fill    = g_new0 (float, PIXELS);
  g_autoptr (HlImage) noisy = draw_image (1);
  g_autoptr (HlImage) added = NULL;
  g_autoptr (GRand) random  = g_rand_new_with_seed (5);
  g_autofree double *noise  = make_noise (random, 3);

  for (int i = 0; i < PIXELS; i++)
    {
      fill[i] = i % WIDTH % 12 == 5;
      noisy->planes[i] += sigma * noise[i];
    }
  added = add_to_drawing (noisy, fill, 1, 9);
  g_assert_cmpfloat_with_epsilon (sqrt (get_product (added, fill, 0, 0, 0)),
                                  sigma * sqrt (1 - 4 / 9.0), 0.12 * sigma);
}

static void
test_nothing_known (void)
{
  const int sizes[][2] = { { 1, 1 }, { 3, 40 }, { 16, 16 }, { 40, 33 } };
  float     one[40 * 40], zero[40 * 40] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (one); i++)
    one[i] = 1;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (HlImage) image = hl_image_new (3, sizes[i][0], sizes[i][1], NULL);
      int     n                 = 3 * sizes[i][0] * sizes[i][1];
      HlGrain grain;

      for (int j = 0; j < n; j++)
        image->planes[j] = j % 7 * 0.1;
      grain = learn (image, zero);
      g_assert_true (hl_grain_add (&grain, image, one, 5, 7, 1, 3, NULL, NULL));
      for (int j = 0; j < n; j++)
        g_assert_cmpfloat (image->planes[j], ==, (float) (j % 7 * 0.1));
      image->planes[0] = NAN;
      grain            = learn (image, one);
      for (int j = 0; j < HL_GRAIN_LEVELS; j++)
        g_assert_true (isfinite (grain.level[j]));
      g_assert_true (hl_grain_add (&grain, image, one, 5, 7, 1, 3, NULL, NULL));
      for (int j = 1; j < n; j++)
        g_assert_true (isfinite (image->planes[j]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/grain/known/gray-white", GINT_TO_POINTER (11), test_known_grain);
  g_test_add_data_func ("/grain/known/gray-2", GINT_TO_POINTER (12), test_known_grain);
  g_test_add_data_func ("/grain/known/gray-3", GINT_TO_POINTER (13), test_known_grain);
  g_test_add_data_func ("/grain/known/rgb-white", GINT_TO_POINTER (31), test_known_grain);
  g_test_add_data_func ("/grain/known/rgb-3", GINT_TO_POINTER (33), test_known_grain);
  g_test_add_func ("/grain/brightness", test_brightness);
  g_test_add_func ("/grain/gray-stays-gray", test_gray_stays_gray);
  g_test_add_func ("/grain/texture", test_texture);
  g_test_add_func ("/grain/no-grain", test_no_grain);
  g_test_add_func ("/grain/amount-and-seed", test_amount_and_seed);
  g_test_add_func ("/grain/cut", test_cut);
  g_test_add_data_func ("/grain/own/50", GINT_TO_POINTER (50), test_own_grain);
  g_test_add_data_func ("/grain/own/80", GINT_TO_POINTER (80), test_own_grain);
  g_test_add_data_func ("/grain/own/100", GINT_TO_POINTER (100), test_own_grain);
  g_test_add_func ("/grain/soft-fill", test_soft_fill);
  g_test_add_func ("/grain/rim", test_rim);
  g_test_add_func ("/grain/nothing-known", test_nothing_known);
  return g_test_run ();
}

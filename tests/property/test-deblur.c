/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deblurring by its properties: the transforms, the adjoint, what each solver gains on a
 * picture blurred in light by a plain sum, borders, holes, highlights, and that what is sharp
 * stays as it is. */

#include <math.h>
#include <string.h>

#include "restore/blur/blur_search.h"
#include "restore/blur/blurred.h"
#include "restore/blur/deblur_auto.h"
#include "restore/error.h"
#include "restore/blur/halo.h"
#include "restore/linear_light.h"

#include "discs.h"

#define WIDTH 113 /* odd and prime, so that the padding has work to do */
#define HEIGHT 87
#define SIZE (WIDTH * HEIGHT)

/* Discs, bars and a slope: edges in all directions, and no symmetry. */
static float
draw (int channel, int x, int y)
{
  double value = 0.2 + 0.002 * x + 0.001 * y + 0.03 * channel;

  if (hypot (x - 35, y - 30) < 17)
    value += 0.35;
  if (hypot (x - 80, y - 60) < 11)
    value -= 0.25;
  if (x > 50 && x < 105 && y > 12 && y < 40 && (x + 2 * y) / 5 % 2)
    value += 0.15 + 0.05 * channel;
  return (float) value;
}

static HlImage *
draw_picture (int channels)
{
  HlImage *image = hl_image_new (channels, WIDTH, HEIGHT, NULL);

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        image->planes[c * SIZE + y * WIDTH + x] = draw (c, x, y);
  return image;
}

/* A plain sum over what lies beyond the borders as well: nothing of it is shared with the code
 * under test. */
static HlImage *
draw_blurred (int channels, const HlPsf *psf, gboolean light, double noise)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  HlImage *image           = hl_image_new (channels, WIDTH, HEIGHT, NULL);
  int      reach           = psf->side / 2;

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        {
          double sum = 0;

          for (int j = -reach; j <= reach; j++)
            for (int i = -reach; i <= reach; i++)
              {
                float value = draw (c, x - i, y - j);

                sum += psf->weights[(j + reach) * psf->side + i + reach]
                       * (light ? hl_light_decode (value) : value);
              }
          image->planes[c * SIZE + y * WIDTH + x]
              = (light ? hl_light_encode (sum) : sum)
                + noise * sqrt (3) * g_rand_double_range (random, -1, 1);
        }
  return image;
}

static double
psnr (const HlImage *a, const HlImage *b, const float *where)
{
  double sum = 0, n = 0;

  for (int i = 0; i < a->channels * SIZE; i++)
    if (!where || where[i % SIZE] > 0)
      {
        sum += pow (a->planes[i] - b->planes[i], 2);
        n++;
      }
  return -10 * log10 (sum / n + 1e-20);
}

static float *
known_new (void)
{
  float *known = g_new (float, SIZE);

  for (int i = 0; i < SIZE; i++)
    known[i] = 1;
  return known;
}

static void
deblur (HlImage *image, HlDeblurMethod method, const HlPsf *psf, gboolean light, double noise,
        const float *known)
{
  g_autoptr (GError) error = NULL;
  const HlProgress control = { 0 };
  HlDeblurTask     task    = { .method = method, .psf = psf, .noise_level = noise };

  task.curve = light ? HL_CURVE_LIGHT : HL_CURVE_VALUES;

  hl_deblur_run (&task, image, known, &control, &error);
  g_assert_no_error (error);
}

static void
test_light (void)
{
  for (float value = -0.5f; value < 2; value += 0.0173f)
    {
      float light = hl_light_decode (value);
      float h     = 1e-3f;

      g_assert_cmpfloat_with_epsilon (hl_light_encode (light), value, 1e-5);
      if (value > 0.2 && value < 0.99)
        g_assert_cmpfloat_with_epsilon (
            hl_curve_get_derivative (HL_CURVE_LIGHT, light),
            (hl_light_decode (value + h) - hl_light_decode (value - h)) / (2 * h), 1e-2);
    }
  /* What is dark is not told from black. */
  g_assert_cmpfloat (hl_curve_get_derivative (HL_CURVE_LIGHT, 0), ==, 0.2f);
  /* IEC 61966-2-1: middle gray. */
  g_assert_cmpfloat_with_epsilon (hl_light_decode (0.5f), 0.2140, 1e-4);
}

/* The curve half way lies between both, and goes back. */
static void
test_between (void)
{
  for (float value = -0.5f; value < 2; value += 0.0173f)
    {
      float x = hl_curve_decode (HL_CURVE_BETWEEN, value), h = 1e-3f, all = value;

      g_assert_cmpfloat_with_epsilon (hl_curve_encode (HL_CURVE_BETWEEN, x), value, 1e-5);
      hl_curve_decode_all (HL_CURVE_BETWEEN, &all, 1);
      g_assert_cmpfloat (all, ==, x);
      hl_curve_encode_all (HL_CURVE_BETWEEN, &all, 1);
      g_assert_cmpfloat_with_epsilon (all, value, 1e-5);
      if (value < 0.05 || value > 0.95)
        continue;
      g_assert_cmpfloat (x, <, value);
      g_assert_cmpfloat (x, >, hl_light_decode (value));
      g_assert_cmpfloat_with_epsilon (hl_curve_get_derivative (HL_CURVE_BETWEEN, x),
                                      (hl_curve_decode (HL_CURVE_BETWEEN, value + h)
                                       - hl_curve_decode (HL_CURVE_BETWEEN, value - h))
                                          / (2 * h),
                                      1e-2);
    }
  g_assert_cmpfloat_with_epsilon (hl_curve_decode (HL_CURVE_BETWEEN, 0), 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (hl_curve_decode (HL_CURVE_BETWEEN, 1), 1, 1e-5);
  g_assert_cmpfloat (hl_curve_decode (HL_CURVE_VALUES, 0.3f), ==, 0.3f);
  g_assert_cmpfloat (hl_curve_get_derivative (HL_CURVE_VALUES, 0.3f), ==, 1);
}

/* Many derivatives at once are those of one after the other. */
static void
test_derivatives (void)
{
  const HlCurve curves[] = { HL_CURVE_VALUES, HL_CURVE_LIGHT, HL_CURVE_BETWEEN };
  float         x[37], derivatives[37];

  for (int i = 0; i < 37; i++)
    x[i] = -0.3f + 0.05f * i;
  for (int k = 0; k < 3; k++)
    {
      hl_curve_get_derivatives (curves[k], x, derivatives, 37);
      for (int i = 0; i < 37; i++)
        g_assert_cmpfloat_with_epsilon (derivatives[i], hl_curve_get_derivative (curves[k], x[i]),
                                        1e-6);
    }
}

static void
test_split (void)
{
  float planes[] = { 0.1f, 0.9f, 0.5f, 0.2f, 0.3f, 0.7f }, gray[] = { 0.4f, 0.4f, 0.4f };

  hl_light_split (planes, 2);
  /* Rec. 709. */
  g_assert_cmpfloat_with_epsilon (planes[0], 0.2126 * 0.1 + 0.7152 * 0.5 + 0.0722 * 0.3, 1e-6);
  hl_light_join (planes, 2);
  g_assert_cmpfloat_with_epsilon (planes[0], 0.1, 1e-6);
  g_assert_cmpfloat_with_epsilon (planes[2], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (planes[3], 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (planes[5], 0.7, 1e-6);
  hl_light_split (gray, 1);
  g_assert_cmpfloat_with_epsilon (gray[0], 0.4, 1e-6);
  g_assert_cmpfloat_with_epsilon (gray[1], 0, 1e-6);
}

/* <A x, y> = <x, A' y>, and A is the plain sum in the middle of the picture. */
static void
test_adjoint (void)
{
  g_autoptr (GRand) random      = g_rand_new_with_seed (5);
  g_autoptr (HlFourier) fourier = hl_fourier_new (WIDTH, HEIGHT, 20, NULL);
  g_autoptr (HlPsf) psf         = hl_psf_new_from_text ("aniso:2.5:0.8:20", NULL);
  g_autofree float *memory      = hl_fourier_alloc (fourier, 6, NULL);
  gsize             stride      = fourier->stride;
  float *x = memory, *y = memory + stride, *a_x = memory + 2 * stride, *at_y = memory + 3 * stride;
  fftwf_complex *transfer = (fftwf_complex *) (memory + 4 * stride);
  fftwf_complex *work     = (fftwf_complex *) (memory + 5 * stride);
  double         left = 0, right = 0, sum = 0;
  int            reach = psf->side / 2;

  psf->weights[0] += 0.2f; /* no longer symmetric */
  hl_fourier_transfer (fourier, psf, x, transfer);
  for (gsize i = 0; i < fourier->pixels; i++)
    {
      x[i] = a_x[i] = g_rand_double (random);
      y[i] = at_y[i] = g_rand_double (random) - 0.3;
    }
  hl_fourier_blur (fourier, transfer, FALSE, a_x, work);
  hl_fourier_blur (fourier, transfer, TRUE, at_y, work);
  for (gsize i = 0; i < fourier->pixels; i++)
    {
      left += a_x[i] * y[i];
      right += x[i] * at_y[i];
    }
  g_assert_cmpfloat_with_epsilon (left / right, 1, 1e-5);
  for (int j = -reach; j <= reach; j++)
    for (int i = -reach; i <= reach; i++)
      sum += psf->weights[(j + reach) * psf->side + i + reach]
             * x[(40 - j) * fourier->padded_width + 50 - i];
  g_assert_cmpfloat_with_epsilon (a_x[40 * fourier->padded_width + 50], sum, 1e-4);
}

typedef struct
{
  const char    *psf;
  HlDeblurMethod method;
  gboolean       light;
  double         gain;
} Case;

static void
test_gain (gconstpointer data)
{
  const Case *test        = data;
  g_autoptr (HlPsf) psf   = hl_psf_new_from_text (test->psf, NULL);
  g_autofree float *known = known_new ();

  for (int channels = 1; channels <= 3; channels += 2)
    {
      g_autoptr (HlImage) truth = draw_picture (channels);
      g_autoptr (HlImage) image = draw_blurred (channels, psf, test->light, 0.5 / 255);
      double before             = psnr (image, truth, NULL);

      deblur (image, test->method, psf, test->light, 0.5 / 255, known);
      g_test_message ("%.2f dB, then %.2f dB", before, psnr (image, truth, NULL));
      g_assert_cmpfloat (psnr (image, truth, NULL), >, before + test->gain);
    }
}

/* A hole is filled with what fits around it, and its rim is as sharp as the rest. */
/* Noise of @deviation, made soft by a Gaussian of @blur pixels. */
static void
add_soft_noise (HlImage *image, double deviation, double blur)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (HlPsf) psf    = hl_psf_new_gaussian (blur, blur, 0);
  int    reach             = psf->side / 2;
  double energy            = 0;

  for (int i = 0; i < psf->side * psf->side; i++)
    energy += psf->weights[i] * psf->weights[i];
  for (int c = 0; c < image->channels; c++)
    {
      const int         width = WIDTH + 2 * reach;
      g_autofree float *white = g_new (float, (width * (HEIGHT + 2 * reach)));

      for (int i = 0; i < width * (HEIGHT + 2 * reach); i++)
        white[i] = deviation / sqrt (energy) * sqrt (3) * g_rand_double_range (random, -1, 1);
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          for (int k = 0; k < psf->side * psf->side; k++)
            image->planes[c * SIZE + y * WIDTH + x]
                += psf->weights[k] * white[(y + k / psf->side) * width + x + k % psf->side];
    }
}

/* Under a disk, whether light or the encoded values were blurred shows at the edges, and what is
 * found is what would have been chosen. */
static void
test_light_found (gconstpointer data)
{
  gboolean light             = GPOINTER_TO_INT (data);
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("disk:3", NULL);
  g_autoptr (HlImage) found  = draw_blurred (3, psf, light, 0.002);
  g_autoptr (HlImage) chosen = hl_image_copy (found, NULL);
  g_autofree float *known    = known_new ();
  const HlProgress  control  = { 0 };
  HlDeblurTask      task
      = { .method = HL_DEBLUR_TV, .psf = psf, .find_curve = TRUE, .noise_level = 0.002 };

  g_assert_true (hl_deblur_run (&task, found, known, &control, NULL));
  deblur (chosen, HL_DEBLUR_TV, psf, light, 0.002, known);
  g_assert_cmpmem (found->planes, 3 * SIZE * sizeof (float), chosen->planes,
                   3 * SIZE * sizeof (float));
}

/* Under a Gaussian it does not show, and the curve is the one between. */
static void
test_light_hidden (void)
{
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) found  = draw_blurred (1, psf, TRUE, 0.002);
  g_autoptr (HlImage) chosen = hl_image_copy (found, NULL);
  g_autofree float *known    = known_new ();
  const HlProgress  control  = { 0 };
  HlDeblurTask      task
      = { .method = HL_DEBLUR_TV, .psf = psf, .find_curve = TRUE, .noise_level = 0.002 };

  g_assert_true (hl_deblur_run (&task, found, known, &control, NULL));
  task.find_curve = FALSE;
  task.curve      = HL_CURVE_BETWEEN;
  g_assert_true (hl_deblur_run (&task, chosen, known, &control, NULL));
  g_assert_cmpmem (found->planes, SIZE * sizeof (float), chosen->planes, SIZE * sizeof (float));
}

/* By how much correlated noise counts for more, by a plain sum over frequencies. */
static void
test_noise_gain (void)
{
  const int    n                = 24;
  const double blur             = 0.7;
  g_autoptr (HlPsf) psf         = hl_psf_new_from_text ("motion:5:30", NULL);
  g_autoptr (HlFourier) fourier = hl_fourier_new (90, 70, 20, NULL);
  g_autofree float *buffers     = hl_fourier_alloc (fourier, 2, NULL);
  fftwf_complex    *transfer    = (fftwf_complex *) buffers;
  double            passed = 0, weights = 0, all = 0;

  hl_fourier_transfer (fourier, psf, buffers + fourier->stride, transfer);
  for (int v = 0; v < n; v++)
    for (int u = 0; u < n; u++)
      {
        double fx = MIN (u, n - u) / (double) n, fy = MIN (v, n - v) / (double) n, re = 0, im = 0;
        double noise = exp (-pow (2 * G_PI * blur, 2) * (fx * fx + fy * fy));

        for (int k = 0; k < psf->side * psf->side; k++)
          {
            double turn = 2 * G_PI * (u * (k % psf->side) + v * (k / psf->side)) / n;

            re += psf->weights[k] * cos (turn);
            im += psf->weights[k] * sin (turn);
          }
        passed += noise * (re * re + im * im);
        weights += re * re + im * im;
        all += noise / (n * n);
      }
  g_assert_cmpfloat (hl_fourier_get_noise_gain (fourier, transfer, 0), ==, 1);
  g_assert_cmpfloat_with_epsilon (hl_fourier_get_noise_gain (fourier, transfer, blur),
                                  sqrt (passed / weights / all), 0.02);
}

/* Grain that is correlated, as of every scan, must not be sharpened into a pattern. */
static void
test_grain (gconstpointer data)
{
  g_autoptr (HlPsf) psf        = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) truth    = draw_picture (1);
  g_autoptr (HlImage) image    = draw_blurred (1, psf, TRUE, 0);
  g_autoptr (HlImage) as_white = NULL;
  g_autofree float *known      = known_new ();
  const HlProgress  control    = { 0 };
  HlDeblurTask      task       = { .method      = GPOINTER_TO_INT (data),
                                   .psf         = psf,
                                   .curve       = HL_CURVE_LIGHT,
                                   .noise_level = 0.02,
                                   .noise_blur  = 0.7 };
  double            before;

  add_soft_noise (image, 0.02, 0.7);
  before   = psnr (image, truth, NULL);
  as_white = hl_image_copy (image, NULL);
  deblur (as_white, task.method, psf, TRUE, 0.02, known);
  g_assert_true (hl_deblur_run (&task, image, known, &control, NULL));
  g_test_message ("%.2f dB; taken for white %.2f dB, as it is %.2f dB", before,
                  psnr (as_white, truth, NULL), psnr (image, truth, NULL));
  g_assert_cmpfloat (psnr (image, truth, NULL), >, psnr (as_white, truth, NULL) + 1);
  g_assert_cmpfloat (psnr (image, truth, NULL), >, before);
}

static void
test_hole (void)
{
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autoptr (HlImage) truth = draw_picture (1);
  g_autoptr (HlImage) image = draw_blurred (1, psf, TRUE, 0.5 / 255);
  g_autoptr (HlImage) naive = NULL;
  g_autofree float *known = known_new (), *all = known_new (), *rim = g_new0 (float, SIZE);

  for (int y = 20; y < 60; y++)
    for (int x = 40; x < 60; x++)
      {
        gboolean hole = x >= 47 && x < 53 && y >= 27 && y < 53;

        known[y * WIDTH + x] = !hole;
        rim[y * WIDTH + x]   = !hole;
        if (hole)
          image->planes[y * WIDTH + x] = 0.9f;
      }
  naive = hl_image_copy (image, NULL);
  deblur (naive, HL_DEBLUR_TV, psf, TRUE, 0.5 / 255, all);
  deblur (image, HL_DEBLUR_TV, psf, TRUE, 0.5 / 255, known);
  g_test_message ("rim: %.2f dB, unmasked %.2f dB", psnr (image, truth, rim),
                  psnr (naive, truth, rim));
  g_assert_cmpfloat (psnr (image, truth, rim), >, 28);
  g_assert_cmpfloat (psnr (image, truth, rim), >, psnr (naive, truth, rim) + 6);
}

/* How dark the dark side of an edge becomes, of a light brighter than white that was cut off at
 * @white. */
static float
find_undershoot (float white)
{
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) image = hl_image_new (1, WIDTH, HEIGHT, NULL);
  g_autofree float *known   = known_new ();
  float             darkest = 1;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      image->planes[y * WIDTH + x] = fminf (
          hl_light_encode (0.2 + 1.2 * 0.5 * (1 + erf ((x - 50.5) / (2 * sqrt (2))))), white);
  deblur (image, HL_DEBLUR_TV, psf, TRUE, 2.0 / 255, known);
  for (int x = 0; x < WIDTH; x++)
    darkest = fminf (darkest, image->planes[40 * WIDTH + x]);
  return hl_light_encode (0.2) - darkest;
}

/* Light that was cut off at white rings into its surroundings much less than the same light cut
 * off just below, where it passes for a measured value. */
static void
test_highlight (void)
{
  g_test_message ("%g, known %g", find_undershoot (1), find_undershoot (0.99f));
  g_assert_cmpfloat (find_undershoot (1), <, 0.5 * find_undershoot (0.99f));
}

static void
test_constant (gconstpointer data)
{
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("motion:9:30", NULL);
  g_autoptr (HlImage) image = hl_image_new (3, WIDTH, HEIGHT, NULL);
  g_autofree float *known   = known_new ();

  for (int i = 0; i < 3 * SIZE; i++)
    image->planes[i] = 0.3f + 0.1f * (i / SIZE);
  deblur (image, GPOINTER_TO_INT (data), psf, TRUE, 0.02, known);
  for (int i = 0; i < 3 * SIZE; i++)
    g_assert_cmpfloat_with_epsilon (image->planes[i], 0.3f + 0.1f * (i / SIZE), 1e-3);
}

/* Without a margin and with all known this is a circular blur, which has a closed form: in the
 * Fourier domain z = (H* y + ratio x) / (|H|^2 + ratio). */
static void
test_data_step (void)
{
  g_autoptr (HlFourier) fourier = hl_fourier_new (96, 80, 0, NULL);
  g_autoptr (HlPsf) psf         = hl_psf_new_from_text ("gaussian:1.6", NULL);
  g_autoptr (HlImage) y = hl_image_new (1, 96, 80, NULL), x = hl_image_new (1, 96, 80, NULL);
  g_autoptr (HlImage) z           = hl_image_new (1, 96, 80, NULL);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autofree float *memory        = hl_fourier_alloc (fourier, HL_BLURRED_BUFFERS + 4, NULL);
  g_autofree float *known         = g_new (float, 96 * 80);
  float            *rest          = memory + HL_BLURRED_BUFFERS * fourier->stride;
  float            *other = rest + fourier->stride, worst = 0;
  fftwf_complex    *transfer = (fftwf_complex *) (rest + 2 * fourier->stride);
  fftwf_complex    *work     = (fftwf_complex *) (rest + 3 * fourier->stride);
  HlBlurred         blurred = { fourier, transfer, y, known, 0.02f, HL_CURVE_VALUES, memory, NULL };
  float             sigma = 0.1f, ratio = 0.04f;

  g_assert_cmpint (fourier->padded_width, ==, 96);
  g_assert_cmpint (fourier->padded_height, ==, 80);
  hl_fourier_transfer (fourier, psf, rest, transfer);
  for (int i = 0; i < 96 * 80; i++)
    {
      known[i]     = 1;
      y->planes[i] = 0.5f * draw (0, i % 96, i / 96);
      x->planes[i] = 0.4f * draw (1, i % 96, i / 96);
    }
  hl_blurred_solve (&blurred, x, sigma, z);
  /* What the closed form asks for: (H'H + ratio) z = H' y + ratio x. */
  memcpy (rest, z->planes, sizeof (float) * 96 * 80);
  hl_fourier_blur (fourier, transfer, FALSE, rest, work);
  for (int i = 0; i < 96 * 80; i++)
    rest[i] -= y->planes[i];
  hl_fourier_blur (fourier, transfer, TRUE, rest, work);
  memcpy (other, rest, sizeof (float) * 96 * 80);
  for (int i = 0; i < 96 * 80; i++)
    worst = fmaxf (worst, fabsf (other[i] + ratio * (z->planes[i] - x->planes[i])));
  g_assert_cmpfloat (worst, <, 1e-5);
  g_assert_cmpfloat (fabsf (z->planes[3000] - x->planes[3000]), >, 1e-4);

  blurred.cancel = cancel;
  g_cancellable_cancel (cancel);
  z->planes[0] = 7;
  hl_blurred_solve (&blurred, x, sigma, z);
  g_assert_cmpfloat (z->planes[0], ==, 7);
}

/* A long picture goes in two windows. Around the seam it is what it would be in one. */
static void
test_windows (gconstpointer data)
{
  const int left = 400, wide = 600, long_width = 1400, height = 48;
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:1.6", NULL);
  g_autoptr (HlImage) all   = hl_image_new (1, long_width, height, NULL);
  g_autoptr (HlImage) part  = hl_image_new (1, wide, height, NULL);
  g_autofree float *known   = g_new (float, long_width *height);
  float             worst   = 0, before;
  int               changed = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < long_width; x++)
      {
        float value = 0.5f + 0.3f * sinf (0.11f * x + 0.07f * y) * sinf (0.045f * x);

        known[y * long_width + x]       = 1;
        all->planes[y * long_width + x] = value;
        if (x >= left && x < left + wide)
          part->planes[y * wide + x - left] = value;
      }
  before = part->planes[10 * wide + 300];
  deblur (all, GPOINTER_TO_INT (data), psf, FALSE, 1.0 / 255, known);
  deblur (part, GPOINTER_TO_INT (data), psf, FALSE, 1.0 / 255, known);
  for (int y = 0; y < height; y++)
    for (int x = 100; x < wide - 100; x++)
      {
        worst = fmaxf (worst,
                       fabsf (all->planes[y * long_width + left + x] - part->planes[y * wide + x]));
        changed += part->planes[y * wide + x] != before;
      }
  g_test_message ("%.3f of 255", 255 * worst);
  g_assert_cmpint (changed, >, 1000);
  g_assert_cmpfloat (255 * worst, <, 0.25);
}

/* With less memory the windows are smaller, and what comes out is the same but for next to nothing;
 * where not even the smallest have room, that is said and nothing is touched. */
static void
test_memory (gconstpointer data)
{
  const int        width = 700, height = 40;
  const HlProgress control  = { 0 };
  g_autoptr (GError) error  = NULL;
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:1.6", NULL);
  g_autoptr (HlImage) whole = hl_image_new (1, width, height, NULL);
  g_autoptr (HlImage) parts = NULL, none = NULL, before = NULL;
  g_autofree float *known = g_new (float, width *height);
  float             worst = 0;
  guint64           all, peak = 0;
  HlDeblurTask task = { GPOINTER_TO_INT (data), psf, HL_CURVE_VALUES, .noise_level = 1.0 / 255 };

  for (int i = 0; i < width * height; i++)
    {
      int x = i % width, y = i / width;

      known[i]         = 1;
      whole->planes[i] = 0.5f + 0.3f * sinf (0.11f * x + 0.07f * y) * sinf (0.045f * x);
    }
  parts     = hl_image_copy (whole, NULL);
  none      = hl_image_copy (whole, NULL);
  before    = hl_image_copy (whole, NULL);
  task.peak = &all;
  g_assert_true (hl_deblur_run (&task, whole, known, &control, NULL));
  task.peak         = &peak;
  task.memory_limit = all / 2;
  g_assert_true (hl_deblur_run (&task, parts, known, &control, NULL));
  g_assert_cmpuint (peak, >, sizeof (float) * width * height);
  g_assert_cmpuint (peak, <, 0.7 * all);
  g_assert_cmpuint (peak, >, 0.4 * all);
  for (int y = 0; y < height; y++)
    for (int x = 60; x < width - 60; x++)
      worst = fmaxf (worst, fabsf (parts->planes[y * width + x] - whole->planes[y * width + x]));
  g_test_message ("%.3f of 255", 255 * worst);
  g_assert_cmpfloat (worst, >, 0);
  g_assert_cmpfloat (255 * worst, <, 0.25);

  task.memory_limit = 50000;
  g_assert_false (hl_deblur_run (&task, none, known, &control, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_MEMORY);
  g_assert_cmpmem (none->planes, sizeof (float) * width * height, before->planes,
                   sizeof (float) * width * height);
}

/* The limit against a plain search of the neighbourhood. */
static void
test_halo (void)
{
  const int w = 19, h = 13, reach = 2;
  g_autoptr (HlImage) before = hl_image_new (3, w, h, NULL);
  g_autoptr (HlImage) image  = hl_image_new (3, w, h, NULL);
  g_autoptr (HlImage) as_was = NULL;
  int changed                = 0;

  for (int c = 0; c < 3; c++)
    for (int i = 0; i < w * h; i++)
      {
        before->planes[c * w * h + i] = draw (c, i % w, i / w);
        image->planes[c * w * h + i]  = draw (c, i % w * 3, i / w * 5) * 1.5f - 0.2f;
      }
  as_was = hl_image_copy (image, NULL);
  g_assert_true (hl_halo_limit (image, before, reach, 0.25f, NULL, NULL));
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < w * h; i++)
      {
        float low = INFINITY, high = -INFINITY, wanted = as_was->planes[c * w * h + i];

        for (int y = MAX (i / w - reach, 0); y <= MIN (i / w + reach, h - 1); y++)
          for (int x = MAX (i % w - reach, 0); x <= MIN (i % w + reach, w - 1); x++)
            {
              low  = fminf (low, before->planes[(c * h + y) * w + x]);
              high = fmaxf (high, before->planes[(c * h + y) * w + x]);
            }
        changed += wanted != image->planes[c * w * h + i];
        wanted = CLAMP (wanted, low - 0.25f * (high - low), high + 0.25f * (high - low));
        g_assert_cmpfloat_with_epsilon (image->planes[c * w * h + i], wanted, 1e-6);
      }
  g_assert_cmpint (changed, >, w * h / 4);
  g_assert_cmpint (changed, <, 3 * w * h);
}

/* The left border knows nothing of the right one, although a Fourier transform joins them. */
static void
test_borders (gconstpointer data)
{
  const int w = 96, h = 80;
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:1.6", NULL);
  g_autoptr (HlImage) image = hl_image_new (1, w, h, NULL);
  g_autofree float *known   = g_new (float, w *h);
  float             worst   = 0;

  for (int i = 0; i < w * h; i++)
    {
      known[i]         = 1;
      image->planes[i] = 0.2f + 0.5f * (i % w) / w;
    }
  deblur (image, GPOINTER_TO_INT (data), psf, FALSE, 2.0 / 255, known);
  for (int i = 0; i < w * h; i++)
    worst = fmaxf (worst, fabsf (image->planes[i] - 0.2f - 0.5f * (i % w) / w));
  g_test_message ("%.2f of 255", 255 * worst);
  g_assert_cmpfloat (255 * worst, <, 4);
}

/* A black line along the picture's upper side and a light strip at the right were never blurred:
 * both stay as they are, and beside them the photograph becomes what it does without them. */
static void
test_sharp_border (gconstpointer data)
{
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("disk:1.8", NULL);
  g_autoptr (HlImage) truth = draw_picture (3), with = draw_blurred (3, psf, FALSE, 0.004);
  g_autoptr (HlImage) without = draw_blurred (3, psf, FALSE, 0.004);
  g_autofree float *known = known_new (), *inside = g_new0 (float, SIZE);

  for (int c = 0; c < 3; c++)
    for (int i = 0; i < SIZE; i++)
      {
        int x = i % WIDTH, y = i / WIDTH;

        if (y < 2 || x >= WIDTH - 4)
          with->planes[c * SIZE + i] = y < 2 ? 0.02f : 0.9f;
        inside[i] = y >= 2 && x < WIDTH - 4;
      }
  deblur (with, GPOINTER_TO_INT (data), psf, FALSE, 0.004, known);
  deblur (without, GPOINTER_TO_INT (data), psf, FALSE, 0.004, known);
  g_test_message ("%.2f dB with them, %.2f without", psnr (with, truth, inside),
                  psnr (without, truth, inside));
  g_assert_cmpfloat (psnr (with, truth, inside), >, psnr (without, truth, inside) - 0.5);
  for (int c = 0; c < 3; c++)
    {
      g_assert_cmpfloat (with->planes[c * SIZE + WIDTH + 20], ==, 0.02f);
      g_assert_cmpfloat (with->planes[c * SIZE + 40 * WIDTH - 2], ==, 0.9f);
    }
}

#define SIDE 256 /* of what the search for a blur looks at */

static float *
all_known_new (void)
{
  float *known = g_new (float, SIDE *SIDE);

  for (int i = 0; i < SIDE * SIDE; i++)
    known[i] = 1;
  return known;
}

static double
distance (const HlImage *a, const HlImage *b)
{
  double sum = 0;

  for (int i = 0; i < SIDE * SIDE; i++)
    sum += pow (a->planes[i] - b->planes[i], 2);
  return sqrt (sum / (SIDE * SIDE));
}

/* Under noise too, the right kind is found, and about its size; and undoing it gains. */
static void
test_auto (gconstpointer data)
{
  const char      *kind = data, *size = strchr (kind, ':') + 1;
  const HlProgress control  = { 0 };
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text (kind, NULL);
  g_autoptr (HlImage) truth = discs_new (1, SIDE);
  g_autoptr (HlImage) image = discs_blur (truth, psf, HL_CURVE_LIGHT, 2.0 / 255);
  g_autoptr (HlPsf) found   = NULL;
  g_autofree float *known   = all_known_new ();
  double            before  = distance (image, truth);
  HlDeblurTask      task    = { HL_DEBLUR_TV, .find_curve = TRUE, .noise_level = 2.0 / 255 };

  g_assert_true (hl_deblur_run_auto (&task, image, known, &found, &control, NULL));
  g_assert_nonnull (found);
  g_test_message ("%s for %s: %.4f, then %.4f", found->name, kind, before, distance (image, truth));
  g_assert_cmpint (strncmp (found->name, kind, size - kind), ==, 0);
  g_assert_cmpfloat_with_epsilon (
      g_ascii_strtod (strchr (found->name, ':') + 1, NULL) / g_ascii_strtod (size, NULL), 1, 0.2);
  g_assert_cmpfloat (distance (image, truth), <, 0.85 * before);
}

/* Not one bit changes of what is sharp, is too small to tell, or is blurred in one half only. */
static void
test_none (void)
{
  const HlProgress control  = { 0 };
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) truth = discs_new (1, SIDE);
  g_autoptr (HlImage) half  = discs_blur (truth, psf, HL_CURVE_LIGHT, 0.002);
  g_autoptr (HlImage) image = NULL, small = draw_blurred (1, psf, TRUE, 0);
  g_autoptr (HlImage) was = hl_image_copy (small, NULL);
  g_autoptr (HlPsf) found = NULL;
  g_autofree float *known = all_known_new ();
  HlDeblurTask      task  = { HL_DEBLUR_TV, .find_curve = TRUE, .noise_level = 0.002 };

  image = hl_image_copy (truth, NULL);
  g_assert_true (hl_deblur_run_auto (&task, image, known, &found, &control, NULL));
  g_assert_null (found);
  g_assert_cmpmem (image->planes, SIDE * SIDE * sizeof (float), truth->planes,
                   SIDE * SIDE * sizeof (float));

  g_assert_true (hl_deblur_run_auto (&task, small, known, &found, &control, NULL));
  g_assert_null (found);
  g_assert_cmpmem (small->planes, SIZE * sizeof (float), was->planes, SIZE * sizeof (float));

  hl_image_copy_rect (truth, 0, 0, half, (HlRect) { 0, 0, SIDE, SIDE / 2 });
  memcpy (image->planes, half->planes, SIDE * SIDE * sizeof (float));
  g_assert_true (hl_deblur_run_auto (&task, half, known, &found, &control, NULL));
  g_assert_null (found);
  g_assert_cmpmem (image->planes, SIDE * SIDE * sizeof (float), half->planes,
                   SIDE * SIDE * sizeof (float));
}

/* What is not known, and what was cut off at white, is not looked at. */
static void
test_unknown (void)
{
  const HlProgress control  = { 0 };
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) truth = discs_new (1, SIDE);
  g_autoptr (HlImage) image = discs_blur (truth, psf, HL_CURVE_LIGHT, 0.002);
  g_autoptr (HlPsf) found   = NULL;
  g_autofree float *known   = all_known_new ();

  g_assert_true (hl_blur_search (image, known, 0, &found, &control, NULL));
  g_assert_nonnull (found);
  g_clear_pointer (&found, hl_psf_free);
  for (int i = 0; i < SIDE * SIDE; i += 30)
    known[i] = 0;
  g_assert_true (hl_blur_search (image, known, 0, &found, &control, NULL));
  g_assert_null (found);
  for (int i = 0; i < SIDE * SIDE; i += 30)
    {
      known[i]         = 1;
      image->planes[i] = 1;
    }
  g_assert_true (hl_blur_search (image, known, 0, &found, &control, NULL));
  g_assert_null (found);
}

static void
count_progress (double fraction, guint iteration, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  *last = fraction;
}

static void
test_control (void)
{
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;
  g_autoptr (HlPsf) psf           = hl_psf_new_from_text ("gaussian:1.6", NULL);
  g_autoptr (HlPsf) large         = hl_psf_new_from_text ("motion:80:0", NULL);
  g_autoptr (HlImage) image       = draw_picture (3);
  g_autoptr (HlImage) small       = hl_image_new (1, 20, 20, NULL);
  g_autofree float *known         = known_new ();
  double            last          = 0;
  HlProgress        control       = { .report = count_progress, .user_data = &last };
  HlDeblurTask      task          = { .method = HL_DEBLUR_TV, .psf = psf, .noise_level = 0.01 };

  g_assert_true (hl_deblur_run (&task, image, known, &control, &error));
  g_assert_cmpfloat (last, ==, 1);
  control.cancel = cancel;
  g_cancellable_cancel (cancel);
  g_assert_false (hl_deblur_run (&task, image, known, &control, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  task.psf = large;
  g_assert_false (hl_deblur_run (&task, small, known, &control, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  static const char *const blurs[] = { "gaussian:1.2", "gaussian:2.2", "disk:3", "motion:9:30" };
  static const Case        cases[] = {
    { "gaussian:1.6", HL_DEBLUR_TV, TRUE, 5 },     { "disk:2.5", HL_DEBLUR_TV, TRUE, 8 },
    { "motion:9:30", HL_DEBLUR_TV, TRUE, 8 },      { "gaussian:1.6", HL_DEBLUR_TV, FALSE, 5 },
    { "gaussian:1.6", HL_DEBLUR_WIENER, TRUE, 2 }, { "disk:2.5", HL_DEBLUR_WIENER, TRUE, 2 },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deblur/light", test_light);
  g_test_add_func ("/deblur/between", test_between);
  g_test_add_func ("/deblur/derivatives", test_derivatives);
  g_test_add_func ("/deblur/split", test_split);
  g_test_add_func ("/deblur/adjoint", test_adjoint);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/deblur/gain/%u", i);

      g_test_add_data_func (path, &cases[i], test_gain);
    }
  g_test_add_data_func ("/deblur/light-found/linear", GINT_TO_POINTER (TRUE), test_light_found);
  g_test_add_data_func ("/deblur/light-found/encoded", GINT_TO_POINTER (FALSE), test_light_found);
  g_test_add_func ("/deblur/light-found/hidden", test_light_hidden);
  g_test_add_func ("/deblur/noise-gain", test_noise_gain);
  g_test_add_data_func ("/deblur/grain/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER), test_grain);
  g_test_add_data_func ("/deblur/grain/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_grain);
  g_test_add_func ("/deblur/hole", test_hole);
  g_test_add_func ("/deblur/highlight", test_highlight);
  g_test_add_data_func ("/deblur/constant/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER),
                        test_constant);
  g_test_add_data_func ("/deblur/constant/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_constant);
  g_test_add_data_func ("/deblur/windows/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER), test_windows);
  g_test_add_data_func ("/deblur/windows/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_windows);
  g_test_add_func ("/deblur/data-step", test_data_step);
  g_test_add_func ("/deblur/halo", test_halo);
  g_test_add_data_func ("/deblur/sharp-border/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER),
                        test_sharp_border);
  g_test_add_data_func ("/deblur/sharp-border/tv", GINT_TO_POINTER (HL_DEBLUR_TV),
                        test_sharp_border);
  g_test_add_data_func ("/deblur/borders/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER), test_borders);
  g_test_add_data_func ("/deblur/borders/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_borders);
  g_test_add_data_func ("/deblur/memory/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER), test_memory);
  g_test_add_data_func ("/deblur/memory/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_memory);
  g_test_add_func ("/deblur/auto/none", test_none);
  g_test_add_func ("/deblur/auto/unknown", test_unknown);
  for (guint i = 0; i < G_N_ELEMENTS (blurs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/deblur/auto/%s", blurs[i]);

      g_test_add_data_func (path, blurs[i], test_auto);
    }
  g_test_add_func ("/deblur/control", test_control);
  return g_test_run ();
}

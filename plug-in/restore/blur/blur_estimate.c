/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How blurred a photograph is, from its edges: before the deconvolution, where the blur is not
 * given.
 *
 * The method is that of Polyblur: M. Delbracio, I. Garcia-Dorado, S. Choi, D. Kelly, P. Milanfar,
 * "Polyblur: Removing Mild Blur by Polynomial Reblurring" (IEEE TCI 7, 2021, section IV). A sharp
 * photograph of full contrast has, in every direction, some edge from black to white in one
 * pixel. A Gaussian of standard deviation s along a direction leaves a largest gradient of
 *
 *   f = C / sqrt (s^2 + B^2)        so that        s^2 = (C / f)^2 - B^2
 *
 * and of six directions the Gaussian is made that fits them best.
 *
 * A picture without such an edge, of fog or of faces, passes for blurred there. So the
 * contrast of its edges is estimated too: S. Zhuo, T. Sim, "Defocus map estimation from a single
 * image" (Pattern Recognition 44, 2011, equation 5): blurred once more by a known s0, the gradient
 * at an edge falls by
 *
 *   R = sqrt ((s^2 + s0^2) / s^2)   whatever the contrast.
 *
 * A single edge gives that badly, and slow ramps or thin lines not at all; but the sharpest quarter
 * of the edges, over all directions, gives the factor by which C / f is too large. */
#include "restore/blur/blur_estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/error.h"
#include "restore/blur/fourier.h"
#include "restore/linear_light.h"

#define DIRECTIONS 6

/* C is that of a Gaussian edge, 1 / sqrt (2 pi). B, what a sharp photograph has, measured. */
#define C 0.4
#define B 0.65

/* Of all gradients and values, what counts as the largest: the rest may be specks. */
#define LARGEST_GRADIENTS 1e-4
#define LARGEST_VALUES 1e-3

/* The smoothing before gradients are taken, and Zhuo and Sim's s0 beside it. */
#define SMOOTH 0.5
#define REBLUR 1.0

/* The sharpest quarter of the edges, and what they need to be multiplied by: measured with
 * photographs that were blurred by 0.8 and 1.6. */
#define SHARPEST 0.25
#define ZHUO_SCALE 1.2

/* Edges of a direction: with fewer nothing is said about it. */
#define FEWEST_EDGES 30

/* An edge rises above this many times the noise. */
#define ABOVE_NOISE 5

/* Less than this is what cameras and scanners leave of a sharp photograph. */
#define SHARP 0.95
#define LARGEST 4.0
#define LEAST 0.3

/* Values from here on were cut off at white, which makes edges sharper than they were. */
#define CLIPPED 0.995f

#define BINS 8192

/* The value below which @share of the counted ones lie. */
static double
find_quantile (const guint *bins, double share)
{
  gsize all = 0, below = 0;

  for (int i = 0; i < BINS; i++)
    all += bins[i];
  for (int i = 0; i < BINS; i++)
    {
      below += bins[i];
      if (below > share * all)
        return (i + 0.5) / BINS;
    }
  return 1;
}

static void
count (guint *bins, float value)
{
  bins[(int) (CLAMP (value, 0, 1) * (BINS - 1))]++;
}

/* (H, W): 1 where a pixel and its neighbours are known and none is cut off. Once cancelled, this
 * and the following end soon, and their results are unusable. */
static guint8 *
find_usable (const HlImage *image, const float *known, GCancellable *cancel)
{
  int     w = image->width, h = image->height;
  gsize   pixels = (gsize) w * h;
  guint8 *usable = g_try_new0 (guint8, pixels);

  for (int y = 2; usable && y < h - 2 && !g_cancellable_is_cancelled (cancel); y++)
    for (int x = 2; x < w - 2; x++)
      {
        guint8 all = 1;

        for (int j = -2; j <= 2; j++)
          for (int i = -2; i <= 2; i++)
            {
              gsize p = (gsize) (y + j) * w + x + i;

              all &= known[p] >= 1;
              for (int c = 0; c < image->channels; c++)
                all &= image->planes[c * pixels + p] < CLIPPED;
            }
        usable[(gsize) y * w + x] = all;
      }
  return usable;
}

/* (H, W): the light's luminance, stretched to 0..1. */
static float *
find_luminance (const HlImage *image, const guint8 *usable, GCancellable *cancel)
{
  gsize             pixels     = (gsize) image->width * image->height;
  g_autofree float *planes     = g_try_new (float, (image->channels * pixels));
  guint             bins[BINS] = { 0 };
  double            low, high;

  if (!planes)
    return NULL;
  memcpy (planes, image->planes, image->channels * pixels * sizeof (float));
  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    hl_light_decode_all (planes + c * pixels, pixels);
  if (image->channels == 3)
    hl_light_split (planes, pixels);
  for (gsize i = 0; i < pixels; i++)
    if (usable[i])
      count (bins, planes[i]);
  low  = find_quantile (bins, LARGEST_VALUES);
  high = find_quantile (bins, 1 - LARGEST_VALUES);
  for (gsize i = 0; i < pixels; i++)
    planes[i] = (planes[i] - low) / fmax (high - low, 0.02);
  return g_steal_pointer (&planes);
}

static gboolean
smooth (const HlFourier *fourier, double sigma, const float *from, float *to, GCancellable *cancel,
        GError **error)
{
  g_autoptr (HlPsf) psf    = hl_psf_new_gaussian (sigma, sigma, 0);
  g_autofree float *memory = hl_fourier_alloc (fourier, 3, error);
  float            *plane  = memory;

  if (!memory)
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  hl_fourier_transfer (fourier, psf, plane, (fftwf_complex *) (memory + fourier->stride));
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  hl_fourier_pad (fourier, from, plane);
  hl_fourier_blur (fourier, (fftwf_complex *) (memory + fourier->stride), FALSE, plane,
                   (fftwf_complex *) (memory + 2 * fourier->stride));
  hl_fourier_crop (fourier, plane, to);
  return TRUE;
}

static inline float
gradient_x (const float *plane, gsize p)
{
  return (plane[p + 1] - plane[p - 1]) / 2;
}

static inline float
gradient_y (const float *plane, gsize p, int width)
{
  return (plane[p + width] - plane[p - width]) / 2;
}

static inline float
get_gradient (const float *plane, gsize p, int width)
{
  return hypotf (gradient_x (plane, p), gradient_y (plane, p, width));
}

/* C / f for each direction. */
static void
find_gradient_widths (const float *plane, const guint8 *usable, int width, int height,
                      double *widths, GCancellable *cancel)
{
  for (int d = 0; d < DIRECTIONS && !g_cancellable_is_cancelled (cancel); d++)
    {
      float c = cos (d * G_PI / DIRECTIONS), s = sin (d * G_PI / DIRECTIONS);
      guint bins[BINS] = { 0 };

      for (int y = 2; y < height - 2; y++)
        for (int x = 2; x < width - 2; x++)
          {
            gsize p = (gsize) y * width + x;

            if (usable[p])
              count (bins, fabsf (c * gradient_x (plane, p) + s * gradient_y (plane, p, width)));
          }
      widths[d] = C / find_quantile (bins, 1 - LARGEST_GRADIENTS);
    }
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Zhuo and Sim's variance of the sharpest edges of each direction, or -1. */
static void
find_edge_variances (const float *sharp, const float *soft, const guint8 *usable, int width,
                     int height, float least, double *variances, GCancellable *cancel)
{
  GArray *edges[DIRECTIONS];

  for (int d = 0; d < DIRECTIONS; d++)
    edges[d] = g_array_new (FALSE, FALSE, sizeof (float));
  for (int y = 3; y < height - 3 && !g_cancellable_is_cancelled (cancel); y++)
    for (int x = 3; x < width - 3; x++)
      {
        gsize  p = (gsize) y * width + x;
        float  gx, gy, size, ratio, variance;
        int    direction;
        gssize step;

        if (!usable[p])
          continue;
        gx   = gradient_x (sharp, p);
        gy   = gradient_y (sharp, p, width);
        size = hypotf (gx, gy);
        if (size <= least)
          continue;
        step = lrintf (gx / size) + lrintf (gy / size) * (gssize) width;
        if (size < get_gradient (sharp, p + step, width)
            || size < get_gradient (sharp, p - step, width))
          continue;
        ratio     = size / fmaxf (get_gradient (soft, p, width), 1e-9f);
        variance  = ratio > 1.001f ? REBLUR * REBLUR / (ratio * ratio - 1) : 100;
        direction = lrint (atan2f (gy, gx) * DIRECTIONS / G_PI) + DIRECTIONS;
        g_array_append_val (edges[direction % DIRECTIONS], variance);
      }
  for (int d = 0; d < DIRECTIONS; d++)
    {
      variances[d] = -1;
      if (edges[d]->len >= FEWEST_EDGES)
        {
          g_array_sort (edges[d], compare_floats);
          variances[d] = ZHUO_SCALE * ZHUO_SCALE
                         * fmax (g_array_index (edges[d], float, (guint) (SHARPEST * edges[d]->len))
                                     - SMOOTH * SMOOTH,
                                 0);
        }
      g_array_unref (edges[d]);
    }
}

/* The contrast that the strongest edges have, of full contrast, 0..1; or 0 with too few edges. */
static double
find_contrast (const double *widths, const double *variances)
{
  double contrast[DIRECTIONS];
  int    n = 0;

  for (int d = 0; d < DIRECTIONS; d++)
    if (variances[d] >= 0)
      {
        double value = fmin (sqrt (variances[d] + B * B) / widths[d], 1);
        int    i     = n++;

        for (; i > 0 && contrast[i - 1] > value; i--)
          contrast[i] = contrast[i - 1];
        contrast[i] = value;
      }
  return n >= DIRECTIONS / 2 ? (contrast[(n - 1) / 2] + contrast[n / 2]) / 2 : 0;
}

/* The Gaussian whose variance along each direction fits @variances best: of a covariance matrix
 * it is mean + difference cos (2 (angle - direction)). */
static HlBlurEstimate
fit_gaussian (const double *variances)
{
  double mean = 0, c = 0, s = 0, difference;

  for (int d = 0; d < DIRECTIONS; d++)
    {
      mean += variances[d] / DIRECTIONS;
      c += variances[d] * cos (2 * G_PI * d / DIRECTIONS) * 2 / DIRECTIONS;
      s += variances[d] * sin (2 * G_PI * d / DIRECTIONS) * 2 / DIRECTIONS;
    }
  difference = hypot (c, s);
  return (HlBlurEstimate) { CLAMP (sqrt (mean + difference), LEAST, LARGEST),
                            CLAMP (sqrt (fmax (mean - difference, 0)), LEAST, LARGEST),
                            fmod (atan2 (s, c) * 90 / G_PI + 180, 180) };
}

/**
 * hl_blur_estimate:
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), below 1 where a pixel must not be looked at
 * @noise_level: standard deviation of the noise, 0..1 of white; better results after denoising
 * @estimate: (out): the blur, of light
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * A sharp photograph, and one that shows too few edges to tell, have a blur of 0.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_blur_estimate (const HlImage *image, const float *known, double noise_level,
                  HlBlurEstimate *estimate, GCancellable *cancel, GError **error)
{
  int w = image->width, h = image->height;
  g_autoptr (HlFourier) fourier = hl_fourier_new (w, h, 32, error);
  g_autofree guint8 *usable     = find_usable (image, known, cancel);
  g_autofree float  *luminance  = usable ? find_luminance (image, usable, cancel) : NULL;
  g_autofree float  *sharp      = g_try_new (float, ((gsize) w * h));
  g_autofree float  *soft       = g_try_new (float, ((gsize) w * h));
  double             widths[DIRECTIONS], variances[DIRECTIONS], contrast, size;

  *estimate = (HlBlurEstimate) { 0 };
  if (!fourier)
    return FALSE;
  if (!luminance || !sharp || !soft)
    {
      hl_error_set_memory (error, w, h);
      return FALSE;
    }
  if (!smooth (fourier, SMOOTH, luminance, sharp, cancel, error)
      || !smooth (fourier, hypot (SMOOTH, REBLUR), luminance, soft, cancel, error))
    return FALSE;
  find_gradient_widths (luminance, usable, w, h, widths, cancel);
  find_edge_variances (sharp, soft, usable, w, h, fmax (ABOVE_NOISE * noise_level, 0.02), variances,
                       cancel);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  contrast = find_contrast (widths, variances);
  for (int d = 0; d < DIRECTIONS; d++)
    variances[d] = fmax (pow (contrast * widths[d], 2) - B * B, 0);
  *estimate = fit_gaussian (variances);
  size      = estimate->along > HL_BLUR_SLENDER * estimate->across
                  ? estimate->along
                  : sqrt (estimate->along * estimate->across);
  if (contrast == 0 || size < SHARP)
    *estimate = (HlBlurEstimate) { 0 };
  return TRUE;
}

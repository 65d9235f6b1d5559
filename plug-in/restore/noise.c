/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How noisy a photograph is, from its sound pixels: before the prior, which must not fit
 * the noise.
 *
 * The method follows N. N. Ponomarenko, V. V. Lukin, K. O. Egiazarian, J. T. Astola, "A Method
 * for Blind Estimation of Spatially Correlated Noise Characteristics", SPIE 7532, 2010, as
 * M. Colom and A. Buades analyse it (IPOL 3, 2013).  A picture is busy in some patches and flat
 * in others, while noise is everywhere.  So the patches with the least energy at low frequencies
 * of the cosine transform are taken for flat, and what they hold at high frequencies for noise.
 * Choosing by some frequencies and measuring at others keeps the choice from favouring patches
 * that happen to be quiet.  It is made among patches of like brightness, since noise depends on
 * it, and one of the quieter groups counts: others may be textured all over.
 *
 * Film grain and what JPEG leaves of noise are weaker at the higher frequencies.  Their fall
 * between two bands, taken for that of a Gaussian blur, gives what all others must hold.  Where
 * it is steep, the high band has hardly any of it, and the picture is looked at again at half
 * its size. */

#include "restore/noise.h"

#include <stdlib.h>

#include "restore/noise_bands.h"

/* The blur of the grain, as a standard deviation in pixels, is looked for in such steps. From
 * the last value on, half the size shows more. Checked by tests/unit/test-noise.c, which holds
 * blurred grain to 30 % and white grain to 12 %. */
#define BLUR_STEP 0.05
#define MOST_BLUR 1.2
#define HALVED_BLUR 0.5

/* Differences to take the median of at most. Derived: it is then known to 0.3 %. */
#define ENOUGH_DIFFERENCES 250000

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The blur that explains how much stronger the middle band is, in the group where that is the
 * least, as texture is mostly coarse. */
static double
find_blur (const HlNoiseBands *bands)
{
  double ratio = G_MAXDOUBLE, blur = 0, all;

  for (int i = 0; i < HL_NOISE_GROUPS; i++)
    if (bands[i].high > 0)
      ratio = MIN (ratio, bands[i].middle / bands[i].high);
  for (; ratio < G_MAXDOUBLE && blur < MOST_BLUR; blur += BLUR_STEP)
    {
      HlNoiseBands white = hl_noise_bands_blur_white (blur, &all);

      if (ratio * white.high <= white.middle)
        break;
    }
  return blur;
}

/* For areas too small for patches: the median absolute deviation of the finest diagonal
 * Haar coefficients (D. L. Donoho, I. M. Johnstone, Biometrika 81(3), 1994), which is
 * 0.6745 sigma for Gaussian noise. Returns -1 where not even that can be had. */
static double
estimate_small (const HlNoiseView *view)
{
  int                width = view->width, height = view->height;
  int                step  = (int) sqrt ((double) width * height / ENOUGH_DIFFERENCES) | 1;
  gsize              n     = 0;
  g_autofree double *found = g_try_new (double, (gsize) (width / step + 1) * (height / step + 1));

  if (!found)
    return -1.0;
  for (int y = 0; y + 1 < height; y += step)
    for (int x = 0; x + 1 < width; x += step)
      {
        gsize        a = (gsize) y * view->width + x, b = a + 1, c = a + view->width, d = c + 1;
        const float *plane = view->plane;
        double       value = fabs (0.5 * ((double) plane[a] - plane[b] - plane[c] + plane[d]));

        if (hl_noise_is_sound (view, a) && hl_noise_is_sound (view, b)
            && hl_noise_is_sound (view, c) && hl_noise_is_sound (view, d))
          found[n++] = value;
      }
  if (n == 0)
    return -1.0;
  qsort (found, n, sizeof (double), compare_doubles);
  return found[n / 2] / 0.6745;
}

/* Returns the standard deviation, or -1 where there are too few patches. */
static double
estimate_view (const HlNoiseView *view, double *blur)
{
  HlNoiseBands bands[HL_NOISE_GROUPS], white;
  double       all, variance[HL_NOISE_GROUPS];

  if (!hl_noise_bands_measure (view, bands))
    return -1;
  *blur = find_blur (bands);
  white = hl_noise_bands_blur_white (*blur, &all);
  for (int i = 0; i < HL_NOISE_GROUPS; i++)
    variance[i] = all * MIN (bands[i].high / white.high, bands[i].middle / white.middle);
  qsort (variance, HL_NOISE_GROUPS, sizeof (double), compare_doubles);
  /* The least one may be a black that holds no noise. */
  return sqrt (variance[1]);
}

/* Means of four pixels; not a number where not all of them are sound. */
static void
halve (const HlNoiseView *view, const HlNoiseView *half, float *to)
{
  for (int y = 0; y < half->height; y++)
    for (int x = 0; x < half->width; x++, to++)
      {
        *to = 0;
        for (int k = 0; k < 4; k++)
          {
            gsize at = (gsize) (2 * y + k / 2) * view->width + 2 * x + k % 2;

            *to += hl_noise_is_sound (view, at) ? view->plane[at] / 4 : NAN;
          }
      }
}

/* At half the size there can't be more noise than at the full one. */
static double
estimate_half (const HlNoiseView *view)
{
  HlNoiseView       half   = { .width = view->width / 2, .height = view->height / 2 };
  g_autofree float *planes = g_try_new (float, (gsize) half.width *half.height);
  double            blur;

  if (!planes)
    return -1;
  halve (view, &half, planes);
  half.plane = planes;
  return estimate_view (&half, &blur);
}

static double
estimate_plane (const HlNoiseView *view)
{
  double blur, sigma = estimate_view (view, &blur);

  if (sigma < 0)
    return estimate_small (view);
  return blur > HALVED_BLUR ? MAX (sigma, estimate_half (view)) : sigma;
}

/**
 * hl_noise_estimate:
 * @image: a photograph
 * @source: (nullable): (H, W), above 0 where a pixel is sound; %NULL: everywhere
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * One level for the whole picture, that of its quieter brightnesses.  For noise of 3 to 25 of 255
 * it is mostly within 15 % of the truth; below, what noise the photograph had of itself cannot
 * be distinguished from what was added.  Noise that was blurred by 1 pixel is found for some 15 %
 * too weak, by 1.5 pixels for some 30 %.  Of a JPEG it is the noise that the file has left.
 *
 * Returns: standard deviation of the noise, 0..1 of white, averaged over the channels;
 *   0 where there is no sound pixel to measure it on, or not the memory to do it
 */
double
hl_noise_estimate (const HlImage *image, const float *source, GCancellable *cancel)
{
  gsize  size     = (gsize) image->width * image->height;
  double variance = 0.0;
  int    channels = 0;

  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    {
      HlNoiseView view  = { image->planes + c * size, source, image->width, image->height };
      double      sigma = estimate_plane (&view);

      if (sigma >= 0.0)
        {
          variance += sigma * sigma;
          channels++;
        }
    }
  return channels > 0 ? MIN (sqrt (variance / channels), 1.0) : 0.0;
}

/**
 * hl_noise_estimate_blur:
 * @image: a photograph
 * @source: (nullable): (H, W), above 0 where a pixel is sound; %NULL: everywhere
 * @cancel: (nullable): once cancelled, it ends soon, and the result is unusable
 *
 * How far the noise of neighbouring pixels is correlated: grain that a lens or a scanner has made
 * soft.  Of grain of 1 or 2 % correlated by 0.7 pixels over five blurred photographs it found 0.65,
 * of white noise 0; over sharp photographs, whose texture passes for noise, it is less sure.
 *
 * Returns: standard deviation of the Gaussian that would make this noise of white noise, pixels,
 * 0..1.2, averaged over the channels; 0 where there are too few sound pixels
 */
double
hl_noise_estimate_blur (const HlImage *image, const float *source, GCancellable *cancel)
{
  gsize  size = (gsize) image->width * image->height;
  double sum  = 0;

  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    {
      HlNoiseView view = { image->planes + c * size, source, image->width, image->height };
      double      blur = 0;

      if (estimate_view (&view, &blur) >= 0)
        sum += blur;
    }
  return sum / image->channels;
}

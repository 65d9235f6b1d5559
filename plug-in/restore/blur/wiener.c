/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur at once, by one filter: the fastest of the solvers, for previews.
 *
 * The plane y is the sharp plane x under a point spread function of transfer function H, plus
 * noise. The Wiener filter (N. Wiener, Extrapolation, Interpolation and Smoothing of Stationary
 * Time Series, 1949; R. C. Gonzalez, R. E. Woods, Digital Image Processing, eq. 5.8-2 in the third
 * edition) is, per frequency f,
 *
 *   G = H* / (|H|^2 + N/S)
 *
 * with N = noise^2 exp (-(2 pi |f| blur)^2) over its mean, the spectrum of noise that is as white
 * noise after a Gaussian blur, and S = SPECTRUM / |f|^2, the spectrum that photographs have on
 * average (D. J. Field, JOSA A 4(12), 1987). S grows without bound at f = 0, so that G (0) = 1 and
 * the mean of a picture stays.
 *
 * Where nothing is blurred (H = 1) this filter would still smooth the noise away. That is the
 * prior's work; so G is scaled by 1 + N/S, which makes it 1 there: the smallest blurs approach
 * the identity. */
#include "restore/blur/wiener.h"

#include <math.h>

/* |f|^2 times the power spectrum of a photograph with values 0..1, at the frequencies that a blur
 * takes: measured over twenty photographs, most have 5e-5 to 1e-3 there. A lower value sharpens
 * less. */
#define SPECTRUM 2e-4f

/* The share of correlated noise that is white all the same, as by rounding to 8 bits: without it,
 * there would be none at high frequencies, and errors of the blur would be raised without bound. */
#define WHITE_SHARE 0.03f

/* The mean of exp (-(2 pi |f| blur)^2) over all frequencies: an integral over each direction. */
static float
get_mean (double blur)
{
  double one = blur > 0 ? erf (G_PI * blur) / (2 * sqrt (G_PI) * blur) : 1;

  return one * one;
}

/**
 * hl_wiener_run:
 * @fourier: transforms
 * @transfer: (count), of the point spread function
 * @noise: standard deviation of the noise in @padded, above 0, in its units
 * @noise_blur: how far it is correlated, see hl_noise_estimate_blur(), pixels; 0 for white noise
 * @padded: (padded_height, padded_width), overwritten with its sharpened self
 * @work: (count), overwritten
 */
void
hl_wiener_run (const HlFourier *fourier, const fftwf_complex *transfer, float noise,
               float noise_blur, float *padded, fftwf_complex *work)
{
  gsize half  = fourier->padded_width / 2 + 1;
  float scale = 1.0f / fourier->pixels;
  float fall  = (float) (4 * G_PI * G_PI) * noise_blur * noise_blur;
  float level = (1 - WHITE_SHARE) / get_mean (noise_blur);

  hl_fourier_forward (fourier, padded, work);
  for (int v = 0; v < fourier->padded_height; v++)
    {
      const fftwf_complex *h   = transfer + v * half;
      fftwf_complex       *row = work + v * half;
      float fy = (float) MIN (v, fourier->padded_height - v) / fourier->padded_height;

      for (gsize u = 0; u < half; u++)
        {
          float fx    = (float) u / fourier->padded_width;
          float f2    = fx * fx + fy * fy;
          float shape = noise_blur > 0 ? level * expf (-fall * f2) + WHITE_SHARE : 1;
          float ratio = noise * noise * shape * f2 / SPECTRUM;
          float power = h[u][0] * h[u][0] + h[u][1] * h[u][1];
          /* At f = 0 the ratio is 0 and H is 1; elsewhere the ratio is above 0. */
          float gain = scale * (1 + ratio) / (power + ratio);
          float a = gain * h[u][0], b = -gain * h[u][1];
          float re = row[u][0], im = row[u][1];

          row[u][0] = a * re - b * im;
          row[u][1] = a * im + b * re;
        }
    }
  hl_fourier_backward (fourier, work, padded);
}

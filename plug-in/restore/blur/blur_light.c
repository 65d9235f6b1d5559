/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether light was blurred, or the values in the file: before the deconvolution (deblur.c).
 *
 * A lens and a camera that moved blur light; a scanner's and a program's softening blurs the
 * gamma-encoded values. Undone in the wrong ones, edges get rims, which total variation counts. So
 * a piece of the photograph is deblurred in both, and the energies that are reached are compared.
 * Judging a blur by what its deconvolution leaves: M. S. C. Almeida, M. A. T. Figueiredo,
 * "Parameter Estimation for Blind and Non-Blind Deblurring Using Residual Whiteness Measures"
 * (IEEE TIP 22(7), 2013). */
#include "restore/blur/blur_light.h"

#include <math.h>
#include <string.h>

#include "restore/blur/tv.h"
#include "restore/error.h"
#include "restore/linear_light.h"

/* Pixels of the piece's sides. */
#define PIECE 256

/* Iterations of total variation: which energy is the lower shows before it has converged. */
#define STEPS 30
#define NOISE_FLOOR (0.5 / 255)

/* A blur is taken for one of light where the energy of encoded values is higher by this. Measured
 * on three photographs of the Kodak set, with white noise of 1.5 of 255 and with correlated grain
 * of 1 %: under disks and motions the ratio was 1.07 to 1.29 where light was blurred, and 0.81
 * to 1.04 where values were; under Gaussians it was 0.94 to 1.09 in both cases. */
#define SURELY_LIGHT 1.11
#define SURELY_VALUES 0.94

typedef struct
{
  const HlFourier *fourier;
  GCancellable    *cancel;
  float            noise;
  HlCurve          curve;
  fftwf_complex   *transfer, *work;
  float           *plane, *blurred, *light, *derivative, *known;
} Trial;

#define BUFFERS 7 /* of a trial */

/* Where the piece is that shows most: of a grid, the one with the largest differences. */
static void
find_piece (const HlImage *image, const float *known, int width, int height, int *left, int *top)
{
  double most = -1;

  for (int y0 = 0; y0 + height <= image->height; y0 += MAX (height / 2, 1))
    for (int x0 = 0; x0 + width <= image->width; x0 += MAX (width / 2, 1))
      {
        double sum = 0;

        for (int y = y0; y < y0 + height; y++)
          for (int x = x0 + 1; x < x0 + width; x++)
            {
              gsize p = (gsize) y * image->width + x;

              sum += known[p] * known[p - 1] * fabsf (image->planes[p] - image->planes[p - 1]);
            }
        if (sum > most)
          {
            most  = sum;
            *left = x0;
            *top  = y0;
          }
      }
}

/* The piece's luminance, with its surroundings, and what is known of it. */
static gboolean
load (const Trial *self, const HlImage *image, const float *known, int left, int top,
      GError **error)
{
  const HlFourier  *fourier = self->fourier;
  gsize             pixels  = (gsize) image->width * image->height;
  gsize             size    = (gsize) fourier->width * fourier->height;
  g_autofree float *piece   = g_try_new (float, 3 * size);

  if (!piece)
    {
      hl_error_set_memory (error, fourier->width, fourier->height);
      return FALSE;
    }
  memset (self->known, 0, sizeof (float) * fourier->pixels);
  for (int y = 0; y < fourier->height; y++)
    for (int x = 0; x < fourier->width; x++)
      {
        gsize to = (gsize) y * fourier->width + x;
        gsize at = (gsize) (top + y) * image->width + left + x;
        float k  = known[at];

        for (int c = 0; c < 3; c++)
          {
            float value = image->planes[MIN (c, image->channels - 1) * pixels + at];

            piece[c * size + to] = hl_curve_decode (self->curve, value);
            if (value >= 0.995f)
              k = -known[at];
          }
        self->known[(gsize) y * fourier->padded_width + x] = k;
      }
  hl_light_split (piece, size);
  hl_fourier_pad (fourier, piece, self->light);
  for (gsize i = 0; i < fourier->pixels; i++)
    self->derivative[i] = hl_curve_get_derivative (self->curve, self->light[i]);
  return TRUE;
}

/* What total variation minimises, for the plane and its blur, over the piece's pixels. */
static double
get_energy (const Trial *self)
{
  const HlFourier *fourier = self->fourier;
  double           rest = 0, variation = 0;

  for (int y = 0; y + 1 < fourier->height; y++)
    for (int x = 0; x + 1 < fourier->width; x++)
      {
        gsize p = (gsize) y * fourier->padded_width + x;
        float d = (self->blurred[p] - self->light[p]) / self->derivative[p];
        float k = d > 0 ? fmaxf (self->known[p], 0) : fabsf (self->known[p]);

        rest += k * d * d;
        variation += hypotf (self->plane[p + 1] - self->plane[p],
                             self->plane[p + fourier->padded_width] - self->plane[p])
                     / self->derivative[p];
      }
  return rest / 2 + HL_TV_WEIGHT * self->noise * variation;
}

/* The energy that total variation reaches, from the piece as it is. */
static gboolean
run_trial (const Trial *self, double *energy, GError **error)
{
  const HlFourier *fourier = self->fourier;
  const HlProgress quiet   = { .cancel = self->cancel };
  HlTv tv = { fourier, self->transfer, self->known, self->derivative, self->noise, 1, STEPS };

  memcpy (self->plane, self->light, sizeof (float) * fourier->pixels);
  if (!hl_tv_run (&tv, self->plane, &quiet, 0, 1, error))
    return FALSE;
  memcpy (self->blurred, self->plane, sizeof (float) * fourier->pixels);
  hl_fourier_blur (fourier, self->transfer, FALSE, self->blurred, self->work);
  *energy = get_energy (self);
  return TRUE;
}

/**
 * hl_blur_find_curve:
 * @psf: the blur
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise, 0..1 of white
 * @noise_blur: how far it is correlated, see hl_noise_estimate_blur()
 * @curve: (out): what was blurred, as far as can be seen
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Mostly it does not show: blurred by a Gaussian in light, an edge looks like one blurred in values
 * some way off. Then it is %HL_CURVE_BETWEEN, which gains about three quarters of what the right
 * curve gains, whichever that is, where the wrong one may leave more error than there was.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_blur_find_curve (const HlPsf *psf, const HlImage *image, const float *known, double noise_level,
                    double noise_blur, HlCurve *curve, GCancellable *cancel, GError **error)
{
  int width = MIN (PIECE, image->width), height = MIN (PIECE, image->height), left = 0, top = 0;
  g_autoptr (HlFourier) fourier = hl_fourier_new (width, height, 2 * psf->side + 16, error);
  g_autofree float *memory      = fourier ? hl_fourier_alloc (fourier, BUFFERS, error) : NULL;
  double            energy[2];
  Trial             trial;

  if (!memory)
    return FALSE;
  trial = (Trial) { .fourier    = fourier,
                    .cancel     = cancel,
                    .transfer   = (fftwf_complex *) memory,
                    .work       = (fftwf_complex *) (memory + fourier->stride),
                    .plane      = memory + 2 * fourier->stride,
                    .blurred    = memory + 3 * fourier->stride,
                    .light      = memory + 4 * fourier->stride,
                    .derivative = memory + 5 * fourier->stride,
                    .known      = memory + 6 * fourier->stride };
  hl_fourier_transfer (fourier, psf, trial.plane, trial.transfer);
  trial.noise = fmax (noise_level * hl_fourier_get_noise_gain (fourier, trial.transfer, noise_blur),
                      NOISE_FLOOR);
  find_piece (image, known, width, height, &left, &top);
  for (int i = 0; i < 2; i++)
    {
      trial.curve = i > 0 ? HL_CURVE_VALUES : HL_CURVE_LIGHT;
      if (!load (&trial, image, known, left, top, error) || !run_trial (&trial, &energy[i], error))
        return FALSE;
    }
  *curve = energy[1] > SURELY_LIGHT * energy[0]    ? HL_CURVE_LIGHT
           : energy[1] < SURELY_VALUES * energy[0] ? HL_CURVE_VALUES
                                                   : HL_CURVE_BETWEEN;
  return TRUE;
}

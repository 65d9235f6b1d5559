/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape in a picture of moderate size, or in one window of a large one
 * (deblur.c).
 *
 *   perceptual values -> light -> luminance and colour -> a solver for each -> and back
 *
 * where light may also be the values as they are, or half way to light (#HlCurve).
 *
 * One door for three solvers: Wiener's filter (wiener.c), total variation (tv.c) and the learned
 * prior (blurred.c within hqs.c), which takes red, green and blue at once.  Holes are solved
 * together with the blur, so that their rims do not ring: the fill is only a hint.  The
 * filter takes the fill for a part of the picture. */
#include "restore/blur/deblur_window.h"

#include <math.h>
#include <string.h>

#include "nn/denoiser.h"
#include "restore/blur/blurred.h"
#include "restore/prior/hqs.h"
#include "restore/linear_light.h"
#include "restore/blur/tv.h"
#include "restore/blur/wiener.h"

/* Values from here on were cut off at white: there was as much light or more. */
#define CLIPPED 0.995f

/* Not even a perfect 8-bit scan is better known than half a step. */
#define NOISE_FLOOR (0.5 / 255)

/* The filter takes the picture's reflection for its surroundings. Where the mirrored blur is
 * another one, as that of a slanted motion, this noise, times how much they differ, keeps it from
 * trusting them. */
#define MIRROR_NOISE (1.5 / 255)

/* How far the fill of a hole may be off, 0..1 of white. */
#define FILL_NOISE 0.1

/* Total variation's steps, where it is the result; and where the prior goes on from there, of
 * luminance and of colour. */
#define TV_STEPS 40
#define TV_STEPS_BEFORE 15
#define TV_COLOUR_STEPS_BEFORE 6

/* Of the total variation of luminance, what colour gets: the eye forgives soft colour and not
 * fringes. */
#define COLOUR_STRENGTH 2

/* The learned prior's steps, and how far the picture may be off that total variation left: much
 * where the blur lets most frequencies through, as those of shaken cameras do, so that the prior
 * finds them itself; little where nearly all are lost, as under a Gaussian, where it would wash out
 * what total variation has found. Zhang et al. (CVPR 2017, section 4.3) begin at 49 of 255 and take
 * eight steps. Measured on Gaussians and on the kernels of Levin et al. (CVPR 2009); the fewer
 * steps on four photographs of the Kodak set under two Gaussians, a disk and a motion: against
 * five, after 25 and 8 of total variation, four lose 0.11 dB and three 0.22, under Gaussians 0.05,
 * and faces look the same. Over-relaxed ones lose more. */
#define PRIOR_STEPS 3
#define THROUGH_SIGMA (25.0 / 255)
#define LIGHT_SIGMA (12.0 / 255) /* in its stead for light, where blurred.c is less exact */
#define LOST_SIGMA (12.0 / 255)
#define LOST 0.05f    /* the part of its strength below which a frequency is lost */
#define FEW_LOST 0.45 /* of all frequencies */
#define MOST_LOST 0.75

/* The prior's noise, of what is there: what was seen counts more than the theory says, as in K.
 * Zhang et al., "Plug-and-Play Image Restoration with Deep Denoiser Prior" (IEEE TPAMI 44, 2022),
 * where lambda = 0.23 is the square of about 0.5. Three steps gained 0.1 dB with this against 0.44,
 * on the same four. */
#define PRIOR_NOISE 0.35

/* The fine details of a network's answer are never better than this. */
#define LEAST_SIGMA (1.0 / 255)

/* What the solvers share: all planes are padded. */
struct _HlDeblurWindow
{
  const HlDeblurTask *task;
  const HlProgress   *control;
  HlFourier          *fourier;
  float              *memory;
  fftwf_complex      *transfer;
  float              *known;      /* as in #HlTv */
  float              *derivative; /* of the curve at luminance */
  float              *plane;
  double              noise, prior_noise, mean_derivative;
  HlImage            *image; /* becomes the result */
  HlImage            *seen;  /* for the prior, as the following */
  float              *seen_known, *scratch;
  HlDenoiser         *denoiser;
};

static void
to_curve (HlDeblurWindow *self)
{
  HlImage *image  = self->image;
  gsize    pixels = self->fourier->pixels;

  hl_curve_decode_all (self->task->curve, image->planes, image->channels * pixels);
  if (image->channels == 3)
    hl_light_split (image->planes, pixels);
  /* The filter knows one derivative for all. */
  if (self->task->method == HL_DEBLUR_WIENER)
    return;
  hl_curve_get_derivatives (self->task->curve, image->planes, self->derivative, pixels);
}

static void
from_curve (HlDeblurWindow *self)
{
  HlImage *image  = self->image;
  gsize    pixels = self->fourier->pixels;

  if (image->channels == 3)
    hl_light_join (image->planes, pixels);
  for (gsize i = 0; self->task->curve != HL_CURVE_VALUES && i < image->channels * pixels; i++)
    image->planes[i] = image->planes[i] > 0 ? image->planes[i] : 0;
  hl_curve_encode_all (self->task->curve, image->planes, image->channels * pixels);
}

/* How much a point spread function differs from its mirror images, 0..1. */
static double
find_asymmetry (const HlPsf *psf)
{
  int    n   = psf->side;
  double sum = 0;

  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++)
      sum += fabsf (psf->weights[y * n + x] - psf->weights[y * n + n - 1 - x])
             + fabsf (psf->weights[y * n + x] - psf->weights[(n - 1 - y) * n + x]);
  return sum / 4;
}

static gboolean
run_wiener (HlDeblurWindow *self, GError **error)
{
  const HlFourier *fourier = self->fourier;
  gsize            bytes   = sizeof (float) * fourier->pixels;
  double           noise   = hypot (self->noise, MIRROR_NOISE * find_asymmetry (self->task->psf));

  noise *= self->mean_derivative;
  for (int c = 0; c < self->image->channels; c++)
    {
      float *plane = self->image->planes + c * fourier->pixels;

      if (g_cancellable_set_error_if_cancelled (self->control->cancel, error))
        return FALSE;
      memcpy (self->plane, plane, bytes);
      hl_wiener_run (fourier, self->transfer, c > 0 ? COLOUR_STRENGTH * noise : noise,
                     self->task->noise_blur, self->plane, (fftwf_complex *) self->derivative);
      memcpy (plane, self->plane, bytes);
      hl_progress_report (self->control, (c + 1.0) / self->image->channels, 0);
    }
  return TRUE;
}

static gboolean
run_tv (HlDeblurWindow *self, double end, GError **error)
{
  gsize pixels   = self->fourier->pixels;
  int   channels = self->image->channels;
  HlTv  tv       = { .fourier    = self->fourier,
                     .transfer   = self->transfer,
                     .known      = self->known,
                     .derivative = self->derivative,
                     .noise      = self->noise };

  for (int c = 0; c < channels; c++)
    {
      float *plane = self->image->planes + c * pixels;

      /* Of colour, a highlight that was cut off tells nothing. */
      for (gsize i = 0; c > 0 && i < pixels; i++)
        self->known[i] = fmaxf (self->known[i], 0);
      tv.strength = c > 0 ? COLOUR_STRENGTH : 1;
      tv.steps    = !self->seen ? TV_STEPS : c > 0 ? TV_COLOUR_STEPS_BEFORE : TV_STEPS_BEFORE;
      memcpy (self->plane, plane, sizeof (float) * pixels);
      if (!hl_tv_run (&tv, self->plane, self->control, end * c / channels, end * (c + 1) / channels,
                      error))
        return FALSE;
      memcpy (plane, self->plane, sizeof (float) * pixels);
    }
  return TRUE;
}

/* How far off the picture is at the prior's first step. */
static double
find_first_sigma (const HlDeblurWindow *self)
{
  gsize  lost = 0;
  double most, first = self->task->curve != HL_CURVE_VALUES ? LIGHT_SIGMA : THROUGH_SIGMA;

  for (gsize i = 0; i < self->fourier->count; i++)
    lost += hypotf (self->transfer[i][0], self->transfer[i][1]) < LOST;
  most = ((double) lost / self->fourier->count - FEW_LOST) / (MOST_LOST - FEW_LOST);
  return first * pow (LOST_SIGMA / first, CLAMP (most, 0, 1));
}

static gboolean
run_prior (HlDeblurWindow *self, GError **error)
{
  const HlProgress half    = hl_progress_part (self->control, 0.5, 1);
  HlBlurred        blurred = { self->fourier,
                               self->transfer,
                               self->seen,
                               self->seen_known,
                               PRIOR_NOISE * self->prior_noise,
                               self->task->curve,
                               self->scratch,
                               self->control->cancel };
  HlDataStep       data    = { .solve = hl_blurred_solve, .data = &blurred };
  double           first   = find_first_sigma (self);
  double           last    = fmin (fmax (self->prior_noise, LEAST_SIGMA), first);
  float            sigma[PRIOR_STEPS];

  for (int k = 0; k < PRIOR_STEPS; k++)
    sigma[k] = first * pow (last / first, (double) k / (PRIOR_STEPS - 1));
  return hl_hqs_run (self->denoiser, &data, sigma, PRIOR_STEPS, 0, HL_HQS_MIRRORED, self->image,
                     &half, error);
}

/* Nobody saw what surrounds the picture. Nor what was in its holes, but the fill is more than
 * nothing: a measurement with much noise. */
static void
pad_known (const HlFourier *fourier, const float *known, double noise, float *padded)
{
  float fill = fmin (noise * noise / (FILL_NOISE * FILL_NOISE), 1);

  memset (padded, 0, sizeof (float) * fourier->pixels);
  for (int y = 0; y < fourier->height; y++)
    for (int x = 0; x < fourier->width; x++)
      {
        float k = known[(gsize) y * fourier->width + x];

        padded[(gsize) y * fourier->padded_width + x] = k + (1 - k) * fill;
      }
}

/* Turns the sign of @known where one of the colours was cut off at white, see #HlTv. */
static void
mark_clipped (const HlImage *image, float *known)
{
  gsize pixels = (gsize) image->width * image->height;

  for (gsize i = 0; i < pixels; i++)
    for (int c = 0; c < image->channels; c++)
      if (image->planes[c * pixels + i] >= CLIPPED)
        known[i] = -fabsf (known[i]);
}

/* The inverse of a blur reaches further than the blur; but where what is outside the picture counts
 * as not known, the margin only keeps its sides apart. */
static int
get_margin (const HlDeblurTask *task)
{
  return task->circular                     ? 0
         : task->method == HL_DEBLUR_WIENER ? 2 * task->psf->side + 16
                                            : task->psf->side + 8;
}

/* Bytes of all planes. */
static guint64
get_planes (const HlDeblurWindow *self, int channels)
{
  /* Beside them transfer function, plane, what is known, derivative, and the padded picture. */
  static const int buffers[] = { 0, 8, 9 + HL_BLURRED_BUFFERS };
  int              pictures  = self->task->method == HL_DEBLUR_PRIOR ? 4 : 1;

  return sizeof (float)
         * ((buffers[self->task->method] + 4) * (guint64) self->fourier->stride
            + pictures * channels * (guint64) self->fourier->pixels);
}

/* The denoiser is left as much as the planes take: with less it cuts the window into pieces so
 * small that most is computed twice. */
static gboolean
is_within_limit (const HlDeblurWindow *self, int channels, GError **error)
{
  guint64 least = get_planes (self, channels) * (self->task->method == HL_DEBLUR_PRIOR ? 2 : 1);

  if (self->task->memory_limit == 0 || least <= self->task->memory_limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The window is too large.");
  return FALSE;
}

/* With what the blur may be off, and what the values' steps leave. */
static double
find_noise (const HlDeblurTask *task, double noise)
{
  return fmax (hypot (noise, task->misfit), NOISE_FLOOR);
}

/**
 * hl_deblur_window_new:
 * @task: what to do, which must outlive the window
 * @channels: of the pictures, 1 or 3
 * @width: of the pictures, pixels
 * @height: likewise
 * @derivative: of light by perceptual value over the picture, the root of its mean square; for the
 *   filter, which must not know another one in each window
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_NO_SPACE where a smaller window may be within the task's
 *   limit
 *
 * Returns: (transfer full): what hl_deblur_window_run() needs, or %NULL
 */
HlDeblurWindow *
hl_deblur_window_new (const HlDeblurTask *task, int channels, int width, int height,
                      double derivative, GError **error)
{
  g_autoptr (HlDeblurWindow) self = g_new0 (HlDeblurWindow, 1);
  gsize   stride;
  double  noise;
  guint64 limit;

  self->task            = task;
  self->mean_derivative = derivative;
  self->fourier         = hl_fourier_new (width, height, get_margin (task), error);
  if (!self->fourier || !is_within_limit (self, channels, error))
    return NULL;
  self->memory = hl_fourier_alloc (self->fourier, 4, error);
  if (!self->memory)
    return NULL;
  stride           = self->fourier->stride;
  self->transfer   = (fftwf_complex *) self->memory;
  self->known      = self->memory + stride;
  self->derivative = self->memory + 2 * stride;
  self->plane      = self->memory + 3 * stride;
  self->image
      = hl_image_new (channels, self->fourier->padded_width, self->fourier->padded_height, error);
  if (!self->image)
    return NULL;
  hl_fourier_transfer (self->fourier, task->psf, self->plane, self->transfer);
  noise             = task->noise_level;
  self->prior_noise = find_noise (task, noise);
  /* The filter takes the noise's spectrum as it is, and the prior has learnt it: that grain counts
   * for more there too lost 0.1 dB on four photographs of the Kodak set. */
  if (task->method != HL_DEBLUR_WIENER)
    noise *= hl_fourier_get_noise_gain (self->fourier, self->transfer, task->noise_blur);
  self->noise = find_noise (task, noise);
  if (task->method != HL_DEBLUR_PRIOR)
    return g_steal_pointer (&self);
  self->seen       = hl_image_copy (self->image, error);
  self->seen_known = self->seen ? hl_fourier_alloc (self->fourier, 1, error) : NULL;
  self->scratch
      = self->seen_known ? hl_fourier_alloc (self->fourier, HL_BLURRED_BUFFERS, error) : NULL;
  limit          = task->memory_limit ? task->memory_limit - get_planes (self, channels) : 0;
  self->denoiser = self->scratch
                       ? hl_denoiser_new (task->weights, task->pool, self->fourier->padded_height,
                                          self->fourier->padded_width, limit, error)
                       : NULL;
  return self->denoiser ? g_steal_pointer (&self) : NULL;
}

/**
 * hl_deblur_window_free:
 * @self: (transfer full) (nullable): a window
 */
void
hl_deblur_window_free (HlDeblurWindow *self)
{
  if (!self)
    return;
  if (self->denoiser)
    hl_denoiser_free (self->denoiser);
  g_free (self->scratch);
  g_free (self->seen_known);
  g_free (self->memory);
  hl_image_free (self->seen);
  hl_image_free (self->image);
  hl_fourier_free (self->fourier);
  g_free (self);
}

/**
 * hl_deblur_window_get_memory:
 * @self: a window
 *
 * Returns: bytes that it takes while it runs, the denoiser's among them, about
 */
guint64
hl_deblur_window_get_memory (const HlDeblurWindow *self)
{
  return get_planes (self, self->image->channels)
         + (self->denoiser ? hl_denoiser_get_memory (self->denoiser) : 0);
}

/**
 * hl_deblur_window_run:
 * @self: a window
 * @image: (C, H, W), of its size, the blurred picture, all values finite, holes filled for a
 *   beginning; becomes the sharp one
 * @known: (H, W), 0 for holes to 1 for sound pixels
 * @control: to cancel, to stop and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether @image is a result; it is as it was where not
 */
gboolean
hl_deblur_window_run (HlDeblurWindow *self, HlImage *image, const float *known,
                      const HlProgress *control, GError **error)
{
  const HlFourier *fourier = self->fourier;
  gsize            size    = (gsize) image->width * image->height;
  gboolean         done;

  self->control = control;
  for (int c = 0; c < image->channels; c++)
    hl_fourier_pad (fourier, image->planes + c * size, self->image->planes + c * fourier->pixels);
  if (self->task->method != HL_DEBLUR_WIENER)
    {
      pad_known (fourier, known, self->noise, self->known);
      if (self->seen)
        {
          memcpy (self->seen->planes, self->image->planes,
                  sizeof (float) * image->channels * fourier->pixels);
          memcpy (self->seen_known, self->known, sizeof (float) * fourier->pixels);
        }
      mark_clipped (self->image, self->known);
    }
  to_curve (self);
  if (self->task->method == HL_DEBLUR_WIENER)
    done = run_wiener (self, error);
  else
    done = run_tv (self, self->seen ? 0.5 : 1, error);
  if (!done)
    return FALSE;
  from_curve (self);
  if (self->seen && !run_prior (self, error))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    hl_fourier_crop (fourier, self->image->planes + c * fourier->pixels, image->planes + c * size);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape: after the holes' first fill, before the composite.
 *
 *   perceptual values -> light -> luminance and colour -> a solver for each -> and back
 *
 * One door for three solvers: Wiener's filter (wiener.c), total variation (tv.c) and the learned
 * prior (blurred.c within hqs.c), which takes red, green and blue at once.  Holes are solved
 * together with the blur, so that their rims do not ring: the fill is only a hint.  The
 * filter takes the fill for a part of the picture. */
#include "restore/deblur.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "restore/blurred.h"
#include "restore/error.h"
#include "restore/hqs.h"
#include "restore/light.h"
#include "restore/tv.h"
#include "restore/wiener.h"

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

/* Total variation's steps. */
#define TV_STEPS 40

/* Of the total variation of luminance, what colour gets: the eye forgives soft colour and not
 * fringes. */
#define COLOUR_STRENGTH 2

/* The learned prior's steps, and how far the picture may be off that total variation left. Zhang
 * et al. (CVPR 2017, section 4.3) begin with the blurred picture at 49 and take as many. */
#define PRIOR_STEPS 8
#define PRIOR_SIGMA (25.0 / 255)

/* The fine details of a network's answer are never better than this. */
#define LEAST_SIGMA (1.0 / 255)

/* What the solvers share: all planes are padded. */
typedef struct
{
  const HlFourier        *fourier;
  const fftwf_complex    *transfer;
  double                  noise;
  gboolean                light;
  HlImage                *image; /* becomes the result */
  float                  *known; /* as in #HlTv */
  float                  *slope; /* of light at luminance */
  float                  *plane; /* of hl_fourier_alloc() */
  const HlRestoreControl *control;
} Problem;

static void
to_light (Problem *self)
{
  HlImage *image  = self->image;
  gsize    pixels = self->fourier->pixels;

  for (gsize i = 0; self->light && i < image->channels * pixels; i++)
    image->planes[i] = hl_light_decode (image->planes[i]);
  if (image->channels == 3)
    hl_light_split (image->planes, pixels);
  for (gsize i = 0; i < pixels; i++)
    self->slope[i] = self->light ? hl_light_get_slope (image->planes[i]) : 1;
}

static void
from_light (Problem *self)
{
  HlImage *image  = self->image;
  gsize    pixels = self->fourier->pixels;

  if (image->channels == 3)
    hl_light_join (image->planes, pixels);
  for (gsize i = 0; self->light && i < image->channels * pixels; i++)
    image->planes[i] = hl_light_encode (fmaxf (image->planes[i], 0));
}

static double
find_root_mean_square (const float *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i] * values[i];
  return sqrt (sum / n);
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
run_wiener (Problem *self, const HlPsf *psf, GError **error)
{
  const HlFourier  *fourier = self->fourier;
  gsize             bytes   = sizeof (float) * fourier->pixels;
  g_autofree float *work    = hl_fourier_alloc (fourier, 1, error);
  double            noise   = hypot (self->noise, MIRROR_NOISE * find_asymmetry (psf));

  if (!work)
    return FALSE;
  noise *= find_root_mean_square (self->slope, fourier->pixels);
  for (int c = 0; c < self->image->channels; c++)
    {
      float *plane = self->image->planes + c * fourier->pixels;

      if (g_cancellable_set_error_if_cancelled (self->control->cancel, error))
        return FALSE;
      memcpy (self->plane, plane, bytes);
      hl_wiener_run (fourier, self->transfer, c > 0 ? COLOUR_STRENGTH * noise : noise, self->plane,
                     (fftwf_complex *) work);
      memcpy (plane, self->plane, bytes);
      if (self->control->progress)
        self->control->progress ((c + 1.0) / self->image->channels, 0, self->control->user_data);
    }
  return TRUE;
}

static gboolean
run_tv (Problem *self, double end, GError **error)
{
  gsize pixels   = self->fourier->pixels;
  int   channels = self->image->channels;
  HlTv  tv       = { .fourier  = self->fourier,
                     .transfer = self->transfer,
                     .known    = self->known,
                     .slope    = self->slope,
                     .noise    = self->noise,
                     .steps    = TV_STEPS };

  for (int c = 0; c < channels; c++)
    {
      float *plane = self->image->planes + c * pixels;

      /* Of colour, a highlight that was cut off tells nothing. */
      for (gsize i = 0; c > 0 && i < pixels; i++)
        self->known[i] = fmaxf (self->known[i], 0);
      tv.strength = c > 0 ? COLOUR_STRENGTH : 1;
      memcpy (self->plane, plane, sizeof (float) * pixels);
      if (!hl_tv_run (&tv, self->plane, self->control, end * c / channels, end * (c + 1) / channels,
                      error))
        return FALSE;
      memcpy (plane, self->plane, sizeof (float) * pixels);
    }
  return TRUE;
}

/* hl_hqs_run() counts from 0 to 1 what is only the second half of the work. */
static void
report_second_half (double fraction, guint iteration, gpointer data)
{
  const HlRestoreControl *control = data;

  if (control->progress)
    control->progress (0.5 + 0.5 * fraction, iteration, control->user_data);
}

static gboolean
run_prior (Problem *self, const HlDeblurTask *task, const HlImage *seen, const float *known,
           GError **error)
{
  HlRestoreControl  control = { .cancel    = self->control->cancel,
                                .stop      = self->control->stop,
                                .progress  = report_second_half,
                                .user_data = (gpointer) self->control };
  g_autofree float *memory  = hl_fourier_alloc (self->fourier, HL_BLURRED_BUFFERS, error);
  g_autoptr (HlDenoiser) denoiser = NULL;
  HlBlurred blurred
      = { self->fourier, self->transfer, seen, known, self->noise, self->light, memory };
  HlDataStep data = { hl_blurred_solve, &blurred };
  double     last = fmin (fmax (self->noise, LEAST_SIGMA), PRIOR_SIGMA);
  float      sigma[PRIOR_STEPS];

  denoiser = memory ? hl_denoiser_new (task->weights, task->pool, self->fourier->padded_height,
                                       self->fourier->padded_width, task->memory_limit, error)
                    : NULL;
  if (!denoiser)
    return FALSE;
  for (int k = 0; k < PRIOR_STEPS; k++)
    sigma[k] = PRIOR_SIGMA * pow (last / PRIOR_SIGMA, (double) k / (PRIOR_STEPS - 1));
  return hl_hqs_run (denoiser, &data, sigma, PRIOR_STEPS, self->image, &control, error);
}

static HlImage *
pad_image (const HlFourier *fourier, const HlImage *image, GError **error)
{
  HlImage *padded
      = hl_image_new (image->channels, fourier->padded_width, fourier->padded_height, error);

  for (int c = 0; padded && c < image->channels; c++)
    hl_fourier_pad (fourier, image->planes + (gsize) c * image->width * image->height,
                    padded->planes + c * fourier->pixels);
  return padded;
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

/* The inverse of a blur reaches further than the blur. */
static int
get_margin (const HlDeblurTask *task)
{
  return task->circular ? 0 : 2 * task->psf->side + 16;
}

/**
 * hl_deblur_get_memory:
 * @task: what to do
 * @channels: of the picture, 1 or 3
 * @width: pixels
 * @height: likewise
 *
 * Returns: bytes that hl_deblur_run() takes beside the picture itself and the denoiser, about
 */
guint64
hl_deblur_get_memory (const HlDeblurTask *task, int channels, int width, int height)
{
  /* Beside them transfer function, plane, what is known, slope, and the padded picture. */
  static const int buffers[] = { 1, 8, 1 + HL_BLURRED_BUFFERS };
  int              margin    = get_margin (task);
  int              pictures  = task->method == HL_DEBLUR_PRIOR ? 4 : 1;

  return sizeof (float) * (buffers[task->method] + 4 + pictures * channels)
         * (guint64) (width + margin) * (guint64) (height + margin);
}

/**
 * hl_deblur_run:
 * @task: what to do
 * @image: (C, H, W), the blurred picture, all values finite, holes filled for a beginning; becomes
 *   the sharp one
 * @known: (H, W), 0 for holes to 1 for sound pixels
 * @control: to cancel, to stop and to follow it
 * @error: %HL_ERROR_SETTING, %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * FFTW's planner is not made for threads: call this from one thread at a time.
 *
 * Returns: whether @image is a result; it is as it was where not
 */
gboolean
hl_deblur_run (const HlDeblurTask *task, HlImage *image, const float *known,
               const HlRestoreControl *control, GError **error)
{
  g_autoptr (HlFourier) fourier = NULL;
  g_autoptr (HlImage) padded = NULL, seen = NULL;
  g_autofree float *memory = NULL, *seen_known = NULL;
  Problem           problem;
  gboolean          done;

  if (task->psf->side > 2 * MIN (image->width, image->height))
    {
      g_set_error (
          error, HL_ERROR, HL_ERROR_SETTING,
          _ ("The blur is larger than the area of %d × %d pixels. Choose a smaller blur or "
             "a larger area."),
          image->width, image->height);
      return FALSE;
    }
  fourier = hl_fourier_new (image->width, image->height, get_margin (task), error);
  memory  = fourier ? hl_fourier_alloc (fourier, 4, error) : NULL;
  padded  = memory ? pad_image (fourier, image, error) : NULL;
  if (!padded)
    return FALSE;
  problem = (Problem) { .fourier  = fourier,
                        .transfer = (fftwf_complex *) memory,
                        .noise    = fmax (task->noise_level, NOISE_FLOOR),
                        .light    = task->light,
                        .image    = padded,
                        .known    = memory + fourier->stride,
                        .slope    = memory + 2 * fourier->stride,
                        .plane    = memory + 3 * fourier->stride,
                        .control  = control };
  hl_fourier_transfer (fourier, task->psf, problem.plane, (fftwf_complex *) memory);
  pad_known (fourier, known, problem.noise, problem.known);
  if (task->method == HL_DEBLUR_PRIOR)
    {
      seen       = hl_image_copy (padded, error);
      seen_known = seen ? hl_fourier_alloc (fourier, 1, error) : NULL;
      if (!seen_known)
        return FALSE;
      memcpy (seen_known, problem.known, sizeof (float) * fourier->pixels);
    }
  mark_clipped (padded, problem.known);
  to_light (&problem);
  if (task->method == HL_DEBLUR_WIENER)
    done = run_wiener (&problem, task->psf, error);
  else
    done = run_tv (&problem, seen ? 0.5 : 1, error);
  if (!done)
    return FALSE;
  from_light (&problem);
  if (seen && !run_prior (&problem, task, seen, seen_known, error))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    hl_fourier_crop (fourier, padded->planes + c * fourier->pixels,
                     image->planes + (gsize) c * image->width * image->height);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of a blur of roughly known size: from the estimate of blur_estimate.c to a point
 * spread function.
 *
 * Edges give the width of a blur and hardly its shape, Gaussian or disk; but inverting the wrong
 * one leaves rings, and a residual that is neither noise nor edges. So a piece of the photograph is
 * deblurred with each candidate, and the energy that total variation minimises (tv.c) is compared:
 * at the right candidate it has a dip, or a knee before it rises. Judging a blur by the residual of
 * its deconvolution: M. S. C. Almeida, M. A. T. Figueiredo, "Parameter Estimation for Blind and
 * Non-Blind Deblurring Using Residual Whiteness Measures" (IEEE TIP 22(7), 2013). */
#include "restore/blur/blur_fit.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/linear_light.h"
#include "restore/blur/tv.h"

/* Pixels of the piece's sides. */
#define PIECE 256

/* Iterations of total variation for each candidate: their order shows before it has converged. */
#define STEPS 30
#define NOISE_FLOOR (0.5 / 255)

/* The disk whose edges are as wide as those of a Gaussian of deviation 1, and the line that
 * varies as much. */
#define DISK_RADIUS 1.72
#define LINE_LENGTH 3.46

/* The estimated size may be off: the search goes from 0.7 of it up to 1.9. Round blurs are taken up
 * to 1.4 of it: beyond, disks dip again, and noise hides the Gaussian's knee. */
#define SIZES 10
#define ROUND_SIZES 7
#define FIRST_SIZE 0.7
#define STEP 1.12

/* And the angle of a line, degrees: first coarsely, as few edges give it badly, then, for the best
 * length, finely. */
#define COARSE_TURN 6
#define COARSE_TURNS 5
#define TURN 2
#define TURNS 2
#define FINE_STEP 1.05

/* A line has a hill and a dip by chance, too. Where the edges did not already show a line, its dip
 * must be this much deeper than a disk's. */
#define DIP 1.15

/* A disk has to fit better than the Gaussian of its size by this. */
#define CLEARLY 0.92

/* What fits worse than the smallest of its kind by this factor is too large in any case. */
#define ABSURD 1.8

/* A smaller Gaussian always fits better; where by this share more than the next, or by this many
 * times what it is at least, the larger was too large. So without noise, measured with photographs;
 * noise smooths the knee, and the second falls towards 1 as this power of it says. */
#define KNEE 0.17
#define KNEE_TIMES 4.5
#define KNEE_POWER -1.33

/* A blur is taken for one of the encoded values where that lowers the energy to this. Measured on
 * ten photographs under Gaussians, disks and lines, without noise, with white noise of 1.5 % and
 * with correlated grain of 1 %: where light was blurred, the ratio never fell below 0.95; where
 * values were, it lay between 0.5 and 1.1, below 0.9 mostly without noise. What stays undecided is
 * taken for light. */
#define SURELY_ENCODED 0.92

/* Candidates in all: lines, then round ones. */
#define ALL_TRIES (2 * (COARSE_TURNS + TURNS + 1) + SIZES + 2 + 2 * ROUND_SIZES)

typedef struct
{
  double length, angle, energy;
  double dip; /* how much higher the hill before it is; 0 for none */
} Line;

typedef struct
{
  const HlFourier  *fourier;
  const HlProgress *control;
  guint            *tried;  /* candidates so far */
  GError          **failed; /* once set, no candidate is tried any more */
  float             noise;
  gboolean          encoded; /* whether the values are blurred as they are, and not light */
  fftwf_complex    *transfer, *work;
  float            *plane, *blurred, *light, *derivative, *known;
} Trial;

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

            piece[c * size + to] = self->encoded ? value : hl_light_decode (value);
            if (value >= 0.995f)
              k = -known[at];
          }
        self->known[(gsize) y * fourier->padded_width + x] = k;
      }
  hl_light_split (piece, size);
  hl_fourier_pad (fourier, piece, self->light);
  for (gsize i = 0; i < fourier->pixels; i++)
    self->derivative[i] = self->encoded ? 1 : hl_light_get_derivative (self->light[i]);
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

/* How badly @psf fits; no number once that failed, for lack of memory or as it was cancelled. */
static double
try_psf (const Trial *self, HlPsf *psf)
{
  const HlFourier *fourier = self->fourier;
  const HlProgress quiet   = { .cancel = self->control->cancel };
  HlTv tv = { fourier, self->transfer, self->known, self->derivative, self->noise, 1, STEPS };

  if (!*self->failed)
    hl_fourier_transfer (fourier, psf, self->plane, self->transfer);
  hl_psf_free (psf);
  if (*self->failed)
    return NAN;
  memcpy (self->plane, self->light, sizeof (float) * fourier->pixels);
  if (!hl_tv_run (&tv, self->plane, &quiet, 0, 1, self->failed))
    return NAN;
  hl_progress_report (self->control, (double) ++*self->tried / ALL_TRIES, 0);
  memcpy (self->blurred, self->plane, sizeof (float) * fourier->pixels);
  hl_fourier_blur (fourier, self->transfer, FALSE, self->blurred, self->work);
  return get_energy (self);
}

static double
get_size (int i)
{
  return FIRST_SIZE * pow (STEP, i);
}

static void
try_line (const Trial *self, double length, double angle, Line *best)
{
  double energy = try_psf (self, hl_psf_new_motion (length, angle));

  if (energy < best->energy)
    *best = (Line) { length, angle, energy, best->dip };
}

/* The deepest dip behind a hill: on this side of it, the smallest sizes fit again. */
static Line
find_line (const Trial *self, double length, double angle)
{
  Line   best = { length, angle, INFINITY, 0 }, start = best;
  double hill = 0, first = INFINITY;

  for (int turn = -COARSE_TURNS; turn <= COARSE_TURNS; turn++)
    try_line (self, length, angle + turn * COARSE_TURN, &start);
  for (int i = 0; i < SIZES; i++)
    {
      Line line = { .energy = INFINITY };

      try_line (self, length * get_size (i), start.angle, &line);
      first    = fmin (first, line.energy);
      hill     = fmax (hill, line.energy);
      line.dip = hill / line.energy;
      if (line.dip > fmax (best.dip, 1) && line.energy < ABSURD * first)
        best = line;
    }
  if (!isfinite (best.energy))
    return best;
  for (int turn = -TURNS; turn <= TURNS; turn++)
    try_line (self, best.length, start.angle + turn * TURN, &best);
  start = best;
  try_line (self, start.length * FINE_STEP, start.angle, &best);
  try_line (self, start.length / FINE_STEP, start.angle, &best);
  return best;
}

/* The last Gaussian before the energies rise steeply. */
static int
find_knee (const Trial *self, const double *energies)
{
  double least = INFINITY, knee;
  int    last  = 0;

  for (int i = 1; i < ROUND_SIZES; i++)
    least = fmin (least, energies[i] / energies[i - 1] - 1);
  knee = 1 + (KNEE_TIMES - 1) * pow (self->noise / NOISE_FLOOR, KNEE_POWER);
  knee = fmax (fmin (least * knee, KNEE), least);
  for (int i = 1; i < ROUND_SIZES; i++)
    if (energies[i] <= (1 + knee) * energies[i - 1])
      last = i;
  return last;
}

static HlPsf *
fit_round (const Trial *self, double sigma, const Line *line)
{
  double gaussian[ROUND_SIZES], ratio = 1, radius = 0, hill = 0, dip = 1;

  for (int i = 0; i < ROUND_SIZES; i++)
    {
      double size = sigma * get_size (i);
      double disk = try_psf (self, hl_psf_new_disk (DISK_RADIUS * size));

      gaussian[i] = try_psf (self, hl_psf_new_gaussian (size, size, 0));
      if (disk < ratio * gaussian[i] && disk < ABSURD * gaussian[0])
        {
          ratio  = disk / gaussian[i];
          radius = DISK_RADIUS * size;
        }
      hill = fmax (hill, disk);
      dip  = fmax (dip, hill / disk);
    }
  if (line->dip > DIP * dip && line->energy < ABSURD * gaussian[0])
    return hl_psf_new_motion (line->length, line->angle);
  if (ratio < CLEARLY)
    return hl_psf_new_disk (radius);
  sigma *= get_size (find_knee (self, gaussian));
  return hl_psf_new_gaussian (sigma, sigma, 0);
}

#define BUFFERS 7 /* of a trial */

static Trial
make_trial (const HlFourier *fourier, float *memory, double noise_level, const HlProgress *control,
            guint *tried, GError **failed)
{
  return (Trial) { .fourier    = fourier,
                   .control    = control,
                   .tried      = tried,
                   .failed     = failed,
                   .noise      = fmax (noise_level, NOISE_FLOOR),
                   .transfer   = (fftwf_complex *) memory,
                   .work       = (fftwf_complex *) (memory + fourier->stride),
                   .plane      = memory + 2 * fourier->stride,
                   .blurred    = memory + 3 * fourier->stride,
                   .light      = memory + 4 * fourier->stride,
                   .derivative = memory + 5 * fourier->stride,
                   .known      = memory + 6 * fourier->stride };
}

/**
 * hl_blur_find_encoded:
 * @psf: the blur
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise, 0..1 of white
 * @noise_blur: how far it is correlated, see hl_noise_estimate_blur()
 * @encoded: (out): whether what was blurred are the picture's gamma-encoded values
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * A lens and a camera that moved blur light; a scanner's and a program's softening blurs the
 * encoded values. Undone in the wrong ones, edges get rims. A piece of the photograph is deblurred
 * in both, and the energies that total variation reaches are compared, as by hl_blur_fit(). See
 * there about threads.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_blur_find_encoded (const HlPsf *psf, const HlImage *image, const float *known,
                      double noise_level, double noise_blur, gboolean *encoded,
                      GCancellable *cancel, GError **error)
{
  int width = MIN (PIECE, image->width), height = MIN (PIECE, image->height), left = 0, top = 0;
  const HlProgress quiet        = { .cancel = cancel };
  g_autoptr (HlFourier) fourier = hl_fourier_new (width, height, 2 * psf->side + 16, error);
  g_autofree float *memory      = fourier ? hl_fourier_alloc (fourier, BUFFERS, error) : NULL;
  g_autoptr (GError) failed     = NULL;
  guint  tried                  = 0;
  double energy[2];
  Trial  trial;

  *encoded = FALSE;
  if (!memory)
    return FALSE;
  trial = make_trial (fourier, memory, noise_level, &quiet, &tried, &failed);
  hl_fourier_transfer (fourier, psf, trial.plane, trial.transfer);
  trial.noise = fmax (noise_level * hl_fourier_get_noise_gain (fourier, trial.transfer, noise_blur),
                      NOISE_FLOOR);
  find_piece (image, known, width, height, &left, &top);
  for (int i = 0; i < 2; i++)
    {
      trial.encoded = i > 0;
      if (!load (&trial, image, known, left, top, error))
        return FALSE;
      energy[i] = try_psf (&trial, hl_psf_copy (psf));
    }
  if (failed)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
  *encoded = energy[1] < SURELY_ENCODED * energy[0];
  return TRUE;
}

/**
 * hl_blur_fit:
 * @estimate: from hl_blur_estimate(), not 0
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise_level: standard deviation of the noise, 0..1 of white
 * @control: to cancel and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Takes about a second.
 *
 * Returns: (transfer full): a disk or a Gaussian where the blur is about as wide as long, a line
 *   where not; or %NULL
 */
HlPsf *
hl_blur_fit (const HlBlurEstimate *estimate, const HlImage *image, const float *known,
             double noise_level, const HlProgress *control, GError **error)
{
  int    width = MIN (PIECE, image->width), height = MIN (PIECE, image->height), left = 0, top = 0;
  double length                 = LINE_LENGTH * estimate->along;
  g_autoptr (HlFourier) fourier = hl_fourier_new (width, height, ceil (3 * length) + 16, error);
  g_autofree float *memory      = fourier ? hl_fourier_alloc (fourier, BUFFERS, error) : NULL;
  g_autoptr (HlPsf) psf         = NULL;
  g_autoptr (GError) failed     = NULL;
  guint tried                   = 0;
  Line  line;
  Trial trial;

  if (!memory)
    return NULL;
  trial = make_trial (fourier, memory, noise_level, control, &tried, &failed);
  find_piece (image, known, width, height, &left, &top);
  if (!load (&trial, image, known, left, top, error))
    return NULL;
  line = find_line (&trial, length, estimate->angle);
  if (estimate->along > HL_BLUR_SLENDER * estimate->across)
    psf = hl_psf_new_motion (line.length, line.angle);
  else
    psf = fit_round (&trial, sqrt (estimate->along * estimate->across), &line);
  if (failed)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }
  return g_steal_pointer (&psf);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape by FFT: after the prior, before the composite.
 *
 * The picture y is the sharp picture x under a Gaussian point spread function h plus
 * noise. The Wiener filter (N. Wiener, Extrapolation, Interpolation and Smoothing of
 * Stationary Time Series, 1949; R. C. Gonzalez, R. E. Woods, Digital Image Processing,
 * eq. 5.8-2 in the third edition) is, per frequency f,
 *
 *   G = H / (H^2 + N/S),     H = exp (-2 pi^2 radius^2 |f|^2)     [h is symmetric: H
 * real]
 *
 * with N = noise_level^2, the flat spectrum of white noise, and S = SPECTRUM / |f|^2, the
 * spectrum that photographs have on average (D. J. Field, JOSA A 4(12), 1987). S grows
 * without bound at f = 0, so that G (0) = 1 and the mean of a picture stays.
 *
 * Where nothing is blurred (H = 1) this filter would still smooth the noise away. That is
 * the prior's work, which was done before; so G is scaled by 1 + N/S, which makes it 1
 * there: radius 0 is the identity, and small radii approach it.
 *
 * Values are taken as they are, gamma-encoded. A camera blurs light; the filter is right
 * there as well, only the caller has to hand in linear values. */

#include "restore/deconvolve.h"

#include <fftw3.h>
#include <math.h>

#include "restore/error.h"

/* |f|^2 times the power spectrum of a photograph with values 0..1, at the frequencies that
 * a blur takes: measured over twenty photographs, most have 5e-5 to 1e-3 there. A lower
 * value sharpens less. This one gained 2 to 6 dB on each of five photographs blurred by 1
 * and 1.6 pixels; 1e-3 lost on two of them what it won on the others. */
#define SPECTRUM 2e-4

/* Not even a perfect 8-bit scan is better known than its rounding. */
#define NOISE_FLOOR (1.0 / 255.0 / 3.4641)

struct _HlDeconvolver
{
  int            width, height;
  int            padded_width, padded_height;
  float         *padded;         /* (padded_height, padded_width) */
  fftwf_complex *spectrum;       /* (padded_height, padded_width / 2 + 1) */
  float         *filter;         /* (padded_height, padded_width / 2 + 1), G over the FFT's scale */
  int           *columns;        /* (padded_width, 2): where the padding takes its values */
  int           *rows;           /* (padded_height, 2) */
  float         *column_weights; /* (padded_width): of the second of the two */
  float         *row_weights;    /* (padded_height) */
  fftwf_plan     forward, backward;
};

/* The next size up that FFTW is fast at: no prime factor above 7. */
static int
fast_size (int size)
{
  for (;; size++)
    {
      int rest = size;

      for (int factor = 2; factor <= 7; factor++)
        while (rest % factor == 0)
          rest /= factor;
      if (rest == 1)
        return size;
    }
}

/* @i reflected into 0..@size - 1, the border pixel being repeated. */
static int
reflect (int i, int size)
{
  int period = 2 * size;

  i = ((i % period) + period) % period;
  return i < size ? i : period - 1 - i;
}

/* An FFT sees the picture repeated without end, and a step between the right border and
 * the left one would ring into the picture. So the gap between one copy and the next
 * continues both of them by reflection, and fades from the one to the other in its middle
 * half. @sources: (padded, 2) receives the two positions, @weights: (padded) the share of
 * the second. */
static void
plan_padding (int size, int padded, int *sources, float *weights)
{
  int gap = padded - size;

  for (int i = 0; i < padded; i++)
    {
      double t = gap > 0 ? (i - size + 0.5) / gap : 0.0;

      t                  = CLAMP (2.0 * t - 0.5, 0.0, 1.0);
      sources[2 * i]     = reflect (i, size);
      sources[2 * i + 1] = reflect (i - padded, size);
      weights[i]         = i < size ? 0.0f : (float) (t * t * (3.0 - 2.0 * t));
    }
}

static void
compute_filter (HlDeconvolver *self, double radius, double noise_level)
{
  int    half  = self->padded_width / 2 + 1;
  double noise = MAX (noise_level, NOISE_FLOOR);
  double scale = 1.0 / ((double) self->padded_width * self->padded_height);

  for (int v = 0; v < self->padded_height; v++)
    for (int u = 0; u < half; u++)
      {
        double fx    = (double) u / self->padded_width;
        double fy    = (double) MIN (v, self->padded_height - v) / self->padded_height;
        double f2    = fx * fx + fy * fy;
        double h     = exp (-2.0 * G_PI * G_PI * radius * radius * f2);
        double ratio = noise * noise * f2 / SPECTRUM;

        /* At f = 0 the ratio is 0 and h is 1. Far out h may underflow to 0, but there the
         * ratio is positive: the quotient is always defined. */
        self->filter[(gsize) v * half + u] = (float) (scale * h * (1.0 + ratio) / (h * h + ratio));
      }
}

/**
 * hl_deconvolver_new:
 * @width: of the planes, pixels, > 0
 * @height: of the planes, pixels, > 0
 * @radius: standard deviation of the Gaussian point spread function, pixels, >= 0; 0
 *   leaves planes as they are
 * @noise_level: standard deviation of the noise that is left in the planes, 0..1 of
 * white; more noise gives less sharpening
 * @error: return location for a #GError
 *
 * Plans the transforms and computes the filter. FFTW's planner is not thread-safe: call
 * this and hl_deconvolver_free() from one thread at a time in the whole process.
 *
 * Returns: (transfer full): the deconvolver, or %NULL with %HL_ERROR_SETTING or
 *   %HL_ERROR_MEMORY
 */
HlDeconvolver *
hl_deconvolver_new (int width, int height, double radius, double noise_level, GError **error)
{
  g_autoptr (HlDeconvolver) self = NULL;
  int   margin;
  gsize count;

  if (width < 1 || height < 1 || !(radius >= 0.0 && radius <= 1000.0)
      || !(noise_level >= 0.0 && noise_level <= 1.0))
    {
      g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
                   "The blur cannot be undone with a radius of %g pixels: "
                   "choose one between 0 and 20.",
                   radius);
      return NULL;
    }

  /* The inverse of a Gaussian reaches further than the Gaussian itself. */
  margin       = (int) ceil (8.0 * radius) + 16;
  self         = g_new0 (HlDeconvolver, 1);
  self->width  = width;
  self->height = height;
  if (width < G_MAXINT / 4 && height < G_MAXINT / 4)
    {
      self->padded_width  = fast_size (width + margin);
      self->padded_height = fast_size (height + margin);
    }

  if (self->padded_width > 0
      && g_size_checked_mul (&count, self->padded_height, self->padded_width / 2 + 1)
      && count < G_MAXINT)
    {
      self->padded         = fftwf_alloc_real ((gsize) self->padded_width * self->padded_height);
      self->spectrum       = fftwf_alloc_complex (count);
      self->filter         = g_try_new (float, count);
      self->columns        = g_try_new (int, 2 * (gsize) self->padded_width);
      self->rows           = g_try_new (int, 2 * (gsize) self->padded_height);
      self->column_weights = g_try_new (float, self->padded_width);
      self->row_weights    = g_try_new (float, self->padded_height);
    }
  /* FFTW_ESTIMATE: a measured plan may differ from run to run, and with it the last bits
   * of the result. */
  if (self->padded && self->spectrum)
    {
      self->forward  = fftwf_plan_dft_r2c_2d (self->padded_height, self->padded_width, self->padded,
                                              self->spectrum, FFTW_ESTIMATE);
      self->backward = fftwf_plan_dft_c2r_2d (self->padded_height, self->padded_width,
                                              self->spectrum, self->padded, FFTW_ESTIMATE);
    }
  if (!self->forward || !self->backward || !self->filter || !self->columns || !self->rows
      || !self->column_weights || !self->row_weights)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }

  plan_padding (width, self->padded_width, self->columns, self->column_weights);
  plan_padding (height, self->padded_height, self->rows, self->row_weights);
  compute_filter (self, radius, noise_level);
  return g_steal_pointer (&self);
}

/* One row of the picture, continued into the gap on its right. */
static inline float
padded_value (const HlDeconvolver *self, const float *row, int x)
{
  float near = row[self->columns[2 * x]];
  float far  = row[self->columns[2 * x + 1]];

  return near + self->column_weights[x] * (far - near);
}

/**
 * hl_deconvolver_run:
 * @self: a deconvolver
 * @plane: (H, W), row-major, finite values; overwritten with the sharpened plane
 *
 * Undoes the blur of one plane. The values are not clamped: beside sharp edges they may
 * go beyond those of the picture.
 */
void
hl_deconvolver_run (HlDeconvolver *self, float *plane)
{
  gsize width = self->width;
  gsize count = (gsize) self->padded_height * (self->padded_width / 2 + 1);

  for (int y = 0; y < self->padded_height; y++)
    {
      const float *near_row = plane + width * self->rows[2 * y];
      const float *far_row  = plane + width * self->rows[2 * y + 1];
      float       *to       = self->padded + (gsize) self->padded_width * y;

      for (int x = 0; x < self->padded_width; x++)
        {
          float near = padded_value (self, near_row, x);
          float far  = padded_value (self, far_row, x);

          to[x] = near + self->row_weights[y] * (far - near);
        }
    }

  fftwf_execute (self->forward);
  for (gsize i = 0; i < count; i++)
    {
      self->spectrum[i][0] *= self->filter[i];
      self->spectrum[i][1] *= self->filter[i];
    }
  fftwf_execute (self->backward);

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      plane[width * y + x] = self->padded[(gsize) self->padded_width * y + x];
}

/**
 * hl_deconvolver_free:
 * @self: (transfer full) (nullable): a deconvolver
 *
 * Frees the deconvolver; see hl_deconvolver_new() about threads.
 */
void
hl_deconvolver_free (HlDeconvolver *self)
{
  if (!self)
    return;
  if (self->forward)
    fftwf_destroy_plan (self->forward);
  if (self->backward)
    fftwf_destroy_plan (self->backward);
  fftwf_free (self->padded);
  fftwf_free (self->spectrum);
  g_free (self->filter);
  g_free (self->columns);
  g_free (self->rows);
  g_free (self->column_weights);
  g_free (self->row_weights);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fourier transforms of padded planes: what all solvers of the deconvolution are made of.
 *
 * A picture lies in the upper left corner of a plane of a size that FFTW is fast at, and at
 * least a margin larger. A Fourier transform sees that plane repeated without end, so that the
 * margin on the right and below is also the one on the left and above. */
#include "restore/blur/fourier.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"

/* Buffers lie as far apart as whole cache lines, so that all are aligned like the first: FFTW's
 * plans are made for one alignment. */
#define LINE 16

/* The next size up that FFTW is fast at: no prime factor above 7; even, for real transforms. */
static int
fast_size (int size)
{
  for (size += size % 2;; size += 2)
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

/* The gap between one copy of the picture and the next continues both of them by reflection, and
 * fades from the one to the other in its middle half. @sources: (padded, 2) receives the two
 * positions, @weights: (padded) the share of the second. */
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

/* FFTW's planner is not made for threads, and several photographs may be restored at once. */
static GMutex planner;

/* FFTW_ESTIMATE: a measured plan may differ from run to run, and with it the last bits of the
 * result. Planning does not touch the buffers then, but wants them. */
static gboolean
plan_transforms (HlFourier *self, GError **error)
{
  g_autofree float *buffers = hl_fourier_alloc (self, 2, error);
  fftwf_complex    *spectrum;

  if (!buffers)
    return FALSE;
  spectrum = (fftwf_complex *) (buffers + self->stride);
  g_mutex_lock (&planner);
  self->forward = fftwf_plan_dft_r2c_2d (self->padded_height, self->padded_width, buffers, spectrum,
                                         FFTW_ESTIMATE);
  self->backward = fftwf_plan_dft_c2r_2d (self->padded_height, self->padded_width, spectrum,
                                          buffers, FFTW_ESTIMATE);
  g_mutex_unlock (&planner);
  if (!self->forward || !self->backward)
    hl_error_set_memory (error, self->width, self->height);
  return self->forward && self->backward;
}

/**
 * hl_fourier_new:
 * @width: of the picture, pixels, 1 or more
 * @height: likewise
 * @margin: pixels to leave free between the picture's right border and the left one of its
 *   repetition, and likewise below, 0 or more
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): the transforms, or %NULL
 */
HlFourier *
hl_fourier_new (int width, int height, int margin, GError **error)
{
  g_autoptr (HlFourier) self = g_new0 (HlFourier, 1);
  gsize bytes;

  self->width  = width;
  self->height = height;
  if (width < G_MAXINT / 4 && height < G_MAXINT / 4 && margin < G_MAXINT / 4)
    {
      self->padded_width  = fast_size (width + margin);
      self->padded_height = fast_size (height + margin);
    }
  if (!self->padded_width
      || !g_size_checked_mul (&self->count, self->padded_height, self->padded_width / 2 + 1)
      || !g_size_checked_mul (&bytes, self->count, sizeof (fftwf_complex))
      || bytes > G_MAXSIZE / 64)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  self->pixels         = (gsize) self->padded_width * self->padded_height;
  self->stride         = (2 * self->count + LINE - 1) / LINE * LINE;
  self->columns        = g_new (int, 2 * (gsize) self->padded_width);
  self->rows           = g_new (int, 2 * (gsize) self->padded_height);
  self->column_weights = g_new (float, self->padded_width);
  self->row_weights    = g_new (float, self->padded_height);
  plan_padding (width, self->padded_width, self->columns, self->column_weights);
  plan_padding (height, self->padded_height, self->rows, self->row_weights);
  return plan_transforms (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * hl_fourier_free:
 * @self: (transfer full) (nullable): transforms
 */
void
hl_fourier_free (HlFourier *self)
{
  if (!self)
    return;
  g_mutex_lock (&planner);
  if (self->forward)
    fftwf_destroy_plan (self->forward);
  if (self->backward)
    fftwf_destroy_plan (self->backward);
  g_mutex_unlock (&planner);
  g_free (self->columns);
  g_free (self->rows);
  g_free (self->column_weights);
  g_free (self->row_weights);
  g_free (self);
}

/**
 * hl_fourier_alloc:
 * @self: transforms
 * @buffers: how many, 1..16
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): buffers one after the other, `stride` floats each, which is enough
 *   for a padded plane or a spectrum; not initialised; to be freed with g_free(); or %NULL
 */
float *
hl_fourier_alloc (const HlFourier *self, int buffers, GError **error)
{
  float *memory = g_try_malloc_n (self->stride, buffers * sizeof (float));

  if (!memory)
    hl_error_set_memory (error, self->width, self->height);
  return memory;
}

static inline float
padded_value (const HlFourier *self, const float *row, int x)
{
  float near = row[self->columns[2 * x]];
  float far  = row[self->columns[2 * x + 1]];

  return near + self->column_weights[x] * (far - near);
}

/**
 * hl_fourier_pad:
 * @self: transforms
 * @plane: (H, W), finite values
 * @padded: (padded_height, padded_width), written: @plane, and around it its reflection
 */
void
hl_fourier_pad (const HlFourier *self, const float *plane, float *padded)
{
  for (int y = 0; y < self->padded_height; y++)
    {
      const float *near_row = plane + (gsize) self->width * self->rows[2 * y];
      const float *far_row  = plane + (gsize) self->width * self->rows[2 * y + 1];
      float       *to       = padded + (gsize) self->padded_width * y;
      int          x        = 0;

      if (y < self->height)
        {
          memcpy (to, near_row, sizeof (float) * self->width);
          x = self->width;
        }
      for (; x < self->padded_width; x++)
        {
          float near = padded_value (self, near_row, x);
          float far  = padded_value (self, far_row, x);

          to[x] = near + self->row_weights[y] * (far - near);
        }
    }
}

/**
 * hl_fourier_crop:
 * @self: transforms
 * @padded: (padded_height, padded_width)
 * @plane: (H, W), written: the picture in @padded
 */
void
hl_fourier_crop (const HlFourier *self, const float *padded, float *plane)
{
  for (int y = 0; y < self->height; y++)
    memcpy (plane + (gsize) self->width * y, padded + (gsize) self->padded_width * y,
            sizeof (float) * self->width);
}

/**
 * hl_fourier_forward:
 * @self: transforms
 * @padded: (padded_height, padded_width), a buffer of hl_fourier_alloc()
 * @spectrum: (count), another such buffer, written
 */
void
hl_fourier_forward (const HlFourier *self, float *padded, fftwf_complex *spectrum)
{
  fftwf_execute_dft_r2c (self->forward, padded, spectrum);
}

/**
 * hl_fourier_backward:
 * @self: transforms
 * @spectrum: (count), a buffer of hl_fourier_alloc(); overwritten
 * @padded: (padded_height, padded_width), another such buffer, written
 *
 * As FFTW does, it leaves out the division by @pixels.
 */
void
hl_fourier_backward (const HlFourier *self, fftwf_complex *spectrum, float *padded)
{
  fftwf_execute_dft_c2r (self->backward, spectrum, padded);
}

/**
 * hl_fourier_transfer:
 * @self: transforms
 * @psf: a point spread function, of a side up to the planes' size
 * @work: a buffer, overwritten
 * @transfer: (count), written: the spectrum by which a picture's is multiplied to blur it
 */
void
hl_fourier_transfer (const HlFourier *self, const HlPsf *psf, float *work, fftwf_complex *transfer)
{
  int middle = psf->side / 2;

  memset (work, 0, sizeof (float) * self->pixels);
  for (int i = 0; i < psf->side; i++)
    for (int j = 0; j < psf->side; j++)
      {
        int y = (i - middle + self->padded_height) % self->padded_height;
        int x = (j - middle + self->padded_width) % self->padded_width;

        work[(gsize) y * self->padded_width + x] += psf->weights[i * psf->side + j];
      }
  hl_fourier_forward (self, work, transfer);
}

/**
 * hl_fourier_get_noise_gain:
 * @self: transforms
 * @transfer: (count), of the point spread function
 * @blur: standard deviation of the Gaussian that has made the noise of white noise, pixels
 *
 * Correlated noise is stronger than white noise of the same standard deviation at the low
 * frequencies, and those are what a blur lets through and deconvolution works with.  Its power
 * spectrum is N (f) = exp (-(2 pi |f| blur)^2), up to a factor; the result is the root of the mean
 * of N, weighted by |H|^2, over the mean of N.
 *
 * Returns: by which factor the noise counts for more; 1 for white noise
 */
double
hl_fourier_get_noise_gain (const HlFourier *self, const fftwf_complex *transfer, double blur)
{
  gsize  half   = self->padded_width / 2 + 1;
  double passed = 0, weights = 0, all = 0;

  if (!(blur > 0))
    return 1;
  for (int v = 0; v < self->padded_height; v++)
    for (gsize u = 0; u < half; u++)
      {
        const float *h     = transfer[v * half + u];
        double       fy    = (double) MIN (v, self->padded_height - v) / self->padded_height;
        double       fx    = (double) u / self->padded_width;
        double       noise = exp (-4 * G_PI * G_PI * (fx * fx + fy * fy) * blur * blur);
        double       power = h[0] * h[0] + h[1] * h[1];

        passed += noise * power;
        weights += power;
        all += noise / self->count;
      }
  return sqrt (passed / weights / all);
}

/**
 * hl_fourier_blur:
 * @self: transforms
 * @transfer: (count), as made by hl_fourier_transfer()
 * @adjoint: whether to apply the adjoint of the blur, its point spread function turned by 180
 *   degrees, in its stead
 * @padded: (padded_height, padded_width), overwritten with its blurred self
 * @work: (count), overwritten
 */
void
hl_fourier_blur (const HlFourier *self, const fftwf_complex *transfer, gboolean adjoint,
                 float *padded, fftwf_complex *work)
{
  float scale = 1.0f / self->pixels, turn = adjoint ? -1 : 1;

  hl_fourier_forward (self, padded, work);
  for (gsize i = 0; i < self->count; i++)
    {
      float a = scale * transfer[i][0], b = turn * scale * transfer[i][1];
      float re = work[i][0], im = work[i][1];

      work[i][0] = a * re - b * im;
      work[i][1] = a * im + b * re;
    }
  hl_fourier_backward (self, work, padded);
}

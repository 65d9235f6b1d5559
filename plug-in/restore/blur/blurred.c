/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data step of half-quadratic splitting (hqs.c) for a blurred picture: the picture z that,
 * blurred, fits what was seen, and lies near x.
 *
 *   min  sum_i  known_i (H Z - Y)_i^2 / (noise s_i)^2  +  sum_i (Z - X)_i^2 / (sigma t_i)^2
 *
 * Capitals are light, as it is light that is blurred; s and t are the derivatives of the curve from
 * perceptual values to light at the one seen and at x, as noise and sigma are perceptual.  With
 * Z = t e this is a linear system for e,
 *
 *   (t H' W H t + ratio) e = t H' W Y + ratio X / t,   W = known / s^2,  ratio = (noise / sigma)^2
 *
 * solved by conjugate gradients (J. R. Shewchuk, 1994, B3).  Where everything is known and the
 * curve is straight the matrix is |H|^2 + ratio in the Fourier domain: dividing by that, the
 * closed form of Zhang et al. (CVPR 2017, section 4.3), is the preconditioner.  Pictures are padded
 * already: what surrounds them are pixels that nobody saw. */
#include "restore/blur/blurred.h"

#include <math.h>
#include <string.h>

#include "restore/linear_light.h"

/* Of the conjugate gradients, at each step of the splitting, which goes on from where the last one
 * was. */
#define STEPS 4

/* In light the system is far from what the preconditioner takes it for, and so many steps do not
 * solve it where x counts for next to nothing: it counts for at least this. With less, a picture of
 * little noise came out full of errors. */
#define LEAST_RATIO 0.01f

/* Values from here on were cut off at white: they say only that there was as much light. */
#define CLIPPED 0.995f

typedef struct
{
  const HlBlurred *task;
  float            ratio;
  float           *y, *weight, *derivative; /* the light that was seen, W and t */
  float           *x, *residual, *step, *image, *scaled;
  fftwf_complex   *spectrum;
} System;

static void
decode (const HlBlurred *task, const float *plane, float *light)
{
  memcpy (light, plane, sizeof (float) * task->fourier->pixels);
  hl_curve_decode_all (task->curve, light, task->fourier->pixels);
}

/* W; where white was cut off it is 0 if x has enough light there. */
static void
weigh (const System *self, const float *seen, const float *blurred)
{
  const HlBlurred *task = self->task;

  hl_curve_get_derivatives (task->curve, self->y, self->weight, task->fourier->pixels);
  for (gsize i = 0; i < task->fourier->pixels; i++)
    {
      gboolean met = seen[i] >= CLIPPED && blurred[i] > self->y[i];
      float    s   = self->weight[i];

      self->weight[i] = met ? 0 : task->known[i] / (s * s);
    }
}

/* t H' of @padded. */
static void
apply_adjoint (const System *self, float *padded)
{
  hl_fourier_blur (self->task->fourier, self->task->transfer, TRUE, padded, self->spectrum);
  for (gsize i = 0; i < self->task->fourier->pixels; i++)
    padded[i] *= self->derivative[i];
}

/* The preconditioner: @to = @from over |H|^2 + ratio, per frequency. */
static void
divide (const System *self, const float *from, float *to)
{
  const HlFourier *fourier = self->task->fourier;

  memcpy (to, from, sizeof (float) * fourier->pixels);
  hl_fourier_forward (fourier, to, self->spectrum);
  for (gsize i = 0; i < fourier->count; i++)
    {
      const float *h    = self->task->transfer[i];
      float        gain = 1 / (fourier->pixels * (h[0] * h[0] + h[1] * h[1] + self->ratio));

      self->spectrum[i][0] *= gain;
      self->spectrum[i][1] *= gain;
    }
  hl_fourier_backward (fourier, self->spectrum, to);
}

static double
dot (const System *self, const float *a, const float *b)
{
  double sum = 0;

  for (gsize i = 0; i < self->task->fourier->pixels; i++)
    sum += a[i] * b[i];
  return sum;
}

/* From the light x on: x = x + t e for the e that solves the system. */
static void
run_conjugate_gradients (const System *self)
{
  gsize  pixels = self->task->fourier->pixels;
  double size   = 0;

  for (int k = 0; k < STEPS && !g_cancellable_is_cancelled (self->task->cancel); k++)
    {
      double before = size, along;

      divide (self, self->residual, self->scaled);
      size = dot (self, self->residual, self->scaled);
      if (!(size > 0))
        break;
      for (gsize i = 0; i < pixels; i++)
        self->step[i] = self->scaled[i] + (k > 0 ? (float) (size / before) * self->step[i] : 0);
      for (gsize i = 0; i < pixels; i++)
        self->image[i] = self->derivative[i] * self->step[i];
      hl_fourier_blur (self->task->fourier, self->task->transfer, FALSE, self->image,
                       self->spectrum);
      for (gsize i = 0; i < pixels; i++)
        self->image[i] *= self->weight[i];
      apply_adjoint (self, self->image);
      for (gsize i = 0; i < pixels; i++)
        self->image[i] += self->ratio * self->step[i];
      along = dot (self, self->step, self->image);
      if (!(along > 0))
        break;
      for (gsize i = 0; i < pixels; i++)
        {
          float by = size / along;

          self->x[i] += by * self->derivative[i] * self->step[i];
          self->residual[i] -= by * self->image[i];
        }
    }
}

static void
solve_plane (const System *self, const float *seen, const float *x, float *z)
{
  const HlBlurred *task   = self->task;
  gsize            pixels = task->fourier->pixels;

  decode (task, seen, self->y);
  decode (task, x, self->x);
  hl_curve_get_derivatives (task->curve, self->x, self->derivative, pixels);
  memcpy (self->residual, self->x, sizeof (float) * pixels);
  hl_fourier_blur (task->fourier, task->transfer, FALSE, self->residual, self->spectrum);
  weigh (self, seen, self->residual);
  for (gsize i = 0; i < pixels; i++)
    self->residual[i] = self->weight[i] * (self->y[i] - self->residual[i]);
  apply_adjoint (self, self->residual);
  run_conjugate_gradients (self);
  memcpy (z, self->x, sizeof (float) * pixels);
  for (gsize i = 0; task->curve != HL_CURVE_VALUES && i < pixels; i++)
    z[i] = z[i] > 0 ? z[i] : 0;
  hl_curve_encode_all (task->curve, z, pixels);
}

/**
 * hl_blurred_solve:
 * @data: (type HlBlurred): what was seen
 * @x: (C, padded_height, padded_width), the picture so far
 * @sigma: how far @x may be off, 0..1 of white, above 0
 * @z: (C, padded_height, padded_width), written: the picture that fits what was seen and lies near
 * @x
 *
 * The data step where a picture is blurred, with or without holes.
 */
void
hl_blurred_solve (gpointer data, const HlImage *x, float sigma, HlImage *z)
{
  const HlBlurred *task   = data;
  gsize            stride = task->fourier->stride, pixels = task->fourier->pixels;
  float           *m    = task->memory;
  System           self = { task,
                            fmaxf ((task->noise / sigma) * (task->noise / sigma),
                         task->curve != HL_CURVE_VALUES ? LEAST_RATIO : 0),
                            m,
                            m + stride,
                            m + 2 * stride,
                            m + 3 * stride,
                            m + 4 * stride,
                            m + 5 * stride,
                            m + 6 * stride,
                            m + 7 * stride,
                            (fftwf_complex *) (m + 8 * stride) };

  for (int c = 0; c < x->channels && !g_cancellable_is_cancelled (task->cancel); c++)
    solve_plane (&self, task->seen->planes + c * pixels, x->planes + c * pixels,
                 z->planes + c * pixels);
}

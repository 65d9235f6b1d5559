/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch normalisation of planes, as coefficients that whoever reads them applies.
 *
 * Ioffe and Szegedy, "Batch Normalization" (ICML 2015), with the statistics of the one
 * picture at hand.  With m and v the mean and variance of a plane x of N pixels and
 * r = 1 / sqrt (v + 1e-5),
 *
 *   z = gamma r (x - m) + beta = scale x + shift,
 *
 * so a forward pass is two numbers a plane.  With g the gradient by z, its backward pass is
 * (ibid., section 3, written out)
 *
 *   d_beta  = sum (g)          d_gamma = r sum (g (x - m))
 *   d_x     = gamma r (g - d_beta / N - r (x - m) d_gamma / N) = k g + a + b x,
 *
 * three numbers a plane, and g = LeakyReLU'(z) d follows from the sign of z.  So neither z
 * nor d_x is ever stored: HlSource forms them while a layer loads its tile. */
#include "nn/norm.h"

#include <math.h>

#define EPSILON 1e-5

/* Pixels summed in one job. */
#define PART 16384

/**
 * hl_norm_lay_out:
 * @norm: (out): set
 * @channels: C
 * @pixels: H * W
 * @arena: where its buffers come from
 */
void
hl_norm_lay_out (HlNorm *norm, int channels, int pixels, HlArena *arena)
{
  *norm         = (HlNorm) { .channels = channels, .pixels = pixels };
  norm->mean    = hl_arena_take (arena, channels);
  norm->inverse = hl_arena_take (arena, channels);
  norm->scale   = hl_arena_take (arena, channels);
  norm->shift   = hl_arena_take (arena, channels);
  norm->k       = hl_arena_take (arena, channels);
  norm->a       = hl_arena_take (arena, channels);
  norm->b       = hl_arena_take (arena, channels);
  norm->sums    = hl_arena_take (arena, (gsize) channels * hl_norm_get_parts (norm) * 2);
}

/**
 * hl_norm_get_parts:
 * @norm: a normalisation
 *
 * Returns: in how many parts hl_norm_measure() and hl_norm_backward() sum a plane
 */
int
hl_norm_get_parts (const HlNorm *norm)
{
  return (norm->pixels + PART - 1) / PART;
}

/**
 * hl_norm_forward:
 * @norm: a normalisation
 * @moments: (parts, C, 2), the sums of (x - mean) and (x - mean)^2 over the parts of each
 *   plane, with the mean that @norm held before
 * @parts: how many
 * @gamma: (C)
 * @beta: (C)
 *
 * Sets mean, inverse, scale and shift.
 */
void
hl_norm_forward (HlNorm *norm, const float *moments, int parts, const float *gamma,
                 const float *beta)
{
  for (int c = 0; c < norm->channels; c++)
    {
      double sum = 0, square = 0, off, variance;

      for (int part = 0; part < parts; part++)
        {
          sum += moments[((gsize) part * norm->channels + c) * 2];
          square += moments[((gsize) part * norm->channels + c) * 2 + 1];
        }
      off              = sum / norm->pixels;
      variance         = MAX (square / norm->pixels - off * off, 0);
      norm->mean[c]    = norm->mean[c] + off;
      norm->inverse[c] = 1 / sqrt (variance + EPSILON);
      norm->scale[c]   = gamma[c] * norm->inverse[c];
      norm->shift[c]   = beta[c] - norm->mean[c] * norm->scale[c];
    }
}

typedef struct
{
  const HlNorm   *norm;
  const HlEngine *engine;
  const float    *x, *d;
  float           slope;
  float          *moments;
  const HlSource *source;
  float          *y;
  int             pixels;
} Task;

static void
measure_job (int job, int thread, gpointer data)
{
  const Task   *task = data;
  const HlNorm *norm = task->norm;
  int           part = job / norm->channels, c = job % norm->channels, from = part * PART;

  task->engine->kernels->moments (task->x + (gsize) c * norm->pixels + from, norm->mean[c],
                                  MIN (PART, norm->pixels - from), task->moments + job * 2);
}

/**
 * hl_norm_measure:
 * @norm: a normalisation
 * @engine: what runs it
 * @x: (C, H, W)
 * @moments: (hl_norm_get_parts(), C, 2), written; for hl_norm_forward()
 */
void
hl_norm_measure (const HlNorm *norm, const HlEngine *engine, const float *x, float *moments)
{
  Task task = { .norm = norm, .engine = engine, .x = x, .moments = moments };

  hl_pool_run (engine->pool, norm->channels * hl_norm_get_parts (norm), measure_job, &task);
}

/**
 * hl_norm_activation:
 * @norm: a normalisation after its forward pass
 * @x: (C, H, W), what it normalises
 * @slope: of the LeakyReLU that follows; 1 for none
 *
 * Returns: the normalised and activated planes, as something to read
 */
HlSource
hl_norm_activation (const HlNorm *norm, const float *x, float slope)
{
  return (HlSource) { .x = x, .scale = norm->scale, .shift = norm->shift, .slope = slope };
}

static void
backward_job (int job, int thread, gpointer data)
{
  const Task   *task = data;
  const HlNorm *norm = task->norm;
  int           part = job / norm->channels, c = job % norm->channels, from = part * PART;
  gsize         at = (gsize) c * norm->pixels + from;

  task->engine->kernels->gradient_sums (task->d + at, task->x + at, norm->scale[c], norm->shift[c],
                                        task->slope, norm->mean[c], MIN (PART, norm->pixels - from),
                                        norm->sums + job * 2);
}

/**
 * hl_norm_backward:
 * @norm: a normalisation after its forward pass
 * @engine: what runs it
 * @x: (C, H, W), what it normalised
 * @d: (C, H, W), gradient by the activation
 * @slope: of the LeakyReLU that follows; 1 for none
 * @gamma: (C)
 * @d_gamma: (C), overwritten
 * @d_beta: (C), overwritten
 *
 * Returns: the gradient by @x, as something to read
 */
HlSource
hl_norm_backward (HlNorm *norm, const HlEngine *engine, const float *x, const float *d, float slope,
                  const float *gamma, float *d_gamma, float *d_beta)
{
  Task   task  = { .norm = norm, .engine = engine, .x = x, .d = d, .slope = slope };
  int    parts = hl_norm_get_parts (norm);
  double N     = norm->pixels;

  hl_pool_run (engine->pool, norm->channels * parts, backward_job, &task);
  for (int c = 0; c < norm->channels; c++)
    {
      double sum = 0, product = 0, inverse = norm->inverse[c], k = gamma[c] * inverse;

      for (int part = 0; part < parts; part++)
        {
          sum += norm->sums[(part * norm->channels + c) * 2];
          product += norm->sums[(part * norm->channels + c) * 2 + 1];
        }
      d_beta[c]  = sum;
      d_gamma[c] = product * inverse;
      norm->k[c] = k;
      norm->b[c] = -k * inverse * inverse * product / N;
      norm->a[c] = -k * sum / N + k * inverse * inverse * product / N * norm->mean[c];
    }
  return (HlSource) { .x     = x,
                      .scale = norm->scale,
                      .shift = norm->shift,
                      .slope = slope,
                      .d     = d,
                      .k     = norm->k,
                      .a     = norm->a,
                      .b     = norm->b };
}

static void
resolve_job (int job, int thread, gpointer data)
{
  const Task *task  = data;
  int         parts = (task->pixels + PART - 1) / PART, from = job % parts * PART;

  hl_source_load (task->source, task->engine->kernels, job / parts, 1, task->pixels, HL_BORDER_ZERO,
                  (HlTile) { 0, 1, from, MIN (from + PART, task->pixels) },
                  task->y + (gsize) (job / parts) * task->pixels + from);
}

/**
 * hl_norm_resolve:
 * @engine: what runs it
 * @d_y: what to read, of which the first @channels planes are wanted
 * @channels: how many planes
 * @pixels: H * W
 * @y: (channels, H, W), written; may be what @d_y reads the gradient from
 *
 * Stores what is otherwise formed while reading.
 */
void
hl_norm_resolve (const HlEngine *engine, const HlSource *d_y, int channels, int pixels, float *y)
{
  Task task = { .engine = engine, .source = d_y, .pixels = pixels, .y = y };

  hl_pool_run (engine->pool, channels * ((pixels + PART - 1) / PART), resolve_job, &task);
}

G_STATIC_ASSERT (PART % 64 == 0);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a blur explains a photograph's power spectrum; a part of blur_search.c.
 *
 * The power of a sharp photograph falls about as |f|^-2 (D. J. Field, JOSA A 4(12), 1987), in each
 * direction from another height (A. Torralba, A. Oliva, Network: Computation in Neural Systems 14,
 * 2003). Blurred by H and with noise, correlated as that of hl_noise_estimate_blur(), it is
 *
 *   P (f) = A (direction) |f|^-alpha |H (f)|^2 + N exp (-(2 pi |f| blur)^2)
 *
 * A, alpha, N and blur^2 are fitted by Gauss and Newton's method to the logarithms of the power;
 * what alpha and blur are in most photographs counts as a measurement. Errors count as
 * under Cauchy's distribution: windows, weaves and the blocks of JPEG stand out at some
 * frequencies. Each direction having its own height, the tall and the wide of a photograph
 * do not pass for a motion. */
#include "restore/blur/blur_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/colour/symmetric.h"

/* The unknowns: A of each sector, alpha, N and blur^2. */
#define ALPHA HL_BLUR_SECTORS
#define NOISE (HL_BLUR_SECTORS + 1)
#define BLUR2 (HL_BLUR_SECTORS + 2)
#define UNKNOWNS (HL_BLUR_SECTORS + 3)

/* Natural logarithms of power within which a bin lies about the model, the weight of a bin being 1
 * from so many frequencies on. The spectra of eight photographs of the Kodak set and of CBSD68,
 * under Gaussians, a disk and a motion, lie 0.2 to 0.4 about the best model. */
#define SCALE 0.35
#define ENOUGH 8

/* Alpha and blur^2 of most photographs, their standard deviations, and as how many bins they count:
 * measured on the same eight, where alpha was 1.9 to 2.8 at the true blur. */
#define USUAL_ALPHA 2.3
#define ALPHA_DEVIATION 0.4
#define BLUR2_DEVIATION 0.2
#define MOST_BLUR2 0.8
#define PRIOR_BINS 5
#define NOISE_BINS 1

/* The heights are first guessed from lower frequencies than the first, and the noise from higher
 * ones than the second; the fit does not depend on the frequencies of unit power. */
#define LOW 0.12
#define HIGH 0.42
#define UNIT_SIGNAL 0.1
#define UNIT_NOISE 0.45

#define STEPS 10

typedef struct
{
  const HlBlurSpectrum *spectrum;
  const double         *transfer;
  double                power[HL_BLUR_BINS];   /* its logarithm */
  double                falling[HL_BLUR_BINS]; /* log (|f| / UNIT_SIGNAL) */
  double                softer[HL_BLUR_BINS];  /* of log N, by blur^2 */
  double                x[UNKNOWNS], floor, usual_blur2;
} Model;

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
find_median (double *values, int n)
{
  qsort (values, n, sizeof (double), compare_doubles);
  return values[n / 2];
}

static void
guess (Model *self)
{
  double high[HL_BLUR_BINS], sum[HL_BLUR_SECTORS] = { 0 };
  int    highs = 0, n[HL_BLUR_SECTORS] = { 0 };

  for (int i = 0; i < HL_BLUR_BINS; i++)
    {
      double f = self->spectrum->frequencies[i];

      if (self->spectrum->counts[i] == 0)
        continue;
      self->falling[i] = log (f / UNIT_SIGNAL);
      self->softer[i]  = 4 * G_PI * G_PI * (UNIT_NOISE * UNIT_NOISE - f * f);
      if (f > HIGH)
        high[highs++] = self->power[i];
      if (f < LOW)
        {
          sum[i / HL_BLUR_RINGS] += self->power[i];
          n[i / HL_BLUR_RINGS]++;
        }
    }
  self->floor = find_median (high, highs);
  for (int i = 0; i < HL_BLUR_SECTORS; i++)
    self->x[i] = sum[i] / MAX (n[i], 1);
  self->x[ALPHA] = USUAL_ALPHA;
  self->x[NOISE] = self->floor;
  self->x[BLUR2] = self->usual_blur2;
}

/* By how much the power of bin @i is above the model's, and the share of it that is no noise. */
static double
compare (const Model *self, int i, double *signal)
{
  double power
      = exp (self->x[i / HL_BLUR_RINGS] - self->x[ALPHA] * self->falling[i]) * self->transfer[i];
  double noise = exp (self->x[NOISE] + self->x[BLUR2] * self->softer[i]);

  *signal = power / (power + noise);
  return self->power[i] - log (power + noise);
}

static double
get_weight (const Model *self, int i)
{
  return MIN (self->spectrum->counts[i], ENOUGH) / (double) ENOUGH;
}

/* What the usual values count for: @at, the unknown, @by, how far it is off, and its weight. */
static const int prior_at[] = { ALPHA, BLUR2, NOISE };

static void
look_at_prior (const Model *self, double by[3], double weight[3])
{
  by[0]     = USUAL_ALPHA - self->x[ALPHA];
  by[1]     = self->usual_blur2 - self->x[BLUR2];
  by[2]     = self->floor - self->x[NOISE];
  weight[0] = PRIOR_BINS * pow (SCALE / ALPHA_DEVIATION, 2);
  weight[1] = PRIOR_BINS * pow (SCALE / BLUR2_DEVIATION, 2);
  weight[2] = NOISE_BINS;
}

static void
step (Model *self)
{
  double a[UNKNOWNS * UNKNOWNS] = { 0 }, b[UNKNOWNS] = { 0 }, by[3], weight[3];

  for (int i = 0; i < HL_BLUR_BINS; i++)
    {
      const int at[] = { i / HL_BLUR_RINGS, ALPHA, NOISE, BLUR2 };
      double    signal, off, w, d[4];

      if (self->spectrum->counts[i] == 0)
        continue;
      off  = compare (self, i, &signal);
      w    = get_weight (self, i) / (1 + off * off / (SCALE * SCALE));
      d[0] = signal;
      d[1] = -signal * self->falling[i];
      d[2] = 1 - signal;
      d[3] = (1 - signal) * self->softer[i];
      for (int j = 0; j < 4; j++)
        {
          b[at[j]] += w * d[j] * off;
          for (int k = 0; k <= j; k++)
            a[at[j] * UNKNOWNS + at[k]] += w * d[j] * d[k];
        }
    }
  look_at_prior (self, by, weight);
  for (int i = 0; i < 3; i++)
    {
      a[prior_at[i] * (UNKNOWNS + 1)] += weight[i];
      b[prior_at[i]] += weight[i] * by[i];
    }
  for (int i = 0; i < UNKNOWNS; i++)
    a[i * (UNKNOWNS + 1)] += 1e-3;
  hl_symmetric_solve (a, UNKNOWNS, b, 1);
  for (int i = 0; i < BLUR2; i++)
    self->x[i] += CLAMP (b[i], -1, 1);
  self->x[BLUR2] = CLAMP (self->x[BLUR2] + CLAMP (b[BLUR2], -0.1, 0.1), 0, MOST_BLUR2);
}

/**
 * hl_blur_model_fit:
 * @spectrum: of the photograph, of one window or more
 * @set: which windows
 * @noise_blur: how far the noise is correlated, see hl_noise_estimate_blur(), pixels; only a hint
 * @transfer: (sectors, rings), a blur, see hl_blur_spectrum_get_transfer()
 *
 * Returns: how badly the blur explains the spectrum: the mean over the bins, 0 being perfect
 */
double
hl_blur_model_fit (const HlBlurSpectrum *spectrum, HlBlurSet set, double noise_blur,
                   const double transfer[HL_BLUR_BINS])
{
  Model  self = { .spectrum = spectrum, .transfer = transfer };
  double loss = 0, weights = 0, by[3], weight[3];

  self.usual_blur2 = fmin (noise_blur * noise_blur, MOST_BLUR2);
  for (int i = 0; i < HL_BLUR_BINS; i++)
    self.power[i] = log (spectrum->power[set][i]);
  guess (&self);
  for (int i = 0; i < STEPS; i++)
    step (&self);
  for (int i = 0; i < HL_BLUR_BINS; i++)
    {
      double signal, off, w = get_weight (&self, i);

      if (spectrum->counts[i] == 0)
        continue;
      off = compare (&self, i, &signal);
      loss += w * SCALE * SCALE * log1p (off * off / (SCALE * SCALE));
      weights += w;
    }
  look_at_prior (&self, by, weight);
  for (int i = 0; i < 3; i++)
    loss += weight[i] * by[i] * by[i];
  return loss / weights;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a colour photograph has faded, estimated from itself: the line that its neutrals lie on,
 *
 *   D_faded = d g + stain        for a neutral of density d (dyes.c, equation (2)).
 *
 * No pixel says whether it was neutral, but all of them together do: how the densities of red,
 * green and blue are spread, and the differences of these, is much alike in most photographs.  So
 * the six unknowns, log g and the stain, are a linear function of the measures of measures.c, the
 * one that had the least mean squared error for photographs faded by (1) with known shares (the
 * linear Bayesian estimator; its numbers and how they were found are in fading_table.h).  Where the
 * photograph says little it stays near the mean of all.
 *
 * What is known beyond that corrects the estimate as in a Kalman filter, by its covariance: bare
 * paper is white, and what somebody picked is neutral, that is, has like density in red, green and
 * blue once it is restored.  A stain that would then be below 0 is none.
 *
 * Whether the photograph has faded at all is told by a small network that reads the same measures:
 * faded ones have no black and no white, or these are of different density in the three channels,
 * which are less spread.  A photograph of a thing without black and white, a leaf, a misty beach,
 * can look the same without having faded. */
#include "restore/colour/fading.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "restore/colour/fading_table.h"
#include "restore/colour/measures.h"
#include "restore/error.h"

/* So much density paper has left, and so sure that is; how sure a pick is. */
#define WHITE 0.01
#define WHITE_DEVIATION 0.005
#define PICK_DEVIATION 0.015

/* How sure it is that no stain takes density away. */
#define NONE_DEVIATION 0.001

/* The line is curved in the unknowns, so what is known is entered again about the last result. */
#define TURNS 8

/* A measure counts for so many of its deviations at most. */
#define MOST 5

/* Of red or blue density less green, in the middle of a photograph: more is the colour of what it
 * shows, such as a leaf that fills it; and of the measures those that say so. */
#define MOST_CAST 0.8
#define MIDDLE_RED 71
#define MIDDLE_BLUE 76

#define UNKNOWNS HL_FADING_UNKNOWNS

/* Of a gray photograph. */
#define QUANTILES 7
#define SPANS 3

/* In a span's logarithm, so that a flat picture has one. */
#define FLAT 0.03

static const double share[QUANTILES] = { 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99 };

/* Seven quantiles and the logarithms of three spans between them. */
static void
measure_spread (float *values, int n, double quantiles[QUANTILES], double spans[SPANS])
{
  hl_measures_sort (values, n);
  for (int i = 0; i < QUANTILES; i++)
    quantiles[i] = hl_measures_get_quantile (values, n, share[i]);
  for (int i = 0; i < SPANS; i++)
    spans[i] = log (quantiles[QUANTILES - 1 - i] - quantiles[i] + FLAT);
}

/* That @slope times the unknowns is @rest more than it is now, give or take @deviation: one step of
 * a Kalman filter. */
static void
correct (double x[UNKNOWNS], double covariance[UNKNOWNS][UNKNOWNS], const double slope[UNKNOWNS],
         double rest, double deviation)
{
  double gain[UNKNOWNS], variance = deviation * deviation;

  for (int i = 0; i < UNKNOWNS; i++)
    {
      gain[i] = 0;
      for (int j = 0; j < UNKNOWNS; j++)
        gain[i] += covariance[i][j] * slope[j];
      variance += slope[i] * gain[i];
    }
  for (int i = 0; i < UNKNOWNS; i++)
    x[i] += gain[i] / variance * rest;
  for (int i = 0; i < UNKNOWNS; i++)
    for (int j = 0; j < UNKNOWNS; j++)
      covariance[i][j] -= gain[i] * gain[j] / variance;
}

/* What is picked has like density in red, green and blue: two equations, made linear about @about.
 */
static void
correct_pick (double x[UNKNOWNS], double covariance[UNKNOWNS][UNKNOWNS],
              const double about[UNKNOWNS], const double pick[3])
{
  double restored[3];

  for (int c = 0; c < 3; c++)
    restored[c] = (pick[c] - about[3 + c]) / exp (about[c]);
  for (int c = 0; c < 3; c += 2)
    {
      double slope[UNKNOWNS] = { 0 };
      double rest            = restored[1] - restored[c];

      slope[c]     = -restored[c];
      slope[3 + c] = -1 / exp (about[c]);
      slope[1]     = restored[1];
      slope[4]     = 1 / exp (about[1]);
      for (int i = 0; i < UNKNOWNS; i++)
        rest += slope[i] * (about[i] - x[i]);
      correct (x, covariance, slope, rest, PICK_DEVIATION);
    }
}

static void
enter_what_is_known (double x[UNKNOWNS], const HlSmallCopy *reduced, const double (*neutral)[3],
                     guint n)
{
  double   first[UNKNOWNS], about[UNKNOWNS], covariance[UNKNOWNS][UNKNOWNS];
  gboolean has_none[3] = { FALSE };

  memcpy (first, x, sizeof first);
  for (int turn = 0; turn < TURNS; turn++)
    {
      memcpy (about, x, sizeof about);
      memcpy (x, first, sizeof first);
      memcpy (covariance, hl_fading_covariance, sizeof covariance);
      for (int c = 0; reduced->has_paper && c < 3; c++)
        {
          double slope[UNKNOWNS] = { 0 };

          slope[3 + c] = 1;
          correct (x, covariance, slope, reduced->paper[c] - WHITE - x[3 + c], WHITE_DEVIATION);
        }
      for (guint i = 0; i < n; i++)
        correct_pick (x, covariance, about, neutral[i]);
      /* What is picked would not be gray with another stain than the one it leads to: where that
       * is below 0 the other unknowns have to make up for it. */
      for (int c = 0; n > 0 && c < 3; c++)
        {
          double slope[UNKNOWNS] = { 0 };

          has_none[c] |= x[3 + c] < 0;
          slope[3 + c] = 1;
          if (has_none[c])
            correct (x, covariance, slope, -x[3 + c], NONE_DEVIATION);
        }
    }
}

/* The network's answer to the measures in units of their deviation. */
static double
judge (const double measures[HL_MEASURES])
{
  double odds = hl_fading_odds[HL_FADING_HIDDEN];

  for (int k = 0; k < HL_FADING_HIDDEN; k++)
    {
      const double *weights = hl_fading_hidden[k];
      double        sum     = weights[HL_MEASURES];

      for (int j = 0; j < HL_MEASURES; j++)
        sum += measures[j] * weights[j];
      odds += hl_fading_odds[k] * tanh (sum);
    }
  return odds;
}

static gboolean
check_number (int n, GError **error)
{
  if (n > 0)
    return TRUE;
  return hl_error_refuse (error, _ ("Nothing of the photograph is left to judge its colours by. "
                                    "Select only the damaged area."));
}

/**
 * hl_fading_estimate:
 * @self: (out): how it has faded
 * @reduced: the photograph, of three channels
 * @neutral: (nullable): (n, 3), densities of what is known to be gray
 * @n: how many of these
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_INPUT
 *
 * Returns: whether it could be estimated
 */
gboolean
hl_fading_estimate (HlFading *self, const HlSmallCopy *reduced, const double (*neutral)[3], guint n,
                    GError **error)
{
  double   measures[HL_MEASURES], x[UNKNOWNS];
  gboolean is_cast;

  if (!check_number (MIN (reduced->n, reduced->fine_n), error)
      || !hl_measures_get (reduced, measures, error))
    return FALSE;
  is_cast = fabs (measures[MIDDLE_RED]) > MOST_CAST || fabs (measures[MIDDLE_BLUE]) > MOST_CAST;
  memcpy (x, hl_fading_weights[HL_MEASURES], sizeof x);
  for (int j = 0; j < HL_MEASURES; j++)
    {
      measures[j] = CLAMP ((measures[j] - hl_fading_mean[j]) / hl_fading_deviation[j], -MOST, MOST);
      for (int i = 0; i < UNKNOWNS; i++)
        x[i] += measures[j] * hl_fading_weights[j][i];
    }
  enter_what_is_known (x, reduced, neutral, n);
  self->evidence = judge (measures);
  if (is_cast)
    self->evidence = MIN (self->evidence, 0);
  for (int c = 0; c < 3; c++)
    {
      self->gray[c]  = exp (x[c]);
      self->stain[c] = MAX (x[3 + c], 0);
    }
  return TRUE;
}

/**
 * hl_fading_estimate_gray:
 * @self: (out): how it has faded, alike in all three channels; there is no @evidence
 * @densities: (n), of a gray photograph without its tone; put in order
 * @n: how many
 * @error: %HL_ERROR_INPUT
 *
 * Returns: whether it could be estimated
 */
gboolean
hl_fading_estimate_gray (HlFading *self, float *densities, int n, GError **error)
{
  double measures[HL_FADING_GRAY_MEASURES], x[2];

  if (!check_number (n, error))
    return FALSE;
  measure_spread (densities, n, measures, measures + QUANTILES);
  for (int i = 0; i < 2; i++)
    {
      x[i] = hl_fading_gray_weights[0][i];
      for (int j = 0; j < HL_FADING_GRAY_MEASURES; j++)
        x[i] += measures[j] * hl_fading_gray_weights[1 + j][i];
    }
  self->evidence = 0;
  for (int c = 0; c < 3; c++)
    {
      self->gray[c]  = exp (x[0]);
      self->stain[c] = MAX (x[1], 0);
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of a photograph's densities, which tell how it has faded; in order:
 *
 *   - the quantiles of red, green and blue, and the logarithms of the spans between opposite ones.
 *     They are of single pixels, of large photographs of small cells, as the black and the white
 *     that give a fading away are often small;
 *   - how dark it is in the weakest of the three channels, and how light in the densest;
 *   - on the small copy, where no grain is left: the quantiles of red - green and of blue - green;
 *     their medians in six classes of density, which is the line of the grays if the scene has any;
 *     how channels correlate; how far red - green and blue - green are spread;
 *   - the changes from cell to cell: how large they are in each channel, how they correlate, how
 *     much of red and of blue comes with green.  A stain is not seen in them;
 *   - how much denser the upper and the lower third are than the whole: the sky is blue and above.
 *
 * The order is that of tests/bench/fit-colour.py. */
#include "restore/colour/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/error.h"

#define QUANTILES 13
#define SPANS 6
#define ENDS 6
#define DIFFERENCES 5
#define CLASSES 6
#define THIRDS 6

static const double of_channel[QUANTILES]
    = { 0, 0.0005, 0.005, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995, 0.9995, 1 };
static const double of_dark[ENDS]              = { 0.5, 0.9, 0.98, 0.995, 0.9995, 1 };
static const double of_light[ENDS]             = { 0, 0.0005, 0.005, 0.02, 0.1, 0.5 };
static const double of_difference[DIFFERENCES] = { 0.02, 0.15, 0.5, 0.85, 0.98 };

/* Added where a logarithm is taken or is divided, so that a flat picture has one. */
#define FLAT_SPAN 0.03
#define FLAT_SPREAD 0.01
#define FLAT_VARIANCE 1e-4
#define FLAT_CHANGE 0.002
#define FLAT_SQUARE 1e-5
#define FLAT_PRODUCT 1e-6

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/**
 * hl_measures_sort:
 * @values: (n), finite; put in order
 * @n: how many
 */
void
hl_measures_sort (float *values, int n)
{
  qsort (values, n, sizeof (float), compare_floats);
}

/**
 * hl_measures_get_quantile:
 * @sorted: (n), in order
 * @n: how many, 1 or more
 * @share: 0..1
 *
 * Returns: the value below which are @share of them, between the two nearest
 */
double
hl_measures_get_quantile (const float *sorted, int n, double share)
{
  double at    = share * (n - 1);
  int    below = MIN ((int) at, n - 1), above = MIN (below + 1, n - 1);

  return sorted[below] + (at - below) * ((double) sorted[above] - sorted[below]);
}

static double *
add_channels (const HlSmallCopy *reduced, double *to)
{
  double *spans = to + 3 * QUANTILES;

  for (int c = 0; c < 3; c++)
    {
      double *q = to + c * QUANTILES;

      for (int i = 0; i < QUANTILES; i++)
        q[i] = hl_small_copy_get_quantile (reduced, c, of_channel[i]);
      for (int i = 0; i < SPANS; i++)
        *spans++ = log (q[QUANTILES - 1 - i] - q[i] + FLAT_SPAN);
    }
  return spans;
}

static double *
add_ends (const HlSmallCopy *reduced, double *to)
{
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < ENDS; i++)
      *to++ = hl_small_copy_get_quantile (reduced, 3 + k, k == 0 ? of_dark[i] : of_light[i]);
  return to;
}

/* Red - green and blue - green of a known cell, and what it is put in order by. */
typedef struct
{
  float difference[2];
  float density;
} Cell;

static int
compare_cells (const void *a, const void *b)
{
  float x = ((const Cell *) a)->density, y = ((const Cell *) b)->density;

  return (x > y) - (x < y);
}

static double *
add_differences (Cell *cells, int n, float *scratch, double *to)
{
  double *spread = to + 2 * (DIFFERENCES + CLASSES) + 3;

  qsort (cells, n, sizeof (Cell), compare_cells);
  for (int c = 0; c < 2; c++)
    {
      double sum = 0, square = 0;

      for (int i = 0; i < n; i++)
        {
          scratch[i] = cells[i].difference[c];
          sum += scratch[i];
          square += (double) scratch[i] * scratch[i];
        }
      spread[c] = log (sqrt (MAX (square / n - sum * sum / n / n, 0)) + FLAT_SPREAD);
      hl_measures_sort (scratch, n);
      for (int i = 0; i < DIFFERENCES; i++)
        to[c * DIFFERENCES + i] = hl_measures_get_quantile (scratch, n, of_difference[i]);
      for (int k = 0; k < CLASSES; k++)
        {
          int from = (gint64) k * n / CLASSES;
          int end  = MAX ((int) ((gint64) (k + 1) * n / CLASSES), from + 1);

          for (int i = from; i < end; i++)
            scratch[i - from] = cells[i].difference[c];
          hl_measures_sort (scratch, end - from);
          to[2 * DIFFERENCES + c * CLASSES + k]
              = hl_measures_get_quantile (scratch, end - from, 0.5);
        }
    }
  return to + 2 * (DIFFERENCES + CLASSES);
}

static void
add_correlation (const double covariance[3][3], double flat, double *to)
{
  static const int pair[3][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 } };

  for (int k = 0; k < 3; k++)
    {
      int i = pair[k][0], j = pair[k][1];

      to[k] = covariance[i][j] / sqrt ((covariance[i][i] + flat) * (covariance[j][j] + flat));
    }
}

typedef struct
{
  double square[3][3], size[3];
  gsize  n;
} Changes;

static void
add_change (Changes *changes, const HlSmallCopy *reduced, gsize from, gsize to)
{
  gsize  cells = (gsize) reduced->width * reduced->height;
  double change[3];

  if (!reduced->known[from] || !reduced->known[to])
    return;
  for (int c = 0; c < 3; c++)
    change[c] = reduced->planes[c * cells + to] - reduced->planes[c * cells + from];
  for (int i = 0; i < 3; i++)
    {
      changes->size[i] += fabs (change[i]);
      for (int j = 0; j < 3; j++)
        changes->square[i][j] += change[i] * change[j];
    }
  changes->n++;
}

static void
add_changes (const HlSmallCopy *reduced, double *to)
{
  Changes changes = { 0 };

  for (int y = 0; y < reduced->height; y++)
    for (int x = 0; x < reduced->width; x++)
      {
        gsize at = (gsize) y * reduced->width + x;

        if (x + 1 < reduced->width)
          add_change (&changes, reduced, at, at + 1);
        if (y + 1 < reduced->height)
          add_change (&changes, reduced, at, at + reduced->width);
      }
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      changes.square[i][j] = changes.square[i][j] / MAX (changes.n, 1) + (i == j ? FLAT_SQUARE : 0);
  for (int c = 0; c < 3; c++)
    {
      to[c]     = 0.5 * log (changes.square[c][c]);
      to[3 + c] = log (changes.size[c] / MAX (changes.n, 1) + FLAT_CHANGE);
    }
  add_correlation (changes.square, 0, to + 6);
  for (int c = 0; c < 3; c += 2)
    to[9 + c / 2] = log (MAX (changes.square[c][1], FLAT_PRODUCT) / changes.square[1][1]);
}

/* The thirds, and on the way the mean and the covariance of the densities. */
static void
add_thirds (const HlSmallCopy *reduced, double covariance[3][3], double *to)
{
  gsize  cells     = (gsize) reduced->width * reduced->height;
  double sum[3][3] = { 0 }, mean[3] = { 0 };
  int    n[3] = { 0 };

  memset (covariance, 0, 9 * sizeof (double));
  for (gsize at = 0; at < cells; at++)
    {
      int y     = at / reduced->width;
      int third = y < reduced->height / 3 ? 0 : y < 2 * reduced->height / 3 ? 1 : 2;

      if (!reduced->known[at])
        continue;
      n[third]++;
      for (int i = 0; i < 3; i++)
        {
          double d = reduced->planes[i * cells + at];

          sum[third][i] += d;
          mean[i] += d / reduced->n;
          for (int j = 0; j < 3; j++)
            covariance[i][j] += d * reduced->planes[j * cells + at] / reduced->n;
        }
    }
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      covariance[i][j] -= mean[i] * mean[j];
  for (int third = 0; third < 3; third += 2)
    for (int c = 0; c < 3; c++)
      *to++ = n[third] ? sum[third][c] / n[third] - mean[c] : 0;
}

static Cell *
list_cells (const HlSmallCopy *reduced)
{
  gsize cells = (gsize) reduced->width * reduced->height;
  Cell *list  = g_try_new (Cell, reduced->n);
  int   n     = 0;

  for (gsize i = 0; list && i < cells; i++)
    if (reduced->known[i])
      {
        float r = reduced->planes[i], g = reduced->planes[cells + i];
        float b = reduced->planes[2 * cells + i];

        list[n++] = (Cell) { { r - g, b - g }, 0.3f * r + 0.6f * g + 0.1f * b };
      }
  return list;
}

/**
 * hl_measures_get:
 * @reduced: a photograph of three channels, of which at least one cell is known
 * @measures: (out): as at the top of the file
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was the memory
 */
gboolean
hl_measures_get (const HlSmallCopy *reduced, double measures[HL_MEASURES], GError **error)
{
  g_autofree Cell  *cells   = list_cells (reduced);
  g_autofree float *scratch = g_try_new (float, reduced->n);
  double            covariance[3][3], *to = measures;

  if (!cells || !scratch)
    {
      hl_error_set_memory (error, reduced->width, reduced->height);
      return FALSE;
    }
  to = add_channels (reduced, to);
  to = add_ends (reduced, to);
  add_thirds (reduced, covariance, measures + HL_MEASURES - THIRDS);
  to = add_differences (cells, reduced->n, scratch, to);
  add_correlation (covariance, FLAT_VARIANCE, to);
  add_changes (reduced, to + 3 + 2);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives what was painted anew the photograph's grain: the last step of the restoration,
 * after the composite.
 *
 * White Gaussian noise, which depends on nothing but the seed and the place, is filtered
 * to the grain's spectrum, scaled to its strength at the brightness that was painted, and
 * added. What was painted may have grain of its own, having been copied from known pixels or
 * drawn through them; variances of independent noises add up, so only what is missing of the
 * variance is added. And at its rim it goes on from known grain, which leaves less open. */

#include <math.h>
#include <stdlib.h>

#include "restore/error.h"
#include "restore/grain/grain_noise.h"

#define TILE HL_GRAIN_TILE

/* The fill's own grain is measured at nodes this far apart, over as much to each side. */
#define CELL (HL_GRAIN_REACH / 2)

/* Second differences without which nothing is known of the fill's own grain. */
#define FEWEST_DIFFERENCES 8

/* The median of |x| where x is Gaussian with deviation 1. */
#define GAUSSIAN_MEDIAN 0.6745

/* So far from the rim of the painted the fill has something of the known grain beside it. */
#define RIM 3

#define DIRECTIONS 4
#define DISTANCES 2

typedef struct
{
  const HlGrain *grain;
  HlImage       *result;
  const float   *fill;
  int            x0, y0;                          /* of the result in the picture */
  double         expected[DISTANCES][DIRECTIONS]; /* deviation of the second differences */
  double         rim[RIM + 1][RIM + 1];           /* what is missing at a known pixel's distance */
  int            first_column, first_row;         /* of the nodes, in cells of the picture */
  int            columns, rows;
  GCancellable  *cancel;
  float         *missing; /* (rows, columns): of the grain's deviation, 0..1 */
} Job;

static const int direction[DIRECTIONS][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };

static double
get_brightness (const HlImage *image, int x, int y)
{
  gsize  pixels = (gsize) image->width * image->height, at = (gsize) y * image->width + x;
  double sum = 0;

  for (int c = 0; c < image->channels; c++)
    sum += image->planes[c * pixels + at];
  return sum / image->channels;
}

/* Autocovariance, at a lag, of the brightness of grain at level 1. */
static double
get_autocovariance (const HlGrain *grain, int dx, int dy)
{
  double sum = 0;

  for (int q = 0; q < grain->channels; q++)
    {
      double weight = 0, product = 0;

      for (int c = 0; c < grain->channels; c++)
        weight += grain->mix[c][q] / grain->channels;
      for (int y = MAX (0, -dy); y < MIN (HL_GRAIN_SIDE, HL_GRAIN_SIDE - dy); y++)
        for (int x = MAX (0, -dx); x < MIN (HL_GRAIN_SIDE, HL_GRAIN_SIDE - dx); x++)
          product += grain->taps[q][y * HL_GRAIN_SIDE + x]
                     * grain->taps[q][(y + dy) * HL_GRAIN_SIDE + x + dx];
      sum += weight * weight * product;
    }
  return sum;
}

/* The variance of n(p - d) - 2 n(p) + n(p + d) is 6 r(0) - 8 r(d) + 2 r(2 d). */
static void
find_expected (Job *job)
{
  for (int i = 0; i < DISTANCES; i++)
    for (int j = 0; j < DIRECTIONS; j++)
      {
        int    dx = (i + 1) * direction[j][0], dy = (i + 1) * direction[j][1];
        double variance = 6 * get_autocovariance (job->grain, 0, 0)
                          - 8 * get_autocovariance (job->grain, dx, dy)
                          + 2 * get_autocovariance (job->grain, 2 * dx, 2 * dy);

        job->expected[i][j] = sqrt (MAX (variance, 0));
      }
}

/* A fill goes on from the known pixels at its rim, and so from their grain: beside one whose
 * grain correlates with its own by rho, a variance of 1 - rho^2 is all that is open. */
static void
find_rim (Job *job)
{
  double variance = get_autocovariance (job->grain, 0, 0);

  for (int j = 0; j <= RIM; j++)
    for (int i = 0; i <= RIM; i++)
      {
        double rho = variance > 0 ? get_autocovariance (job->grain, i, j) / variance : 0;

        job->rim[j][i] = sqrt (1 - CLAMP (rho * rho, 0, 1));
      }
}

/* Of the grain's deviation, what the known pixels around @x, @y leave open. */
static double
get_open (const Job *job, int x, int y)
{
  double open = 1;

  for (int v = MAX (y - RIM, 0); v <= MIN (y + RIM, job->result->height - 1); v++)
    for (int u = MAX (x - RIM, 0); u <= MIN (x + RIM, job->result->width - 1); u++)
      if (!(job->fill[(gsize) v * job->result->width + u] > 0))
        open = MIN (open, job->rim[abs (v - y)][abs (u - x)]);
  return open;
}

static gboolean
is_painted (const Job *job, int x, int y)
{
  return x >= 0 && y >= 0 && x < job->result->width && y < job->result->height
         && job->fill[(gsize) y * job->result->width + x] > 0.5f;
}

/* The second difference of the brightness at @x, @y, of what grain would have on the
 * average, or -1 where it reaches what was not painted. In a thin scratch, differences run
 * along it, and its grainy neighbours do not count. */
static double
get_difference (const Job *job, int x, int y, int distance, int along)
{
  int    dx = (distance + 1) * direction[along][0], dy = (distance + 1) * direction[along][1];
  double middle, scale;

  if (!is_painted (job, x - dx, y - dy) || !is_painted (job, x + dx, y + dy))
    return -1;
  middle = get_brightness (job->result, x, y);
  scale  = hl_grain_get_level (job->grain, middle) * job->expected[distance][along];
  if (!(scale > 0))
    return -1;
  return fabs (get_brightness (job->result, x - dx, y - dy) - 2 * middle
               + get_brightness (job->result, x + dx, y + dy))
         / scale;
}

/* What the fill around the node at @x, @y lacks of the grain's deviation. Its own grain is
 * the lesser of two medians, fine and coarse: edges and texture have not both small. */
static double
find_missing (const Job *job, int x, int y)
{
  enum
  {
    BINS = 80
  };
  const double width = 2.0 / BINS; /* beyond twice the grain it is all the same */
  double       own   = 1;

  for (int distance = 0; distance < DISTANCES; distance++)
    {
      guint count[BINS] = { 0 }, n = 0, below = 0, bin = 0;

      for (int v = y - CELL; v < y + CELL; v++)
        for (int u = x - CELL; u < x + CELL; u++)
          for (int along = 0; is_painted (job, u, v) && along < DIRECTIONS; along++)
            {
              double difference = get_difference (job, u, v, distance, along);

              if (!(difference >= 0))
                continue;
              count[(int) MIN (difference / width, BINS - 1)]++;
              n++;
            }
      if (n < FEWEST_DIFFERENCES)
        return 1;
      while (2 * (below + count[bin]) < n)
        below += count[bin++];
      own = MIN (own, bin * width / GAUSSIAN_MEDIAN);
    }
  return sqrt (1 - own * own);
}

/* Between the nodes, at a place in the result. */
static double
get_missing (const Job *job, int x, int y)
{
  double       u = (x + job->x0) / (double) CELL - job->first_column;
  double       v = (y + job->y0) / (double) CELL - job->first_row;
  int          i = (int) u, j = (int) v;
  const float *node = job->missing + (gsize) j * job->columns + i;
  double       top  = node[0] + (u - i) * (node[1] - node[0]);
  double bottom     = node[job->columns] + (u - i) * (node[job->columns + 1] - node[job->columns]);

  return top + (v - j) * (bottom - top);
}

static int
divide_down (int a, int b)
{
  return a / b - (a % b < 0);
}

static gboolean
measure_fill (Job *job, GError **error)
{
  int last_column   = divide_down (job->x0 + job->result->width - 1, CELL) + 1;
  int last_row      = divide_down (job->y0 + job->result->height - 1, CELL) + 1;
  job->first_column = divide_down (job->x0, CELL);
  job->first_row    = divide_down (job->y0, CELL);
  job->columns      = last_column - job->first_column + 1;
  job->rows         = last_row - job->first_row + 1;
  job->missing      = g_try_new (float, (gsize) job->columns * job->rows);
  if (!job->missing)
    {
      hl_error_set_memory (error, job->result->width, job->result->height);
      return FALSE;
    }
  for (int j = 0; j < job->rows && !g_cancellable_is_cancelled (job->cancel); j++)
    for (int i = 0; i < job->columns; i++)
      job->missing[(gsize) j * job->columns + i] = find_missing (
          job, (job->first_column + i) * CELL - job->x0, (job->first_row + j) * CELL - job->y0);
  return !g_cancellable_set_error_if_cancelled (job->cancel, error);
}

static gboolean
has_fill (const Job *job, int left, int top, int width, int height)
{
  for (int y = top; y < top + height; y++)
    for (int x = left; x < left + width; x++)
      if (job->fill[(gsize) y * job->result->width + x] > 0)
        return TRUE;
  return FALSE;
}

static void
add_to_tile (Job *job, int left, int top, double amount, guint32 seed)
{
  const HlGrain *grain  = job->grain;
  HlImage       *result = job->result;
  gsize          pixels = (gsize) result->width * result->height;
  int   width = MIN (TILE, result->width - left), height = MIN (TILE, result->height - top);
  float noise[3][TILE][TILE];

  if (!has_fill (job, left, top, width, height))
    return;
  for (int q = 0; q < grain->channels; q++)
    hl_grain_noise_make (grain->taps[q], seed, q, job->x0 + left, job->y0 + top,
                         job->fill + (gsize) top * result->width + left, result->width, width,
                         height, noise[q]);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize  at   = (gsize) (top + y) * result->width + left + x;
        double fill = CLAMP (job->fill[at], 0, 1), strength;

        if (!(fill > 0))
          continue;
        /* Where old and new were mixed, the old one's share of the grain is still there. */
        strength = amount * sqrt (fill * (2 - fill)) * get_missing (job, left + x, top + y)
                   * get_open (job, left + x, top + y)
                   * hl_grain_get_level (grain, get_brightness (result, left + x, top + y));
        if (!(strength > 0))
          continue;
        for (int c = 0; c < grain->channels; c++)
          {
            double sum = 0;

            for (int q = 0; q < grain->channels; q++)
              sum += grain->mix[c][q] * noise[q][y][x];
            result->planes[c * pixels + at] += strength * sum;
          }
      }
}

/**
 * hl_grain_add:
 * @grain: learnt from the photograph by hl_grain_learn()
 * @result: (C, H, W), the repaired photograph or a part of it, with as many channels; only
 *   pixels with a fill change
 * @fill: (H, W), row-major, 0..1: how far a pixel was painted anew; what remains of the
 *   original in a mixed pixel, 1 - fill, has its grain
 * @x0: column of the result's first pixel in the photograph
 * @y0: likewise its row
 * @amount: of the grain's standard deviation, 0..1; at 0 no bit changes
 * @seed: of the noise
 * @cancel: (nullable): to give up
 * @error: return location for a #GError
 *
 * Adds what the fill lacks of the photograph's grain.  The noise at a pixel depends on the
 * seed and its place in the photograph, so parts may be cut in any way and done in any
 * order or in several threads: the bits are the same as long as a part holds whatever is
 * painted within %HL_GRAIN_REACH pixels of it.  Values are not clamped.
 *
 * Returns: %TRUE, or %FALSE with %HL_ERROR_MEMORY, and nothing was changed, or with
 *   %G_IO_ERROR_CANCELLED, and @result is unfinished
 */
gboolean
hl_grain_add (const HlGrain *grain, HlImage *result, const float *fill, int x0, int y0,
              double amount, guint32 seed, GCancellable *cancel, GError **error)
{
  Job job
      = { .grain = grain, .result = result, .fill = fill, .x0 = x0, .y0 = y0, .cancel = cancel };
  g_autofree float *missing = NULL;
  gboolean          measured;

  g_return_val_if_fail (grain->channels == result->channels, FALSE);
  if (!(amount > 0))
    return TRUE;
  find_expected (&job);
  find_rim (&job);
  measured = measure_fill (&job, error);
  missing  = job.missing;
  if (!measured)
    return FALSE;
  for (int top = 0; top < result->height; top += TILE)
    {
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (int left = 0; left < result->width; left += TILE)
        add_to_tile (&job, left, top, amount, seed);
    }
  return TRUE;
}

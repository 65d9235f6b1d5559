/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectrum of a photograph's grain and what its channels share, from its flat patches;
 * a part of grain.c, which finds these.
 *
 * The spectrum comes from the variogram (G. Matheron, "Principles of geostatistics", Economic
 * Geology 58, 1963) by way of the autocovariance, and its root is a small filter that makes
 * the same noise out of white noise (B. Galerne, Y. Gousseau, J.-M. Morel, "Random Phase
 * Textures: Theory and Synthesis", IEEE TIP 20(1), 2011). */

#include "restore/grain/grain_spectrum.h"

#include <math.h>

#define SIDE HL_GRAIN_PATCH
#define PIXELS HL_GRAIN_PATCH_PIXELS
#define REACH HL_GRAIN_LAG
#define LAGS HL_GRAIN_LAGS

/* Where the variogram of grain has reached its variance. */
#define NEAR 4

/* The share of the variogram that still rises, from which on it may be texture altogether, and
 * from which on it is. Chosen on the photographs that grain.c names. */
#define DOUBTFUL 0.28
#define TEXTURE 0.38

#define FREQUENCIES 24 /* a side */

/* Orthonormal: brightness, and two of colour. JPEG stores colour coarser than brightness. */
static const double opponent[3][3] = {
  { 0.57735026918962573, 0.57735026918962573, 0.57735026918962573 },
  { 0.70710678118654752, 0.0, -0.70710678118654752 },
  { 0.40824829046386302, -0.81649658092772603, 0.40824829046386302 },
};

/**
 * hl_grain_factor:
 * @a: (3, 3), symmetric and not negative; only its lower triangle is read
 *
 * Factors @a into L L' (Cholesky) and overwrites its lower triangle with L. A column that
 * depends on those before it becomes 0.
 */
void
hl_grain_factor (double a[3][3])
{
  for (int j = 0; j < 3; j++)
    {
      double scale = a[j][j];

      for (int k = 0; k < j; k++)
        a[j][j] -= a[j][k] * a[j][k];
      a[j][j] = a[j][j] > 1e-6 * scale ? sqrt (a[j][j]) : 0;
      for (int i = j + 1; i < 3; i++)
        {
          for (int k = 0; k < j; k++)
            a[i][j] -= a[i][k] * a[j][k];
          a[i][j] = a[j][j] > 0 ? a[i][j] / a[j][j] : 0;
        }
    }
}

/**
 * hl_grain_sums_add:
 * @sums: added to
 * @patch: a flat patch
 * @channels: 1 or 3
 * @variance: of the grain at the patch's brightness, mean over the channels, > 0
 */
void
hl_grain_sums_add (HlGrainSums *sums, const HlGrainPatch *patch, int channels, double variance)
{
  double value[3][PIXELS] = { 0 };

  for (int p = 0; p < channels; p++)
    for (int c = 0; c < channels; c++)
      for (int i = 0; i < PIXELS; i++)
        value[p][i] += (channels == 1 ? 1 : opponent[p][c]) * patch->residual[c][i];
  for (int i = 0; i < PIXELS; i++)
    for (int p = 0; p < channels; p++)
      for (int q = 0; q < channels; q++)
        sums->covariance[p][q] += value[p][i] * value[q][i] / variance;
  sums->pixels += patch->used;
  /* The other half of the lags is the same. */
  for (int j = 0; j <= REACH; j++)
    for (int i = j > 0 ? -REACH : 1; i <= REACH; i++)
      for (int y = 0; y + j < SIDE; y++)
        for (int x = MAX (0, -i); x + MAX (0, i) < SIDE; x++)
          {
            int a = y * SIDE + x, b = a + j * SIDE + i;

            if (!patch->known[a] || !patch->known[b])
              continue;
            sums->pairs[j + REACH][i + REACH] += 1;
            for (int p = 0; p < channels; p++)
              {
                double d = value[p][a] - value[p][b];

                sums->variogram[p][j + REACH][i + REACH] += 0.5 * d * d / variance;
              }
          }
}

/* Mean of @variogram over the lags at @ring, and their mean length. */
static double
average_ring (double variogram[LAGS][LAGS], int ring, double *length)
{
  double sum = 0;
  int    n   = 0;

  *length = 0;
  for (int j = 0; j <= ring; j++)
    for (int i = j > 0 ? -ring : 1; i <= ring; i++)
      if (MAX (abs (i), j) == ring)
        {
          sum += variogram[j + REACH][i + REACH];
          *length += hypot (i, j);
          n++;
        }
  *length /= n;
  return sum / n;
}

/* The autocovariance (lags, lags) of noise @p. The variogram at lag d is the variance less the
 * autocovariance at d, and it hardly suffers from the plane that was taken away. Grain's
 * variogram has reached the variance at NEAR; where it goes on rising, that is texture and
 * shading, whose variogram rises about linearly and is taken off. Returns its share. Colour
 * has little texture, and JPEG makes its noise coarse, so there it is all noise. */
static double
find_autocovariance (const HlGrainSums *sums, int p, double r[LAGS][LAGS])
{
  double rim, slope, near, far, share;

  for (int j = 0; j < LAGS; j++)
    for (int i = 0; i < LAGS; i++)
      r[j][i] = sums->variogram[p][j][i] / MAX (sums->pairs[j][i], 1);
  rim   = average_ring (r, REACH, &far);
  slope = rim - average_ring (r, NEAR, &near);
  slope = p > 0 ? 0 : MAX (slope, 0) / (far - near);
  share = rim > 0 ? slope * far / rim : 0;
  rim -= slope * far;
  for (int j = 0; j <= REACH; j++)
    for (int i = j > 0 ? -REACH : 0; i <= REACH; i++)
      {
        double length = hypot (i, j);
        double value  = rim - (r[j + REACH][i + REACH] - slope * length);
        /* Far lags are mostly the error of this estimate. */
        double fade = CLAMP ((length - 3) / (REACH + 1 - 3), 0, 1);

        value *= 0.5 * (1 + cos (G_PI * fade));
        r[REACH + j][REACH + i] = r[REACH - j][REACH - i] = value;
      }
  return share;
}

/* The filter, of unit energy, that makes noise with the autocovariance @r of white noise.
 * Returns the variance of that noise. */
static double
find_taps (double r[LAGS][LAGS], float *taps)
{
  double power[FREQUENCIES][FREQUENCIES], root[FREQUENCIES][FREQUENCIES];
  double cosine[FREQUENCIES], variance = 0, energy = 0, value[HL_GRAIN_TAPS];

  for (int i = 0; i < FREQUENCIES; i++)
    cosine[i] = cos (2 * G_PI * i / FREQUENCIES);
  for (int v = 0; v < FREQUENCIES; v++)
    for (int u = 0; u < FREQUENCIES; u++)
      {
        power[v][u] = 0;
        for (int j = -REACH; j <= REACH; j++)
          for (int i = -REACH; i <= REACH; i++)
            power[v][u] += r[j + REACH][i + REACH]
                           * cosine[(u * (i + FREQUENCIES) + v * (j + FREQUENCIES)) % FREQUENCIES];
      }
  /* Lines and weaves have a direction, in which they are strong; across it the grain alone
   * is left. (-u, -v) is the same as (u, v). */
  for (int v = 0; v < FREQUENCIES; v++)
    for (int u = 0; u < FREQUENCIES; u++)
      {
        int    w     = (FREQUENCIES - u) % FREQUENCIES;
        double least = fmin (fmin (power[v][u], power[v][w]), fmin (power[u][v], power[w][v]));

        least      = fmax (least, 0);
        root[v][u] = sqrt (least);
        variance += least / (FREQUENCIES * FREQUENCIES);
      }
  for (int t = 0; t < HL_GRAIN_TAPS; t++)
    {
      int i = t % HL_GRAIN_SIDE - HL_GRAIN_RADIUS, j = t / HL_GRAIN_SIDE - HL_GRAIN_RADIUS;

      value[t] = 0;
      for (int v = 0; v < FREQUENCIES; v++)
        for (int u = 0; u < FREQUENCIES; u++)
          value[t]
              += root[v][u] * cosine[(u * (i + FREQUENCIES) + v * (j + FREQUENCIES)) % FREQUENCIES];
      energy += value[t] * value[t];
    }
  for (int t = 0; t < HL_GRAIN_TAPS; t++)
    taps[t] = energy > 0 ? value[t] / sqrt (energy) : 0;
  return variance;
}

/**
 * hl_grain_sums_finish:
 * @sums: over flat patches; at least one was added
 * @grain: its filters and its mixture are set
 *
 * Returns: standard deviation of the grain, the sums' own being 1; 0 where it is texture
 */
double
hl_grain_sums_finish (const HlGrainSums *sums, HlGrain *grain)
{
  double r[LAGS][LAGS], deviation[3] = { 0 }, covariance[3][3] = { 0 }, total = 0, texture = 0;
  int    n = grain->channels;

  for (int p = 0; p < n; p++)
    {
      double share    = find_autocovariance (sums, p, r);
      double variance = find_taps (r, grain->taps[p]);

      texture      = p == 0 ? share : texture;
      deviation[p] = sqrt (variance);
      total += variance / n;
    }
  if (!(total > 0))
    return 0;
  for (int p = 0; p < n; p++)
    for (int q = 0; q < n; q++)
      {
        double scale = sqrt (sums->covariance[p][p] * sums->covariance[q][q]);

        if (scale > 0)
          covariance[p][q] = deviation[p] * deviation[q] * sums->covariance[p][q] / scale / total;
      }
  hl_grain_factor (covariance);
  for (int c = 0; c < n; c++)
    for (int q = 0; q < n; q++)
      {
        grain->mix[c][q] = 0;
        for (int p = q; p < n; p++)
          grain->mix[c][q] += (n == 1 ? 1 : opponent[p][c]) * covariance[p][q];
      }
  return sqrt (total) * CLAMP ((TEXTURE - texture) / (TEXTURE - DOUBTFUL), 0, 1);
}

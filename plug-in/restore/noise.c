/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How noisy a photograph is, from its sound pixels: before the prior, which must not fit
 * the noise.
 *
 * The method: G. Chen, F. Zhu, P. A. Heng, "An Efficient Statistical Method for Image
 * Noise Level Estimation", ICCV 2015. Cut the picture into patches of r pixels. Pictures
 * are redundant: seen as vectors, their patches fill only some of the r dimensions, and
 * in the others there is noise alone. So of the eigenvalues of the patches' covariance
 * the smaller ones scatter about the noise's variance, and the larger ones hold the
 * picture. Algorithm 1 drops the largest until those left are symmetric, their mean being
 * their median; that mean is the variance. */

#include "restore/noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 8 /* of a patch, pixels */
#define DIMENSIONS (SIDE * SIDE)

/* More patches would not tell more, only cost more: per channel, about. */
#define ENOUGH_PATCHES 6000

/* With fewer patches their covariance says too little of 64 dimensions. */
#define FEWEST_PATCHES (4 * DIMENSIONS)

/* Black and white that were cut off hold no noise any more. Patches with more than a few
 * such pixels are left out; leaving out all would favour patches that have less noise. */
#define MOST_CLIPPED (DIMENSIONS / 10)

/* Half a step of an 8-bit picture. */
#define NEARLY (0.5f / 255.0f)

static inline gboolean
is_sound (const float *mask, const guint8 *evidence, gsize i)
{
  return mask[i] == 0.0f && (!evidence || evidence[i]);
}

/* Copies the patch at @x, @y out of @plane, or returns FALSE where it may not be used. */
static gboolean
take_patch (const float *plane, const float *mask, const guint8 *evidence, int width, int x, int y,
            float *patch)
{
  int clipped = 0;

  for (int j = 0; j < SIDE; j++)
    for (int i = 0; i < SIDE; i++)
      {
        gsize at    = (gsize) (y + j) * width + x + i;
        float value = plane[at];

        if (!is_sound (mask, evidence, at) || !isfinite (value))
          return FALSE;
        clipped += value <= NEARLY || value >= 1.0f - NEARLY;
        patch[j * SIDE + i] = value;
      }
  return clipped <= MOST_CLIPPED;
}

/* Sums the patches of @plane and the upper half of their products.
 * Returns how many there were. */
static gsize
sum_patches (const float *plane, const float *mask, const guint8 *evidence, int width, int height,
             int step, double *sum, /* (DIMENSIONS) */
             double *product)       /* (DIMENSIONS, DIMENSIONS) */
{
  gsize patches = 0;
  float patch[DIMENSIONS];

  for (int y = 0; y + SIDE <= height; y += step)
    for (int x = 0; x + SIDE <= width; x += step)
      if (take_patch (plane, mask, evidence, width, x, y, patch))
        {
          /* About the middle gray, so that the subtraction of the means later on
           * leaves enough digits. */
          for (int i = 0; i < DIMENSIONS; i++)
            patch[i] -= 0.5f;
          for (int i = 0; i < DIMENSIONS; i++)
            {
              sum[i] += patch[i];
              for (int j = i; j < DIMENSIONS; j++)
                product[i * DIMENSIONS + j] += patch[i] * patch[j];
            }
          patches++;
        }
  return patches;
}

/* The eigenvalues of the symmetric matrix @a (n, n), by Jacobi's rotations (G. H. Golub,
 * C. F. Van Loan, Matrix Computations, 8.5), into @values (n). Destroys @a. */
static void
find_eigenvalues (double *a, int n, double *values)
{
  for (int sweep = 0; sweep < 30; sweep++)
    {
      double off = 0.0, diagonal = 0.0;

      for (int p = 0; p < n; p++)
        {
          diagonal += a[p * n + p] * a[p * n + p];
          for (int q = p + 1; q < n; q++)
            off += a[p * n + q] * a[p * n + q];
        }
      if (off <= 1e-20 * diagonal)
        break;

      for (int p = 0; p < n; p++)
        for (int q = p + 1; q < n; q++)
          if (a[p * n + q] != 0.0)
            {
              double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
              double t     = copysign (1.0 / (fabs (theta) + hypot (theta, 1.0)), theta);
              double c = 1.0 / hypot (t, 1.0), s = t * c;

              for (int k = 0; k < n; k++)
                {
                  double kp = a[k * n + p], kq = a[k * n + q];

                  a[k * n + p] = c * kp - s * kq;
                  a[k * n + q] = s * kp + c * kq;
                }
              for (int k = 0; k < n; k++)
                {
                  double pk = a[p * n + k], qk = a[q * n + k];

                  a[p * n + k] = c * pk - s * qk;
                  a[q * n + k] = s * pk + c * qk;
                }
            }
    }
  for (int i = 0; i < n; i++)
    values[i] = MAX (a[i * n + i], 0.0);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Algorithm 1 of the paper: drop the largest of @values until as many of those left are
 * above their mean as below. Returns that mean. */
static double
find_noise_variance (double *values, int n)
{
  double sum = 0.0;

  qsort (values, n, sizeof (double), compare_doubles);
  for (int i = 0; i < n; i++)
    sum += values[i];
  for (; n > 1; n--)
    {
      double mean  = sum / n;
      int    above = 0, below = 0;

      for (int i = 0; i < n; i++)
        {
          above += values[i] > mean;
          below += values[i] < mean;
        }
      if (above >= below)
        return mean;
      sum -= values[n - 1];
    }
  return values[0];
}

/* For areas too small for patches: the median absolute deviation of the finest diagonal
 * Haar coefficients (D. L. Donoho, I. M. Johnstone, Biometrika 81(3), 1994), which is
 * 0.6745 sigma for Gaussian noise. Returns -1 where not even that can be had. */
static double
estimate_small (const float *plane, const float *mask, const guint8 *evidence, int width,
                int height)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (double));

  for (int y = 0; y + 1 < height; y++)
    for (int x = 0; x + 1 < width; x++)
      {
        gsize  a = (gsize) y * width + x, b = a + 1, c = a + width, d = c + 1;
        double value;

        if (!is_sound (mask, evidence, a) || !is_sound (mask, evidence, b)
            || !is_sound (mask, evidence, c) || !is_sound (mask, evidence, d))
          continue;
        value = fabs (0.5 * ((double) plane[a] - plane[b] - plane[c] + plane[d]));
        if (isfinite (value))
          g_array_append_val (found, value);
      }
  if (found->len == 0)
    return -1.0;
  g_array_sort (found, compare_doubles);
  return g_array_index (found, double, found->len / 2) / 0.6745;
}

static double
estimate_plane (const float *plane, const float *mask, const guint8 *evidence, int width,
                int height)
{
  g_autofree double *sum        = g_new0 (double, DIMENSIONS);
  g_autofree double *covariance = g_new0 (double, DIMENSIONS *DIMENSIONS);
  double             values[DIMENSIONS];
  /* An odd step meets all phases of JPEG's blocks alike. */
  int   step = (int) sqrt ((double) width * height / ENOUGH_PATCHES) | 1;
  gsize patches;

  patches = sum_patches (plane, mask, evidence, width, height, step, sum, covariance);
  if (patches < FEWEST_PATCHES)
    return estimate_small (plane, mask, evidence, width, height);

  for (int i = 0; i < DIMENSIONS; i++)
    for (int j = i; j < DIMENSIONS; j++)
      {
        double product = covariance[i * DIMENSIONS + j] / patches;

        covariance[i * DIMENSIONS + j] = product - sum[i] / patches * sum[j] / patches;
        covariance[j * DIMENSIONS + i] = covariance[i * DIMENSIONS + j];
      }
  find_eigenvalues (covariance, DIMENSIONS, values);
  return sqrt (find_noise_variance (values, DIMENSIONS));
}

/**
 * hl_noise_estimate:
 * @image: a photograph
 * @mask: (H, W), row-major: pixels are sound where it is 0
 * @evidence: (H, W) (nullable): pixels are sound where it is not 0; %NULL: all
 *
 * Estimates the noise as white and Gaussian, one level for the whole picture. Where a
 * picture is textured all over, its texture passes for noise of some 1 % of white.
 *
 * Returns: standard deviation of the noise, 0..1 of white, averaged over the channels;
 *   0 where there is no sound pixel to tell it from
 */
double
hl_noise_estimate (const HlImage *image, const float *mask, const guint8 *evidence)
{
  gsize  size     = (gsize) image->width * image->height;
  double variance = 0.0;
  int    channels = 0;

  for (int c = 0; c < image->channels; c++)
    {
      double sigma
          = estimate_plane (image->planes + c * size, mask, evidence, image->width, image->height);

      if (sigma >= 0.0)
        {
          variance += sigma * sigma;
          channels++;
        }
    }
  return channels > 0 ? MIN (sqrt (variance / channels), 1.0) : 0.0;
}

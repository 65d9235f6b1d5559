/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums along all straight lines that cross a square from its top to its bottom and lean to the
 * right by up to its width: the approximate discrete Radon transform of W. A. Götz and H. J.
 * Druckmüller, "A fast digital Radon transform", Pattern Recognition 29(4), 1996, and M. L. Brady,
 * SIAM J. Computing 27(1), 1998. A line of slope a across 2 n rows is one of slope a / 2 across the
 * upper n, and another across the lower n that begins where that ends, so that all N x 2 N sums
 * take log2 N additions each. */

#include "restore/find/drt.h"

#include <string.h>

/**
 * hl_drt_run:
 * @square: (HL_DRT_SIDE, HL_DRT_SIDE), row-major
 * @a: %HL_DRT_BUFFER floats, overwritten
 * @b: likewise
 *
 * Returns: (HL_DRT_SIDE, HL_DRT_STARTS), in @a or @b: at row s and column i the sum along the line
 *   from column i - HL_DRT_SIDE of the first row to column i - HL_DRT_SIDE + s of the last
 */
const float *
hl_drt_run (const float *square, float *a, float *b)
{
  const int N = HL_DRT_SIDE, W = HL_DRT_STARTS;

  memset (a, 0, sizeof (float) * HL_DRT_BUFFER);
  for (int y = 0; y < N; y++)
    memcpy (a + (gsize) y * W + N, square + (gsize) y * N, sizeof (float) * N);
  /* Strips of n rows, n lines each: row y + s of a buffer holds slope s of the strip from y. */
  for (int n = 1; n < N; n *= 2)
    {
      float *swap;

      for (int y = 0; y < N; y += 2 * n)
        for (int s = 0; s < 2 * n; s++)
          {
            const float *upper = a + (gsize) (y + s / 2) * W;
            const float *lower = a + (gsize) (y + n + s / 2) * W;
            float       *to    = b + (gsize) (y + s) * W;
            int          shift = (s + 1) / 2;

            for (int i = 0; i < W - shift; i++)
              to[i] = upper[i] + lower[i + shift];
            for (int i = W - shift; i < W; i++)
              to[i] = upper[i];
          }
      swap = a;
      a    = b;
      b    = swap;
    }
  return a;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small systems of linear equations, as least squares leads to: Cholesky's method. */
#include "restore/colour/symmetric.h"

#include <math.h>

/**
 * hl_symmetric_solve:
 * @a: (n, n), row-major, positive definite; only its lower half is read, and overwritten
 * @n: how many unknowns
 * @b: (columns, n), right sides; overwritten with the unknowns x of @a x = b
 * @columns: how many of these
 */
void
hl_symmetric_solve (double *a, int n, double *b, int columns)
{
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      {
        double sum = a[i * n + j];

        for (int k = 0; k < j; k++)
          sum -= a[i * n + k] * a[j * n + k];
        a[i * n + j] = i == j ? sqrt (MAX (sum, 1e-30)) : sum / a[j * n + j];
      }
  for (int c = 0; c < columns; c++, b += n)
    {
      for (int i = 0; i < n; i++)
        {
          for (int k = 0; k < i; k++)
            b[i] -= a[i * n + k] * b[k];
          b[i] /= a[i * n + i];
        }
      for (int i = n - 1; i >= 0; i--)
        {
          for (int k = i + 1; k < n; k++)
            b[i] -= a[k * n + i] * b[k];
          b[i] /= a[i * n + i];
        }
    }
}

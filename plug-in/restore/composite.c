/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last step of the restoration: where the mask is soft, old and new are mixed; where
 * it is empty, the photograph keeps its exact bits. */

#include "restore/composite.h"

#include <math.h>
#include <string.h>

/**
 * hl_composite:
 * @result: the restored picture; overwritten with the composite
 * @original: the picture as it was, of the same size and channels
 * @mask: (H, W), row-major: 0 keeps the original, 1 takes the restored value, anything
 *   between mixes them; outside 0..1 it is clamped, NaN keeps the original
 *
 * result = original + w (result - original), with w the clamped mask. Where w is 0 the
 * original's bits are kept whatever they are, infinities and NaN payloads included.
 * Where w > 0 and the original is not finite, the restored value is taken: there is
 * nothing to mix with.
 */
void
hl_composite (HlImage *result, const HlImage *original, const float *mask)
{
  gsize size = (gsize) original->width * original->height;

  g_return_if_fail (result->channels == original->channels);
  g_return_if_fail (result->width == original->width);
  g_return_if_fail (result->height == original->height);

  for (int c = 0; c < original->channels; c++)
    {
      float       *to   = result->planes + c * size;
      const float *from = original->planes + c * size;

      for (gsize i = 0; i < size; i++)
        {
          /* memcpy, as passing a signalling NaN through an arithmetic register may
           * change it; !(> 0) also takes in a mask that is NaN. */
          if (!(mask[i] > 0.0f))
            memcpy (&to[i], &from[i], sizeof (float));
          else if (mask[i] < 1.0f && isfinite (from[i]))
            to[i] = from[i] + mask[i] * (to[i] - from[i]);
        }
    }
}

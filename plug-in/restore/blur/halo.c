/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps sharpening from drawing bright and dark rims: after a deconvolution whose point spread
 * function was only estimated.
 *
 * No blur makes a place brighter than the brightest or darker than the darkest about it. So
 * beyond the values that the blurred picture has in the neighbourhood, the sharp one may go only
 * by a share of their range: thin lines do need some. */
#include "restore/blur/halo.h"

#include <math.h>

#include "restore/error.h"

/* The smallest and the largest of @n values, each over @reach neighbours to both sides; values
 * lie @step apart. */
static void
find_extremes (const float *low, const float *high, float *to_low, float *to_high, int n,
               gsize step, int reach)
{
  for (int i = 0; i < n; i++)
    {
      int   first = MAX (i - reach, 0), last = MIN (i + reach, n - 1);
      float smallest = low[first * step], largest = high[first * step];

      for (int j = first + 1; j <= last; j++)
        {
          smallest = fminf (smallest, low[j * step]);
          largest  = fmaxf (largest, high[j * step]);
        }
      to_low[i * step]  = smallest;
      to_high[i * step] = largest;
    }
}

/**
 * hl_halo_limit:
 * @image: (C, H, W), the sharpened picture, which is limited
 * @before: (C, H, W), the blurred one
 * @reach: of the neighbourhood, pixels, 1 or more
 * @slack: by which share of the neighbourhood's range of values @image may go beyond it, 0 or more
 * @cancel: (nullable): to give up; @image is then unfinished
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it went to the end
 */
gboolean
hl_halo_limit (HlImage *image, const HlImage *before, int reach, float slack, GCancellable *cancel,
               GError **error)
{
  int               w = image->width, h = image->height;
  gsize             pixels = (gsize) w * h;
  g_autofree float *rows   = g_try_new (float, 2 * pixels);
  g_autofree float *both   = g_try_new (float, 2 * pixels);

  if (!rows || !both)
    {
      hl_error_set_memory (error, w, h);
      return FALSE;
    }
  for (int c = 0; c < image->channels; c++)
    {
      const float *seen  = before->planes + c * pixels;
      float       *plane = image->planes + c * pixels;

      for (int y = 0; y < h && !g_cancellable_is_cancelled (cancel); y++)
        find_extremes (seen + (gsize) y * w, seen + (gsize) y * w, rows + (gsize) y * w,
                       rows + pixels + (gsize) y * w, w, 1, reach);
      for (int x = 0; x < w && !g_cancellable_is_cancelled (cancel); x++)
        find_extremes (rows + x, rows + pixels + x, both + x, both + pixels + x, h, w, reach);
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (gsize i = 0; i < pixels; i++)
        {
          float low = both[i], high = both[pixels + i], more = slack * (high - low);

          plane[i] = CLAMP (plane[i], low - more, high + more);
        }
    }
  return TRUE;
}

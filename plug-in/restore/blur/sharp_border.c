/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A black line or a strip of another colour along a side of the picture, from the scanner or from
 * where the picture was cut out, was never blurred with it: to undo the blur draws stripes beside
 * it, along the whole side.
 *
 * Its edge runs along the side, so that the mean over each row (or column) shows it without the
 * grain. An edge that was blurred rises from one row to the next by no more than the share of the
 * point spread function that falls on one row. Where it lies so near the picture's side that half
 * of it is cut off, that is up to twice as much of what is seen of it. */
#include "restore/blur/sharp_border.h"

#include <math.h>

/* Pixels from the side up to which an edge is sought, and the step that is one, of white. */
#define DEEPEST 16
#define LEAST 0.05

/* An edge is sharper than the blur where it rises by more than so many times what that allows. */
#define SHARPER 2.2

/* Mean over the row, or column, so many pixels from a side: top, bottom, left, right. */
static double
get_mean (const HlImage *image, int side, int depth)
{
  gsize  pixels = (gsize) image->width * image->height;
  int    length = side < 2 ? image->width : image->height;
  double sum    = 0;

  for (int c = 0; c < image->channels; c++)
    for (int k = 0; k < length; k++)
      {
        int x = side < 2 ? k : side == 2 ? depth : image->width - 1 - depth;
        int y = side >= 2 ? k : side == 0 ? depth : image->height - 1 - depth;

        sum += image->planes[c * pixels + (gsize) y * image->width + x];
      }
  return sum / ((double) image->channels * length);
}

/* The largest share of the point spread function in one row, or column. */
static double
get_share (const HlPsf *psf, gboolean rows)
{
  double most = 0;

  for (int i = 0; i < psf->side; i++)
    {
      double sum = 0;

      for (int k = 0; k < psf->side; k++)
        sum += psf->weights[rows ? i * psf->side + k : k * psf->side + i];
      most = MAX (most, sum);
    }
  return most;
}

/* How many pixels from a side the last edge is that is sharper than the blur; 0 where none is. */
static int
find_depth (const HlImage *image, const HlPsf *psf, int side)
{
  int    size = side < 2 ? image->height : image->width, reach = psf->side / 2;
  int    deepest = MIN (DEEPEST, size / 8), n = MIN (deepest + reach + 2, size), depth = 0;
  double share               = get_share (psf, side < 2);
  g_autofree double *profile = g_new (double, n);

  for (int k = 0; k < n; k++)
    profile[k] = get_mean (image, side, k);
  for (int k = 1; k <= deepest && k < n; k++)
    {
      double step = fabs (profile[k] - profile[k - 1]), low = profile[k], high = profile[k];

      for (int i = MAX (k - 1 - reach, 0); i <= MIN (k + reach, n - 1); i++)
        {
          low  = MIN (low, profile[i]);
          high = MAX (high, profile[i]);
        }
      if (step > LEAST && step > SHARPER * share * (high - low))
        depth = k;
    }
  return depth;
}

/**
 * hl_sharp_border_leave_out:
 * @image: (C, H, W), 0..1
 * @psf: its blur
 *
 * Returns: the picture without what lies along its sides and is sharper than the blur
 */
HlRect
hl_sharp_border_leave_out (const HlImage *image, const HlPsf *psf)
{
  return (HlRect) { find_depth (image, psf, 2), find_depth (image, psf, 0),
                    image->width - find_depth (image, psf, 3),
                    image->height - find_depth (image, psf, 1) };
}

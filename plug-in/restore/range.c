/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The range of values of a photograph.
 *
 * The priors know pictures of 0..1.  A float picture may go beyond, and is then squeezed into that.
 * One hot pixel would squeeze all the rest into black, so the range is a robust one: the quantiles
 * that all but one pixel in a thousand lie between, and half of their distance more to either
 * side (Tukey's fences, for tails as short as a picture's). */
#include "restore/range.h"

#include <math.h>

/* Of the pixels, those that the quantile leaves out; and of the distance between the quantiles, how
 * far beyond them a value may lie.  Derived: a smooth highlight is larger than that or fades out
 * within it, a hot pixel is neither. */
#define TAIL 1e-3
#define FENCE 0.5f

/* Values beyond 0..1 are counted by the logarithm of their distance from the other end, in steps
 * of 2 %; 512 of them reach 10^4, beyond which maps.c takes nothing for a pixel. */
#define BINS_PER_E 50
#define BINS 512

static int
get_bin (float beyond)
{
  return MIN ((int) (BINS_PER_E * logf (beyond)), BINS - 1);
}

/* The upper end of the bin that all but @left of the values lie below. */
static float
find_quantile (const gsize count[BINS], gsize left)
{
  gsize sum = 0;

  for (int bin = BINS - 1; bin >= 0; bin--)
    {
      sum += count[bin];
      if (sum > left)
        return expf ((bin + 1.0f) / BINS_PER_E);
    }
  return 1;
}

/**
 * hl_range_find:
 * @image: (C, H, W), a photograph
 * @maps: of it; what lies out of the range is taken out of the source
 * @cancel: (nullable): once cancelled, the result means nothing
 *
 * Returns: the range of the source, within which 0..1 always is
 */
HlRange
hl_range_find (const HlImage *image, HlMaps *maps, GCancellable *cancel)
{
  gsize   pixels = (gsize) image->width * image->height, all = 0;
  gsize   above[BINS] = { 0 }, below[BINS] = { 0 };
  HlRange fence, range                     = { 0, 1 };
  float   span;

  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    for (gsize i = 0; i < pixels; i++)
      if (maps->source[i] > 0)
        {
          float value = image->planes[c * pixels + i];

          all++;
          if (value > 1)
            above[get_bin (value)]++;
          else if (value < 0)
            below[get_bin (1 - value)]++;
        }
  fence.high = find_quantile (above, TAIL * all);
  fence.low  = 1 - find_quantile (below, TAIL * all);
  span       = fence.high - fence.low;
  fence.high += FENCE * span;
  fence.low -= FENCE * span;
  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    for (gsize i = 0; i < pixels; i++)
      {
        float value = image->planes[c * pixels + i];

        if (maps->source[i] > 0 && (value > fence.high || value < fence.low))
          maps->source[i] = 0;
      }
  for (int c = 0; c < image->channels && !g_cancellable_is_cancelled (cancel); c++)
    for (gsize i = 0; i < pixels; i++)
      if (maps->source[i] > 0)
        {
          range.low  = fminf (range.low, image->planes[c * pixels + i]);
          range.high = fmaxf (range.high, image->planes[c * pixels + i]);
        }
  return range;
}

/**
 * hl_range_get_span:
 * @range: a range
 *
 * Returns: how far it goes, 1 or more
 */
double
hl_range_get_span (HlRange range)
{
  return range.high - range.low;
}

static void
scale (HlImage *image, float factor, float offset)
{
  for (gsize i = 0; i < (gsize) image->channels * image->width * image->height; i++)
    image->planes[i] = factor * image->planes[i] + offset;
}

/**
 * hl_range_squeeze:
 * @range: of the photograph
 * @image: (C, H, W), in the photograph's values; becomes one of 0..1
 */
void
hl_range_squeeze (HlRange range, HlImage *image)
{
  scale (image, 1 / (range.high - range.low), -range.low / (range.high - range.low));
}

/**
 * hl_range_stretch:
 * @range: of the photograph
 * @image: (C, H, W), of 0..1; becomes one in the photograph's values
 */
void
hl_range_stretch (HlRange range, HlImage *image)
{
  scale (image, range.high - range.low, range.low);
}

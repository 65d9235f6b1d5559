/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage goes on around a mask that was drawn too tight, which can be seen, and helped
 * by widening the mask. */
#include "restore/rim.h"

#include <math.h>

/* Pixels outside of the mask that are looked at, and how far beyond them sound ones are
 * sought. */
#define RIM 3
#define REACH 3
#define FURTHEST (RIM + REACH)

/* Share of the damage in a ring from which it is damaged too, and in the rings beyond one that is:
 * what is left beyond the last one is then no reason to ask for more once the mask is wider. */
#define DAMAGED 0.15
#define DAMAGED_ON 0.08

/* Of white: damage that differs less from its surroundings tells nothing. */
#define CONTRAST 0.05

/* Of the mean square by which the damage differs from its surroundings, what the square of the
 * mean must be.  Scratches are light nearly everywhere, or dark; where a mask lies over what is
 * sound, it is now lighter and now darker than around it, and this stays below a fifth. */
#define SYSTEMATIC 0.25

/* Pixels of a rim to judge by at least. */
#define FEWEST 20

/* Whether a target pixel has a neighbour that is none. */
static gboolean
is_edge (const HlMaps *maps, int x, int y)
{
  const float *at = maps->target + (gsize) y * maps->width + x;

  return (x > 0 && at[-1] <= 0) || (x + 1 < maps->width && at[1] <= 0)
         || (y > 0 && at[-maps->width] <= 0) || (y + 1 < maps->height && at[maps->width] <= 0);
}

/* The distance of each pixel to the target, rounded up, up to RIM + REACH; 0 within.  Rounded up,
 * so that a ring is what hl_mask_grow() adds in one more step.  %NULL without memory. */
static guint8 *
measure_distance (const HlMaps *maps)
{
  int     width = maps->width, height = maps->height;
  gsize   pixels = (gsize) width * height;
  guint8 *d      = g_try_new (guint8, pixels);
  guint8  far[FURTHEST + 1][FURTHEST + 1];

  for (int i = 0; i <= FURTHEST; i++)
    for (int j = 0; j <= FURTHEST; j++)
      far[i][j] = ceil (hypot (i, j)) <= FURTHEST ? ceil (hypot (i, j)) : G_MAXUINT8;
  for (gsize i = 0; d && i < pixels; i++)
    d[i] = maps->target[i] > 0 ? 0 : G_MAXUINT8;
  for (int y = 0; d && y < height; y++)
    for (int x = 0; x < width; x++)
      {
        if (maps->target[(gsize) y * width + x] <= 0 || !is_edge (maps, x, y))
          continue;
        for (int i = MAX (y - FURTHEST, 0); i <= MIN (y + FURTHEST, height - 1); i++)
          for (int j = MAX (x - FURTHEST, 0); j <= MIN (x + FURTHEST, width - 1); j++)
            {
              guint8 *to = d + (gsize) i * width + j;

              *to = MIN (*to, far[ABS (i - y)][ABS (j - x)]);
            }
      }
  return d;
}

/* The mean of a plane around (x, y) over the pixels at a distance of low..high from the target. */
static gboolean
mean_around (const float *plane, const HlMaps *maps, const guint8 *distance, gsize at, int low,
             int high, double *mean)
{
  int    width = maps->width, height = maps->height;
  int    x = at % width, y = at / width, n = 0, reach = RIM + REACH;
  double sum = 0;

  for (int i = MAX (y - reach, 0); i <= MIN (y + reach, height - 1); i++)
    for (int j = MAX (x - reach, 0); j <= MIN (x + reach, width - 1); j++)
      {
        gsize p = (gsize) i * width + j;

        if (distance[p] >= low && distance[p] <= high && (low == 0 || maps->source[p] > 0))
          {
            sum += plane[p];
            n++;
          }
      }
  *mean = n ? sum / n : 0;
  return n > 0;
}

/* Whether the pixels at a distance of @ring from the target hold some of the damage within it. */
static gboolean
is_damaged (const HlImage *image, const HlMaps *maps, const guint8 *distance, int ring,
            GCancellable *cancel)
{
  int    width  = image->width;
  gsize  pixels = (gsize) width * image->height, n = 0;
  double both = 0, square = 0, mean_squared = 0, mean_square = 0;

  for (int c = 0; c < image->channels; c++)
    {
      const float *plane = image->planes + c * pixels;
      double       sum   = 0;
      gsize        seen  = 0;

      for (gsize i = 0; i < pixels; i++)
        {
          double damage, sound, difference;

          if (i % width == 0 && g_cancellable_is_cancelled (cancel))
            return FALSE;
          if (distance[i] != ring || maps->source[i] <= 0
              || !mean_around (plane, maps, distance, i, 0, 0, &damage)
              || !mean_around (plane, maps, distance, i, RIM + 1, RIM + REACH, &sound))
            continue;
          difference = damage - sound;
          if (!isfinite (difference))
            continue;
          sum += difference;
          mean_square += difference * difference;
          seen++;
          if (fabs (difference) <= CONTRAST)
            continue;
          both += (plane[i] - sound) * difference;
          square += difference * difference;
          n++;
        }
      mean_squared += seen ? sum * sum / seen : 0;
    }
  return n >= FEWEST && both > (ring > 1 ? DAMAGED_ON : DAMAGED) * square
         && mean_squared > SYSTEMATIC * mean_square;
}

/**
 * hl_rim_find:
 * @image: (C, H, W), the photograph
 * @maps: of it; a rim that is damaged too goes from the source to the target
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * Finds out whether the damage goes on outside of a mask that was drawn too tight.  Along
 * each ring around the target, a share a of damage turns a sound value b into b + a (d - b),
 * with d the damage within the target and b the mean of what lies further out; a is found by
 * least squares over all pixels of the ring.  In a sound ring it is near 0, as pictures do
 * not know which way the damage differs from them.  What is masked without being damaged does
 * go on into the ring, as all pictures do; it is told by differing from its surroundings in all
 * directions.
 *
 * Returns: how many pixels of rim around the target are damaged, 0..3; 0 too where there is not
 * the memory to find out
 */
int
hl_rim_find (const HlImage *image, HlMaps *maps, GCancellable *cancel)
{
  int                damaged  = 0;
  gsize              pixels   = (gsize) image->width * image->height;
  g_autofree guint8 *distance = measure_distance (maps);

  for (int ring = 1; distance && ring <= RIM && damaged == ring - 1; ring++)
    if (is_damaged (image, maps, distance, ring, cancel))
      damaged = ring;
  for (gsize i = 0; damaged > 0 && i < pixels; i++)
    if (distance[i] > 0 && distance[i] <= damaged && maps->source[i] > 0)
      {
        maps->source[i] = 0;
        maps->target[i] = 1;
      }
  return damaged;
}

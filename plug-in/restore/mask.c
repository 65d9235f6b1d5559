/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What masks mean as people draw them: how much of a soft one is damage; and what may be wrong
 * with one: too tight, which can be told, and helped by widening it. */
#include "restore/mask.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"

/* Of the most that a patch of the mask has anywhere, what a pixel of it needs to count as
 * damaged.  A selection feathered by GIMP has half at the line that was drawn, and all around
 * that a wide margin of little, which is sound for the most part: to repair that margin too
 * would make a thin hole wide. */
#define SHARE 0.25f

/* Pixels outside of the mask that are looked at, and how far beyond them sound ones are
 * sought. */
#define RIM 3
#define REACH 3

/* Share of the damage in a rim from which it is not trusted. */
#define SPOILT 0.15

/* Of white: damage that differs less from its surroundings tells nothing. */
#define CONTRAST 0.05

/* Of the mean square by which the damage differs from its surroundings, what the square of the
 * mean must be.  Scratches are light nearly everywhere, or dark; where a mask lies over what is
 * sound, it is now lighter and now darker than around it, and this stays below a fifth. */
#define SYSTEMATIC 0.25

/* Pixels of a rim to judge by at least. */
#define FEWEST 20

/* Lays @value into all pixels within @radius of (x, y), where it is more than what is there. */
static void
stamp (float *mask, int width, int height, int x, int y, int radius, float value)
{
  for (int i = MAX (y - radius, 0); i <= MIN (y + radius, height - 1); i++)
    {
      int reach = sqrt (radius * radius - (i - y) * (i - y));

      for (int j = MAX (x - reach, 0); j <= MIN (x + reach, width - 1); j++)
        mask[(gsize) i * width + j] = fmaxf (mask[(gsize) i * width + j], value);
    }
}

/* Whether pixel @i of a plane borders on one where @mask is 0. */
static gboolean
is_edge (const float *mask, int width, int height, gsize i)
{
  int x = i % width, y = i / width;

  return (x > 0 && mask[i - 1] <= 0) || (x + 1 < width && mask[i + 1] <= 0)
         || (y > 0 && mask[i - width] <= 0) || (y + 1 < height && mask[i + width] <= 0);
}

/**
 * hl_mask_grow:
 * @mask: (H, W), 0..1; widened
 * @width: W
 * @height: H
 * @radius: pixels, 0..%HL_MASK_MOST_GROWTH
 * @error: %HL_ERROR_MEMORY
 *
 * Widens what the mask marks by a disc.
 *
 * Returns: whether there was memory enough; if not, the mask is as it was
 */
gboolean
hl_mask_grow (float *mask, int width, int height, int radius, GError **error)
{
  gsize             pixels = (gsize) width * height;
  g_autofree float *before = NULL;

  if (radius <= 0)
    return TRUE;
  before = g_try_new (float, pixels);
  if (!before)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  memcpy (before, mask, pixels * sizeof (float));
  for (gsize i = 0; i < pixels; i++)
    if (before[i] > 0 && is_edge (before, width, height, i))
      stamp (mask, width, height, i % width, i / width, radius, before[i]);
  return TRUE;
}

/**
 * hl_mask_find_hole:
 * @mask: (H, W), 0..1, how far each pixel is to be replaced
 * @width: W
 * @height: H
 * @hole: (H, W), set to 1 where a pixel must not be learnt from, else to 0
 *
 * A soft mask says how old and new are mixed, and not how far what is there may be believed: a
 * scratch that is selected by a half is as wrong as one that is selected wholly.  So what is
 * repaired is all that has at least a quarter of the most in its patch of touching pixels; the
 * weak margin of a feathered selection is left as evidence.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_mask_find_hole (const float *mask, int width, int height, guint8 *hole)
{
  enum
  {
    UNSEEN = 2
  };
  gsize             pixels = (gsize) width * height, marked = 0;
  g_autofree gsize *patch = NULL;

  for (gsize i = 0; i < pixels; i++)
    {
      hole[i] = mask[i] > 0 ? UNSEEN : 0;
      marked += mask[i] > 0;
    }
  patch = g_try_new (gsize, marked + 1);
  for (gsize i = 0; patch && i < pixels; i++)
    {
      gsize n    = 0;
      float most = 0;

      if (hole[i] != UNSEEN)
        continue;
      hole[i]    = 1;
      patch[n++] = i;
      for (gsize k = 0; k < n; k++)
        {
          int x = patch[k] % width, y = patch[k] / width;

          most = fmaxf (most, fminf (mask[patch[k]], 1));
          for (int r = MAX (y - 1, 0); r <= MIN (y + 1, height - 1); r++)
            for (int c = MAX (x - 1, 0); c <= MIN (x + 1, width - 1); c++)
              if (hole[(gsize) r * width + c] == UNSEEN)
                {
                  hole[(gsize) r * width + c] = 1;
                  patch[n++]                  = (gsize) r * width + c;
                }
        }
      for (gsize k = 0; k < n; k++)
        hole[patch[k]] = mask[patch[k]] >= SHARE * most;
    }
  return patch != NULL;
}

/**
 * hl_mask_find_depth:
 * @hole: (H, W), 1 in a hole, else 0
 * @width: pixels
 * @height: pixels
 * @depth: (H, W), set to the steps of a king on a chessboard to the nearest pixel that is not in
 *   a hole, at most 255
 */
void
hl_mask_find_depth (const guint8 *hole, int width, int height, guint8 *depth)
{
  gint64 pixels = (gint64) width * height;

  for (gint64 i = 0; i < pixels; i++)
    depth[i] = hole[i] ? 255 : 0;
  /* Forward, then backward over the picture. */
  for (int pass = 0; pass < 2; pass++)
    for (gint64 k = 0; k < pixels; k++)
      {
        gint64 i     = pass ? pixels - 1 - k : k;
        int    x     = i % width;
        int    least = depth[i];

        for (int dy = -1; dy <= 1; dy++)
          for (int dx = -1; dx <= 1; dx++)
            {
              gint64 at = i + dy * width + dx;

              if (at >= 0 && at < pixels && x + dx >= 0 && x + dx < width)
                least = MIN (least, depth[at] + 1);
            }
        depth[i] = least;
      }
}

/**
 * hl_mask_get_width:
 * @known: (H, W), below 1 in holes
 * @width: W
 * @height: H
 *
 * A straight hole of w pixels across has pixels at 1, 2 … 2, 1 steps from its edges, on
 * average at w / 4 + 1 / 2; the width is told from that.
 *
 * Returns: how wide the holes are on average, pixels; 0 where there are none, or not the
 * memory to find out
 */
double
hl_mask_get_width (const float *known, int width, int height)
{
  gsize              pixels = (gsize) width * height, n = 0;
  g_autofree guint8 *hole = g_try_malloc (pixels), *depth = g_try_malloc (pixels);
  double             sum = 0;

  if (!hole || !depth)
    return 0;
  for (gsize i = 0; i < pixels; i++)
    hole[i] = known[i] < 1;
  hl_mask_find_depth (hole, width, height, depth);
  for (gsize i = 0; i < pixels; i++)
    {
      sum += depth[i];
      n += depth[i] > 0;
    }
  return n ? fmax (4 * sum / n - 2, 1) : 0;
}

/* The distance of each pixel to what is repaired in steps of a king, up to RIM + REACH; 0 within.
 * %NULL without memory. */
static guint8 *
measure_distance (const float *mask, const float *known, int width, int height)
{
  gsize   pixels = (gsize) width * height;
  guint8 *d      = g_try_new (guint8, pixels);

  for (gsize i = 0; d && i < pixels; i++)
    d[i] = mask[i] > 0 && known[i] < 1 ? 0 : G_MAXUINT8;
  for (int step = 1; d && step <= RIM + REACH; step++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          if (d[(gsize) y * width + x] != step - 1)
            continue;
          for (int i = MAX (y - 1, 0); i <= MIN (y + 1, height - 1); i++)
            for (int j = MAX (x - 1, 0); j <= MIN (x + 1, width - 1); j++)
              if (d[(gsize) i * width + j] > step)
                d[(gsize) i * width + j] = step;
        }
  return d;
}

/* The mean of a plane around (x, y) over the pixels at a distance of low..high from the mask. */
static gboolean
mean_around (const float *plane, const float *known, const guint8 *distance, int width, int height,
             gsize at, int low, int high, double *mean)
{
  int    x = at % width, y = at / width, n = 0, reach = RIM + REACH;
  double sum = 0;

  for (int i = MAX (y - reach, 0); i <= MIN (y + reach, height - 1); i++)
    for (int j = MAX (x - reach, 0); j <= MIN (x + reach, width - 1); j++)
      {
        gsize p = (gsize) i * width + j;

        if (distance[p] >= low && distance[p] <= high && (low == 0 || known[p] >= 1))
          {
            sum += plane[p];
            n++;
          }
      }
  *mean = n ? sum / n : 0;
  return n > 0;
}

/* Whether the pixels at a distance of @ring from the mask hold some of the damage within it. */
static gboolean
is_spoilt (const HlImage *image, const float *known, const guint8 *distance, int ring,
           GCancellable *cancel)
{
  int    width = image->width, height = image->height;
  gsize  pixels = (gsize) width * height, n = 0;
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
          if (distance[i] != ring || known[i] < 1
              || !mean_around (plane, known, distance, width, height, i, 0, 0, &damage)
              || !mean_around (plane, known, distance, width, height, i, RIM + 1, RIM + REACH,
                               &sound))
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
  return n >= FEWEST && both > SPOILT * square && mean_squared > SYSTEMATIC * mean_square;
}

/**
 * hl_mask_find_rim:
 * @image: (C, H, W), the photograph
 * @mask: (H, W), above 0 where it is to be mended
 * @known: (H, W), 0 for unknown to 1 for known; set to 0 in a rim that is spoilt
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * Finds out whether the damage goes on outside of a mask that was drawn too tight.  Along
 * each ring around the mask, a share a of damage turns a sound value b into b + a (d - b),
 * with d the damage within the mask and b the mean of what lies further out; a is found by
 * least squares over all pixels of the ring.  In a sound ring it is near 0, as pictures do
 * not know which way the damage differs from them.  What is masked without being damaged does
 * go on into the ring, as all pictures do; it is told by differing from its surroundings in all
 * directions.
 *
 * Returns: how many pixels of rim around the mask are spoilt, 0..3; 0 too where there is not
 * the memory to find out
 */
int
hl_mask_find_rim (const HlImage *image, const float *mask, float *known, GCancellable *cancel)
{
  int                width = image->width, height = image->height, spoilt = 0;
  gsize              pixels   = (gsize) width * height;
  g_autofree guint8 *distance = measure_distance (mask, known, width, height);

  for (int ring = 1; distance && ring <= RIM && spoilt == ring - 1; ring++)
    if (is_spoilt (image, known, distance, ring, cancel))
      spoilt = ring;
  for (gsize i = 0; spoilt > 0 && i < pixels; i++)
    if (distance[i] > 0 && distance[i] <= spoilt)
      known[i] = 0;
  return spoilt;
}

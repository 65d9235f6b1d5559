/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph seen at a whole fraction of its size, row by row: each pixel is the mean of the
 * known ones of its square. The search for damage begins with it: here is decided at which size
 * damage looks as the network has learnt it, and what the network reads is made here, a row at a
 * time, so that no reduced copy of a large scan is kept. */

#include "restore/find/reduced.h"

#include <float.h>
#include <string.h>

#include "restore/softness.h"

/* By its longer side in pixels a scan is looked at as it is up to TINY, reduced from there only if
 * it is very blurred, from SMALL on if it is blurred, and above LARGE in any case. What the network
 * and the judgement of pieces know is damage of a few pixels in photographs of 500 to 1200: of
 * three old prints enlarged twofold the F1 is 0.76, 0.81 and 0.81 at half the size, as it is for
 * the prints, and 0.00, 0.73 and 0.69 as enlarged. Of hairs of 1 to 3 pixels in sharp photographs
 * of 1680 and 2560 it finds 0.73 and 0.87 at half the size and 0.78 and 0.88 at full size. */
#define TINY 700
#define SMALL 1300
#define LARGE 3000
#define MOST 8 /* times, at most */

/* Rows apart that the sharpness is measured on. */
#define STEP 4

/* Of the pixels, those with the strongest gradients tell how sharp the scan is. */
#define STRONGEST 0.02

/* The squared change over four pixels is this many times that over two where half the size holds
 * all that the scan does: 2.2 for a hard edge, 2.5 for a Gaussian blur of 0.5 pixels, 4 for a ramp.
 * Photographs as they are have 1.7 to 2.8, enlarged twofold 2.3 to 3.4 (7 old, 14 new ones). */
#define BLURRED 2.3
#define VERY_BLURRED 2.9

static float
clean (float value)
{
  return value > 0.0f && value <= FLT_MAX ? MIN (value, 1.0f) : 0.0f;
}

/**
 * hl_reduced_init:
 * @reduced: (out): set
 * @image: the photograph, which must outlive it
 * @known: (H, W) (nullable): 0 where a pixel is transparent or not a number, likewise
 * @factor: 1 or more
 */
void
hl_reduced_init (HlReduced *reduced, const HlImage *image, const guint8 *known, int factor)
{
  gsize pixels = (gsize) image->width * image->height, count = 0;

  /* Of most photographs all is known, which saves looking for it pixel by pixel. */
  if (known && !memchr (known, 0, pixels))
    known = NULL;
  *reduced = (HlReduced) { .image = image, .known = known };
  hl_reduced_resize (reduced, factor);
  if (!known)
    return;
  for (gsize i = 0; i < pixels; i++)
    count += known[i] != 0;
  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    {
      const float *plane = image->planes + (image->channels == 1 ? 0 : c) * pixels;
      double       sum   = 0;

      for (gsize i = 0; i < pixels; i++)
        sum += known[i] ? clean (plane[i]) : 0;
      reduced->fallback[c] = count ? sum / count : 0;
    }
}

/**
 * hl_reduced_resize:
 * @reduced: (inout): a photograph at some size
 * @factor: 1 or more
 *
 * Makes it the same at another size.
 */
void
hl_reduced_resize (HlReduced *reduced, int factor)
{
  reduced->factor = factor;
  reduced->width  = (reduced->image->width + factor - 1) / factor;
  reduced->height = (reduced->image->height + factor - 1) / factor;
}

/* The mean of the known pixels of a square. */
static float
mean_of_square (const HlReduced *reduced, int c, int y, int x)
{
  const HlImage *image  = reduced->image;
  gsize          pixels = (gsize) image->width * image->height;
  const float   *plane  = image->planes + (image->channels == 1 ? 0 : c) * pixels;
  int            f      = reduced->factor;
  int            bottom = MIN ((y + 1) * f, image->height), right = MIN ((x + 1) * f, image->width);
  float          sum   = 0;
  int            count = 0;

  for (int j = y * f; j < bottom; j++)
    for (int i = x * f; i < right; i++)
      {
        gsize at = (gsize) j * image->width + i;

        if (reduced->known && !reduced->known[at])
          continue;
        sum += clean (plane[at]);
        count++;
      }
  return count ? sum / count : reduced->fallback[c];
}

/* Adds to @sums what is in @n squares of one row of the photograph, of @factor pixels each. */
static inline void
add_squares (const float *restrict from, int n, int factor, float *restrict sums)
{
  for (int i = 0; i < n; i++)
    for (int k = 0; k < factor; k++)
      sums[i] += clean (from[i * factor + k]);
}

/* The means of @n whole squares, of which all pixels are known. */
static void
read_whole (const HlReduced *reduced, int c, int y, int left, int n, float *row)
{
  const HlImage *image = reduced->image;
  int            f     = reduced->factor;
  const float   *from  = image->planes
                      + (image->channels == 1 ? 0 : c) * (gsize) image->width * image->height
                      + (gsize) y * f * image->width + (gsize) left * f;

  for (int i = 0; i < n; i++)
    row[i] = 0;
  for (int j = 0; j < f; j++, from += image->width)
    if (f == 1)
      add_squares (from, n, 1, row);
    else if (f == 2)
      add_squares (from, n, 2, row);
    else if (f == 4)
      add_squares (from, n, 4, row);
    else
      add_squares (from, n, f, row);
  for (int i = 0; i < n; i++)
    row[i] /= f * f;
}

/**
 * hl_reduced_read:
 * @reduced: a photograph at a smaller size
 * @y: row, 0..height - 1
 * @left: first column, 0..width - 1
 * @n: columns; they end within the picture
 * @row: (n) for each colour: written, 0..1
 */
void
hl_reduced_read (const HlReduced *reduced, int y, int left, int n, float *row[HL_REDUCED_COLOURS])
{
  int f     = reduced->factor;
  int whole = !reduced->known && (y + 1) * f <= reduced->image->height
                  ? CLAMP (reduced->image->width / f - left, 0, n)
                  : 0;

  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    {
      if (whole > 0)
        read_whole (reduced, c, y, left, whole, row[c]);
      for (int i = whole; i < n; i++)
        row[c][i] = mean_of_square (reduced, c, y, left + i);
    }
}

/**
 * hl_reduced_is_known:
 * @reduced: a photograph at a smaller size
 * @y: row
 * @x: column
 *
 * Returns: whether any pixel of the square is known
 */
gboolean
hl_reduced_is_known (const HlReduced *reduced, int y, int x)
{
  const HlImage *image  = reduced->image;
  int            f      = reduced->factor;
  int            bottom = MIN ((y + 1) * f, image->height), right = MIN ((x + 1) * f, image->width);

  for (int j = y * f; reduced->known && j < bottom; j++)
    for (int i = x * f; i < right; i++)
      if (reduced->known[(gsize) j * image->width + i])
        return TRUE;
  return !reduced->known;
}

/* Along rows; 0 where nothing changes. */
static double
measure_softness (const HlReduced *reduced, GCancellable *cancel)
{
  int                    width    = reduced->width;
  g_autofree float      *planes   = g_new (float, 3 * (gsize) width);
  g_autofree HlSoftness *softness = g_new0 (HlSoftness, 1);
  float                 *row[3]   = { planes, planes + width, planes + 2 * (gsize) width };

  for (int y = 0; y < reduced->height && !g_cancellable_is_cancelled (cancel); y += STEP)
    {
      hl_reduced_read (reduced, y, 0, width, row);
      for (int x = 2; x + 2 < width; x++)
        hl_softness_add (softness, row[1][x + 1] - row[1][x - 1], row[1][x + 2] - row[1][x - 2]);
    }
  return hl_softness_get (softness, STRONGEST, 1);
}

static gboolean
is_too_large (const HlReduced *reduced, GCancellable *cancel)
{
  int longer = MAX (reduced->width, reduced->height);

  if (longer <= TINY || longer > LARGE)
    return longer > LARGE;
  return measure_softness (reduced, cancel) >= (longer > SMALL ? BLURRED : VERY_BLURRED);
}

/**
 * hl_reduced_choose:
 * @reduced: (inout): a photograph; its size becomes that at which damage is looked for
 * @cancel: (nullable): once cancelled, the result means nothing
 *
 * A scan of many megapixels is mostly larger than what it shows is sharp. The network has learnt
 * what damage looks like in sharp pictures of moderate size, and at half the size it takes a
 * quarter of the time. By how much the photograph is reduced is 1, 2, 4 or %MOST.
 */
void
hl_reduced_choose (HlReduced *reduced, GCancellable *cancel)
{
  hl_reduced_resize (reduced, 1);
  while (reduced->factor < MOST && is_too_large (reduced, cancel))
    hl_reduced_resize (reduced, 2 * reduced->factor);
}

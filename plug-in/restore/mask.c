/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What masks mean as people draw them: how much of a soft one is damage, how wide it is, and how it
 * is widened. */
#include "restore/mask.h"

#include <math.h>
#include "restore/area.h"
#include "restore/error.h"

/* Of the most that a component of the mask has anywhere, what a pixel of it needs to count as
 * damaged.  Derived: a selection feathered by GIMP has half at the line that was drawn, and all
 * around that a wide margin of little, which is sound for the most part: to repair that margin too
 * would make a thin hole wide.  A quarter is half as much as at the line. */
#define SHARE 0.25f

/* The greatest of a row's values within @half to either side (van Herk, "A Fast Algorithm for Local
 * Minimum and Maximum Filters on Rectangular and Octagonal Kernels", Pattern Recognition Letters
 * 1992): the row is cut into blocks of a window's length, and a window is the end of one block and
 * the beginning of the next.  @begin and @end are scratch buffers of @width. */
static void
dilate_row (const float *from, float *to, float *begin, float *end, int width, int half)
{
  int length = 2 * half + 1;

  for (int x = 0; x < width; x++)
    begin[x] = x % length == 0 ? from[x] : fmaxf (begin[x - 1], from[x]);
  for (int x = width - 1; x >= 0; x--)
    end[x] = x % length == length - 1 || x == width - 1 ? from[x] : fmaxf (end[x + 1], from[x]);
  for (int x = 0; x < width; x++)
    {
      int left = MAX (x - half, 0), right = MIN (x + half, width - 1);

      /* Within one block, the window reaches from its beginning or to its end. */
      to[x] = left / length < right / length ? fmaxf (end[left], begin[right])
              : left % length == 0           ? begin[right]
                                             : end[left];
    }
}

/* How far a disk reaches to either side, @dy rows from its middle. */
static int
get_half (int radius, int dy)
{
  return sqrt (radius * radius - dy * dy);
}

static gboolean
has_half (int radius, int half)
{
  for (int dy = 0; dy <= radius; dy++)
    if (get_half (radius, dy) == half)
      return TRUE;
  return FALSE;
}

/* Raises each pixel of @to to what lies @dy rows further down in @from. */
static void
raise_to (const HlImage *from, HlImage *to, int dy)
{
  gint64 width = to->width, end = MIN (to->height - dy, to->height) * width;

  for (gint64 i = MAX (-dy, 0) * width; i < end; i++)
    to->planes[i] = fmaxf (to->planes[i], from->planes[i + dy * width]);
}

/**
 * hl_mask_grow:
 * @mask: (H, W), 0..1; widened
 * @width: W
 * @height: H
 * @radius: pixels, 0..%HL_MASK_MOST_GROWTH
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Grey dilation by a flat disk: each pixel gets the greatest value within @radius, so that a
 * feathered edge moves outwards as it is.
 *
 * Returns: whether it is widened; if not, the mask is as it was
 */
gboolean
hl_mask_grow (float *mask, int width, int height, int radius, GCancellable *cancel, GError **error)
{
  HlImage all              = hl_plane_view (mask, width, height);
  g_autoptr (HlImage) from = NULL, rows = NULL, to = NULL;
  g_autofree float *scratch = NULL;
  HlRect            rect;

  if (radius <= 0 || !hl_area_find_damage (mask, width, height, &rect))
    return TRUE;
  rect    = hl_rect_grow (rect, radius, width, height);
  from    = hl_image_crop (&all, rect, error);
  rows    = from ? hl_image_copy (from, error) : NULL;
  to      = rows ? hl_image_copy (from, error) : NULL;
  scratch = g_try_new (float, 2 * (gsize) width);
  if (!to)
    return FALSE;
  if (!scratch)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  for (int half = radius; half >= 0; half--)
    {
      if (!has_half (radius, half))
        continue;
      for (int y = 0; y < from->height; y++)
        {
          if (g_cancellable_set_error_if_cancelled (cancel, error))
            return FALSE;
          dilate_row (from->planes + (gsize) y * from->width,
                      rows->planes + (gsize) y * from->width, scratch, scratch + width, from->width,
                      half);
        }
      for (int dy = -radius; dy <= radius; dy++)
        if (get_half (radius, dy) == half)
          raise_to (rows, to, dy);
    }
  hl_image_copy_rect (to, 0, 0, &all, rect);
  return TRUE;
}

/**
 * hl_mask_find_hole:
 * @mask: (H, W), 0..1, how far each pixel is to be replaced
 * @width: W
 * @height: H
 * @hole: (H, W), set to 1 where a pixel must not be learnt from, else to 0
 *
 * A soft mask says how old and new are mixed, and not how sound a pixel is: a scratch that is
 * selected by a half is as damaged as one that is selected wholly.  So what is repaired is all that
 * has at least a quarter of the most in its 8-connected component; the weak margin of a feathered
 * selection is left as a source.
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
  g_autofree gsize *component = NULL;

  for (gsize i = 0; i < pixels; i++)
    {
      hole[i] = mask[i] > 0 ? UNSEEN : 0;
      marked += mask[i] > 0;
    }
  component = g_try_new (gsize, marked + 1);
  for (gsize i = 0; component && i < pixels; i++)
    {
      gsize n    = 0;
      float most = 0;

      if (hole[i] != UNSEEN)
        continue;
      hole[i]        = 1;
      component[n++] = i;
      for (gsize k = 0; k < n; k++)
        {
          int x = component[k] % width, y = component[k] / width;

          most = fmaxf (most, fminf (mask[component[k]], 1));
          for (int r = MAX (y - 1, 0); r <= MIN (y + 1, height - 1); r++)
            for (int c = MAX (x - 1, 0); c <= MIN (x + 1, width - 1); c++)
              if (hole[(gsize) r * width + c] == UNSEEN)
                {
                  hole[(gsize) r * width + c] = 1;
                  component[n++]              = (gsize) r * width + c;
                }
        }
      for (gsize k = 0; k < n; k++)
        hole[component[k]] = mask[component[k]] >= SHARE * most;
    }
  return component != NULL;
}

/**
 * hl_mask_find_depth:
 * @hole: (H, W), 1 in a hole, else 0
 * @width: pixels
 * @height: pixels
 * @depth: (H, W), set to the Chebyshev distance to the nearest pixel that is not in a hole, at
 *   most 255
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

        if (least == 0)
          continue;
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
 * @target: (H, W), above 0 in holes
 * @width: W
 * @height: H
 *
 * A straight hole of w pixels across has pixels at 1, 2 … 2, 1 steps from its edges, on
 * average at w / 4 + 1 / 2; from that follows the width.
 *
 * Returns: how wide the holes are on average, pixels; 0 where there are none, or not the
 * memory to find out
 */
double
hl_mask_get_width (const float *target, int width, int height)
{
  gsize              pixels = (gsize) width * height, n = 0;
  g_autofree guint8 *hole = g_try_malloc (pixels), *depth = g_try_malloc (pixels);
  double             sum = 0;

  if (!hole || !depth)
    return 0;
  for (gsize i = 0; i < pixels; i++)
    hole[i] = target[i] > 0;
  hl_mask_find_depth (hole, width, height, depth);
  for (gsize i = 0; i < pixels; i++)
    {
      sum += depth[i];
      n += depth[i] > 0;
    }
  return n ? fmax (4 * sum / n - 2, 1) : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paper's border around a print: lines along a side of the picture that are each of one
 * colour, as far as something else begins.  Where a corner is torn off, it goes on straight. */
#include "restore/fill/frame.h"

#include <math.h>

/* A line is of one colour where the mean absolute deviation is no more, 0..1, and at least that
 * part of it is known; a border is no deeper than that part of the shorter side.  Chosen on three
 * drawn prints with a border, and seven real ones, most of them without. */
#define UNIFORM 0.035f
#define KNOWN 0.3
#define DEEPEST 0.12

/* How many pixels lie between a pixel and a side. */
static int
get_distance (const HlPatchLevel *level, gsize at, int side)
{
  int x = at % level->width, y = at / level->width;

  return side == 0 ? x : side == 1 ? level->width - 1 - x : side == 2 ? y : level->height - 1 - y;
}

/**
 * hl_frame_get_length:
 * @level: a size of the picture
 * @side: 0 left, 1 right, 2 top, 3 bottom
 *
 * Returns: pixels along that side
 */
int
hl_frame_get_length (const HlPatchLevel *level, int side)
{
  return side < 2 ? level->height : level->width;
}

/**
 * hl_frame_get_pixel:
 * @level: a size of the picture
 * @side: 0 left, 1 right, 2 top, 3 bottom
 * @k: pixels from that side
 * @i: pixels along it
 *
 * Returns: the place y W + x of that pixel
 */
gsize
hl_frame_get_pixel (const HlPatchLevel *level, int side, int k, int i)
{
  int x = side == 0 ? k : side == 1 ? level->width - 1 - k : i;
  int y = side == 2 ? k : side == 3 ? level->height - 1 - k : i;

  return (gsize) y * level->width + x;
}

/* Whether the known part of a line is of one colour. */
static gboolean
is_uniform (const HlPatchLevel *level, const guint8 *valid, int side, int k)
{
  int length = hl_frame_get_length (level, side), n = 0;

  for (int i = 0; i < length; i++)
    n += valid[hl_frame_get_pixel (level, side, k, i)];
  if (n < KNOWN * length)
    return FALSE;
  for (int c = 0; c < level->channels; c++)
    {
      double mean = 0, deviation = 0;

      for (int i = 0; i < length; i++)
        {
          gsize at = hl_frame_get_pixel (level, side, k, i);

          if (valid[at])
            mean += level->values[at * level->features + c] / n;
        }
      for (int i = 0; i < length; i++)
        {
          gsize at = hl_frame_get_pixel (level, side, k, i);

          if (valid[at])
            deviation += fabs (level->values[at * level->features + c] - mean) / n;
        }
      if (deviation > UNIFORM)
        return FALSE;
    }
  return TRUE;
}

/**
 * hl_frame_find:
 * @level: a size of the picture
 * @valid: (H, W), 1 where it shows something outside the hole
 *
 * Returns: the border of the paper
 */
HlFrame
hl_frame_find (const HlPatchLevel *level, const guint8 *valid)
{
  HlFrame frame   = { { 0 } };
  int     deepest = DEEPEST * MIN (level->width, level->height);

  for (int side = 0; side < 4; side++)
    {
      int k = 0;

      while (k <= deepest && is_uniform (level, valid, side, k))
        k++;
      frame.depth[side] = k > deepest ? 0 : k;
    }
  return frame;
}

/**
 * hl_frame_get_side:
 * @frame: the border of a picture
 * @level: that picture
 * @at: a pixel of it
 *
 * Returns: to which side's border the pixel belongs, that of the nearest one; -1 for none
 */
int
hl_frame_get_side (const HlFrame *frame, const HlPatchLevel *level, gsize at)
{
  int best = -1;

  for (int side = 0; side < 4; side++)
    {
      int distance = get_distance (level, at, side);

      if (distance < frame->depth[side] && (best < 0 || distance < get_distance (level, at, best)))
        best = side;
    }
  return best;
}

/**
 * hl_frame_is_at:
 * @frame: the border of a picture
 * @level: that picture
 * @hole: (H, W), 1 where it is to be covered
 * @vertical: whether to look at the left and the right side, or at the others
 *
 * Returns: whether any of that border is to be covered
 */
gboolean
hl_frame_is_at (const HlFrame *frame, const HlPatchLevel *level, const guint8 *hole,
                gboolean vertical)
{
  for (gsize i = 0; i < (gsize) level->width * level->height; i++)
    {
      int side = hole[i] ? hl_frame_get_side (frame, level, i) : -1;

      if (side >= 0 && (side < 2) == vertical)
        return TRUE;
    }
  return FALSE;
}

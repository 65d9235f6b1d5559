/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The top-hat of a plane (J. Serra, Image Analysis and Mathematical Morphology, 1982,
 * chapter XII): what an opening takes away, for marks.c. The opening is an erosion and a
 * dilation by an octagon, which is near enough to a disc that lines of all directions are
 * treated alike, and is made of small steps: squares and crosses by turns. */

#include "restore/find/tophat.h"

#include <string.h>

/* One erosion of @plane by 3 × 3 pixels, or by the cross in them. @room is for three rows. */
static void
erode (float *plane, int width, int height, gboolean cross, float *room)
{
  float *above = room, *here = room + width, *lowest = room + 2 * (gsize) width;

  memcpy (above, plane, sizeof (float) * width);
  for (int y = 0; y < height; y++)
    {
      float       *row   = plane + (gsize) y * width;
      const float *below = y + 1 < height ? row + width : row;
      const float *side  = cross ? here : lowest;
      float       *swap;

      memcpy (here, row, sizeof (float) * width);
      for (int x = 0; x < width; x++)
        lowest[x] = MIN (MIN (above[x], here[x]), below[x]);
      row[0] = MIN (lowest[0], side[MIN (1, width - 1)]);
      for (int x = 1; x + 1 < width; x++)
        row[x] = MIN (MIN (side[x - 1], side[x + 1]), lowest[x]);
      if (width > 1)
        row[width - 1] = MIN (lowest[width - 1], side[width - 2]);
      swap  = above;
      above = here;
      here  = swap;
    }
}

/**
 * hl_top_hat:
 * @values: (H, W), row-major: a plane
 * @tops: (H, W), row-major: overwritten with how far each value rises above the opening, >= 0
 * @width: W
 * @height: H
 * @radius: of the octagon, pixels, >= 0
 * @room: (3, W): overwritten
 * @cancel: (nullable): once cancelled, it ends soon, and @tops is worth nothing
 *
 * Leaves of a plane what is brighter than its surroundings and narrower than 2 @radius + 1
 * pixels. Beyond the border there is nothing.
 */
void
hl_top_hat (const float *values, float *tops, int width, int height, int radius, float *room,
            GCancellable *cancel)
{
  gsize size = (gsize) width * height;

  memcpy (tops, values, sizeof (float) * size);
  /* The second turn dilates: it erodes the negative. */
  for (int turn = 0; turn < 2; turn++)
    {
      for (int step = 0; step < radius && !g_cancellable_is_cancelled (cancel); step++)
        erode (tops, width, height, step % 2, room);
      for (gsize i = 0; i < size; i++)
        tops[i] = -tops[i];
    }
  for (gsize i = 0; i < size; i++)
    tops[i] = MAX (values[i] - tops[i], 0.0f);
}

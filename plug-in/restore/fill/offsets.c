/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the picture repeats itself: the most frequent offsets between what is alike.  A wall of
 * bricks has a few of them, and whatever continues the wall lies that far away.
 *
 * He and Sun, "Statistics of Patch Offsets for Image Completion" (ECCV 2012), section 3.1. */
#include "restore/fill/offsets.h"

#include <string.h>

#include "restore/fill/taps.h"

/* The histogram is smoothed with a standard deviation of sqrt (2). */
#define PASSES 4

typedef struct
{
  float count;
  int   at;
} Peak;

/* Keeps the @most most frequent, the first ones first; of equals the one that was there before. */
static int
insert (Peak *peaks, int n, int most, Peak peak)
{
  int i = n;

  while (i > 0 && peaks[i - 1].count < peak.count)
    i--;
  if (i >= most)
    return n;
  n = MIN (n + 1, most);
  memmove (peaks + i + 1, peaks + i, (n - 1 - i) * sizeof (Peak));
  peaks[i] = peak;
  return n;
}

static gboolean
is_peak (const float *counts, int x, int y, int W, int H, int spacing)
{
  float here = counts[(gsize) y * W + x];

  for (int v = MAX (y - spacing, 0); v <= MIN (y + spacing, H - 1); v++)
    for (int u = MAX (x - spacing, 0); u <= MIN (x + spacing, W - 1); u++)
      {
        float there = counts[(gsize) v * W + u];

        if (there > here || (there == here && (v < y || (v == y && u < x))))
          return FALSE;
      }
  return TRUE;
}

/**
 * hl_offsets_find:
 * @shift: (H, W, 2), by how many columns and rows the most similar patch is away, less than W and H
 * @which: (H, W), 1 for the pixels that count
 * @width: W
 * @height: H
 * @spacing: pixels that two of the offsets found are apart at least
 * @most: how many to find at most
 * @offset: (most, 2), is set to columns and rows, the most frequent first
 *
 * Returns: how many there are, or -1 where memory does not suffice
 */
int
hl_offsets_find (const gint32 *shift, const guint8 *which, int width, int height, int spacing,
                 int most, gint32 *offset)
{
  int               W = 2 * width + 1, H = 2 * height + 1, found = 0;
  g_autofree float *counts = g_try_new0 (float, (gsize) W *H);
  g_autofree Peak  *peaks  = g_try_new (Peak, most + 1);

  if (!counts || !peaks)
    return -1;
  for (gsize i = 0; i < (gsize) width * height; i++)
    if (which[i])
      counts[(gsize) (shift[2 * i + 1] + height) * W + shift[2 * i] + width]++;
  hl_taps_smooth (counts, W, H, 1, PASSES);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        Peak peak = { counts[(gsize) y * W + x], y * W + x };

        if (peak.count > 0 && is_peak (counts, x, y, W, H, spacing))
          found = insert (peaks, found, most, peak);
      }
  for (int k = 0; k < found; k++)
    {
      int at = peaks[k].at;

      offset[2 * k]     = at % W - width;
      offset[2 * k + 1] = at / W - height;
    }
  return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nearest sound patch for each patch that reaches into a hole; a part of patch_level.c, which
 * paints with what is found.
 *
 * PatchMatch: Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: A Randomized Correspondence
 * Algorithm" (SIGGRAPH 2009): propagation from the neighbours, and random search at shrinking
 * distances. */
#include "restore/patches/patch_level.h"

/* Tries to draw a sound patch before the first one is taken. */
#define DRAWS 1000

/* Pixels between two looks at whether somebody has cancelled. */
#define PATIENCE 4096

/* The mean squared difference of the patches around (@x, @y), as far as it lies within the
 * picture and @seen, and (@u, @v), which is sound; stops early and returns @most
 * or more once it cannot be less. */
static float
compare (const HlPatchLevel *level, int x, int y, int u, int v, const guint8 *seen, float most)
{
  int   left = MAX (-HL_PATCH_RADIUS, -x), right = MIN (HL_PATCH_RADIUS, level->width - 1 - x);
  int   top = MAX (-HL_PATCH_RADIUS, -y), bottom = MIN (HL_PATCH_RADIUS, level->height - 1 - y);
  int   F = level->features, n = 0, run = (right - left + 1) * F;
  int   all     = (right - left + 1) * (bottom - top + 1);
  float lane[8] = { 0 }, sum = 0;

  for (int j = top; j <= bottom; j++)
    {
      gsize        to = (gsize) (y + j) * level->width + x + left;
      const float *a  = level->values + to * F;
      const float *b  = level->values + ((gsize) (v + j) * level->width + u + left) * F;
      int          k  = 0;

      if (seen)
        {
          for (int i = 0; i <= right - left; i++)
            if (seen[to + i])
              {
                for (int f = i * F; f < (i + 1) * F; f++)
                  sum += (a[f] - b[f]) * (a[f] - b[f]);
                n++;
              }
          continue;
        }
      for (; k + 8 <= run; k += 8)
        for (int l = 0; l < 8; l++)
          lane[l] += (a[k + l] - b[k + l]) * (a[k + l] - b[k + l]);
      for (; k < run; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
      n += right - left + 1;
      if (((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]))
              + sum
          >= most * all)
        return most;
    }
  for (int l = 0; l < 8; l++)
    sum += lane[l];
  return n > 0 ? sum / n : most;
}

/* Takes the sound patch @dx columns and @dy rows away if it is more similar. */
static void
try_shift (HlPatchLevel *level, gsize at, int dx, int dy, const guint8 *seen)
{
  int   x = at % level->width, y = at / level->width, u = x + dx, v = y + dy;
  float cost;

  if (u < 0 || u >= level->width || v < 0 || v >= level->height
      || MAX (ABS (dx), ABS (dy)) < level->least_shift
      || !level->sound[(gsize) v * level->width + u])
    return;
  cost = compare (level, x, y, u, v, seen, level->cost[at]);
  if (cost < level->cost[at])
    {
      level->cost[at]          = cost;
      level->shift[2 * at]     = dx;
      level->shift[2 * at + 1] = dy;
    }
}

/**
 * hl_patch_level_draw:
 * @level: that hl_patch_level_prepare() found to have a sound patch
 * @at: a pixel
 * @rng: for the draw
 *
 * Gives a pixel any sound patch, and @cost what that differs by, so that it votes no more than it
 * should.
 */
void
hl_patch_level_draw (HlPatchLevel *level, gsize at, GRand *rng)
{
  gsize pixels = (gsize) level->width * level->height, sound = 0;
  int   draws = 0;

  do
    sound = g_rand_int_range (rng, 0, pixels);
  while (!level->sound[sound] && ++draws < DRAWS);
  for (gsize i = 0; i < pixels && !level->sound[sound]; i++)
    sound = i;
  level->shift[2 * at]     = (int) (sound % level->width) - (int) (at % level->width);
  level->shift[2 * at + 1] = (int) (sound / level->width) - (int) (at / level->width);
  level->cost[at] = compare (level, at % level->width, at / level->width, sound % level->width,
                             sound / level->width, NULL, G_MAXFLOAT);
}

/**
 * hl_patch_level_search:
 * @level: whose @shift is set where @which is
 * @which: (H, W), 1 for the pixels whose patches are looked for
 * @seen: (nullable): (H, W), 1 for what counts of those patches; %NULL for all
 * @passes: over the picture
 * @rng: for the random tries
 * @cancel: (nullable): once cancelled, it ends soon, and the shifts are unusable
 *
 * Improves @shift and sets @cost.
 */
void
hl_patch_level_search (HlPatchLevel *level, const guint8 *which, const guint8 *seen, int passes,
                       GRand *rng, GCancellable *cancel)
{
  int   W      = level->width;
  gsize pixels = (gsize) W * level->height;

  for (gsize i = 0; i < pixels; i++)
    if (i % PATIENCE == 0 && g_cancellable_is_cancelled (cancel))
      return;
    else if (which[i])
      level->cost[i] = compare (level, i % W, i / W, i % W + level->shift[2 * i],
                                i / W + level->shift[2 * i + 1], seen, G_MAXFLOAT);
  for (int pass = 0; pass < passes; pass++)
    for (gsize k = 0; k < pixels; k++)
      {
        gsize i    = pass % 2 ? pixels - 1 - k : k;
        int   back = pass % 2 ? 1 : -1, x = i % W, y = i / W;
        gsize side = i + back, above = i + back * (gsize) W;

        if (k % PATIENCE == 0 && g_cancellable_is_cancelled (cancel))
          return;
        if (!which[i])
          continue;
        if (x + back >= 0 && x + back < W && which[side])
          try_shift (level, i, level->shift[2 * side], level->shift[2 * side + 1], seen);
        if (y + back >= 0 && y + back < level->height && which[above])
          try_shift (level, i, level->shift[2 * above], level->shift[2 * above + 1], seen);
        for (int reach = MAX (W, level->height); reach >= 1; reach /= 2)
          try_shift (level, i, level->shift[2 * i] + g_rand_int_range (rng, -reach, reach + 1),
                     level->shift[2 * i + 1] + g_rand_int_range (rng, -reach, reach + 1), seen);
      }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One size of a picture whose holes are painted with patches of its sound parts: which sound
 * patch is most like each patch that reaches into a hole, and what they say together.
 *
 * Similar patches are found by PatchMatch: Barnes, Shechtman, Finkelstein and Goldman,
 * "PatchMatch: A Randomized Correspondence Algorithm" (SIGGRAPH 2009): neighbours mostly have
 * neighbours for their likes, and now and then a random one is better.  What is painted is
 * the weighted mean of all patches over a pixel: Wexler, Shechtman and Irani, "Space-Time
 * Completion of Video" (PAMI 2007), equations 4 and 5. */
#include "restore/patch_level.h"

#include <math.h>
#include <string.h>

#include "restore/mask.h"

/* By how much a vote counts less with every step into the hole. */
#define DEEPER 1.3

/* No vote counts infinitely more than another. */
#define LEAST_COST 1e-6

/* Tries to draw a sound patch before the first one is taken. */
#define DRAWS 1000

/* Pixels between two looks at whether somebody has cancelled. */
#define PATIENCE 4096

/**
 * hl_patch_level_new:
 * @width: pixels
 * @height: pixels
 * @channels: 1 or 3
 *
 * Returns: (transfer full) (nullable): a level of zeros, or %NULL where memory does not suffice
 */
HlPatchLevel *
hl_patch_level_new (int width, int height, int channels)
{
  g_autoptr (HlPatchLevel) level = g_new0 (HlPatchLevel, 1);
  gsize pixels                   = (gsize) width * height;

  level->width    = width;
  level->height   = height;
  level->channels = channels;
  level->features = channels + 2;
  level->values   = g_try_malloc0_n (pixels, level->features * sizeof (float));
  level->hole     = g_try_malloc0 (pixels);
  level->sound    = g_try_malloc0 (pixels);
  level->touched  = g_try_malloc0 (pixels);
  level->depth    = g_try_malloc0 (pixels);
  level->shift    = g_try_malloc0_n (pixels, 2 * sizeof (gint32));
  level->cost     = g_try_malloc0_n (pixels, sizeof (float));
  if (!level->values || !level->hole || !level->sound || !level->touched || !level->depth
      || !level->shift || !level->cost)
    return NULL;
  return g_steal_pointer (&level);
}

/**
 * hl_patch_level_free:
 * @level: (transfer full) (nullable): a level
 */
void
hl_patch_level_free (HlPatchLevel *level)
{
  if (!level)
    return;
  g_free (level->values);
  g_free (level->hole);
  g_free (level->sound);
  g_free (level->touched);
  g_free (level->depth);
  g_free (level->shift);
  g_free (level->cost);
  g_free (level);
}

/* Sets @out where any pixel of the patch around it is set. */
static void
widen (const guint8 *in, guint8 *out, guint8 *room, int width, int height)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 any = 0;

        for (int k = MAX (x - HL_PATCH_RADIUS, 0); k <= MIN (x + HL_PATCH_RADIUS, width - 1); k++)
          any |= in[(gsize) y * width + k];
        room[(gsize) y * width + x] = any;
      }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 any = 0;

        for (int k = MAX (y - HL_PATCH_RADIUS, 0); k <= MIN (y + HL_PATCH_RADIUS, height - 1); k++)
          any |= room[(gsize) k * width + x];
        out[(gsize) y * width + x] = any;
      }
}

/**
 * hl_patch_level_prepare:
 * @level: whose @values and @hole are set
 * @unsound: (H, W), 1 for what must not be copied, beside what is in a hole
 *
 * Finds which patches are sound, which reach into a hole, and how deep each hole is.
 *
 * Returns: whether there is both a hole and a sound patch, and memory to tell
 */
gboolean
hl_patch_level_prepare (HlPatchLevel *level, const guint8 *unsound)
{
  int                W = level->width, H = level->height;
  gsize              pixels = (gsize) W * H;
  g_autofree guint8 *bad = g_try_malloc (pixels), *room = g_try_malloc (pixels);
  gboolean           any_hole = FALSE, any_sound = FALSE;

  if (!bad || !room)
    return FALSE;
  widen (level->hole, level->touched, room, W, H);
  for (gsize i = 0; i < pixels; i++)
    bad[i] = level->hole[i] || unsound[i];
  widen (bad, level->sound, room, W, H);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        gsize    i      = (gsize) y * W + x;
        gboolean inside = x >= HL_PATCH_RADIUS && x < W - HL_PATCH_RADIUS && y >= HL_PATCH_RADIUS
                          && y < H - HL_PATCH_RADIUS;

        level->sound[i] = inside && !level->sound[i];
        any_sound |= level->sound[i];
        any_hole |= level->hole[i];
      }
  hl_mask_find_depth (level->hole, W, H, level->depth);
  return any_hole && any_sound;
}

/**
 * hl_patch_level_get_deepest:
 * @level: after hl_patch_level_prepare()
 *
 * Returns: how many steps from its edge the middle of the largest hole is
 */
int
hl_patch_level_get_deepest (const HlPatchLevel *level)
{
  int deepest = 0;

  for (gsize i = 0; i < (gsize) level->width * level->height; i++)
    deepest = MAX (deepest, level->depth[i]);
  return deepest;
}

/* The mean squared difference of the patches around (@x, @y), as far as it lies within the
 * picture and @seen, and (@u, @v), which is sound; @most or more once it is no longer of
 * interest. */
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
 * @dice: for the draw
 *
 * Gives a pixel any sound patch.
 */
void
hl_patch_level_draw (HlPatchLevel *level, gsize at, GRand *dice)
{
  gsize pixels = (gsize) level->width * level->height, sound = 0;
  int   draws = 0;

  do
    sound = g_rand_int_range (dice, 0, pixels);
  while (!level->sound[sound] && ++draws < DRAWS);
  for (gsize i = 0; i < pixels && !level->sound[sound]; i++)
    sound = i;
  level->shift[2 * at]     = (int) (sound % level->width) - (int) (at % level->width);
  level->shift[2 * at + 1] = (int) (sound / level->width) - (int) (at / level->width);
}

/**
 * hl_patch_level_search:
 * @level: whose @shift is set where @which is
 * @which: (H, W), 1 for the pixels whose patches are looked for
 * @seen: (nullable): (H, W), 1 for what counts of those patches; %NULL for all
 * @passes: over the picture
 * @dice: for the random tries
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * Improves @shift and sets @cost.
 */
void
hl_patch_level_search (HlPatchLevel *level, const guint8 *which, const guint8 *seen, int passes,
                       GRand *dice, GCancellable *cancel)
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
          try_shift (level, i, level->shift[2 * i] + g_rand_int_range (dice, -reach, reach + 1),
                     level->shift[2 * i + 1] + g_rand_int_range (dice, -reach, reach + 1), seen);
      }
}

/**
 * hl_patch_level_get_cost:
 * @level: after hl_patch_level_search()
 * @at: a pixel
 * @votes: (H, W), 1 for the pixels whose patches have a say
 *
 * Returns: the mean squared difference that the patches around @at have to what they are copied
 *   from
 */
float
hl_patch_level_get_cost (const HlPatchLevel *level, gsize at, const guint8 *votes)
{
  int    W = level->width, x = at % W, y = at / W, n = 0;
  double sum = 0;

  for (int v = MAX (y - HL_PATCH_RADIUS, 0); v <= MIN (y + HL_PATCH_RADIUS, level->height - 1); v++)
    for (int u = MAX (x - HL_PATCH_RADIUS, 0); u <= MIN (x + HL_PATCH_RADIUS, W - 1); u++)
      if (votes[(gsize) v * W + u])
        {
          sum += level->cost[(gsize) v * W + u];
          n++;
        }
  return n > 0 ? sum / n : 0;
}

/* What the patches around a pixel say of it, written to @out. */
static void
vote (const HlPatchLevel *level, gsize at, const guint8 *votes, const double *weights, float *out)
{
  int    W = level->width, F = level->features, x = at % W, y = at / W;
  double cost = fmax (hl_patch_level_get_cost (level, at, votes), LEAST_COST);
  double sum = 0, total[5] = { 0 };

  for (int v = MAX (y - HL_PATCH_RADIUS, 0); v <= MIN (y + HL_PATCH_RADIUS, level->height - 1); v++)
    for (int u = MAX (x - HL_PATCH_RADIUS, 0); u <= MIN (x + HL_PATCH_RADIUS, W - 1); u++)
      {
        gsize  q      = (gsize) v * W + u;
        gint64 source = (gint64) at + level->shift[2 * q + 1] * (gint64) W + level->shift[2 * q];
        const float *from = level->values + source * F;
        double       weight;

        if (!votes[q])
          continue;
        weight = exp (-level->cost[q] / (2 * cost)) * weights[level->depth[q]];
        sum += weight;
        for (int f = 0; f < F; f++)
          total[f] += weight * from[f];
      }
  for (int f = 0; f < F; f++)
    out[f] = sum > 0 ? total[f] / sum : level->values[at * F + f];
}

/**
 * hl_patch_level_paint:
 * @level: after hl_patch_level_search()
 * @which: (H, W), 1 for the pixels to paint, all of them in holes
 * @votes: (H, W), 1 for the pixels whose patches have a say
 * @room: (H, W, features), overwritten
 * @cancel: (nullable): once cancelled, it ends soon, and nothing is painted
 */
void
hl_patch_level_paint (HlPatchLevel *level, const guint8 *which, const guint8 *votes, float *room,
                      GCancellable *cancel)
{
  gsize  pixels = (gsize) level->width * level->height, size = level->features;
  double weights[256];

  for (int i = 0; i < 256; i++)
    weights[i] = pow (DEEPER, -i);
  for (gsize i = 0; i < pixels; i++)
    if (i % PATIENCE == 0 && g_cancellable_is_cancelled (cancel))
      return;
    else if (which[i])
      vote (level, i, votes, weights, room + i * size);
  for (gsize i = 0; i < pixels; i++)
    if (which[i])
      memcpy (level->values + i * size, room + i * size, size * sizeof (float));
}

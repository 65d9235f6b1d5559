/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nearest sound patch for each patch that reaches into a hole; a part of patch_level.c, which
 * paints with what is found.
 *
 * PatchMatch: Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: A Randomized Correspondence
 * Algorithm" (SIGGRAPH 2009): propagation from the neighbours, and random search at shrinking
 * distances.
 *
 * Threads share the picture in bands of rows: first every other one, then those between, so that
 * what a band sees of its neighbours, and with it the result, does not depend on the threads. */
#include "restore/patches/patch_level.h"

/* Tries to draw a sound patch before the first one is taken. */
#define DRAWS 1000

/* Rows of a band. */
#define BAND 32

/* One pass over the bands. */
typedef struct
{
  HlPatchLevel *level;
  const guint8 *which, *seen;
  gboolean      costs;    /* whether to find what the shifts cost, or better ones */
  gboolean      backward; /* from the last pixel to the first */
  int           reach;
  int           first; /* band: 0 or 1, of every other one */
  guint32       key;
  GCancellable *cancel;
} Pass;

/* What the pixels in @seen of the patches around (@x, @y) and (@u, @v) differ by: the mean square.
 */
static float
compare_seen (const HlPatchLevel *level, int x, int y, int u, int v, const guint8 *seen)
{
  int   F = level->features, n = 0;
  float sum = 0;

  for (int j = MAX (-HL_PATCH_RADIUS, -y); j <= MIN (HL_PATCH_RADIUS, level->height - 1 - y); j++)
    for (int i = MAX (-HL_PATCH_RADIUS, -x); i <= MIN (HL_PATCH_RADIUS, level->width - 1 - x); i++)
      {
        gsize        to = (gsize) (y + j) * level->width + x + i;
        const float *a  = level->values + to * F;
        const float *b  = level->values + ((gsize) (v + j) * level->width + u + i) * F;

        if (!seen[to])
          continue;
        for (int f = 0; f < F; f++)
          sum += (a[f] - b[f]) * (a[f] - b[f]);
        n++;
      }
  return n > 0 ? sum / n : G_MAXFLOAT;
}

/* The mean squared difference of the patches around (@x, @y), as far as it lies within the
 * picture and @seen, and (@u, @v), which is sound; stops early and returns @most
 * once it cannot be less. */
static float
compare (const HlPatchLevel *level, int x, int y, int u, int v, const guint8 *seen, float most)
{
  int   left = MAX (-HL_PATCH_RADIUS, -x), right = MIN (HL_PATCH_RADIUS, level->width - 1 - x);
  int   top = MAX (-HL_PATCH_RADIUS, -y), bottom = MIN (HL_PATCH_RADIUS, level->height - 1 - y);
  int   F = level->features, all = (right - left + 1) * (bottom - top + 1);
  float limit = most < G_MAXFLOAT ? most * all : G_MAXFLOAT, sum;

  if (seen)
    return compare_seen (level, x, y, u, v, seen);
  sum = level->kernels->distance (level->values + ((gsize) (y + top) * level->width + x + left) * F,
                                  level->values + ((gsize) (v + top) * level->width + u + left) * F,
                                  (gsize) level->width * F, bottom - top + 1,
                                  (right - left + 1) * F, limit);
  return sum >= limit ? most : sum / all;
}

/* Takes the sound patch @dx columns and @dy rows away from (@x, @y) if it is more similar. */
static void
try_shift (const Pass *pass, int x, int y, int dx, int dy)
{
  HlPatchLevel *level = pass->level;
  gsize         at    = (gsize) y * level->width + x;
  int           u = x + dx, v = y + dy;
  float         cost;

  if (u < 0 || u >= level->width || v < 0 || v >= level->height
      || MAX (ABS (dx), ABS (dy)) < level->least_shift
      || !level->sound[(gsize) v * level->width + u])
    return;
  cost = compare (level, x, y, u, v, pass->seen, level->cost[at]);
  if (cost < level->cost[at])
    {
      level->cost[at]          = cost;
      level->shift[2 * at]     = dx;
      level->shift[2 * at + 1] = dy;
    }
}

/* A number of -@reach..@reach, and the next @state: Knuth's linear congruential generator, of which
 * the upper bits are good. */
static int
draw_within (guint64 *state, int reach)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (int) ((*state >> 32) * (2 * (guint64) reach + 1) >> 32) - reach;
}

/* Tries for one pixel what its neighbours found that the pass has been at, and then at random. */
static void
improve (const Pass *pass, int x, int y, guint64 *state)
{
  HlPatchLevel *level = pass->level;
  int           W = level->width, back = pass->backward ? 1 : -1;
  gsize         at = (gsize) y * W + x, side = at + back, above = at + back * (gsize) W;

  if (x + back >= 0 && x + back < W && pass->which[side])
    try_shift (pass, x, y, level->shift[2 * side], level->shift[2 * side + 1]);
  if (y + back >= 0 && y + back < level->height && pass->which[above])
    try_shift (pass, x, y, level->shift[2 * above], level->shift[2 * above + 1]);
  for (int reach = pass->reach; reach >= 1; reach /= 2)
    {
      int dx = level->shift[2 * at] + draw_within (state, reach);
      int dy = level->shift[2 * at + 1] + draw_within (state, reach);

      try_shift (pass, x, y, dx, dy);
    }
}

static void
band_job (int job, int thread, gpointer data)
{
  const Pass   *pass  = data;
  HlPatchLevel *level = pass->level;
  int           W = level->width, top = (2 * job + pass->first) * BAND;
  int           rows  = MIN (BAND, level->height - top);
  guint64       state = ((guint64) pass->key << 32) + top;

  for (int j = 0; j < rows && !g_cancellable_is_cancelled (pass->cancel); j++)
    for (int i = 0; i < W; i++)
      {
        int   y = top + (pass->backward ? rows - 1 - j : j), x = pass->backward ? W - 1 - i : i;
        gsize at = (gsize) y * W + x;

        if (!pass->which[at])
          continue;
        if (pass->costs)
          level->cost[at] = compare (level, x, y, x + level->shift[2 * at],
                                     y + level->shift[2 * at + 1], pass->seen, G_MAXFLOAT);
        else
          improve (pass, x, y, &state);
      }
}

static void
run_pass (Pass *pass, HlPool *pool)
{
  int bands = (pass->level->height + BAND - 1) / BAND;

  for (pass->first = 0; pass->first < 2; pass->first++)
    hl_pool_run (pool, (bands + 1 - pass->first) / 2, band_job, pass);
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
 * @reach: columns and rows from the best patch so far within which others are tried at random, or
 *   0 for the whole picture
 * @rng: for the random tries
 * @pool: threads
 * @cancel: (nullable): once cancelled, it ends soon, and the shifts are unusable
 *
 * Improves @shift and sets @cost, the same for any number of threads.
 */
void
hl_patch_level_search (HlPatchLevel *level, const guint8 *which, const guint8 *seen, int passes,
                       int reach, GRand *rng, HlPool *pool, GCancellable *cancel)
{
  Pass pass = { .level  = level,
                .which  = which,
                .seen   = seen,
                .costs  = TRUE,
                .reach  = reach > 0 ? reach : MAX (level->width, level->height),
                .cancel = cancel };

  run_pass (&pass, pool);
  pass.costs = FALSE;
  for (int i = 0; i < passes; i++)
    {
      pass.backward = i % 2;
      pass.key      = g_rand_int (rng);
      run_pass (&pass, pool);
    }
}

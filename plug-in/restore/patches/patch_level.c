/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One size of a picture whose holes are painted with patches of its sound parts: which patches
 * those are, and what they vote for once patch_search.c has found the nearest one for each patch
 * that reaches into a hole.
 *
 * What is painted is the weighted mean of all patches over a pixel: Wexler, Shechtman and Irani,
 * "Space-Time Completion of Video" (PAMI 2007), equations 4 and 5. */
#include "restore/patches/patch_level.h"

#include <math.h>
#include <string.h>

#include "restore/mask.h"

/* The factor by which a vote counts less with each pixel of depth in the hole: Wexler et al.,
 * equation 6, who take 1.3 too. */
#define DEEPER 1.3

/* Keeps the weights finite where patches are the same to the bit. */
#define LEAST_COST 1e-6

/* Rows that are painted by one job. */
#define BAND 16

typedef struct
{
  const HlPatchLevel *level;
  const guint8       *which, *votes;
  double              weights[256]; /* by depth */
  float              *result;
  GCancellable       *cancel;
} Painting;

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
  level->kernels  = hl_kernels_get ();
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
widen (const guint8 *in, guint8 *out, guint8 *scratch, int width, int height)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 any = 0;

        for (int k = MAX (x - HL_PATCH_RADIUS, 0); k <= MIN (x + HL_PATCH_RADIUS, width - 1); k++)
          any |= in[(gsize) y * width + k];
        scratch[(gsize) y * width + x] = any;
      }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 any = 0;

        for (int k = MAX (y - HL_PATCH_RADIUS, 0); k <= MIN (y + HL_PATCH_RADIUS, height - 1); k++)
          any |= scratch[(gsize) k * width + x];
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
 * Returns: whether there is both a hole and a sound patch, and memory enough to find out
 */
gboolean
hl_patch_level_prepare (HlPatchLevel *level, const guint8 *unsound)
{
  int                W = level->width, H = level->height;
  gsize              pixels = (gsize) W * H;
  g_autofree guint8 *bad = g_try_malloc (pixels), *scratch = g_try_malloc (pixels);
  gboolean           any_hole = FALSE, any_sound = FALSE;

  if (!bad || !scratch)
    return FALSE;
  widen (level->hole, level->touched, scratch, W, H);
  for (gsize i = 0; i < pixels; i++)
    bad[i] = level->hole[i] || unsound[i];
  widen (bad, level->sound, scratch, W, H);
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
 * Returns: the Chebyshev distance from the middle of the largest hole to its edge, pixels
 */
int
hl_patch_level_get_deepest (const HlPatchLevel *level)
{
  int deepest = 0;

  for (gsize i = 0; i < (gsize) level->width * level->height; i++)
    deepest = MAX (deepest, level->depth[i]);
  return deepest;
}

/**
 * hl_patch_level_get_cost:
 * @level: after hl_patch_level_search()
 * @at: a pixel
 * @votes: (H, W), 1 for the pixels whose patches vote
 *
 * Returns: the mean squared difference of the patches around @at from what they are copied from
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

/* Writes to @out the weighted mean of what the patches around a pixel copy to it. */
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

static void
paint_job (int job, int thread, gpointer data)
{
  const Painting *painting = data;
  gsize           W = painting->level->width, size = painting->level->features;
  gsize           end = MIN ((job + 1) * BAND, painting->level->height) * W;

  if (g_cancellable_is_cancelled (painting->cancel))
    return;
  for (gsize i = job * BAND * W; i < end; i++)
    if (painting->which[i])
      vote (painting->level, i, painting->votes, painting->weights, painting->result + i * size);
}

/**
 * hl_patch_level_paint:
 * @level: after hl_patch_level_search()
 * @which: (H, W), 1 for the pixels to paint, all of them in holes
 * @votes: (H, W), 1 for the pixels whose patches vote
 * @scratch: (H, W, features), overwritten
 * @pool: threads
 * @cancel: (nullable): once cancelled, it ends soon, and nothing is painted
 */
void
hl_patch_level_paint (HlPatchLevel *level, const guint8 *which, const guint8 *votes, float *scratch,
                      HlPool *pool, GCancellable *cancel)
{
  gsize    pixels = (gsize) level->width * level->height, size = level->features;
  Painting painting
      = { .level = level, .which = which, .votes = votes, .result = scratch, .cancel = cancel };

  for (int i = 0; i < 256; i++)
    painting.weights[i] = pow (DEEPER, -i);
  hl_pool_run (pool, (level->height + BAND - 1) / BAND, paint_job, &painting);
  if (g_cancellable_is_cancelled (cancel))
    return;
  for (gsize i = 0; i < pixels; i++)
    if (which[i])
      memcpy (level->values + i * size, scratch + i * size, size * sizeof (float));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the coarsest size of a picture to a finer one, its holes are painted with the patches that
 * are most similar to what has been painted already, by turns with the search for those: Wexler,
 * Shechtman and Irani, "Space-Time Completion of Video" (PAMI 2007), section 3. */
#include "restore/patches/patch_paint.h"

/* Iterations of searching and painting, in the coarsest picture and in every finer one; and passes
 * of PatchMatch in each, of which Barnes et al. take four to five. On the way to the full size a
 * finer picture begins with what the coarser one found, where two passes that try no further away
 * than REACH pixels suffice: measured on creases and blotches over four photographs, 0.02 dB below
 * four of all the picture. */
#define COARSEST_ITERATIONS 12
#define ITERATIONS 4
#define PASSES 4
#define NEAR_PASSES 2
#define REACH 16

/* How much longer a pass takes that tries patches from all of the picture, and one of the first
 * fill, which begins with patches at random. Measured on seven old photographs. */
#define FAR_PASS 1.2
#define FIRST_PASS 7.5

/* Fills the coarsest picture layer by layer, from outside inwards: what has not been painted yet is
 * not compared. */
static void
peel (HlPatchPyramid *pyramid, HlPatchLevel *level, const HlProgress *progress)
{
  GCancellable *cancel = progress->cancel;
  int           W = level->width, deepest = hl_patch_level_get_deepest (level);
  gsize         pixels = (gsize) W * level->height;

  for (gsize i = 0; i < pixels; i++)
    {
      pyramid->seen[i] = !level->hole[i];
      if (i % W == 0 && g_cancellable_is_cancelled (cancel))
        return;
      if (level->touched[i])
        hl_patch_level_draw (level, i, pyramid->rng);
    }
  for (int layer = 1; layer <= deepest && !g_cancellable_is_cancelled (cancel); layer++)
    {
      for (gsize i = 0; i < pixels; i++)
        {
          pyramid->which[i] = level->hole[i] && level->depth[i] == layer;
          pyramid->votes[i] = level->touched[i] && level->depth[i] <= layer;
        }
      hl_patch_level_search (level, pyramid->votes, pyramid->seen, 2 * PASSES, 0, pyramid->rng,
                             pyramid->pool, cancel);
      hl_patch_level_paint (level, pyramid->which, pyramid->votes, pyramid->scratch, pyramid->pool,
                            cancel);
      for (gsize i = 0; i < pixels; i++)
        pyramid->seen[i] |= pyramid->which[i];
      hl_progress_report (progress, (double) layer / deepest, 0);
    }
}

/* The shifts of the next coarser picture, doubled, are the first ones of this. */
static void
upsample_shifts (HlPatchPyramid *pyramid, const HlPatchLevel *coarse, HlPatchLevel *level,
                 GCancellable *cancel)
{
  int W = level->width, H = level->height;

  for (gsize i = 0; i < (gsize) W * H; i++)
    {
      int      x = i % W, y = i / W, best = G_MAXINT;
      gboolean found = FALSE;

      if (!level->touched[i])
        continue;
      for (int v = MAX (y / 2 - 1, 0); v <= MIN (y / 2 + 1, coarse->height - 1); v++)
        for (int u = MAX (x / 2 - 1, 0); u <= MIN (x / 2 + 1, coarse->width - 1); u++)
          {
            gsize from = (gsize) v * coarse->width + u;
            int   dx = 2 * coarse->shift[2 * from], dy = 2 * coarse->shift[2 * from + 1];
            int   far = ABS (u - x / 2) + ABS (v - y / 2);

            if (far < best && coarse->touched[from] && x + dx >= 0 && x + dx < W && y + dy >= 0
                && y + dy < H && level->sound[(gsize) (y + dy) * W + x + dx])
              {
                best                    = far;
                found                   = TRUE;
                level->shift[2 * i]     = dx;
                level->shift[2 * i + 1] = dy;
                level->cost[i]          = coarse->cost[from];
              }
          }
      if (!found)
        hl_patch_level_draw (level, i, pyramid->rng);
    }
  hl_patch_level_paint (level, level->hole, level->touched, pyramid->scratch, pyramid->pool,
                        cancel);
}

static gboolean
is_near (const HlPatchPyramid *pyramid, int number, int last)
{
  return number < pyramid->levels - 1 && last == 0;
}

static gsize
count_touched (const HlPatchLevel *level)
{
  gsize touched = 0;

  for (gsize i = 0; i < (gsize) level->width * level->height; i++)
    touched += level->touched[i];
  return touched;
}

/* What an iteration takes in one size, and the first fill of the coarsest: how often the patches of
 * a pixel are searched, far away or near, and painted. */
static double
get_iteration (const HlPatchPyramid *pyramid, int number, int last)
{
  double search = is_near (pyramid, number, last) ? NEAR_PASSES : FAR_PASS * PASSES;

  return count_touched (pyramid->level[number]) * (search + 1);
}

static double
get_peel (const HlPatchLevel *coarsest)
{
  return count_touched (coarsest) * hl_patch_level_get_deepest (coarsest)
         * (2 * PASSES * FIRST_PASS + 1);
}

static int
get_iterations (const HlPatchPyramid *pyramid, int number)
{
  return number == pyramid->levels - 1 ? COARSEST_ITERATIONS : ITERATIONS;
}

/**
 * hl_patch_paint_run:
 * @pyramid: all sizes of the picture
 * @last: the finest that is painted, 0 for the full one
 * @progress: to cancel, to stop and to follow it
 * @complete: (out): whether that one was reached; not where @pyramid has no sizes or it is stopped
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_patch_paint_run (HlPatchPyramid *pyramid, int last, const HlProgress *progress,
                    gboolean *complete, GError **error)
{
  double first = pyramid->levels > 0 ? get_peel (pyramid->level[pyramid->levels - 1]) : 0;
  double whole = first, done = first;

  *complete = FALSE;
  for (int i = last; i < pyramid->levels; i++)
    whole += get_iterations (pyramid, i) * get_iteration (pyramid, i, last);
  for (int i = pyramid->levels - 1; i >= last; i--)
    {
      HlPatchLevel *level    = pyramid->level[i];
      gboolean      coarsest = i == pyramid->levels - 1;
      gboolean      near     = is_near (pyramid, i, last);
      double        once     = get_iteration (pyramid, i, last);
      HlProgress    filling  = hl_progress_part (progress, 0, first / whole);

      if (coarsest)
        peel (pyramid, level, &filling);
      else
        upsample_shifts (pyramid, pyramid->level[i + 1], level, progress->cancel);
      for (int k = 0; k < get_iterations (pyramid, i); k++)
        {
          if (hl_progress_is_cancelled (progress, error))
            return FALSE;
          if (hl_progress_is_stopped (progress) && (i > last || k == 0))
            return TRUE;
          hl_patch_level_search (level, level->touched, NULL, near ? NEAR_PASSES : PASSES,
                                 near ? REACH : 0, pyramid->rng, pyramid->pool, progress->cancel);
          hl_patch_level_paint (level, level->hole, level->touched, pyramid->scratch, pyramid->pool,
                                progress->cancel);
          done += once;
          hl_progress_report (progress, done / whole, 0);
        }
    }
  *complete = pyramid->levels > 0;
  return TRUE;
}

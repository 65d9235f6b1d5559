/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes, painted with patches of the picture's own sound parts.
 *
 * Across a wide hole no edge can be followed, and a denoiser only makes it smooth; but what was
 * there is often like something that the picture shows elsewhere: more of the same wall, the
 * other end of the same edge.  From a coarse picture to the full one every patch that reaches
 * into the hole looks for its most similar sound patch, and the hole is painted with what they
 * say together, by turns: Wexler, Shechtman and Irani, "Space-Time Completion of Video" (PAMI
 * 2007).
 *
 * The more alike the patches are, the more they weigh: the result lies between the picture that was
 * there before and theirs, where the expected squared error is least. */
#include "restore/patches/patches.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/mask.h"
#include "restore/patches/patch_pyramid.h"
#include "restore/lowpass.h"

/* Iterations of searching and painting, in the coarsest picture and in every finer one; and passes
 * of PatchMatch in each, of which Barnes et al. take four to five. */
#define COARSEST_ITERATIONS 12
#define ITERATIONS 4
#define PASSES 4

/* Patches weigh one half where they fit to COST, a mean squared difference, and less where they fit
 * worse: the least squared error over stains and creases that were drawn on photographs. */
#define COST 1.5e-4
#define DOUBT 0.42

/* Chebyshev distance from the edge of a hole up to which patches weigh as they fit, and from which
 * on nothing: deep in a hole any piece of the picture fits, even another face. */
#define NEAR 16
#define FAR 40

/* Fine detail is what a low-pass over so many pixels to each side takes away. */
#define DETAIL 1

/* Fills the coarsest picture layer by layer, from outside inwards: what has not been painted yet is
 * not compared. */
static void
peel (HlPatchPyramid *pyramid, HlPatchLevel *level, GCancellable *cancel)
{
  int   W = level->width, deepest = hl_patch_level_get_deepest (level);
  gsize pixels = (gsize) W * level->height;

  for (gsize i = 0; i < pixels; i++)
    {
      pyramid->seen[i] = !level->hole[i];
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
      hl_patch_level_search (level, pyramid->votes, pyramid->seen, 2 * PASSES, pyramid->rng,
                             cancel);
      hl_patch_level_paint (level, pyramid->which, pyramid->votes, pyramid->scratch, cancel);
      for (gsize i = 0; i < pixels; i++)
        pyramid->seen[i] |= pyramid->which[i];
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
  hl_patch_level_paint (level, level->hole, level->touched, pyramid->scratch, cancel);
}

static HlImage *
get_painted (const HlPatchLevel *level, const HlImage *image, GError **error)
{
  HlImage *painted = hl_image_copy (image, error);
  gsize    pixels  = (gsize) image->width * image->height;

  for (int c = 0; painted && c < image->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      if (level->hole[i])
        painted->planes[c * pixels + i] = level->values[i * level->features + c];
  return painted;
}

/* From what was there towards what the patches vote for: @least, of the least expected error, from
 * @quiet, which has neither grain nor noise; @most with all of their fine detail. */
static void
blend (HlPatchPyramid *pyramid, HlImage *image, const HlImage *painted, const HlImage *quiet,
       double detail)
{
  const HlPatchLevel *level  = pyramid->level[0];
  gsize               pixels = (gsize) image->width * image->height;

  for (int c = 0; c < image->channels; c++)
    {
      float *value = image->planes + c * pixels, *change = pyramid->scratch;
      float *soft = change + pixels, *scratch = soft + pixels;

      for (gsize i = 0; i < pixels; i++)
        soft[i] = change[i] = painted->planes[c * pixels + i] - value[i];
      hl_lowpass (soft, scratch, image->width, image->height, DETAIL);
      for (gsize i = 0; i < pixels; i++)
        if (level->hole[i])
          {
            double cost   = hl_patch_level_get_cost (level, i, level->touched);
            double weight = 1 / (1 + pow (cost / COST, DOUBT));
            double least  = weight * (quiet->planes[c * pixels + i] - value[i]);
            double most   = weight * change[i] + (1 - weight) * (change[i] - soft[i]);
            double trust  = CLAMP ((FAR - level->depth[i]) / (double) (FAR - NEAR), 0, 1);

            value[i] += trust * (least + detail * (most - least));
          }
    }
}

/**
 * hl_patches_find:
 * @target: (H, W), above 0 where a pixel is to be repainted
 * @width: pixels
 * @height: pixels
 * @hole: (H, W), set to 1 where such a pixel lies in a part of a hole that is as
 *   wide as to need patches, else to 0
 *
 * Returns: whether there is any
 */
gboolean
hl_patches_find (const float *target, int width, int height, guint8 *hole)
{
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *reach  = g_try_malloc (pixels);
  gboolean           any    = FALSE;

  if (!reach)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    hole[i] = target[i] > 0;
  hl_mask_find_depth (hole, width, height, reach);
  for (gsize i = 0; i < pixels; i++)
    reach[i] = reach[i] >= HL_PATCHES_DEPTH ? reach[i] : 0;
  /* From the middle of a wide part as far as its edge: forward, then backward. */
  for (int pass = 0; pass < 2; pass++)
    for (gsize k = 0; k < pixels; k++)
      {
        gsize i    = pass ? pixels - 1 - k : k;
        int   back = pass ? 1 : -1, x = i % width, y = i / width;

        if (!hole[i])
          continue;
        if (x + back >= 0 && x + back < width)
          reach[i] = MAX (reach[i], MAX (reach[i + back], 1) - 1);
        for (int dx = -1; dx <= 1; dx++)
          if (y + back >= 0 && y + back < height && x + dx >= 0 && x + dx < width)
            reach[i] = MAX (reach[i], MAX (reach[i + back * (gint64) width + dx], 1) - 1);
      }
  for (gsize i = 0; i < pixels; i++)
    {
      hole[i] = hole[i] && reach[i] > 0;
      any |= hole[i];
    }
  return any;
}

/**
 * hl_patches_run:
 * @image: (C, H, W), 0..1, the holes filled as well as can be; becomes the painted one
 * @source: (H, W), 1 where a pixel may be copied, else 0
 * @hole: (H, W), 1 where to paint
 * @denoiser: of the picture's size
 * @sigma: what it takes for noise, 0..1 of white
 * @detail: how much of the patches' grain and fine detail is taken, 0..1: 1 looks best, 0 has the
 *   least expected squared error
 * @seed: of the random tries
 * @progress: to cancel, to stop and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * When stopped it takes what the patches vote for by then, or leaves @image as it is where they
 * have not reached the full size yet.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_patches_run (HlImage *image, const float *source, const guint8 *hole, HlDenoiser *denoiser,
                double sigma, double detail, guint32 seed, const HlProgress *progress,
                GError **error)
{
  g_auto (HlPatchPyramid) pyramid = { 0 };
  g_autoptr (HlImage) painted = NULL, quiet = NULL;

  if (!hl_patch_pyramid_init (&pyramid, image, source, hole, seed))
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (int i = pyramid.levels - 1; i >= 0; i--)
    {
      HlPatchLevel *level      = pyramid.level[i];
      gboolean      coarsest   = i == pyramid.levels - 1;
      int           iterations = coarsest ? COARSEST_ITERATIONS : ITERATIONS;

      if (coarsest)
        peel (&pyramid, level, progress->cancel);
      else
        upsample_shifts (&pyramid, pyramid.level[i + 1], level, progress->cancel);
      for (int k = 0; k < iterations; k++)
        {
          if (hl_progress_is_cancelled (progress, error))
            return FALSE;
          if (hl_progress_is_stopped (progress) && (i > 0 || k == 0))
            return TRUE;
          hl_patch_level_search (level, level->touched, NULL, PASSES, pyramid.rng,
                                 progress->cancel);
          hl_patch_level_paint (level, level->hole, level->touched, pyramid.scratch,
                                progress->cancel);
          hl_progress_report (
              progress, (pyramid.levels - 1 - i + (k + 1.0) / iterations) / pyramid.levels, 0);
        }
    }
  if (pyramid.levels == 0)
    return TRUE;
  painted = get_painted (pyramid.level[0], image, error);
  quiet   = painted ? hl_image_copy (painted, error) : NULL;
  if (!quiet
      || !hl_denoiser_run (denoiser, painted->planes, image->channels, NULL, sigma, quiet->planes,
                           progress->cancel, error))
    return FALSE;
  blend (&pyramid, image, painted, quiet, detail);
  return TRUE;
}

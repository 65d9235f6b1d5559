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
#include "restore/patches/patch_paint.h"
#include "restore/lowpass.h"

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

/* What the patches take for each pixel that they reach into a hole from, and for each of the
 * picture; and what the denoiser takes for each of the picture then. Measured on seven old
 * photographs, microseconds. */
#define PAINT_TOUCHED 17
#define PAINT 0.3
#define QUIET 1.2

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

/* Of the time, what the patches take; the rest is the denoiser's. */
static double
get_painting_share (const HlPatchPyramid *pyramid)
{
  const HlPatchLevel *level   = pyramid->levels > 0 ? pyramid->level[0] : NULL;
  gsize               pixels  = level ? (gsize) level->width * level->height : 0;
  gsize               touched = 0;
  double              paint;

  for (gsize i = 0; i < pixels; i++)
    touched += level->touched[i];
  paint = PAINT_TOUCHED * (double) touched + PAINT * pixels;
  return pixels > 0 ? paint / (paint + QUIET * pixels) : 1;
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
 * @cancel: (nullable): once cancelled, the result means nothing
 *
 * Returns: whether there is any
 */
gboolean
hl_patches_find (const float *target, int width, int height, guint8 *hole, GCancellable *cancel)
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
  for (int pass = 0; pass < 2 && !g_cancellable_is_cancelled (cancel); pass++)
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
  HlProgress painting = { 0 };
  gboolean   complete;

  if (!hl_patch_pyramid_init (&pyramid, image, source, hole, seed, hl_denoiser_get_pool (denoiser)))
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  painting = hl_progress_part (progress, 0, get_painting_share (&pyramid));
  if (!hl_patch_paint_run (&pyramid, 0, &painting, &complete, error))
    return FALSE;
  if (!complete)
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All sizes of a picture whose holes are painted with patches, down to one where a patch sees
 * across the hole; and the texture that is compared beside the colours: Newson, Almansa, Fradet,
 * Gousseau and Pérez, "Video Inpainting of Complex Scenes" (SIAM J. Imaging Sci. 2014), section
 * 3.3. */
#include "restore/patches/patch_pyramid.h"

#include <math.h>
#include <string.h>

#include "nn/tile.h"

/* Pixels of a side that is worth halving: at half of it, a patch of 9 pixels still has some twenty
 * places across to come from. */
#define SMALLEST 40

/* What the strength of texture weighs beside the colours, and over how many pixels to each side it
 * is averaged: about the radius of a patch. */
#define TEXTURE 0.5f
#define AROUND 3

/* How strongly the picture changes across (@axis 0) or down (1) at a pixel; below 0 where a hole
 * has to do with it. */
static float
get_change (const HlPatchLevel *level, int x, int y, int axis)
{
  int   W = level->width, H = level->height, F = level->features;
  int   u = axis ? x : hl_reflect (x + 1, W), v = axis ? hl_reflect (y + 1, H) : y;
  int   s = axis ? x : hl_reflect (x - 1, W), t = axis ? hl_reflect (y - 1, H) : y;
  gsize a = (gsize) v * W + u, b = (gsize) t * W + s;
  float change = 0;

  if (level->hole[a] || level->hole[b])
    return -1;
  for (int c = 0; c < level->channels; c++)
    change += level->values[a * F + c] - level->values[b * F + c];
  return fabsf (change) / level->channels;
}

/* The last two features: the mean of those changes around each pixel. Within a hole they are
 * whatever is painted there. */
static void
add_texture (HlPatchLevel *level, float *scratch)
{
  int    W = level->width, H = level->height, F = level->features;
  gsize  pixels = (gsize) W * H;
  float *change = scratch, *count = change + pixels, *sum = count + pixels, *among = sum + pixels;

  for (int axis = 0; axis < 2; axis++)
    {
      for (gsize i = 0; i < pixels; i++)
        {
          change[i] = get_change (level, i % W, i / W, axis);
          count[i]  = change[i] >= 0;
          change[i] = fmaxf (change[i], 0);
        }
      for (gsize i = 0; i < pixels; i++)
        {
          sum[i] = among[i] = 0;
          for (int k = -AROUND; k <= AROUND; k++)
            {
              gsize at = i - i % W + hl_reflect ((int) (i % W) + k, W);

              sum[i] += change[at];
              among[i] += count[at];
            }
        }
      for (gsize i = 0; i < pixels; i++)
        {
          float total = 0, n = 0;

          for (int k = -AROUND; k <= AROUND; k++)
            {
              gsize at = (gsize) hl_reflect ((int) (i / W) + k, H) * W + i % W;

              total += sum[at];
              n += among[at];
            }
          level->values[i * F + level->channels + axis] = n > 0 ? TEXTURE * total / n : 0;
        }
    }
}

/* One pixel of half the size, of what is outside the hole where there is any. */
static void
mean_of (const HlPatchLevel *fine, int x, int y, HlPatchLevel *coarse)
{
  static const float kernel[5] = { 1, 4, 6, 4, 1 };
  int                F         = fine->features;
  gsize              to        = (gsize) y * coarse->width + x;
  float              sum[2][5] = { 0 }, weight[2] = { 0 };

  for (int j = MAX (-2, -2 * y); j <= MIN (2, fine->height - 1 - 2 * y); j++)
    for (int i = MAX (-2, -2 * x); i <= MIN (2, fine->width - 1 - 2 * x); i++)
      {
        gsize at   = (gsize) (2 * y + j) * fine->width + 2 * x + i;
        int   hole = fine->hole[at];
        float g    = kernel[i + 2] * kernel[j + 2];

        weight[hole] += g;
        for (int f = 0; f < F; f++)
          sum[hole][f] += g * fine->values[at * F + f];
      }
  coarse->hole[to] = weight[0] < weight[1];
  for (int f = 0; f < F; f++)
    coarse->values[to * F + f] = coarse->hole[to]
                                     ? (sum[0][f] + sum[1][f]) / (weight[0] + weight[1])
                                     : sum[0][f] / weight[0];
}

/* A level of half the size; unsound there is what has anything unsound in it. */
static HlPatchLevel *
halve (const HlPatchLevel *fine, const guint8 *unsound, guint8 *small)
{
  HlPatchLevel *coarse
      = hl_patch_level_new ((fine->width + 1) / 2, (fine->height + 1) / 2, fine->channels);

  if (!coarse)
    return NULL;
  memset (small, 0, (gsize) coarse->width * coarse->height);
  for (int y = 0; y < coarse->height; y++)
    for (int x = 0; x < coarse->width; x++)
      mean_of (fine, x, y, coarse);
  for (int y = 0; y < fine->height; y++)
    for (int x = 0; x < fine->width; x++)
      small[(gsize) (y / 2) * coarse->width + x / 2] |= unsound[(gsize) y * fine->width + x];
  return coarse;
}

/**
 * hl_patch_pyramid_init:
 * @pyramid: zeros; to be cleared also after a failure
 * @image: (C, H, W), 0..1, finite
 * @known: (H, W), 0 for unknown to 1 for known; only what is wholly known is sound
 * @hole: (H, W), 1 where to paint
 * @seed: of the random tries
 * @pool: threads, which must outlive it
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_patch_pyramid_init (HlPatchPyramid *pyramid, const HlImage *image, const float *known,
                       const guint8 *hole, guint32 seed, HlPool *pool)
{
  gsize              pixels  = (gsize) image->width * image->height;
  HlPatchLevel      *level   = hl_patch_level_new (image->width, image->height, image->channels);
  g_autofree guint8 *unsound = g_try_malloc (pixels), *small = g_try_malloc (pixels);

  if (!level)
    return FALSE;
  pyramid->level[0] = level;
  pyramid->rng      = g_rand_new_with_seed (seed);
  pyramid->pool     = pool;
  pyramid->levels   = 1;
  pyramid->seen     = g_try_malloc (pixels);
  pyramid->which    = g_try_malloc (pixels);
  pyramid->votes    = g_try_malloc (pixels);
  pyramid->scratch  = g_try_malloc_n (pixels, HL_PATCH_PYRAMID_PLANES * sizeof (float));
  if (!unsound || !small || !pyramid->seen || !pyramid->which || !pyramid->votes
      || !pyramid->scratch)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      for (int c = 0; c < image->channels; c++)
        level->values[i * level->features + c] = image->planes[c * pixels + i];
      level->hole[i] = hole[i];
      unsound[i]     = known[i] < 1;
    }
  if (!hl_patch_level_prepare (level, unsound))
    {
      pyramid->levels = 0;
      hl_patch_level_free (level);
      return TRUE;
    }
  add_texture (level, pyramid->scratch);
  while (pyramid->levels < HL_PATCH_PYRAMID_MOST_LEVELS
         && hl_patch_level_get_deepest (level) > HL_PATCH_RADIUS
         && MIN (level->width, level->height) >= SMALLEST)
    {
      HlPatchLevel *coarse = halve (level, unsound, small);

      if (!coarse)
        return FALSE;
      memcpy (unsound, small, (gsize) coarse->width * coarse->height);
      if (!hl_patch_level_prepare (coarse, unsound))
        {
          hl_patch_level_free (coarse);
          break;
        }
      pyramid->level[pyramid->levels++] = level = coarse;
    }
  return TRUE;
}

/**
 * hl_patch_pyramid_clear:
 * @pyramid: a pyramid
 *
 * Frees what it has.
 */
void
hl_patch_pyramid_clear (HlPatchPyramid *pyramid)
{
  for (int i = 0; i < pyramid->levels; i++)
    hl_patch_level_free (pyramid->level[i]);
  g_free (pyramid->seen);
  g_free (pyramid->which);
  g_free (pyramid->votes);
  g_free (pyramid->scratch);
  g_clear_pointer (&pyramid->rng, g_rand_free);
}

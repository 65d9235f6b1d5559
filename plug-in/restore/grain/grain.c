/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a photograph's grain is like, from its sound pixels: after the repair, which is
 * smooth where the photograph is not (grain_add.c gives it the grain).
 *
 * Grain is taken for Gaussian noise that is the same everywhere but for its strength, which
 * follows the brightness (film: D. K. Newson, J. Delon, B. Galerne, "A Stochastic Film Grain
 * Model for Resolution-Independent Rendering", Computer Graphics Forum 36(8), 2017; the
 * synthesis from a covariance: B. Galerne, Y. Gousseau, J.-M. Morel, "Random Phase Textures:
 * Theory and Synthesis", IEEE TIP 20(1), 2011). Three things describe it:
 *
 *   its strength at each brightness, from the patches that deviate least from a plane,
 *   its spectrum, from the variogram of those patches,
 *   how much of it the channels share, from the covariance of these patches.
 *
 * Texture must not pass for grain. It is of any strength where grain makes patches alike; it
 * has a direction, which grain has not; it is coarser than grain; and it only ever adds, so
 * that the curve of the strength keeps to the lower values. The thresholds were chosen on
 * some twenty photographs with and without noise. */

#include "restore/grain/grain_spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/error.h"

/* Known pixels without which a patch is not looked at. */
#define FEWEST_PIXELS (HL_GRAIN_PATCH_PIXELS * 3 / 8)

/* More patches cost more and change nothing: of all, and of the flat ones. */
#define ENOUGH_PATCHES 10000
#define ENOUGH_FLAT 1500

/* Of all patches of about the same brightness, those that are flat if any is. */
#define FLAT_SHARE 0.05

/* By how much the variance of a flat patch of noise may exceed the mean: with noise that is
 * correlated over 3 pixels, two standard deviations of it. */
#define FLAT_SPREAD 1.6

/* A brightness at which fewer patches were seen is left to its neighbours. */
#define FEWEST_PATCHES 4

/* Patches that must be alike, over all brightnesses, for there to be grain without doubt; with
 * fewer, its strength is taken in part. */
#define ENOUGH_PATCHES_ALIKE 30

/* The stiffness of the curve of strength over brightness, and the weight of a value that is a tenth
 * above it. */
#define STIFFNESS 10
#define ABOVE 1.1
#define ABOVE_TRUST 0.02

/* Rounding to 8 bits alone makes 0.29 of 255, which is no grain. */
#define FAINTEST (0.4 / 255.0)

typedef struct
{
  int    x, y, level;
  double variance;
} Place;

/* What the patch at @x, @y differs from the plane that fits its known pixels best. */
static gboolean
take_patch (const HlImage *image, const float *known, int x, int y, HlGrainPatch *patch)
{
  gsize        pixels       = (gsize) image->width * image->height;
  const float *from         = image->planes + (gsize) y * image->width + x;
  double       normal[3][3] = { 0 };

  patch->used       = 0;
  patch->brightness = 0;
  for (int i = 0; i < HL_GRAIN_PATCH_PIXELS; i++)
    {
      gsize  at       = (gsize) (i / HL_GRAIN_PATCH) * image->width + i % HL_GRAIN_PATCH;
      double basis[3] = { 1, i % HL_GRAIN_PATCH - 7.5, i / HL_GRAIN_PATCH - 7.5 };

      patch->known[i] = known[(gsize) y * image->width + x + at] >= 1;
      for (int c = 0; c < image->channels; c++)
        patch->known[i] &= isfinite (from[c * pixels + at]) != 0;
      patch->used += patch->known[i];
      for (int j = 0; patch->known[i] && j < 3; j++)
        for (int k = 0; k <= j; k++)
          normal[j][k] += basis[j] * basis[k];
    }
  if (patch->used < FEWEST_PIXELS)
    return FALSE;
  hl_grain_factor (normal);
  for (int c = 0; c < image->channels; c++)
    {
      double plane[3] = { 0 };

      for (int i = 0; i < HL_GRAIN_PATCH_PIXELS; i++)
        if (patch->known[i])
          {
            double value = from[c * pixels + (gsize) (i / HL_GRAIN_PATCH) * image->width
                                + i % HL_GRAIN_PATCH];

            patch->residual[c][i] = value;
            plane[0] += value;
            plane[1] += value * (i % HL_GRAIN_PATCH - 7.5);
            plane[2] += value * (i / HL_GRAIN_PATCH - 7.5);
          }
      patch->brightness += plane[0] / patch->used / image->channels;
      for (int j = 0; j < 3; j++)
        {
          for (int k = 0; k < j; k++)
            plane[j] -= normal[j][k] * plane[k];
          plane[j] /= normal[j][j];
        }
      for (int j = 2; j >= 0; j--)
        {
          for (int k = j + 1; k < 3; k++)
            plane[j] -= normal[k][j] * plane[k];
          plane[j] /= normal[j][j];
        }
      for (int i = 0; i < HL_GRAIN_PATCH_PIXELS; i++)
        patch->residual[c][i] = patch->known[i] ? patch->residual[c][i] - plane[0]
                                                      - plane[1] * (i % HL_GRAIN_PATCH - 7.5)
                                                      - plane[2] * (i / HL_GRAIN_PATCH - 7.5)
                                                : 0;
    }
  return TRUE;
}

/* Of patches all over the picture: where they lie, how bright and how uneven they are, and
 * how many there are. %NULL without memory; some of them once cancelled. */
static Place *
find_patches (const HlImage *image, const float *known, GCancellable *cancel, guint *n)
{
  /* An odd step meets all phases of JPEG's blocks alike. */
  int    step = MAX ((int) sqrt ((double) image->width * image->height / ENOUGH_PATCHES), 4) | 1;
  Place *patches
      = g_try_new (Place, (gsize) (image->width / step + 1) * (image->height / step + 1));
  HlGrainPatch seen;

  *n = 0;
  if (!patches)
    return NULL;
  for (int y = 0; y + HL_GRAIN_PATCH <= image->height && !g_cancellable_is_cancelled (cancel);
       y += step)
    for (int x = 0; x + HL_GRAIN_PATCH <= image->width; x += step)
      if (take_patch (image, known, x, y, &seen))
        {
          Place  patch = { x, y, CLAMP (seen.brightness, 0, 0.999) * HL_GRAIN_LEVELS, 0 };
          double sum   = 0;

          for (int c = 0; c < image->channels; c++)
            for (int i = 0; i < HL_GRAIN_PATCH_PIXELS; i++)
              sum += seen.residual[c][i] * seen.residual[c][i];
          patch.variance  = sum / image->channels / (seen.used - 3);
          patches[(*n)++] = patch;
        }
  return patches;
}

static int
compare_patches (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (p->level != q->level)
    return p->level - q->level;
  if (p->variance != q->variance)
    return p->variance > q->variance ? 1 : -1;
  return p->y != q->y ? p->y - q->y : p->x - q->x;
}

/* The variance of those of @n patches, sorted by it, that hold nothing but grain. It begins
 * with the evenest and takes in what noise of their variance could be as well, no further:
 * where all is texture of any strength, each step would let in more of it. */
static double
find_flat_variance (const Place *patches, guint n, guint *flat)
{
  double variance = patches[(guint) (FLAT_SHARE * n)].variance;

  for (int step = 0; step < 4; step++)
    {
      double sum = 0;

      for (*flat = 0; *flat < n && patches[*flat].variance <= FLAT_SPREAD * variance; ++*flat)
        sum += patches[*flat].variance;
      variance = sum / MAX (*flat, 1);
    }
  return variance;
}

/* Draws a calm curve through @level (levels): the minimum of
 * sum_i weight_i (f_i - level_i)^2 + stiffness sum_i (f_{i+1} - f_i)^2, which is a tridiagonal
 * system. It goes straight over gaps and stays level beyond what was seen. */
static void
draw_curve (const double *level, const double *weight, double stiffness, double *curve)
{
  double diagonal[HL_GRAIN_LEVELS];

  for (int i = 0; i < HL_GRAIN_LEVELS; i++)
    {
      diagonal[i] = weight[i] + stiffness * ((i > 0) + (i + 1 < HL_GRAIN_LEVELS));
      curve[i]    = weight[i] * level[i];
      if (i > 0)
        {
          diagonal[i] -= stiffness * stiffness / diagonal[i - 1];
          curve[i] += stiffness * curve[i - 1] / diagonal[i - 1];
        }
    }
  curve[HL_GRAIN_LEVELS - 1] /= diagonal[HL_GRAIN_LEVELS - 1];
  for (int i = HL_GRAIN_LEVELS - 2; i >= 0; i--)
    curve[i] = (curve[i] + stiffness * curve[i + 1]) / diagonal[i];
}

/* Calms @level (levels). Texture only ever adds, so what lies above the curve says less than
 * what lies below it (least asymmetrically weighted squares: W. K. Newey, J. L. Powell,
 * Econometrica 55(4), 1987). */
static void
calm (double *level, const double *weight)
{
  double curve[HL_GRAIN_LEVELS], trust[HL_GRAIN_LEVELS];

  draw_curve (level, weight, STIFFNESS, curve);
  for (int step = 0; step < 10; step++)
    {
      for (int i = 0; i < HL_GRAIN_LEVELS; i++)
        trust[i] = weight[i] * (level[i] > curve[i] * ABOVE ? ABOVE_TRUST : 1);
      draw_curve (level, trust, STIFFNESS, curve);
    }
  memcpy (level, curve, sizeof (curve));
}

/* Sets @level (levels) to the strength at each brightness, and @trust to the evidence for its being
 * grain, 0..1; FALSE where there is none. */
static gboolean
find_levels (Place *patches, guint n, double *level, double *trust)
{
  double weight[HL_GRAIN_LEVELS] = { 0 };
  double total                   = 0;

  memset (level, 0, sizeof (weight));
  qsort (patches, n, sizeof (Place), compare_patches);
  for (guint first = 0, next; first < n; first = next)
    {
      const Place *patch = &patches[first];
      guint        flat, near;
      double       variance;

      for (next = first; next < n && patches[next].level == patch->level;)
        next++;
      if (next - first < FEWEST_PATCHES)
        continue;
      variance = find_flat_variance (patch, next - first, &flat);
      for (near = flat; near < next - first && patch[near].variance <= 4 * variance;)
        near++;
      level[patch->level] = sqrt (variance);
      /* Grain makes many patches alike; texture is of any strength. */
      weight[patch->level]
          = MIN (flat, 50) * CLAMP (((double) flat / MAX (near, 1) - 0.5) / 0.35, 0.002, 1);
      total += weight[patch->level];
    }
  if (total == 0)
    return FALSE;
  calm (level, weight);
  *trust = MIN (total / ENOUGH_PATCHES_ALIKE, 1);
  return TRUE;
}

/**
 * hl_grain_learn:
 * @grain: (out): what was learnt
 * @image: (C, H, W), the photograph
 * @known: (H, W), row-major: pixels are sound where it is 1; below that and where the
 *   photograph is not finite, nothing is learnt
 * @cancel: (nullable): to give up
 * @error: return location for a #GError
 *
 * Learns the grain from the photograph's flat places.  Grain is known up to a correlation of
 * some four pixels; what is coarser is taken for texture, and so is what little grain can be
 * seen in a picture that is texture all over.  Where there is no patch of 16 x 16 pixels with at
 * least three eighths sound, or no grain beyond the rounding to 8 bits, @grain adds nothing.
 *
 * The time does not grow with the picture: a quarter of a second at most.
 *
 * Returns: %TRUE, or %FALSE with %HL_ERROR_MEMORY or %G_IO_ERROR_CANCELLED, and @grain is
 *   unusable
 */
gboolean
hl_grain_learn (HlGrain *grain, const HlImage *image, const float *known, GCancellable *cancel,
                GError **error)
{
  g_autofree HlGrainPatch *seen    = g_try_new (HlGrainPatch, 1);
  g_autofree HlGrainSums  *sums    = g_try_new0 (HlGrainSums, 1);
  g_autofree Place        *patches = NULL;
  double                   level[HL_GRAIN_LEVELS], trust, strength;
  guint                    n, flat = 0, stride, next = 0;

  memset (grain, 0, sizeof *grain);
  grain->channels = image->channels;
  if (seen && sums)
    patches = find_patches (image, known, cancel, &n);
  if (!patches)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (!find_levels (patches, n, level, &trust))
    return TRUE;

  for (guint i = 0; i < n; i++)
    if (patches[i].variance <= FLAT_SPREAD * level[patches[i].level] * level[patches[i].level])
      patches[flat++] = patches[i];
  stride = flat / ENOUGH_FLAT + 1;
  for (; next < flat; next += stride)
    {
      const Place *patch    = &patches[next];
      double       variance = level[patch->level] * level[patch->level];

      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      if (variance > 0 && take_patch (image, known, patch->x, patch->y, seen))
        hl_grain_sums_add (sums, seen, image->channels, variance);
    }
  if (sums->pixels == 0)
    return TRUE;
  strength = trust * hl_grain_sums_finish (sums, grain);
  for (int i = 0; i < HL_GRAIN_LEVELS; i++)
    grain->level[i] = strength * level[i] < FAINTEST ? 0 : strength * level[i];
  return TRUE;
}

/**
 * hl_grain_get_level:
 * @grain: learnt from a photograph
 * @brightness: mean of the channels, 0..1 of white; beyond, as at the nearer end
 *
 * Returns: standard deviation of the grain at that brightness, root mean square over the
 *   channels, 0..1 of white
 */
double
hl_grain_get_level (const HlGrain *grain, double brightness)
{
  /* Unlike CLAMP(), these two take NaN to 0. */
  double at = fmin (fmax (brightness * HL_GRAIN_LEVELS - 0.5, 0), HL_GRAIN_LEVELS - 1);
  int    i  = MIN ((int) at, HL_GRAIN_LEVELS - 2);

  return grain->level[i] + (at - i) * (grain->level[i + 1] - grain->level[i]);
}

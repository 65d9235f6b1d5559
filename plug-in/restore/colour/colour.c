/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restores faded colours and yellowed paper: the last step of the restoration, as all that was
 * painted is to change like the rest.
 *
 *   small copy, points -> is it gray? -> its tone, or how its dyes have faded -> densities taken
 *   back
 *
 * The estimate is made on a small copy (small_copy.c) and fits a photograph of whatever size, such
 * as the one in a window.  A gray photograph is taken apart into density and tone (toned.c), a
 * colour photograph into what its three dyes have left and a stain (fading.c, dyes.c), to which the
 * points that somebody says are gray count more than all else (points.c); colour_apply.c takes that
 * back.  Only in what the person says is a gray photograph does the stain
 * differ over the sheet: in a colour photograph nothing tells a sheet that has yellowed below from
 * a meadow. */
#include "restore/colour/colour.h"

#include <math.h>
#include <string.h>

#include "restore/colour/dyes.h"
#include "restore/colour/fading.h"
#include "restore/error.h"

/* Between these odds, as logarithms, auto goes from leaving a photograph to restoring it. Judged by
 * networks that had not seen them, 0.8 % of photographs that have not faded, and of parts of such,
 * have odds above 4, and 34 % of those that have faded, little or much; above 6 it is 0.2 and 6 %.
 */
#define NOT_FADED 3.2
#define FADED 5.2

/* So much of a colour photograph's fading is undone where it hardly looks faded, and where it
 * does, unless bare paper or somebody says what is white or gray. With all of it the mean error
 * would be 2 % less, but 7 instead of 5 in 100 would end further from the truth than they were
 * faded, most of them those that look least faded; with a fifth of it that is still 1 in 100, so
 * that it cannot be had for nothing. */
#define LEAST_UNDONE 0.7
#define MOST_UNDONE 0.9
#define LOOKS_SOUND 0.0
#define LOOKS_FADED 4.0

/* Likewise of gray ones: what is lost of the contrast, as a logarithm, and what the paper has got.
 */
#define LOSS_NOT_FADED 0.35
#define LOSS_FADED 0.6
#define STAIN_NOT_FADED 0.1
#define STAIN_FADED 0.2

static double
rise (double from, double to, double x)
{
  double t = CLAMP ((x - from) / (to - from), 0, 1);

  return t * t * (3 - 2 * t);
}

/* The density of each known cell, without the tone and what the sheet has got unevenly. */
static int
list_densities (const HlSmallCopy *reduced, const HlColourFit *fit, float *densities)
{
  gsize             cells = (gsize) reduced->width * reduced->height;
  g_autofree float *waves = g_new (float, HL_TONED_WAVES * reduced->width);
  g_autofree float *red = g_new (float, reduced->width), *blue = g_new (float, reduced->width);
  int               n = 0;

  hl_toned_get_waves (reduced->width, waves);
  for (int y = 0; y < reduced->height; y++)
    {
      hl_toned_get_field (&fit->toned, waves, (y + 0.5) / reduced->height, reduced->width, red,
                          blue);
      for (int x = 0; x < reduced->width; x++)
        {
          gsize        at = (gsize) y * reduced->width + x;
          const float *d  = reduced->planes + at;

          if (!reduced->known[at])
            continue;
          densities[n]
              = reduced->channels == 1 ? d[0] : hl_toned_get_density (d[0], d[cells], d[2 * cells]);
          if (fit->tone != HL_TONE_KEEP)
            densities[n] -= HL_TONED_STAIN * blue[x];
          n++;
        }
    }
  return n;
}

static gboolean
estimate_gray (HlColourFit *fit, const HlSmallCopy *reduced, gboolean automatic, GError **error)
{
  g_autofree float *densities = g_try_new (float, MAX (reduced->n, 1));
  double            faded     = 1;
  HlFading          fading;

  if (!densities)
    {
      hl_error_set_memory (error, reduced->width, reduced->height);
      return FALSE;
    }
  if (!hl_fading_estimate_gray (&fading, densities, list_densities (reduced, fit, densities),
                                error))
    return FALSE;
  if (automatic)
    faded = MAX (rise (LOSS_NOT_FADED, LOSS_FADED, -log (fading.gray[0])),
                 rise (STAIN_NOT_FADED, STAIN_FADED, fading.stain[0]));
  fit->kind = HL_COLOUR_GRAY;
  for (int c = 0; c < 3; c++)
    {
      fit->share[c] = pow (fading.gray[c], faded);
      fit->stain[c] = fading.stain[c] * faded;
    }
  if (reduced->channels == 1 && faded <= 0)
    fit->kind = HL_COLOUR_NONE;
  return TRUE;
}

static gboolean
estimate_dyes (HlColourFit *fit, const HlImage *image, const HlSmallCopy *reduced,
               const float *target, const guint8 *source, const HlColour *settings, GError **error)
{
  HlDyes   dyes = settings->kind == HL_COLOUR_SLIDE ? HL_DYES_SLIDE : HL_DYES_PRINT;
  double   neutral[HL_COLOUR_MOST_POINTS][3];
  guint    n;
  HlFading fading;

  if (!hl_colour_points_look (&settings->neutral, image, target, source, neutral, &n, error))
    return FALSE;
  if (!hl_fading_estimate (&fading, reduced, (const double (*)[3]) neutral, n, error))
    return FALSE;
  if (n == 0 && !reduced->has_paper)
    fit->strength
        *= LEAST_UNDONE
           + (MOST_UNDONE - LEAST_UNDONE) * rise (LOOKS_SOUND, LOOKS_FADED, fading.evidence);
  if (settings->kind == HL_COLOUR_AUTO && n == 0)
    fit->strength *= rise (NOT_FADED, FADED, fading.evidence);
  fit->kind = fit->strength <= 0                  ? HL_COLOUR_NONE
              : settings->kind == HL_COLOUR_SLIDE ? HL_COLOUR_SLIDE
                                                  : HL_COLOUR_PRINT;
  hl_dyes_get_share (dyes, fading.gray, fit->share);
  hl_dyes_get_inverse (dyes, fit->share, fit->matrix);
  memcpy (fit->stain, fading.stain, sizeof fit->stain);
  return TRUE;
}

/**
 * hl_colour_estimate:
 * @fit: (out): what to do
 * @image: (C, H, W), a photograph
 * @target: (nullable): (H, W), not judged by where above 0
 * @source: (nullable): (H, W), not judged by where 0
 * @settings: what is wanted
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_INPUT, and %HL_ERROR_SETTING where a point lies outside the
 *   photograph
 *
 * Takes a few hundredths of a second, however large the photograph.
 *
 * Returns: whether it could be estimated
 */
gboolean
hl_colour_estimate (HlColourFit *fit, const HlImage *image, const float *target,
                    const guint8 *source, const HlColour *settings, GError **error)
{
  g_autoptr (HlSmallCopy) reduced = NULL;

  *fit = (HlColourFit) { .tone        = settings->tone,
                         .strength    = settings->strength,
                         .noise_level = settings->noise_level };
  if (settings->kind == HL_COLOUR_NONE || settings->strength <= 0)
    return TRUE;
  reduced = hl_small_copy_new (image, target, source, error);
  if (!reduced)
    return FALSE;
  if (image->channels == 1)
    return estimate_gray (fit, reduced, settings->kind == HL_COLOUR_AUTO, error);
  if (settings->kind == HL_COLOUR_GRAY
      || (settings->kind == HL_COLOUR_AUTO && settings->neutral.n == 0))
    {
      if (!hl_toned_estimate (&fit->toned, reduced, error))
        return FALSE;
      if (settings->kind == HL_COLOUR_GRAY || hl_toned_is_gray (&fit->toned))
        return estimate_gray (fit, reduced, settings->kind == HL_COLOUR_AUTO, error);
    }
  return estimate_dyes (fit, image, reduced, target, source, settings, error);
}

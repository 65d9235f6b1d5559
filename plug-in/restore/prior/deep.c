/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep prior: the learned denoiser, fitted to this one photograph.
 *
 * "Deep Image Prior" (Ulyanov, Vedaldi and Lempitsky, CVPR 2018) fits a network to the known
 * pixels of one picture and begins with random weights, so that it spends minutes on learning
 * what all pictures have in common.  Here it begins with the denoiser's weights, which know
 * that, and its result, and learns what is this photograph's own: its weaves, its foliage, its
 * lettering (nn/tuner.c).
 *
 * Sound places are treated as damage, in the damage's own shapes (holdout.c), and the learned prior
 * fills them as if they were. From what it makes of them the network learns to bring them back to
 * what they truly are; the same pass then goes over the damage.  Weights that were fitted to remove
 * noise, or within the splitting, and then used in all of its steps are worse: what they add comes
 * again and again.  A fourth of those places is not learnt from and says whether that is better.
 * When it gets no better, fitting ends; when it never did, the learned result stays.  Stopping
 * ends the fit; what it has gained by then is used as ever. */
#include "restore/prior/deep.h"

#include <math.h>
#include <string.h>

#include "nn/denoiser.h"
#include "nn/tuner.h"
#include "restore/prior/holdout.h"

/* Of Adam. */
#define RATE 3e-4f

/* What the network is told of how far the learned result is off, 0..1 of white; that it begins
 * with. With 10 of 255 it learns about as much. */
#define SIGMA (4 / 255.0f)

/* The pass goes over the picture and its three mirror images, and the mean of them counts. */
#define MIRRORS 4

/* Steps between two looks at what is to judge by, looks in a row without a gain before it ends, and
 * what of the squared error is left where there is one. Derived: a look is a pass of the network
 * over each window and a step about three over one, so that looks take a seventh of the time; a
 * gain below 0.02 dB is not seen. */
#define CHECK 50
#define PATIENCE 4
#define WORTH 0.995

/* Of the time that a fit may take, what goes before its first step. */
#define FILLED 0.1

/* The mean of the picture's passes, each mirrored in another way. */
static gboolean
pass (HlDenoiser *denoiser, guint mirrors, HlImage *image, const HlProgress *progress,
      GError **error)
{
  gsize numbers           = (gsize) image->channels * image->width * image->height;
  g_autoptr (HlImage) sum = hl_image_new (image->channels, image->width, image->height, error);
  g_autoptr (HlImage) one = sum ? hl_image_copy (image, error) : NULL;
  gboolean is_run         = one != NULL;

  for (guint k = 0; k < mirrors && is_run; k++)
    {
      hl_denoiser_set_mirror (denoiser, k);
      is_run = hl_denoiser_run (denoiser, image->planes, image->channels, NULL, SIGMA, one->planes,
                                progress->cancel, error)
               && !hl_progress_is_cancelled (progress, error);
      hl_denoiser_set_mirror (denoiser, 0);
      for (gsize i = 0; i < numbers && is_run; i++)
        sum->planes[i] += one->planes[i] / mirrors;
      hl_progress_report (progress, (k + 1.0) / mirrors, 0);
    }
  if (is_run)
    memcpy (image->planes, sum->planes, numbers * sizeof (float));
  return is_run;
}

/**
 * hl_deep_refine:
 * @deep: settings
 * @fitted: the weights from hl_deep_fit()
 * @image: (C, H, W), the learned prior's result, 0..1, finite; becomes the refined one
 * @reach: (nullable): as of hl_regions_find_reach(), where the network is run; %NULL for
 *   everywhere
 * @progress: to cancel and to follow it
 * @memory: (out): bytes that it took
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE
 *
 * Returns: whether @image is a result
 */
gboolean
hl_deep_refine (const HlDeep *deep, const HlWeights *fitted, HlImage *image, const guint8 *reach,
                const HlProgress *progress, guint64 *memory, GError **error)
{
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (fitted, deep->pool, image->height,
                                                     image->width, deep->memory_limit, error);

  if (!denoiser)
    return FALSE;
  hl_denoiser_set_active (denoiser, reach);
  *memory = hl_denoiser_get_memory (denoiser);
  return pass (denoiser, MIRRORS, image, progress, error);
}

/* What the steps of a fit share. */
typedef struct
{
  const HlDeep     *deep;
  const HlProgress *progress;
  HlHoldout        *holdout;
  HlTuner          *tuner;
  GRand            *random;
  HlImage          *start, *truth, *counts; /* a window, mirrored */
} Fit;

static void
mirror (const HlImage *from, guint way, HlImage *to)
{
  int W = from->width, H = from->height;

  for (int y = 0; y < from->channels * H; y++)
    for (int x = 0; x < W; x++)
      to->planes[(gsize) y * W + x]
          = from->planes[(gsize) (way & 2 ? y / H * H + H - 1 - y % H : y) * W
                         + (way & 1 ? W - 1 - x : x)];
}

/* One step, from a window in any of its mirror images. */
static void
learn (Fit *fit)
{
  guint           index  = g_rand_int_range (fit->random, 0, fit->holdout->windows->len);
  const HlWindow *window = g_ptr_array_index (fit->holdout->windows, index);
  guint           way    = g_rand_int_range (fit->random, 0, MIRRORS);

  mirror (window->start, way, fit->start);
  mirror (window->truth, way, fit->truth);
  mirror (window->learnt, way, fit->counts);
  hl_tuner_step (fit->tuner, fit->start->planes, fit->truth->planes, fit->start->channels,
                 fit->counts->planes, SIGMA, RATE);
}

/* Mean squared error over what is to judge by, with the weights as they are.  It is not stopped:
 * half a look would say nothing. */
static gboolean
check (Fit *fit, double *found, GError **error)
{
  const HlProgress quiet          = { .cancel = fit->progress->cancel };
  const HlDeep    *deep           = fit->deep;
  const HlWeights *fitted         = hl_tuner_get_weights (fit->tuner);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (
      fitted, deep->pool, fit->holdout->height, fit->holdout->width, deep->memory_limit, error);
  double sum = 0;

  if (!denoiser)
    return FALSE;
  for (guint i = 0; i < fit->holdout->windows->len; i++)
    {
      const HlWindow *window     = g_ptr_array_index (fit->holdout->windows, i);
      g_autoptr (HlImage) result = hl_image_copy (window->start, error);

      if (!result || !pass (denoiser, 1, result, &quiet, error))
        return FALSE;
      sum += hl_window_get_error (window, result);
    }
  *found = sum / fit->holdout->judged;
  return TRUE;
}

/* Steps and looks, until one of the ends is reached. */
static gboolean
run (Fit *fit, double learned, HlRestoreReport *report, HlWeights **fitted, GError **error)
{
  const HlProgress *progress = fit->progress;
  double            best = learned, previous = G_MAXDOUBLE, found;
  guint             waited = 0;

  report->ended = HL_ENDED_STEPS;
  for (guint step = 1; step <= fit->deep->iterations; step++)
    {
      if (hl_progress_is_cancelled (progress, error))
        return FALSE;
      if (hl_progress_is_stopped (progress))
        {
          report->ended = HL_ENDED_STOPPED;
          break;
        }
      learn (fit);
      report->iterations = step;
      hl_progress_report (progress, FILLED + (1 - FILLED) * step / fit->deep->iterations, step);
      if (step % CHECK != 0 && step != fit->deep->iterations)
        continue;
      if (!check (fit, &found, error))
        return FALSE;
      if (found < WORTH * best)
        {
          g_clear_pointer (fitted, hl_weights_free);
          *fitted = hl_weights_copy (hl_tuner_get_weights (fit->tuner), error);
          if (!*fitted)
            return FALSE;
          best = found;
        }
      waited   = found < WORTH * previous ? 0 : waited + 1;
      previous = found;
      if (waited == PATIENCE)
        {
          report->ended = HL_ENDED_GAINS;
          break;
        }
    }
  report->loss = best;
  report->gain = 10 * log10 (learned / best);
  return TRUE;
}

/* The learned prior's result in a window, which sees what is known there as it is. */
static gboolean
fill (const HlDeep *deep, HlWindow *window, const HlProgress *progress, GError **error)
{
  HlImage *start  = window->start;
  gsize    pixels = (gsize) start->width * start->height;

  if (!deep->fill (start, &window->maps, progress->cancel, deep->data, error))
    return FALSE;
  for (gsize i = 0; i < start->channels * pixels; i++)
    if (window->maps.source[i % pixels] > 0)
      start->planes[i] = window->truth->planes[i];
  return TRUE;
}

/**
 * hl_deep_fit:
 * @deep: settings
 * @image: (C, H, W), the learned prior's result, 0..1, finite
 * @maps: of it
 * @progress: to cancel, to stop and to follow it
 * @report: its ended, gain, iterations, loss and peak_memory_bytes are set
 * @fitted: (out) (nullable): the fitted weights, or %NULL when they are not better than those that
 *   it began with
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, and those of @deep's fill
 *
 * Returns: whether @fitted is set
 */
gboolean
hl_deep_fit (const HlDeep *deep, const HlImage *image, const HlMaps *maps,
             const HlProgress *progress, HlRestoreReport *report, HlWeights **fitted,
             GError **error)
{
  g_autoptr (HlHoldout) holdout = hl_holdout_new (image, maps, deep->seed, progress->cancel, error);
  g_autoptr (HlTuner) tuner     = NULL;
  g_autoptr (GRand) random      = g_rand_new_with_seed (deep->seed);
  g_autoptr (HlImage) start = NULL, truth = NULL, counts = NULL;
  g_autoptr (HlWeights) best = NULL;
  double learned             = 0;
  Fit    fit;

  *fitted       = NULL;
  report->ended = HL_ENDED_NOTHING_TO_CHECK;
  if (!holdout)
    return FALSE;
  if (holdout->windows->len == 0)
    return TRUE;
  for (guint i = 0; i < holdout->windows->len; i++)
    {
      HlWindow *window = g_ptr_array_index (holdout->windows, i);

      if (hl_progress_is_cancelled (progress, error) || !fill (deep, window, progress, error))
        return FALSE;
      learned += hl_window_get_error (window, window->start) / holdout->judged;
      hl_progress_report (progress, FILLED * (i + 1) / holdout->windows->len, 0);
    }
  start  = hl_image_new (image->channels, holdout->width, holdout->height, error);
  truth  = start ? hl_image_copy (start, error) : NULL;
  counts = truth ? hl_image_new (1, holdout->width, holdout->height, error) : NULL;
  tuner  = counts ? hl_tuner_new (deep->weights, deep->pool, holdout->height, holdout->width,
                                  deep->memory_limit, error)
                  : NULL;
  if (!tuner)
    return FALSE;
  report->peak_memory_bytes = hl_tuner_get_memory (tuner);
  fit = (Fit) { deep, progress, holdout, tuner, random, start, truth, counts };
  if (!run (&fit, learned, report, &best, error))
    return FALSE;
  *fitted = g_steal_pointer (&best);
  return TRUE;
}

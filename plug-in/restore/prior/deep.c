/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep prior: the learned denoiser, fitted to this one photograph.
 *
 * "Deep Image Prior" (Ulyanov, Vedaldi and Lempitsky, CVPR 2018) fits a network to the known
 * pixels of one picture and begins with random weights, so that it spends minutes on learning
 * what all pictures have in common.  Here it begins with the denoiser's weights, which know
 * that, and its result, and learns what is this photograph's own: its weaves, its foliage, its
 * lettering (nn/tuner.c).  The splitting of hqs.c then goes on from the learned result with the
 * fitted weights.
 *
 * Whether that is better is measured, not hoped.  The damage itself, mirrored in its place to
 * where the photograph is sound, is held out (holdout.c): nothing there is learnt, the learned
 * prior fills it as if it were damage, and the fitted weights must come closer to what really is
 * there.  When they gain no more, fitting ends; when they never did, the learned result stays.
 * Stopping ends the fit; what it has gained by then is used as ever. */
#include "restore/prior/deep.h"

#include <math.h>
#include <string.h>

#include "nn/tuner.h"
#include "restore/prior/holdout.h"
#include "restore/prior/hqs.h"

/* Of Adam. */
#define RATE 3e-4f

/* The noise that is added while learning, of white. Derived: from less than the last sigma of the
 * splitting to more than the first, as the denoiser is used for all of them. */
#define LEAST_NOISE (2 / 255.0)
#define MOST_NOISE (30 / 255.0)

/* The steps of the refining pass, how much further than the denoiser says the first goes, and its
 * sigma at the first and the last, of white. Derived: that of the learned prior in wide holes
 * (stages.c), as its result is as close to the photograph as their diffused edges. */
#define STEPS 8
#define FURTHER 0.7f
#define FIRST_SIGMA (13 / 255.0)
#define LAST_SIGMA (3 / 255.0)

/* Steps between two looks at what is held out, looks in a row without a gain before it ends, and
 * what of the squared error is left where there is one. Derived: a look is 32 passes of the network
 * over a window, a step about 3, so that looks take a sixth of the time; a gain below 0.02 dB is
 * not seen. */
#define CHECK 50
#define PATIENCE 2
#define WORTH 0.995

/**
 * hl_deep_refine:
 * @deep: settings
 * @fitted: the weights from hl_deep_fit()
 * @image: (C, H, W), the learned prior's result, 0..1, finite; becomes the refined one
 * @source: (H, W), 1 where a pixel is known, else 0
 * @reach: (nullable): as of hl_regions_find_reach(), where the network is run; %NULL for
 *   everywhere
 * @progress: to cancel, to stop and to follow it
 * @memory: (out): bytes that it took
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE
 *
 * Returns: whether @image is a result
 */
gboolean
hl_deep_refine (const HlDeep *deep, const HlWeights *fitted, HlImage *image, const float *source,
                const guint8 *reach, const HlProgress *progress, guint64 *memory, GError **error)
{
  g_autoptr (HlImage) seen        = hl_image_copy (image, error);
  g_autoptr (HlDenoiser) denoiser = seen ? hl_denoiser_new (fitted, deep->pool, image->height,
                                                            image->width, deep->memory_limit, error)
                                         : NULL;
  HlKnownPixels pixels            = { seen, source, deep->noise_level };
  HlDataStep    data              = { hl_known_pixels_solve, &pixels };
  double        last              = CLAMP (deep->noise_level, LAST_SIGMA, FIRST_SIGMA);
  float         sigma[STEPS];

  if (!denoiser || !hl_denoiser_set_active (denoiser, reach, error))
    return FALSE;
  *memory = hl_denoiser_get_memory (denoiser);
  for (int k = 0; k < STEPS; k++)
    sigma[k] = FIRST_SIGMA * pow (last / FIRST_SIGMA, k / (STEPS - 1.0));
  return hl_hqs_run (denoiser, &data, sigma, STEPS, FURTHER, HL_HQS_MIRRORED, image, progress,
                     error);
}

/* What the steps of a fit share. */
typedef struct
{
  const HlDeep     *deep;
  const HlImage    *image;
  const HlProgress *progress;
  HlHoldout        *holdout;
  HlTuner          *tuner;
  GRand            *random;
  HlImage          *sheet, *weight, *sigma; /* to learn from, how far it counts, and the noise */
} Fit;

/* One step, from a sheet of four pieces, each with a noise of its own.  Each has some of the
 * damage in it, because the photograph is learnt where it is to be repaired. */
static void
learn (Fit *fit)
{
  const HlImage *image  = fit->image;
  HlImage        counts = hl_plane_view (fit->holdout->counts, image->width, image->height);
  int            W = fit->sheet->width, H = fit->sheet->height;

  for (int i = 0; i < 4; i++)
    {
      HlRect to
          = { i % 2 * (W / 2), i / 2 * (H / 2), (i % 2 + 1) * (W / 2), (i / 2 + 1) * (H / 2) };
      gsize  at    = hl_holdout_get_damaged (fit->holdout, g_rand_double (fit->random));
      int    y     = (int) (at / image->width) - g_rand_int_range (fit->random, 0, H / 2);
      int    x     = (int) (at % image->width) - g_rand_int_range (fit->random, 0, W / 2);
      double sigma = LEAST_NOISE * pow (MOST_NOISE / LEAST_NOISE, g_rand_double (fit->random));

      y = CLAMP (y, 0, image->height - H / 2);
      x = CLAMP (x, 0, image->width - W / 2);
      hl_image_copy_rect (image, x, y, fit->sheet, to);
      hl_image_copy_rect (&counts, x, y, fit->weight, to);
      for (int r = to.top; r < to.bottom; r++)
        for (int c = to.left; c < to.right; c++)
          {
            fit->sigma->planes[r * W + c] = sigma;
            /* Otherwise the strongest noise, with the greatest errors, would have all the say. */
            fit->weight->planes[r * W + c] *= LAST_SIGMA / MAX (sigma, LAST_SIGMA);
          }
    }
  hl_tuner_step (fit->tuner, fit->sheet->planes, image->channels, fit->weight->planes,
                 fit->sigma->planes, RATE);
}

/* Mean squared error over what is held out, with the weights as they are.  It is not stopped: half
 * a look would say nothing, and a whole one takes about a second. */
static gboolean
check (Fit *fit, double *found, GError **error)
{
  const HlProgress quiet = { .cancel = fit->progress->cancel };
  double           sum   = 0;

  for (guint i = 0; i < fit->holdout->windows->len; i++)
    {
      const HlWindow *window     = g_ptr_array_index (fit->holdout->windows, i);
      g_autoptr (HlImage) result = hl_image_copy (window->start, error);
      guint64 memory;

      if (!result
          || !hl_deep_refine (fit->deep, hl_tuner_get_weights (fit->tuner), result,
                              window->maps.source, NULL, &quiet, &memory, error))
        return FALSE;
      sum += hl_window_get_error (window, result);
    }
  *found = sum / fit->holdout->held;
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
      hl_progress_report (progress, (double) step / fit->deep->iterations, step);
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
  g_autoptr (HlHoldout) holdout = hl_holdout_new (image, maps, progress->cancel, error);
  g_autoptr (HlTuner) tuner     = NULL;
  g_autoptr (GRand) random      = g_rand_new_with_seed (deep->seed);
  g_autoptr (HlImage) sheet = NULL, weight = NULL, sigma = NULL;
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

      if (hl_progress_is_cancelled (progress, error)
          || !deep->fill (window->start, &window->maps, deep->data, error))
        return FALSE;
      learned += hl_window_get_error (window, window->start) / holdout->held;
    }
  sheet  = hl_image_new (image->channels, holdout->width, holdout->height, error);
  weight = sheet ? hl_image_new (1, holdout->width, holdout->height, error) : NULL;
  sigma  = weight ? hl_image_new (1, holdout->width, holdout->height, error) : NULL;
  tuner  = sigma ? hl_tuner_new (deep->weights, deep->pool, holdout->height, holdout->width,
                                 deep->seed, deep->memory_limit, error)
                 : NULL;
  if (!tuner)
    return FALSE;
  report->peak_memory_bytes = hl_tuner_get_memory (tuner);
  fit = (Fit) { deep, image, progress, holdout, tuner, random, sheet, weight, sigma };
  if (!run (&fit, learned, report, &best, error))
    return FALSE;
  *fitted = g_steal_pointer (&best);
  return TRUE;
}

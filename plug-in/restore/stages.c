/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of the ladder: what can be done to a region of damage, from edges that are carried on
 * to a network fitted to the photograph, each with the settings that suit the damage. repair.c
 * says which of them are climbed, and where. */
#include "restore/stages.h"

#include <math.h>

#include "restore/fill/coherence.h"
#include "restore/prior/deep.h"
#include "restore/prior/hqs.h"
#include "restore/mask.h"
#include "restore/patches/patches.h"
#include "restore/prior/untrained.h"

/* Of an estimated noise level, what the learned prior is told. The whole of it smooths too much
 * now and then: with noise of 15 of 255 the half was the best in the mean over scratches and
 * blotches, with noise of 5 a quarter is as good. */
#define TRUSTED 0.5

/* The learned prior's steps, and how far off the picture may be at the first and the last, of
 * white; in between sigma falls by the same factor each time.  Across a thin hole the edges
 * that were carried on are only a beginning; in a wide one the denoiser must not wash them
 * out again, so that it begins lower.  Where little is known it takes more and larger steps,
 * and goes on until less is off.
 * Measured on hairs, specks, lettering, creases and single pixels. */
#define STEPS 12
#define MOST_STEPS 24
#define LITTLE 0.75 /* known on average */
#define THIN 4.0
#define WIDE 10.0
#define SPARSE_SIGMA (40 / 255.0)
#define THIN_SIGMA (15 / 255.0)
#define WIDE_SIGMA (10 / 255.0)
#define LAST_SIGMA (2 / 255.0)
#define SPARSE_LAST_SIGMA (1.5 / 255.0)

static void
note_memory (HlStages *stages, guint64 bytes)
{
  stages->report->peak_memory_bytes = MAX (stages->report->peak_memory_bytes, stages->base + bytes);
}

/* What the priors are told of the noise. */
static double
get_noise_level (const HlStages *stages)
{
  return stages->grain_level * (stages->settings->auto_noise ? TRUSTED : 1);
}

static HlDenoiser *
new_denoiser (HlStages *stages, const HlImage *image, GError **error)
{
  HlDenoiser *denoiser = hl_denoiser_new (stages->weights, stages->pool, image->height,
                                          image->width, stages->memory_limit, error);

  if (denoiser)
    note_memory (stages, hl_denoiser_get_memory (denoiser));
  return denoiser;
}

/**
 * hl_stages_run_learned:
 * @stages: what there is
 * @image: (C, H, W), a region of the picture; is mended
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * The learned prior: hl_hqs_run(), with steps that suit the damage.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_run_learned (HlStages *stages, HlImage *image, const float *known,
                       const HlRestoreControl *control, GError **error)
{
  g_autoptr (HlImage) seen        = hl_image_copy (image, error);
  g_autoptr (HlDenoiser) denoiser = seen ? new_denoiser (stages, image, error) : NULL;
  HlKnownPixels pixels            = { seen, known, get_noise_level (stages) };
  HlDataStep    data              = { hl_known_pixels_solve, &pixels };
  double        width             = hl_mask_get_width (known, image->width, image->height);
  double        wide  = CLAMP ((log (width) - log (THIN)) / (log (WIDE) - log (THIN)), 0, 1);
  double        first = THIN_SIGMA * pow (WIDE_SIGMA / THIN_SIGMA, wide), last, sum = 0;
  int           n = image->width * image->height, steps;
  gboolean      sparse;
  float         sigma[MOST_STEPS];

  for (int i = 0; i < n; i++)
    sum += known[i];
  sparse = sum < LITTLE * n;
  steps  = sparse ? MOST_STEPS : STEPS;
  first  = sparse ? SPARSE_SIGMA : first;
  last   = MIN (MAX (sparse ? SPARSE_LAST_SIGMA : LAST_SIGMA, get_noise_level (stages)), first);
  for (int k = 0; k < steps; k++)
    sigma[k] = first * pow (last / first, k / (steps - 1.0));
  return denoiser
         && hl_hqs_run (denoiser, &data, sigma, steps, HL_HQS_MIRRORED | HL_HQS_MOMENTUM, image,
                        control, error);
}

/**
 * hl_stages_remove_noise:
 * @stages: what there is
 * @image: (C, H, W), the picture; loses its noise everywhere but where it was painted anew, which
 *   has none
 * @known: (H, W), 0 for unknown to 1 for known
 * @cancel: (nullable): to give up
 * @error: as of hl_repair_run()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_remove_noise (HlStages *stages, HlImage *image, const float *known, GCancellable *cancel,
                        GError **error)
{
  g_autoptr (HlDenoiser) denoiser = new_denoiser (stages, image, error);
  g_autoptr (HlImage) level
      = denoiser ? hl_image_new (1, image->width, image->height, error) : NULL;

  if (!level)
    return FALSE;
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    level->planes[i] = known[i] * stages->grain_level;
  return hl_denoiser_run (denoiser, image->planes, image->channels, level->planes, 0, image->planes,
                          cancel, error);
}

/* The learned prior on a picture that nobody sees. */
static gboolean
fill_aside (HlImage *image, const float *known, gpointer data, GError **error)
{
  const HlRestoreControl none = { 0 };

  return hl_stages_run_learned (data, image, known, &none, error);
}

/**
 * hl_stages_diffuse_edges:
 * @stages: what there is
 * @image: (C, H, W), a region of the picture; is mended
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * Carries edges on across the damage: hl_cohere().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_diffuse_edges (HlStages *stages, HlImage *image, const float *known,
                         const HlRestoreControl *control, GError **error)
{
  return hl_cohere (image, known, control->cancel, error);
}

/**
 * hl_stages_run_untrained:
 * @stages: what there is
 * @image: (C, H, W), a region of the picture; is mended
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * The deep image prior: hl_untrained_run().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_run_untrained (HlStages *stages, HlImage *image, const float *known,
                         const HlRestoreControl *control, GError **error)
{
  const HlRestoreSettings *settings = stages->settings;
  HlRestoreReport          report   = { 0 };
  HlUntrained              task     = { .iterations   = settings->iterations,
                                        .noise_level  = get_noise_level (stages),
                                        .seed         = settings->seed,
                                        .memory_limit = stages->memory_limit };
  gsize                    at = 0, pixels = (gsize) image->width * image->height;

  /* In the midst of a large hole there is nothing to fit. */
  while (at < pixels && known[at] <= 0)
    at++;
  if (at == pixels)
    return TRUE;
  if (!hl_untrained_run (&task, image, known, stages->pool, control, &report, error))
    return FALSE;
  note_memory (stages, report.peak_memory_bytes);
  stages->report->loss = report.loss;
  stages->iterations += report.iterations;
  stages->report->iterations = stages->iterations;
  return TRUE;
}

/**
 * hl_stages_paint_patches:
 * @stages: what there is
 * @image: (C, H, W), a region of the picture; is mended
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * Patches in the wide parts of the damage: hl_patches_run().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_paint_patches (HlStages *stages, HlImage *image, const float *known,
                         const HlRestoreControl *control, GError **error)
{
  const HlRestoreSettings *settings = stages->settings;
  g_autofree guint8       *hole     = g_try_malloc ((gsize) image->width * image->height);
  g_autoptr (HlDenoiser) denoiser   = NULL;

  if (!hole || !hl_patches_find (known, image->width, image->height, hole))
    return TRUE;
  denoiser = new_denoiser (stages, image, error);
  return denoiser
         && hl_patches_run (image, known, hole, denoiser, fmax (LAST_SIGMA, stages->grain_level),
                            settings->denoise ? 0 : settings->grain, settings->seed, control,
                            error);
}

static HlDeep
settings_of_deep (HlStages *stages)
{
  return (HlDeep) { .weights      = stages->weights,
                    .pool         = stages->pool,
                    .iterations   = stages->settings->iterations,
                    .noise_level  = get_noise_level (stages),
                    .seed         = stages->settings->seed,
                    .memory_limit = stages->memory_limit,
                    .fill         = fill_aside,
                    .data         = stages };
}

/**
 * hl_stages_refine:
 * @stages: what there is
 * @image: (C, H, W), a region of the picture; is mended
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * The learned prior once more, with the weights that hl_stages_fit() fitted.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_refine (HlStages *stages, HlImage *image, const float *known,
                  const HlRestoreControl *control, GError **error)
{
  HlDeep  deep = settings_of_deep (stages);
  guint64 memory;

  if (!hl_deep_refine (&deep, stages->fitted, image, known, control, &memory, error))
    return FALSE;
  note_memory (stages, memory);
  return TRUE;
}

/**
 * hl_stages_fit:
 * @stages: what there is; its fitted is set where the fitted weights are better
 * @image: (C, H, W), the picture, mended by the learned prior
 * @mask: (H, W), above 0 where it was damaged
 * @known: (H, W), 0 for unknown to 1 for known
 * @control: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * Fits the denoiser to the photograph: hl_deep_fit().
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_stages_fit (HlStages *stages, const HlImage *image, const float *mask, const float *known,
               const HlRestoreControl *control, GError **error)
{
  HlDeep          deep   = settings_of_deep (stages);
  HlRestoreReport report = { 0 };

  if (!hl_deep_fit (&deep, image, mask, known, control, &report, &stages->fitted, error))
    return FALSE;
  note_memory (stages, report.peak_memory_bytes);
  stages->report->iterations = report.iterations;
  stages->report->ended      = report.ended;
  stages->report->gain       = report.gain;
  stages->report->loss       = report.loss;
  stages->iterations         = report.iterations;
  return TRUE;
}

/**
 * hl_stages_clear:
 * @stages: what there was
 *
 * Frees the threads and the weights.
 */
void
hl_stages_clear (HlStages *stages)
{
  g_clear_pointer (&stages->weights, hl_weights_free);
  g_clear_pointer (&stages->fitted, hl_weights_free);
  g_clear_pointer (&stages->pool, hl_pool_free);
}

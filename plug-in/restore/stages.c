/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a repair: what can be done to a region of damage, from the diffusion of edges to a
 * network fitted to the photograph, each with the settings that suit the damage. repair.c says
 * which of them are run, and where. */
#include "restore/stages.h"

#include <math.h>
#include <string.h>

#include "restore/area.h"
#include "restore/error.h"
#include "restore/fill/coherence.h"
#include "restore/fill/quilt.h"
#include "restore/prior/deep.h"
#include "restore/prior/hqs.h"
#include "restore/mask.h"
#include "restore/patches/patches.h"
#include "restore/prior/untrained.h"
#include "restore/regions.h"

/* Of an estimated noise level, what the priors assume. The whole of it smooths too much now and
 * then: measured over scratches and blotches on photographs, with noise of 15 of 255 the half was
 * the best in the mean, with noise of 5 a quarter is as good. */
#define ESTIMATE_WEIGHT 0.5

/* The learned prior's steps, how much further than the denoiser says the first goes, and its sigma
 * at the first and the last, of white; in between sigma falls by the same factor each time. Across
 * a thin hole the diffused edges are only a beginning, but a line of one or two pixels has little
 * that they could miss; in a wide hole the denoiser must not wash them out again. So it begins
 * lower in both. Measured on scratches, lettering, specks and creases over eight photographs,
 * against twelve steps of the whole network: +0.01, +0.01, +0.05 and +0.12 dB for two thirds of the
 * work. With nine steps too the lettering, whose lines are fine, loses 0.09; seven steps, or every
 * third of the whole network, lose 0.05 to 0.1.
 *
 * Where little is known it takes more and larger steps: there must be no more than thin holes with
 * little between them. Measured with 50 % and 90 % of the pixels missing at random. */
#define STEPS 9
#define FINE_STEPS 11
#define SPARSE_STEPS 24
#define FURTHER 1.3f
#define SPARSE_FURTHER 1.0f
#define MUCH 0.35 /* of the region that is to be repainted */
#define SPARSE_MARGIN 16
#define FINE 2.0
#define LINE 2.5
#define THIN 3.0
#define WIDE 10.0
#define SPARSE_SIGMA (40 / 255.0)
#define FINE_SIGMA (12 / 255.0)
#define THIN_SIGMA (20 / 255.0)
#define WIDE_SIGMA (13 / 255.0)
#define LAST_SIGMA (2 / 255.0)
#define CLOSE_SIGMA (1.5 / 255.0)

G_STATIC_ASSERT (HL_REGIONS_CELL >= HL_HQS_AROUND);

/* Of a step of the whole network, what one takes that uses what the coarser scales gave before:
 * measured on hairs and specks. */
#define REUSED_SHARE 0.33

/* Pixels around the damage that the denoiser sees where it takes grain out of patches. Derived:
 * half of what it could see. */
#define QUIET_CONTEXT 32

/* Numbers for each pixel of a region, of four bytes: the crop, its maps and what hl_hqs_run()
 * keeps; and the pyramid of the patches with its scratch buffers, counted in patch_pyramid.h. */
#define HQS_FLOATS(image) (6 * (image)->channels + 2)
#define PATCHES_FLOATS 32
#define PIECES_FLOATS 64

/* Chebyshev distance from a hole's edge to its middle, pixels, from which on pieces cover it, as
 * patches count for less and less beyond; and the price of leaving a pixel of it as it is filled,
 * by which a sleeve that nothing continues stays smooth, and a wall goes on. Chosen by eye on
 * twelve photographs of 512 x 512 with holes of 180 x 180, and on portraits with a torn edge: with
 * 0.35 mist lies beside a trunk and a twig in two of them, with 0.7 a twig breaks into pieces. */
#define DEEP 16
#define KEEP 0.5f
#define BOLD_KEEP 2.0f

static void
note_memory (HlStages *stages, guint64 bytes)
{
  stages->report->peak_memory_bytes = MAX (stages->report->peak_memory_bytes, stages->base + bytes);
}

/* The noise level that the priors assume. */
static double
get_noise_level (const HlStages *stages)
{
  return stages->grain_level * (stages->settings->auto_noise ? ESTIMATE_WEIGHT : 1);
}

/* A denoiser within the memory that is left beside @floats numbers for each pixel of the region;
 * the last one again, where it suits. */
static HlDenoiser *
get_denoiser (HlStages *stages, const HlImage *image, int floats, GError **error)
{
  guint64 beside = sizeof (float) * (guint64) floats * image->width * image->height;
  guint64 limit  = stages->memory_limit;

  if (!stages->denoiser || stages->height != image->height || stages->width != image->width
      || (limit && hl_denoiser_get_memory (stages->denoiser) + beside > limit))
    {
      g_clear_pointer (&stages->denoiser, hl_denoiser_free);
      stages->height = image->height;
      stages->width  = image->width;
      stages->denoiser
          = hl_denoiser_new (stages->weights, stages->pool, image->height, image->width,
                             limit ? MAX (limit, beside + 1) - beside : 0, error);
    }
  if (stages->denoiser)
    note_memory (stages, hl_denoiser_get_memory (stages->denoiser) + beside);
  return stages->denoiser;
}

/* Where memory does not suffice for a look, there is none. */
static void
show_part (const HlImage *image, HlRect rect, const HlProgress *progress)
{
  g_autoptr (HlImage) part = progress->result ? hl_image_crop (image, rect, NULL) : NULL;

  if (part)
    hl_progress_show (progress, part, rect.left, rect.top);
}

/* Whether so much of what is worked on at once is to be repainted that little is known. */
static gboolean
is_much (double damage, double pixels)
{
  return damage > MUCH * pixels;
}

/**
 * hl_stages_count_passes:
 * @damage: pixels that are to be repainted
 * @pixels: those and all others of what is worked on at once
 *
 * Returns: how often the denoiser passes over them in hl_stages_run_learned(), in passes of the
 *   whole network
 */
double
hl_stages_count_passes (double damage, double pixels)
{
  guint steps = is_much (damage, pixels) ? SPARSE_STEPS : STEPS;
  guint whole = hl_hqs_count_whole (steps);

  return whole + REUSED_SHARE * (steps - whole);
}

static double
count_damage (const HlMaps *maps)
{
  double damage = 0;

  for (gsize i = 0; i < (gsize) maps->width * maps->height; i++)
    damage += maps->target[i];
  return damage;
}

/* Whether much of the region around the damage is to be repainted. The margin is of no account
 * where that is large, and all there is around a single straight scratch. */
static gboolean
is_sparse (const HlMaps *maps)
{
  HlRect rect;

  if (!hl_area_find_damage (maps->target, maps->width, maps->height, &rect))
    return FALSE;
  rect = hl_rect_grow (rect, SPARSE_MARGIN, maps->width, maps->height);
  return is_much (count_damage (maps), hl_rect_get_pixels (rect));
}

/* Sigma at the first step, for holes of so many pixels across; 0 for none. */
static double
get_first_sigma (double width)
{
  double thin = CLAMP (log (width / FINE) / log (THIN / FINE), 0, 1);
  double wide = CLAMP (log (width / THIN) / log (WIDE / THIN), 0, 1);

  return FINE_SIGMA * pow (THIN_SIGMA / FINE_SIGMA, thin) * pow (WIDE_SIGMA / THIN_SIGMA, wide);
}

/**
 * hl_stages_run_learned:
 * @stages: what the stages share
 * @image: (C, H, W), a region of the picture; is repaired
 * @maps: of the region
 * @progress: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * The learned prior: hl_hqs_run(), with steps that suit the damage.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_run_learned (HlStages *stages, HlImage *image, const HlMaps *maps,
                       const HlProgress *progress, GError **error)
{
  g_autoptr (HlImage) seen = hl_image_copy (image, error);
  HlDenoiser *denoiser     = seen ? get_denoiser (stages, image, HQS_FLOATS (image), error) : NULL;
  g_autofree guint8 *reach = denoiser
                                 ? hl_regions_find_reach (maps->target, image->width, image->height,
                                                          HL_REGIONS_PRIOR_REACH, error)
                                 : NULL;
  g_autoptr (GArray) parts
      = reach ? hl_regions_list_reach (reach, image->width, image->height) : NULL;
  HlKnownPixels pixels = { seen, maps->source, get_noise_level (stages), parts };
  HlDataStep    data   = { hl_known_pixels_solve, &pixels, parts };
  double        width  = hl_mask_get_width (maps->target, image->width, image->height);
  gboolean      sparse = width < WIDE && is_sparse (maps);
  gboolean      fine   = width < LINE;
  int           steps  = sparse ? SPARSE_STEPS : fine ? FINE_STEPS : STEPS;
  double        first  = sparse ? SPARSE_SIGMA : get_first_sigma (width);
  double        last   = MAX (sparse || fine ? CLOSE_SIGMA : LAST_SIGMA, get_noise_level (stages));
  float         sigma[SPARSE_STEPS];
  gboolean      done;

  last = MIN (last, first);
  for (int k = 0; k < steps; k++)
    sigma[k] = first * pow (last / first, k / (steps - 1.0));
  if (!reach)
    return FALSE;
  hl_denoiser_set_active (denoiser, reach);
  done = hl_hqs_run (denoiser, &data, sigma, steps, sparse ? SPARSE_FURTHER : FURTHER,
                     HL_HQS_MIRRORED | HL_HQS_REUSED, image, progress, error);
  hl_denoiser_set_active (denoiser, NULL);
  return done;
}

/* Whether a part of the maps has anything in it that is not transparent. */
static gboolean
has_content (const HlMaps *maps, HlRect rect)
{
  for (int y = rect.top; y < rect.bottom; y++)
    for (int x = rect.left; x < rect.right; x++)
      {
        gsize at = (gsize) y * maps->width + x;

        if (maps->source[at] > 0 || maps->target[at] > 0)
          return TRUE;
      }
  return FALSE;
}

/**
 * hl_stages_remove_noise:
 * @stages: what the stages share
 * @image: (C, H, W), the picture; loses its noise everywhere but where it was repainted, which has
 *   none
 * @maps: of the picture
 * @progress: to cancel, to stop and to follow it; its result is shown piece by piece
 * @error: as of hl_repair_run()
 *
 * One pass of the denoiser over the whole picture, in pieces; those that are transparent all over
 * are left out.  When stopped, the pieces that are not reached yet keep their noise.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_remove_noise (HlStages *stages, HlImage *image, const HlMaps *maps,
                        const HlProgress *progress, GError **error)
{
  gsize       pixels        = (gsize) image->width * image->height;
  HlDenoiser *denoiser      = get_denoiser (stages, image, image->channels + 1, error);
  g_autoptr (HlImage) noisy = denoiser ? hl_image_copy (image, error) : NULL;
  g_autoptr (HlImage) level = noisy ? hl_image_new (1, image->width, image->height, error) : NULL;
  int pieces                = denoiser ? hl_denoiser_get_pieces (denoiser) : 0;

  if (!level)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    level->planes[i] = maps->source[i] * stages->grain_level;
  for (int i = 0; i < pieces && !hl_progress_is_stopped (progress); i++)
    {
      HlRect rect;

      hl_denoiser_get_piece (denoiser, i, &rect.left, &rect.top, &rect.right, &rect.bottom);
      if (has_content (maps, rect))
        {
          if (!hl_denoiser_run_piece (denoiser, i, noisy->planes, image->channels, level->planes, 0,
                                      image->planes, progress->cancel, error)
              || hl_progress_is_cancelled (progress, error))
            return FALSE;
          show_part (image, rect, progress);
        }
      hl_progress_report (progress, (i + 1.0) / pieces, 0);
    }
  return TRUE;
}

/* The learned prior on a held-out window, which is not shown. */
static gboolean
fill_aside (HlImage *image, const HlMaps *maps, GCancellable *cancel, gpointer data, GError **error)
{
  const HlProgress quiet = { .cancel = cancel };

  return hl_stages_run_learned (data, image, maps, &quiet, error);
}

/**
 * hl_stages_diffuse_edges:
 * @stages: as for #HlStage, like all parameters
 *
 * Diffusion of edges into the damage: hl_cohere().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_diffuse_edges (HlStages *stages, HlImage *image, const HlMaps *maps,
                         const HlProgress *progress, GError **error)
{
  return hl_cohere (image, maps->source, progress->cancel, error);
}

/**
 * hl_stages_run_untrained:
 * @stages: as for #HlStage, like all parameters
 *
 * The deep image prior: hl_untrained_run().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_run_untrained (HlStages *stages, HlImage *image, const HlMaps *maps,
                         const HlProgress *progress, GError **error)
{
  const HlRestoreSettings *settings = stages->settings;
  HlRestoreReport          report   = { 0 };
  HlUntrained              task     = { .iterations   = settings->iterations,
                                        .noise_level  = get_noise_level (stages),
                                        .seed         = settings->seed,
                                        .memory_limit = stages->memory_limit };
  gsize                    at = 0, pixels = (gsize) image->width * image->height;

  /* In the midst of a large hole there is nothing to fit. */
  while (at < pixels && maps->source[at] <= 0)
    at++;
  if (at == pixels)
    return TRUE;
  if (!hl_untrained_run (&task, image, maps->source, stages->pool, progress, &report, error))
    return FALSE;
  note_memory (stages, report.peak_memory_bytes);
  stages->report->loss = report.loss;
  stages->report->iterations += report.iterations;
  return TRUE;
}

/* Patches, as far as they fit. */
static gboolean
paint_patches (HlStages *stages, HlImage *image, const HlMaps *maps, const guint8 *hole,
               const HlProgress *progress, GError **error)
{
  const HlRestoreSettings *settings = stages->settings;
  HlDenoiser              *denoiser = get_denoiser (stages, image, PATCHES_FLOATS, error);
  g_autofree guint8       *reach    = denoiser ? hl_regions_find_reach (maps->target, image->width,
                                                                        image->height, QUIET_CONTEXT, error)
                                               : NULL;
  gboolean                 done;

  if (!reach)
    return FALSE;
  hl_denoiser_set_active (denoiser, reach);
  done
      = hl_patches_run (image, maps->source, hole, denoiser, fmax (LAST_SIGMA, stages->grain_level),
                        settings->denoise ? 0 : settings->grain, settings->seed, progress, error);
  hl_denoiser_set_active (denoiser, NULL);
  return done;
}

/* Sets @deep to 1 in those connected components of @hole that are as deep as DEEP anywhere. */
static gboolean
find_deep (const guint8 *hole, int width, int height, guint8 *deep)
{
  gsize              pixels = (gsize) width * height, waiting = 0;
  g_autofree guint8 *depth   = g_try_malloc (pixels);
  g_autofree gsize  *pending = g_try_new (gsize, pixels);

  if (!depth || !pending)
    return FALSE;
  hl_mask_find_depth (hole, width, height, depth);
  for (gsize i = 0; i < pixels; i++)
    {
      deep[i] = depth[i] >= DEEP;
      if (deep[i])
        pending[waiting++] = i;
    }
  while (waiting > 0)
    {
      gsize at = pending[--waiting];
      int   x = at % width, y = at / width;

      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, width - 1); u++)
          {
            gsize i = (gsize) v * width + u;

            if (!hole[i] || deep[i])
              continue;
            deep[i]            = 1;
            pending[waiting++] = i;
          }
    }
  return TRUE;
}

/**
 * hl_stages_find_wide:
 * @stages: what the stages share
 * @target: (H, W), above 0 where a pixel is to be repainted
 * @width: pixels
 * @height: pixels
 * @pieces: whether to find what pieces cover, or what patches paint
 * @hole: (H, W), set to 1 there, else to 0
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Which wide parts of the damage are for hl_stages_lay_pieces() and for hl_stages_paint_patches().
 *
 * Returns: whether @hole is set
 */
gboolean
hl_stages_find_wide (const HlStages *stages, const float *target, int width, int height,
                     gboolean pieces, guint8 *hole, GCancellable *cancel, GError **error)
{
  HlFill             fill   = stages->settings->fill;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *deep   = NULL;

  memset (hole, 0, pixels);
  if (!hl_patches_find (target, width, height, hole, cancel))
    return !g_cancellable_set_error_if_cancelled (cancel, error);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (fill == HL_FILL_AUTO)
    {
      deep = g_try_malloc (pixels);
      if (!deep || !find_deep (hole, width, height, deep))
        {
          hl_error_set_memory (error, width, height);
          return FALSE;
        }
    }
  for (gsize i = 0; i < pixels; i++)
    hole[i] = hole[i] && (deep ? deep[i] : fill == HL_FILL_BOLD) == pieces;
  return TRUE;
}

static guint8 *
get_wide (const HlStages *stages, const HlMaps *maps, gboolean pieces, GCancellable *cancel,
          GError **error)
{
  g_autofree guint8 *hole = g_try_malloc ((gsize) maps->width * maps->height);

  if (!hole)
    {
      hl_error_set_memory (error, maps->width, maps->height);
      return NULL;
    }
  return hl_stages_find_wide (stages, maps->target, maps->width, maps->height, pieces, hole, cancel,
                              error)
             ? g_steal_pointer (&hole)
             : NULL;
}

/**
 * hl_stages_paint_patches:
 * @stages: as for #HlStage, like all parameters
 *
 * Patches in the wide parts of the damage that pieces do not cover: hl_patches_run().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_paint_patches (HlStages *stages, HlImage *image, const HlMaps *maps,
                         const HlProgress *progress, GError **error)
{
  g_autofree guint8 *hole = get_wide (stages, maps, FALSE, progress->cancel, error);

  return hole && paint_patches (stages, image, maps, hole, progress, error);
}

/* Takes from the pieces as much of the grain that they brought along as is not wanted. */
static gboolean
quieten (HlStages *stages, HlImage *image, const guint8 *hole, const HlProgress *progress,
         GError **error)
{
  const HlRestoreSettings *settings = stages->settings;
  float                    share    = settings->denoise ? 1 : 1 - settings->grain;
  gsize                    pixels   = (gsize) image->width * image->height;
  HlDenoiser              *denoiser;
  g_autoptr (HlImage) quiet = NULL, level = NULL;

  if (share <= 0 || stages->grain_level <= 0)
    return TRUE;
  denoiser = get_denoiser (stages, image, image->channels + 1, error);
  quiet    = denoiser ? hl_image_copy (image, error) : NULL;
  level    = quiet ? hl_image_new (1, image->width, image->height, error) : NULL;
  if (!level)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    level->planes[i] = hole[i] ? stages->grain_level : 0;
  if (!hl_denoiser_run (denoiser, image->planes, image->channels, level->planes, 0, quiet->planes,
                        progress->cancel, error))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      if (hole[i])
        image->planes[c * pixels + i]
            += share * (quiet->planes[c * pixels + i] - image->planes[c * pixels + i]);
  return TRUE;
}

/* Of the target, @which is done. */
static void
finish (const HlMaps *maps, const guint8 *which, float done)
{
  for (gsize i = 0; i < (gsize) maps->width * maps->height; i++)
    if (which[i] && maps->target[i] > 0)
      maps->target[i] = done;
}

/**
 * hl_stages_lay_pieces:
 * @stages: as for #HlStage, like all parameters
 *
 * Pieces of the picture over the widest parts of the damage, hl_quilt_run(), or the learned prior
 * and patches where memory does not suffice for that.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_lay_pieces (HlStages *stages, HlImage *image, const HlMaps *maps,
                      const HlProgress *progress, GError **error)
{
  gboolean bold = stages->settings->fill == HL_FILL_BOLD;
  HlQuilt  pieces
      = { .keep = bold ? BOLD_KEEP : KEEP, .pool = stages->pool, .seed = stages->settings->seed };
  g_autofree guint8 *hole   = get_wide (stages, maps, TRUE, progress->cancel, error);
  g_autofree guint8 *copied = g_try_malloc0 ((gsize) image->width * image->height);
  guint64 bytes = (guint64) image->width * image->height * PIECES_FLOATS * sizeof (float);

  if (!hole)
    return FALSE;
  if (!copied)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  if (stages->memory_limit > 0 && stages->base + bytes > stages->memory_limit)
    {
      if (!hl_stages_run_learned (stages, image, maps, progress, error)
          || !paint_patches (stages, image, maps, hole, progress, error))
        return FALSE;
      finish (maps, hole, -1);
      return TRUE;
    }
  pieces.copied = copied;
  if (!hl_quilt_run (&pieces, image, maps, hole, progress, error))
    return FALSE;
  finish (maps, copied, 0);
  note_memory (stages, pieces.memory);
  return quieten (stages, image, copied, progress, error);
}

static HlDeep
settings_of_deep (HlStages *stages)
{
  return (HlDeep) { .weights      = stages->weights,
                    .pool         = stages->pool,
                    .iterations   = stages->settings->iterations,
                    .seed         = stages->settings->seed,
                    .memory_limit = stages->memory_limit,
                    .fill         = fill_aside,
                    .data         = stages };
}

/**
 * hl_stages_refine:
 * @stages: as for #HlStage, like all parameters
 *
 * A pass of the denoiser with the weights that hl_stages_fit() fitted: hl_deep_refine().
 *
 * Returns: whether @image is a result
 */
gboolean
hl_stages_refine (HlStages *stages, HlImage *image, const HlMaps *maps, const HlProgress *progress,
                  GError **error)
{
  HlDeep             deep = settings_of_deep (stages);
  guint64            memory;
  g_autofree guint8 *reach = hl_regions_find_reach (maps->target, image->width, image->height,
                                                    HL_REGIONS_PRIOR_REACH, error);

  if (!reach || !hl_deep_refine (&deep, stages->fitted, image, reach, progress, &memory, error))
    return FALSE;
  note_memory (stages, memory);
  return TRUE;
}

/**
 * hl_stages_fit:
 * @stages: what the stages share; its fitted is set where the fitted weights are better
 * @image: (C, H, W), the picture, repaired by the learned prior
 * @maps: of the picture
 * @progress: to cancel, to stop and to follow it
 * @error: as of hl_repair_run()
 *
 * Fits the denoiser to the photograph: hl_deep_fit().
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_stages_fit (HlStages *stages, const HlImage *image, const HlMaps *maps,
               const HlProgress *progress, GError **error)
{
  HlDeep          deep   = settings_of_deep (stages);
  HlRestoreReport report = { 0 };

  if (!hl_deep_fit (&deep, image, maps, progress, &report, &stages->fitted, error))
    return FALSE;
  note_memory (stages, report.peak_memory_bytes);
  stages->report->iterations = report.iterations;
  stages->report->ended      = report.ended;
  stages->report->gain       = report.gain;
  stages->report->loss       = report.loss;
  return TRUE;
}

/**
 * hl_stages_clear:
 * @stages: what the stages shared
 *
 * Frees the network, the threads and the weights.
 */
void
hl_stages_clear (HlStages *stages)
{
  g_clear_pointer (&stages->denoiser, hl_denoiser_free);
  g_clear_pointer (&stages->weights, hl_weights_free);
  g_clear_pointer (&stages->fitted, hl_weights_free);
  g_clear_pointer (&stages->pool, hl_pool_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work a restoration will be, part by part, from the pixels that each part passes over: so
 * that progress runs as evenly as time, and the remaining time is true.
 *
 * The numbers below are seconds of one core for a megapixel, with AVX2, measured on scans of three
 * old prints and of a frame of film, 0.3 to 1 megapixels, and on mosaics of seven such scans of 3
 * and 12 megapixels, and kept where these differ at the middle. Of another machine only their
 * ratios matter. */
#include "restore/work.h"

#include <string.h>

#include "restore/area.h"
#include "restore/error.h"
#include "restore/regions.h"
#include "restore/repair.h"
#include "restore/stages.h"

#define SEARCH 1.0
#define BEFORE 0.3
#define EDGES 1.0
#define PASS 1.1      /* of the denoiser */
#define PASS_NEAR 2.2 /* of it near the damage alone */
#define PIECES 0.9
#define PATCHES 1.6
#define PATCHES_HOLE 20 /* of the hole alone */
#define WIENER 0.1
#define TV 5
#define PRIOR 12
#define AFTER 0.4

/* Seconds that the search for a blur takes, however large the photograph. */
#define BLUR_SEARCH 0.5

/* Of the learned prior, how long the deep one takes and its last pass; and of a pass, a step of the
 * untrained network. */
#define FIT 3
#define REFINE 1
#define UNTRAINED_STEP 5

/* Of search and restoration together, what the search takes of an ordinary scan. */
#define USUAL_SHARE 0.12

#define MEGA 1e6

/* Megapixels of the regions around @target, each counted as often as @passes says, where it is
 * set: then only what is near the damage. */
static gboolean
measure (const float *target, int width, int height, int context,
         double (*passes) (const float *target, int width, HlRect area), double *megapixels,
         GCancellable *cancel, GError **error)
{
  gboolean follows = passes != NULL;
  g_autoptr (GArray) regions
      = hl_regions_new (target, width, height, context, HL_REPAIR_MOST_PIXELS, follows, error);
  g_autofree guint8 *reach = NULL;

  *megapixels = 0;
  if (!regions || g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (follows)
    reach = hl_regions_find_reach (target, width, height, HL_REGIONS_PRIOR_REACH, error);
  if ((follows && !reach) || g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  for (guint i = 0; i < regions->len; i++)
    {
      HlRect area = g_array_index (regions, HlRegion, i).area;

      if (passes)
        *megapixels
            += passes (target, width, area) * hl_regions_count_reach (reach, width, area) / MEGA;
      else
        *megapixels += hl_rect_get_pixels (area) / MEGA;
    }
  return TRUE;
}

/* Megapixels of the regions around what pieces or patches cover, and of that itself; @left loses
 * what pieces cover. */
static gboolean
measure_wide (const float *target, int width, int height, const HlRestoreSettings *settings,
              gboolean pieces, float *left, double *megapixels, double *covered,
              GCancellable *cancel, GError **error)
{
  const HlStages     stages = { .settings = settings };
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole   = g_try_malloc (pixels);
  g_autofree float  *wide   = g_try_new (float, pixels);

  if (!hole || !wide)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  if (!hl_stages_find_wide (&stages, target, width, height, pieces, hole, error)
      || g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  *covered = 0;
  for (gsize i = 0; i < pixels; i++)
    {
      wide[i] = hole[i];
      *covered += hole[i] / MEGA;
      left[i] = pieces && hole[i] ? 0 : left[i];
    }
  return measure (wide, width, height,
                  pieces ? HL_REGIONS_PIECES_CONTEXT : HL_REGIONS_PATCHES_CONTEXT, NULL, megapixels,
                  cancel, error);
}

static double
get_deblur (const HlRestoreSettings *settings, double megapixels)
{
  double search = settings->deblur == HL_DEBLUR_AUTO && !settings->psf ? BLUR_SEARCH : 0;
  double each   = settings->deblur_method == HL_DEBLUR_PRIOR ? PRIOR
                  : settings->deblur_method == HL_DEBLUR_TV  ? TV
                                                             : WIENER;

  return settings->deblur < HL_DEBLUR_AUTO ? 0 : search + each * megapixels;
}

/**
 * hl_work_estimate:
 * @work: (out): what it will be
 * @target: (H, W), as hl_restore() is given it
 * @width: W
 * @height: H
 * @settings: what to do
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_work_estimate (HlWork *work, const float *target, int width, int height,
                  const HlRestoreSettings *settings, GCancellable *cancel, GError **error)
{
  gboolean          trained = settings->method != HL_METHOD_UNTRAINED;
  gboolean          deep    = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean          wide    = trained && settings->method != HL_METHOD_PRIOR;
  gboolean          whole   = settings->denoise || settings->deblur >= HL_DEBLUR_AUTO;
  double            all = width * (double) height / MEGA, cropped = all, edges, passes, once;
  double            pieces = 0, patches = 0, covered = 0;
  HlRect            damage;
  gsize             bytes = (gsize) width * height * sizeof (float);
  g_autofree float *left  = g_try_malloc (bytes);

  *work = (HlWork) { 0 };
  if (!left)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  memcpy (left, target, bytes);
  if (!measure (target, width, height, HL_REGIONS_EDGES_CONTEXT, NULL, &edges, cancel, error)
      || !measure (target, width, height, HL_REGIONS_UNTRAINED_CONTEXT, NULL, &once, cancel, error)
      || (wide
          && !measure_wide (target, width, height, settings, TRUE, left, &pieces, &covered, cancel,
                            error))
      || (wide
          && !measure_wide (target, width, height, settings, FALSE, left, &patches, &covered,
                            cancel, error))
      || !measure (left, width, height, HL_REGIONS_PRIOR_CONTEXT, hl_stages_count_passes, &passes,
                   cancel, error))
    return FALSE;
  if (!whole && hl_area_find_damage (target, width, height, &damage))
    cropped = hl_rect_get_pixels (hl_area_find (damage, (HlRect) { 0, 0, width, height })) / MEGA;
  work->before  = BEFORE * cropped;
  work->edges   = trained ? EDGES * edges : 0;
  work->learned = trained ? PASS_NEAR * passes : 0;
  work->fit     = deep       ? FIT * work->learned
                  : !trained ? settings->iterations * UNTRAINED_STEP * PASS * once
                             : 0;
  work->refine  = deep ? REFINE * work->learned : 0;
  work->pieces  = wide ? PIECES * pieces : 0;
  work->patches = wide ? PATCHES * patches + PATCHES_HOLE * covered : 0;
  work->noise   = settings->denoise ? PASS * all : 0;
  work->deblur  = get_deblur (settings, all);
  work->after   = AFTER * cropped;
  return TRUE;
}

/**
 * hl_work_get_repair:
 * @work: an estimate
 *
 * Returns: seconds of what hl_repair_run() does of it
 */
double
hl_work_get_repair (const HlWork *work)
{
  return work->edges + work->learned + work->fit + work->refine + work->pieces + work->patches
         + work->noise;
}

/**
 * hl_work_get_total:
 * @work: an estimate
 *
 * Returns: seconds of all of it
 */
double
hl_work_get_total (const HlWork *work)
{
  return work->before + hl_work_get_repair (work) + work->deblur + work->after;
}

/**
 * hl_work_get_search_share:
 * @target: (nullable): (H, W), what was found, or %NULL as long as it is not known: then as if
 *   there were the damage of an ordinary scan
 * @width: W
 * @height: H
 * @settings: what to do
 * @cancel: (nullable): to give up
 *
 * Returns: the share of the search for damage in the time of search and restoration together, 0..1
 */
double
hl_work_get_search_share (const float *target, int width, int height,
                          const HlRestoreSettings *settings, GCancellable *cancel)
{
  double search = SEARCH * width * (double) height / MEGA;
  HlWork work;

  if (!target || !hl_work_estimate (&work, target, width, height, settings, cancel, NULL))
    return USUAL_SHARE;
  return search / (search + hl_work_get_total (&work));
}

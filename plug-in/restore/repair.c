/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The repair: one region of damage after the other, stage by stage.
 *
 * The damage is cut into regions (regions.c), and each is taken out with its surroundings,
 * repaired and put back before the next one, which then sees it.  What a later region has not
 * reached yet is smooth from the first fill, so that stopping leaves no hole. */
#include "restore/repair.h"

#include "restore/error.h"
#include "restore/memory.h"
#include "restore/patches/patches.h"
#include "restore/regions.h"
#include "restore/stages.h"
#include "restore/weights_data.h"

/* Pixels that a region may have, with its surroundings: as many as the denoiser takes in one piece
 * (nn/denoiser.c). */
#define MOST_PIXELS 1000000

/* Of the time of the repair, roughly what the stages take: for the progress only. */
#define EDGES_SHARE 0.2   /* of edges and learned prior */
#define LEARNED_SHARE 0.2 /* of those and the fit */
#define FIT_SHARE 0.6
#define PATCHES_SHARE 0.2 /* of all */

/* Steps of the untrained network that take as long as a pass of the denoiser, roughly: likewise. */
#define STEPS_PER_PASS 0.2

/* Microseconds between two looks at one region that is being repaired. */
#define SHOW_EVERY (G_USEC_PER_SEC / 4)

typedef struct
{
  HlStages         *stages;
  const HlProgress *progress;
  HlImage          *image; /* all of the picture */
  const HlMaps     *maps;
  const HlRegion   *region; /* that is being repaired */
  gint64            shown;  /* when the result so far was last shown */
} Repair;

/**
 * hl_repair_load_weights:
 * @path: (nullable): a file of weights instead of those built in
 * @error: those of hl_weights_load()
 *
 * Returns: (transfer full): the weights of the learned prior, or %NULL
 */
HlWeights *
hl_repair_load_weights (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (path)
    return hl_weights_load (path, error);
  bytes = g_resource_lookup_data (hl_weights_data_get_resource (), "/heirloom/denoiser.safetensors",
                                  G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  return bytes ? hl_weights_new_from_bytes (bytes, NULL, error) : NULL;
}

/* Puts the target in the region's core back into the picture. */
static void
put_back (Repair *repair, const HlImage *crop)
{
  HlRect   area = repair->region->area, core = repair->region->core;
  HlImage *image = repair->image;
  gsize    plane = (gsize) image->width * image->height;
  gsize    small = (gsize) crop->width * crop->height;

  for (int y = core.top; y < core.bottom; y++)
    for (int x = core.left; x < core.right; x++)
      {
        gsize to   = (gsize) y * image->width + x;
        gsize from = (gsize) (y - area.top) * crop->width + x - area.left;

        for (int c = 0; c < image->channels && repair->maps->target[to] > 0; c++)
          image->planes[c * plane + to] = crop->planes[c * small + from];
      }
}

/* Shows the region as it is in the picture now. Where memory does not suffice for that, there is
 * no look at it. */
static void
show (Repair *repair)
{
  HlRect core = repair->region->core;
  g_autoptr (HlImage) part
      = repair->progress->result ? hl_image_crop (repair->image, core, NULL) : NULL;

  if (part)
    hl_progress_show (repair->progress, part, core.left, core.top);
  repair->shown = g_get_monotonic_time ();
}

static void
show_crop (const HlImage *crop, int x, int y, gpointer data)
{
  Repair *repair = data;

  if (g_get_monotonic_time () - repair->shown < SHOW_EVERY)
    return;
  put_back (repair, crop);
  show (repair);
}

/* The progress of a part of the work, with @iterations behind it. */
static HlProgress
begin_part (Repair *repair, double from, double to)
{
  HlProgress part = hl_progress_part (repair->progress, from, to);

  part.iterations = repair->stages->report->iterations;
  return part;
}

/* Takes the region out of the picture, repairs it and puts it back before the next one. */
static gboolean
run_on_region (Repair *repair, HlStage stage, HlProgress progress, GError **error)
{
  HlRect area              = repair->region->area;
  g_auto (HlMaps) maps     = { 0 };
  g_autoptr (HlImage) crop = hl_image_crop (repair->image, area, error);

  progress.result    = repair->progress->result ? show_crop : NULL;
  progress.user_data = repair;
  if (!crop || !hl_maps_init_crop (&maps, repair->maps, area, error)
      || !stage (repair->stages, crop, &maps, &progress, error))
    return FALSE;
  put_back (repair, crop);
  show (repair);
  hl_progress_report (&progress, 1, 0);
  return TRUE;
}

static GArray *
find_regions (const Repair *repair, const float *target, int context, double *pixels,
              GError **error)
{
  GArray *regions = hl_regions_new (target, repair->image->width, repair->image->height, context,
                                    MOST_PIXELS, error);

  *pixels = 0;
  for (guint i = 0; regions && i < regions->len; i++)
    *pixels += hl_rect_get_pixels (g_array_index (regions, HlRegion, i).area);
  return regions;
}

/* The same stage on each region of @target in turn; once @stop is cancelled on no more than the
 * first. */
static gboolean
run_on_all (Repair *repair, HlStage stage, const float *target, int context, double from, double to,
            GCancellable *stop, GError **error)
{
  double sum, done = 0;
  g_autoptr (GArray) regions = find_regions (repair, target, context, &sum, error);

  if (!regions)
    return FALSE;
  for (guint i = 0; i < regions->len; i++)
    {
      HlProgress part;
      double     pixels;

      repair->region = &g_array_index (regions, HlRegion, i);
      if (hl_progress_is_cancelled (repair->progress, error))
        return FALSE;
      if (i > 0 && g_cancellable_is_cancelled (stop))
        break;
      pixels    = hl_rect_get_pixels (repair->region->area);
      part      = begin_part (repair, from + (to - from) * done / sum,
                              from + (to - from) * (done + pixels) / sum);
      part.stop = stop;
      if (!run_on_region (repair, stage, part, error))
        return FALSE;
      done += pixels;
    }
  return TRUE;
}

/* Pieces or patches in those wide parts of the target that are for them. */
static gboolean
paint_wide (Repair *repair, gboolean pieces, double from, double to, GError **error)
{
  int                width = repair->image->width, height = repair->image->height;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole   = g_try_malloc (pixels);
  g_autofree float  *wide   = g_try_new (float, pixels);
  HlProgress         part   = begin_part (repair, from, to);

  if (!hole || !wide)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  if (!hl_stages_find_wide (repair->stages, repair->maps->target, width, height, pieces, hole,
                            error))
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    wide[i] = hole[i];
  if (!run_on_all (repair, pieces ? hl_stages_lay_pieces : hl_stages_paint_patches, wide,
                   pieces ? HL_REGIONS_PIECES_CONTEXT : HL_REGIONS_PATCHES_CONTEXT, from, to,
                   repair->progress->stop, error))
    return FALSE;
  hl_progress_report (&part, 1, 0);
  return TRUE;
}

/* The deep prior, from the learned prior's result on; all of the photograph teaches it.  Stopping
 * ends the fit.  What it has gained is for nothing without the refining pass, which takes some
 * seconds, so that only cancelling ends that one. */
static gboolean
fit_and_refine (Repair *repair, double from, double to, GError **error)
{
  double     middle = from + FIT_SHARE * (to - from) / (1 - LEARNED_SHARE);
  HlProgress fit    = begin_part (repair, from, middle);

  if (!hl_stages_fit (repair->stages, repair->image, repair->maps, &fit, error))
    return FALSE;
  return !repair->stages->fitted
         || run_on_all (repair, hl_stages_refine, repair->maps->target, HL_REGIONS_PRIOR_CONTEXT,
                        middle, to, NULL, error);
}

/* The stages in their order: what is quick first, and then what is better. */
static gboolean
run_stages (Repair *repair, double end, GError **error)
{
  const HlRestoreSettings *settings = repair->stages->settings;
  const float             *target   = repair->maps->target;
  gboolean                 deep    = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean                 patches = settings->method != HL_METHOD_PRIOR;
  double                   wide    = patches ? end * (1 - PATCHES_SHARE) : end;
  double                   learned = deep ? wide * LEARNED_SHARE : wide;
  double                   middle  = (wide + end) / 2;
  GCancellable            *stop    = repair->progress->stop;

  return run_on_all (repair, hl_stages_diffuse_edges, target, HL_REGIONS_EDGES_CONTEXT, 0,
                     learned * EDGES_SHARE, stop, error)
         && run_on_all (repair, hl_stages_run_learned, target, HL_REGIONS_PRIOR_CONTEXT,
                        learned * EDGES_SHARE, learned, stop, error)
         && (!deep || fit_and_refine (repair, learned, wide, error))
         && (!patches
             || (paint_wide (repair, TRUE, wide, middle, error)
                 && paint_wide (repair, FALSE, middle, end, error)));
}

/* Of the time, what the repair takes where the noise is to go afterwards, by the pixels that pass
 * the denoiser. */
static gboolean
estimate_share (const Repair *repair, double *share, GError **error)
{
  const HlRestoreSettings *settings = repair->stages->settings;
  double                   pixels, passes = HL_STAGES_PASSES / (1 - EDGES_SHARE);
  double                   whole = (double) repair->image->width * repair->image->height;
  g_autoptr (GArray) regions     = NULL;

  *share = 1;
  if (!settings->denoise)
    return TRUE;
  regions = find_regions (repair, repair->maps->target, HL_REGIONS_PRIOR_CONTEXT, &pixels, error);
  if (!regions)
    return FALSE;
  if (settings->method == HL_METHOD_UNTRAINED)
    passes = settings->iterations / STEPS_PER_PASS;
  else if (settings->method == HL_METHOD_DEEP && settings->iterations > 0)
    passes /= LEARNED_SHARE;
  *share = passes * pixels / (passes * pixels + whole);
  return TRUE;
}

/**
 * hl_repair_run:
 * @image: (C, H, W), 0..1, finite, holes filled smoothly; becomes the repaired picture, changed
 *   in the target, or everywhere where the noise is to go
 * @maps: of it; not all without a source
 * @noise_level: standard deviation of its noise, 0..1
 * @settings: what to do
 * @progress: to cancel, to stop and to follow it; its result is shown region by region
 * @report: its iterations, loss and peak_memory_bytes are set
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, and those of
 *   hl_weights_load()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_repair_run (HlImage *image, const HlMaps *maps, double noise_level,
               const HlRestoreSettings *settings, const HlProgress *progress,
               HlRestoreReport *report, GError **error)
{
  g_auto (HlStages) stages = { .settings     = settings,
                               .report       = report,
                               .grain_level  = noise_level,
                               .memory_limit = hl_memory_find_limit (settings->memory_limit),
                               .base         = report->peak_memory_bytes };
  Repair     repair  = { .stages = &stages, .progress = progress, .image = image, .maps = maps };
  gboolean   trained = settings->method != HL_METHOD_UNTRAINED, done;
  double     share;
  HlProgress rest;

  stages.pool = hl_pool_new (settings->threads);
  hl_pool_set_cancel (stages.pool, progress->cancel);
  if (trained || settings->denoise)
    {
      stages.weights = hl_repair_load_weights (settings->weights, error);
      if (!stages.weights)
        return FALSE;
    }
  if (!estimate_share (&repair, &share, error))
    return FALSE;
  if (trained)
    done = run_stages (&repair, share, error);
  else
    done = settings->iterations == 0
           || run_on_all (&repair, hl_stages_run_untrained, maps->target, HL_REGIONS_PRIOR_CONTEXT,
                          0, share, progress->stop, error);
  if (!done || !settings->denoise)
    return done;
  rest           = begin_part (&repair, share, 1);
  rest.result    = progress->result;
  rest.user_data = progress->user_data;
  return hl_stages_remove_noise (&stages, image, maps, &rest, error);
}

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
#include "restore/work.h"

/* Microseconds between two looks at one region that is being repaired. */
#define SHOW_EVERY (G_USEC_PER_SEC / 4)

typedef struct
{
  HlStages         *stages;
  const HlProgress *progress;
  HlImage          *image; /* all of the picture */
  const HlMaps     *maps;
  const HlRegion   *region;      /* that is being repaired */
  gint64            shown;       /* when the result so far was last shown */
  double            done, whole; /* seconds of work, as estimated */
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

/* The progress of the part of the work that takes so many seconds. */
static HlProgress
begin_part (Repair *repair, double seconds)
{
  double     from = repair->done / repair->whole, to = (repair->done + seconds) / repair->whole;
  HlProgress part = hl_progress_part (repair->progress, MIN (from, 1), MIN (to, 1));

  repair->done += seconds;
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

/* The same stage on each region of @target in turn, which takes so many @seconds; once @stop is
 * cancelled on no more than the first. */
static gboolean
run_on_all (Repair *repair, HlStage stage, const float *target, int context, double seconds,
            GCancellable *stop, GError **error)
{
  int width                  = repair->image->width;
  g_autoptr (GArray) regions = hl_regions_new (target, width, repair->image->height, context,
                                               HL_REPAIR_MOST_PIXELS, error);
  g_autofree double *costs   = regions ? g_new (double, regions->len) : NULL;
  double             sum     = 0;

  for (guint i = 0; regions && i < regions->len; i++)
    {
      HlRect area = g_array_index (regions, HlRegion, i).area;

      costs[i] = hl_rect_get_pixels (area) * hl_stages_count_passes (target, width, area);
      sum += costs[i];
    }
  for (guint i = 0; regions && i < regions->len; i++)
    {
      HlProgress part;

      repair->region = &g_array_index (regions, HlRegion, i);
      if (hl_progress_is_cancelled (repair->progress, error))
        return FALSE;
      if (i > 0 && g_cancellable_is_cancelled (stop))
        break;
      part      = begin_part (repair, seconds * costs[i] / sum);
      part.stop = stop;
      if (!run_on_region (repair, stage, part, error))
        return FALSE;
    }
  return regions != NULL;
}

/* Pieces or patches in those wide parts of the target that are for them. */
static gboolean
paint_wide (Repair *repair, gboolean pieces, double seconds, GError **error)
{
  int                width = repair->image->width, height = repair->image->height;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole   = g_try_malloc (pixels);
  g_autofree float  *wide   = g_try_new (float, pixels);

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
  return run_on_all (repair, pieces ? hl_stages_lay_pieces : hl_stages_paint_patches, wide,
                     pieces ? HL_REGIONS_PIECES_CONTEXT : HL_REGIONS_PATCHES_CONTEXT, seconds,
                     repair->progress->stop, error);
}

/* The deep prior, from the learned prior's result on; all of the photograph teaches it.  Stopping
 * ends the fit.  What it has gained is for nothing without the refining pass, which takes some
 * seconds, so that only cancelling ends that one. */
static gboolean
fit_and_refine (Repair *repair, const HlWork *work, GError **error)
{
  HlProgress fit = begin_part (repair, work->fit);

  if (!hl_stages_fit (repair->stages, repair->image, repair->maps, &fit, error))
    return FALSE;
  if (repair->stages->fitted)
    return run_on_all (repair, hl_stages_refine, repair->maps->target, HL_REGIONS_PRIOR_CONTEXT,
                       work->refine, NULL, error);
  repair->done += work->refine;
  return TRUE;
}

/* The stages in their order: what is quick first, and then what is better. */
static gboolean
run_stages (Repair *repair, const HlWork *work, GError **error)
{
  const HlRestoreSettings *settings = repair->stages->settings;
  const float             *target   = repair->maps->target;
  gboolean                 deep    = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean                 patches = settings->method != HL_METHOD_PRIOR;
  GCancellable            *stop    = repair->progress->stop;

  return run_on_all (repair, hl_stages_diffuse_edges, target, HL_REGIONS_EDGES_CONTEXT, work->edges,
                     stop, error)
         && run_on_all (repair, hl_stages_run_learned, target, HL_REGIONS_PRIOR_CONTEXT,
                        work->learned, stop, error)
         && (!deep || fit_and_refine (repair, work, error))
         && (!patches
             || (paint_wide (repair, TRUE, work->pieces, error)
                 && paint_wide (repair, FALSE, work->patches, error)));
}

/**
 * hl_repair_run:
 * @image: (C, H, W), 0..1, finite, holes filled smoothly; becomes the repaired picture, changed
 *   in the target, or everywhere where the noise is to go
 * @maps: of it; not all without a source
 * @noise_level: standard deviation of its noise, 0..1
 * @settings: what to do
 * @work: how much that is, for the progress
 * @progress: to cancel, to stop and to follow it; its result is shown region by region
 * @report: its iterations, loss and peak_memory_bytes are set
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, and those of
 *   hl_weights_load()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_repair_run (HlImage *image, const HlMaps *maps, double noise_level,
               const HlRestoreSettings *settings, const HlWork *work, const HlProgress *progress,
               HlRestoreReport *report, GError **error)
{
  g_auto (HlStages) stages = { .settings     = settings,
                               .report       = report,
                               .grain_level  = noise_level,
                               .memory_limit = hl_memory_find_limit (settings->memory_limit),
                               .base         = report->peak_memory_bytes };
  Repair     repair  = { .stages = &stages, .progress = progress, .image = image, .maps = maps };
  gboolean   trained = settings->method != HL_METHOD_UNTRAINED, done;
  HlProgress rest;

  stages.pool = hl_pool_new (settings->threads);
  hl_pool_set_cancel (stages.pool, progress->cancel);
  if (trained || settings->denoise)
    {
      stages.weights = hl_repair_load_weights (settings->weights, error);
      if (!stages.weights)
        return FALSE;
    }
  repair.whole = MAX (hl_work_get_repair (work), 1e-9);
  if (trained)
    done = run_stages (&repair, work, error);
  else
    done = settings->iterations == 0
           || run_on_all (&repair, hl_stages_run_untrained, maps->target, HL_REGIONS_PRIOR_CONTEXT,
                          work->fit, progress->stop, error);
  if (!done || !settings->denoise)
    return done;
  rest           = begin_part (&repair, work->noise);
  rest.result    = progress->result;
  rest.user_data = progress->user_data;
  return hl_stages_remove_noise (&stages, image, maps, &rest, error);
}

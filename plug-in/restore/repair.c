/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One piece of damage after the other, each by the priors that are asked for.
 *
 * The damage is cut into regions (regions.c), and each is taken out with its surroundings,
 * mended and put back before the next one, which then sees it.  What a later region has not
 * reached yet is smooth from the first fill, so that stopping leaves no hole. */
#include "restore/repair.h"

#include <math.h>
#include <string.h>
#ifdef G_OS_UNIX
#include <sys/resource.h>
#endif

#include "restore/error.h"
#include "restore/patches/patches.h"
#include "restore/regions.h"
#include "restore/stages.h"
#include "restore/weights_data.h"

/* Of the memory that the machine has free, what a restoration may take. */
#define MEMORY_SHARE 0.8

/* Pixels of surroundings that a region sees, while edges are carried on, by the priors and where
 * patches are looked for, and that it may have in all. */
#define EDGE_CONTEXT 16
#define CONTEXT 32
#define PATCHES_CONTEXT 128

/* Of the time, about. */
#define EDGE_SHARE 0.2
#define LEARNED_SHARE 0.2 /* with the edges, where the deep prior follows */
#define FIT_SHARE 0.6
#define PATCHES_SHARE 0.2
#define MOST_PIXELS 1000000

/* Microseconds between two looks at one region that is being mended. */
#define TELL_EVERY (G_USEC_PER_SEC / 4)

typedef struct
{
  HlStages               *stages;
  const HlRestoreControl *control;
  double                  first, share; /* of the progress, of one prior in one region */
  HlImage                *image;        /* all of the picture */
  const float            *known;
  const HlRegion         *region; /* that is being mended */
  gint64                  told;   /* when the result so far was last told */
} Repair;

/**
 * hl_repair_find_memory_limit:
 * @settings: what to do
 *
 * Returns: bytes that may be taken: what is free, within what the process is allowed; 0, for no
 *   limit, where the machine tells neither
 */
guint64
hl_repair_find_memory_limit (const HlRestoreSettings *settings)
{
  g_autofree char *text  = NULL;
  const char      *found = NULL;
  guint64          limit = G_MAXUINT64;

  if (settings->memory_limit)
    return settings->memory_limit;
  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    found = strstr (text, "MemAvailable:");
  if (found)
    limit = 1024 * g_ascii_strtoull (found + strlen ("MemAvailable:"), NULL, 10);
#ifdef G_OS_UNIX
  {
    struct rlimit allowed;

    if (getrlimit (RLIMIT_AS, &allowed) == 0 && allowed.rlim_cur != RLIM_INFINITY)
      limit = MIN (limit, allowed.rlim_cur);
  }
#endif
  return limit == G_MAXUINT64 ? 0 : MEMORY_SHARE * limit;
}

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
  return bytes ? hl_weights_new_from_bytes (bytes, "denoiser.safetensors", error) : NULL;
}

static void
note_progress (double fraction, guint iteration, gpointer data)
{
  Repair *repair = data;

  if (repair->control->progress)
    repair->control->progress (MIN (repair->first + repair->share * fraction, 1),
                               repair->stages->iterations + iteration, repair->control->user_data);
}

static void
copy_box (HlBox box, const float *from, int width, float *to)
{
  int cols = box.right - box.left;

  for (int y = box.top; y < box.bottom; y++)
    memcpy (to + (gsize) (y - box.top) * cols, from + (gsize) y * width + box.left,
            cols * sizeof (float));
}

static HlImage *
cut_out (const HlImage *image, HlBox box, GError **error)
{
  HlImage *crop = hl_image_new (image->channels, box.right - box.left, box.bottom - box.top, error);
  gsize    plane = (gsize) image->width * image->height;

  for (int c = 0; crop && c < image->channels; c++)
    copy_box (box, image->planes + c * plane, image->width,
              crop->planes + c * (gsize) crop->width * crop->height);
  return crop;
}

/* Puts what was not known of the region's core back into the picture. */
static void
put_back (Repair *repair, const HlImage *crop)
{
  HlBox    area = repair->region->area, core = repair->region->core;
  HlImage *image = repair->image;
  gsize    plane = (gsize) image->width * image->height;
  gsize    small = (gsize) crop->width * crop->height;

  for (int y = core.top; y < core.bottom; y++)
    for (int x = core.left; x < core.right; x++)
      {
        gsize to   = (gsize) y * image->width + x;
        gsize from = (gsize) (y - area.top) * crop->width + x - area.left;

        for (int c = 0; c < image->channels && repair->known[to] < 1; c++)
          image->planes[c * plane + to] = crop->planes[c * small + from];
      }
}

/* Tells of the region as it is in the picture now. Where memory does not suffice for that,
 * nobody misses it. */
static void
tell (Repair *repair)
{
  HlBox core               = repair->region->core;
  g_autoptr (HlImage) part = repair->control->result ? cut_out (repair->image, core, NULL) : NULL;

  if (part)
    repair->control->result (part, core.left, core.top, repair->control->user_data);
  repair->told = g_get_monotonic_time ();
}

static void
note_result (const HlImage *crop, int x, int y, gpointer data)
{
  Repair *repair = data;

  if (g_get_monotonic_time () - repair->told < TELL_EVERY)
    return;
  put_back (repair, crop);
  tell (repair);
}

/* What a prior that works on one region is given. */
static HlRestoreControl
follow (Repair *repair)
{
  return (HlRestoreControl) { .cancel    = repair->control->cancel,
                              .stop      = repair->control->stop,
                              .progress  = note_progress,
                              .result    = repair->control->result ? note_result : NULL,
                              .user_data = repair };
}

/* Takes the region out of the picture, mends it and puts it back before the next one. */
static gboolean
mend (Repair *repair, HlStage stage, GError **error)
{
  HlBox            area     = repair->region->area;
  HlRestoreControl control  = follow (repair);
  g_autoptr (HlImage) crop  = cut_out (repair->image, area, error);
  g_autoptr (HlImage) trust = crop ? hl_image_new (1, crop->width, crop->height, error) : NULL;

  if (!trust)
    return FALSE;
  copy_box (area, repair->known, repair->image->width, trust->planes);
  if (!stage (repair->stages, crop, trust->planes, &control, error))
    return FALSE;
  put_back (repair, crop);
  tell (repair);
  return TRUE;
}

/* The same stage on each region in turn, @share of all the work. */
static gboolean
mend_all (Repair *repair, HlStage stage, const float *mask, int context, double share,
          GError **error)
{
  g_autoptr (GArray) regions = hl_regions_new (mask, repair->image->width, repair->image->height,
                                               context, MOST_PIXELS, error);
  double sum                 = 0;

  if (!regions)
    return FALSE;
  for (guint i = 0; i < regions->len; i++)
    sum += hl_box_get_pixels (g_array_index (regions, HlRegion, i).area);
  for (guint i = 0; i < regions->len; i++)
    {
      repair->region = &g_array_index (regions, HlRegion, i);
      if (g_cancellable_set_error_if_cancelled (repair->control->cancel, error))
        return FALSE;
      if (i > 0 && g_cancellable_is_cancelled (repair->control->stop))
        break;
      repair->share = share * hl_box_get_pixels (repair->region->area) / sum;
      if (!mend (repair, stage, error))
        return FALSE;
      note_progress (1, 0, repair);
      repair->first += repair->share;
    }
  return TRUE;
}

/* The wide parts of the damage, once more. */
static gboolean
mend_wide (Repair *repair, GError **error)
{
  int                width = repair->image->width, height = repair->image->height;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole   = g_try_malloc (pixels);
  g_autofree float  *mask   = g_try_new (float, pixels);

  if (!hole || !mask)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  repair->share = 1 - repair->first;
  if (!hl_patches_find (repair->known, width, height, hole))
    {
      note_progress (1, 0, repair);
      return TRUE;
    }
  for (gsize i = 0; i < pixels; i++)
    mask[i] = hole[i];
  return mend_all (repair, hl_stages_paint_patches, mask, PATCHES_CONTEXT, 1 - repair->first,
                   error);
}

/* The deep prior, from the learned prior's result on; all of the photograph teaches it. */
static gboolean
go_deeper (Repair *repair, const float *mask, double end, GError **error)
{
  HlRestoreControl control = follow (repair);

  repair->share = FIT_SHARE;
  if (!hl_stages_fit (repair->stages, repair->image, mask, repair->known, &control, error))
    return FALSE;
  repair->first += FIT_SHARE;
  return !repair->stages->fitted
         || mend_all (repair, hl_stages_refine, mask, CONTEXT, end - repair->first, error);
}

/* The stages of the ladder: what is quick first, and then what is better. */
static gboolean
climb (Repair *repair, const float *mask, GError **error)
{
  const HlRestoreSettings *settings = repair->stages->settings;
  gboolean                 deep    = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean                 patches = settings->method != HL_METHOD_PRIOR;
  double                   end     = patches ? 1 - PATCHES_SHARE : 1; /* of the other work */

  return mend_all (repair, hl_stages_diffuse_edges, mask, EDGE_CONTEXT,
                   end * EDGE_SHARE * (deep ? LEARNED_SHARE : 1), error)
         && mend_all (repair, hl_stages_run_learned, mask, CONTEXT,
                      end * (deep ? LEARNED_SHARE : 1) - repair->first, error)
         && (!deep || go_deeper (repair, mask, end, error))
         && (!patches || mend_wide (repair, error));
}

/**
 * hl_repair_run:
 * @image: (C, H, W), 0..1, finite, holes filled smoothly; becomes the mended picture, changed
 *   where it is not wholly known, or everywhere where the noise is to go
 * @mask: (H, W), above 0 where it is to be mended
 * @known: (H, W), 0 for unknown to 1 for known, not all 0
 * @noise_level: standard deviation of its noise, 0..1
 * @settings: what to do
 * @control: to cancel, to stop and to follow it; its result is told of @image, region by region
 * @report: its iterations, loss and peak_memory_bytes are set
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, and those of
 *   hl_weights_load()
 *
 * Returns: whether @image is a result
 */
gboolean
hl_repair_run (HlImage *image, const float *mask, const float *known, double noise_level,
               const HlRestoreSettings *settings, const HlRestoreControl *control,
               HlRestoreReport *report, GError **error)
{
  g_auto (HlStages) stages = { .settings     = settings,
                               .report       = report,
                               .grain_level  = noise_level,
                               .memory_limit = hl_repair_find_memory_limit (settings),
                               .base         = report->peak_memory_bytes };
  Repair   repair  = { .stages = &stages, .control = control, .image = image, .known = known };
  gboolean trained = settings->method != HL_METHOD_UNTRAINED, done;

  stages.pool = hl_pool_new (settings->threads);
  hl_pool_set_cancel (stages.pool, control->cancel);
  if (trained || settings->denoise)
    {
      stages.weights = hl_repair_load_weights (settings->weights, error);
      if (!stages.weights)
        return FALSE;
    }
  if (trained)
    done = climb (&repair, mask, error);
  else
    done = settings->iterations == 0
           || mend_all (&repair, hl_stages_run_untrained, mask, CONTEXT, 1, error);
  return done
         && (!settings->denoise
             || hl_stages_remove_noise (&stages, image, known, control->cancel, error));
}

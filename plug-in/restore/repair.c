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

#include "restore/coherence.h"
#include "restore/deep.h"
#include "restore/error.h"
#include "restore/hqs.h"
#include "restore/mask.h"
#include "restore/patches.h"
#include "restore/regions.h"
#include "restore/untrained.h"
#include "restore/weights_data.h"

/* Of the memory that the machine has free, what a restoration may take. */
#define MEMORY_SHARE 0.8

/* Of an estimated noise level, what the learned prior is told. The whole of it smooths too much
 * now and then: with noise of 15 of 255 the half was the best in the mean over scratches and
 * blotches, with noise of 5 a quarter is as good. */
#define TRUSTED 0.5

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
#define LAST_SIGMA (3 / 255.0)
#define SPARSE_LAST_SIGMA (1.5 / 255.0)

/* Microseconds between two looks at one region that is being mended. */
#define TELL_EVERY (G_USEC_PER_SEC / 4)

typedef struct
{
  const HlRestoreSettings *settings;
  const HlRestoreControl  *control;
  HlRestoreReport         *report;
  double                   noise_level; /* that the priors are told */
  double                   grain_level; /* that was measured or set */
  guint64                  memory_limit, base;
  HlWeights               *weights, *fitted; /* fitted: to this photograph, if better */
  HlPool                  *pool;
  double                   first, share; /* of the progress, of one prior in one region */
  guint                    iterations;   /* before this region */
  HlImage                 *image;        /* all of the picture */
  const float             *known;
  const HlRegion          *region; /* that is being mended */
  gint64                   told;   /* when the result so far was last told */
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
note_memory (Repair *repair, guint64 bytes)
{
  repair->report->peak_memory_bytes = MAX (repair->report->peak_memory_bytes, repair->base + bytes);
}

static void
note_progress (double fraction, guint iteration, gpointer data)
{
  Repair *repair = data;

  if (repair->control->progress)
    repair->control->progress (MIN (repair->first + repair->share * fraction, 1),
                               repair->iterations + iteration, repair->control->user_data);
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

static HlDenoiser *
new_denoiser (Repair *repair, const HlImage *image, GError **error)
{
  HlDenoiser *denoiser = hl_denoiser_new (repair->weights, repair->pool, image->height,
                                          image->width, repair->memory_limit, error);

  if (denoiser)
    note_memory (repair, hl_denoiser_get_memory (denoiser));
  return denoiser;
}

static gboolean
run_learned (Repair *repair, HlImage *image, const float *known, GError **error)
{
  g_autoptr (HlImage) seen        = hl_image_copy (image, error);
  g_autoptr (HlDenoiser) denoiser = seen ? new_denoiser (repair, image, error) : NULL;
  HlKnownPixels    pixels         = { seen, known, repair->noise_level };
  HlDataStep       data           = { hl_known_pixels_solve, &pixels };
  HlRestoreControl control        = follow (repair);
  double           width          = hl_mask_get_width (known, image->width, image->height);
  double           wide  = CLAMP ((log (width) - log (THIN)) / (log (WIDE) - log (THIN)), 0, 1);
  double           first = THIN_SIGMA * pow (WIDE_SIGMA / THIN_SIGMA, wide), last, sum = 0;
  int              n = image->width * image->height, steps;
  gboolean         sparse;
  float            sigma[MOST_STEPS];

  for (int i = 0; i < n; i++)
    sum += known[i];
  sparse = sum < LITTLE * n;
  steps  = sparse ? MOST_STEPS : STEPS;
  first  = sparse ? SPARSE_SIGMA : first;
  last   = MIN (MAX (sparse ? SPARSE_LAST_SIGMA : LAST_SIGMA, repair->noise_level), first);
  for (int k = 0; k < steps; k++)
    sigma[k] = first * pow (last / first, k / (steps - 1.0));
  return denoiser
         && hl_hqs_run (denoiser, &data, sigma, steps,
                        sparse ? HL_HQS_MIRRORED | HL_HQS_HURRIED : HL_HQS_MIRRORED, image,
                        &control, error);
}

/* Takes the noise out everywhere; what was painted anew has none. */
static gboolean
remove_noise (Repair *repair, HlImage *image, const float *known, double noise_level,
              GError **error)
{
  g_autoptr (HlDenoiser) denoiser = new_denoiser (repair, image, error);
  g_autoptr (HlImage) level
      = denoiser ? hl_image_new (1, image->width, image->height, error) : NULL;

  if (!level)
    return FALSE;
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    level->planes[i] = known[i] * noise_level;
  return hl_denoiser_run (denoiser, image->planes, image->channels, level->planes, 0, image->planes,
                          repair->control->cancel, error);
}

/* The learned prior on a picture that nobody sees. */
static gboolean
fill_aside (HlImage *image, const float *known, gpointer data, GError **error)
{
  const HlRestoreControl none  = { 0 };
  Repair                 aside = *(Repair *) data;

  aside.control = &none;
  return run_learned (&aside, image, known, error);
}

/* What is done to a region. */
typedef gboolean (*Work) (Repair *repair, HlImage *image, const float *known, GError **error);

static gboolean
carry_edges_on (Repair *repair, HlImage *image, const float *known, GError **error)
{
  return hl_cohere (image, known, repair->control->cancel, error);
}

static gboolean
run_untrained (Repair *repair, HlImage *image, const float *known, GError **error)
{
  const HlRestoreSettings *settings = repair->settings;
  HlRestoreReport          report   = { 0 };
  HlRestoreControl         control  = follow (repair);
  HlUntrained              task     = { .iterations   = settings->iterations,
                                        .noise_level  = repair->noise_level,
                                        .seed         = settings->seed,
                                        .memory_limit = repair->memory_limit };
  gsize                    at = 0, pixels = (gsize) image->width * image->height;

  /* In the midst of a large hole there is nothing to fit. */
  while (at < pixels && known[at] <= 0)
    at++;
  if (at == pixels)
    return TRUE;
  if (!hl_untrained_run (&task, image, known, repair->pool, &control, &report, error))
    return FALSE;
  note_memory (repair, report.peak_memory_bytes);
  repair->report->loss = report.loss;
  repair->iterations += report.iterations;
  repair->report->iterations = repair->iterations;
  return TRUE;
}

static gboolean
paint_patches (Repair *repair, HlImage *image, const float *known, GError **error)
{
  const HlRestoreSettings *settings = repair->settings;
  g_autofree guint8       *hole     = g_try_malloc ((gsize) image->width * image->height);
  g_autoptr (HlDenoiser) denoiser   = NULL;
  HlRestoreControl control          = follow (repair);

  if (!hole || !hl_patches_find (known, image->width, image->height, hole))
    return TRUE;
  denoiser = new_denoiser (repair, image, error);
  return denoiser
         && hl_patches_run (image, known, hole, denoiser, fmax (LAST_SIGMA, repair->grain_level),
                            settings->denoise ? 0 : settings->grain, settings->seed, &control,
                            error);
}

static HlDeep
settings_of_deep (Repair *repair)
{
  return (HlDeep) { .weights      = repair->weights,
                    .pool         = repair->pool,
                    .iterations   = repair->settings->iterations,
                    .noise_level  = repair->noise_level,
                    .seed         = repair->settings->seed,
                    .memory_limit = repair->memory_limit,
                    .fill         = fill_aside,
                    .data         = repair };
}

static gboolean
run_deep (Repair *repair, HlImage *image, const float *known, GError **error)
{
  HlDeep           deep    = settings_of_deep (repair);
  HlRestoreControl control = follow (repair);
  guint64          memory;

  if (!hl_deep_refine (&deep, repair->fitted, image, known, &control, &memory, error))
    return FALSE;
  note_memory (repair, memory);
  return TRUE;
}

/* Takes the region out of the picture, mends it and puts it back before the next one. */
static gboolean
mend (Repair *repair, Work work, GError **error)
{
  HlBox area                = repair->region->area;
  g_autoptr (HlImage) crop  = cut_out (repair->image, area, error);
  g_autoptr (HlImage) trust = crop ? hl_image_new (1, crop->width, crop->height, error) : NULL;

  if (!trust)
    return FALSE;
  copy_box (area, repair->known, repair->image->width, trust->planes);
  if (!work (repair, crop, trust->planes, error))
    return FALSE;
  put_back (repair, crop);
  tell (repair);
  return TRUE;
}

/* The same work on each region in turn, @share of all the work. */
static gboolean
mend_all (Repair *repair, Work work, const float *mask, int context, double share, GError **error)
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
      if (!mend (repair, work, error))
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
  return mend_all (repair, paint_patches, mask, PATCHES_CONTEXT, 1 - repair->first, error);
}

/* The deep prior, from the learned prior's result on; all of the photograph teaches it. */
static gboolean
go_deeper (Repair *repair, const float *mask, double end, GError **error)
{
  HlDeep           deep        = settings_of_deep (repair);
  HlRestoreControl control     = follow (repair);
  HlRestoreReport  report      = { 0 };
  g_autoptr (HlWeights) fitted = NULL;
  double first                 = repair->first;

  repair->share = FIT_SHARE;
  if (!hl_deep_fit (&deep, repair->image, mask, repair->known, &control, &report, &fitted, error))
    return FALSE;
  note_memory (repair, report.peak_memory_bytes);
  repair->report->iterations = report.iterations;
  repair->report->ended      = report.ended;
  repair->report->gain       = report.gain;
  repair->report->loss       = report.loss;
  repair->first              = first + FIT_SHARE;
  repair->iterations         = report.iterations;
  repair->fitted             = fitted;
  return !fitted || mend_all (repair, run_deep, mask, CONTEXT, end - repair->first, error);
}

/* The rungs of the ladder: what is quick first, and then what is better. */
static gboolean
climb (Repair *repair, const float *mask, GError **error)
{
  const HlRestoreSettings *settings = repair->settings;
  gboolean                 deep    = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean                 patches = settings->method != HL_METHOD_PRIOR;
  double                   end     = patches ? 1 - PATCHES_SHARE : 1; /* of the other work */

  return mend_all (repair, carry_edges_on, mask, EDGE_CONTEXT,
                   end * EDGE_SHARE * (deep ? LEARNED_SHARE : 1), error)
         && mend_all (repair, run_learned, mask, CONTEXT,
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
  Repair repair                 = { .settings     = settings,
                                    .control      = control,
                                    .report       = report,
                                    .noise_level  = noise_level * (settings->auto_noise ? TRUSTED : 1),
                                    .grain_level  = noise_level,
                                    .memory_limit = hl_repair_find_memory_limit (settings),
                                    .image        = image,
                                    .known        = known,
                                    .base         = report->peak_memory_bytes };
  g_autoptr (HlWeights) weights = NULL;
  g_autoptr (HlPool) pool       = hl_pool_new (settings->threads);
  gboolean trained              = settings->method != HL_METHOD_UNTRAINED, done;

  repair.pool = pool;
  hl_pool_set_cancel (pool, control->cancel);
  if (trained || settings->denoise)
    {
      repair.weights = weights = hl_repair_load_weights (settings->weights, error);
      if (!weights)
        return FALSE;
    }
  if (trained)
    done = climb (&repair, mask, error);
  else
    done = settings->iterations == 0 || mend_all (&repair, run_untrained, mask, CONTEXT, 1, error);
  return done && (!settings->denoise || remove_noise (&repair, image, known, noise_level, error));
}

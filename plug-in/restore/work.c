/* How much work a restoration will be, part by part, from the pixels that each part passes over: so
 * that progress runs as evenly as time, and the remaining time is true. What the stages of the
 * repair take says plan.c.
 *
 * The numbers below are seconds of one core for a megapixel, measured like those there. */
#include "restore/work.h"

#include <string.h>

#include "restore/area.h"
#include "restore/error.h"
#include "restore/find/reduced.h"
#include "restore/plan.h"
#include "restore/stages.h"

#define SEARCH 2.1      /* of the photograph as the search sees it */
#define SEARCH_FULL 0.1 /* of the photograph */
#define CUT 0.15        /* of what was found, and whether there is a blur */
#define BEFORE 0.18
#define PASS 0.85 /* of the denoiser */
#define WIENER 0.1
#define TV 5
#define PRIOR 12
#define AFTER 0.15

/* Seconds whatever the size: the search for a blur, whether there is one, and learning the grain.
 */
#define BLUR_SEARCH 0.5
#define BLUR_DECISION 0.15
#define GRAIN 0.15

/* Of the learned prior, how long the deep one takes and its last pass. */
#define FIT 3
#define REFINE 1

/* What the restoration takes of a photograph as such, and of what the search, after a first look,
 * takes for damage; and how much that is of an ordinary scan. */
#define RESTORE 3
#define RESTORE_DAMAGED 45
#define USUAL_DAMAGED 0.11

#define MEGA 1e6

static gboolean
measure (HlPlanKind kind, const float *target, int width, int height, double *seconds,
         GCancellable *cancel, GError **error)
{
  g_auto (HlPlan) plan = { 0 };

  if (!hl_plan_init (&plan, kind, target, width, height, cancel, error))
    return FALSE;
  *seconds = plan.total;
  return TRUE;
}

/* What pieces or patches take, as the settings have it; @left loses what pieces cover. */
static gboolean
measure_wide (HlPlanKind kind, const float *target, int width, int height,
              const HlRestoreSettings *settings, float *left, double *seconds, GCancellable *cancel,
              GError **error)
{
  const HlStages     stages = { .settings = settings };
  gboolean           pieces = kind == HL_PLAN_PIECES;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole   = g_try_malloc (pixels);
  g_autofree float  *wide   = g_try_new (float, pixels);

  if (!hole || !wide)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  if (!hl_stages_find_wide (&stages, target, width, height, pieces, hole, cancel, error))
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      wide[i] = hole[i];
      left[i] = pieces && hole[i] ? 0 : left[i];
    }
  return measure (kind, wide, width, height, seconds, cancel, error);
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
  double            all = width * (double) height / MEGA, cropped = all, step;
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
  if (!trained)
    {
      if (!measure (HL_PLAN_UNTRAINED, target, width, height, &step, cancel, error))
        return FALSE;
      work->fit = settings->iterations * step;
    }
  else if (!measure (HL_PLAN_EDGES, target, width, height, &work->edges, cancel, error)
           || (wide
               && !measure_wide (HL_PLAN_PIECES, target, width, height, settings, left,
                                 &work->pieces, cancel, error))
           || (wide
               && !measure_wide (HL_PLAN_PATCHES, target, width, height, settings, left,
                                 &work->patches, cancel, error))
           || !measure (HL_PLAN_LEARNED, left, width, height, &work->learned, cancel, error))
    return FALSE;
  if (!whole && hl_area_find_damage (target, width, height, &damage))
    cropped = hl_rect_get_pixels (hl_area_find (damage, (HlRect) { 0, 0, width, height })) / MEGA;
  work->before = BEFORE * cropped;
  work->fit    = deep ? FIT * work->learned : work->fit;
  work->refine = deep ? REFINE * work->learned : 0;
  work->noise  = settings->denoise ? PASS * all : 0;
  work->deblur = get_deblur (settings, all);
  work->after  = GRAIN + AFTER * cropped;
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

static void
on_search_progress (double fraction, guint iteration, gpointer data)
{
  const HlWorkSearch *self = data;
  double              rest = (RESTORE + RESTORE_DAMAGED * self->damaged) * self->megapixels;

  hl_progress_report (self->whole, fraction * self->look / (self->seconds + rest), 0);
}

/**
 * hl_work_search_init:
 * @self: (out): the search; where it is it stays until that is over
 * @image: (C, H, W), the photograph
 * @source: (nullable): (H, W), 0 where a pixel is transparent
 * @progress: of search and restoration together
 *
 * Estimates how long the search takes, and prepares to follow it: its share in the whole is known
 * better as soon as the search has had a first look at all of the photograph.
 */
void
hl_work_search_init (HlWorkSearch *self, const HlImage *image, const guint8 *source,
                     const HlProgress *progress)
{
  HlReduced seen;
  double    factor;

  hl_reduced_init (&seen, image, source, 1);
  hl_reduced_choose (&seen, progress->cancel);
  factor = seen.factor;

  *self          = (HlWorkSearch) { .whole      = progress,
                                    .megapixels = image->width * (double) image->height / MEGA,
                                    .damaged    = USUAL_DAMAGED };
  self->look     = (SEARCH / (factor * factor) + SEARCH_FULL) * self->megapixels;
  self->seconds  = self->look + CUT * self->megapixels + BLUR_DECISION;
  self->progress = (HlProgress) { .cancel    = progress->cancel,
                                  .stop      = progress->stop,
                                  .report    = on_search_progress,
                                  .user_data = self,
                                  .damaged   = &self->damaged };
}

/**
 * hl_work_get_search_share:
 * @search: seconds that the search took, as it was estimated
 * @target: (H, W), what was found
 * @width: W
 * @height: H
 * @settings: what to do
 * @cancel: (nullable): to give up
 *
 * Returns: the share of the search for damage in the time of search and restoration together,
 *   0..1; 0 where there was none, or without memory
 */
double
hl_work_get_search_share (double search, const float *target, int width, int height,
                          const HlRestoreSettings *settings, GCancellable *cancel)
{
  HlWork work;

  if (search <= 0 || !hl_work_estimate (&work, target, width, height, settings, cancel, NULL))
    return 0;
  return search / (search + hl_work_get_total (&work));
}

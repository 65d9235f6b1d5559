/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The repair: one region of damage after the other, stage by stage.
 *
 * The damage is cut into regions (regions.c), and each, or several small ones at once (sheets.c),
 * is taken out with its surroundings, repaired and put back before the next one, which then sees
 * it.  What a later region has not reached yet is smooth from the first fill, so that stopping
 * leaves no hole. */
#include "restore/repair.h"

#include <math.h>
#include <string.h>

#include "restore/area.h"
#include "restore/built_in.h"
#include "restore/error.h"
#include "restore/memory.h"
#include "restore/plan.h"
#include "restore/stages.h"
#include "restore/work.h"

/* Microseconds between two looks at one region that is being repaired. */
#define SHOW_EVERY (G_USEC_PER_SEC / 4)

typedef struct
{
  HlStages         *stages;
  const HlProgress *progress;
  HlImage          *image;       /* all of the picture */
  HlMaps           *maps;        /* what a stage has to do, and what it may go by */
  const HlSheet    *sheet;       /* that is being repaired */
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
  bytes = hl_built_in_read ("denoiser.safetensors", error);
  return bytes ? hl_weights_new_from_bytes (bytes, NULL, error) : NULL;
}

/* Shows the sheet's regions as they are in the picture now. Where memory does not suffice for that,
 * there is no look at them. */
static void
show (Repair *repair)
{
  const GArray *places = repair->sheet->places;

  for (guint i = 0; repair->progress->result && i < places->len; i++)
    {
      HlRect core              = g_array_index (places, HlPlace, i).core;
      g_autoptr (HlImage) part = hl_image_crop (repair->image, core, NULL);

      if (part)
        hl_progress_show (repair->progress, part, core.left, core.top);
    }
  repair->shown = g_get_monotonic_time ();
}

static void
show_cut (const HlImage *cut, int x, int y, gpointer data)
{
  Repair *repair = data;

  if (g_get_monotonic_time () - repair->shown < SHOW_EVERY)
    return;
  hl_sheet_put_back (repair->sheet, cut, repair->maps->target, repair->image);
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

/* Sheets that are worked on side by side. Always as many, since those of one group do not see each
 * other's results: these must not depend on the threads. A guess at what memory allows. */
#define GROUP 4

typedef struct
{
  Repair           *repair;
  HlStage           stage;
  const HlProgress *progress; /* of all of them */
  const HlSheet    *sheets[GROUP];
  double            shares[GROUP]; /* of the work of all of them */
  HlImage          *results[GROUP];
  HlMaps            maps[GROUP];
  HlRestoreReport   reports[GROUP];
  GError           *errors[GROUP];

  GMutex mutex; /* guards the one below, and reports */
  double done;  /* of the work of all of them */
} Group;

/* How far one sheet of a group is. */
typedef struct
{
  Group *group;
  double share, fraction;
} Job;

/* In the thread of the sheet. */
static void
on_job_progress (double fraction, guint iteration, gpointer data)
{
  Job   *job   = data;
  Group *group = job->group;

  g_mutex_lock (&group->mutex);
  group->done += job->share * (fraction - job->fraction);
  job->fraction = fraction;
  hl_progress_report (group->progress, MIN (group->done, 1), 0);
  g_mutex_unlock (&group->mutex);
}

/* One sheet of a group, with a network and a share of the memory of its own. */
static void
group_job (int job, int thread, gpointer data)
{
  Group         *group    = data;
  const Repair  *repair   = group->repair;
  const HlSheet *sheet    = group->sheets[job];
  Job            stand    = { group, group->shares[job], 0 };
  HlProgress     progress = { .cancel    = group->progress->cancel,
                              .stop      = group->progress->stop,
                              .report    = on_job_progress,
                              .user_data = &stand };
  HlStages       stages   = *repair->stages;
  HlMaps        *maps     = &group->maps[job];
  g_autoptr (HlPool) own  = hl_pool_new (1);
  g_autoptr (HlImage) cut = hl_sheet_cut (sheet, repair->image, &group->errors[job]);

  hl_pool_set_cancel (own, progress.cancel);
  stages.pool     = own;
  stages.report   = &group->reports[job];
  stages.denoiser = NULL;
  if (stages.memory_limit > stages.base)
    stages.memory_limit = stages.base + (stages.memory_limit - stages.base) / GROUP;
  if (cut && hl_sheet_cut_maps (sheet, repair->maps, maps, &group->errors[job])
      && group->stage (&stages, cut, maps, &progress, &group->errors[job]))
    group->results[job] = g_steal_pointer (&cut);
  on_job_progress (1, 0, &stand);
  g_clear_pointer (&stages.denoiser, hl_denoiser_free);
}

/* Puts a sheet back, and what the stage has left of its target. */
static void
put_back (Repair *repair, const HlImage *cut, const HlMaps *maps)
{
  HlImage left   = hl_plane_view (maps->target, maps->width, maps->height);
  HlImage target = hl_plane_view (repair->maps->target, repair->maps->width, repair->maps->height);

  hl_sheet_put_back (repair->sheet, cut, target.planes, repair->image);
  hl_sheet_put_back (repair->sheet, &left, target.planes, &target);
  show (repair);
}

/* Repairs @n sheets side by side and puts their regions back; @costs says what each takes, in
 * whatever unit. */
static gboolean
run_group (Repair *repair, HlStage stage, gpointer *sheets, const double *costs, guint n,
           const HlProgress *progress, GError **error)
{
  Group            group = { .repair = repair, .stage = stage, .progress = progress };
  guint64          base = repair->stages->base, taken = 0;
  double           sum    = 0;
  GError          *failed = NULL;
  HlRestoreReport *report = repair->stages->report;

  for (guint i = 0; i < n; i++)
    sum += costs[i];
  for (guint i = 0; i < n; i++)
    {
      group.sheets[i] = sheets[i];
      group.shares[i] = costs[i] / sum;
    }
  g_mutex_init (&group.mutex);
  hl_pool_run (repair->stages->pool, n, group_job, &group);
  g_mutex_clear (&group.mutex);
  for (guint i = 0; i < n; i++)
    {
      if (group.results[i] && !failed)
        {
          repair->sheet = group.sheets[i];
          put_back (repair, group.results[i], &group.maps[i]);
        }
      if (!failed)
        failed = g_steal_pointer (&group.errors[i]);
      g_clear_error (&group.errors[i]);
      g_clear_pointer (&group.results[i], hl_image_free);
      hl_maps_clear (&group.maps[i]);
      taken = MAX (taken, group.reports[i].peak_memory_bytes);
    }
  taken
      = base
        + (taken - MIN (taken, base)) * MIN (n, (guint) hl_pool_get_threads (repair->stages->pool));
  report->peak_memory_bytes = MAX (report->peak_memory_bytes, taken);
  if (failed)
    g_propagate_error (error, failed);
  return !failed && !hl_progress_is_cancelled (repair->progress, error);
}

/* Takes the regions out of the picture, repairs them and puts them back before the next ones. */
static gboolean
run_on_sheet (Repair *repair, HlStage stage, HlProgress progress, GError **error)
{
  g_auto (HlMaps) maps    = { 0 };
  g_autoptr (HlImage) cut = hl_sheet_cut (repair->sheet, repair->image, error);

  progress.result    = repair->progress->result ? show_cut : NULL;
  progress.user_data = repair;
  if (!cut || !hl_sheet_cut_maps (repair->sheet, repair->maps, &maps, error)
      || !stage (repair->stages, cut, &maps, &progress, error))
    return FALSE;
  put_back (repair, cut, &maps);
  hl_progress_report (&progress, 1, 0);
  return TRUE;
}

/* The same stage on each sheet of the plan for @target in turn, which takes so many @seconds; once
 * @stop is cancelled on no more than the first ones. */
static gboolean
run_on_all (Repair *repair, HlStage stage, HlPlanKind kind, const float *target, double seconds,
            GCancellable *stop, GError **error)
{
  gboolean grouped;
  g_auto (HlPlan) plan = { 0 };

  if (!hl_plan_init (&plan, kind, target, repair->image->width, repair->image->height,
                     repair->progress->cancel, error))
    return FALSE;
  /* What has no use for several threads itself. */
  grouped = plan.sheets->len > 1
            && (kind == HL_PLAN_EDGES || kind == HL_PLAN_PIECES || kind == HL_PLAN_PATCHES);
  for (guint i = 0, n; i < plan.sheets->len; i += n)
    {
      double     taken = 0;
      HlProgress part;

      n = grouped ? MIN (GROUP, plan.sheets->len - i) : 1;
      for (guint k = i; k < i + n; k++)
        taken += plan.seconds[k];
      repair->sheet = g_ptr_array_index (plan.sheets, i);
      if (hl_progress_is_cancelled (repair->progress, error))
        return FALSE;
      if (i > 0 && g_cancellable_is_cancelled (stop))
        break;
      part      = begin_part (repair, seconds * taken / plan.total);
      part.stop = stop;
      if (grouped ? !run_group (repair, stage, plan.sheets->pdata + i, plan.seconds + i, n, &part,
                                error)
                  : !run_on_sheet (repair, stage, part, error))
        return FALSE;
    }
  /* The next stage needs the memory. */
  g_clear_pointer (&repair->stages->denoiser, hl_denoiser_free);
  return TRUE;
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
                            repair->progress->cancel, error))
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    wide[i] = hole[i];
  return run_on_all (repair, pieces ? hl_stages_lay_pieces : hl_stages_paint_patches,
                     pieces ? HL_PLAN_PIECES : HL_PLAN_PATCHES, wide, seconds,
                     repair->progress->stop, error);
}

/* Pieces over the widest parts of the damage.  What is done there is known from then on, but
 * nothing that patches or the deep prior learn from.
 *
 * @left: (H, W), the target; loses what is copied
 * @rest: (H, W) each: its target is set to what is left to do, its source to 1 where the picture is
 *   sound or done
 */
static gboolean
lay_pieces (Repair *repair, float *left, HlMaps *rest, double seconds, GError **error)
{
  HlMaps  *maps   = repair->maps;
  HlMaps   wanted = { maps->width, maps->height, left, maps->source };
  gboolean done;

  repair->maps = &wanted;
  done         = paint_wide (repair, TRUE, seconds, error);
  repair->maps = maps;
  for (gsize i = 0; i < (gsize) maps->width * maps->height; i++)
    {
      rest->source[i] = left[i] < maps->target[i] ? 1 : maps->source[i];
      rest->target[i] = MAX (left[i], 0);
      left[i]         = fabsf (left[i]);
    }
  return done;
}

/* The deep prior, from the learned prior's result on; all of the photograph teaches it.  Stopping
 * ends the fit.  What it has gained is for nothing without the refining pass, which takes some
 * seconds, so that only cancelling ends that one. */
static gboolean
fit_and_refine (Repair *repair, const HlMaps *whole, const HlWork *work, GError **error)
{
  HlProgress fit = begin_part (repair, work->fit);

  if (!hl_stages_fit (repair->stages, repair->image, whole, &fit, error))
    return FALSE;
  if (repair->stages->fitted)
    return run_on_all (repair, hl_stages_refine, HL_PLAN_LEARNED, repair->maps->target,
                       work->refine, NULL, error);
  repair->done += work->refine;
  return TRUE;
}

/* The priors, on what pieces have left to do. */
static gboolean
run_priors (Repair *repair, HlMaps *rest, const HlWork *work, GError **error)
{
  const HlRestoreSettings *settings = repair->stages->settings;
  HlMaps                  *whole    = repair->maps;
  gboolean                 deep = settings->method == HL_METHOD_DEEP && settings->iterations > 0;
  gboolean                 done = FALSE;
  HlRect                   any;

  if (!hl_area_find_damage (rest->target, rest->width, rest->height, &any))
    return TRUE;
  repair->maps = rest;
  done = run_on_all (repair, hl_stages_run_learned, HL_PLAN_LEARNED, rest->target, work->learned,
                     repair->progress->stop, error)
         && (!deep || fit_and_refine (repair, whole, work, error));
  repair->maps = whole;
  return done;
}

/* The stages in their order: first what spares the priors work. */
static gboolean
run_stages (Repair *repair, float *left, const HlWork *work, GError **error)
{
  const HlMaps *maps    = repair->maps;
  gboolean      patches = repair->stages->settings->method != HL_METHOD_PRIOR;
  HlRect        all     = { 0, 0, maps->width, maps->height };
  g_auto (HlMaps) rest  = { 0 };

  return hl_maps_init_crop (&rest, maps, all, error)
         && run_on_all (repair, hl_stages_diffuse_edges, HL_PLAN_EDGES, maps->target, work->edges,
                        repair->progress->stop, error)
         && (!patches || lay_pieces (repair, left, &rest, work->pieces, error))
         && run_priors (repair, &rest, work, error)
         && (!patches || paint_wide (repair, FALSE, work->patches, error));
}

/**
 * hl_repair_run:
 * @image: (C, H, W), 0..1, finite, holes filled smoothly; becomes the repaired picture, changed
 *   in the target, or everywhere where the noise is to go
 * @maps: of it; not all without a source
 * @left: (out): (H, W), the target without what is copied and has its grain
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
hl_repair_run (HlImage *image, const HlMaps *maps, float *left, double noise_level,
               const HlRestoreSettings *settings, const HlWork *work, const HlProgress *progress,
               HlRestoreReport *report, GError **error)
{
  g_auto (HlStages) stages = { .settings     = settings,
                               .report       = report,
                               .grain_level  = noise_level,
                               .memory_limit = hl_memory_find_limit (settings->memory_limit),
                               .base         = report->peak_memory_bytes };
  HlMaps     all           = *maps;
  Repair     repair  = { .stages = &stages, .progress = progress, .image = image, .maps = &all };
  gboolean   trained = settings->method != HL_METHOD_UNTRAINED, done;
  HlProgress rest;

  memcpy (left, maps->target, (gsize) maps->width * maps->height * sizeof (float));
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
    done = run_stages (&repair, left, work, error);
  else
    done = settings->iterations == 0
           || run_on_all (&repair, hl_stages_run_untrained, HL_PLAN_UNTRAINED, maps->target,
                          work->fit, progress->stop, error);
  if (!done || !settings->denoise)
    return done;
  rest           = begin_part (&repair, work->noise);
  rest.result    = progress->result;
  rest.user_data = progress->user_data;
  return hl_stages_remove_noise (&stages, image, maps, &rest, error);
}

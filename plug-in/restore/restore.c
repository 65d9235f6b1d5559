/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole restoration: planes and two maps in, restored planes out.
 *
 *   stains that can be seen through -> area -> target and source -> range -> islands and rim ->
 *   noise -> first fill -> repair, region by region -> deblurring -> composite -> grain -> colour
 *
 * Each step is a file of its own beside this one.  The target is what to repaint, the source what
 * may be learnt or copied from (maps.h). */
#include "restore/restore.h"

#include <glib/gi18n-lib.h>

#include "restore/area.h"
#include "restore/blur/sharpen.h"
#include "restore/colour/stain.h"
#include "restore/composite.h"
#include "restore/crop.h"
#include "restore/error.h"
#include "restore/fill/diffuse.h"
#include "restore/grain/grain.h"
#include "restore/islands.h"
#include "restore/maps.h"
#include "restore/noise.h"
#include "restore/range.h"
#include "restore/repair.h"
#include "restore/rim.h"
#include "restore/work.h"

/* Whether what is not damaged is repaired too. */
static gboolean
repairs_all (const HlRestoreSettings *settings)
{
  return settings->denoise || settings->deblur >= HL_DEBLUR_AUTO;
}

/**
 * hl_restore_report_get_notice:
 * @report: of a restoration that has a result
 *
 * Returns: (nullable): what the person should know about the result, other than what the window
 *   and the shell show of the report themselves
 */
const char *
hl_restore_report_get_notice (const HlRestoreReport *report)
{
  if (report->ended != HL_ENDED_NOTHING_TO_CHECK)
    return NULL;
  return _ ("The deep prior had nothing to check itself by, as too little around the damage is "
            "sound; the trained network's result was kept.");
}

/**
 * hl_restore_is_whole:
 * @settings: what to do
 *
 * Returns: whether hl_restore() should be given the whole picture, as more of it may change than
 *   the target
 */
gboolean
hl_restore_is_whole (const HlRestoreSettings *settings)
{
  return repairs_all (settings) || settings->colour.kind != HL_COLOUR_NONE;
}

/* Without it, what was repainted shows as too smooth. */
static gboolean
add_grain (HlImage *result, const HlImage *image, const HlMaps *maps, const float *weight,
           const HlRestoreSettings *settings, GCancellable *cancel, GError **error)
{
  HlGrain grain;

  return settings->grain <= 0 || settings->denoise
         || (hl_grain_learn (&grain, image, maps->source, cancel, error)
             && hl_grain_add (&grain, result, weight, image->x, image->y, settings->grain,
                              settings->seed, cancel, error));
}

/* The best so far on its way from the engine's values to the photograph's. */
typedef struct
{
  const HlProgress *progress;
  const HlCrop     *crop;
  HlRange           range;
  gboolean          is_begun;
} Watched;

/* A part in the photograph's values; the first time all of the photograph, so that whoever watches
 * has what surrounds the parts to come.  Where memory does not suffice for a look, there is none.
 */
static void
show_composite (const HlImage *part, int x, int y, gpointer data)
{
  Watched      *watched    = data;
  const HlCrop *crop       = watched->crop;
  HlRect        rect       = { x, y, x + part->width, y + part->height };
  HlImage       target     = hl_plane_view (crop->target, crop->image->width, crop->image->height);
  g_autoptr (HlImage) seen = hl_image_copy (part, NULL);
  g_autoptr (HlImage) before = seen ? hl_image_crop (crop->image, rect, NULL) : NULL;
  g_autoptr (HlImage) weight = before ? hl_image_crop (&target, rect, NULL) : NULL;
  g_autoptr (HlImage) all    = NULL;

  if (!weight)
    return;
  hl_range_stretch (watched->range, seen);
  hl_composite (seen, before, weight->planes);
  if (watched->is_begun)
    hl_progress_show (watched->progress, seen, crop->rect.left + x, crop->rect.top + y);
  else if (part->width == crop->image->width && part->height == crop->image->height)
    all = hl_crop_put_back (crop, g_steal_pointer (&seen), crop->whole, NULL);
  if (all)
    {
      watched->is_begun = TRUE;
      hl_progress_show (watched->progress, all, 0, 0);
    }
}

/* What the composite takes of the result: the target, and all but what is transparent or out of
 * range where the whole picture was worked on. */
static void
find_weight (const HlMaps *maps, const float *target, gboolean whole, float *weight)
{
  for (gsize i = 0; i < (gsize) maps->width * maps->height; i++)
    weight[i] = whole && (maps->source[i] > 0 || maps->target[i] > 0) ? 1 : target[i];
}

/* The repair and the deblurring of @result, which is of 0..1. */
static gboolean
improve (HlImage *result, const HlMaps *maps, float *left, double noise_level,
         const HlRestoreSettings *settings, const HlProgress *progress, HlRestoreReport *report,
         GError **error)
{
  gboolean   deblur = settings->deblur >= HL_DEBLUR_AUTO;
  HlWork     work;
  HlProgress repair, sharpen;
  double     before, after, total;

  if (!hl_work_estimate (&work, maps->target, result->width, result->height, settings,
                         progress->cancel, error))
    return FALSE;
  total   = hl_work_get_total (&work);
  before  = work.before / total;
  after   = before + hl_work_get_repair (&work) / total;
  repair  = hl_progress_part (progress, before, after);
  sharpen = hl_progress_part (progress, after, after + work.deblur / total);
  hl_progress_report (&repair, 0, 0);
  repair.result    = progress->result;
  repair.user_data = progress->user_data;
  if (!hl_repair_run (result, maps, left, noise_level, settings, &work, &repair, report, error))
    return FALSE;
  report->whole = settings->denoise;
  return !deblur
         || hl_sharpen_run (result, maps->source, noise_level, settings, &sharpen, report, error);
}

/* The restoration of the part of the photograph that needs it. */
static HlImage *
restore_crop (const HlCrop *crop, const HlRestoreSettings *settings, const HlProgress *progress,
              HlRestoreReport *report, GError **error)
{
  const HlImage *image       = crop->image;
  gsize          pixels      = (gsize) image->width * image->height;
  g_auto (HlMaps) maps       = { 0 };
  g_autofree float *weight   = NULL;
  float            *left     = NULL;
  g_autoptr (HlImage) result = NULL;
  Watched    watched         = { progress, crop, { 0, 1 }, FALSE };
  HlProgress following       = hl_progress_part (progress, 0, 1);
  double     span;

  if (!hl_maps_init (&maps, image, crop->target, crop->source, repairs_all (settings), error)
      || (settings->deblur >= HL_DEBLUR_AUTO && !hl_sharpen_check (image, settings, error)))
    return NULL;
  watched.range = hl_range_find (image, &maps, progress->cancel);
  span          = hl_range_get_span (watched.range);
  if (hl_progress_is_cancelled (progress, error) || !hl_islands_find (image, &maps, error)
      || hl_progress_is_cancelled (progress, error))
    return NULL;
  report->rim         = hl_rim_find (image, &maps, FALSE, progress->cancel);
  report->noise_level = settings->auto_noise
                            ? hl_noise_estimate (image, maps.source, progress->cancel)
                            : settings->noise_level;
  result              = hl_image_copy (image, error);
  weight              = g_try_new (float, 2 * pixels);
  left                = weight + pixels;
  if (result && !weight)
    hl_error_set_memory (error, image->width, image->height);
  if (!result || !weight || !hl_diffuse (result, maps.source, progress->cancel, error))
    return NULL;
  report->peak_memory_bytes = sizeof (float) * (2 * image->channels + 2) * pixels;
  hl_range_squeeze (watched.range, result);
  following.result    = progress->result ? show_composite : NULL;
  following.user_data = &watched;
  hl_progress_show (&following, result, 0, 0);
  if (hl_progress_is_cancelled (progress, error)
      || !improve (result, &maps, left, report->noise_level / span, settings, &following, report,
                   error))
    return NULL;
  hl_range_stretch (watched.range, result);
  report->loss *= span * span;
  if (hl_progress_is_cancelled (progress, error))
    return NULL;
  find_weight (&maps, crop->target, report->whole, weight);
  hl_composite (result, image, weight);
  /* What is copied has grain of its own, or none where the photograph has none there. */
  for (gsize i = 0; i < pixels; i++)
    weight[i] = weight[i] < 1 || left[i] > 0 ? weight[i] : 0;
  if (!add_grain (result, image, &maps, weight, settings, progress->cancel, error))
    return NULL;
  return g_steal_pointer (&result);
}

/* Takes the stains off that can be seen through; what is left to repair. */
static float *
lift_stains (HlImage *image, const float *target, const guint8 *source,
             const HlRestoreSettings *settings, const HlProgress *progress, GError **error)
{
  g_autofree float *left = g_try_new (float, (gsize) image->width * image->height);

  if (!left)
    hl_error_set_memory (error, image->width, image->height);
  else if (hl_stain_lift (image, target, source, settings->stains == HL_STAINS_SEE_THROUGH, left,
                          progress->cancel, error))
    return g_steal_pointer (&left);
  return NULL;
}

/* Everything but stains and colours: the photograph again where there is nothing to repair. */
static HlImage *
repair_damage (const HlImage *image, const float *target, const guint8 *source,
               const HlRestoreSettings *settings, const HlProgress *progress,
               HlRestoreReport *report, GError **error)
{
  GError *failed           = NULL;
  g_auto (HlCrop) crop     = { 0 };
  g_autoptr (HlImage) part = NULL;
  HlRect damage;

  if (settings->colour.kind != HL_COLOUR_NONE && !repairs_all (settings)
      && !hl_area_find_damage (target, image->width, image->height, &damage))
    {
      report->noise_level = settings->noise_level;
      return hl_image_copy (image, error);
    }
  if (!hl_crop_init (&crop, image, target, source, repairs_all (settings), error)
      || hl_progress_is_cancelled (progress, error))
    return NULL;
  part = restore_crop (&crop, settings, progress, report, &failed);
  if (part)
    return hl_crop_put_back (&crop, g_steal_pointer (&part), image, error);
  hl_error_propagate (error, failed);
  return NULL;
}

/**
 * hl_restore_damage:
 * @image: as for hl_restore()
 * @target: likewise
 * @source: (nullable): likewise
 * @settings: likewise; of the colours it only matters whether they are restored, as there need not
 *   be damage then
 * @progress: as for hl_restore()
 * @report: (out): what was done
 * @error: as for hl_restore()
 *
 * All of hl_restore() but the colours, for whoever keeps them apart.
 *
 * Returns: (transfer full): the photograph mended and in its old colours, or %NULL
 */
HlImage *
hl_restore_damage (const HlImage *image, const float *target, const guint8 *source,
                   const HlRestoreSettings *settings, const HlProgress *progress,
                   HlRestoreReport *report, GError **error)
{
  gint64            start    = g_get_monotonic_time ();
  g_autofree float *left     = NULL;
  g_autoptr (HlImage) lifted = NULL, result = NULL;

  *report = (HlRestoreReport) { 0 };
  if (!hl_restore_settings_check (settings, error))
    return NULL;
  if (settings->stains != HL_STAINS_OPAQUE)
    {
      lifted = hl_image_copy (image, error);
      left   = lifted ? lift_stains (lifted, target, source, settings, progress, error) : NULL;
      if (!left)
        return NULL;
    }
  result = repair_damage (lifted ? lifted : image, left ? left : target, source, settings, progress,
                          report, error);
  report->seconds = (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&result);
}

/**
 * hl_restore_find_colours:
 * @mended: (C, H, W), what hl_restore_damage() made of the photograph
 * @source: (nullable): (H, W), as it was given
 * @settings: likewise, but for what is wanted of the colours
 * @report: (inout): what was done so far; its colour becomes what is to be done to the colours
 * @error: %HL_ERROR
 *
 * Finds out how the colours have faded, for hl_restore_colours().
 *
 * Returns: whether it could be found out
 */
gboolean
hl_restore_find_colours (const HlImage *mended, const guint8 *source,
                         const HlRestoreSettings *settings, HlRestoreReport *report, GError **error)
{
  gint64   start  = g_get_monotonic_time ();
  HlColour colour = settings->colour;

  report->colour     = (HlColourFit) { 0 };
  colour.noise_level = settings->denoise ? 0 : report->noise_level;
  if (!hl_colour_estimate (&report->colour, mended, NULL, source, &colour, error))
    return FALSE;
  report->seconds += (g_get_monotonic_time () - start) / 1e6;
  return TRUE;
}

/**
 * hl_restore_colours:
 * @mended: (C, H, W), what hl_restore_damage() made of the photograph
 * @settings: as they were given, but for what is wanted of the colours
 * @cancel: (nullable): to give up
 * @report: (inout): what was done so far, and of hl_restore_find_colours() what is to be done to
 * the colours
 * @error: %HL_ERROR, %G_IO_ERROR_CANCELLED
 *
 * Restores the colours of all of the photograph, of what was painted anew like the rest: the last
 * step of hl_restore() alone.
 *
 * Returns: (transfer full) (nullable): the photograph in its new colours; %NULL without an error
 *   where its colours are left as they are
 */
HlImage *
hl_restore_colours (const HlImage *mended, const HlRestoreSettings *settings, GCancellable *cancel,
                    HlRestoreReport *report, GError **error)
{
  gint64 start               = g_get_monotonic_time ();
  g_autoptr (HlImage) result = NULL;

  if (report->colour.kind == HL_COLOUR_NONE)
    return NULL;
  result = hl_image_new (mended->channels, mended->width, mended->height, error);
  if (!result
      || !hl_colour_apply (&report->colour, mended, result, settings->threads, cancel, error))
    return NULL;
  report->whole = TRUE;
  report->seconds += (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&result);
}

/**
 * hl_restore:
 * @image: (C, H, W), the photograph, or so much of it as hl_area_find() asks for; pixels that are
 *   not finite or far out of range are neither learnt from nor changed
 * @target: (H, W), how far each pixel is to be repainted: 0 keeps its exact bits, 1 replaces
 * @source: (nullable): (H, W), 0 where a pixel must not be learnt or copied from, as it is
 *   transparent, say
 * @settings: what to do
 * @progress: (nullable): to cancel, to stop and to follow it; its result is shown in the
 *   photograph's values: all of it as soon as the damage is filled smoothly, then one piece of
 *   damage after the other
 * @report: (nullable) (out): what was done
 * @error: %HL_ERROR, %G_IO_ERROR_CANCELLED, and those of hl_weights_load()
 *
 * Repairs the target, and where noise, blur or faded colours are to go works on all of the picture.
 * May run in any thread, and for several photographs at once.
 *
 * Returns: (transfer full): the restored photograph, or %NULL
 */
HlImage *
hl_restore (const HlImage *image, const float *target, const guint8 *source,
            const HlRestoreSettings *settings, const HlProgress *progress, HlRestoreReport *report,
            GError **error)
{
  const HlProgress none      = { 0 };
  HlRestoreReport  unread    = { 0 };
  GError          *failed    = NULL;
  g_autoptr (HlImage) mended = NULL, coloured = NULL;

  report   = report ? report : &unread;
  progress = progress ? progress : &none;
  mended   = hl_restore_damage (image, target, source, settings, progress, report, error);
  if (!mended)
    return NULL;
  if (!hl_restore_find_colours (mended, source, settings, report, error))
    return NULL;
  coloured = hl_restore_colours (mended, settings, progress->cancel, report, &failed);
  if (failed)
    {
      g_propagate_error (error, failed);
      return NULL;
    }
  hl_progress_report (progress, 1, report->iterations);
  return coloured ? g_steal_pointer (&coloured) : g_steal_pointer (&mended);
}

/**
 * hl_restore_grain:
 * @bare: (C, H, W), what hl_restore() made of @image by %HL_METHOD_PRIOR with a grain of 0, and
 *   neither noise nor blur removed from all of it
 * @image: (C, H, W), the photograph
 * @target: (H, W), as hl_restore() was given it
 * @source: (nullable): (H, W), likewise
 * @settings: likewise, but for the grain
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR, %G_IO_ERROR_CANCELLED
 *
 * Gives a restored photograph its grain: the last step of hl_restore() alone, for whoever tries
 * several amounts of it.
 *
 * Returns: (transfer full): what hl_restore() would have made with that grain, or %NULL
 */
HlImage *
hl_restore_grain (const HlImage *bare, const HlImage *image, const float *target,
                  const guint8 *source, const HlRestoreSettings *settings, GCancellable *cancel,
                  GError **error)
{
  g_auto (HlCrop) crop       = { 0 };
  g_auto (HlMaps) maps       = { 0 };
  g_autoptr (HlImage) result = NULL;
  HlRect damage;

  if (!hl_area_find_damage (target, image->width, image->height, &damage))
    return hl_image_copy (bare, error);
  if (!hl_crop_init (&crop, image, target, source, FALSE, error)
      || !hl_maps_init (&maps, crop.image, crop.target, crop.source, FALSE, error))
    return NULL;
  hl_range_find (crop.image, &maps, cancel);
  if (!hl_islands_find (crop.image, &maps, error))
    return NULL;
  hl_rim_find (crop.image, &maps, FALSE, cancel);
  result = hl_image_crop (bare, crop.rect, error);
  if (!result || g_cancellable_set_error_if_cancelled (cancel, error)
      || !add_grain (result, crop.image, &maps, crop.target, settings, cancel, error))
    return NULL;
  return hl_crop_put_back (&crop, g_steal_pointer (&result), bare, error);
}

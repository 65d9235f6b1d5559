/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One restoration from the selection to the result: where nothing is selected the damage is found,
 * the mask is widened, the engine repairs, and where the grain is a step of its own it comes last,
 * so that another amount of grain alone is there at once, and after it the colours likewise. What
 * the person edits of the mask is done again at once too, in the result that is there. Runs in the
 * worker's thread (worker.c).
 */

#include "gimp/task.h"

#include <string.h>

#include "gimp/marks.h"
#include "restore/blur/sharpen.h"
#include "restore/damage.h"
#include "restore/error.h"
#include "restore/mask.h"
#include "restore/work.h"

static float *
copy_mask (const float *mask, const HlImage *image, GError **error)
{
  gsize  n    = (gsize) image->width * image->height;
  float *copy = g_try_new (float, n);

  if (copy)
    memcpy (copy, mask, n * sizeof *mask);
  else
    hl_error_set_memory (error, image->width, image->height);
  return copy;
}

/* The result's mask for the engine, or NULL with @error: where there is nothing, there is nothing
 * to mix the repair with either. */
static float *
make_engine_mask (const HlTask *task, const HlTaskResult *result, GError **error)
{
  float *mask = copy_mask (result->mask, task->image, error);

  for (gsize i = 0; mask && i < (gsize) task->image->width * task->image->height; i++)
    if (!task->evidence[i] && mask[i] > 0)
      mask[i] = 1;
  return mask;
}

/* What is to be repainted, but for the person's edits: the selection, or the damage that is found.
 * Where that is looked for, @seconds is set to how long that takes, and it can be seen as soon as
 * it is found, before its rim is known. */
static float *
make_base (const HlTask *task, gboolean is_found, const HlProgress *progress, double *seconds,
           GError **error)
{
  const float   *within   = task->selected ? task->mask : NULL;
  const HlFound *found    = task->found;
  g_autoptr (HlFound) own = NULL;
  HlWorkSearch search;

  if (!is_found)
    return copy_mask (task->mask, task->image, error);
  if (!found)
    {
      hl_work_search_init (&search, task->image, task->evidence, progress);
      *seconds = search.seconds;
      found = own = hl_damage_look (task->image, within, task->evidence, &task->settings,
                                    &search.progress, error);
      if (!own)
        return NULL;
      if (task->marked)
        task->marked (NULL, g_steal_pointer (&own), task->user_data);
    }
  return hl_damage_cut (task->image, found, within, task->evidence, &task->settings,
                        progress->cancel, error);
}

/* Sets the masks of the result: its base, widened, and the same with the person's edits. */
static gboolean
set_masks (const HlTask *task, float *base, HlTaskResult *result, GError **error)
{
  gsize pixels = (gsize) task->image->width * task->image->height;

  result->mask = base;
  if (!task->edits)
    return TRUE;
  result->base = base;
  result->mask = copy_mask (base, task->image, error);
  for (gsize i = 0; result->mask && i < pixels; i++)
    if (task->edits[i] != HL_MARKS_AS_FOUND)
      result->mask[i] = task->edits[i] == HL_MARKS_ADDED;
  return result->mask != NULL;
}

/* The masks of the result; @seconds as for make_base(). */
static gboolean
make_masks (const HlTask *task, const HlProgress *progress, double *seconds, HlTaskResult *result,
            GError **error)
{
  int               width = task->image->width, height = task->image->height;
  gboolean          is_found = hl_damage_is_sought (&task->settings, task->selected);
  g_autofree float *base     = make_base (task, is_found, progress, seconds, error);

  if (!base
      || !hl_mask_grow (base, width, height, task->settings.mask_grow, progress->cancel, error))
    return FALSE;
  if (task->marked)
    task->marked (base, NULL, task->user_data);
  return set_masks (task, g_steal_pointer (&base), result, error);
}

/* Whether the grain is a step of its own, which can be done again without the others: patches
 * that are painted into wide holes bring their own grain with them, and what is below a stain has
 * it. */
static gboolean
has_grain_step (const HlRestoreSettings *settings)
{
  return settings->method == HL_METHOD_PRIOR && settings->grain > 0
         && settings->stains == HL_STAINS_OPAQUE && !settings->denoise
         && settings->deblur < HL_DEBLUR_AUTO;
}

/* Whether there is anything to do, where the damage is found. */
static gboolean
check (const HlTask *task, const HlRestoreSettings *settings, const HlTaskResult *result,
       GError **error)
{
  return !hl_damage_is_sought (settings, task->selected)
         || hl_damage_check (result->mask, (gsize) task->image->width * task->image->height,
                             task->selected, settings, error);
}

/* The same where the repair has been taken over, and whether a blur was undone is decided. */
static gboolean
check_again (const HlTask *task, const HlTaskResult *result, GError **error)
{
  HlRestoreSettings settings = task->settings;

  if (settings.deblur == HL_DEBLUR_WHOLE && !result->report.blur[0])
    settings.deblur = HL_DEBLUR_NONE;
  return check (task, &settings, result, error);
}

/* As of the stages that lay pieces, pixels. */
#define WIDE 16

/* The middle of the widest hole. */
static HlTaskPlace
find_wide (const HlTaskResult *result)
{
  int                width = result->image->width, height = result->image->height;
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *hole = g_try_malloc (pixels), *depth = g_try_malloc (pixels);
  HlTaskPlace        place = { 0, 0, WIDE - 1 };

  if (!hole || !depth)
    return (HlTaskPlace) { 0 };
  for (gsize i = 0; i < pixels; i++)
    hole[i] = result->mask[i] > 0;
  hl_mask_find_depth (hole, width, height, depth);
  for (gsize i = 0; i < pixels; i++)
    if (depth[i] > place.depth)
      place = (HlTaskPlace) { i % width, i / width, depth[i] };
  return place.depth < WIDE ? (HlTaskPlace) { 0 } : place;
}

/* The repair in the old colours, without its grain where that is a step of its own. */
static gboolean
repair (const HlTask *task, const HlProgress *progress, HlTaskResult *result, GError **error)
{
  HlRestoreSettings settings = task->settings;
  g_autofree float *mask     = NULL;
  g_autoptr (HlPsf) blur     = NULL;
  double     seconds         = 0, share;
  HlProgress mending;

  if (task->picture)
    hl_picture_set_before (task->picture, task->image);
  if (!make_masks (task, progress, &seconds, result, error))
    return FALSE;
  mask = make_engine_mask (task, result, error);
  if (!mask)
    return FALSE;
  share = hl_work_get_search_share (seconds, mask, task->image->width, task->image->height,
                                    &settings, progress->cancel);
  if (share > 0)
    hl_progress_report (progress, share, 0);
  if (!hl_sharpen_decide (&settings, &blur,
                          !task->selected && hl_damage_is_sought (&settings, task->selected),
                          task->image, mask, task->evidence, progress->cancel, error)
      || !check (task, &settings, result, error)
      || g_cancellable_set_error_if_cancelled (progress->cancel, error))
    return FALSE;
  if (has_grain_step (&settings))
    settings.grain = 0;
  if (settings.deblur >= HL_DEBLUR_AUTO)
    share = hl_work_get_search_share (seconds, mask, task->image->width, task->image->height,
                                      &settings, progress->cancel);
  mending           = hl_progress_part (progress, share, 1);
  mending.result    = progress->result;
  mending.user_data = progress->user_data;
  result->image     = hl_restore_damage (task->image, mask, task->evidence, &settings, &mending,
                                         &result->report, error);
  return result->image != NULL;
}

/* The smallest rectangle around what two masks differ in; empty where they do not. */
static HlRect
find_difference (const float *one, const float *other, const HlImage *image)
{
  HlRect rect = { image->width, image->height, 0, 0 };

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      {
        gsize i = (gsize) y * image->width + x;

        if (one[i] == other[i])
          continue;
        rect = (HlRect) { MIN (rect.left, x), MIN (rect.top, y), MAX (rect.right, x + 1),
                          MAX (rect.bottom, y + 1) };
      }
  return rect;
}

/* Sets what is to be mended of @rect: there the photograph is as it was before, and nothing is
 * learnt from it. Returns whether there is anything. */
static gboolean
mark_rect (const HlTask *task, HlRect rect, HlTaskResult *result, float *target, guint8 *source)
{
  gsize    plane   = (gsize) task->image->width * task->image->height;
  gboolean is_full = FALSE;

  for (int y = rect.top; y < rect.bottom; y++)
    for (int x = rect.left; x < rect.right; x++)
      {
        gsize    i         = (gsize) y * task->image->width + x;
        gboolean was_other = task->patched->mask[i] > 0;

        for (int c = 0; c < task->image->channels && (was_other || result->mask[i] > 0); c++)
          result->image->planes[c * plane + i] = task->image->planes[c * plane + i];
        if (result->mask[i] <= 0)
          continue;
        target[i] = task->evidence[i] ? result->mask[i] : 1;
        source[i] = 0;
        is_full   = TRUE;
      }
  return is_full;
}

/* How far around the person's edits the repair is made anew too, pixels: what it was on this side
 * of the edge of a brush, it may not be on the other. */
#define PATCH_MARGIN 16

/* What the edits have changed since @task->patched, done again within its result. */
static gboolean
patch (const HlTask *task, const HlProgress *progress, HlTaskResult *result, GError **error)
{
  const HlTaskResult *before   = task->patched;
  HlRestoreSettings   settings = task->settings;
  gsize               pixels   = (gsize) task->image->width * task->image->height;
  g_autofree float   *target   = g_try_new0 (float, pixels);
  g_autofree guint8  *source   = g_try_new (guint8, pixels);
  const HlImage      *mended   = before->mended ? before->mended : before->image;
  g_autoptr (HlImage) again = NULL, part = NULL;
  HlRestoreReport unread;
  float          *base = copy_mask (before->base ? before->base : before->mask, task->image, error);
  HlRect          rect;

  result->report = before->report;
  result->image  = base ? hl_image_copy (mended, error) : NULL;
  if (!base || !set_masks (task, base, result, error) || !result->image)
    return FALSE;
  if (!target || !source)
    {
      hl_error_set_memory (error, task->image->width, task->image->height);
      return FALSE;
    }
  memcpy (source, task->evidence, pixels);
  rect = find_difference (before->mask, result->mask, task->image);
  if (rect.left >= rect.right)
    return TRUE;
  rect                 = hl_rect_grow (rect, PATCH_MARGIN, task->image->width, task->image->height);
  settings.auto_noise  = FALSE;
  settings.noise_level = before->report.noise_level;
  if (mark_rect (task, rect, result, target, source))
    {
      again
          = hl_restore_damage (result->image, target, source, &settings, progress, &unread, error);
      hl_image_free (result->image);
      result->image = g_steal_pointer (&again);
      if (!result->image)
        return FALSE;
    }
  if (task->picture && task->settings.colour.kind == HL_COLOUR_NONE)
    part = hl_image_crop (result->image, rect, NULL);
  if (part)
    hl_picture_set_after (task->picture, part, rect.left, rect.top);
  return TRUE;
}

/* The repair is there; the photograph's grain is given to it. */
static gboolean
add_grain (const HlTask *task, GCancellable *cancel, HlTaskResult *result, GError **error)
{
  g_autofree float *mask = make_engine_mask (task, result, error);

  result->bare = g_steal_pointer (&result->image);
  if (mask)
    result->image = hl_restore_grain (result->bare, task->image, mask, task->evidence,
                                      &task->settings, cancel, error);
  return result->image != NULL;
}

/* The colours that there will be, at the size of the view where that shows all of a large
 * photograph: within a tenth of a second, where each pixel of 12 megapixels takes half of one. */
static void
show_colours (const HlTask *task, const HlTaskResult *result, GCancellable *cancel)
{
  HlColourFit fit             = result->report.colour;
  int         factor          = hl_picture_get_factor (task->picture);
  g_autoptr (HlImage) small   = factor > 1 ? hl_image_shrink (result->mended, factor, NULL) : NULL;
  g_autoptr (HlImage) preview = small ? hl_image_copy (small, NULL) : NULL;

  fit.noise_level /= factor;
  if (preview && hl_colour_apply (&fit, small, preview, task->settings.threads, cancel, NULL))
    hl_picture_set_preview (task->picture, preview, factor);
}

/* What is mended is there; it is given the photograph's colours as they were, if they have faded.
 */
static gboolean
restore_colours (const HlTask *task, const HlProgress *progress, HlTaskResult *result,
                 GError **error)
{
  GError *failed = NULL;

  result->mended = g_steal_pointer (&result->image);
  if (!hl_restore_find_colours (result->mended, task->evidence, &task->settings, &result->report,
                                error))
    return FALSE;
  if (task->picture && progress->result)
    show_colours (task, result, progress->cancel);
  result->image = hl_restore_colours (result->mended, &task->settings, progress->cancel,
                                      &result->report, &failed);
  if (failed)
    {
      g_propagate_error (error, failed);
      return FALSE;
    }
  if (!result->image)
    result->image = g_steal_pointer (&result->mended);
  return TRUE;
}

/* Takes over what depends neither on the grain nor on the colours. */
static void
take_repair (HlTaskResult *before, HlTaskResult *result)
{
  HlImage **image = before->bare     ? &before->bare
                    : before->mended ? &before->mended
                                     : &before->image;

  result->mask          = g_steal_pointer (&before->mask);
  result->base          = g_steal_pointer (&before->base);
  result->image         = g_steal_pointer (image);
  result->report        = before->report;
  result->report.colour = (HlColourFit) { 0 };
}

/**
 * hl_task_run:
 * @task: what there is to do
 * @before: (nullable): the result of a task that differs from @task in the grain and the colours
 *   alone, so that nothing else needs to be done again; it is emptied
 * @progress: reports progress, and ends the work early
 * @result: empty; filled as the work goes on, so that its report can be looked at meanwhile
 * @error: return location for a #GError
 *
 * Does it.
 *
 * Returns: whether @result has an image; else %FALSE with an error of hl_restore()
 */
gboolean
hl_task_run (const HlTask *task, HlTaskResult *before, const HlProgress *progress,
             HlTaskResult *result, GError **error)
{
  gboolean has_colours = task->settings.colour.kind != HL_COLOUR_NONE;

  if (task->patched && !patch (task, progress, result, error))
    return FALSE;
  if (before)
    take_repair (before, result);
  if (before ? !check_again (task, result, error)
             : !task->patched && !repair (task, progress, result, error))
    return FALSE;
  /* The grain of a photograph that was sharpened is no step of its own. */
  if (!task->patched && has_grain_step (&task->settings) && !result->report.blur[0]
      && !add_grain (task, progress->cancel, result, error))
    return FALSE;
  if (has_colours && !restore_colours (task, progress, result, error))
    return FALSE;
  result->wide = find_wide (result);
  if (task->picture && (has_colours || !task->patched))
    hl_picture_set_after (task->picture, result->image, 0, 0);
  return TRUE;
}

/**
 * hl_task_result_free:
 * @result: (transfer full) (nullable): a result
 *
 * Frees the result.
 */
void
hl_task_result_free (HlTaskResult *result)
{
  if (!result)
    return;
  hl_image_free (result->image);
  hl_image_free (result->bare);
  hl_image_free (result->mended);
  g_free (result->mask);
  g_free (result->base);
  g_free (result);
}

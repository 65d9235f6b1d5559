/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One restoration from the selection to the result: where nothing is selected the damage is found,
 * the mask is widened, the engine repairs, and where the grain is a step of its own it comes last,
 * so that another amount of grain alone is there at once. Runs in the worker's thread (worker.c).
 */

#include "gimp/task.h"

#include <string.h>

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

/* What is to be repainted: the selection, or the damage that is found. */
static float *
make_mask (const HlTask *task, gboolean is_found, const HlProgress *progress, GError **error)
{
  int        width = task->image->width, height = task->image->height;
  double     share   = hl_work_get_search_share (NULL, width, height, &task->settings);
  HlProgress finding = hl_progress_part (progress, 0, share);

  if (!is_found)
    return copy_mask (task->mask, task->image, error);
  return hl_damage_find (task->image, task->selected ? task->mask : NULL, task->evidence,
                         &task->settings, &finding, error);
}

/* Whether the grain is a step of its own, which can be done again without the others: patches
 * that are painted into wide holes bring their own grain with them, and what is below a stain has
 * it. */
static gboolean
has_grain_step (const HlRestoreSettings *settings)
{
  return settings->method == HL_METHOD_PRIOR && settings->grain > 0
         && settings->stains == HL_STAINS_OPAQUE && !hl_restore_is_whole (settings);
}

/* The repair, without its grain where that is a step of its own. */
static gboolean
repair (const HlTask *task, const HlProgress *progress, HlTaskResult *result, GError **error)
{
  HlRestoreSettings settings = task->settings;
  gboolean          is_found = hl_damage_is_sought (&settings, task->selected);
  g_autofree float *mask     = NULL;
  double            share    = 0;
  HlProgress        mending;

  if (has_grain_step (&settings))
    settings.grain = 0;
  if (task->picture)
    hl_picture_set_before (task->picture, task->image);
  result->mask = make_mask (task, is_found, progress, error);
  if (!result->mask
      || !hl_mask_grow (result->mask, task->image->width, task->image->height,
                        task->settings.mask_grow, progress->cancel, error))
    return FALSE;
  mask = make_engine_mask (task, result, error);
  if (!mask || g_cancellable_set_error_if_cancelled (progress->cancel, error))
    return FALSE;
  if (is_found)
    share = hl_work_get_search_share (mask, task->image->width, task->image->height, &settings);
  mending           = hl_progress_part (progress, share, 1);
  mending.result    = progress->result;
  mending.user_data = progress->user_data;
  result->image
      = hl_restore (task->image, mask, task->evidence, &settings, &mending, &result->report, error);
  return result->image != NULL;
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

/* Takes over what does not depend on the grain. */
static void
take_repair (HlTaskResult *before, HlTaskResult *result)
{
  result->mask  = g_steal_pointer (&before->mask);
  result->image = before->bare ? g_steal_pointer (&before->bare) : g_steal_pointer (&before->image);
  result->report = before->report;
}

/**
 * hl_task_run:
 * @task: what there is to do
 * @before: (nullable): the result of a task that differs from @task in the grain alone, so that
 *   nothing else needs to be done again; it is emptied
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
  if (before)
    take_repair (before, result);
  else if (!repair (task, progress, result, error))
    return FALSE;
  if (has_grain_step (&task->settings) && !add_grain (task, progress->cancel, result, error))
    return FALSE;
  if (task->picture)
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
  g_free (result->mask);
  g_free (result);
}

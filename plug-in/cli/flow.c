/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to one picture between reading and writing it: where it is damaged, and its
 * restoration, for a single picture (cli/job.c) and for those of an album (cli/album.c). */

#include "cli/flow.h"

#include <math.h>

#include "cli/infrared.h"
#include "cli/mask_file.h"
#include "cli/samples.h"
#include "restore/area.h"
#include "restore/blur/sharpen.h"
#include "restore/damage.h"
#include "restore/error.h"
#include "restore/memory.h"
#include "restore/mask.h"
#include "restore/work.h"

/* Finds the part of the picture to work on: all of it where noise or blur are to go. */
static gboolean
find_area (const float *mask, int width, int height, gboolean whole, HlRect *area, GError **error)
{
  const HlRect all = { 0, 0, width, height };

  if (!hl_area_find_damage (mask, width, height, area) && !whole)
    {
      g_set_error (
          error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
          "Nothing is marked as damaged: paint the damaged parts white in the picture that "
          "--mask names, or leave --mask and --find out, so that they are found.");
      return FALSE;
    }
  *area = whole ? all : hl_area_find (*area, all);
  return TRUE;
}

/* Puts the damage that is found into the mask: beside what infrared light showed, or in place of
 * what the person circled; and decides whether a blur is undone. */
static gboolean
find_damage (HlJob *job, const HlFile *file, float *mask, HlPsf **blur, const HlProgress *progress,
             GError **error)
{
  int                width = hl_file_get_width (file), height = hl_file_get_height (file);
  gsize              pixels = (gsize) width * height;
  HlRect             all    = { 0, 0, width, height }, shown;
  g_autofree guint8 *source = NULL;
  g_autoptr (HlImage) image = hl_samples_get_planes (file, all, &source, error);
  g_autoptr (GError) failed = NULL;
  g_autofree float *found   = NULL;
  HlWorkSearch      search;

  if (!image)
    return FALSE;
  hl_work_search_init (&search, image, source, progress);
  job->search = search.seconds;
  found = hl_damage_find (image, job->mask ? mask : NULL, source, &job->settings, &search.progress,
                          &failed);
  if (!found && g_error_matches (failed, HL_ERROR, HL_ERROR_NOTHING_SELECTED) && !job->mask
      && hl_area_find_damage (mask, width, height, &shown))
    return TRUE;
  if (!found)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
  for (gsize i = 0; i < pixels; i++)
    mask[i] = job->mask ? found[i] : fmaxf (mask[i], found[i]);
  return hl_sharpen_decide (&job->settings, blur, !job->mask, image, mask, source, progress->cancel,
                            error)
         && hl_damage_check (mask, pixels, job->mask != NULL, &job->settings, error);
}

/**
 * hl_flow_find_mask:
 * @job: what to do; whether a blur is undone is decided in its settings, and its search is set
 * @file: its picture
 * @blur: (out) (transfer full) (nullable): the blur, if any was found; must outlive @job
 * @progress: to cancel and to follow search and restoration together
 * @error: %HL_ERROR_NOTHING_SELECTED where no damage is found and nothing else is to be done, and
 *   those of reading a mask or an infrared picture
 *
 * Returns: (transfer full): (H, W), of the picture as it is shown: what is marked as damaged or was
 *   found, widened; or %NULL
 */
float *
hl_flow_find_mask (HlJob *job, const HlFile *file, HlPsf **blur, const HlProgress *progress,
                   GError **error)
{
  int               width = hl_file_get_width (file), height = hl_file_get_height (file);
  gboolean          is_sought = hl_damage_is_sought (&job->settings, job->mask != NULL);
  const char       *infrared  = job->infrared ? job->infrared : is_sought ? "auto" : "off";
  g_autofree float *mask      = job->mask ? hl_mask_file_load (job->mask, width, height, error)
                                          : hl_memory_try (sizeof (float), width, height, error);

  *blur = NULL;
  if (!mask || (job->mask && !hl_mask_file_check (mask, (gsize) width * height, error))
      || !hl_infrared_mark (infrared, job->in, file, mask, error)
      || (is_sought && !find_damage (job, file, mask, blur, progress, error))
      || !hl_mask_grow (mask, width, height, job->settings.mask_grow, progress->cancel, error))
    return NULL;
  return g_steal_pointer (&mask);
}

/**
 * hl_flow_restore:
 * @job: what to do
 * @file: its picture, becomes the restored one
 * @mask: what hl_flow_find_mask() found
 * @progress: to cancel and to follow search and restoration together, and to stop this one
 * @report: (out): what was done
 * @error: those of hl_restore()
 *
 * Restores the part of the picture around the damage, or all of it.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_flow_restore (const HlJob *job, HlFile *file, const float *mask, const HlProgress *progress,
                 HlRestoreReport *report, GError **error)
{
  int        width = hl_file_get_width (file), height = hl_file_get_height (file);
  HlImage    all   = hl_plane_view (mask, width, height);
  double     share = hl_work_get_search_share (job->search, mask, width, height, &job->settings,
                                               progress->cancel);
  HlProgress rest  = hl_progress_part (progress, share, 1);
  HlRect     area;
  g_autofree guint8 *source  = NULL;
  g_autoptr (HlImage) marked = NULL, image = NULL, result = NULL;

  if (!find_area (mask, width, height, hl_restore_is_whole (&job->settings), &area, error))
    return FALSE;
  marked = hl_image_crop (&all, area, error);
  image  = marked ? hl_samples_get_planes (file, area, &source, error) : NULL;
  if (image)
    result = hl_restore (image, marked->planes, source, &job->settings, &rest, report, error);
  if (!result)
    return FALSE;
  result->x = area.left;
  result->y = area.top;
  /* Every pixel that can be seen may have changed then. */
  for (gsize i = 0; report->whole && i < (gsize) image->width * image->height; i++)
    if (source[i])
      marked->planes[i] = 1;
  hl_samples_set_planes (file, result, marked->planes);
  return TRUE;
}

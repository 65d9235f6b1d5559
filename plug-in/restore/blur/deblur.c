/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape: after the holes' first fill, before the composite.
 *
 * A large picture goes in windows that overlap, so that the memory does not grow with it and
 * the Fourier transforms stay within the processor's caches.  Around each window lies a margin
 * that is wider than what blur and solvers reach over, and is thrown away.  What happens in a
 * window is in deblur_window.c. */
#include "restore/blur/deblur.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "restore/blur/blur_light.h"
#include "restore/blur/deblur_window.h"
#include "restore/blur/sharp_border.h"
#include "restore/error.h"
#include "restore/linear_light.h"

/* Pixels of a window's side at most, but for the widest blurs, and of what is kept of it at least.
 * Where memory does not suffice, windows are made smaller by this factor and again. */
#define MOST_SIDE 1024
#define LEAST_CORE 64
#define SMALLER 0.75

/* The mean of the curve's derivative is taken over one pixel in so many. */
#define DERIVATIVE_STEP 31

/* Pixels of a point spread function's side up to which the piece that is looked at, of 256 pixels,
 * shows along which curve it was blurred. */
#define WIDEST_DECIDED 127

/* How one direction of the picture is cut. */
typedef struct
{
  int size, count, window, margin;
} Cut;

/* Solvers smooth over some pixels beside what the blur spreads. */
static int
get_margin (const HlDeblurTask *task)
{
  return 2 * task->psf->side + 16;
}

static Cut
plan_cut (const HlDeblurTask *task, int size, int most)
{
  int margin = get_margin (task);
  Cut cut    = { size, 1, size, margin };

  if (size <= most || task->circular)
    return cut;
  cut.count  = (size + most - 2 * margin - 1) / (most - 2 * margin);
  cut.window = MIN ((size + cut.count - 1) / cut.count + 2 * margin, size);
  return cut;
}

static int
get_border (const Cut *cut, int i)
{
  return (gint64) i * cut->size / cut->count;
}

/* Where the i-th window begins: all have the same size, so those at the borders have more of a
 * margin on the other side. */
static int
get_start (const Cut *cut, int i)
{
  return CLAMP (get_border (cut, i) - cut->margin, 0, cut->size - cut->window);
}

static double
find_mean_derivative (const HlImage *image, HlCurve curve)
{
  gsize  pixels = (gsize) image->width * image->height;
  double sum    = 0;
  gsize  n      = 0;

  for (gsize i = 0; i < pixels; i += DERIVATIVE_STEP, n++)
    {
      float value = 0, derivative;

      for (int c = 0; c < image->channels; c++)
        value += hl_curve_decode (curve, image->planes[c * pixels + i]) / image->channels;
      derivative = hl_curve_get_derivative (curve, value);
      sum += derivative * derivative;
    }
  return sqrt (sum / n);
}

/* The window at (i, j) of @image into its core in @result; as it is, once stopped. */
static gboolean
run_window (HlDeblurWindow *window, const HlImage *image, const float *known, const Cut *across,
            const Cut *down, int i, int j, gboolean stopped, HlImage *crop, HlImage *crop_known,
            HlImage *result, const HlProgress *control, GError **error)
{
  int     x = get_start (across, i), y = get_start (down, j);
  HlRect  whole     = { 0, 0, crop->width, crop->height };
  HlRect  core      = { get_border (across, i), get_border (down, j), get_border (across, i + 1),
                        get_border (down, j + 1) };
  HlImage all_known = hl_plane_view (known, image->width, image->height);

  hl_image_copy_rect (image, x, y, crop, whole);
  hl_image_copy_rect (&all_known, x, y, crop_known, whole);
  if (!stopped && !hl_deblur_window_run (window, crop, crop_known->planes, control, error))
    return FALSE;
  hl_image_copy_rect (crop, core.left - x, core.top - y, result, core);
  return TRUE;
}

/* A window as large as memory allows, and the cut for it. */
static HlDeblurWindow *
plan_window (const HlDeblurTask *task, const HlImage *image, Cut *across, Cut *down, GError **error)
{
  int    margin = get_margin (task), least = task->circular ? G_MAXINT : 2 * margin + LEAST_CORE;
  int    most       = MIN (MAX (MOST_SIDE, 4 * margin), MAX (image->width, image->height));
  double derivative = find_mean_derivative (image, task->curve);

  for (;; most *= SMALLER)
    {
      g_autoptr (GError) failed = NULL;
      HlDeblurWindow *window;

      *across = plan_cut (task, image->width, most);
      *down   = plan_cut (task, image->height, most);
      window  = hl_deblur_window_new (task, image->channels, across->window, down->window,
                                      derivative, &failed);
      if (window)
        return window;
      if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
        {
          g_propagate_error (error, g_steal_pointer (&failed));
          return NULL;
        }
      if (most * SMALLER < least)
        break;
    }
  g_set_error_literal (error, HL_ERROR, HL_ERROR_MEMORY,
                       _ ("There is not enough memory to take this blur away. Choose a smaller "
                          "blur or a quicker way to sharpen, or scale the picture down first."));
  return NULL;
}

static gboolean
check_size (const HlPsf *psf, int width, int height, GError **error)
{
  if (psf->side <= 2 * MIN (width, height))
    return TRUE;
  g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
               _ ("The blur is larger than the area of %d × %d pixels. Choose a smaller blur or "
                  "a larger area."),
               width, height);
  return FALSE;
}

/**
 * hl_deblur_check:
 * @task: what hl_deblur_run() will be asked to do
 * @image: (C, H, W), the picture it will be given; may still have holes
 * @error: %HL_ERROR_SETTING, %HL_ERROR_MEMORY
 *
 * Finds out early whether the blur is too large for the picture or for the memory: for a caller
 * that has other long work to do first.  See hl_deblur_run() about threads.
 *
 * Returns: whether hl_deblur_run() can begin
 */
gboolean
hl_deblur_check (const HlDeblurTask *task, const HlImage *image, GError **error)
{
  Cut across, down;
  g_autoptr (HlDeblurWindow) window = check_size (task->psf, image->width, image->height, error)
                                          ? plan_window (task, image, &across, &down, error)
                                          : NULL;

  return window != NULL;
}

static gboolean
decide_curve (HlDeblurTask *task, const HlImage *image, const float *known, GCancellable *cancel,
              GError **error)
{
  if (!task->find_curve || task->psf->side > WIDEST_DECIDED)
    return TRUE;
  return hl_blur_find_curve (task->psf, image, known, task->noise_level, task->noise_blur,
                             &task->curve, cancel, error);
}

/* hl_deblur_run() on all of the picture. */
static gboolean
run_all (const HlDeblurTask *task, HlImage *image, const float *known, const HlProgress *control,
         GError **error)
{
  Cut          across, down;
  int          windows;
  HlDeblurTask decided              = *task;
  g_autoptr (HlDeblurWindow) window = NULL;
  float *planes;
  g_autoptr (HlImage) crop = NULL, trust = NULL, result = NULL;

  if (!check_size (task->psf, image->width, image->height, error)
      || !decide_curve (&decided, image, known, control->cancel, error))
    return FALSE;
  window = plan_window (&decided, image, &across, &down, error);
  result = window ? hl_image_new (image->channels, image->width, image->height, error) : NULL;
  crop   = result ? hl_image_new (image->channels, across.window, down.window, error) : NULL;
  trust  = crop ? hl_image_new (1, across.window, down.window, error) : NULL;
  if (!trust)
    return FALSE;
  if (task->peak)
    {
      *task->peak = hl_deblur_window_get_memory (window)
                    + sizeof (float)
                          * (image->channels * (guint64) image->width * image->height
                             + (image->channels + 1) * (guint64) across.window * down.window);
      if (task->find_curve)
        *task->peak = MAX (*task->peak, hl_blur_find_curve_memory (task->psf, image));
    }
  windows = across.count * down.count;
  for (int i = 0; i < windows; i++)
    {
      gboolean         stopped = i > 0 && hl_progress_is_stopped (control);
      const HlProgress part = hl_progress_part (control, (double) i / windows, (i + 1.0) / windows);

      if (!run_window (window, image, known, &across, &down, i % across.count, i / across.count,
                       stopped, crop, trust, result, &part, error))
        return FALSE;
    }
  planes         = image->planes;
  image->planes  = result->planes;
  result->planes = planes;
  return TRUE;
}

/**
 * hl_deblur_run:
 * @task: what to do
 * @image: (C, H, W), the blurred picture, all values finite, holes filled for a beginning; becomes
 *   the sharp one
 * @known: (H, W), 0 for holes to 1 for sound pixels
 * @control: to cancel, to stop and to follow it
 * @error: %HL_ERROR_SETTING, %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * A line along a side that is sharper than the blur stays as it is. When stopped it ends soon, with
 * windows that are not sharpened yet as they were.
 *
 * Returns: whether @image is a result; it is as it was where not
 */
gboolean
hl_deblur_run (const HlDeblurTask *task, HlImage *image, const float *known,
               const HlProgress *control, GError **error)
{
  HlRect  inside           = hl_sharp_border_leave_out (image, task->psf);
  HlRect  all              = { 0, 0, image->width, image->height };
  HlImage all_known        = hl_plane_view (known, image->width, image->height);
  g_autoptr (HlImage) crop = NULL, crop_known = NULL;

  if (task->circular || memcmp (&inside, &all, sizeof all) == 0
      || !check_size (task->psf, inside.right - inside.left, inside.bottom - inside.top, NULL))
    return run_all (task, image, known, control, error);
  crop       = hl_image_crop (image, inside, error);
  crop_known = crop ? hl_image_crop (&all_known, inside, error) : NULL;
  if (!crop_known || !run_all (task, crop, crop_known->planes, control, error))
    return FALSE;
  if (task->peak)
    *task->peak += sizeof (float) * (image->channels + 1) * (guint64) crop->width * crop->height;
  hl_image_copy_rect (crop, 0, 0, image, inside);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole restoration: planes and a mask in, restored planes out.
 *
 *   what is known -> first fill -> repair, region by region -> deblurring -> composite -> grain
 *
 * Each step is a file of its own beside this one. */
#include "restore/restore.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "restore/composite.h"
#include "restore/fill/diffuse.h"
#include "restore/error.h"
#include "restore/grain/grain.h"
#include "restore/mask.h"
#include "restore/noise.h"
#include "restore/repair.h"
#include "restore/blur/sharpen.h"

/* Times white: what is brighter, or as dark, is no part of a picture but a mistake in it, and
 * would squeeze all the rest into black. */
#define BRIGHTEST 1e4f

/**
 * hl_restore_settings_init:
 * @settings: (out): set to the defaults
 */
void
hl_restore_settings_init (HlRestoreSettings *settings)
{
  *settings = (HlRestoreSettings) { .grain         = 1,
                                    .iterations    = 1000,
                                    .auto_noise    = TRUE,
                                    .deblur        = HL_DEBLUR_NONE,
                                    .deblur_method = HL_DEBLUR_PRIOR };
}

/**
 * hl_restore_get_context:
 * @width: of the box around the damage, pixels
 * @height: likewise
 *
 * Returns: how many pixels around that box hl_restore() should be given, so that the fill has
 * something to go by and the work does not grow with the picture
 */
int
hl_restore_get_context (int width, int height)
{
  return CLAMP (MAX (width, height) / 2, 64, 128);
}

/**
 * hl_restore_is_whole:
 * @settings: what to do
 *
 * Returns: whether hl_restore() should be given the whole picture, as more of it may change than
 *   what the mask covers
 */
gboolean
hl_restore_is_whole (const HlRestoreSettings *settings)
{
  return settings->denoise || settings->deblur != HL_DEBLUR_NONE;
}

static gboolean
check_settings (const HlRestoreSettings *settings, GError **error)
{
  const char *wrong = NULL;

  if (settings->method > HL_METHOD_UNTRAINED)
    wrong = _ ("Choose the learned prior, the deep prior, the untrained network or automatic.");
  else if (settings->iterations > 20000)
    wrong = _ ("The iterations must be between 0 and 20000.");
  else if (!(settings->auto_noise || (settings->noise_level >= 0 && settings->noise_level <= 0.4)))
    wrong = _ ("The noise level must be between 0 and 40 percent.");
  else if (settings->deblur > HL_DEBLUR_KNOWN || settings->deblur_method > HL_DEBLUR_PRIOR)
    wrong = _ ("Choose whether to remove no blur, the one that is found or one that you know.");
  else if (settings->deblur == HL_DEBLUR_KNOWN && !settings->psf)
    wrong = _ ("Say which blur to remove.");
  else if (!(settings->grain >= 0 && settings->grain <= 1))
    wrong = _ ("The grain must be between 0 and 100 percent.");
  else if (settings->threads > 64)
    wrong = _ ("The number of threads must be between 0 and 64.");
  if (wrong)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_SETTING, wrong);
  return wrong == NULL;
}

/* Whether a pixel's values can be those of a picture. NaN cannot. */
static gboolean
is_number (const HlImage *image, gsize pixel)
{
  gsize pixels = (gsize) image->width * image->height;

  for (int c = 0; c < image->channels; c++)
    if (!(fabsf (image->planes[c * pixels + pixel]) < BRIGHTEST))
      return FALSE;
  return TRUE;
}

/* What may be learnt from: (H, W), 0 or 1. How soft the mask is counts in the composite only. */
static float *
find_known (const HlImage *image, const float *mask, const guint8 *evidence, gboolean whole,
            GError **error)
{
  gsize              pixels     = (gsize) image->width * image->height;
  g_autofree float  *known      = g_try_new (float, pixels);
  g_autofree guint8 *hole       = g_try_malloc (pixels);
  gboolean           any_damage = FALSE, any_known = FALSE;

  if (!known || !hole || !hl_mask_find_hole (mask, image->width, image->height, hole))
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  for (gsize i = 0; i < pixels; i++)
    {
      known[i] = !hole[i];
      any_damage |= mask[i] > 0;
      if ((evidence && !evidence[i]) || !is_number (image, i))
        known[i] = 0;
      any_known |= known[i] > 0;
    }
  if (!any_damage && !whole)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                         _ ("Nothing is selected. Select the damaged area first."));
  else if (!any_known)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Everything is selected, so that nothing sound is left to learn from. "
                            "Select only the damaged area."));
  return (any_damage || whole) && any_known ? g_steal_pointer (&known) : NULL;
}

/* The priors know pictures of 0..1; one that goes beyond is squeezed into that. */
static void
find_range (const HlImage *image, const float *known, float *low, float *high)
{
  gsize pixels = (gsize) image->width * image->height;

  *low  = 0;
  *high = 1;
  for (int c = 0; c < image->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      if (known[i] > 0)
        {
          *low  = fminf (*low, image->planes[c * pixels + i]);
          *high = fmaxf (*high, image->planes[c * pixels + i]);
        }
}

static void
stretch (HlImage *image, float factor, float offset)
{
  for (gsize i = 0; i < (gsize) image->channels * image->width * image->height; i++)
    image->planes[i] = factor * image->planes[i] + offset;
}

/* Without it, what was painted anew shows as too smooth. */
static gboolean
add_grain (HlImage *result, const HlImage *image, const float *known, const float *weight,
           const HlRestoreSettings *settings, GCancellable *cancel, GError **error)
{
  HlGrain grain;

  return settings->grain <= 0 || settings->denoise
         || (hl_grain_learn (&grain, image, known, cancel, error)
             && hl_grain_add (&grain, result, weight, 0, 0, settings->grain, settings->seed, cancel,
                              error));
}

/**
 * hl_restore_grain:
 * @bare: (C, H, W), what hl_restore() made of @image by %HL_METHOD_PRIOR with a grain of 0, and
 *   neither noise nor blur removed from all of it
 * @image: (C, H, W), the photograph
 * @mask: (H, W), as hl_restore() was given it
 * @evidence: (nullable): (H, W), likewise
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
hl_restore_grain (const HlImage *bare, const HlImage *image, const float *mask,
                  const guint8 *evidence, const HlRestoreSettings *settings, GCancellable *cancel,
                  GError **error)
{
  g_autofree float *known    = find_known (image, mask, evidence, FALSE, error);
  g_autoptr (HlImage) result = known ? hl_image_copy (bare, error) : NULL;

  if (!result || g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  hl_mask_find_rim (image, mask, known, cancel);
  if (g_cancellable_set_error_if_cancelled (cancel, error)
      || !add_grain (result, image, known, mask, settings, cancel, error))
    return NULL;
  return g_steal_pointer (&result);
}

/* Of the time, what deblurring takes of it, about. */
#define DEBLUR_SHARE 0.7

/* The best so far on its way to whoever follows the restoration. */
typedef struct
{
  const HlRestoreControl *control;
  const HlImage          *image; /* the photograph */
  const float            *mask;
  float                   factor, offset; /* to the photograph's values */
  double                  first, share;   /* of the progress, of the work at hand */
} Told;

static void
tell_progress (double fraction, guint iteration, gpointer data)
{
  Told *told = data;

  told->control->progress (told->first + told->share * fraction, iteration,
                           told->control->user_data);
}

/* Where memory does not suffice for a look at it, nobody misses it. */
static void
tell_result (const HlImage *part, int x, int y, gpointer data)
{
  Told *told               = data;
  g_autoptr (HlImage) seen = hl_image_copy (part, NULL);
  gsize plane              = (gsize) told->image->width * told->image->height;
  gsize small              = (gsize) part->width * part->height;

  if (!seen)
    return;
  stretch (seen, told->factor, told->offset);
  for (int c = 0; c < part->channels; c++)
    for (gsize i = 0; i < small; i++)
      {
        gsize at     = (y + i / part->width) * told->image->width + x + i % part->width;
        float before = told->image->planes[c * plane + at];
        float weight = CLAMP (told->mask[at], 0, 1);

        if (weight <= 0)
          seen->planes[c * small + i] = before;
        else if (weight < 1 && isfinite (before))
          seen->planes[c * small + i]
              = weight * seen->planes[c * small + i] + (1 - weight) * before;
      }
  told->control->result (seen, x, y, told->control->user_data);
}

/**
 * hl_restore:
 * @image: (C, H, W), the photograph; pixels that are not finite or beyond 10000 times white are
 *   not learnt from
 * @mask: (H, W), how far each pixel is to be replaced: 0 keeps its exact bits, 1 replaces
 * @evidence: (nullable): (H, W), 0 where a pixel must not be learnt from, as it is
 *   transparent, say
 * @settings: what to do
 * @control: (nullable): to cancel, to stop and to follow it
 * @report: (nullable) (out): what was done
 * @error: %HL_ERROR, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE
 *
 * Repairs what the mask covers, and where noise or blur are to go works on all of the picture.  May
 * run in any thread, but FFTW's planner, which it uses when deblurring, allows only one restoration
 * at a time.
 *
 * Returns: (transfer full): the restored photograph, or %NULL
 */
HlImage *
hl_restore (const HlImage *image, const float *mask, const guint8 *evidence,
            const HlRestoreSettings *settings, const HlRestoreControl *control,
            HlRestoreReport *report, GError **error)
{
  const HlRestoreControl none   = { 0 };
  HlRestoreReport        unread = { 0 };
  gint64                 start  = g_get_monotonic_time ();
  g_autofree float      *known = NULL, *weight = NULL;
  g_autoptr (HlImage) result = NULL;
  HlRestoreControl following;
  Told             told;
  float            low, high;

  control = control ? control : &none;
  report  = report ? report : &unread;
  *report = (HlRestoreReport) { 0 };
  if (!check_settings (settings, error))
    return NULL;
  known = find_known (image, mask, evidence, hl_restore_is_whole (settings), error);
  if (!known)
    return NULL;
  if (settings->deblur != HL_DEBLUR_NONE && !hl_sharpen_check (image, settings, error))
    return NULL;
  weight = g_try_new (float, (gsize) image->width * image->height);
  if (!weight)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  report->rim         = hl_mask_find_rim (image, mask, known, control->cancel);
  report->noise_level = settings->auto_noise
                            ? hl_noise_estimate (image, mask, evidence, control->cancel)
                            : settings->noise_level;
  result              = hl_image_copy (image, error);
  if (!result || !hl_diffuse (result, known, control->cancel, error))
    return NULL;
  report->peak_memory_bytes
      = sizeof (float) * (2 * image->channels + 1) * image->width * image->height;

  find_range (image, known, &low, &high);
  stretch (result, 1 / (high - low), -low / (high - low));
  told      = (Told) { control,
                       image,
                       mask,
                       high - low,
                       low,
                       0,
                  settings->deblur == HL_DEBLUR_NONE ? 1 : 1 - DEBLUR_SHARE };
  following = (HlRestoreControl) { .cancel    = control->cancel,
                                   .stop      = control->stop,
                                   .progress  = control->progress ? tell_progress : NULL,
                                   .result    = control->result ? tell_result : NULL,
                                   .user_data = &told };
  if (following.result)
    following.result (result, 0, 0, &told);
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    weight[i] = known[i] < 1 ? mask[i] : 0;
  if (!hl_repair_run (result, weight, known, report->noise_level / (high - low), settings,
                      &following, report, error))
    return NULL;
  report->whole = settings->denoise;
  told.first    = told.share;
  told.share    = 1 - told.first;
  if (settings->deblur != HL_DEBLUR_NONE
      && !hl_sharpen_run (result, known, report->noise_level / (high - low), settings, &following,
                          report, error))
    return NULL;
  stretch (result, high - low, low);
  report->loss *= (high - low) * (high - low);
  if (g_cancellable_set_error_if_cancelled (control->cancel, error))
    return NULL;
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    weight[i] = report->whole && (!evidence || evidence[i]) ? 1 : mask[i];
  hl_composite (result, image, weight);
  if (!add_grain (result, image, known, weight, settings, control->cancel, error))
    return NULL;
  report->seconds = (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&result);
}

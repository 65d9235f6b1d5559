/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be repainted where the person leaves it to us: the first step of the whole way where
 * nothing is selected, and of its own where a selection only circles the damage.
 *
 * It comes before hl_restore(), because its hosts cut the photograph to the target. */
#include "restore/damage.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "restore/error.h"
#include "restore/find/find.h"
#include "restore/maps.h"
#include "restore/range.h"
#include "restore/restore.h"
#include "restore/rim.h"

/**
 * hl_damage_is_sought:
 * @settings: what to do
 * @selected: whether the person has selected anything
 *
 * Returns: whether the target is what hl_damage_find() finds, and not the selection
 */
gboolean
hl_damage_is_sought (const HlRestoreSettings *settings, gboolean selected)
{
  return settings->find == HL_FIND_ONLY || (settings->find == HL_FIND_AUTO && !selected);
}

static gsize
get_pixels (const HlImage *image)
{
  return (gsize) image->width * image->height;
}

/* Where the person has circled the damage: (H, W), 0 or 1. */
static guint8 *
mark_circled (const float *within, gsize pixels)
{
  guint8 *circled = g_try_new (guint8, pixels);

  for (gsize i = 0; circled && i < pixels; i++)
    circled[i] = within[i] > 0;
  return circled;
}

/* Adds the rim that looks damaged too, which the finder's cut may leave out where cracks have soft
 * lips. */
static gboolean
add_rim (const HlImage *image, const guint8 *source, float *target, GCancellable *cancel,
         GError **error)
{
  g_auto (HlMaps) maps = { 0 };
  gsize pixels         = (gsize) image->width * image->height;

  if (!hl_maps_init (&maps, image, target, source, TRUE, error)
      || g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  hl_range_find (image, &maps, cancel);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (hl_rim_find (image, &maps, TRUE, cancel) > 0)
    for (gsize i = 0; i < pixels; i++)
      target[i] = fmaxf (target[i], maps.target[i]);
  return !g_cancellable_set_error_if_cancelled (cancel, error);
}

/**
 * hl_damage_look:
 * @image: (C, H, W), the photograph
 * @within: (nullable): (H, W), above 0 where damage is looked for, which is then more closely;
 *   %NULL to look everywhere
 * @source: (nullable): (H, W), 0 where a pixel is transparent
 * @settings: what to do; threads and memory_limit are used here
 * @progress: to cancel and to follow it
 * @error: those of hl_find_run()
 *
 * Returns: (transfer full): how certain it is at each pixel that there is damage, or %NULL
 */
HlFound *
hl_damage_look (const HlImage *image, const float *within, const guint8 *source,
                const HlRestoreSettings *settings, const HlProgress *progress, GError **error)
{
  const HlFindSettings how     = { NULL, settings->threads, settings->memory_limit };
  g_autofree guint8   *circled = within ? mark_circled (within, get_pixels (image)) : NULL;

  if (!within || circled)
    return hl_find_run (image, source, circled, &how, progress, error);
  hl_error_set_memory (error, image->width, image->height);
  return NULL;
}

/**
 * hl_damage_cut:
 * @image: as hl_damage_look() was given it
 * @found: what it found
 * @within: (nullable): likewise
 * @source: (nullable): likewise
 * @settings: what to do; find_sensitivity is used here
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): (H, W), the target for hl_restore(): 1 where there is damage, and on
 *   the rim around it where that is damaged too, else 0; or %NULL
 */
float *
hl_damage_cut (const HlImage *image, const HlFound *found, const float *within,
               const guint8 *source, const HlRestoreSettings *settings, GCancellable *cancel,
               GError **error)
{
  gsize              pixels = get_pixels (image), count;
  g_autofree guint8 *mask   = g_try_new (guint8, pixels);
  g_autofree float  *target = g_try_new (float, pixels);

  if (!mask || !target)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  count = hl_find_cut (found, settings->find_sensitivity, HL_FIND_ANY_WIDTH, mask);
  for (gsize i = 0; i < pixels; i++)
    target[i] = mask[i] != 0;
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  if (count > 0 && !add_rim (image, source, target, cancel, error))
    return NULL;
  for (gsize i = 0; within && i < pixels; i++)
    target[i] = within[i] > 0 ? target[i] : 0;
  return g_steal_pointer (&target);
}

/**
 * hl_damage_check:
 * @target: (H, W), what hl_damage_cut() has made
 * @pixels: H W
 * @within: whether it was looked for in a part of the photograph only
 * @settings: what to do
 * @error: %HL_ERROR_NOTHING_SELECTED where there is no damage, and nothing else is to be done
 *
 * Returns: whether there is anything to do, or may be as long as %HL_DEBLUR_WHOLE is not decided
 */
gboolean
hl_damage_check (const float *target, gsize pixels, gboolean within,
                 const HlRestoreSettings *settings, GError **error)
{
  if (hl_restore_is_whole (settings) || settings->deblur == HL_DEBLUR_WHOLE)
    return TRUE;
  for (gsize i = 0; i < pixels; i++)
    if (target[i] > 0)
      return TRUE;
  g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                       within ? _ ("No damage was found in the selection. Look for fainter "
                                   "damage with a higher sensitivity, or have all of the "
                                   "selection repainted.")
                              : _ ("No damage was found. Look for fainter damage with a "
                                   "higher sensitivity, or select the damage yourself."));
  return FALSE;
}

/**
 * hl_damage_find:
 * @image: (C, H, W), the photograph
 * @within: (nullable): as for hl_damage_look()
 * @source: (nullable): likewise
 * @settings: what to do; find_sensitivity, threads and memory_limit are used here
 * @progress: to cancel and to follow it
 * @error: those of the three functions above
 *
 * Returns: (transfer full): the target for hl_restore(), as of hl_damage_cut(), or %NULL
 */
float *
hl_damage_find (const HlImage *image, const float *within, const guint8 *source,
                const HlRestoreSettings *settings, const HlProgress *progress, GError **error)
{
  g_autoptr (HlFound) found = hl_damage_look (image, within, source, settings, progress, error);
  g_autofree float *target  = NULL;

  if (found)
    target = hl_damage_cut (image, found, within, source, settings, progress->cancel, error);
  if (!target || !hl_damage_check (target, get_pixels (image), within != NULL, settings, error))
    return NULL;
  return g_steal_pointer (&target);
}

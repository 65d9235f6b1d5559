/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels are to be repainted, the target, and which may be learnt or copied from, the source:
 * two maps, as what is transparent is neither. */
#include "restore/maps.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "restore/error.h"
#include "restore/mask.h"

/* Times white: what is brighter, or as dark, is no part of a picture but a mistake in it. */
#define BRIGHTEST 1e4f

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

static gboolean
allocate (HlMaps *maps, int width, int height, GError **error)
{
  *maps = (HlMaps) { .width  = width,
                     .height = height,
                     .target = g_try_new (float, ((gsize) width * height)),
                     .source = g_try_new (float, ((gsize) width * height)) };
  if (maps->target && maps->source)
    return TRUE;
  hl_error_set_memory (error, width, height);
  return FALSE;
}

static void
refuse (gboolean any_damage, gboolean any_opaque, gboolean all_opaque, GError **error)
{
  if (!any_damage)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                         _ ("Nothing is selected. Select the damaged area first."));
  else if (!any_opaque)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Everything around here is transparent, so that there is nothing to "
                            "learn from. Choose the layer that shows the photograph."));
  else if (!all_opaque)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Everything that is not transparent is selected, so that nothing "
                            "sound is left to learn from. Select only the damaged area."));
  else
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Everything is selected, so that nothing sound is left to learn from. "
                            "Select only the damaged area."));
}

/**
 * hl_maps_init:
 * @maps: (out): set; to be cleared also after a failure
 * @image: (C, H, W), the photograph
 * @target: (H, W), how far each pixel is to be repainted, 0..1
 * @source: (nullable): (H, W), 0 where a pixel must not be learnt from; %NULL: nowhere
 * @whole: whether there need not be a target
 * @error: %HL_ERROR_NOTHING_SELECTED, %HL_ERROR_NOTHING_KNOWN, %HL_ERROR_MEMORY
 *
 * How soft @target is counts in the composite only: see hl_mask_find_hole().
 *
 * Returns: whether there is something to do and something to learn from
 */
gboolean
hl_maps_init (HlMaps *maps, const HlImage *image, const float *target, const guint8 *source,
              gboolean whole, GError **error)
{
  gsize              pixels     = (gsize) image->width * image->height;
  g_autofree guint8 *hole       = g_try_malloc (pixels);
  gboolean           any_damage = whole, any_opaque = FALSE, all_opaque = TRUE, any_source = FALSE;

  if (!allocate (maps, image->width, image->height, error))
    return FALSE;
  if (!hole || !hl_mask_find_hole (target, image->width, image->height, hole))
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (gsize i = 0; i < pixels; i++)
    {
      gboolean opaque = !source || source[i];

      maps->target[i] = hole[i];
      maps->source[i] = !hole[i] && opaque && is_number (image, i);
      any_damage |= target[i] > 0;
      any_opaque |= opaque;
      all_opaque &= opaque;
      any_source |= maps->source[i] > 0;
    }
  if (any_damage && any_source)
    return TRUE;
  refuse (any_damage, any_opaque, all_opaque, error);
  return FALSE;
}

static float *
crop_plane (const float *plane, const HlMaps *maps, HlRect rect, HlMaps *crop, float *to)
{
  HlImage whole = hl_plane_view (plane, maps->width, maps->height);
  HlImage part  = hl_plane_view (to, crop->width, crop->height);

  hl_image_copy_rect (&whole, rect.left, rect.top, &part,
                      (HlRect) { 0, 0, crop->width, crop->height });
  return to;
}

/**
 * hl_maps_init_crop:
 * @crop: (out): set; to be cleared also after a failure
 * @maps: maps
 * @rect: a part of them, not empty
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_maps_init_crop (HlMaps *crop, const HlMaps *maps, HlRect rect, GError **error)
{
  if (!allocate (crop, rect.right - rect.left, rect.bottom - rect.top, error))
    return FALSE;
  crop_plane (maps->target, maps, rect, crop, crop->target);
  crop_plane (maps->source, maps, rect, crop, crop->source);
  return TRUE;
}

/**
 * hl_maps_clear:
 * @maps: maps, or zeros
 *
 * Frees them.
 */
void
hl_maps_clear (HlMaps *maps)
{
  g_clear_pointer (&maps->target, g_free);
  g_clear_pointer (&maps->source, g_free);
}

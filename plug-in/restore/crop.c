/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a photograph that a restoration works on, cut out with its maps: what hl_area_find()
 * says, whatever more there is. */
#include "restore/crop.h"

#include <string.h>

#include "restore/area.h"
#include "restore/error.h"

/* The part to work on, in pixels of @image, which may itself be a part of the photograph. */
static HlRect
find_rect (const HlImage *image, const float *target, gboolean whole)
{
  HlRect rect = { 0, 0, image->width, image->height };

  if (whole || !hl_area_find_damage (target, image->width, image->height, &rect))
    return (HlRect) { 0, 0, image->width, image->height };
  rect = hl_area_find (
      hl_rect_move (rect, image->x, image->y),
      (HlRect) { image->x, image->y, image->x + image->width, image->y + image->height });
  return hl_rect_move (rect, -image->x, -image->y);
}

/**
 * hl_crop_init:
 * @crop: (out): set; to be cleared also after a failure
 * @image: (C, H, W), the photograph, which must outlive the crop
 * @target: (H, W), how far each pixel is to be repainted; likewise
 * @source: (nullable): (H, W), 0 where a pixel must not be learnt from; likewise
 * @whole: whether to work on all of it
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_crop_init (HlCrop *crop, const HlImage *image, const float *target, const guint8 *source,
              gboolean whole, GError **error)
{
  HlRect  rect = find_rect (image, target, whole);
  HlImage view = hl_plane_view (target, image->width, image->height);
  int     width;

  *crop = (HlCrop) {
    .whole = image, .rect = rect, .image = image, .target = target, .source = source
  };
  if (hl_rect_get_pixels (rect) == (gint64) image->width * image->height)
    return TRUE;
  crop->image = crop->own_image = hl_image_crop (image, rect, error);
  crop->own_target              = crop->image ? hl_image_crop (&view, rect, error) : NULL;
  if (!crop->own_target)
    return FALSE;
  crop->target = crop->own_target->planes;
  if (!source)
    return TRUE;
  width        = crop->image->width;
  crop->source = crop->own_source = g_try_malloc ((gsize) width * crop->image->height);
  if (!crop->own_source)
    {
      hl_error_set_memory (error, crop->image->width, crop->image->height);
      return FALSE;
    }
  for (int y = 0; y < crop->image->height; y++)
    memcpy (crop->own_source + (gsize) y * width,
            source + (gsize) (y + rect.top) * image->width + rect.left, width);
  return TRUE;
}

/**
 * hl_crop_put_back:
 * @crop: a crop
 * @part: (transfer full): what became of its image
 * @image: (C, H, W), what surrounds it
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): @image with @part in its place, or %NULL
 */
HlImage *
hl_crop_put_back (const HlCrop *crop, HlImage *part, const HlImage *image, GError **error)
{
  g_autoptr (HlImage) owned = part;
  HlImage *all;

  if (part->width == image->width && part->height == image->height)
    return g_steal_pointer (&owned);
  all = hl_image_copy (image, error);
  if (all)
    hl_image_copy_rect (part, 0, 0, all, crop->rect);
  return all;
}

/**
 * hl_crop_clear:
 * @crop: a crop, or zeros
 *
 * Frees what it owns.
 */
void
hl_crop_clear (HlCrop *crop)
{
  g_clear_pointer (&crop->own_image, hl_image_free);
  g_clear_pointer (&crop->own_target, hl_image_free);
  g_clear_pointer (&crop->own_source, g_free);
}

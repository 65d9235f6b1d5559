/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layer and selection to planes and mask.
 *
 * The new layer starts as GIMP's own copy of the source, which keeps its pixels bit for
 * bit together with its format, offsets, opacity, mode and mask. The copy is made before the
 * work and put into the image after it (result.c): what happens to the source meanwhile does
 * not matter, and a killed plug-in leaves the image as it was. Pixels are read row by row, so
 * that a window can stay alive meanwhile. */

#include "gimp/drawable.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "gimp/layout.h"
#include "restore/area.h"
#include "restore/error.h"
#include "restore/mask.h"

/* Sets the patch's area: the part of the layer that the engine asks for where the selection is
 * widened as far as can be, so that widening it later needs no other area.  The cost follows the
 * damage and not the size of the picture. */
static gboolean
find_area (HlArea *patch, GimpImage *image, const GeglRectangle *extent, GError **error)
{
  gboolean      non_empty;
  int           x1, y1, x2, y2;
  HlRect        found;
  GeglRectangle selected;

  if (patch->whole)
    {
      patch->area = (GeglRectangle) { 0, 0, extent->width, extent->height };
      return TRUE;
    }
  if (!gimp_selection_bounds (image, &non_empty, &x1, &y1, &x2, &y2) || !non_empty)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                           _ ("Nothing is selected. Select the damaged area first, for "
                              "example with the Free Select tool."));
      return FALSE;
    }

  gegl_rectangle_set (&selected, x1, y1, x2 - x1, y2 - y1);
  if (!gegl_rectangle_intersect (&selected, &selected, extent))
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                           _ ("The selection lies outside this layer. Select the damaged "
                              "area inside it, or choose another layer."));
      return FALSE;
    }

  found = (HlRect) { selected.x - extent->x, selected.y - extent->y,
                     selected.x - extent->x + selected.width,
                     selected.y - extent->y + selected.height };
  found = hl_rect_grow (found, HL_MASK_MOST_GROWTH, extent->width, extent->height);
  found = hl_area_find (found, (HlRect) { 0, 0, extent->width, extent->height });
  gegl_rectangle_set (&patch->area, found.left, found.top, found.right - found.left,
                      found.bottom - found.top);
  return TRUE;
}

/* Gets the room for all pixels, and GIMP's buffers to read them from. */
static gboolean
prepare (HlArea *patch, GimpImage *image, GError **error)
{
  gsize    n = (gsize) patch->area.width * patch->area.height;
  HlLayout layout;

  hl_layout_init (&layout, GIMP_DRAWABLE (patch->layer));
  patch->space = babl_format_get_space (layout.native);
  patch->image = hl_image_new (layout.components - (layout.has_alpha ? 1 : 0), patch->area.width,
                               patch->area.height, error);
  if (!patch->image)
    return FALSE;
  patch->image->x = patch->area.x;
  patch->image->y = patch->area.y;
  patch->mask     = g_try_new (float, n);
  patch->evidence = g_try_new (guint8, n);
  patch->hidden   = g_try_new (guint8, n);
  patch->row      = g_try_new (float, (gsize) patch->area.width *layout.components);
  if (!patch->mask || !patch->evidence || !patch->hidden || !patch->row)
    return hl_layout_set_memory_error (&patch->area, error);
  patch->pixels    = gimp_drawable_get_buffer (GIMP_DRAWABLE (patch->layer));
  patch->selection = gimp_drawable_get_buffer (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  return TRUE;
}

/**
 * hl_patch_new:
 * @image: the picture
 * @source: the layer to restore, as hl_target_find() found it
 * @whole: whether to work on all of it; there need be no selection then
 * @error: return location for a #GError
 *
 * Takes a copy of the layer and finds the selected part of it and its surroundings. The
 * layer's non-destructive filters are part of what is seen, so the copy has them merged.
 *
 * Returns: (transfer full): the patch, which hl_patch_read() must read, or %NULL with
 *   %HL_ERROR_NOTHING_SELECTED, %HL_ERROR_MEMORY or %HL_ERROR_INPUT
 */
HlArea *
hl_patch_new (GimpImage *image, GimpLayer *source, gboolean whole, GError **error)
{
  g_autoptr (HlArea) patch                = g_new0 (HlArea, 1);
  g_autofree GimpDrawableFilter **filters = NULL;
  GeglRectangle                   extent;

  patch->whole = whole;
  patch->layer = gimp_layer_copy (source);
  if (!patch->layer)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("GIMP could not copy the layer. Close other pictures to free "
                              "memory, then start again."));
      return NULL;
    }
  g_set_weak_pointer (&patch->source, source);
  filters = gimp_drawable_get_filters (GIMP_DRAWABLE (patch->layer));
  if (filters && filters[0])
    gimp_drawable_merge_filters (GIMP_DRAWABLE (patch->layer));

  /* Asked of the copy: a filter can make a layer larger. */
  extent.width  = gimp_drawable_get_width (GIMP_DRAWABLE (patch->layer));
  extent.height = gimp_drawable_get_height (GIMP_DRAWABLE (patch->layer));
  if (!gimp_drawable_get_offsets (GIMP_DRAWABLE (patch->layer), &extent.x, &extent.y)
      || !find_area (patch, image, &extent, error) || !prepare (patch, image, error))
    return NULL;
  patch->x = extent.x;
  patch->y = extent.y;
  return g_steal_pointer (&patch);
}

/* Reads a row of the selection, which lies in image coordinates. */
static void
read_mask (HlArea *patch, int y)
{
  GeglRectangle line
      = { patch->area.x + patch->x, patch->area.y + patch->y + y, patch->area.width, 1 };
  float *mask = patch->mask + (gsize) y * patch->area.width;

  /* "Y float" and not "Y' float": a selection is a share, and has no gamma. */
  gegl_buffer_get (patch->selection, &line, 1.0, babl_format ("Y float"), mask, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (int x = 0; x < patch->area.width; x++)
    patch->n_selected += mask[x] > 0.0f;
}

/* Reads a row of the layer into the planes. A pixel that is not a number would spoil every sum
 * it takes part in, so that the engine gets black instead and is told not to believe it. */
static void
read_pixels (HlArea *patch, const HlLayout *layout, int y)
{
  GeglRectangle line   = { patch->area.x, patch->area.y + y, patch->area.width, 1 };
  gsize         plane  = (gsize) patch->area.width * patch->area.height;
  float        *planes = patch->image->planes;

  gegl_buffer_get (patch->pixels, &line, 1.0, layout->floats, patch->row, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (int x = 0; x < patch->area.width; x++)
    {
      const float *pixel    = patch->row + (gsize) x * layout->components;
      gsize        i        = (gsize) y * patch->area.width + x;
      gboolean     evidence = !layout->has_alpha || pixel[layout->components - 1] > 0.0f;

      for (int c = 0; c < patch->image->channels; c++)
        evidence = evidence && isfinite (pixel[c]);
      for (int c = 0; c < patch->image->channels; c++)
        planes[plane * c + i] = isfinite (pixel[c]) ? pixel[c] : 0.0f;
      patch->evidence[i] = evidence;
      patch->hidden[i]   = !evidence && patch->mask[i] <= 0.0f;
      patch->n_sound += evidence && patch->mask[i] <= 0.0f;
    }
}

/**
 * hl_patch_read:
 * @patch: a patch
 * @until: in the time of g_get_monotonic_time(); %G_MAXINT64 to read everything
 * @error: return location for a #GError
 *
 * Goes on reading the pixels, at least one row and none after @until.
 *
 * Returns: whether all went well so far; %FALSE with %HL_ERROR_NOTHING_SELECTED or
 *   %HL_ERROR_NOTHING_KNOWN once all is read and that is found out
 */
gboolean
hl_patch_read (HlArea *patch, gint64 until, GError **error)
{
  HlLayout layout;

  hl_layout_init (&layout, GIMP_DRAWABLE (patch->layer));
  for (gboolean first = TRUE;
       patch->rows < patch->area.height && (first || g_get_monotonic_time () < until);
       first = FALSE, patch->rows++)
    {
      read_mask (patch, patch->rows);
      read_pixels (patch, &layout, patch->rows);
    }
  if (!hl_patch_is_complete (patch))
    return TRUE;
  g_clear_object (&patch->pixels);
  g_clear_object (&patch->selection);
  if (patch->n_selected == 0 && !patch->whole)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                         _ ("The selection lies outside this layer. Select the damaged area "
                            "inside it, or choose another layer."));
  else if (patch->n_sound == 0)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Nothing is left to learn from: everything around the damage is "
                            "selected too, or transparent. Select only the damaged area."));
  else
    return TRUE;
  return FALSE;
}

/**
 * hl_patch_is_complete:
 * @patch: a patch
 *
 * Returns: whether all of it has been read
 */
gboolean
hl_patch_is_complete (const HlArea *patch)
{
  return patch->rows == patch->area.height;
}

/**
 * hl_patch_free:
 * @patch: (transfer full) (nullable): a patch
 *
 * Frees the patch, and the layer to be where it has not been put into an image.
 */
void
hl_patch_free (HlArea *patch)
{
  if (!patch)
    return;
  g_clear_object (&patch->pixels);
  g_clear_object (&patch->selection);
  if (patch->layer)
    gimp_item_delete (GIMP_ITEM (patch->layer));
  g_clear_weak_pointer (&patch->source);
  hl_image_free (patch->image);
  g_free (patch->mask);
  g_free (patch->evidence);
  g_free (patch->hidden);
  g_free (patch->row);
  g_free (patch);
}

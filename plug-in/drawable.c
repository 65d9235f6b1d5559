/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layer and selection to planes and mask, and back into a new layer.
 *
 * The new layer starts as GIMP's own copy of the source, which keeps its pixels bit for
 * bit together with its format, offsets, opacity, mode and mask. Only the colour
 * components of pixels that are selected and that the engine changed are converted and
 * written over it; everything else, alpha included, is never converted at all. The copy
 * is made before the work and put into the image after it: what happens to the source
 * meanwhile does not matter, and a killed plug-in leaves the image as it was. */

#include "drawable.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "restore/error.h"
#include "restore/mask.h"
#include "restore/restore.h"

/* How a row of the layer is read: as float for the engine, and as it lies in GIMP. */
typedef struct
{
  const Babl *native;     /* the layer's own format */
  const Babl *floats;     /* R'G'B' or Y' with the layer's alpha, in its space */
  int         pixel;      /* bytes of a native pixel */
  int         colour;     /* bytes of its colour components, which come first */
  int         components; /* floats in a pixel, alpha included */
  gboolean    has_alpha;
} Layout;

static void
layout_init (Layout *layout, GimpDrawable *drawable)
{
  gboolean is_gray = gimp_drawable_is_gray (drawable);
  int      n_colours;

  layout->native     = gimp_drawable_get_format (drawable);
  layout->has_alpha  = gimp_drawable_has_alpha (drawable);
  layout->components = babl_format_get_n_components (layout->native);
  layout->pixel      = babl_format_get_bytes_per_pixel (layout->native);
  n_colours          = layout->components - (layout->has_alpha ? 1 : 0);
  layout->colour     = layout->pixel / layout->components * n_colours;
  layout->floats
      = babl_format_with_space (is_gray ? (layout->has_alpha ? "Y'A float" : "Y' float")
                                        : (layout->has_alpha ? "R'G'B'A float" : "R'G'B' float"),
                                babl_format_get_space (layout->native));
}

static gboolean
set_memory_error (const GeglRectangle *area, GError **error)
{
  g_set_error (error, HL_ERROR, HL_ERROR_MEMORY,
               _ ("The damage and its surroundings, %d × %d pixels, are too large for "
                  "memory. Select a smaller area, or scale the picture down first."),
               area->width, area->height);
  return FALSE;
}

/* Sets the patch's area: the selected part of the layer, grown by what the engine needs
 * to learn from, so that the cost follows the damage and not the size of the picture. */
static gboolean
find_area (HlPatch *patch, GimpImage *image, const GeglRectangle *extent, GError **error)
{
  gboolean      non_empty;
  int           x1, y1, x2, y2, margin;
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

  margin = hl_restore_get_context (selected.width, selected.height);
  gegl_rectangle_set (&patch->area, selected.x - margin, selected.y - margin,
                      selected.width + 2 * margin, selected.height + 2 * margin);
  gegl_rectangle_intersect (&patch->area, &patch->area, extent);
  patch->area.x -= extent->x;
  patch->area.y -= extent->y;
  return TRUE;
}

/* Reads the selection, which lies in image coordinates: (@x, @y) is the layer's place. */
static gboolean
read_mask (HlPatch *patch, GimpImage *image, int x, int y, int mask_grow, GError **error)
{
  g_autoptr (GeglBuffer) buffer = NULL;
  GeglRectangle area            = patch->area;
  gsize         n               = (gsize) area.width * area.height;
  gsize         n_selected      = 0;

  patch->mask = g_try_new (float, n);
  if (!patch->mask)
    return set_memory_error (&area, error);

  area.x += x;
  area.y += y;
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  /* "Y float" and not "Y' float": a selection is a share, and has no gamma. */
  gegl_buffer_get (buffer, &area, 1.0, babl_format ("Y float"), patch->mask, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);

  if (!hl_mask_grow (patch->mask, area.width, area.height, mask_grow, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    n_selected += patch->mask[i] > 0.0f;
  if (n_selected > 0 || patch->whole)
    return TRUE;
  g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                       _ ("The selection lies outside this layer. Select the damaged area "
                          "inside it, or choose another layer."));
  return FALSE;
}

/* Splits a row of interleaved floats into the planes; returns how many of its pixels are
 * sound. A pixel that is not a number would spoil every sum it takes part in, so that the
 * engine gets black instead and is told not to believe it. */
static gsize
split_row (HlPatch *patch, const Layout *layout, const float *row, int y)
{
  gsize  plane   = (gsize) patch->area.width * patch->area.height;
  gsize  n_sound = 0;
  float *planes  = patch->image->planes;

  for (int x = 0; x < patch->area.width; x++)
    {
      const float *pixel    = row + (gsize) x * layout->components;
      gsize        i        = (gsize) y * patch->area.width + x;
      gboolean     evidence = !layout->has_alpha || pixel[layout->components - 1] > 0.0f;

      for (int c = 0; c < patch->image->channels; c++)
        evidence = evidence && isfinite (pixel[c]);
      for (int c = 0; c < patch->image->channels; c++)
        planes[plane * c + i] = isfinite (pixel[c]) ? pixel[c] : 0.0f;
      patch->evidence[i] = evidence;
      n_sound += evidence && patch->mask[i] <= 0.0f;
    }
  return n_sound;
}

static gboolean
read_pixels (HlPatch *patch, GError **error)
{
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autofree float *row         = NULL;
  Layout            layout;
  int               n_colours;
  gsize             n_sound = 0;

  layout_init (&layout, GIMP_DRAWABLE (patch->layer));
  n_colours    = layout.components - (layout.has_alpha ? 1 : 0);
  patch->image = hl_image_new (n_colours, patch->area.width, patch->area.height, error);
  if (!patch->image)
    return FALSE;
  patch->evidence = g_try_new (guint8, (gsize) patch->area.width * patch->area.height);
  row             = g_try_new (float, (gsize) patch->area.width *layout.components);
  if (!patch->evidence || !row)
    return set_memory_error (&patch->area, error);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (patch->layer));
  for (int y = 0; y < patch->area.height; y++)
    {
      GeglRectangle line = { patch->area.x, patch->area.y + y, patch->area.width, 1 };

      gegl_buffer_get (buffer, &line, 1.0, layout.floats, row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      n_sound += split_row (patch, &layout, row, y);
    }

  if (n_sound > 0)
    return TRUE;
  g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                       _ ("Nothing is left to learn from: everything around the damage is "
                          "selected too, or transparent. Select only the damaged area."));
  return FALSE;
}

/**
 * hl_patch_new:
 * @image: the picture
 * @source: the layer to restore, as hl_target_find() found it
 * @whole: whether to work on all of it; there need be no selection then
 * @mask_grow: pixels by which the selection is widened, 0..%HL_MASK_MOST_GROWTH
 * @error: return location for a #GError
 *
 * Takes a copy of the layer and reads the selected part of it and its surroundings. The
 * layer's non-destructive filters are part of what is seen, so the copy has them merged.
 *
 * Returns: (transfer full): the patch, or %NULL with %HL_ERROR_NOTHING_SELECTED,
 *   %HL_ERROR_NOTHING_KNOWN, %HL_ERROR_MEMORY or %HL_ERROR_INPUT
 */
HlPatch *
hl_patch_new (GimpImage *image, GimpLayer *source, gboolean whole, int mask_grow, GError **error)
{
  g_autoptr (HlPatch) patch               = g_new0 (HlPatch, 1);
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
      || !find_area (patch, image, &extent, error)
      || !read_mask (patch, image, extent.x, extent.y, mask_grow, error)
      || !read_pixels (patch, error))
    return NULL;
  return g_steal_pointer (&patch);
}

/* Whether the engine changed pixel @i at all. */
static gboolean
is_changed (const HlImage *before, const HlImage *after, gsize i)
{
  gsize plane = (gsize) before->width * before->height;

  for (int c = 0; c < before->channels; c++)
    if (before->planes[plane * c + i] != after->planes[plane * c + i])
      return TRUE;
  return FALSE;
}

/* Writes the changed pixels of one row into the layer. @floats, @converted and @native
 * are room for a row each. */
static void
write_row (HlPatch *patch, const Layout *layout, GeglBuffer *buffer, const HlImage *restored, int y,
           float *floats, guint8 *converted, guint8 *native)
{
  GeglRectangle line    = { patch->area.x, patch->area.y + y, patch->area.width, 1 };
  gsize         plane   = (gsize) patch->area.width * patch->area.height;
  gboolean      changed = FALSE;

  for (int x = 0; x < patch->area.width; x++)
    {
      float *pixel = floats + (gsize) x * layout->components;
      gsize  i     = (gsize) y * patch->area.width + x;

      for (int c = 0; c < restored->channels; c++)
        pixel[c] = restored->planes[plane * c + i];
      if (layout->has_alpha)
        pixel[layout->components - 1] = 1.0f;
    }
  babl_process (babl_fish (layout->floats, layout->native), floats, converted, patch->area.width);
  gegl_buffer_get (buffer, &line, 1.0, layout->native, native, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);

  for (int x = 0; x < patch->area.width; x++)
    {
      gsize i  = (gsize) y * patch->area.width + x;
      gsize at = (gsize) x * layout->pixel;

      if ((patch->whole || patch->mask[i] > 0.0f) && is_changed (patch->image, restored, i))
        {
          memcpy (native + at, converted + at, layout->colour);
          changed = TRUE;
        }
    }
  if (changed)
    gegl_buffer_set (buffer, &line, 0, layout->native, native, GEGL_AUTO_ROWSTRIDE);
}

static gboolean
write_pixels (HlPatch *patch, const HlImage *restored, GError **error)
{
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autofree float  *floats     = NULL;
  g_autofree guint8 *converted  = NULL;
  g_autofree guint8 *native     = NULL;
  Layout             layout;

  layout_init (&layout, GIMP_DRAWABLE (patch->layer));
  floats    = g_try_new (float, (gsize) patch->area.width *layout.components);
  converted = g_try_malloc ((gsize) patch->area.width * layout.pixel);
  native    = g_try_malloc ((gsize) patch->area.width * layout.pixel);
  if (!floats || !converted || !native)
    return set_memory_error (&patch->area, error);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (patch->layer));
  for (int y = 0; y < patch->area.height; y++)
    write_row (patch, &layout, buffer, restored, y, floats, converted, native);
  return TRUE;
}

/**
 * hl_patch_apply:
 * @patch: what hl_patch_new() read; it must not be applied twice
 * @restored: (C, H, W), the restored planes of @patch->image
 * @error: return location for a #GError
 *
 * Writes the restored pixels into the new layer, names it and puts it directly above its
 * source, as one undo step.
 *
 * Returns: (transfer none): the new layer, or %NULL with %HL_ERROR_INPUT where the source
 *   has gone meanwhile, or %HL_ERROR_MEMORY
 */
GimpLayer *
hl_patch_apply (HlPatch *patch, const HlImage *restored, GError **error)
{
  g_autofree char *source_name = NULL;
  g_autofree char *name        = NULL;
  GimpLayer       *layer       = patch->layer;
  GimpImage       *image;
  GimpItem        *parent;

  if (!patch->source || !gimp_item_is_valid (GIMP_ITEM (patch->source)))
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("The layer was deleted while it was being restored. Undo the "
                              "deletion, then start again."));
      return NULL;
    }
  if (!write_pixels (patch, restored, error))
    return NULL;

  source_name = gimp_item_get_name (GIMP_ITEM (patch->source));
  /* Translators: the name of the new layer; %s is the name of the layer it was made from.
   */
  name = g_strdup_printf (_ ("Restored: %s"), source_name);
  gimp_item_set_name (GIMP_ITEM (layer), name);

  image  = gimp_item_get_image (GIMP_ITEM (patch->source));
  parent = gimp_item_get_parent (GIMP_ITEM (patch->source));
  gimp_image_undo_group_start (image);
  if (gimp_image_insert_layer (image, layer, parent ? GIMP_LAYER (parent) : NULL,
                               gimp_image_get_item_position (image, GIMP_ITEM (patch->source))))
    patch->layer = NULL;
  gimp_image_undo_group_end (image);
  if (patch->layer)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("GIMP could not add the restored layer. Choose the layer "
                              "again in the Layers dialog, then start again."));
      return NULL;
    }
  gimp_displays_flush ();
  return layer;
}

/**
 * hl_patch_free:
 * @patch: (transfer full) (nullable): a patch
 *
 * Frees the patch, and the layer to be where it has not been put into an image.
 */
void
hl_patch_free (HlPatch *patch)
{
  if (!patch)
    return;
  if (patch->layer)
    gimp_item_delete (GIMP_ITEM (patch->layer));
  g_clear_weak_pointer (&patch->source);
  hl_image_free (patch->image);
  g_free (patch->mask);
  g_free (patch->evidence);
  g_free (patch);
}

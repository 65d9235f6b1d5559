/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restored planes back into GIMP, as a new layer. Only here the image is changed.
 *
 * The layer is the copy of the source that snapshot.c made. Only the colour components of
 * pixels that are selected and that the engine changed are converted and written over it;
 * everything else, alpha included, is never converted at all. */

#include "gimp/result.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "gimp/layout.h"
#include "restore/error.h"

/* What is being written, and room for a row of it. */
typedef struct
{
  HlSnapshot    *snapshot;
  const HlImage *restored;
  const float   *mask;
  HlOutput       output;
  HlLayout       layout;
  float         *floats;
  guint8        *converted;
  guint8        *native;
} Writer;

static void
writer_clear (Writer *writer)
{
  g_free (writer->floats);
  g_free (writer->converted);
  g_free (writer->native);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* Whether pixel @i belongs to the repair. */
static gboolean
is_repaired (const Writer *writer, gsize i)
{
  const HlImage *before = writer->snapshot->planes, *after = writer->restored;
  gsize          plane = (gsize) before->width * before->height;

  if (writer->snapshot->part == HL_SNAPSHOT_SELECTION && writer->mask[i] <= 0.0f)
    return FALSE;
  for (int c = 0; c < before->channels; c++)
    if (before->planes[plane * c + i] != after->planes[plane * c + i])
      return TRUE;
  return FALSE;
}

/* Writes the repaired pixels of one row into the layer. */
static void
write_row (Writer *writer, GeglBuffer *buffer, int y)
{
  const HlLayout   *layout   = &writer->layout;
  const HlSnapshot *snapshot = writer->snapshot;
  GeglRectangle     line     = { snapshot->area.x, snapshot->area.y + y, snapshot->area.width, 1 };
  gsize             plane    = (gsize) snapshot->area.width * snapshot->area.height;
  gboolean          is_only = writer->output == HL_OUTPUT_REPAIR, changed = is_only;

  for (int x = 0; x < snapshot->area.width; x++)
    {
      float *pixel = writer->floats + (gsize) x * layout->components;
      gsize  i     = (gsize) y * snapshot->area.width + x;

      for (int c = 0; c < writer->restored->channels; c++)
        pixel[c] = writer->restored->planes[plane * c + i];
      if (layout->has_alpha)
        pixel[layout->components - 1] = 1.0f;
    }
  babl_process (babl_fish (layout->floats, layout->native), writer->floats, writer->converted,
                snapshot->area.width);
  gegl_buffer_get (buffer, &line, 1.0, layout->native, writer->native, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);

  for (int x = 0; x < snapshot->area.width; x++)
    {
      gsize i  = (gsize) y * snapshot->area.width + x;
      gsize at = (gsize) x * layout->pixel;

      if (is_repaired (writer, i))
        {
          memcpy (writer->native + at, writer->converted + at, layout->colour);
          changed = TRUE;
        }
      else if (is_only)
        memset (writer->native + at, 0, layout->pixel);
    }
  if (changed)
    gegl_buffer_set (buffer, &line, 0, layout->native, writer->native, GEGL_AUTO_ROWSTRIDE);
}

/* Where the repair alone is wanted, nothing is left around the snapshot. */
static void
clear_around (GeglBuffer *buffer, const GeglRectangle *area)
{
  const GeglRectangle *all    = gegl_buffer_get_extent (buffer);
  int                  bottom = area->y + area->height, right = area->x + area->width;

  gegl_buffer_clear (buffer, GEGL_RECTANGLE (0, 0, all->width, area->y));
  gegl_buffer_clear (buffer, GEGL_RECTANGLE (0, bottom, all->width, all->height - bottom));
  gegl_buffer_clear (buffer, GEGL_RECTANGLE (0, area->y, area->x, area->height));
  gegl_buffer_clear (buffer, GEGL_RECTANGLE (right, area->y, all->width - right, area->height));
}

static gboolean
write_pixels (Writer *writer, GError **error)
{
  HlSnapshot *snapshot          = writer->snapshot;
  g_autoptr (GeglBuffer) buffer = NULL;

  if (writer->output == HL_OUTPUT_REPAIR)
    gimp_layer_add_alpha (snapshot->layer);
  hl_layout_init (&writer->layout, GIMP_DRAWABLE (snapshot->layer));
  writer->floats    = g_try_new (float, (gsize) snapshot->area.width * writer->layout.components);
  writer->converted = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  writer->native    = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  if (!writer->floats || !writer->converted || !writer->native)
    return hl_layout_set_memory_error (&snapshot->area, error);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (snapshot->layer));
  if (writer->output == HL_OUTPUT_REPAIR)
    clear_around (buffer, &snapshot->area);
  for (int y = 0; y < snapshot->area.height; y++)
    write_row (writer, buffer, y);
  return TRUE;
}

/* Gives the layer a mask that shows the repair alone; one that it has already goes on hiding what
 * it hides. */
static gboolean
write_mask (Writer *writer, GError **error)
{
  const HlSnapshot *snapshot    = writer->snapshot;
  GimpLayer        *layer       = snapshot->layer;
  GimpLayerMask    *layer_mask  = gimp_layer_get_mask (layer);
  gboolean          has_one     = layer_mask != NULL;
  g_autofree float *row         = g_try_new (float, snapshot->area.width);
  g_autofree float *shown       = g_try_new (float, snapshot->area.width);
  g_autoptr (GeglBuffer) buffer = NULL;

  if (!row || !shown)
    return hl_layout_set_memory_error (&snapshot->area, error);
  if (!has_one)
    {
      layer_mask = gimp_layer_create_mask (layer, GIMP_ADD_MASK_BLACK);
      gimp_layer_add_mask (layer, layer_mask);
    }
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer_mask));
  if (has_one)
    clear_around (buffer, &snapshot->area);
  for (int y = 0; y < snapshot->area.height; y++)
    {
      GeglRectangle line = { snapshot->area.x, snapshot->area.y + y, snapshot->area.width, 1 };

      gegl_buffer_get (buffer, &line, 1.0, babl_format ("Y float"), shown, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (int x = 0; x < snapshot->area.width; x++)
        {
          gsize i = (gsize) y * snapshot->area.width + x;

          /* Where the selection is soft the pixels are mixed already. */
          row[x] = is_repaired (writer, i);
          row[x] *= has_one ? shown[x] : 1.0f;
        }
      gegl_buffer_set (buffer, &line, 0, babl_format ("Y float"), row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (layer_mask), 0, 0,
                        gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                        gimp_drawable_get_height (GIMP_DRAWABLE (layer)));
  return TRUE;
}

/* The layer comes into the image complete and by one call of GIMP, so that the image has all of it
 * or nothing whenever the plug-in is killed. The group is there for its name, the plug-in's, in
 * GIMP's menu. */
static gboolean
insert (HlSnapshot *snapshot, const char *settings, GError **error)
{
  GimpLayer    *layer    = snapshot->layer;
  GimpImage    *image    = gimp_item_get_image (GIMP_ITEM (snapshot->source));
  GimpItem     *parent   = gimp_item_get_parent (GIMP_ITEM (snapshot->source));
  GimpParasite *record   = gimp_parasite_new (HL_RESULT_PARASITE, GIMP_PARASITE_PERSISTENT,
                                              strlen (settings) + 1, settings);
  int           position = gimp_image_get_item_position (image, GIMP_ITEM (snapshot->source));
  gboolean      is_good;

  gimp_item_attach_parasite (GIMP_ITEM (layer), record);
  gimp_parasite_free (record);
  gimp_image_undo_group_start (image);
  is_good = gimp_image_insert_layer (image, layer, parent ? GIMP_LAYER (parent) : NULL, position);
  gimp_image_undo_group_end (image);
  if (!is_good)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("GIMP could not add the restored layer. Choose the layer "
                              "again in the Layers dialog, then start again."));
      return FALSE;
    }
  snapshot->layer = NULL;
  return TRUE;
}

/**
 * hl_result_apply:
 * @snapshot: what hl_snapshot_read() read; it must not be applied twice
 * @restored: (C, H, W), the restored planes of @snapshot->planes
 * @mask: (H, W), row-major: above 0 where something may have changed
 * @output: what the layer is to hold
 * @settings: how the restoration was done; kept with the layer, in %HL_RESULT_PARASITE
 * @error: return location for a #GError
 *
 * Writes the restored pixels into the new layer, names it and puts it directly above its
 * source, as one undo step.
 *
 * Returns: (transfer none): the new layer, or %NULL with %HL_ERROR_INPUT where the source
 *   has gone meanwhile, or %HL_ERROR_MEMORY
 */
GimpLayer *
hl_result_apply (HlSnapshot *snapshot, const HlImage *restored, const float *mask, HlOutput output,
                 const char *settings, GError **error)
{
  g_autofree char *source_name = NULL;
  g_autofree char *name        = NULL;
  GimpLayer       *layer       = snapshot->layer;
  g_auto (Writer) writer
      = { .snapshot = snapshot, .restored = restored, .mask = mask, .output = output };

  if (!snapshot->source || !gimp_item_is_valid (GIMP_ITEM (snapshot->source)))
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("The layer was deleted while it was being restored. Undo the "
                              "deletion, then start again."));
      return NULL;
    }
  if (!write_pixels (&writer, error) || (output == HL_OUTPUT_MASK && !write_mask (&writer, error)))
    return NULL;

  source_name = gimp_item_get_name (GIMP_ITEM (snapshot->source));
  /* Translators: the name of the new layer; %s is the name of the layer it was made from.
   */
  name = g_strdup_printf (_ ("Restored: %s"), source_name);
  gimp_item_set_name (GIMP_ITEM (layer), name);
  if (!insert (snapshot, settings, error))
    return NULL;
  gimp_displays_flush ();
  return layer;
}

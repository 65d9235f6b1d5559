/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restored planes back into the pixels of a layer that is in no picture yet.
 *
 * The layer is a copy of the source. Only pixels that are to change are converted and written over
 * it; everything else is never converted at all. */

#include "gimp/result_pixels.h"

#include <string.h>

#include "gimp/layout.h"

/* What is being written, and scratch buffers for a row of it. */
typedef struct
{
  const HlSnapshot *snapshot;
  GimpLayer        *layer;
  const HlImage    *restored;
  const float      *mask;
  HlOutput          output;
  HlLayout          layout;
  float            *floats;
  guint8           *converted;
  guint8           *native;
  guint8           *is_opaquer;
} Writer;

static void
writer_clear (Writer *writer)
{
  g_free (writer->floats);
  g_free (writer->converted);
  g_free (writer->native);
  g_free (writer->is_opaquer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* Whether pixel @i belongs to the repair. */
static gboolean
is_repaired (const HlSnapshot *snapshot, const HlImage *after, const float *mask, gsize i)
{
  const HlImage *before = snapshot->planes;
  gsize          plane  = (gsize) before->width * before->height;

  if (mask[i] > 0.0f && !snapshot->evidence[i])
    return TRUE;
  if (snapshot->part == HL_SNAPSHOT_SELECTION && mask[i] <= 0.0f)
    return FALSE;
  for (int c = 0; c < before->channels; c++)
    if (before->planes[plane * c + i] != after->planes[plane * c + i])
      return TRUE;
  return FALSE;
}

/* Puts the restored colour of pixel @i into @pixel, a float for each component. A hole becomes as
 * opaque as the photograph is elsewhere; returns whether that changes its alpha. */
static gboolean
set_pixel (const Writer *writer, gsize i, float *pixel)
{
  const HlImage *restored = writer->restored;
  gsize          plane    = (gsize) restored->width * restored->height;
  float         *alpha    = pixel + writer->layout.components - 1;
  float          least    = CLAMP (writer->mask[i], 0.0f, 1.0f) * writer->snapshot->opacity;

  for (int c = 0; c < restored->channels; c++)
    pixel[c] = restored->planes[plane * c + i];
  if (!writer->layout.has_alpha || *alpha >= least)
    return FALSE;
  *alpha = least;
  return TRUE;
}

/* Writes the repaired pixels of one row into the layer. */
static void
write_row (Writer *writer, GeglBuffer *buffer, int y)
{
  const HlLayout      *layout  = &writer->layout;
  const GeglRectangle *area    = &writer->snapshot->area;
  GeglRectangle        line    = { area->x, area->y + y, area->width, 1 };
  gsize                first   = (gsize) y * area->width;
  gsize                n       = (gsize) area->width * layout->components;
  gboolean             is_only = writer->output == HL_OUTPUT_REPAIR, changed = is_only;

  gegl_buffer_get (buffer, &line, 1.0, layout->native, writer->native, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  if (!layout->type || !hl_layout_to_floats (layout->type, writer->native, writer->floats, n))
    gegl_buffer_get (buffer, &line, 1.0, layout->floats, writer->floats, GEGL_AUTO_ROWSTRIDE,
                     GEGL_ABYSS_NONE);
  for (int x = 0; x < area->width; x++)
    writer->is_opaquer[x]
        = set_pixel (writer, first + x, writer->floats + (gsize) x * layout->components);
  if (!layout->type || !hl_layout_from_floats (layout->type, writer->floats, writer->converted, n))
    babl_process (babl_fish (layout->floats, layout->native), writer->floats, writer->converted,
                  area->width);
  for (int x = 0; x < area->width; x++)
    {
      gsize at = (gsize) x * layout->pixel;

      if (is_repaired (writer->snapshot, writer->restored, writer->mask, first + x))
        {
          memcpy (writer->native + at, writer->converted + at,
                  writer->is_opaquer[x] ? layout->pixel : layout->colour);
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
  const HlSnapshot *snapshot    = writer->snapshot;
  g_autoptr (GeglBuffer) buffer = NULL;

  if (writer->output == HL_OUTPUT_REPAIR)
    gimp_layer_add_alpha (writer->layer);
  hl_layout_init (&writer->layout, GIMP_DRAWABLE (writer->layer));
  writer->floats     = g_try_new (float, (gsize) snapshot->area.width * writer->layout.components);
  writer->converted  = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  writer->native     = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  writer->is_opaquer = g_try_malloc (snapshot->area.width);
  if (!writer->floats || !writer->converted || !writer->native || !writer->is_opaquer)
    return hl_layout_set_memory_error (&snapshot->area, error);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (writer->layer));
  if (writer->output == HL_OUTPUT_REPAIR)
    clear_around (buffer, &snapshot->area);
  for (int y = 0; y < snapshot->area.height; y++)
    write_row (writer, buffer, y);
  return TRUE;
}

/* Gives the layer a mask that shows the repair alone. */
static gboolean
write_mask (Writer *writer, GError **error)
{
  const HlSnapshot *snapshot    = writer->snapshot;
  GimpLayer        *layer       = writer->layer;
  GimpLayerMask    *mask        = gimp_layer_create_mask (layer, GIMP_ADD_MASK_BLACK);
  g_autofree float *row         = g_try_new (float, snapshot->area.width);
  g_autoptr (GeglBuffer) buffer = NULL;

  gimp_layer_add_mask (layer, mask);
  if (!row)
    return hl_layout_set_memory_error (&snapshot->area, error);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));
  for (int y = 0; y < snapshot->area.height; y++)
    {
      GeglRectangle line = { snapshot->area.x, snapshot->area.y + y, snapshot->area.width, 1 };

      /* Where the selection is soft the pixels are mixed already. */
      for (int x = 0; x < snapshot->area.width; x++)
        row[x] = is_repaired (snapshot, writer->restored, writer->mask,
                              (gsize) y * snapshot->area.width + x);
      gegl_buffer_set (buffer, &line, 0, babl_format ("Y float"), row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (mask), 0, 0, gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                        gimp_drawable_get_height (GIMP_DRAWABLE (layer)));
  return TRUE;
}

/**
 * hl_result_is_changed:
 * @snapshot: of the layer
 * @restored: (C, H, W), the restored planes of @snapshot
 * @mask: (H, W), row-major: above 0 where something may have changed
 *
 * Returns: whether any pixel is another one
 */
gboolean
hl_result_is_changed (const HlSnapshot *snapshot, const HlImage *restored, const float *mask)
{
  gsize n = (gsize) restored->width * restored->height, i = 0;

  while (i < n && !is_repaired (snapshot, restored, mask, i))
    i++;
  return i < n;
}

/**
 * hl_result_write:
 * @snapshot: of the layer
 * @layer: a copy of it, which is in no picture
 * @restored: (C, H, W), the restored planes of @snapshot
 * @mask: (H, W), row-major: above 0 where something may have changed
 * @output: what @layer is to hold; not %HL_OUTPUT_ADD
 * @error: return location for a #GError
 *
 * Writes the restored pixels into the copy, or those alone, or gives it a mask that shows them.
 *
 * Returns: whether it could; else %FALSE with %HL_ERROR_MEMORY
 */
gboolean
hl_result_write (const HlSnapshot *snapshot, GimpLayer *layer, const HlImage *restored,
                 const float *mask, HlOutput output, GError **error)
{
  g_auto (Writer) writer = {
    .snapshot = snapshot, .layer = layer, .restored = restored, .mask = mask, .output = output
  };

  return write_pixels (&writer, error) && (output != HL_OUTPUT_MASK || write_mask (&writer, error));
}

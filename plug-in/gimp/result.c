/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restored planes back into GIMP, as a new layer. Only here the image is changed.
 *
 * The layer is the copy of the source that snapshot.c made. Only pixels that are selected and that
 * the engine changed are converted and written over it; everything else is never converted at all.
 *
 * What is seen outside the repair must not change. An opaque copy above its source, in the normal
 * mode at full strength, changes nothing. Any other copy would be blended with what it is a copy
 * of, so it takes the source's place instead: it has the same mode, opacity and mask, and the
 * source is hidden. */

#include "gimp/result.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "gimp/layout.h"
#include "restore/error.h"

/* What is being written, and scratch buffers for a row of it. */
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
  guint8        *is_opaquer;
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
is_repaired (const Writer *writer, gsize i)
{
  const HlSnapshot *snapshot = writer->snapshot;
  const HlImage    *before = snapshot->planes, *after = writer->restored;
  gsize             plane = (gsize) before->width * before->height;

  if (writer->mask[i] > 0.0f && !snapshot->evidence[i])
    return TRUE;
  if (snapshot->part == HL_SNAPSHOT_SELECTION && writer->mask[i] <= 0.0f)
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
  gboolean             is_only = writer->output == HL_OUTPUT_REPAIR, changed = is_only;

  gegl_buffer_get (buffer, &line, 1.0, layout->floats, writer->floats, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  gegl_buffer_get (buffer, &line, 1.0, layout->native, writer->native, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (int x = 0; x < area->width; x++)
    writer->is_opaquer[x]
        = set_pixel (writer, first + x, writer->floats + (gsize) x * layout->components);
  babl_process (babl_fish (layout->floats, layout->native), writer->floats, writer->converted,
                area->width);
  for (int x = 0; x < area->width; x++)
    {
      gsize at = (gsize) x * layout->pixel;

      if (is_repaired (writer, first + x))
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
  HlSnapshot *snapshot          = writer->snapshot;
  g_autoptr (GeglBuffer) buffer = NULL;

  if (writer->output == HL_OUTPUT_REPAIR)
    gimp_layer_add_alpha (snapshot->layer);
  hl_layout_init (&writer->layout, GIMP_DRAWABLE (snapshot->layer));
  writer->floats     = g_try_new (float, (gsize) snapshot->area.width * writer->layout.components);
  writer->converted  = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  writer->native     = g_try_malloc ((gsize) snapshot->area.width * writer->layout.pixel);
  writer->is_opaquer = g_try_malloc (snapshot->area.width);
  if (!writer->floats || !writer->converted || !writer->native || !writer->is_opaquer)
    return hl_layout_set_memory_error (&snapshot->area, error);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (snapshot->layer));
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
  GimpLayer        *layer       = snapshot->layer;
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
        row[x] = is_repaired (writer, (gsize) y * snapshot->area.width + x);
      gegl_buffer_set (buffer, &line, 0, babl_format ("Y float"), row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (mask), 0, 0, gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                        gimp_drawable_get_height (GIMP_DRAWABLE (layer)));
  return TRUE;
}

/* Whether a layer above @layer covers it as paper covers paper. */
static gboolean
is_plain (GimpLayer *layer)
{
  GimpLayerMode mode = gimp_layer_get_mode (layer);

  return (mode == GIMP_LAYER_MODE_NORMAL || mode == GIMP_LAYER_MODE_NORMAL_LEGACY)
         && gimp_layer_get_opacity (layer) >= 100.0 && !gimp_layer_get_mask (layer);
}

/* Whether some pixel of @layer lets through what is below. */
static gboolean
is_translucent (GimpLayer *layer)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  GeglRectangle     line        = *gegl_buffer_get_extent (buffer);
  int               height      = line.height;
  g_autofree float *row         = g_new (float, line.width);
  gboolean          found       = FALSE;

  line.height = 1;
  for (line.y = 0; gimp_drawable_has_alpha (GIMP_DRAWABLE (layer)) && line.y < height && !found;
       line.y++)
    {
      gegl_buffer_get (buffer, &line, 1.0, babl_format ("A float"), row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (int x = 0; x < line.width; x++)
        found |= row[x] > 0.0f && row[x] < 1.0f;
    }
  return found;
}

/* The name of the layer without what an earlier repair added to it. */
static char *
get_base_name (GimpLayer *layer)
{
  g_autofree char *name = gimp_item_get_name (GIMP_ITEM (layer));
  /* Translators: the name of the new layer; %s is the name of the layer it was made from.
   */
  g_auto (GStrv) around  = g_strsplit (_ ("Restored: %s"), "%s", 2);
  g_autoptr (GString) to = NULL;
  gsize end;

  if (!g_str_has_prefix (name, around[0]) || !g_str_has_suffix (name, around[1]))
    return g_steal_pointer (&name);
  to = g_string_new (name + strlen (around[0]));
  g_string_truncate (to, to->len - strlen (around[1]));
  /* " (2)" */
  end = to->len;
  if (end > 0 && to->str[end - 1] == ')')
    for (end--; end > 0 && g_ascii_isdigit (to->str[end - 1]);)
      end--;
  if (end >= 2 && end < to->len - 1 && to->str[end - 1] == '(' && to->str[end - 2] == ' ')
    g_string_truncate (to, end - 2);
  return g_string_free (g_steal_pointer (&to), FALSE);
}

/* "Restored: NAME", or the first of "Restored: NAME (2)" and so on that no layer has. */
static void
set_name (HlSnapshot *snapshot)
{
  g_autofree char *base = get_base_name (snapshot->source);
  g_autofree char *name = g_strdup_printf (_ ("Restored: %s"), base);

  for (int n = 2; gimp_image_get_layer_by_name (snapshot->image, name); n++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s (%d)", base, n);

      g_free (name);
      name = g_strdup_printf (_ ("Restored: %s"), numbered);
    }
  gimp_item_set_name (GIMP_ITEM (snapshot->layer), name);
}

/* Whether a layer is what an earlier restoration made. */
static gboolean
is_repair (GimpLayer *layer)
{
  GimpParasite *record = gimp_item_get_parasite (GIMP_ITEM (layer), HL_RESULT_PARASITE);
  gboolean      found  = record != NULL;

  if (record)
    gimp_parasite_free (record);
  return found;
}

/* The new layer is all that is left of the source: its name, too. */
static void
replace (HlSnapshot *snapshot)
{
  g_autofree char *name = gimp_item_get_name (GIMP_ITEM (snapshot->source));

  gimp_image_remove_layer (snapshot->image, snapshot->source);
  gimp_item_set_name (GIMP_ITEM (snapshot->layer), name);
}

/* The layer comes into the image complete and by one call of GIMP, so that the image has all of it
 * or nothing whenever the plug-in is killed. The group is there for its name, the plug-in's, in
 * GIMP's menu, and for the source that may be hidden, or removed. */
static gboolean
insert (HlSnapshot *snapshot, gboolean takes_place, gboolean replaces, const char *settings,
        GError **error)
{
  GimpLayer    *layer    = snapshot->layer;
  GimpImage    *image    = snapshot->image;
  GimpItem     *parent   = gimp_item_get_parent (GIMP_ITEM (snapshot->source));
  GimpParasite *record   = gimp_parasite_new (HL_RESULT_PARASITE, GIMP_PARASITE_PERSISTENT,
                                              strlen (settings) + 1, settings);
  int           position = gimp_image_get_item_position (image, GIMP_ITEM (snapshot->source));
  gboolean      is_good;

  gimp_item_attach_parasite (GIMP_ITEM (layer), record);
  gimp_parasite_free (record);
  gimp_image_undo_group_start (image);
  is_good = gimp_image_insert_layer (image, layer, parent ? GIMP_LAYER (parent) : NULL, position);
  if (is_good && replaces)
    replace (snapshot);
  else if (is_good && takes_place)
    gimp_item_set_visible (GIMP_ITEM (snapshot->source), FALSE);
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

/* Whether there still is what the new layer belongs to. */
static gboolean
check_source (const HlSnapshot *snapshot, GError **error)
{
  if (!gimp_image_is_valid (snapshot->image))
    g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                         _ ("The picture was closed while it was being restored. Open it again, "
                            "then start again."));
  else if (!snapshot->source || !gimp_item_is_valid (GIMP_ITEM (snapshot->source)))
    g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                         _ ("The layer was deleted while it was being restored. Undo the "
                            "deletion, then start again."));
  else
    return TRUE;
  return FALSE;
}

/**
 * hl_result_apply:
 * @snapshot: of the layer; it must not be applied twice
 * @restored: (C, H, W), the restored planes of @snapshot
 * @mask: (H, W), row-major: above 0 where something may have changed
 * @output: what the layer is to hold; of a layer that is not plain, it always holds all of it
 * @settings: how the restoration was done; kept with the layer, in %HL_RESULT_PARASITE
 * @error: return location for a #GError
 *
 * Writes the restored pixels into the new layer, names it and puts it directly above its
 * source, or in its place, as one undo step.
 *
 * Returns: (transfer none): the new layer, or %NULL with %HL_ERROR_INPUT where the source
 *   has gone meanwhile, or %HL_ERROR_MEMORY
 */
GimpLayer *
hl_result_apply (HlSnapshot *snapshot, const HlImage *restored, const float *mask, HlOutput output,
                 const char *settings, GError **error)
{
  GimpLayer *layer       = snapshot->layer;
  gboolean   takes_place = !is_plain (layer), replaces;
  g_auto (Writer) writer
      = { .snapshot = snapshot,
          .restored = restored,
          .mask     = mask,
          .output   = takes_place || output == HL_OUTPUT_ADD ? HL_OUTPUT_LAYER : output };

  if (!check_source (snapshot, error) || !write_pixels (&writer, error)
      || (writer.output == HL_OUTPUT_MASK && !write_mask (&writer, error)))
    return NULL;
  replaces    = output == HL_OUTPUT_ADD && is_repair (snapshot->source);
  takes_place = takes_place || (writer.output == HL_OUTPUT_LAYER && is_translucent (layer));
  if (!replaces)
    set_name (snapshot);
  if (!insert (snapshot, takes_place, replaces, settings, error))
    return NULL;
  gimp_displays_flush ();
  return layer;
}

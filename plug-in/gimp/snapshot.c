/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layer and selection to planes and mask, for both procedures.
 *
 * The layer and the selection are copied by GIMP at the start, which costs little, as pixels are
 * shared until they change. What happens to the picture while the copies are read, in slices
 * between the events of a window, does not matter therefore.
 *
 * A layer's non-destructive filters are part of what is seen, so the copy has them merged. The copy
 * also is the layer to be, complete with its format, offsets, opacity, mode and mask (result.c); a
 * killed plug-in leaves the picture as it was, because until then it is in none. */

#include "gimp/snapshot.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "gimp/kept.h"
#include "gimp/layout.h"
#include "restore/area.h"
#include "restore/error.h"
#include "restore/mask.h"

/* For how long it reads before other events have their turn, microseconds. */
#define SLICE 10000

/* Sets the area: the part of the layer that the engine asks for where the selection is widened as
 * far as can be, so that widening it later needs no other area. The cost follows the damage and not
 * the size of the picture. */
static gboolean
find_area (HlSnapshot *snapshot, const GeglRectangle *extent, GError **error)
{
  gboolean      non_empty;
  int           x1, y1, x2, y2;
  HlRect        found;
  GeglRectangle selected;

  if (snapshot->part == HL_SNAPSHOT_LAYER)
    {
      snapshot->area = (GeglRectangle) { 0, 0, extent->width, extent->height };
      return TRUE;
    }
  if (!gimp_selection_bounds (snapshot->image, &non_empty, &x1, &y1, &x2, &y2) || !non_empty)
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
  gegl_rectangle_set (&snapshot->area, found.left, found.top, found.right - found.left,
                      found.bottom - found.top);
  return TRUE;
}

/* Allocates the planes, and gets GIMP's buffers to read them from. */
static gboolean
prepare (HlSnapshot *snapshot, GError **error)
{
  const GeglRectangle *area = &snapshot->area;
  gsize                n    = (gsize) area->width * area->height;
  HlLayout             layout;

  hl_layout_init (&layout, GIMP_DRAWABLE (snapshot->layer));
  snapshot->space  = babl_format_get_space (layout.native);
  snapshot->planes = hl_image_new (layout.components - (layout.has_alpha ? 1 : 0), area->width,
                                   area->height, error);
  if (!snapshot->planes)
    return FALSE;
  snapshot->planes->x = area->x;
  snapshot->planes->y = area->y;
  snapshot->mask      = g_try_new (float, n);
  snapshot->evidence  = g_try_new (guint8, n);
  snapshot->hidden    = g_try_new (guint8, n);
  snapshot->row       = g_try_new (float, (gsize) area->width *layout.components);
  /* A pixel of the selection has 8 bytes at most. */
  snapshot->native = g_try_malloc ((gsize) area->width * MAX (layout.pixel, 8));
  if (!snapshot->mask || !snapshot->evidence || !snapshot->hidden || !snapshot->row
      || !snapshot->native)
    return hl_layout_set_memory_error (area, error);
  snapshot->pixels   = gimp_drawable_get_buffer (GIMP_DRAWABLE (snapshot->layer));
  snapshot->selected = gimp_drawable_get_buffer (GIMP_DRAWABLE (snapshot->selection));
  return TRUE;
}

/**
 * hl_snapshot_new:
 * @image: the picture
 * @source: one of its layers, as hl_target_find() found it
 * @part: how much of it is wanted
 * @error: return location for a #GError
 *
 * Copies a layer and the selection.
 *
 * Returns: (transfer full): the snapshot, which is to be read, or %NULL with
 *   %HL_ERROR_NOTHING_SELECTED, %HL_ERROR_MEMORY or %HL_ERROR_INPUT
 */
HlSnapshot *
hl_snapshot_new (GimpImage *image, GimpLayer *source, HlSnapshotPart part, GError **error)
{
  g_autoptr (HlSnapshot) snapshot           = g_new0 (HlSnapshot, 1);
  g_autofree GimpDrawableFilter **filters   = NULL;
  GimpSelection                  *selection = gimp_image_get_selection (image);
  GeglRectangle                   extent;

  snapshot->image            = image;
  snapshot->part             = part;
  snapshot->layer            = gimp_layer_copy (source);
  snapshot->selection        = gimp_channel_copy (GIMP_CHANNEL (selection));
  snapshot->selection_format = gimp_drawable_get_format (GIMP_DRAWABLE (selection));
  if (!snapshot->layer || !snapshot->selection)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("GIMP could not copy the layer. Close other pictures to free "
                              "memory, then start again."));
      return NULL;
    }
  hl_kept_forget (snapshot->layer);
  g_set_weak_pointer (&snapshot->source, source);
  filters = gimp_drawable_get_filters (GIMP_DRAWABLE (snapshot->layer));
  if (filters && filters[0])
    gimp_drawable_merge_filters (GIMP_DRAWABLE (snapshot->layer));

  /* Asked of the copy: a filter can make a layer larger. */
  extent.width  = gimp_drawable_get_width (GIMP_DRAWABLE (snapshot->layer));
  extent.height = gimp_drawable_get_height (GIMP_DRAWABLE (snapshot->layer));
  if (!gimp_drawable_get_offsets (GIMP_DRAWABLE (snapshot->layer), &extent.x, &extent.y)
      || !find_area (snapshot, &extent, error) || !prepare (snapshot, error))
    return NULL;
  snapshot->x = extent.x;
  snapshot->y = extent.y;
  return g_steal_pointer (&snapshot);
}

/* Reads a row of the selection, which lies in the picture's coordinates. */
static void
read_mask (HlSnapshot *snapshot, int y)
{
  const GeglRectangle *area = &snapshot->area;
  GeglRectangle        line = { area->x + snapshot->x, area->y + snapshot->y + y, area->width, 1 };
  const Babl          *format = snapshot->selection_format;
  float               *mask   = snapshot->mask + (gsize) y * area->width;

  /* A selection is a share and has no gamma. Its copy has the same bytes, but is a channel, which
   * may have one: so they are read as they are. */
  gegl_buffer_get (snapshot->selected, &line, 1.0, gegl_buffer_get_format (snapshot->selected),
                   snapshot->native, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (!hl_layout_to_floats (babl_format_get_type (format, 0), snapshot->native, mask, area->width))
    babl_process (babl_fish (format, babl_format ("Y float")), snapshot->native, mask, area->width);
  for (int x = 0; x < area->width; x++)
    snapshot->n_selected += mask[x] > 0.0f;
}

static int
to_level (float alpha)
{
  return CLAMP (alpha, 0.0f, 1.0f) * (HL_SNAPSHOT_LEVELS - 1) + 0.5f;
}

/* Reads a row of the layer as floats. */
static void
read_row (HlSnapshot *snapshot, const HlLayout *layout, const GeglRectangle *line)
{
  gsize n = (gsize) line->width * layout->components;

  gegl_buffer_get (snapshot->pixels, line, 1.0, layout->native, snapshot->native,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (layout->type && hl_layout_to_floats (layout->type, snapshot->native, snapshot->row, n))
    return;
  gegl_buffer_get (snapshot->pixels, line, 1.0, layout->floats, snapshot->row, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
}

/* Reads a row of the layer into the planes. A pixel that is not a number would damage every sum it
 * takes part in, so that the engine gets black instead, with an evidence of 0. */
static void
read_pixels (HlSnapshot *snapshot, const HlLayout *layout, int y)
{
  const GeglRectangle *area   = &snapshot->area;
  GeglRectangle        line   = { area->x, area->y + y, area->width, 1 };
  gsize                plane  = (gsize) area->width * area->height;
  float               *planes = snapshot->planes->planes;
  int                  n      = snapshot->planes->channels;

  read_row (snapshot, layout, &line);
  for (int x = 0; x < area->width; x++)
    {
      const float *pixel    = snapshot->row + (gsize) x * layout->components;
      gsize        i        = (gsize) y * area->width + x;
      gboolean     evidence = !layout->has_alpha || pixel[layout->components - 1] > 0.0f;

      for (int c = 0; c < n; c++)
        {
          evidence              = evidence && isfinite (pixel[c]);
          planes[plane * c + i] = isfinite (pixel[c]) ? pixel[c] : 0.0f;
        }
      snapshot->evidence[i] = evidence;
      snapshot->hidden[i]   = !evidence && snapshot->mask[i] <= 0.0f;
      if (evidence && snapshot->mask[i] <= 0.0f)
        {
          snapshot->n_sound++;
          if (layout->has_alpha)
            snapshot->n_alpha[to_level (pixel[layout->components - 1])]++;
        }
    }
}

/* The median of the sound pixels' alpha. */
static float
find_opacity (const HlSnapshot *snapshot)
{
  gsize sum   = 0;
  int   level = 0;

  for (; level < HL_SNAPSHOT_LEVELS - 1; level++)
    {
      sum += snapshot->n_alpha[level];
      if (2 * sum > snapshot->n_sound)
        break;
    }
  return level / (float) (HL_SNAPSHOT_LEVELS - 1);
}

/* Reads on: at least one row, and none after @until, in the time of g_get_monotonic_time(). */
static void
read_rows (HlSnapshot *snapshot, gint64 until)
{
  HlLayout layout;

  hl_layout_init (&layout, GIMP_DRAWABLE (snapshot->layer));
  do
    {
      read_mask (snapshot, snapshot->rows);
      read_pixels (snapshot, &layout, snapshot->rows);
      snapshot->rows++;
    }
  while (!hl_snapshot_is_complete (snapshot) && g_get_monotonic_time () < until);
}

/* All has been read: whether it can be worked on. */
static gboolean
finish (HlSnapshot *snapshot, GError **error)
{
  snapshot->opacity = find_opacity (snapshot);
  if (snapshot->part == HL_SNAPSHOT_LAYER)
    return TRUE;
  if (snapshot->n_selected == 0)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                         _ ("The selection lies outside this layer. Select the damaged area "
                            "inside it, or choose another layer."));
  else if (snapshot->n_sound == 0)
    g_set_error_literal (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                         _ ("Nothing is left to learn from: everything around the damage is "
                            "selected too, or transparent. Select only the damaged area."));
  else
    return TRUE;
  return FALSE;
}

/**
 * hl_snapshot_read:
 * @snapshot: a snapshot
 * @error: return location for a #GError
 *
 * Reads all of it at once.
 *
 * Returns: whether it can be worked on; else %FALSE with %HL_ERROR_NOTHING_SELECTED or
 *   %HL_ERROR_NOTHING_KNOWN
 */
gboolean
hl_snapshot_read (HlSnapshot *snapshot, GError **error)
{
  read_rows (snapshot, G_MAXINT64);
  return finish (snapshot, error);
}

static gboolean
on_idle (gpointer user_data)
{
  HlSnapshot *snapshot     = user_data;
  g_autoptr (GError) error = NULL;

  read_rows (snapshot, g_get_monotonic_time () + SLICE);
  if (!hl_snapshot_is_complete (snapshot))
    return G_SOURCE_CONTINUE;
  snapshot->idle = 0;
  finish (snapshot, &error);
  snapshot->done (snapshot, error, snapshot->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * hl_snapshot_read_idly:
 * @snapshot: a snapshot
 * @done: called when it has been read
 * @user_data: for @done
 *
 * Reads it in small pieces between the events of the default main loop, so that a window answers
 * meanwhile. Freeing the snapshot ends that.
 */
void
hl_snapshot_read_idly (HlSnapshot *snapshot, HlSnapshotFunc done, gpointer user_data)
{
  snapshot->done      = done;
  snapshot->user_data = user_data;
  snapshot->idle      = g_idle_add (on_idle, snapshot);
}

/**
 * hl_snapshot_is_complete:
 * @snapshot: a snapshot
 *
 * Returns: whether all of it has been read
 */
gboolean
hl_snapshot_is_complete (const HlSnapshot *snapshot)
{
  return snapshot->rows == snapshot->area.height;
}

/**
 * hl_snapshot_get_fraction:
 * @snapshot: a snapshot
 *
 * Returns: how much of it has been read, 0..1
 */
double
hl_snapshot_get_fraction (const HlSnapshot *snapshot)
{
  return snapshot->rows / (double) snapshot->area.height;
}

/**
 * hl_snapshot_free:
 * @snapshot: (transfer full) (nullable): a snapshot
 *
 * Frees the snapshot, and its copies in GIMP but for a layer that has been put into a picture.
 */
void
hl_snapshot_free (HlSnapshot *snapshot)
{
  if (!snapshot)
    return;
  g_clear_handle_id (&snapshot->idle, g_source_remove);
  g_clear_object (&snapshot->pixels);
  g_clear_object (&snapshot->selected);
  if (snapshot->layer)
    gimp_item_delete (GIMP_ITEM (snapshot->layer));
  if (snapshot->selection)
    gimp_item_delete (GIMP_ITEM (snapshot->selection));
  g_clear_weak_pointer (&snapshot->source);
  hl_image_free (snapshot->planes);
  g_free (snapshot->mask);
  g_free (snapshot->evidence);
  g_free (snapshot->hidden);
  g_free (snapshot->row);
  g_free (snapshot->native);
  g_free (snapshot);
}

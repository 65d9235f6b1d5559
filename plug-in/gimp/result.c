/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restored planes back into GIMP, as a new layer. Only here the image is changed.
 *
 * The layer is the copy of the source that snapshot.c made, with the restored pixels written over
 * it (result_pixels.c). Where colours were restored, another such copy above it has these, so that
 * they can be hidden, or blended with the old ones.
 *
 * What is seen outside the repair must not change. An opaque copy above its source, in the normal
 * mode at full strength, changes nothing. Any other copy would be blended with what it is a copy
 * of, so it takes the source's place instead: it has the same mode, opacity and mask, and the
 * source is hidden. Of two copies the upper one takes the place of both. */

#include "gimp/result.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "gimp/layout.h"
#include "gimp/result_pixels.h"
#include "restore/error.h"

/* Whether a layer above @layer covers it as paper covers paper. */
static gboolean
is_plain (GimpLayer *layer)
{
  GimpLayerMode mode = gimp_layer_get_mode (layer);

  return (mode == GIMP_LAYER_MODE_NORMAL || mode == GIMP_LAYER_MODE_NORMAL_LEGACY)
         && gimp_layer_get_opacity (layer) >= 100.0 && !gimp_layer_get_mask (layer);
}

/* Rows that are looked at in one go: those of GIMP's tiles. */
#define STRIP 64

/* Whether one of @n pixels is neither opaque nor fully transparent; FALSE too where it is not known
 * how their alpha lies, and @is_known is set to that. Looking at the bytes themselves spares babl's
 * search for a conversion, which takes longer than a small repair. */
static gboolean
has_soft (const HlLayout *layout, const guint8 *pixels, gsize n, gboolean *is_known)
{
  const char *type  = babl_get_name (babl_format_get_type (layout->native, layout->components - 1));
  gsize       alpha = layout->colour;
  gboolean    found = FALSE;

  *is_known = TRUE;
  if (g_str_equal (type, "u8"))
    for (gsize i = 0; i < n; i++)
      found |= (guint8) (pixels[i * layout->pixel + alpha] + 1) > 1;
  else if (g_str_equal (type, "u16"))
    for (gsize i = 0; i < n; i++)
      found |= (guint16) (*(const guint16 *) (pixels + i * layout->pixel + alpha) + 1) > 1;
  else if (g_str_equal (type, "float"))
    for (gsize i = 0; i < n; i++)
      {
        float share = *(const float *) (pixels + i * layout->pixel + alpha);

        found |= share > 0.0f && share < 1.0f;
      }
  else
    *is_known = FALSE;
  return found;
}

/* The same by babl. */
static gboolean
has_soft_share (GeglBuffer *buffer, const GeglRectangle *strip, float *shares)
{
  gboolean found = FALSE;

  gegl_buffer_get (buffer, strip, 1.0, babl_format ("A float"), shares, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize i = 0; i < (gsize) strip->width * strip->height; i++)
    found |= shares[i] > 0.0f && shares[i] < 1.0f;
  return found;
}

/* Whether some pixel of @layer lets through what is below. */
static gboolean
is_translucent (GimpLayer *layer)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  GeglRectangle      all        = *gegl_buffer_get_extent (buffer);
  gboolean           found      = FALSE;
  g_autofree guint8 *pixels     = NULL;
  HlLayout           layout;

  if (!gimp_drawable_has_alpha (GIMP_DRAWABLE (layer)))
    return FALSE;
  hl_layout_init (&layout, GIMP_DRAWABLE (layer));
  pixels = g_malloc ((gsize) all.width * STRIP * MAX (layout.pixel, (int) sizeof (float)));
  for (int y = 0; y < all.height && !found; y += STRIP)
    {
      GeglRectangle strip = { all.x, all.y + y, all.width, MIN (STRIP, all.height - y) };
      gboolean      is_known;

      gegl_buffer_get (buffer, &strip, 1.0, layout.native, pixels, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      found = has_soft (&layout, pixels, (gsize) strip.width * strip.height, &is_known)
              || (!is_known && has_soft_share (buffer, &strip, (float *) pixels));
    }
  return found;
}

/* The new layers, by what they hold. */
typedef struct
{
  GimpLayer *mended;
  GimpLayer *colours; /* or NULL */
} Layers;

/* Translators: the names of the new layers; %s is the name of the layer they were made from. */
static const char *const names[] = { N_ ("Restored: %s"), N_ ("Colour: %s") };

/* Takes the rest of a name of ours off, as in " (2)". */
static void
take_number_off (GString *name)
{
  gsize end = name->len;

  if (end > 0 && name->str[end - 1] == ')')
    for (end--; end > 0 && g_ascii_isdigit (name->str[end - 1]);)
      end--;
  if (end >= 2 && end < name->len - 1 && name->str[end - 1] == '(' && name->str[end - 2] == ' ')
    g_string_truncate (name, end - 2);
}

/* The name of the layer without what an earlier restoration added to it. */
static char *
get_base_name (GimpLayer *layer)
{
  g_autofree char *name = gimp_item_get_name (GIMP_ITEM (layer));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GStrv) around = g_strsplit (_ (names[i]), "%s", 2);

      if (g_str_has_prefix (name, around[0]) && g_str_has_suffix (name, around[1]))
        {
          GString *to = g_string_new (name + strlen (around[0]));

          g_string_truncate (to, to->len - strlen (around[1]));
          take_number_off (to);
          return g_string_free (to, FALSE);
        }
    }
  return g_steal_pointer (&name);
}

/* "Restored: NAME", or the first of "Restored: NAME (2)" and so on that no layer has. */
static void
set_name (const HlSnapshot *snapshot, GimpLayer *layer, const char *format)
{
  g_autofree char *base = get_base_name (snapshot->source);
  GString         *name = g_string_new (NULL);

  for (int n = 1; n == 1 || gimp_image_get_layer_by_name (snapshot->image, name->str); n++)
    {
      g_auto (GStrv) around     = g_strsplit (format, "%s", 2);
      g_autofree char *numbered = n > 1 ? g_strdup_printf ("%s (%d)", base, n) : g_strdup (base);

      g_string_printf (name, "%s%s%s", around[0], numbered, around[1]);
    }
  gimp_item_set_name (GIMP_ITEM (layer), name->str);
  g_string_free (name, TRUE);
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

/* The mended layer is all that is left of the source: its name, too. */
static void
replace (HlSnapshot *snapshot, const Layers *layers)
{
  g_autofree char *name = gimp_item_get_name (GIMP_ITEM (snapshot->source));

  gimp_image_remove_layer (snapshot->image, snapshot->source);
  gimp_item_set_name (GIMP_ITEM (layers->mended), name);
}

static void
attach_record (GimpLayer *layer, const char *settings)
{
  GimpParasite *record = gimp_parasite_new (HL_RESULT_PARASITE, GIMP_PARASITE_PERSISTENT,
                                            strlen (settings) + 1, settings);

  gimp_item_attach_parasite (GIMP_ITEM (layer), record);
  gimp_parasite_free (record);
}

/* Each layer comes into the image complete and by one call of GIMP, so that the image has all of it
 * or nothing whenever the plug-in is killed. The group is there for its name, the plug-in's, in
 * GIMP's menu, for the second layer, and for the source that may be hidden, or removed. */
static gboolean
insert (HlSnapshot *snapshot, const Layers *layers, gboolean takes_place, gboolean replaces,
        GError **error)
{
  GimpImage *image    = snapshot->image;
  GimpItem  *group    = gimp_item_get_parent (GIMP_ITEM (snapshot->source));
  GimpLayer *parent   = group ? GIMP_LAYER (group) : NULL;
  int        position = gimp_image_get_item_position (image, GIMP_ITEM (snapshot->source));
  gboolean   is_good;

  gimp_image_undo_group_start (image);
  is_good = gimp_image_insert_layer (image, layers->mended, parent, position);
  if (is_good && layers->colours
      && !gimp_image_insert_layer (image, layers->colours, parent, position))
    {
      gimp_image_remove_layer (image, layers->mended);
      snapshot->layer = NULL;
      is_good         = FALSE;
    }
  if (is_good && takes_place && layers->colours)
    gimp_item_set_visible (GIMP_ITEM (layers->mended), FALSE);
  if (is_good && replaces)
    replace (snapshot, layers);
  else if (is_good && takes_place)
    gimp_item_set_visible (GIMP_ITEM (snapshot->source), FALSE);
  gimp_image_undo_group_end (image);
  if (is_good)
    snapshot->layer = NULL;
  else
    g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                         _ ("GIMP could not add the restored layer. Choose the layer "
                            "again in the Layers dialog, then start again."));
  return is_good;
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

/* Another copy for the colours, which are written into it. */
static GimpLayer *
make_colours (HlSnapshot *snapshot, const HlImage *coloured, const float *mask, GError **error)
{
  GimpLayer *layer = gimp_layer_copy (snapshot->layer);

  if (!layer)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_MEMORY,
                           _ ("GIMP could not copy the layer. Close other pictures to free "
                              "memory, then start again."));
      return NULL;
    }
  if (hl_result_write (snapshot, layer, coloured, mask, HL_OUTPUT_LAYER, error))
    return layer;
  gimp_item_delete (GIMP_ITEM (layer));
  return NULL;
}

/**
 * hl_result_apply:
 * @snapshot: of the layer; it must not be applied twice
 * @mended: (C, H, W), the restored planes of @snapshot
 * @coloured: (nullable): (C, H, W), the same with other colours, which become a layer of their own
 * @mask: (H, W), row-major: above 0 where something may have been mended
 * @output: what the layer for @mended is to hold; of a layer that is not plain, it always holds all
 *   of it
 * @settings: how the restoration was done; kept with the layers, in %HL_RESULT_PARASITE
 * @error: return location for a #GError
 *
 * Writes the restored pixels into the new layer, names it and puts it directly above its source, or
 * in its place, and the one with the colours above that, as one undo step. Where @coloured is given
 * and nothing was mended, there is a layer for the colours alone.
 *
 * Returns: (transfer none): the upper one of the new layers, or %NULL with %HL_ERROR_INPUT where
 *   the source has gone meanwhile, or %HL_ERROR_MEMORY
 */
GimpLayer *
hl_result_apply (HlSnapshot *snapshot, const HlImage *mended, const HlImage *coloured,
                 const float *mask, HlOutput output, const char *settings, GError **error)
{
  gboolean is_mended   = !coloured || hl_result_is_changed (snapshot, mended, mask);
  gboolean takes_place = !is_plain (snapshot->layer), replaces;
  Layers   layers      = { snapshot->layer, NULL };
  HlOutput held = takes_place || output == HL_OUTPUT_ADD || !is_mended ? HL_OUTPUT_LAYER : output;

  if (!check_source (snapshot, error))
    return NULL;
  if (coloured && is_mended)
    layers.colours = make_colours (snapshot, coloured, mask, error);
  if ((coloured && is_mended && !layers.colours)
      || !hl_result_write (snapshot, layers.mended, is_mended ? mended : coloured, mask, held,
                           error))
    {
      if (layers.colours)
        gimp_item_delete (GIMP_ITEM (layers.colours));
      return NULL;
    }
  replaces = is_mended && output == HL_OUTPUT_ADD && is_repair (snapshot->source);
  /* Above nothing, what lets through does no harm. */
  if (!takes_place && (layers.colours || (held == HL_OUTPUT_LAYER && !replaces)))
    takes_place = is_translucent (layers.colours ? layers.colours : layers.mended);
  if (!replaces)
    set_name (snapshot, layers.mended, _ (names[!is_mended]));
  if (layers.colours)
    set_name (snapshot, layers.colours, _ (names[1]));
  attach_record (layers.mended, settings);
  if (layers.colours)
    attach_record (layers.colours, settings);
  if (!insert (snapshot, &layers, takes_place, replaces, error))
    {
      if (layers.colours)
        gimp_item_delete (GIMP_ITEM (layers.colours));
      return NULL;
    }
  gimp_displays_flush ();
  return layers.colours ? layers.colours : layers.mended;
}

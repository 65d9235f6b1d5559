/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which layer can be restored. GIMP greys out the menu entry for some of the others, but
 * a script's call arrives all the same, so everything is checked here, before anything
 * else happens. */

#include "gimp/target.h"

#include <glib/gi18n-lib.h>

#include "restore/error.h"

/* What GIMP calls the channel of its Quick Mask, in every language. */
#define QUICK_MASK "Qmask"

/* Kinds of layers whose pixels GIMP draws anew from something else. They are recognised by the
 * name of their type because GIMP 3.0 does not have the later two. */
static gboolean
has_type (GimpItem *item, const char *type_name)
{
  GType type = g_type_from_name (type_name);

  return type != 0 && g_type_is_a (G_OBJECT_TYPE (item), type);
}

/* The item itself or the group around it that locks its pixels, or NULL. */
static GimpItem *
find_lock (GimpItem *item)
{
  while (item && !gimp_item_get_lock_content (item))
    item = gimp_item_get_parent (item);
  return item;
}

/* The item itself or the group around it that is hidden, or NULL. */
static GimpItem *
find_hidden (GimpItem *item)
{
  while (item && gimp_item_get_visible (item))
    item = gimp_item_get_parent (item);
  return item;
}

static gboolean
check_kind (GimpItem *item, GError **error)
{
  g_autofree char *name = gimp_item_get_name (item);

  if (GIMP_IS_LAYER_MASK (item))
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is a layer mask. Click the picture of its layer in the Layers "
                    "dialog, then start again."),
                 name);
  else if (GIMP_IS_CHANNEL (item) && g_str_equal (name, QUICK_MASK))
    g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                         _ ("The Quick Mask is active. Leave it with Shift+Q, so that what was "
                            "painted is selected, then start again."));
  else if (!GIMP_IS_LAYER (item))
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is a channel. Choose a layer in the Layers dialog, then start "
                    "again."),
                 name);
  else if (gimp_item_is_group (item))
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is a group of layers. Choose one layer inside it, or merge the "
                    "group first."),
                 name);
  else if (has_type (item, "GimpTextLayer"))
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is a text layer. Choose the layer of the photograph, or discard "
                    "the layer's text information first."),
                 name);
  else if (has_type (item, "GimpLinkLayer") || has_type (item, "GimpVectorLayer"))
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is a link or vector layer. Rasterize it first, or choose another "
                    "layer."),
                 name);
  else
    return TRUE;
  return FALSE;
}

/* Whether the pixels of @item may be worked on. */
static gboolean
check_state (GimpItem *item, GError **error)
{
  GimpItem        *lock = find_lock (item), *hidden = find_hidden (item);
  g_autofree char *name = lock || hidden ? gimp_item_get_name (lock ? lock : hidden) : NULL;

  if (lock)
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("The pixels of “%s” are locked. Unlock them in the Layers dialog "
                    "first."),
                 name);
  else if (hidden)
    g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                 _ ("“%s” is hidden, and the result would be too. Show it with the eye in the "
                    "Layers dialog first."),
                 name);
  return !lock && !hidden;
}

/**
 * hl_target_find:
 * @image: the picture
 * @drawables: (array zero-terminated=1): what is chosen in it
 * @error: return location for a #GError
 *
 * Finds the one layer to restore. The selection is not looked at.
 *
 * Returns: (transfer none): the layer, or %NULL with %HL_ERROR_INPUT and a message that
 *   says what to do next
 */
GimpLayer *
hl_target_find (GimpImage *image, GimpDrawable **drawables, GError **error)
{
  GimpItem *item;

  if (!drawables || !drawables[0])
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("No layer is chosen. Choose the layer of the photograph in "
                              "the Layers dialog, then start again."));
      return NULL;
    }
  if (drawables[1])
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("Several layers are chosen. Choose only the one to restore, "
                              "then start again."));
      return NULL;
    }

  item = GIMP_ITEM (drawables[0]);
  if (gimp_image_get_base_type (image) == GIMP_INDEXED)
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("The picture is in indexed mode, with a fixed table of "
                              "colours. Choose Image > Mode > RGB first."));
      return NULL;
    }
  if (gimp_image_get_floating_sel (image))
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("There is a floating selection. Anchor it or turn it into a "
                              "layer first."));
      return NULL;
    }
  if (!check_kind (item, error))
    return NULL;
  return check_state (item, error) ? GIMP_LAYER (item) : NULL;
}

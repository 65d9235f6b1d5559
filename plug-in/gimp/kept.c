/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person has marked in a layer stays with it while the image is open: as parasites that are
 * neither saved nor undone, so that the image does not count as changed. So marks outlast the
 * window, and another part of the layer that is read. They fit as long as the layer has its size.
 */

#include "gimp/kept.h"

#include <string.h>

#define MARKS "heirloom-marks"
#define POINTS "heirloom-gray"

/* A run of pixels with the same edit: the edit in the upper bits, the length in the others. */
#define LENGTH_BITS 30
#define LONGEST ((1u << LENGTH_BITS) - 1)

/* Words that come before the runs: width and height. */
#define HEAD 2

struct _HlKept
{
  int     width, height; /* of the layer */
  guint8 *edits;         /* (H, W) of HlMarksEdit; NULL where memory does not suffice */
};

static void
attach (GimpLayer *layer, const char *name, gconstpointer data, gsize size)
{
  GimpParasite *parasite = gimp_parasite_new (name, 0, size, data);

  gimp_item_attach_parasite (GIMP_ITEM (layer), parasite);
  gimp_parasite_free (parasite);
}

static GBytes *
get_data (GimpLayer *layer, const char *name)
{
  GimpParasite *parasite = gimp_item_get_parasite (GIMP_ITEM (layer), name);
  gconstpointer data;
  guint32       size;
  GBytes       *bytes = NULL;

  if (!parasite)
    return NULL;
  data  = gimp_parasite_get_data (parasite, &size);
  bytes = g_bytes_new (data, size);
  gimp_parasite_free (parasite);
  return bytes;
}

/* Sets the edits from runs; those of another size are left out. */
static void
take_runs (HlKept *kept, const guint32 *words, gsize n)
{
  gsize pixels = (gsize) kept->width * kept->height, at = 0;

  if (n < HEAD || words[0] != (guint32) kept->width || words[1] != (guint32) kept->height)
    return;
  for (gsize i = HEAD; i < n; i++)
    {
      gsize length = MIN (words[i] & LONGEST, pixels - at);

      memset (kept->edits + at, words[i] >> LENGTH_BITS, length);
      at += length;
    }
}

/**
 * hl_kept_load:
 * @layer: a layer
 *
 * Returns: (transfer full): the marks that were kept with it, if it still has the same size
 */
HlKept *
hl_kept_load (GimpLayer *layer)
{
  HlKept *kept             = g_new0 (HlKept, 1);
  g_autoptr (GBytes) bytes = get_data (layer, MARKS);

  kept->width  = gimp_drawable_get_width (GIMP_DRAWABLE (layer));
  kept->height = gimp_drawable_get_height (GIMP_DRAWABLE (layer));
  kept->edits  = g_try_malloc0 ((gsize) kept->width * kept->height);
  if (bytes && kept->edits)
    take_runs (kept, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) / sizeof (guint32));
  return kept;
}

static gboolean
is_empty (const HlKept *kept)
{
  for (gsize i = 0; i < (gsize) kept->width * kept->height; i++)
    if (kept->edits[i])
      return FALSE;
  return TRUE;
}

/**
 * hl_kept_save:
 * @kept: marks
 * @layer: the layer that they are in
 *
 * Keeps them with it, until the image is closed.
 */
void
hl_kept_save (const HlKept *kept, GimpLayer *layer)
{
  gsize pixels = (gsize) kept->width * kept->height, at = 0;
  g_autoptr (GArray) words      = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 head[HEAD]      = { kept->width, kept->height };
  g_autoptr (GBytes) was_marked = get_data (layer, MARKS);

  if (!kept->edits || (is_empty (kept) && !was_marked))
    return;
  g_array_append_vals (words, head, HEAD);
  while (at < pixels)
    {
      guint32 length = 0, word;
      guint8  edit   = kept->edits[at];

      while (at < pixels && kept->edits[at] == edit && length < LONGEST)
        {
          at++;
          length++;
        }
      word = (guint32) edit << LENGTH_BITS | length;
      g_array_append_val (words, word);
    }
  attach (layer, MARKS, words->data, words->len * sizeof (guint32));
}

/**
 * hl_kept_put:
 * @kept: marks
 * @area: a part of the layer
 * @edits: (nullable): (H, W) of #HlMarksEdit, those of that part; %NULL for none
 *
 * Takes over what there is of a part now.
 */
void
hl_kept_put (HlKept *kept, const GeglRectangle *area, const guint8 *edits)
{
  if (!kept->edits || area->x + area->width > kept->width || area->y + area->height > kept->height)
    return;
  for (int y = 0; y < area->height; y++)
    {
      guint8 *row = kept->edits + (gsize) (area->y + y) * kept->width + area->x;

      if (edits)
        memcpy (row, edits + (gsize) y * area->width, area->width);
      else
        memset (row, 0, area->width);
    }
}

/**
 * hl_kept_get:
 * @kept: marks
 * @area: a part of the layer
 *
 * Returns: (transfer full) (nullable): (H, W) of #HlMarksEdit, those of that part, or %NULL where
 *   there are none
 */
guint8 *
hl_kept_get (const HlKept *kept, const GeglRectangle *area)
{
  g_autofree guint8 *edits = g_try_malloc ((gsize) area->width * area->height);
  gboolean           found = FALSE;

  if (!edits || !kept->edits || area->x + area->width > kept->width
      || area->y + area->height > kept->height)
    return NULL;
  for (int y = 0; y < area->height; y++)
    memcpy (edits + (gsize) y * area->width,
            kept->edits + (gsize) (area->y + y) * kept->width + area->x, area->width);
  for (gsize i = 0; i < (gsize) area->width * area->height && !found; i++)
    found = edits[i] != 0;
  return found ? g_steal_pointer (&edits) : NULL;
}

/**
 * hl_kept_free:
 * @kept: (transfer full) (nullable): marks
 *
 * Frees them.
 */
void
hl_kept_free (HlKept *kept)
{
  if (!kept)
    return;
  g_free (kept->edits);
  g_free (kept);
}

/* "WIDTHxHEIGHT:", by which points are told to fit. */
static char *
make_size (GimpLayer *layer)
{
  return g_strdup_printf ("%dx%d:", gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                          gimp_drawable_get_height (GIMP_DRAWABLE (layer)));
}

/**
 * hl_kept_load_points:
 * @layer: a layer
 *
 * Returns: (transfer full): the points that should be gray that were kept with it, if it still has
 *   the same size, as text; empty where there are none
 */
char *
hl_kept_load_points (GimpLayer *layer)
{
  g_autofree char *size = make_size (layer), *text = NULL;
  g_autoptr (GBytes) bytes = get_data (layer, POINTS);

  if (bytes)
    text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strdup (text && g_str_has_prefix (text, size) ? text + strlen (size) : "");
}

/**
 * hl_kept_save_points:
 * @layer: a layer
 * @points: those that should be gray, as text
 *
 * Keeps them with it, until the image is closed.
 */
void
hl_kept_save_points (GimpLayer *layer, const char *points)
{
  g_autofree char *size = make_size (layer), *text = g_strconcat (size, points, NULL);

  attach (layer, POINTS, text, strlen (text));
}

/**
 * hl_kept_forget:
 * @layer: a layer that was copied from another one
 *
 * Takes away what was marked in the other one.
 */
void
hl_kept_forget (GimpLayer *layer)
{
  const char *const all[] = { MARKS, POINTS };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      GimpParasite *parasite = gimp_item_get_parasite (GIMP_ITEM (layer), all[i]);

      if (parasite)
        gimp_item_detach_parasite (GIMP_ITEM (layer), all[i]);
      if (parasite)
        gimp_parasite_free (parasite);
    }
}

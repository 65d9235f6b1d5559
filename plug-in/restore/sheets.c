/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions laid side by side, to be worked on at once.
 *
 * A speck with its surroundings is some 40 pixels across: too little for the threads of the
 * network, and 1500 specks set it up 1500 times. So regions are laid in rows on sheets of one size,
 * which one network serves, and which it is run on where there are regions (nn/active.c). Where a
 * picture ends it is reflected: zeros beside a hole would darken it. */
#include "restore/sheets.h"

#include <string.h>

#include "nn/tile.h"

/* Regions begin where the network's coarsest tiles do (nn/active.h), with one of them around: so
 * none sees another, and what becomes of it does not depend on where it lies. */
#define UNIT 32

/* Pixels a side of a sheet. */
#define SIDE (HL_REGIONS_SIDE + 2 * UNIT)

G_STATIC_ASSERT (SIDE % UNIT == 0);

static int
round_up (int x)
{
  return (x + UNIT - 1) / UNIT * UNIT;
}

static int
get_width (HlRect rect)
{
  return rect.right - rect.left;
}

static int
get_height (HlRect rect)
{
  return rect.bottom - rect.top;
}

static void
sheet_free (gpointer data)
{
  HlSheet *sheet = data;

  g_array_unref (sheet->places);
  g_free (sheet);
}

static HlSheet *
add_sheet (GPtrArray *sheets)
{
  HlSheet *sheet = g_new0 (HlSheet, 1);

  sheet->places = g_array_new (FALSE, FALSE, sizeof (HlPlace));
  g_ptr_array_add (sheets, sheet);
  return sheet;
}

static void
add_place (HlSheet *sheet, HlPlace place, int x, int y)
{
  place.x = x;
  place.y = y;
  g_array_append_val (sheet->places, place);
  sheet->width  = MAX (sheet->width, x + get_width (place.box));
  sheet->height = MAX (sheet->height, y + get_height (place.box));
}

static void
round_up_sheet (HlSheet *sheet)
{
  sheet->width  = round_up (sheet->width) + UNIT;
  sheet->height = round_up (sheet->height) + UNIT;
}

/* The higher ones first, so that rows waste little; else from above and from the left. */
static int
compare (gconstpointer a, gconstpointer b)
{
  HlRect first = ((const HlPlace *) a)->box, second = ((const HlPlace *) b)->box;
  int    order[] = { get_height (second) - get_height (first), first.top - second.top,
                     first.left - second.left };

  return order[0] ? order[0] : order[1] ? order[1] : order[2];
}

/* Row after row, and a new sheet when one is full, which then is as large as all full ones.  What
 * is empty at the right and below, round_up_sheet() adds. */
static void
lay_rows (GPtrArray *sheets, GArray *small)
{
  HlSheet *sheet = NULL;
  int      x = UNIT, y = UNIT, below = UNIT;

  g_array_sort (small, compare);
  for (guint i = 0; i < small->len; i++)
    {
      HlPlace place = g_array_index (small, HlPlace, i);

      if (x + get_width (place.box) > SIDE - UNIT)
        {
          x = UNIT;
          y = below;
        }
      if (!sheet || y + get_height (place.box) > SIDE - UNIT)
        {
          if (sheet)
            sheet->width = sheet->height = SIDE - UNIT;
          sheet = add_sheet (sheets);
          x = y = UNIT;
        }
      if (x == UNIT)
        below = y + round_up (get_height (place.box)) + UNIT;
      add_place (sheet, place, x, y);
      x += round_up (get_width (place.box)) + UNIT;
    }
}

/**
 * hl_sheets_new:
 * @regions: (element-type HlRegion): regions of a picture
 * @margin: 0 where each region is to have its own sheet; or the context that they were made with,
 *   where several may share one
 *
 * Returns: (transfer full) (element-type HlSheet): sheets that hold each region once
 */
GPtrArray *
hl_sheets_new (const GArray *regions, int margin)
{
  GPtrArray *sheets        = g_ptr_array_new_with_free_func (sheet_free);
  g_autoptr (GArray) small = g_array_new (FALSE, FALSE, sizeof (HlPlace));

  for (guint i = 0; i < regions->len; i++)
    {
      HlRegion region = g_array_index (regions, HlRegion, i);
      HlRect   core   = region.core;
      HlRect   wide
          = { core.left - margin, core.top - margin, core.right + margin, core.bottom + margin };
      HlPlace place = { core, margin ? wide : region.area, 0, 0 };

      if (margin && MAX (get_width (wide), get_height (wide)) <= HL_REGIONS_SIDE)
        g_array_append_val (small, place);
      else
        add_place (add_sheet (sheets), place, margin ? UNIT : 0, margin ? UNIT : 0);
    }
  lay_rows (sheets, small);
  for (guint i = 0; margin && i < sheets->len; i++)
    round_up_sheet (g_ptr_array_index (sheets, i));
  return sheets;
}

/* Copies a box of a picture, which goes on beyond its edges by reflection. */
static void
copy_box (const HlImage *image, HlRect box, HlImage *to, int left, int top)
{
  gsize plane = (gsize) image->width * image->height, small = (gsize) to->width * to->height;

  for (int y = box.top; y < box.bottom; y++)
    for (int x = box.left; x < box.right; x++)
      {
        gsize from
            = (gsize) hl_reflect (y, image->height) * image->width + hl_reflect (x, image->width);
        gsize at = (gsize) (top + y - box.top) * to->width + left + x - box.left;

        for (int c = 0; c < image->channels; c++)
          to->planes[c * small + at] = image->planes[c * plane + from];
      }
}

/* The regions of a plane or a picture with their surroundings, and @between beside them. */
static HlImage *
cut_out (const HlSheet *sheet, const HlImage *image, float between, GError **error)
{
  HlImage *cut = hl_image_new (image->channels, sheet->width, sheet->height, error);
  gsize    n   = cut ? (gsize) cut->channels * cut->width * cut->height : 0;

  for (gsize i = 0; i < n; i++)
    cut->planes[i] = between;
  for (guint i = 0; cut && i < sheet->places->len; i++)
    {
      const HlPlace *place = &g_array_index (sheet->places, HlPlace, i);

      copy_box (image, place->box, cut, place->x, place->y);
    }
  return cut;
}

/**
 * hl_sheet_cut:
 * @sheet: a sheet of regions of @image
 * @image: (C, H, W), a picture
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): (C, height, width), the regions with their surroundings, and 0 between
 *   them; or %NULL
 */
HlImage *
hl_sheet_cut (const HlSheet *sheet, const HlImage *image, GError **error)
{
  HlRect   box = g_array_index (sheet->places, HlPlace, 0).box;
  HlImage *cut = cut_out (sheet, image, 0, error);

  if (cut && sheet->places->len == 1)
    {
      cut->x = image->x + box.left;
      cut->y = image->y + box.top;
    }
  return cut;
}

static float *
cut_plane (const HlSheet *sheet, const HlMaps *maps, const float *plane, float between,
           GError **error)
{
  HlImage whole           = hl_plane_view (plane, maps->width, maps->height);
  g_autoptr (HlImage) cut = cut_out (sheet, &whole, between, error);

  return cut ? g_steal_pointer (&cut->planes) : NULL;
}

/**
 * hl_sheet_cut_maps:
 * @sheet: a sheet
 * @maps: of the picture
 * @cut: (out): the same for the sheet; to be cleared also after a failure
 * @error: %HL_ERROR_MEMORY
 *
 * What lies between the regions counts as known.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_sheet_cut_maps (const HlSheet *sheet, const HlMaps *maps, HlMaps *cut, GError **error)
{
  *cut        = (HlMaps) { .width = sheet->width, .height = sheet->height };
  cut->target = cut_plane (sheet, maps, maps->target, 0, error);
  cut->source = cut->target ? cut_plane (sheet, maps, maps->source, 1, error) : NULL;
  return cut->source != NULL;
}

/**
 * hl_sheet_put_back:
 * @sheet: a sheet
 * @cut: (C, height, width), what became of it
 * @target: (H, W), above 0 where the picture is to be repainted
 * @image: (C, H, W), the picture; changed there, within the cores of the sheet's regions
 */
void
hl_sheet_put_back (const HlSheet *sheet, const HlImage *cut, const float *target, HlImage *image)
{
  gsize plane = (gsize) image->width * image->height;
  gsize small = (gsize) cut->width * cut->height;

  for (guint i = 0; i < sheet->places->len; i++)
    {
      const HlPlace *place = &g_array_index (sheet->places, HlPlace, i);
      HlRect         core  = place->core;
      int            dx    = place->x - place->box.left;
      int            dy    = place->y - place->box.top;

      for (int y = core.top; y < core.bottom; y++)
        for (int x = core.left; x < core.right; x++)
          {
            gsize to   = (gsize) y * image->width + x;
            gsize from = (gsize) (y + dy) * cut->width + x + dx;

            for (int c = 0; c < image->channels && target[to] > 0; c++)
              image->planes[c * plane + to] = cut->planes[c * small + from];
          }
    }
}

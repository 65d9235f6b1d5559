/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage cut into regions, so that the work follows the damage and not the picture.
 *
 * Each region has a core, and around it a margin of context that the priors look at; the
 * cost is the pixels of both together.  The box around all damage is cut in two, each part drawn
 * in to the damage that it holds, and so on to the single squares; of each box the parts are kept
 * where in the end they cost less than the whole: a hair across the picture becomes a chain of
 * boxes along it, specks that are close to each other stay together.  A cut through the midst of a
 * wide hole shows, since what is repaired on one side of it has not seen the other, and counts as
 * cost.  The boxes are counted in squares of CELL pixels.
 *
 * The trained network works only near the damage also within a region (nn/active.c): there boxes
 * may be large, since only the squares near the damage count. */
#include "restore/regions.h"

#include <string.h>

#include "restore/error.h"

#define CELL HL_REGIONS_CELL

/* What the parts must cost of the whole at most, for a cut to be worth it. A guess at what a seam
 * more is worth. */
#define GAIN 0.95

/* What a seam costs for each side of a square that is damaged all along, in pixels. Derived: as
 * much as a region of 256 x 256, so that a hole is cut where it is at most some squares across, or
 * where the whole is too large. */
#define SEAM 65536

/* What a pixel of a region costs by itself, where only those near the damage are worked on.
 * A guess: it is copied and smoothed at each step. */
#define IDLE (1 / 16.0)

typedef struct
{
  int  width, height, context; /* of the picture, pixels */
  int  across, down;           /* cells */
  int *reach;                  /* (nullable): (down + 1, across + 1): cells above and left that are
                                  near damage, where only these count */
  int *sum;                    /* (down + 1, across + 1): damaged cells above and left */
  int *walls[2];               /* (down + 1, across + 1): those above and left whose left, or upper,
                                  side is damaged all along, within and outside */
  gint64  most;
  GArray *regions;
} Cutter;

static int
count_in (const Cutter *cutter, const int *sum, HlRect cells)
{
  int step = cutter->across + 1;

  return sum[cells.bottom * step + cells.right] - sum[cells.top * step + cells.right]
         - sum[cells.bottom * step + cells.left] + sum[cells.top * step + cells.left];
}

static int
count (const Cutter *cutter, HlRect cells)
{
  return count_in (cutter, cutter->sum, cells);
}

/* The smallest box with the same damage; there must be some. */
static HlRect
draw_in (const Cutter *cutter, HlRect cells)
{
  while (count (cutter, (HlRect) { cells.left, cells.top, cells.left + 1, cells.bottom }) == 0)
    cells.left++;
  while (count (cutter, (HlRect) { cells.right - 1, cells.top, cells.right, cells.bottom }) == 0)
    cells.right--;
  while (count (cutter, (HlRect) { cells.left, cells.top, cells.right, cells.top + 1 }) == 0)
    cells.top++;
  while (count (cutter, (HlRect) { cells.left, cells.bottom - 1, cells.right, cells.bottom }) == 0)
    cells.bottom--;
  return cells;
}

static HlRegion
get_region (const Cutter *cutter, HlRect cells)
{
  HlRect core = { CELL * cells.left, CELL * cells.top, MIN (CELL * cells.right, cutter->width),
                  MIN (CELL * cells.bottom, cutter->height) };

  return (HlRegion) { core, hl_rect_grow (core, cutter->context, cutter->width, cutter->height) };
}

static gint64
cost (const Cutter *cutter, HlRect cells)
{
  HlRect area   = get_region (cutter, cells).area;
  gint64 pixels = hl_rect_get_pixels (area);

  if (!cutter->reach)
    return pixels;
  area = (HlRect) { area.left / CELL, area.top / CELL, (area.right + CELL - 1) / CELL,
                    (area.bottom + CELL - 1) / CELL };
  return CELL * CELL * count_in (cutter, cutter->reach, area) + IDLE * pixels;
}

/* Whether a region must be cut where the seam does not matter, and where it does. */
static gboolean
is_too_large (const Cutter *cutter, HlRect cells, gint64 seam)
{
  HlRect area = get_region (cutter, cells).area;

  return hl_rect_get_pixels (area) > cutter->most
         || (cutter->reach && seam == 0
             && MAX (area.right - area.left, area.bottom - area.top) > HL_REGIONS_SIDE);
}

/* What it costs that @b, which lies to the right of @a or below, is repaired apart from it. */
static gint64
cost_of_seam (const Cutter *cutter, HlRect a, HlRect b)
{
  gboolean below = b.top == a.bottom;

  if (below)
    b.bottom = b.top + 1;
  else
    b.right = b.left + 1;
  return SEAM * (gint64) count_in (cutter, cutter->walls[below], b);
}

/* The two parts of @cells at the cut number @i: first those across, then those down. */
static void
cut_at (HlRect cells, int i, HlRect *a, HlRect *b)
{
  int across = cells.right - cells.left - 1;

  *a = *b = cells;
  if (i < across)
    a->right = b->left = cells.left + 1 + i;
  else
    a->bottom = b->top = cells.top + 1 + i - across;
}

/* The cut that costs least, and near the middle where none saves anything by itself: a field of
 * specks must be cut several times before there is a gap to be left out.
 *
 * Returns: the seam's cost, or -1 where there is no cut */
static gint64
choose_cut (const Cutter *cutter, HlRect cells, gint64 whole, HlRect *first, HlRect *second)
{
  gint64 best = G_MAXINT64, best_seam = -1;
  int    cuts = cells.right - cells.left + cells.bottom - cells.top - 2;

  for (int i = 0; i < cuts; i++)
    {
      HlRect a, b;
      gint64 parts, seam;

      cut_at (cells, i, &a, &b);
      /* A cut beside the damage would only draw in, which has been done. */
      if (count (cutter, a) == 0 || count (cutter, b) == 0)
        continue;
      seam  = cost_of_seam (cutter, a, b);
      a     = draw_in (cutter, a);
      b     = draw_in (cutter, b);
      parts = cost (cutter, a) + cost (cutter, b) + seam;
      if (is_too_large (cutter, cells, seam) || parts >= GAIN * whole)
        parts += ABS (cost (cutter, a) - cost (cutter, b)) / 4;
      if (parts < best)
        {
          best      = parts;
          best_seam = seam;
          *first    = a;
          *second   = b;
        }
    }
  return best_seam;
}

/* Adds the regions of @cells, which are drawn in; returns what they cost. */
static gint64
split (Cutter *cutter, HlRect cells)
{
  gint64 whole = cost (cutter, cells), parts;
  guint  begin = cutter->regions->len;
  HlRect first, second;
  gint64 seam = choose_cut (cutter, cells, whole, &first, &second);

  if (seam >= 0 && (seam < whole || is_too_large (cutter, cells, seam)))
    {
      parts = seam + split (cutter, first) + split (cutter, second);
      if (parts < GAIN * whole || is_too_large (cutter, cells, seam))
        return parts;
      g_array_set_size (cutter->regions, begin);
    }
  HlRegion region = get_region (cutter, cells);

  g_array_append_val (cutter->regions, region);
  return whole;
}

/* Whether all pixels along a side of a cell, on both sides of it, are damaged. */
static gboolean
is_wall (const float *target, int width, int height, int column, int row, gboolean upper)
{
  int   left = CELL * column, top = CELL * row;
  int   n    = upper ? MIN (CELL, width - left) : MIN (CELL, height - top);
  gsize step = upper ? 1 : width, back = upper ? width : 1;

  if (upper ? row == 0 : column == 0)
    return FALSE;
  for (int k = 0; k < n; k++)
    {
      gsize at = (gsize) top * width + left + k * step;

      if (!(target[at] > 0 && target[at - back] > 0))
        return FALSE;
    }
  return TRUE;
}

static void
add_up (int *sum, int down, int across)
{
  int step = across + 1;

  for (int i = 1; i <= down; i++)
    for (int j = 1; j <= across; j++)
      sum[i * step + j]
          += sum[(i - 1) * step + j] + sum[i * step + j - 1] - sum[(i - 1) * step + j - 1];
}

/* Whether a square or one around it is set. */
static gboolean
is_near (const guint8 *reach, int across, int down, int column, int row)
{
  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, down - 1); y++)
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, across - 1); x++)
      if (reach[(gsize) y * across + x])
        return TRUE;
  return FALSE;
}

/**
 * hl_regions_find_reach:
 * @target: (H, W), above 0 where the picture is to be repainted
 * @width: W
 * @height: H
 * @context: pixels around the damage that are to be seen, 0 or more
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): (ceil (H / 8), ceil (W / 8)), 1 for the squares of %HL_REGIONS_CELL
 *   pixels that have a pixel at most so many columns and rows from damage, else 0; or %NULL
 */
guint8 *
hl_regions_find_reach (const float *target, int width, int height, int context, GError **error)
{
  int     across = (width + CELL - 1) / CELL, down = (height + CELL - 1) / CELL;
  guint8 *reach = g_try_malloc0 ((gsize) across * down);

  if (!reach)
    hl_error_set_memory (error, width, height);
  for (int y = 0; reach && y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int left = MAX (x - context, 0) / CELL, right = MIN (x + context, width - 1) / CELL;

        if (!(target[(gsize) y * width + x] > 0))
          continue;
        for (int i = MAX (y - context, 0) / CELL; i <= MIN (y + context, height - 1) / CELL; i++)
          memset (reach + (gsize) i * across + left, 1, right - left + 1);
      }
  return reach;
}

/**
 * hl_regions_list_reach:
 * @reach: of hl_regions_find_reach()
 * @width: W
 * @height: H
 *
 * Returns: (transfer full) (element-type HlRect): the squares that are set and those around them,
 *   as parts of the picture that do not overlap: in each row of squares those side by side
 */
GArray *
hl_regions_list_reach (const guint8 *reach, int width, int height)
{
  int     across = (width + CELL - 1) / CELL, down = (height + CELL - 1) / CELL;
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (HlRect));

  for (int y = 0; y < down; y++)
    for (int x = 0, end; x < across; x = end + 1)
      {
        HlRect part;

        for (end = x; end < across && is_near (reach, across, down, end, y);)
          end++;
        part = (HlRect) { CELL * x, CELL * y, MIN (CELL * end, width),
                          MIN (CELL * (y + 1), height) };
        if (end > x)
          g_array_append_val (parts, part);
      }
  return parts;
}

/**
 * hl_regions_count_reach:
 * @reach: of hl_regions_find_reach()
 * @width: W
 * @area: a part of the picture
 *
 * Returns: pixels of the squares in it that are set
 */
double
hl_regions_count_reach (const guint8 *reach, int width, HlRect area)
{
  int    across = (width + CELL - 1) / CELL;
  double cells  = 0;

  for (int y = area.top / CELL; y < (area.bottom + CELL - 1) / CELL; y++)
    for (int x = area.left / CELL; x < (area.right + CELL - 1) / CELL; x++)
      cells += reach[(gsize) y * across + x];
  return CELL * CELL * cells;
}

/**
 * hl_regions_new:
 * @target: (H, W), above 0 where the picture is to be repainted
 * @width: W
 * @height: H
 * @context: pixels around the damage that a region needs to see, 0 or more
 * @most: pixels that a region may have, its context included; one square of damage is never
 *   cut, so that it may have more
 * @follows: whether the work follows the damage within a region too, as hl_regions_find_reach()
 *   says with %HL_REGIONS_PRIOR_REACH
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full) (element-type HlRegion): the regions, which together hold all
 *   damage; empty where there is none; %NULL without memory
 */
GArray *
hl_regions_new (const float *target, int width, int height, int context, gint64 most,
                gboolean follows, GError **error)
{
  Cutter             cutter = { .width   = width,
                                .height  = height,
                                .context = context,
                                .across  = (width + CELL - 1) / CELL,
                                .down    = (height + CELL - 1) / CELL,
                                .most    = most };
  int                step   = cutter.across + 1;
  gsize              size   = (gsize) step * (cutter.down + 1);
  HlRect             all    = { 0, 0, cutter.across, cutter.down };
  g_autofree int    *sum    = g_try_new0 (int, 4 * size);
  g_autofree guint8 *reach  = sum && follows ? hl_regions_find_reach (target, width, height,
                                                                      HL_REGIONS_PRIOR_REACH, error)
                                             : NULL;

  if (!sum)
    hl_error_set_memory (error, width, height);
  if (!sum || (follows && !reach))
    return NULL;
  cutter.sum      = sum;
  cutter.walls[0] = sum + size;
  cutter.walls[1] = sum + 2 * size;
  cutter.reach    = follows ? sum + 3 * size : NULL;
  cutter.regions  = g_array_new (FALSE, FALSE, sizeof (HlRegion));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (target[(gsize) y * width + x] > 0)
        sum[(y / CELL + 1) * step + x / CELL + 1] = 1;
  for (int i = 0; i < cutter.down; i++)
    for (int j = 0; j < cutter.across; j++)
      for (int k = 0; k < 2; k++)
        cutter.walls[k][(i + 1) * step + j + 1] = is_wall (target, width, height, j, i, k);
  for (int i = 0; follows && i < cutter.down; i++)
    for (int j = 0; j < cutter.across; j++)
      cutter.reach[(i + 1) * step + j + 1] = reach[(gsize) i * cutter.across + j];
  if (follows)
    add_up (cutter.reach, cutter.down, cutter.across);
  add_up (cutter.sum, cutter.down, cutter.across);
  for (int k = 0; k < 2; k++)
    add_up (cutter.walls[k], cutter.down, cutter.across);
  if (count (&cutter, all) > 0)
    split (&cutter, draw_in (&cutter, all));
  return cutter.regions;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen of marks (marks.c), in halves of halves of the photograph's size (picture.c does the
 * same), so that a mark is seen however far away the photograph is (tint.c). */

#include "gimp/seen.h"

#include <math.h>

#include "gimp/marks.h"

#define MOST_LEVELS 20

typedef struct
{
  int     width, height;
  guint8 *bits;
} Level;

struct _HlSeen
{
  int   levels;
  Level level[MOST_LEVELS];
};

/**
 * hl_seen_new:
 * @width: of the photograph, pixels
 * @height: likewise
 *
 * Returns: (transfer full) (nullable): nothing to be seen yet, or %NULL where memory does not
 *   suffice
 */
HlSeen *
hl_seen_new (int width, int height)
{
  g_autoptr (HlSeen) seen = g_new0 (HlSeen, 1);

  for (int l = 0; l < MOST_LEVELS; l++)
    {
      Level *level = &seen->level[seen->levels++];

      *level = (Level) { width, height, g_try_malloc0 ((gsize) width * height) };
      if (!level->bits)
        return NULL;
      if (width == 1 && height == 1)
        break;
      width  = (width + 1) / 2;
      height = (height + 1) / 2;
    }
  return g_steal_pointer (&seen);
}

/* Makes a rectangle of a level from the one above it. */
static void
halve (const Level *fine, const Level *level, int left, int top, int right, int bottom)
{
  for (int y = top; y < bottom; y++)
    {
      const guint8 *one   = fine->bits + (gsize) 2 * y * fine->width;
      const guint8 *other = 2 * y + 1 < fine->height ? one + fine->width : one;

      for (int x = left; x < right; x++)
        {
          int a = 2 * x, b = MIN (2 * x + 1, fine->width - 1);

          level->bits[(gsize) y * level->width + x] = one[a] | one[b] | other[a] | other[b];
        }
    }
}

/**
 * hl_seen_update:
 * @seen: what is seen
 * @found: (H, W), row-major: 1 where something was found or selected, else 0
 * @edits: (H, W), row-major, of #HlMarksEdit
 * @left: of a rectangle, its first column
 * @top: its first row
 * @right: the column after its last
 * @bottom: the row after its last
 *
 * Makes what is seen of a rectangle anew, at all sizes.
 */
void
hl_seen_update (HlSeen *seen, const guint8 *found, const guint8 *edits, int left, int top,
                int right, int bottom)
{
  const Level *full = &seen->level[0];

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        gsize i = (gsize) y * full->width + x;

        full->bits[i] = edits[i] == HL_MARKS_ADDED     ? HL_MARKS_MENDED
                        : !found[i]                    ? 0
                        : edits[i] == HL_MARKS_REMOVED ? HL_MARKS_DROPPED
                                                       : HL_MARKS_MENDED;
      }
  for (int l = 1; l < seen->levels; l++)
    {
      left /= 2;
      top /= 2;
      right  = (right + 1) / 2;
      bottom = (bottom + 1) / 2;
      halve (&seen->level[l - 1], &seen->level[l], left, top, right, bottom);
    }
}

/**
 * hl_seen_get_level:
 * @seen: what is seen
 * @number: how often the size is halved
 * @width: (out): columns
 * @height: (out): rows
 *
 * Returns: (transfer none) (nullable): as hl_marks_get_level() does
 */
const guint8 *
hl_seen_get_level (const HlSeen *seen, int number, int *width, int *height)
{
  if (number >= seen->levels)
    return NULL;
  *width  = seen->level[number].width;
  *height = seen->level[number].height;
  return seen->level[number].bits;
}

/**
 * hl_seen_find_nearest:
 * @seen: what is seen
 * @x: pixels of the photograph
 * @y: likewise
 * @radius: how far away a mark may be
 * @at_x: (out): column of the pixel of a mark that is nearest, where there is one
 * @at_y: (out): row likewise
 *
 * Returns: whether there is one
 */
gboolean
hl_seen_find_nearest (const HlSeen *seen, double x, double y, double radius, int *at_x, int *at_y)
{
  const Level *full = &seen->level[0];
  double       best = radius + 1;

  for (int j = MAX (floor (y - radius), 0); j <= MIN (y + radius, full->height - 1); j++)
    for (int i = MAX (floor (x - radius), 0); i <= MIN (x + radius, full->width - 1); i++)
      {
        double away = hypot (i + 0.5 - x, j + 0.5 - y);

        if (full->bits[(gsize) j * full->width + i] && away < best)
          {
            best  = away;
            *at_x = i;
            *at_y = j;
          }
      }
  return best <= radius + 0.75;
}

/**
 * hl_seen_find_component:
 * @seen: what is seen
 * @x: column of a pixel of a mark
 * @y: row likewise
 * @is_dropped: (out): whether that mark was dropped
 *
 * Returns: (transfer full) (element-type gsize): the pixels, row-major, of the connected component
 *   of those that are seen in the same way
 */
GArray *
hl_seen_find_component (const HlSeen *seen, int x, int y, gboolean *is_dropped)
{
  const Level       *full  = &seen->level[0];
  gsize              first = (gsize) y * full->width + x;
  guint8             kind  = full->bits[first];
  g_autofree guint8 *is_in = g_malloc0 ((gsize) full->width * full->height);
  GArray            *found = g_array_new (FALSE, FALSE, sizeof (gsize));

  *is_dropped  = kind == HL_MARKS_DROPPED;
  is_in[first] = 1;
  g_array_append_val (found, first);
  for (guint k = 0; k < found->len; k++)
    {
      gsize at   = g_array_index (found, gsize, k);
      int   from = at % full->width, row = at / full->width;

      for (int j = MAX (row - 1, 0); j <= MIN (row + 1, full->height - 1); j++)
        for (int i = MAX (from - 1, 0); i <= MIN (from + 1, full->width - 1); i++)
          {
            gsize next = (gsize) j * full->width + i;

            if (is_in[next] || full->bits[next] != kind)
              continue;
            is_in[next] = 1;
            g_array_append_val (found, next);
          }
    }
  return found;
}

/**
 * hl_seen_free:
 * @seen: (transfer full) (nullable): what is seen
 *
 * Frees it.
 */
void
hl_seen_free (HlSeen *seen)
{
  if (!seen)
    return;
  for (int l = 0; l < seen->levels; l++)
    g_free (seen->level[l].bits);
  g_free (seen);
}

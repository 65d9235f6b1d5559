/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen of marks (marks.c), in halves of halves of the photograph's size (picture.c does the
 * same), so that a mark is seen however far away the photograph is (tint.c). */

#include "gimp/seen.h"

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

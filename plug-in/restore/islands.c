/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specks of the damage that a mask left out within it: a small part of the source with the target
 * all around it that looks like what is there and not like the photograph beyond.  As a source, it
 * spreads into a glow, since it is the only thing known in the midst of a hole.  Where known pixels
 * are scattered all over, as where half of the picture is missing, they are all there is, and stay.
 */
#include "restore/islands.h"

#include <math.h>

#include "restore/error.h"

/* Pixels to every side in which the photograph is sought, at first and at most, and what islands
 * may be of the target in the first: so many pixels, and one for so many. Derived: of a picture of
 * which up to 96 % is missing more is known. */
#define AROUND 16
#define FARTHEST 256
#define FEW 4
#define SCATTERED 24

/* Pixels to every side of an island in which the damage is looked at; sound pixels to compare it
 * with, and the contrast that the damage must have with them, of white. The latter are those of
 * rim.c. */
#define BESIDE 3
#define FEWEST 20
#define CONTRAST 0.05

/**
 * hl_island_follow:
 * @kind: (H, W), #HlIslandKind
 * @width: W
 * @height: H
 * @at: an open pixel
 * @state: %HL_ISLAND_SMALL, or %HL_ISLAND_JUDGED when it was followed before
 * @seen: (H, W), #HlIslandState: its pixels become @state, or those that were looked at
 *   %HL_ISLAND_LARGE, so that the rest of a large component is told at once
 * @island: (out): the 8-connected component of open pixels around @at, if it is small
 *
 * Returns: whether it is small, and nothing but damage borders on it
 */
gboolean
hl_island_follow (const guint8 *kind, int width, int height, gsize at, HlIslandState state,
                  guint8 *seen, HlIsland *island)
{
  HlRect  *box      = &island->box;
  gboolean is_small = TRUE;

  island->n        = 1;
  island->pixel[0] = at;
  *box             = (HlRect) { at % width, at / width, at % width + 1, at / width + 1 };
  seen[at]         = state;
  for (int k = 0; k < island->n && is_small; k++)
    {
      int x = island->pixel[k] % width, y = island->pixel[k] / width;

      box->left   = MIN (box->left, x);
      box->top    = MIN (box->top, y);
      box->right  = MAX (box->right, x + 1);
      box->bottom = MAX (box->bottom, y + 1);
      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, width - 1); u++)
          {
            gsize next = (gsize) v * width + u;

            if (kind[next] == HL_ISLAND_DAMAGE || seen[next] == state)
              continue;
            is_small &= kind[next] == HL_ISLAND_OPEN && seen[next] != HL_ISLAND_LARGE
                        && island->n < HL_ISLAND_MOST;
            if (!is_small)
              continue;
            seen[next]                 = state;
            island->pixel[island->n++] = next;
          }
    }
  for (int k = 0; k < island->n && !is_small; k++)
    seen[island->pixel[k]] = HL_ISLAND_LARGE;
  return is_small;
}

/* Whether so much of what surrounds an island is islands that they are all that is known. */
static gboolean
is_scattered (const HlMaps *maps, const guint8 *seen, HlRect box)
{
  HlRect rect    = hl_rect_grow (box, AROUND, maps->width, maps->height);
  gsize  targets = 0, known = 0;

  for (int y = rect.top; y < rect.bottom; y++)
    for (int x = rect.left; x < rect.right; x++)
      {
        gboolean is_own = y >= box.top && y < box.bottom && x >= box.left && x < box.right;

        targets += maps->target[(gsize) y * maps->width + x] > 0;
        known += !is_own && seen[(gsize) y * maps->width + x] >= HL_ISLAND_SMALL;
      }
  return known * SCATTERED > targets + SCATTERED * FEW;
}

typedef struct
{
  gsize  n;
  double sum[3];
} Mean;

static void
add (Mean *mean, const HlImage *image, gsize at)
{
  gsize pixels = (gsize) image->width * image->height;

  mean->n++;
  for (int c = 0; c < image->channels; c++)
    mean->sum[c] += image->planes[c * pixels + at];
}

/* The photograph around an island, as near as there is enough of it. */
static Mean
find_sound (const HlImage *image, const HlMaps *maps, const guint8 *seen, HlRect box)
{
  Mean sound = { 0 };

  for (int reach = AROUND; reach <= FARTHEST && sound.n < FEWEST; reach *= 2)
    {
      HlRect far = hl_rect_grow (box, reach, maps->width, maps->height);

      sound = (Mean) { 0 };
      for (int y = far.top; y < far.bottom; y++)
        for (int x = far.left; x < far.right; x++)
          {
            gsize at = (gsize) y * maps->width + x;

            if (maps->source[at] > 0 && seen[at] < HL_ISLAND_SMALL)
              add (&sound, image, at);
          }
    }
  return sound;
}

/* Whether an island is nearer to the damage beside it than to the photograph around. */
static gboolean
is_damaged (const HlImage *image, const HlMaps *maps, const guint8 *seen, const HlIsland *island)
{
  gsize  plane = (gsize) image->width * image->height;
  HlRect near  = hl_rect_grow (island->box, BESIDE, maps->width, maps->height);
  Mean   sound = find_sound (image, maps, seen, island->box), damage = { 0 }, own = { 0 };
  double both = 0, square = 0;

  for (int y = near.top; y < near.bottom; y++)
    for (int x = near.left; x < near.right; x++)
      {
        gsize    at      = (gsize) y * maps->width + x;
        gboolean is_seen = maps->target[at] > 0;

        for (int c = 0; c < image->channels; c++)
          is_seen &= isfinite (image->planes[c * plane + at]);
        if (is_seen)
          add (&damage, image, at);
      }
  for (int k = 0; k < island->n; k++)
    add (&own, image, island->pixel[k]);
  if (sound.n < FEWEST || damage.n == 0)
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    {
      double base = sound.sum[c] / sound.n, differs = damage.sum[c] / damage.n - base;

      both += (own.sum[c] / own.n - base) * differs;
      square += differs * differs;
    }
  return square > image->channels * CONTRAST * CONTRAST && both > square / 2;
}

/**
 * hl_islands_find:
 * @image: (C, H, W), the photograph
 * @maps: of it; islands of damage go from the source to the target
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_islands_find (const HlImage *image, HlMaps *maps, GError **error)
{
  int                W = maps->width, H = maps->height;
  gsize              pixels = (gsize) W * H;
  g_autofree guint8 *seen   = g_try_malloc0 (pixels);
  g_autofree guint8 *kind   = g_try_malloc (pixels);
  HlIsland           island;

  if (!seen || !kind)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (gsize i = 0; i < pixels; i++)
    kind[i] = maps->target[i] > 0   ? HL_ISLAND_DAMAGE
              : maps->source[i] > 0 ? HL_ISLAND_OPEN
                                    : HL_ISLAND_NEITHER;
  for (gsize i = 1; i < pixels; i++)
    if (kind[i] == HL_ISLAND_OPEN && kind[i - 1] == HL_ISLAND_DAMAGE && seen[i] == HL_ISLAND_UNSEEN)
      hl_island_follow (kind, W, H, i, HL_ISLAND_SMALL, seen, &island);
  for (gsize i = 1; i < pixels; i++)
    if (seen[i] == HL_ISLAND_SMALL
        && hl_island_follow (kind, W, H, i, HL_ISLAND_JUDGED, seen, &island)
        && !is_scattered (maps, seen, island.box) && is_damaged (image, maps, seen, &island))
      for (int k = 0; k < island.n; k++)
        {
          maps->source[island.pixel[k]] = 0;
          maps->target[island.pixel[k]] = 1;
        }
  return TRUE;
}

/**
 * hl_islands_close:
 * @map: (H, W), evidence of damage (restore/find/evidence.h); becomes @level in islands of less
 *   that are narrower than the damage around them
 * @widths: (H, W), how wide the damage is of which a pixel is a part, pixels; likewise
 * @width: W
 * @height: H
 * @level: from which on @map is damage, 1 or more
 * @error: %HL_ERROR_MEMORY
 *
 * What lies in the midst of a wide loss is a part of it; between thin cracks it is not.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_islands_close (guint8 *map, guint8 *widths, int width, int height, guint8 level, GError **error)
{
  gsize              pixels = (gsize) width * height;
  g_autofree guint8 *seen   = g_try_malloc0 (pixels);
  g_autofree guint8 *kind   = g_try_malloc (pixels);
  HlIsland           island;

  if (!seen || !kind)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  for (gsize i = 0; i < pixels; i++)
    kind[i] = map[i] >= level;
  for (gsize i = 1; i < pixels; i++)
    if (kind[i] == HL_ISLAND_OPEN && kind[i - 1] == HL_ISLAND_DAMAGE && seen[i] == HL_ISLAND_UNSEEN
        && hl_island_follow (kind, width, height, i, HL_ISLAND_SMALL, seen, &island)
        && MAX (island.box.right - island.box.left, island.box.bottom - island.box.top)
               < widths[i - 1])
      for (int k = 0; k < island.n; k++)
        {
          map[island.pixel[k]]    = level;
          widths[island.pixel[k]] = widths[i - 1];
        }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specks of the damage that a mask left out within it: a few pixels with the target all around them
 * that look like what is there and not like the photograph beyond.  As a source, one of them
 * spreads into a glow, since it is the only thing known in the midst of a hole.  Where known pixels
 * are scattered all over, as where half of the picture is missing, they are all there is, and stay.
 */
#include "restore/islands.h"

#include <math.h>

#include "restore/error.h"

/* Pixels of an island at most. Derived: a larger one was left out on purpose, or is seen. */
#define MOST 4

/* Pixels to every side in which the photograph is sought, and what islands may be of the target
 * there: at most one pixel for so many. Derived: of a picture of which up to 96 % is missing more
 * is known. */
#define AROUND 16
#define SCATTERED 24

/* Sound pixels around an island to compare it with, and the contrast that the damage must have with
 * them, of white; the latter is that of rim.c. */
#define FEWEST 20
#define CONTRAST 0.05

typedef struct
{
  int   n;
  gsize pixel[MOST + 1];
} Island;

static gboolean
holds (const Island *island, gsize at)
{
  for (int i = 0; i < island->n; i++)
    if (island->pixel[i] == at)
      return TRUE;
  return FALSE;
}

/* The 8-connected component of source pixels around @at; whether it is small, and nothing but the
 * target borders on it. */
static gboolean
follow (const HlMaps *maps, gsize at, Island *island)
{
  int W = maps->width, H = maps->height;

  *island = (Island) { .n = 1, .pixel = { at } };
  for (int k = 0; k < island->n; k++)
    {
      int x = island->pixel[k] % W, y = island->pixel[k] / W;

      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, H - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, W - 1); u++)
          {
            gsize next = (gsize) v * W + u;

            if (maps->target[next] > 0 || holds (island, next))
              continue;
            if (maps->source[next] <= 0 || island->n == MOST)
              return FALSE;
            island->pixel[island->n++] = next;
          }
    }
  return TRUE;
}

/* The least and the greatest coordinate of what lies around a pixel. */
static HlRect
get_around (const HlMaps *maps, gsize at, int reach)
{
  int x = at % maps->width, y = at / maps->width;

  return hl_rect_grow ((HlRect) { x, y, x + 1, y + 1 }, reach, maps->width, maps->height);
}

/* Whether so much of what surrounds an island is islands that they are all that is known. */
static gboolean
is_scattered (const HlMaps *maps, const guint8 *islands, gsize at)
{
  HlRect rect    = get_around (maps, at, AROUND);
  gsize  targets = 0, known = 0;

  for (int y = rect.top; y < rect.bottom; y++)
    for (int x = rect.left; x < rect.right; x++)
      {
        targets += maps->target[(gsize) y * maps->width + x] > 0;
        known += islands[(gsize) y * maps->width + x] > 0;
      }
  return known * SCATTERED > targets + SCATTERED * MOST;
}

/* Whether an island is nearer to the damage beside it than to the photograph around. */
static gboolean
is_damaged (const HlImage *image, const HlMaps *maps, const guint8 *islands, gsize at)
{
  gsize  pixels = (gsize) image->width * image->height;
  HlRect near = get_around (maps, at, 1 + MOST / 2), far = get_around (maps, at, AROUND);
  double both = 0, square = 0;

  for (int c = 0; c < image->channels; c++)
    {
      const float *plane  = image->planes + c * pixels;
      double       damage = 0, sound = 0;
      gsize        damages = 0, sounds = 0;

      for (int y = far.top; y < far.bottom; y++)
        for (int x = far.left; x < far.right; x++)
          {
            gsize    i       = (gsize) y * maps->width + x;
            gboolean is_near = y >= near.top && y < near.bottom && x >= near.left && x < near.right;

            if (maps->source[i] > 0 && !islands[i])
              {
                sound += plane[i];
                sounds++;
              }
            else if (is_near && maps->target[i] > 0 && isfinite (plane[i]))
              {
                damage += plane[i];
                damages++;
              }
          }
      if (sounds < FEWEST || damages == 0)
        return FALSE;
      damage = damage / damages - sound / sounds;
      both += (plane[at] - sound / sounds) * damage;
      square += damage * damage;
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
  gsize              pixels  = (gsize) image->width * image->height;
  g_autofree guint8 *islands = g_try_malloc0 (pixels);
  Island             island;

  if (!islands)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (gsize i = 1; i < pixels; i++)
    if (maps->source[i] > 0 && !islands[i] && maps->target[i - 1] > 0 && follow (maps, i, &island))
      for (int k = 0; k < island.n; k++)
        islands[island.pixel[k]] = 1;
  for (gsize i = 0; i < pixels; i++)
    if (islands[i] == 1 && !is_scattered (maps, islands, i) && is_damaged (image, maps, islands, i))
      islands[i] = 2;
  for (gsize i = 0; i < pixels; i++)
    if (islands[i] == 2)
      {
        maps->source[i] = 0;
        maps->target[i] = 1;
      }
  return TRUE;
}

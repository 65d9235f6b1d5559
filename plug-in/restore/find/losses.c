/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What belongs to the damage that was found, and is too wide for the networks; and what was found
 * and is too wide for damage that has no edge.
 *
 * Where a corner is torn off or the emulsion has flaked away over many pixels, the networks see the
 * edge of it and not the middle, which is as smooth as a wall or a shirt. What was found elsewhere
 * tells: all over a print the bare paper has one colour. A region of that colour is a loss too
 * where much of it or of its rim was found already: a white shirt that a crack runs into has the
 * colour and hardly any of the rim.
 *
 * And where the networks take a part of an even light backdrop, a sky or a neck for a loss, that
 * ends without an edge somewhere in it, which bare paper does not. Where they take a whole one,
 * such as the sky between the tops of trees, it is alone: where a print has lost its emulsion it
 * has cracks, flakes and dust as well. But a corner is torn off sound prints too.
 *
 * Where hardly anything was found nothing is added, so that sound photographs stay untouched.
 *
 * Measured on seven old photographs, whose mean F1 the added losses raise from 0.740 to 0.764
 * (three prints with torn corners or wide losses from 0.75, 0.84 and 0.83 to 0.80, 0.87 and 0.91,
 * the others not at all), and on 82 undamaged ones, of which 0.50 % are selected instead of 0.48 %,
 * and 0.40 % once what has no edge is taken out, which takes no damage from the seven. */

#include "restore/find/losses.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/find/evidence.h"

/* Less found than this share of what is looked at tells nothing of paper; and a loss is no larger
 * than that. */
#define LEAST_FOUND 0.003
#define LARGEST 0.05

/* The least side of a square that fits into a loss, pixels: what is thinner the networks see. */
#define WIDE 7

/* Bare paper is brighter than the photograph by this, of 255; its colour is that of the brightest
 * quarter of what was found and is so. With 0.10 to 0.14 of white for NEAR the mean F1 rises by
 * 0.015 to 0.028, with 0.08 not at all, and with 0.16 walls and faces are taken. */
#define BRIGHTER 20
#define BRIGHTEST_SHARE 0.25
#define NEAR (0.12f * 255)
#define CHROMA_WEIGHT 2.0f
#define FEWEST 50

/* What was found of a loss in paper colour and of its rim, shares that are added; and how much it
 * differs from what is around, of 255. At 0.5 a sleeve is taken, at 0.75 half of one loss is
 * missed. */
#define ENOUGH_FOUND 0.6
#define CONTRAST 25

/* Where so much was found, what is left is a hole in it, however thin. */
#define NEARLY_ALL_FOUND 1.2

/* A loss ends at an edge everywhere: of what is around at most this share differs by less than
 * that, of 255. In the seven prints it is up to 0.06 (in what is none, too), in light backdrops and
 * windows of which a part was found 0.15 to 0.6. */
#define WITHOUT_EDGE 0.1
#define EDGE 15

/* Half a side of the square that fits into what is too wide for damage without an edge, and its
 * least size, pixels; the share of what is around it that differs from it by less than EDGE_NEAR,
 * of 255; and how far from there it is compared, the further one as a rim of what is sound may have
 * been found too. The wide losses of the seven have 0.07 at most, backdrops and skies found in part
 * 0.17 to 0.38 by the nearer mean; with half the size a scratched coat that is damaged goes. Of the
 * undamaged photographs 0.30 % would stay selected by the nearer mean alone, 0.40 % do by both. */
#define VERY_WIDE 7
#define VERY_LARGE 1200
#define EDGELESS 0.2
#define EDGE_NEAR 13
#define NEARBY 8
#define FURTHER 13

/* A piece of damage with such a square in it is alone where what is thin, in it and elsewhere, has
 * less than this share of its pixels. Wide pieces of the seven have 1 and more, a backdrop among
 * undamaged photographs has 0.06. */
#define ALONE 0.3

/* What has no edge, or is alone, becomes as likely. */
#define UNLIKELY (HL_EVIDENCE_EVEN - HL_EVIDENCE_STEPS)

/* Pixels around a region that are its rim, and those further out that it is compared with. */
#define RIM 2
#define RING 4

#define FOUND 1 /* was found */
#define CLOSE 2 /* or is next to such a pixel */
#define SEEN 4
#define IN 8    /* the region that is looked at */
#define OPEN 16 /* a square of found pixels covers it */

typedef struct
{
  const HlReduced *reduced;
  const HlTile    *window;
  guint8          *map, *widths; /* of the whole picture */
  int              width, height;
  guint8          *colours[3]; /* (H, W) of the window: luma, blueness, redness, 128 for none */
  guint8          *state;      /* (H, W), FOUND… */
  guint8          *distance;   /* (H, W), from the region; 0 inside and beyond RING */
  guint32         *region;
  GArray          *ring; /* pixels with a distance */
  gsize            n;    /* pixels of the region */
} Losses;

static guint8 *
get_code (const Losses *losses, gsize at)
{
  return losses->map + (gsize) (losses->window->top + at / losses->width) * losses->reduced->width
         + losses->window->left + at % losses->width;
}

/* Luma and two differences of colour (ITU-R BT.601), each the mean over 3x3 pixels weighted by
 * 1 2 1, so that grain makes no holes. */
static void
read_colours (Losses *losses)
{
  int               width = losses->width, height = losses->height;
  g_autofree float *planes  = g_new (float, (3 + 3 * 3 + 1) * (gsize) width);
  float            *seen[3] = { planes, planes + width, planes + 2 * (gsize) width };
  float            *sums    = planes + 12 * (gsize) width;

  for (int y = -1; y <= height; y++)
    {
      float *rows[3];

      for (int c = 0; c < 3; c++)
        rows[c] = planes + (3 + 3 * c + (y + 3) % 3) * (gsize) width;
      hl_reduced_read (losses->reduced, losses->window->top + CLAMP (y, 0, height - 1),
                       losses->window->left, width, seen);
      for (int x = 0; x < width; x++)
        {
          float luma = 0.299f * seen[0][x] + 0.587f * seen[1][x] + 0.114f * seen[2][x];

          rows[0][x] = luma;
          rows[1][x] = 0.564f * (seen[2][x] - luma) + 0.5f;
          rows[2][x] = 0.713f * (seen[0][x] - luma) + 0.5f;
        }
      for (int c = 0; c < 3 && y >= 1; c++)
        {
          const float *above = planes + (3 + 3 * c + (y - 2 + 3) % 3) * (gsize) width;
          const float *here  = planes + (3 + 3 * c + (y - 1) % 3) * (gsize) width;

          for (int x = 0; x < width; x++)
            sums[x] = above[x] + 2 * here[x] + rows[c][x];
          for (int x = 0; x < width; x++)
            losses->colours[c][(gsize) (y - 1) * width + x] = lrintf (
                255.0f / 16 * (sums[MAX (x - 1, 0)] + 2 * sums[x] + sums[MIN (x + 1, width - 1)]));
        }
    }
}

/* Returns the share of the window that was found. */
static double
read_found (Losses *losses)
{
  int   width = losses->width, height = losses->height;
  gsize found = 0;

  for (gsize i = 0; i < (gsize) width * height; i++)
    {
      losses->state[i] = *get_code (losses, i) >= HL_EVIDENCE_EVEN ? FOUND : 0;
      found += losses->state[i];
    }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, width - 1); u++)
          if (losses->state[(gsize) v * width + u] & FOUND)
            losses->state[(gsize) y * width + x] |= CLOSE;
  return (double) found / ((gsize) width * height);
}

/* Whether all pixels around, within the window, were found. */
static gboolean
is_core (const Losses *losses, int y, int x)
{
  for (int v = MAX (y - 1, 0); v <= MIN (y + 1, losses->height - 1); v++)
    for (int u = MAX (x - 1, 0); u <= MIN (x + 1, losses->width - 1); u++)
      if (!(losses->state[(gsize) v * losses->width + u] & FOUND))
        return FALSE;
  return TRUE;
}

/* The value that so many of those counted lie below. */
static int
find_quantile (const gsize count[256], gsize below)
{
  gsize sum   = 0;
  int   value = 0;

  while (value < 255 && (sum += count[value]) <= below)
    value++;
  return value;
}

/* The colour of bare paper; whether enough of it was found. */
static gboolean
find_paper (const Losses *losses, guint8 paper[3])
{
  int    width = losses->width, height = losses->height;
  gsize  counts[4][256] = { 0 }, n = 0, brightest = 0;
  double mean = 0;
  int    least;
  g_autoptr (GArray) core = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize i = 0; i < (gsize) width * height; i++)
    mean += losses->colours[0][i];
  mean /= (gsize) width * height;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 at = y * width + x;

        if (losses->colours[0][at] <= mean + BRIGHTER || !is_core (losses, y, x))
          continue;
        counts[3][losses->colours[0][at]]++;
        n++;
        g_array_append_val (core, at);
      }
  if (n < FEWEST)
    return FALSE;
  least = find_quantile (counts[3], (1 - BRIGHTEST_SHARE) * n);
  for (guint k = 0; k < core->len; k++)
    {
      guint32 at = g_array_index (core, guint32, k);

      if (losses->colours[0][at] < least)
        continue;
      for (int c = 0; c < 3; c++)
        counts[c][losses->colours[c][at]]++;
      brightest++;
    }
  for (int c = 0; c < 3; c++)
    paper[c] = find_quantile (counts[c], brightest / 2);
  return TRUE;
}

static gboolean
is_paper (const Losses *losses, gsize at, const guint8 paper[3])
{
  float luma = losses->colours[0][at] - paper[0], blue = losses->colours[1][at] - paper[1],
        red = losses->colours[2][at] - paper[2];

  return luma * luma + CHROMA_WEIGHT * CHROMA_WEIGHT * (blue * blue + red * red) < NEAR * NEAR;
}

static gboolean
belongs (const Losses *losses, gsize at, const guint8 paper[3], guint8 state)
{
  return paper ? is_paper (losses, at, paper) : losses->state[at] & state;
}

/* The region of four neighbours around a pixel: those in the colour of paper, or those with a state
 * where that is %NULL. */
static void
flood (Losses *losses, gsize seed, const guint8 paper[3], guint8 state)
{
  losses->n         = 1;
  losses->region[0] = seed;
  losses->state[seed] |= SEEN;
  for (gsize k = 0; k < losses->n; k++)
    {
      gsize          at = losses->region[k];
      int            x = at % losses->width, y = at / losses->width;
      gsize          beside[] = { at - losses->width, at - 1, at + 1, at + losses->width };
      const gboolean inside[] = { y > 0, x > 0, x + 1 < losses->width, y + 1 < losses->height };

      for (int i = 0; i < 4; i++)
        if (inside[i] && !(losses->state[beside[i]] & SEEN)
            && belongs (losses, beside[i], paper, state))
          {
            losses->state[beside[i]] |= SEEN;
            losses->region[losses->n++] = beside[i];
          }
    }
}

/* Writes how far the pixels around the region are from it. */
static void
measure_distance (Losses *losses)
{
  int width = losses->width, height = losses->height;

  for (gsize k = 0; k < losses->n; k++)
    losses->state[losses->region[k]] |= IN;
  for (gsize k = 0; k < losses->n; k++)
    {
      int      x = losses->region[k] % width, y = losses->region[k] / width;
      gboolean ends = FALSE;

      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, width - 1); u++)
          ends |= !(losses->state[(gsize) v * width + u] & IN);
      for (int v = MAX (y - RING, 0); ends && v <= MIN (y + RING, height - 1); v++)
        for (int u = MAX (x - RING, 0); u <= MIN (x + RING, width - 1); u++)
          {
            guint32 at  = (guint32) v * width + u;
            guint8  far = MAX (abs (v - y), abs (u - x)), *distance = &losses->distance[at];

            if (losses->state[at] & IN)
              continue;
            if (!*distance)
              g_array_append_val (losses->ring, at);
            *distance = *distance ? MIN (*distance, far) : far;
          }
    }
}

static void
forget (Losses *losses)
{
  for (gsize k = 0; k < losses->n; k++)
    losses->state[losses->region[k]] &= ~IN;
  for (guint k = 0; k < losses->ring->len; k++)
    losses->distance[g_array_index (losses->ring, guint32, k)] = 0;
  g_array_set_size (losses->ring, 0);
}

/* Whether a square fits into the region; beyond the window all does. */
static gboolean
is_wide (const Losses *losses)
{
  for (gsize k = 0; k < losses->n; k++)
    {
      int      x = losses->region[k] % losses->width, y = losses->region[k] / losses->width;
      gboolean fits = TRUE;

      for (int v = MAX (y - WIDE / 2, 0); fits && v <= MIN (y + WIDE / 2, losses->height - 1); v++)
        for (int u = MAX (x - WIDE / 2, 0); fits && u <= MIN (x + WIDE / 2, losses->width - 1); u++)
          fits = losses->state[(gsize) v * losses->width + u] & IN;
      if (fits)
        return TRUE;
    }
  return FALSE;
}

/* Adds the region to the map if enough of it and of its rim was found and it differs from what is
 * around. It becomes as likely as what was found of both. */
static void
judge (Losses *losses)
{
  gsize  found = 0, rim = 0, rim_found = 0, codes = 0, around = 0, without = 0;
  double inside = 0, outside = 0, code = 0, share;

  measure_distance (losses);
  for (gsize k = 0; k < losses->n; k++)
    {
      gsize at = losses->region[k];

      inside += losses->colours[0][at];
      if (!(losses->state[at] & FOUND))
        continue;
      found++;
      code += *get_code (losses, at);
      codes++;
    }
  for (guint k = 0; k < losses->ring->len; k++)
    {
      gsize at = g_array_index (losses->ring, guint32, k);

      if (losses->distance[at] <= RIM)
        {
          rim++;
          rim_found += (losses->state[at] & CLOSE) != 0;
          if (losses->state[at] & FOUND)
            {
              code += *get_code (losses, at);
              codes++;
            }
        }
      else if (!(losses->state[at] & FOUND))
        {
          outside += losses->colours[0][at];
          without += fabs (losses->colours[0][at] - inside / losses->n) < EDGE;
          around++;
        }
    }
  share = (double) found / losses->n + (double) rim_found / MAX (rim, 1);
  if (codes > 0 && share > ENOUGH_FOUND
      && (around == 0
          || (fabs (inside / losses->n - outside / around) > CONTRAST
              && without <= WITHOUT_EDGE * around))
      && (share > NEARLY_ALL_FOUND || is_wide (losses)))
    {
      guint8 mean = code / codes;

      for (gsize k = 0; k < losses->n + losses->ring->len; k++)
        {
          gsize at = k < losses->n ? losses->region[k]
                                   : g_array_index (losses->ring, guint32, k - losses->n);

          if (losses->distance[at] > 1)
            continue;
          *get_code (losses, at)                              = MAX (*get_code (losses, at), mean);
          losses->widths[get_code (losses, at) - losses->map] = 255;
        }
    }
  forget (losses);
}

/* Spreads what is set in a plane by VERY_WIDE pixels to every side. */
static void
spread (guint8 *plane, int width, int height)
{
  g_autofree int *last = g_new (int, MAX (width, height));

  for (int y = 0; y < height; y++)
    {
      guint8 *row = plane + (gsize) y * width;

      last[0] = row[0] ? 0 : -1 - VERY_WIDE;
      for (int x = 1; x < width; x++)
        last[x] = row[x] ? x : last[x - 1];
      for (int x = 0; x < width; x++)
        row[x] = MIN (x + VERY_WIDE, width - 1) - last[MIN (x + VERY_WIDE, width - 1)]
                 <= VERY_WIDE + MIN (VERY_WIDE, width - 1 - x);
    }
  for (int x = 0; x < width; x++)
    {
      last[0] = plane[x] ? 0 : -1 - VERY_WIDE;
      for (int y = 1; y < height; y++)
        last[y] = plane[(gsize) y * width + x] ? y : last[y - 1];
      for (int y = 0; y < height; y++)
        plane[(gsize) y * width + x]
            = MIN (y + VERY_WIDE, height - 1) - last[MIN (y + VERY_WIDE, height - 1)]
              <= VERY_WIDE + MIN (VERY_WIDE, height - 1 - y);
    }
}

/* Marks what squares of found pixels cover: an opening. Beyond the window all counts as found. */
static void
open_found (Losses *losses)
{
  gsize   pixels = (gsize) losses->width * losses->height;
  guint8 *plane  = losses->distance;

  for (gsize i = 0; i < pixels; i++)
    plane[i] = !(losses->state[i] & FOUND);
  spread (plane, losses->width, losses->height);
  for (gsize i = 0; i < pixels; i++)
    plane[i] = !plane[i];
  spread (plane, losses->width, losses->height);
  for (gsize i = 0; i < pixels; i++)
    {
      losses->state[i]
          = (losses->state[i] & ~SEEN) | (plane[i] && (losses->state[i] & FOUND) ? OPEN : 0);
      plane[i] = 0;
    }
}

/* The mean of the region's luma around a pixel; whether any of it is there. */
static gboolean
get_nearby (const Losses *losses, gsize at, int reach, double *mean)
{
  int    x = at % losses->width, y = at / losses->width;
  gsize  n   = 0;
  double sum = 0;

  for (int v = MAX (y - reach, 0); v <= MIN (y + reach, losses->height - 1); v++)
    for (int u = MAX (x - reach, 0); u <= MIN (x + reach, losses->width - 1); u++)
      if (losses->state[(gsize) v * losses->width + u] & IN)
        {
          sum += losses->colours[0][(gsize) v * losses->width + u];
          n++;
        }
  *mean = n ? sum / n : 0;
  return n > 0;
}

/* Takes the region out of the map. */
static void
drop (Losses *losses)
{
  for (gsize k = 0; k < losses->n; k++)
    {
      guint8 *code = get_code (losses, losses->region[k]);

      *code = MIN (*code, UNLIKELY);
      losses->state[losses->region[k]] &= ~(FOUND | OPEN);
    }
}

/* Takes the region out of the map where it ends without an edge. */
static void
drop_edgeless (Losses *losses)
{
  gsize around = 0, without = 0;

  measure_distance (losses);
  for (guint k = 0; k < losses->ring->len; k++)
    {
      gsize  at   = g_array_index (losses->ring, guint32, k);
      guint8 here = losses->colours[0][at];
      double nearby, inside;

      if (losses->distance[at] <= RIM || (losses->state[at] & FOUND)
          || !get_nearby (losses, at, NEARBY, &nearby)
          || !get_nearby (losses, at, FURTHER, &inside))
        continue;
      around++;
      without += fabs (here - nearby) < EDGE_NEAR && fabs (here - inside) < EDGE_NEAR;
    }
  if (without > EDGELESS * around)
    drop (losses);
  forget (losses);
}

/* Takes wide pieces out of the map where there is nothing else, but in the corners. */
static void
drop_alone (Losses *losses, GCancellable *cancel)
{
  gsize pixels = (gsize) losses->width * losses->height, thin = 0;

  for (gsize i = 0; i < pixels; i++)
    {
      losses->state[i] &= ~SEEN;
      thin += (losses->state[i] & (FOUND | OPEN)) == FOUND;
    }
  for (gsize i = 0; i < pixels && !g_cancellable_is_cancelled (cancel); i++)
    {
      gboolean beside = FALSE, below = FALSE;

      if ((losses->state[i] & (OPEN | SEEN)) != OPEN)
        continue;
      flood (losses, i, NULL, FOUND);
      for (gsize k = 0; k < losses->n; k++)
        {
          int x = losses->region[k] % losses->width, y = losses->region[k] / losses->width;

          beside |= x == 0 || x == losses->width - 1;
          below |= y == 0 || y == losses->height - 1;
        }
      if (!(beside && below) && thin < ALONE * losses->n)
        drop (losses);
    }
}

/**
 * hl_losses_find:
 * @reduced: the photograph, at the size of @map, (H, W)
 * @window: which part of it
 * @map: (H, W), the odds of damage, as hl_evidence_encode() gives them; what belongs to that which
 *   is more likely damage than not becomes as likely
 * @widths: (H, W): becomes 255 there
 * @circled: whether the person says that there is damage, so that nothing is taken out
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Adds wide losses to what was found, and takes out what is as wide and has no edge or is alone.
 * Takes nine bytes a pixel of the window.
 *
 * Returns: whether it was done
 */
gboolean
hl_losses_find (const HlReduced *reduced, const HlTile *window, guint8 *map, guint8 *widths,
                gboolean circled, GCancellable *cancel, GError **error)
{
  int                 width = window->right - window->left, height = window->bottom - window->top;
  gsize               pixels = (gsize) width * height;
  g_autofree guint8  *bytes  = g_try_malloc0 (5 * pixels);
  g_autofree guint32 *region = g_try_new (guint32, pixels);
  g_autoptr (GArray) ring    = g_array_new (FALSE, FALSE, sizeof (guint32));
  double found;
  guint8 paper[3];
  Losses losses = { .reduced = reduced,
                    .window  = window,
                    .map     = map,
                    .widths  = widths,
                    .width   = width,
                    .height  = height,
                    .region  = region,
                    .ring    = ring };

  if (!bytes || !region)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  for (int c = 0; c < 3; c++)
    losses.colours[c] = bytes + c * pixels;
  losses.state    = bytes + 3 * pixels;
  losses.distance = bytes + 4 * pixels;
  found           = read_found (&losses);
  if (found == 0)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  read_colours (&losses);
  if (found >= LEAST_FOUND && find_paper (&losses, paper))
    for (gsize i = 0; i < pixels && !g_cancellable_is_cancelled (cancel); i++)
      if (!(losses.state[i] & SEEN) && is_paper (&losses, i, paper))
        {
          flood (&losses, i, paper, 0);
          if (losses.n <= LARGEST * pixels)
            judge (&losses);
        }
  if (!circled && !g_cancellable_is_cancelled (cancel))
    {
      read_found (&losses);
      open_found (&losses);
    }
  for (gsize i = 0; !circled && i < pixels && !g_cancellable_is_cancelled (cancel); i++)
    if ((losses.state[i] & (OPEN | SEEN)) == OPEN)
      {
        flood (&losses, i, NULL, OPEN);
        if (losses.n >= VERY_LARGE)
          drop_edgeless (&losses);
      }
  if (!circled)
    drop_alone (&losses, cancel);
  return !g_cancellable_set_error_if_cancelled (cancel, error);
}

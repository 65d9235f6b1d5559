/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hole shows near the edges that go on in it (contours.c): the colours that lie at both
 * sides of the edge where it ends at the rim.  What is copied there must look like those at one of
 * its ends or at the other, the nearer one rather, pixel by pixel, so that it has the edge in this
 * place and direction: the distance to a sketch that Cao et al. add to that of patches.  Nothing
 * else is expected there. */
#include "restore/fill/structure.h"

#include <math.h>

#include "restore/fill/candidates.h"
#include "restore/fill/contours.h"

/* What a difference from the edge's own colours costs beside it, up to MOST, of white.  Chosen by
 * eye on twelve photographs of 512 x 512 with holes of 180 x 180: with half of STRUCTURE a door's
 * posts ended in mist, and without an upper limit mist was cheaper than a piece of another colour.
 */
#define STRUCTURE 4.0f
#define MOST 0.2f

/* By how much more, of white, the colours at one end count as different at the other; and pixels by
 * which the edge may lie aside.  Measured on a post before a wall of two patterns: without FAR 4 %
 * of what is beside it was wrong and without SLACK 1 %, with both 0.5 %. */
#define FAR 0.1f
#define SLACK 0.5

/* Pixels from one place on an edge, or one offset along it, to the next. */
#define STEP 0.5
#define ALONG 3

/* Pixels that an edge is known outside the hole. */
#define OUTSIDE 24

/**
 * hl_structure_clear:
 * @structure: a structure, or zeros
 *
 * Frees what it has.
 */
void
hl_structure_clear (HlStructure *structure)
{
  g_clear_pointer (&structure->contours, g_array_unref);
  g_clear_pointer (&structure->weight, g_free);
  g_clear_pointer (&structure->which, g_free);
  g_clear_pointer (&structure->way, g_free);
  g_clear_pointer (&structure->right, g_free);
}

/* The colours so far to the right of an edge as seen from its @k-th end, towards the hole. */
static void
get_colours (const HlContourEnd *end, double right, int channels, float *colours)
{
  double at   = CLAMP (HL_CONTOUR_SIDE + right, 0, 2 * HL_CONTOUR_SIDE);
  int    i    = MIN ((int) at, 2 * HL_CONTOUR_SIDE - 1);
  float  part = at - i;

  for (int c = 0; c < channels; c++)
    colours[c] = (1 - part) * end->profile[i][c] + part * end->profile[i + 1][c];
}

static const HlContour *
get_contour (const HlStructure *structure, int which)
{
  return &g_array_index (structure->contours, HlContour, which);
}

static gboolean
is_paired (const HlContour *contour)
{
  return contour->reach == G_MAXDOUBLE;
}

/* Around a place on the @which-th edge.  One with two ends comes before those with one, which end
 * at it or pass behind. */
static void
draw_place (HlStructure *structure, const HlPatchLevel *level, int which, double t)
{
  const HlContour *contour = get_contour (structure, which);
  double           point[2], along[2];
  /* Nearly sure at first: falling evenly, flames ended in smears. */
  double part = t / contour->reach, trust = 1 - part * part;
  int    x, y, reach = HL_CONTOUR_SIDE + 1;

  hl_contour_get_point (contour, t, point, along);
  x = lrint (point[0]);
  y = lrint (point[1]);
  for (int v = MAX (y - reach, 0); v <= MIN (y + reach, level->height - 1); v++)
    for (int u = MAX (x - reach, 0); u <= MIN (x + reach, level->width - 1); u++)
      {
        gsize at     = (gsize) v * level->width + u;
        float weight = trust * (1 - hypot (u - point[0], v - point[1]) / (HL_CONTOUR_SIDE + 1));

        if (!level->hole[at] || weight <= structure->weight[at]
            || (!is_paired (contour) && structure->weight[at] > 0
                && is_paired (get_contour (structure, structure->which[at]))))
          continue;
        structure->weight[at] = weight;
        structure->which[at]  = which;
        structure->way[at]    = t;
        structure->right[at]  = (v - point[1]) * along[0] - (u - point[0]) * along[1];
      }
}

/**
 * hl_structure_init:
 * @structure: (out): to be cleared also after a failure
 * @level: a size of the picture
 * @valid: (H, W), 1 where it shows something outside the hole
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_structure_init (HlStructure *structure, const HlPatchLevel *level, const guint8 *valid)
{
  gsize pixels            = (gsize) level->width * level->height;
  g_autoptr (GArray) ends = hl_contours_find_ends (level, valid);

  *structure = (HlStructure) { .contours = hl_contours_pair (level, ends),
                               .channels = level->channels,
                               .weight   = g_try_new0 (float, pixels),
                               .which    = g_try_new (gint32, pixels),
                               .way      = g_try_new (float, pixels),
                               .right    = g_try_new (float, pixels) };
  if (!structure->weight || !structure->which || !structure->way || !structure->right)
    return FALSE;
  for (guint i = 0; i < structure->contours->len; i++)
    {
      const HlContour *contour = get_contour (structure, i);
      double           step    = STEP / hl_contour_get_length (contour);

      for (double t = 0; t <= fmin (contour->reach, 1); t += step)
        draw_place (structure, level, i, t);
    }
  return TRUE;
}

/**
 * hl_structure_add_shifts:
 * @structure: a structure
 * @shifts: (element-type gint32): columns and rows of each offset in turn
 *
 * Adds offsets that lead from an edge in the hole to where it goes on outside.
 */
void
hl_structure_add_shifts (const HlStructure *structure, GArray *shifts)
{
  for (guint i = 0; i < structure->contours->len; i++)
    {
      const HlContour *contour = get_contour (structure, i);
      double           length  = hl_contour_get_length (contour);

      for (int k = 0; k < (is_paired (contour) ? 2 : 1); k++)
        for (int way = ALONG; way <= length + OUTSIDE; way += ALONG)
          {
            const HlContourEnd *end  = &contour->end[k];
            double              t    = fmin (0.5 * way / length, 1), point[2], along[2];
            double              back = way - t * length;
            gint32              offset[2];

            hl_contour_get_point (contour, k ? 1 - t : t, point, along);
            offset[0] = lrint (end->x - back * end->across - point[0]);
            offset[1] = lrint (end->y - back * end->down - point[1]);
            hl_candidates_add (shifts, offset, 1);
          }
    }
}

/* How much colours differ from those beside an edge as seen from its @k-th end, where that may lie
 * up to SLACK to either side. */
static float
compare (const HlStructure *structure, gsize at, int k, const float *colours)
{
  const HlContour    *contour = get_contour (structure, structure->which[at]);
  const HlContourEnd *end     = &contour->end[k];
  float               least   = G_MAXFLOAT;

  for (int side = -1; side <= 1; side++)
    {
      double right = (k ? -1 : 1) * structure->right[at] + side * SLACK;
      float  expected[3], sum = 0;

      get_colours (end, right, structure->channels, expected);
      for (int c = 0; c < structure->channels; c++)
        sum += (colours[c] - expected[c]) * (colours[c] - expected[c]);
      least = fminf (least, sum);
    }
  return sqrtf (least);
}

/**
 * hl_structure_get_cost:
 * @structure: a structure
 * @level: a size of the picture
 * @at: a pixel of the hole
 * @from: a pixel that may be copied there, or @at to keep what the hole is filled with, which has
 * no edges of its own
 *
 * Returns: what it costs for how it differs from the edge that goes on there
 */
float
hl_structure_get_cost (const HlStructure *structure, const HlPatchLevel *level, gsize at,
                       gsize from)
{
  const float *colours    = level->values + from * level->features;
  float        difference = MOST;

  if (structure->weight[at] <= 0)
    return 0;
  if (at != from)
    for (int k = 0; k < 2; k++)
      {
        float way = k ? 1 - structure->way[at] : structure->way[at];

        difference = fminf (difference, compare (structure, at, k, colours) + FAR * way);
      }
  return STRUCTURE * structure->weight[at] * difference;
}

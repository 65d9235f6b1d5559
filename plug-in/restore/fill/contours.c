/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which edges that end at a hole go on in which.
 *
 * Two ends are one edge where a curve of small bending leads from one to the other, both are as
 * much in focus, and the colours of a side at least fit: the other side may be what is behind,
 * which changes.  The best pairs are taken first, and edges do not cross.  An end without a partner
 * goes on straight where it is long, for as long as it is known outside, and less and less surely.
 *
 * Such a geometric sketch as a guide for pieces: Cao, Gousseau, Masnou and Pérez, "Geometrically
 * Guided Exemplar-Based Inpainting" (SIAM J. Imaging Sci. 2011), of level lines and Euler spirals;
 * curves drawn by hand: Sun, Yuan, Jia and Shum, "Image Completion with Structure Propagation"
 * (SIGGRAPH 2005). */
#include "restore/fill/contours.h"

#include <math.h>

/* Of a pair: the angle, in radians, by which an end may turn away from the straight line to the
 * other; the difference in colour, of white, that counts as much, and how much the side that fits
 * less counts; the difference in focus, as a logarithm, that counts as much too, and the least
 * focus; and what they may come to in all.  Chosen by looking at the pairs in twelve photographs of
 * 512 x 512 with holes of 180 x 180: without FOCUS, a lid in front became one with a meadow far
 * behind, and with a MOST_BEND of 0.6 two trunks did. */
#define BEND 0.4
#define MOST_BEND 0.35
#define COLOUR 0.12f
#define OTHER_SIDE 0.25f
#define FOCUS 0.3
#define LEAST_SHARP 0.3f
#define MOST_COST 2.0

/* Sine of the angle at which one edge may cross another. */
#define BEHIND 0.5

/* Pixels for which an end must be known to go on without a partner: with half of that, flames
 * became smears. */
#define LONG 16

/**
 * hl_contour_get_point:
 * @contour: an edge
 * @t: 0 at its first end to 1 at its second
 * @point: (out): column and row there
 * @along: (out): its direction there, of length 1
 *
 * A place on the cubic through both ends, in their directions.
 */
void
hl_contour_get_point (const HlContour *contour, double t, double point[2], double along[2])
{
  const HlContourEnd *a = &contour->end[0], *b = &contour->end[1];
  double              length = hypot (b->x - a->x, b->y - a->y), u = 1 - t;
  double              from[2] = { a->x, a->y }, to[2] = { b->x, b->y };
  double              out[2] = { a->across * length, a->down * length },
         in[2]               = { -b->across * length, -b->down * length };
  double norm;

  for (int i = 0; i < 2; i++)
    {
      point[i] = u * u * (1 + 2 * t) * from[i] + t * t * (3 - 2 * t) * to[i] + t * u * u * out[i]
                 - t * t * u * in[i];
      along[i] = 6 * t * u * (to[i] - from[i]) + u * (1 - 3 * t) * out[i] + t * (3 * t - 2) * in[i];
    }
  norm = fmax (hypot (along[0], along[1]), 1e-9);
  along[0] /= norm;
  along[1] /= norm;
}

/**
 * hl_contour_get_length:
 * @contour: an edge
 *
 * Returns: pixels from end to end, straight
 */
double
hl_contour_get_length (const HlContour *contour)
{
  return hypot (contour->end[1].x - contour->end[0].x, contour->end[1].y - contour->end[0].y);
}

/* The part of the curve that lies in the hole. */
static double
get_share_inside (const HlPatchLevel *level, const HlContour *contour)
{
  int inside = 0, steps = MAX (lrint (hl_contour_get_length (contour)), 2);

  for (int k = 1; k < steps; k++)
    {
      double point[2], along[2];

      hl_contour_get_point (contour, (double) k / steps, point, along);
      inside += hl_contour_is_hole (level, point[0], point[1]);
    }
  return (double) inside / (steps - 1);
}

/* The difference of the colours on a side of @a, to the right or to the left (@side 1 or -1), to
 * those of @b, which leads the other way. */
static float
compare_side (const HlContourEnd *a, const HlContourEnd *b, int side, int channels)
{
  float sum = 0;

  for (int k = 1; k <= HL_CONTOUR_SIDE; k++)
    for (int c = 0; c < channels; c++)
      {
        float d
            = a->profile[HL_CONTOUR_SIDE + side * k][c] - b->profile[HL_CONTOUR_SIDE - side * k][c];

        sum += d * d / (HL_CONTOUR_SIDE * channels);
      }
  return sqrtf (sum);
}

/* The angle between two directions. */
static double
get_angle (double across, double down, double to_across, double to_down)
{
  return fabs (atan2 (across * to_down - down * to_across, across * to_across + down * to_down));
}

/* How much of the change of colour across an edge lies within a pixel to either side: little where
 * it is out of focus. */
static float
get_sharpness (const HlContourEnd *end, int channels)
{
  const float (*at)[3] = end->profile + HL_CONTOUR_SIDE;
  float inner = 0, outer = 0;

  for (int c = 0; c < channels; c++)
    {
      float a = at[1][c] - at[-1][c], b = at[HL_CONTOUR_SIDE][c] - at[-HL_CONTOUR_SIDE][c];

      inner += a * a;
      outer += b * b;
    }
  return CLAMP (sqrtf (inner / fmaxf (outer, 1e-6f)), LEAST_SHARP, 1);
}

/* How badly two ends fit; above MOST_COST where they are no edge. */
static double
get_cost (const HlPatchLevel *level, const HlContourEnd *a, const HlContourEnd *b)
{
  HlContour contour = { { *a, *b }, 0 };
  double    across = b->x - a->x, down = b->y - a->y;
  double    bend  = fmax (get_angle (a->across, a->down, across, down),
                          get_angle (b->across, b->down, -across, -down));
  float     right = compare_side (a, b, 1, level->channels);
  float     left  = compare_side (a, b, -1, level->channels);
  double    focus
      = fabs (log (get_sharpness (a, level->channels) / get_sharpness (b, level->channels)));
  float colour = (1 - OTHER_SIDE) * fminf (right, left) + OTHER_SIDE * fmaxf (right, left);

  if (hypot (across, down) < 2 * HL_CONTOUR_START || bend > MOST_BEND)
    return G_MAXDOUBLE;
  return get_share_inside (level, &contour) < 0.9 ? G_MAXDOUBLE
                                                  : bend / BEND + colour / COLOUR + focus / FOCUS;
}

/* Whether the straight lines between the ends of two edges cross at so small an angle that they
 * mix up their ends; else one goes on behind the other. */
static gboolean
cross (const HlContour *one, const HlContour *other)
{
  double side[4];

  for (int k = 0; k < 4; k++)
    {
      const HlContour    *line = k < 2 ? one : other, *of = k < 2 ? other : one;
      const HlContourEnd *end = &of->end[k % 2];

      side[k] = (line->end[1].x - line->end[0].x) * (end->y - line->end[0].y)
                - (line->end[1].y - line->end[0].y) * (end->x - line->end[0].x);
    }
  return side[0] * side[1] < 0 && side[2] * side[3] < 0
         && fabs (sin (get_angle (one->end[1].x - one->end[0].x, one->end[1].y - one->end[0].y,
                                  other->end[1].x - other->end[0].x,
                                  other->end[1].y - other->end[0].y)))
                < BEHIND;
}

static gboolean
crosses_any (const GArray *contours, const HlContour *contour)
{
  for (guint i = 0; i < contours->len; i++)
    if (cross (&g_array_index (contours, HlContour, i), contour))
      return TRUE;
  return FALSE;
}

/* From an end straight on to where the hole ends: at the rim again, or with the picture.  An edge
 * is trusted to go on for as long as it is known. */
static HlContour
lengthen (const HlPatchLevel *level, const HlContourEnd *end)
{
  HlContour     contour = { { *end, *end }, 1 };
  HlContourEnd *out     = &contour.end[1];

  while (hl_contour_is_hole (level, out->x, out->y))
    {
      out->x += end->across;
      out->y += end->down;
    }
  out->across = -end->across;
  out->down   = -end->down;
  for (int side = -HL_CONTOUR_SIDE; side <= HL_CONTOUR_SIDE; side++)
    for (int c = 0; c < 3; c++)
      out->profile[HL_CONTOUR_SIDE - side][c] = end->profile[HL_CONTOUR_SIDE + side][c];
  contour.reach = end->length / fmax (hl_contour_get_length (&contour), 1);
  return contour;
}

typedef struct
{
  double cost;
  guint  first, second;
} Match;

static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const Match *one = a, *other = b;

  return one->cost != other->cost       ? (one->cost < other->cost ? -1 : 1)
         : one->first != other->first   ? (one->first < other->first ? -1 : 1)
         : one->second != other->second ? (one->second < other->second ? -1 : 1)
                                        : 0;
}

/* All pairs that may be one edge, the best ones first. */
static GArray *
find_matches (const HlPatchLevel *level, const GArray *ends)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (Match));

  for (guint i = 0; i < ends->len; i++)
    for (guint k = i + 1; k < ends->len; k++)
      {
        Match match = { get_cost (level, &g_array_index (ends, HlContourEnd, i),
                                  &g_array_index (ends, HlContourEnd, k)),
                        i, k };

        if (match.cost < MOST_COST)
          g_array_append_val (matches, match);
      }
  g_array_sort (matches, compare_matches);
  return matches;
}

/**
 * hl_contours_pair:
 * @level: a size of the picture
 * @ends: (element-type HlContourEnd): of hl_contours_find_ends()
 *
 * Returns: (transfer full) (element-type HlContour): edges through the hole
 */
GArray *
hl_contours_pair (const HlPatchLevel *level, const GArray *ends)
{
  GArray *contours           = g_array_new (FALSE, FALSE, sizeof (HlContour));
  g_autoptr (GArray) matches = find_matches (level, ends);
  g_autofree guint8 *taken   = g_new0 (guint8, ends->len + 1);

  for (guint i = 0; i < matches->len; i++)
    {
      const Match *match   = &g_array_index (matches, Match, i);
      HlContour    contour = { { g_array_index (ends, HlContourEnd, match->first),
                                 g_array_index (ends, HlContourEnd, match->second) },
                               G_MAXDOUBLE };

      if (taken[match->first] || taken[match->second] || crosses_any (contours, &contour))
        continue;
      g_array_append_val (contours, contour);
      taken[match->first] = taken[match->second] = 1;
    }
  for (guint i = 0; i < ends->len; i++)
    {
      const HlContourEnd *end = &g_array_index (ends, HlContourEnd, i);

      if (!taken[i] && end->length >= LONG)
        {
          HlContour contour = lengthen (level, end);

          g_array_append_val (contours, contour);
        }
    }
  return contours;
}

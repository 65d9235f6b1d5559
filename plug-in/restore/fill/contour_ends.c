/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long edges that end at a hole.
 *
 * An edge is followed from the hole's rim outwards: only one that keeps its direction and the
 * colours of its sides for a while is a contour, and not texture. */
#include "restore/fill/contours.h"

#include <math.h>

/* For how many pixels edges are followed at most. */
#define MOST_LENGTH 32

/* The change of colour across an edge, of white, and how much of it must be left all along.  This
 * and what follows was chosen by looking at the ends that are found in twelve photographs of
 * 512 x 512 with holes of 180 x 180, in a quarter of their size: with half left, one side of a
 * trunk and a line along a bus were missed. */
#define STRONG 0.08f
#define LASTING 0.3f

/* Cosine of the angle by which an edge may turn from one pixel to the next. */
#define TURN 0.8

/* Pixels, from the hole on, of which the direction and the profile are taken. */
#define FIT 8

/* The power of the squared change of colour by which places across an edge are weighted. */
#define PEAK 3

/* How often a first place on an edge is moved. */
#define SETTLE 4

/* Two ends nearer than that are one. */
#define APART 1.5

typedef struct
{
  const HlPatchLevel *level;
  const guint8       *valid;
} Picture;

/* Bilinearly; whether it shows something there. */
static gboolean
sample (const Picture *picture, double x, double y, float colour[3])
{
  const HlPatchLevel *level = picture->level;
  int                 W = level->width, u = floor (x), v = floor (y);
  double              a = x - u, b = y - v;

  if (u < 0 || u + 1 >= W || v < 0 || v + 1 >= level->height)
    return FALSE;
  for (int c = 0; c < level->channels; c++)
    colour[c] = 0;
  for (int k = 0; k < 4; k++)
    {
      gsize  at     = (gsize) (v + k / 2) * W + u + k % 2;
      double weight = (k % 2 ? a : 1 - a) * (k / 2 ? b : 1 - b);

      if (weight > 0 && !picture->valid[at])
        return FALSE;
      for (int c = 0; c < level->channels && weight > 0; c++)
        colour[c] += weight * level->values[at * level->features + c];
    }
  return TRUE;
}

/**
 * hl_contour_is_hole:
 * @level: a size of the picture
 * @x: column
 * @y: row
 *
 * Returns: whether the nearest pixel is one of the hole
 */
gboolean
hl_contour_is_hole (const HlPatchLevel *level, double x, double y)
{
  int u = lrint (x), v = lrint (y);

  return u >= 0 && u < level->width && v >= 0 && v < level->height
         && level->hole[(gsize) v * level->width + u];
}

/* The colours to the right less those to the left of a place on an edge in the direction
 * (@across, @down). */
static gboolean
get_step (const Picture *picture, double x, double y, double across, double down, float step[3])
{
  float right[3], left[3];

  if (!sample (picture, x - 1.5 * down, y + 1.5 * across, right)
      || !sample (picture, x + 1.5 * down, y - 1.5 * across, left))
    return FALSE;
  for (int c = 0; c < picture->level->channels; c++)
    step[c] = right[c] - left[c];
  return TRUE;
}

static float
dot (const float *a, const float *b, int n)
{
  float sum = 0;

  for (int c = 0; c < n; c++)
    sum += a[c] * b[c];
  return sum;
}

/* The direction of the edge at a pixel by the structure tensor of 3 x 3; whether all that is
 * shown, and strong and one direction. */
static gboolean
get_direction (const Picture *picture, int x, int y, double *across, double *down)
{
  int    C  = picture->level->channels;
  double xx = 0, xy = 0, yy = 0, half, root, angle;

  for (int k = 0; k < 9; k++)
    {
      float a[3], b[3], c[3], d[3];
      int   u = x + k % 3 - 1, v = y + k / 3 - 1;

      if (!sample (picture, u - 1, v, a) || !sample (picture, u + 1, v, b)
          || !sample (picture, u, v - 1, c) || !sample (picture, u, v + 1, d))
        return FALSE;
      for (int i = 0; i < C; i++)
        {
          xx += (b[i] - a[i]) * (b[i] - a[i]);
          xy += (b[i] - a[i]) * (d[i] - c[i]);
          yy += (d[i] - c[i]) * (d[i] - c[i]);
        }
    }
  half    = 0.5 * (xx + yy);
  root    = hypot (0.5 * (xx - yy), xy);
  angle   = 0.5 * atan2 (2 * xy, xx - yy) + G_PI / 2;
  *across = cos (angle);
  *down   = sin (angle);
  return half > 0 && root > 0.5 * half;
}

/* Moves (@x, @y) to the side where the colours change most: the mean of the places around, weighted
 * by that. */
static void
settle (const Picture *picture, double *x, double *y, double across, double down)
{
  double sum = 0, weights = 0;

  for (int k = -2; k <= 2; k++)
    {
      double d = 0.4 * k, weight;
      float  step[3];

      if (!get_step (picture, *x - d * down, *y + d * across, across, down, step))
        return;
      weight = pow (dot (step, step, picture->level->channels), PEAK);
      sum += weight * d;
      weights += weight;
    }
  if (weights > 0)
    {
      *x -= sum / weights * down;
      *y += sum / weights * across;
    }
}

/* Follows an edge away from the hole; how many pixels it is long.  @point: (MOST_LENGTH, 2). */
static int
follow (const Picture *picture, double x, double y, double across, double down, double *point)
{
  int   C = picture->level->channels, n = 0;
  float first[3], step[3];

  if (!get_step (picture, x, y, across, down, first))
    return 0;
  while (n < MOST_LENGTH)
    {
      double a, d, turn, length;

      if (!get_step (picture, x, y, across, down, step)
          || dot (step, first, C) < LASTING * dot (first, first, C))
        break;
      settle (picture, &x, &y, across, down);
      point[2 * n]     = x;
      point[2 * n + 1] = y;
      n++;
      if (get_direction (picture, lrint (x), lrint (y), &a, &d))
        {
          turn = a * across + d * down;
          if (fabs (turn) < TURN)
            break;
          across += 0.5 * (turn < 0 ? -a : a);
          down += 0.5 * (turn < 0 ? -d : d);
          length = hypot (across, down);
          across /= length;
          down /= length;
        }
      x += across;
      y += down;
    }
  return n;
}

/* The straight line through the first points, from outside into the hole. */
static void
fit_line (const double *point, int n, HlContourEnd *end)
{
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0, angle;

  for (int i = 0; i < n; i++)
    {
      x += point[2 * i] / n;
      y += point[2 * i + 1] / n;
    }
  for (int i = 0; i < n; i++)
    {
      double dx = point[2 * i] - x, dy = point[2 * i + 1] - y;

      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
  angle       = 0.5 * atan2 (2 * xy, xx - yy);
  end->across = cos (angle);
  end->down   = sin (angle);
  if (end->across * (point[0] - x) + end->down * (point[1] - y) < 0)
    {
      end->across = -end->across;
      end->down   = -end->down;
    }
  end->x = x;
  end->y = y;
}

/* From the middle of the line to where the hole begins; whether it does. */
static gboolean
go_to_rim (const Picture *picture, HlContourEnd *end)
{
  for (double way = 0; way < FIT + 3 * HL_CONTOUR_START; way += 0.25)
    if (hl_contour_is_hole (picture->level, end->x + way * end->across, end->y + way * end->down))
      {
        end->x += way * end->across;
        end->y += way * end->down;
        return TRUE;
      }
  return FALSE;
}

/* The mean of the colours across the line outside the hole; whether all of them are shown. */
static gboolean
set_profile (const Picture *picture, HlContourEnd *end)
{
  int   C = picture->level->channels;
  float sum[3];

  for (int side = -HL_CONTOUR_SIDE; side <= HL_CONTOUR_SIDE; side++)
    {
      float *mean = end->profile[HL_CONTOUR_SIDE + side];
      int    n    = 0;

      for (int c = 0; c < 3; c++)
        mean[c] = 0;
      for (int way = 1; way <= FIT; way++)
        if (sample (picture, end->x - way * end->across - side * end->down,
                    end->y - way * end->down + side * end->across, sum))
          {
            for (int c = 0; c < C; c++)
              mean[c] += sum[c];
            n++;
          }
      if (n < FIT / 2)
        return FALSE;
      for (int c = 0; c < C; c++)
        mean[c] /= n;
    }
  for (int c = 0; c < C; c++)
    sum[c] = end->profile[HL_CONTOUR_SIDE + 2][c] - end->profile[HL_CONTOUR_SIDE - 2][c];
  end->strength = sqrtf (dot (sum, sum, C) / C);
  return TRUE;
}

/* Whether the edge at a pixel is a contour that ends at the hole. */
static gboolean
find_end (const Picture *picture, int x, int y, HlContourEnd *end)
{
  double across, down, u = x, v = y, point[2 * MOST_LENGTH];
  float  step[3];
  int    n, C = picture->level->channels;

  if (!get_direction (picture, x, y, &across, &down))
    return FALSE;
  if (hl_contour_is_hole (picture->level, x + 1.7 * HL_CONTOUR_START * across,
                          y + 1.7 * HL_CONTOUR_START * down))
    {
      across = -across;
      down   = -down;
    }
  else if (!hl_contour_is_hole (picture->level, x - 1.7 * HL_CONTOUR_START * across,
                                y - 1.7 * HL_CONTOUR_START * down))
    return FALSE;
  if (!get_step (picture, u, v, across, down, step) || dot (step, step, C) < STRONG * STRONG * C)
    return FALSE;
  for (int k = 0; k < SETTLE; k++)
    settle (picture, &u, &v, across, down);
  if (hypot (u - x, v - y) > 1)
    return FALSE;
  n = follow (picture, u, v, across, down, point);
  if (n < HL_CONTOUR_LEAST_LENGTH)
    return FALSE;
  end->length = n;
  fit_line (point, MIN (n, FIT), end);
  return go_to_rim (picture, end) && set_profile (picture, end) && end->strength >= STRONG;
}

/* Adds an end, or replaces a weaker one at the same place. */
static void
add_end (GArray *ends, const HlContourEnd *end)
{
  for (guint i = 0; i < ends->len; i++)
    {
      HlContourEnd *other = &g_array_index (ends, HlContourEnd, i);

      if (hypot (other->x - end->x, other->y - end->y) < APART)
        {
          if (end->strength > other->strength)
            *other = *end;
          return;
        }
    }
  g_array_append_vals (ends, end, 1);
}

/* Whether the nearest pixel of the hole is exactly HL_CONTOUR_START pixels away. */
static gboolean
is_at_start (const HlPatchLevel *level, int x, int y)
{
  gboolean near = FALSE;

  for (int v = y - HL_CONTOUR_START; v <= y + HL_CONTOUR_START; v++)
    for (int u = x - HL_CONTOUR_START; u <= x + HL_CONTOUR_START; u++)
      if (hl_contour_is_hole (level, u, v))
        {
          if (MAX (ABS (u - x), ABS (v - y)) < HL_CONTOUR_START)
            return FALSE;
          near = TRUE;
        }
  return near;
}

/**
 * hl_contours_find_ends:
 * @level: a size of the picture
 * @valid: (H, W), 1 where it shows something outside the hole
 *
 * Returns: (transfer full) (element-type HlContourEnd): the long edges that end at the hole
 */
GArray *
hl_contours_find_ends (const HlPatchLevel *level, const guint8 *valid)
{
  GArray *ends    = g_array_new (FALSE, FALSE, sizeof (HlContourEnd));
  Picture picture = { level, valid };

  for (int y = 0; y < level->height; y++)
    for (int x = 0; x < level->width; x++)
      {
        HlContourEnd end;

        if (is_at_start (level, x, y) && find_end (&picture, x, y, &end))
          add_end (ends, &end);
      }
  return ends;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is much softer than the damage belongs to the photograph.
 *
 * Damage lies on the print, and its edges are as sharp as the scan. What was photographed is as
 * sharp as the lens: piping on a collar, the rim of an ear, a strand of hair. Where a crack crosses
 * such a line, both come out as one piece. Here the line's profile is read across the piece, where
 * it is narrowest: its steepest step beside its whole height says how sharp it is. Where that is
 * much less, around a pixel, than in all that was found in the photograph, it is taken out.
 *
 * And damage is mostly alike: dust and cracks are brighter than a print, dirt is darker. Where
 * nearly all that was found is brighter than what is beside it, what is darker must be sharper to
 * be believed: the corner of a mouth beside a speck is as sharp as a blurred speck. And the other
 * way round.
 *
 * Measured on seven old photographs: 881 sound pixels go, an officer's piping among them, and 147
 * of damage; the mean F1 rises by 0.002, and no picture's falls by 0.001. To judge each branch of a
 * piece on its own, by what the network says of it, its contrast, its width and the difference of
 * its two sides, was worse than not to, on pictures left out of the fit. */

#include "restore/find/soft.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/find/evidence.h"

/* How wide a piece may be across where it is narrowest, and how far beyond its ends the profile is
 * read, pixels. */
#define WIDEST 16
#define BEYOND 1

/* Pixels around one over which sharpness is averaged, and that are taken out around what is soft.
 */
#define REACH 10
#define AROUND 2

/* Sound is what has less than this share of the damage's sharpness: 0.5 and 0.67 find fewer and
 * more of sound lines, and 0.67 ten times as much of damage. */
#define SHARE 0.58

/* The same where it is darker and nearly all of the damage brighter, or the other way round: no
 * more than RARE of it, by the difference, is like that. In six of seven photographs 0.02 to 0.15
 * is darker. With 0.75 half of a girl's mouth is taken, at 0.93 a scratch in a film frame is lost;
 * on drawn cracks with shadows, 0.02 less is found. */
#define SHARE_OTHER 0.84
#define RARE 0.25

/* Counts as height that everything has, of 255: noise is no sharp step. */
#define HEIGHT 2.55

/* The odds of what is taken out, less: a net of cracks is beyond doubt by more than 2 as a whole;
 * with 4 less a piping that it crosses goes. */
#define LESS (5 * HL_EVIDENCE_STEPS)

typedef struct
{
  const guint32 *labels; /* (H, W) each, of the window */
  guint8        *light;  /* mean of the colours */
  guint8        *steps;  /* the steepest step across the piece, a pixel's width, of 255 */
  guint8 *heights;       /* the whole height of the profile, 1..255; 0 where nothing was measured */
  gint8  *brighter;      /* by how much it is brighter than both sides, -127..127 of 255 */
  int     width, height;
} Soft;

/* Sums over what is around a pixel. */
typedef struct
{
  guint32 step, height, count;
  gint32  brighter;
} Sums;

static gboolean
is_within (const Soft *soft, int y, int x)
{
  return y >= 0 && y < soft->height && x >= 0 && x < soft->width;
}

/* Steps from (@y, @x) until the piece ends; more than are looked at where it does not, within the
 * window. */
static int
leave (const Soft *soft, int y, int x, int down, int across)
{
  for (int steps = 0; steps <= WIDEST && is_within (soft, y, x); steps++, y += down, x += across)
    if (!soft->labels[(gsize) y * soft->width + x])
      return steps;
  return WIDEST + 1;
}

/* Reads the profile across the piece at a pixel; leaves out where it is wide. */
static void
measure (Soft *soft, int y, int x)
{
  static const int ways[4][2] = { { 0, 1 }, { 1, 1 }, { 1, 0 }, { 1, -1 } };
  float            shortest   = G_MAXFLOAT, unit;
  int              on = 0, back = 0, best = 0, last = -1, low = 255, high = 0, steepest = 0;
  int              sides = 0, beside = 0;
  gsize            at = (gsize) y * soft->width + x;

  for (int k = 0; k < 4; k++)
    {
      int   ahead  = leave (soft, y, x, ways[k][0], ways[k][1]);
      int   behind = leave (soft, y, x, -ways[k][0], -ways[k][1]);
      float across = (ahead + behind) * (k & 1 ? (float) G_SQRT2 : 1.0f);

      if (across <= WIDEST + 1 && across < shortest)
        {
          shortest = across;
          on       = ahead;
          back     = behind;
          best     = k;
        }
    }
  if (on == 0)
    return;
  unit = best & 1 ? (float) G_SQRT2 : 1.0f;
  for (int i = -back - BEYOND; i <= on + BEYOND; i++)
    {
      int j = y + i * ways[best][0], k = x + i * ways[best][1], light;

      if (!is_within (soft, j, k))
        continue;
      light = soft->light[(gsize) j * soft->width + k];
      if (i <= -back || i >= on)
        {
          sides += light;
          beside++;
        }
      low  = MIN (low, light);
      high = MAX (high, light);
      if (last >= 0)
        steepest = MAX (steepest, abs (light - last));
      last = light;
    }
  soft->steps[at]   = lrintf (steepest / unit);
  soft->heights[at] = MAX (high - low, 1);
  if (beside)
    soft->brighter[at] = CLAMP (soft->light[at] - sides / beside, -127, 127);
}

static void
read_light (const HlReduced *reduced, const HlTile *window, Soft *soft, float *planes)
{
  float *row[HL_REDUCED_COLOURS];

  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    row[c] = planes + (gsize) c * soft->width;
  for (int y = 0; y < soft->height; y++)
    {
      guint8 *light = soft->light + (gsize) y * soft->width;

      hl_reduced_read (reduced, window->top + y, window->left, soft->width, row);
      for (int x = 0; x < soft->width; x++)
        light[x] = lrintf (255 * CLAMP ((row[0][x] + row[1][x] + row[2][x]) / 3, 0, 1));
    }
}

/* Adds a row to the sums of each column, or takes it off. */
static void
add_row (const Soft *soft, const guint8 *codes, gsize stride, int y, gint32 sign, Sums *columns)
{
  for (int x = 0; y >= 0 && y < soft->height && x < soft->width; x++)
    {
      gsize at = (gsize) y * soft->width + x;

      if (codes[y * stride + x] < HL_EVIDENCE_EVEN || !soft->heights[at])
        continue;
      columns[x].step += sign * soft->steps[at];
      columns[x].height += sign * soft->heights[at];
      columns[x].count += sign;
      columns[x].brighter += sign * soft->brighter[at];
    }
}

/* Marks what is softer than it may be, @mean being that of all damage, around each pixel of a row,
 * and what lies around it. @common: 1 where nearly all damage is brighter, -1 where it is darker.
 */
static void
mark_row (const Soft *soft, const Sums *columns, int y, double mean, int common, guint8 *marks)
{
  Sums sum = { 0 };

  for (int x = -REACH; x < soft->width; x++)
    {
      int new = x + REACH, old = x - REACH - 1;
      double share;

      if (new < soft->width)
        {
          sum.step += columns[new].step;
          sum.height += columns[new].height;
          sum.count += columns[new].count;
          sum.brighter += columns[new].brighter;
        }
      if (old >= 0)
        {
          sum.step -= columns[old].step;
          sum.height -= columns[old].height;
          sum.count -= columns[old].count;
          sum.brighter -= columns[old].brighter;
        }
      share = common * sum.brighter < 0 ? SHARE_OTHER : SHARE;
      if (x < 0 || !soft->heights[(gsize) y * soft->width + x] || sum.count == 0
          || sum.step >= share * mean * (sum.height + HEIGHT * sum.count))
        continue;
      for (int j = -AROUND; j <= AROUND; j++)
        for (int i = -AROUND; i <= AROUND; i++)
          if (i * i + j * j <= AROUND * AROUND && is_within (soft, y + j, x + i))
            marks[(gsize) (y + j) * soft->width + x + i] = 1;
    }
}

/**
 * hl_soft_run:
 * @reduced: the photograph, at the size of @map, (H, W)
 * @window: which part of it
 * @labels: (H, W) of the window, row-major: not 0 where there is a piece (hl_pieces_new())
 * @map: (H, W), the odds of the pieces as wholes, as hl_evidence_encode() gives them; lowered where
 *   one is much softer than what is found in the mean
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Takes five bytes a pixel of the window.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_soft_run (const HlReduced *reduced, const HlTile *window, const guint32 *labels, guint8 *map,
             GCancellable *cancel, GError **error)
{
  Soft               soft   = { .labels = labels,
                                .width  = window->right - window->left,
                                .height = window->bottom - window->top };
  guint8            *codes  = map + (gsize) window->top * reduced->width + window->left;
  gsize              pixels = (gsize) soft.width * soft.height, stride = reduced->width;
  g_autofree guint8 *bytes   = g_try_malloc0 (MAX (5 * pixels, 1));
  g_autofree Sums   *columns = g_new0 (Sums, soft.width);
  g_autofree float  *planes  = g_new (float, HL_REDUCED_COLOURS *(gsize) soft.width);
  guint8            *marks;
  guint64            step = 0, height = 0, brighter = 0, darker = 0;
  int                common;

  if (!bytes)
    {
      hl_error_set_memory (error, soft.width, soft.height);
      return FALSE;
    }
  soft.light    = bytes;
  soft.steps    = bytes + pixels;
  soft.heights  = bytes + 2 * pixels;
  soft.brighter = (gint8 *) bytes + 3 * pixels;
  marks         = bytes + 4 * pixels;
  read_light (reduced, window, &soft, planes);
  for (int y = 0; y < soft.height; y++)
    {
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (int x = 0; x < soft.width; x++)
        {
          gsize at = (gsize) y * soft.width + x;

          if (!labels[at])
            continue;
          measure (&soft, y, x);
          if (codes[y * stride + x] < HL_EVIDENCE_EVEN)
            continue;
          step += soft.steps[at];
          height += soft.heights[at];
          brighter += MAX (soft.brighter[at], 0);
          darker += MAX (-soft.brighter[at], 0);
        }
    }
  common = (darker < RARE * (brighter + darker)) - (brighter < RARE * (brighter + darker));
  for (int y = -REACH; y < soft.height; y++)
    {
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      add_row (&soft, codes, stride, y + REACH, 1, columns);
      add_row (&soft, codes, stride, y - REACH - 1, -1, columns);
      if (y >= 0)
        mark_row (&soft, columns, y, (double) step / MAX (height, 1), common, marks);
    }
  for (int y = 0; y < soft.height; y++)
    for (int x = 0; x < soft.width; x++)
      if (marks[(gsize) y * soft.width + x] && labels[(gsize) y * soft.width + x])
        codes[y * stride + x] = MAX (codes[y * stride + x], LESS + 1) - LESS;
  return TRUE;
}

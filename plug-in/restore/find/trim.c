/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found around thin hard damage is cut down to the damage.
 *
 * The network judges a pixel by what is around it, and at half the size too, so that a scratch of
 * three pixels comes out up to nine wide. Here each pixel of a piece is compared with the picture
 * on both sides of the piece, across it where it is narrowest. Damage differs from them; what
 * differs much less than the damage beside it is sound. Around what stays two pixels are kept, for
 * the rim that a scan blurs. Where nothing stands out, as in a stain or a wide loss, all stays.
 *
 * Where a large scan was looked at at a fraction of its size, this is done once more at full size,
 * with as much wider reach.
 *
 * Measured on seven old photographs, nothing of the damage is lost (mean F1 0.70 with it and
 * without); on four undamaged ones with hard scratches and dust drawn on them, as much is found as
 * before, and 0.53 and 0.69 of what is selected is damage, without it 0.49 and 0.57. */

#include "restore/find/trim.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/find/evidence.h"

/* How wide a piece may be at a pixel, across where it is narrowest, and how far beyond its end its
 * surroundings are read, pixels. What is wider is left as it is: only a part of a wide loss may
 * have been found, and then what lies beside the piece is damaged too. */
#define FURTHEST 16
#define WIDE 255
#define BEYOND 1

/* A pixel is damage where it differs from its surroundings by this share of what differs most
 * within reach, pixels; and pixels kept around it. */
#define SHARE 0.3
#define REACH 8
#define KEPT 2

/* Nothing is cut where nothing differs by so much, of 255. */
#define LEAST 20

/* The least odds of what has been found, where there are no labels: as in pieces.c. */
#define LEAST_CODE (HL_EVIDENCE_EVEN - HL_EVIDENCE_STEPS)

/* What is cut off becomes as unlikely, so that no sensitivity brings it back before all else. With
 * the piece's own odds less 2, what hangs together with sure damage stays: 0.52 and 0.48 for drawn
 * scratches and dust instead of 0.56 and 0.50, and no gain on the seven. */
#define CUT_OFF 1

/* What is less likely, by so much of the logarithm of the odds, than something as near as this,
 * and further than that from all that is not, pixels. In the seven photographs precision rises from
 * 0.854 to 0.858 and F1 stays; with 4 logits or 25 pixels it falls by 0.005 to 0.02, and with 2
 * pixels around a torn corner is lost. */
#define WEAK (5 * HL_EVIDENCE_STEPS)
#define WEAK_NEAR 15
#define WEAK_AROUND 4

typedef struct
{
  const HlReduced *reduced;
  const HlTile    *window;
  const guint32   *labels;
  const guint8    *codes;         /* of the window, in rows as long as the map's */
  int              scale;         /* how much further everything reaches */
  int              width, height; /* of the window */
} Trim;

static gboolean
is_found (const Trim *trim, int y, int x)
{
  if (trim->labels)
    return trim->labels[(gsize) y * trim->width + x] != 0;
  return trim->codes[(gsize) y * trim->reduced->width + x] >= LEAST_CODE;
}

static void
read_colour (const Trim *trim, int y, int x, float colour[HL_REDUCED_COLOURS])
{
  float *row[HL_REDUCED_COLOURS];

  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    row[c] = &colour[c];
  hl_reduced_read (trim->reduced, trim->window->top + CLAMP (y, 0, trim->height - 1),
                   trim->window->left + CLAMP (x, 0, trim->width - 1), 1, row);
}

/* Steps from (@x, @y) until the piece ends; more than are looked at where it does not, within the
 * window. */
static int
leave (const Trim *trim, int y, int x, int down, int across)
{
  int furthest = FURTHEST * trim->scale;

  for (int steps = 0; steps <= furthest; steps++, y += down, x += across)
    {
      if (y < 0 || y >= trim->height || x < 0 || x >= trim->width)
        break;
      if (!is_found (trim, y, x))
        return steps;
    }
  return furthest + 1;
}

/* How much a pixel of a piece differs from what lies on both sides, 0..255; 255 within wide ones.
 */
static guint8
differ (const Trim *trim, int y, int x)
{
  static const int ways[4][2] = { { 0, 1 }, { 1, 1 }, { 1, 0 }, { 1, -1 } };
  float            here[HL_REDUCED_COLOURS], a[HL_REDUCED_COLOURS], b[HL_REDUCED_COLOURS];
  float            shortest = G_MAXFLOAT, most = 0;
  int              on = 0, back = 0, best = 0, beyond = BEYOND * trim->scale;

  for (int k = 0; k < 4; k++)
    {
      int   ahead  = leave (trim, y, x, ways[k][0], ways[k][1]);
      int   behind = leave (trim, y, x, -ways[k][0], -ways[k][1]);
      float across = (ahead + behind) * (k & 1 ? (float) G_SQRT2 : 1.0f);

      if (across <= FURTHEST * trim->scale && across < shortest)
        {
          shortest = across;
          on       = ahead;
          back     = behind;
          best     = k;
        }
    }
  if (on == 0)
    return WIDE;
  read_colour (trim, y, x, here);
  read_colour (trim, y + (on + beyond) * ways[best][0], x + (on + beyond) * ways[best][1], a);
  read_colour (trim, y - (back + beyond) * ways[best][0], x - (back + beyond) * ways[best][1], b);
  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    most = MAX (most, fabsf (here[c] - (back * a[c] + on * b[c]) / (on + back)));
  return lrintf ((WIDE - 1) * MIN (most, 1));
}

/* Along each row, the largest of what the core of a piece differs within reach. */
static void
spread_row (const guint8 *differences, const guint8 *codes, int width, int reach, guint8 *row)
{
  memset (row, 0, width);
  for (int x = 0; x < width; x++)
    if (codes[x] >= HL_EVIDENCE_EVEN && differences[x] != WIDE)
      for (int i = MAX (x - reach, 0); i <= MIN (x + reach, width - 1); i++)
        row[i] = MAX (row[i], differences[x]);
}

/* Keeps a pixel and those around it. */
static void
keep (const Trim *trim, int y, int x, guint8 *kept)
{
  for (int j = MAX (y - KEPT, 0); j <= MIN (y + KEPT, trim->height - 1); j++)
    for (int i = MAX (x - KEPT, 0); i <= MIN (x + KEPT, trim->width - 1); i++)
      if ((j - y) * (j - y) + (i - x) * (i - x) <= KEPT * KEPT)
        kept[(gsize) j * trim->width + i] = 1;
}

/**
 * hl_trim_run:
 * @reduced: the photograph, at the size of @map, (H, W)
 * @window: which part of it
 * @labels: (H, W) of the window, row-major (nullable): not 0 where there is a piece
 *   (hl_pieces_new()); %NULL to go by @map
 * @scale: how many times the size at which it was found this is; everything reaches as much further
 * @map: (H, W), the odds, as hl_evidence_encode() gives them; lowered where a piece holds
 *   what is sound
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Takes three bytes a pixel of the window.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_trim_run (const HlReduced *reduced, const HlTile *window, const guint32 *labels, int scale,
             guint8 *map, GCancellable *cancel, GError **error)
{
  Trim               trim        = { .reduced = reduced,
                                     .window  = window,
                                     .labels  = labels,
                                     .codes   = map + (gsize) window->top * reduced->width + window->left,
                                     .scale   = scale,
                                     .width   = window->right - window->left,
                                     .height  = window->bottom - window->top };
  int                reach       = REACH * scale;
  gsize              pixels      = (gsize) trim.width * trim.height;
  g_autofree guint8 *differences = g_try_malloc0 (MAX (pixels, 1));
  g_autofree guint8 *most        = g_try_malloc (MAX (pixels, 1));
  g_autofree guint8 *kept        = g_try_malloc0 (MAX (pixels, 1));
  guint8            *codes       = map + (gsize) window->top * reduced->width + window->left;

  if (!differences || !most || !kept)
    {
      hl_error_set_memory (error, trim.width, trim.height);
      return FALSE;
    }
  for (int y = 0; y < trim.height; y++)
    {
      gsize at = (gsize) y * trim.width;

      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (int x = 0; x < trim.width; x++)
        if (is_found (&trim, y, x))
          differences[at + x] = differ (&trim, y, x);
      spread_row (differences + at, codes + (gsize) y * reduced->width, trim.width, reach,
                  most + at);
    }
  for (int y = 0; y < trim.height; y++)
    {
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (int x = 0; x < trim.width; x++)
        {
          gsize at  = (gsize) y * trim.width + x;
          int   top = 0;

          if (!is_found (&trim, y, x))
            continue;
          for (int j = MAX (y - reach, 0); j <= MIN (y + reach, trim.height - 1); j++)
            top = MAX (top, most[(gsize) j * trim.width + x]);
          if (top < LEAST || differences[at] > SHARE * top)
            keep (&trim, y, x, kept);
        }
    }
  for (int y = 0; y < trim.height; y++)
    for (int x = 0; x < trim.width; x++)
      if (is_found (&trim, y, x) && !kept[(gsize) y * trim.width + x])
        {
          guint8 *code = codes + (gsize) y * reduced->width + x;

          *code = MIN (*code, CUT_OFF);
        }
  return TRUE;
}

/* The largest of each 2 * WEAK_NEAR + 1 values in a row, beyond which there is nothing. @row and
 * @sums hold WEAK_NEAR more on either side. */
static void
find_largest (const guint8 *codes, int width, guint8 *row, guint8 *largest)
{
  int length = width + 2 * WEAK_NEAR, span = 1;

  memset (row, 0, length);
  memcpy (row + WEAK_NEAR, codes, width);
  for (; 2 * span <= 2 * WEAK_NEAR + 1; span *= 2)
    for (int x = 0; x + span < length; x++)
      row[x] = MAX (row[x], row[x + span]);
  for (int x = 0; x < width; x++)
    largest[x] = MAX (row[x], row[x + 2 * WEAK_NEAR + 1 - span]);
}

/* Whether a pixel, or one close to it, is not much less likely than all that is near. */
static gboolean
is_strong (const Trim *trim, const guint8 *largest, int y, int x)
{
  for (int j = MAX (y - WEAK_AROUND, 0); j <= MIN (y + WEAK_AROUND, trim->height - 1); j++)
    for (int i = MAX (x - WEAK_AROUND, 0); i <= MIN (x + WEAK_AROUND, trim->width - 1); i++)
      if ((j - y) * (j - y) + (i - x) * (i - x) <= WEAK_AROUND * WEAK_AROUND
          && trim->codes[(gsize) j * trim->reduced->width + i] + WEAK
                 >= largest[(gsize) j * trim->width + i])
        return TRUE;
  return FALSE;
}

/**
 * hl_trim_weak:
 * @reduced: the photograph, at the size of @map, (H, W)
 * @window: which part of it
 * @labels: (H, W) of the window, row-major: not 0 where there is a piece (hl_pieces_new())
 * @map: (H, W), the network's odds, as hl_evidence_encode() gives them; lowered where a piece is
 *   far less likely than beside
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Cuts off what hangs together with sure damage by mere chance: leaves, bricks, waves. Takes two
 * bytes a pixel of the window.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_trim_weak (const HlReduced *reduced, const HlTile *window, const guint32 *labels, guint8 *map,
              GCancellable *cancel, GError **error)
{
  guint8            *codes  = map + (gsize) window->top * reduced->width + window->left;
  Trim               trim   = { .reduced = reduced,
                                .labels  = labels,
                                .codes   = codes,
                                .width   = window->right - window->left,
                                .height  = window->bottom - window->top };
  gsize              pixels = (gsize) trim.width * trim.height, stride = reduced->width;
  g_autofree guint8 *rows    = g_try_malloc (MAX (pixels, 1));
  g_autofree guint8 *largest = g_try_malloc0 (MAX (pixels, 1));
  g_autofree guint8 *row     = g_new (guint8, trim.width + 2 * WEAK_NEAR);

  if (!rows || !largest)
    {
      hl_error_set_memory (error, trim.width, trim.height);
      return FALSE;
    }
  for (int y = 0; y < trim.height; y++)
    find_largest (codes + y * stride, trim.width, row, rows + (gsize) y * trim.width);
  for (int y = 0; y < trim.height; y++)
    {
      guint8 *at = largest + (gsize) y * trim.width;

      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      for (int j = MAX (y - WEAK_NEAR, 0); j <= MIN (y + WEAK_NEAR, trim.height - 1); j++)
        for (int x = 0; x < trim.width; x++)
          at[x] = MAX (at[x], rows[(gsize) j * trim.width + x]);
    }
  for (int y = 0; y < trim.height; y++)
    for (int x = 0; x < trim.width; x++)
      rows[(gsize) y * trim.width + x]
          = is_found (&trim, y, x) && !is_strong (&trim, largest, y, x);
  for (int y = 0; y < trim.height; y++)
    for (int x = 0; x < trim.width; x++)
      if (rows[(gsize) y * trim.width + x])
        codes[y * stride + x] = CUT_OFF;
  return TRUE;
}

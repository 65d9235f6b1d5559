/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long straight scratches that are too faint to be seen pixel by pixel: a film scratch of the
 * grain's own contrast has a signal of 1 in a pixel and of 16 along a line of 256. The network sees
 * some hundred pixels far and says nothing of it.
 *
 * What is brighter or darker than both its sides, in units of the local noise, is summed along all
 * lines across squares of 256 pixels (drt.c). From the strongest of them a line is followed in
 * stretches to both sides for as long as it stands out. Wires, window bars and railings do so too:
 * how far the line goes on, how straight, how even its contrast, and over what, tells them apart.
 */

#include "restore/find/lines.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/find/drt.h"
#include "restore/find/evidence.h"

#define N HL_DRT_SIDE

/* Where the sides lie, from the middle; pixels read on either side of a line. */
#define NEAR_SIDE 3
#define FAR_SIDE 4

/* A side of the cells in which the noise is measured, pixels. */
#define CELL 16
#define CELLS (N / CELL)

/* The least noise, half a step of 8 bits: what is flat has none. */
#define LEAST_NOISE 0.002f

/* No pixel counts for more than this many times the noise. */
#define MOST 2.0f

/* Candidates of a square and of each way through it, and how many times the noise one is at
 * least: half a million lines of nothing but noise reach 5. */
#define CANDIDATES 3
#define STRONG 6.0f

/* Candidates this near to a stronger one, at both ends, are the same line, pixels; those that cross
 * one within reach are its shadow. */
#define SAME 8
#define REACH 40

/* Pixels of a stretch, how far its end may be aside, and how many in a row may be missing. */
#define STRETCH 64
#define ASIDE 2
#define MISSING 3

/* Signal of a stretch that stands out of the noise. */
#define SEEN 2.0

/* Stretches along a line at least, and how many of them must be seen. */
#define FEWEST 3
#define LEAST_STEADY 0.6

/* Fainter lines are not worth mending, of white; and what is beside a line tells no more where it
 * varies by more than this many times its contrast. */
#define LEAST_CONTRAST 0.015
#define MOST_SPREAD 6

/* Shares of a stretch, and of a line, from which on they have been found without it. Measured on
 * seven old photographs and 24 soft scratches drawn across two others: with 0.5 of a line one of
 * the scratches is found in part only. */
#define FOUND 0.5
#define MOSTLY 0.6

/* Less contrast than this speaks against a line, of white. */
#define FAINT 0.06

/* What has sides that differ by more than this share of its contrast is a contour; 0.065 of the
 * lines of drawn scratches do. */
#define MOST_STEP 0.9

/* What stands out less, in units of its own error, is no line. All drawn scratches that are taken
 * have more. */
#define LEAST_SIGNAL 5

/* Taken off the odds of a line, as there are more photographs without a scratch than with one: with
 * half as much 0.07 % of 82 undamaged photographs is selected by lines alone, for 0.02 %. */
#define CAUTION 1.0

/* Pixels either side of the middle over which a line's profile is taken. */
#define PROFILE 8

typedef struct
{
  float x, y, dx, dy; /* the middle, and the direction, of length 1 */
  float strength;
} Candidate;

typedef struct
{
  double t;          /* contrast : its standard error; 0 where it is an edge or nothing */
  double contrast;   /* of white */
  double background; /* 0..1 */
  double step;       /* by how much one side is brighter than the other, of white */
  int    n;          /* pixels of it that lie within the picture */
} Stretch;

typedef struct
{
  float        *gray; /* (H, W) */
  int           width, height, across;
  float        *scratch; /* (threads, SCRATCH) */
  Candidate    *candidates;
  GCancellable *cancel;
} Search;

/* Of one thread: a square, what stands out of it, both buffers of the transform. */
#define SCRATCH (N * N + 2 * HL_DRT_BUFFER)

/* What stands out along a row at a pixel, or 0 on an edge. @step: from pixel to pixel. */
static float
stand_out (const float *at, gsize step, float *size)
{
  float middle = (at[-(gssize) step] + 2 * at[0] + at[step]) / 4;
  float a      = middle - (at[-(gssize) (NEAR_SIDE * step)] + at[-(gssize) (FAR_SIDE * step)]) / 2;
  float b      = middle - (at[NEAR_SIDE * step] + at[FAR_SIDE * step]) / 2;

  *size = fabsf (a + b) / 2;
  return a * b < 0 && MIN (fabsf (a), fabsf (b)) > LEAST_NOISE ? 0 : (a + b) / 2;
}

/* Fills the square from (@left, @top): what stands out along its rows, in units of the noise there.
 * @turned: rows are the picture's columns; @mirrored: and run backwards. */
static void
fill_square (const Search *search, int left, int top, gboolean turned, gboolean mirrored,
             float *square)
{
  float cells[CELLS][CELLS] = { { 0 } };
  gsize step                = turned ? search->width : 1;

  for (int v = 0; v < N; v++)
    for (int u = 0; u < N; u++)
      {
        int    x = left + (turned ? v : u), y = top + (turned ? u : v);
        int    along = turned ? y : x, end = turned ? search->height : search->width;
        float *to = &square[v * N + (mirrored ? N - 1 - u : u)], size;

        *to = 0;
        if (x >= search->width || y >= search->height || along < FAR_SIDE
            || along + FAR_SIDE >= end)
          continue;
        *to = stand_out (search->gray + (gsize) y * search->width + x, step, &size);
        cells[v / CELL][(mirrored ? N - 1 - u : u) / CELL] += size;
      }
  for (int v = 0; v < N; v++)
    for (int u = 0; u < N; u++)
      {
        float noise = cells[v / CELL][u / CELL] * 1.25f / (CELL * CELL);

        square[v * N + u] = CLAMP (square[v * N + u] / MAX (noise, LEAST_NOISE), -MOST, MOST);
      }
}

/* How many rows of the square a line crosses within the picture. */
static int
count_rows (int start, int slope, int rows, int columns)
{
  int first = 0, last = rows - 1;

  if (slope == 0)
    return start >= 0 && start < columns ? rows : 0;
  if (start < 0)
    first = (-start * (N - 1) + slope - 1) / slope;
  if (start >= columns)
    return 0;
  last = MIN (last, (columns - 1 - start) * (N - 1) / slope);
  return MAX (last - first + 1, 0);
}

/* Turns sums into multiples of what most lines have. */
static void
normalise (float *sums, int rows, int columns)
{
  double all   = 0;
  gsize  count = 0;

  for (int s = 0; s < N; s++)
    for (int i = 0; i < HL_DRT_STARTS; i++)
      {
        float *sum = sums + (gsize) s * HL_DRT_STARTS + i;
        int    n   = count_rows (i - N, s, rows, columns);

        *sum = n >= STRETCH ? *sum / sqrtf (n) : 0;
        all += fabsf (*sum);
        count += n >= STRETCH;
      }
  for (gsize k = 0; count && k < HL_DRT_BUFFER; k++)
    sums[k] /= MAX (1.25f * all / count, 1);
}

static void
suppress (float *sums, int slope, int start)
{
  for (int s = 0; s < N; s++)
    for (int i = MAX (start - REACH, 0); i <= MIN (start + REACH, HL_DRT_STARTS - 1); i++)
      {
        int a = i - start, b = i + s - start - slope;

        if ((abs (a) <= SAME && abs (b) <= SAME) || (a * b <= 0 && abs (b) <= REACH))
          sums[(gsize) s * HL_DRT_STARTS + i] = 0;
      }
}

/* One square and one of four ways through it. */
static void
search_job (int job, int thread, gpointer data)
{
  const Search *search = data;
  float        *square = search->scratch + (gsize) thread * SCRATCH;
  gboolean      turned = job & 1, mirrored = job >> 1 & 1;
  int           left = (job / 4 % search->across) * N, top = (job / 4 / search->across) * N;
  int           rows    = turned ? search->width - left : search->height - top;
  int           columns = turned ? search->height - top : search->width - left;
  float        *sums;

  fill_square (search, left, top, turned, mirrored, square);
  sums = (float *) hl_drt_run (square, square + N * N, square + N * N + HL_DRT_BUFFER);
  /* A square that ends with the picture is mirrored with what lies beyond. */
  normalise (sums, MIN (rows, N), mirrored ? N : MIN (columns, N));
  for (int k = 0; k < CANDIDATES; k++)
    {
      Candidate *to   = &search->candidates[job * CANDIDATES + k];
      gsize      best = 0;
      int        s, i, first, n;
      float      u, v, size;

      for (gsize at = 1; at < HL_DRT_BUFFER; at++)
        if (fabsf (sums[at]) > fabsf (sums[best]))
          best = at;
      to->strength = sums[best];
      if (fabsf (to->strength) < STRONG)
        {
          to->strength = 0;
          return;
        }
      s      = best / HL_DRT_STARTS;
      i      = (int) (best % HL_DRT_STARTS) - N;
      first  = s && i < 0 ? (-i * (N - 1) + s - 1) / s : 0;
      n      = count_rows (i, s, MIN (rows, N), N);
      v      = first + n / 2.0f;
      u      = i + s * v / (N - 1);
      u      = mirrored ? N - 1 - u : u;
      size   = hypotf (s, N - 1);
      to->x  = left + (turned ? v : u);
      to->y  = top + (turned ? u : v);
      to->dx = (turned ? N - 1 : (mirrored ? -s : s)) / size;
      to->dy = (turned ? (mirrored ? -s : s) : N - 1) / size;
      suppress (sums, s, i + N);
    }
}

/* The value between pixels. */
static float
sample (const Search *search, float x, float y)
{
  int          i = (int) x, j = (int) y;
  float        a = x - i, b = y - j;
  const float *at = search->gray + (gsize) j * search->width + i;

  return (1 - b) * ((1 - a) * at[0] + a * at[1])
         + b * ((1 - a) * at[search->width] + a * at[search->width + 1]);
}

static gboolean
is_within (const Search *search, float x, float y, float margin)
{
  return x >= margin && y >= margin && x < search->width - 1 - margin
         && y < search->height - 1 - margin;
}

/* Looks along a stretch from (@x, @y). It stands out as far as it does so from both sides. */
static Stretch
look (const Search *search, float x, float y, float dx, float dy)
{
  double  left = 0, right = 0, sum = 0, squares = 0, background = 0, weaker, error;
  Stretch stretch = { 0 };

  for (int k = 0; k < STRETCH; k++, x += dx, y += dy)
    {
      float middle, a, b, both;

      if (!is_within (search, x, y, FAR_SIDE))
        continue;
      middle = (sample (search, x - dy, y + dx) + 2 * sample (search, x, y)
                + sample (search, x + dy, y - dx))
               / 4;
      a = (sample (search, x - NEAR_SIDE * dy, y + NEAR_SIDE * dx)
           + sample (search, x - FAR_SIDE * dy, y + FAR_SIDE * dx))
          / 2;
      b = (sample (search, x + NEAR_SIDE * dy, y - NEAR_SIDE * dx)
           + sample (search, x + FAR_SIDE * dy, y - FAR_SIDE * dx))
          / 2;
      both = middle - (a + b) / 2;
      left += middle - a;
      right += middle - b;
      sum += both;
      squares += both * both;
      background += (a + b) / 2;
      stretch.n++;
    }
  if (stretch.n < STRETCH / 4)
    return (Stretch) { .n = stretch.n };
  stretch.background = background / stretch.n;
  stretch.contrast   = sum / stretch.n;
  stretch.step       = fabs (left - right) / stretch.n;
  if (left * right <= 0)
    return stretch;
  weaker = (fabs (left) < fabs (right) ? left : right) / stretch.n;
  error  = sqrt (MAX (squares / stretch.n - sum * sum / ((double) stretch.n * stretch.n), 0)
                 + LEAST_NOISE * LEAST_NOISE)
          / sqrt (stretch.n);
  stretch.t = weaker / error;
  return stretch;
}

typedef struct
{
  float   *x, *y;
  Stretch *seen;
  int      n, most; /* stretches */
} Track;

/* Follows a line from (@x, @y) for as long as it is seen. */
static void
follow (const Search *search, float x, float y, float dx, float dy, float sign, Track *track)
{
  int missing = 0, good = 0;

  track->x[0] = x;
  track->y[0] = y;
  for (track->n = 0; track->n < track->most && missing < MISSING;)
    {
      Stretch best = { 0 };
      float   turn = 0;

      for (int k = 0; k <= 2 * ASIDE; k++)
        {
          /* The straight one first, which wins where all are alike. */
          float   aside = (k + 1) / 2 * (k & 1 ? 1.0f : -1.0f) / STRETCH;
          Stretch there = look (search, x, y, dx - aside * dy, dy + aside * dx);

          if (there.t * sign > best.t * sign || k == 0)
            {
              best = there;
              turn = aside;
            }
        }
      if (best.n < STRETCH / 4)
        break;
      if (best.t * sign < SEEN)
        {
          turn = 0;
          missing++;
        }
      else
        missing = 0;
      x += STRETCH * (dx - turn * dy);
      y += STRETCH * (dy + turn * dx);
      {
        float ex = dx - 0.5f * turn * dy, ey = dy + 0.5f * turn * dx, size = hypotf (ex, ey);

        dx = ex / size;
        dy = ey / size;
      }
      track->seen[track->n++] = best;
      track->x[track->n]      = x;
      track->y[track->n]      = y;
      if (missing == 0)
        good = track->n;
    }
  track->n = good;
}

static Track
track_new (int most)
{
  return (Track) { .x    = g_new (float, most + 1),
                   .y    = g_new (float, most + 1),
                   .seen = g_new (Stretch, most),
                   .most = most };
}

static void
track_clear (Track *track)
{
  g_free (track->x);
  g_free (track->y);
  g_free (track->seen);
}

static void
line_free (gpointer data)
{
  HlLine *line = data;

  g_free (line->x);
  g_free (line->y);
  g_free (line);
}

/* The mean profile across the line; its width at half of its height. */
static double
measure_width (const Search *search, const HlLine *line)
{
  double profile[2 * PROFILE + 1] = { 0 }, side, top;
  int    first = PROFILE, last = PROFILE, n = 0;

  for (int i = 0; i + 1 < line->n; i++)
    {
      float dx = line->x[i + 1] - line->x[i], dy = line->y[i + 1] - line->y[i];
      float size = hypotf (dx, dy);

      for (float k = 0; k < size; k += 2)
        {
          float x = line->x[i] + k * dx / size, y = line->y[i] + k * dy / size;

          if (!is_within (search, x, y, PROFILE + 1))
            continue;
          for (int j = -PROFILE; j <= PROFILE; j++)
            profile[j + PROFILE] += sample (search, x - j * dy / size, y + j * dx / size);
          n++;
        }
    }
  if (n == 0)
    return 1;
  side = (profile[0] + profile[1] + profile[2 * PROFILE - 1] + profile[2 * PROFILE]) / 4;
  top  = profile[PROFILE] - side;
  while (first > 0 && (profile[first - 1] - side) * top > 0.5 * top * top)
    first--;
  while (last < 2 * PROFILE && (profile[last + 1] - side) * top > 0.5 * top * top)
    last++;
  return last - first + 1;
}

/* How long the straight line through both ends is within the picture. */
static double
measure_chord (const Search *search, const HlLine *line)
{
  double dx = line->x[line->n - 1] - line->x[0], dy = line->y[line->n - 1] - line->y[0];
  double size = hypot (dx, dy), low = -G_MAXDOUBLE, high = G_MAXDOUBLE;
  double from[2] = { line->x[0], line->y[0] }, step[2] = { dx / size, dy / size };
  double end[2] = { search->width - 1, search->height - 1 };

  for (int k = 0; k < 2; k++)
    if (fabs (step[k]) > 1e-6)
      {
        double a = -from[k] / step[k], b = (end[k] - from[k]) / step[k];

        low  = MAX (low, MIN (a, b));
        high = MIN (high, MAX (a, b));
      }
  return MAX (high - low, size);
}

static HlLine *
make_line (const Search *search, const Track *back, const Track *on)
{
  HlLine *line = g_new0 (HlLine, 1);
  int     all = back->n + on->n, seen = 0;
  double  mean = 0, squares = 0, contrasts = 0, chord;

  line->n = all + 1;
  line->x = g_new (float, line->n);
  line->y = g_new (float, line->n);
  for (int i = 0; i < line->n; i++)
    {
      line->x[i] = i < back->n ? back->x[back->n - i] : on->x[i - back->n];
      line->y[i] = i < back->n ? back->y[back->n - i] : on->y[i - back->n];
    }
  for (int i = 0; i < all; i++)
    {
      const Stretch *stretch = i < back->n ? &back->seen[i] : &on->seen[i - back->n];

      line->signal += fabs (stretch->t) / all;
      line->contrast += stretch->contrast / all;
      line->step += stretch->step / all;
      contrasts += stretch->contrast * stretch->contrast / all;
      mean += stretch->background / all;
      squares += stretch->background * stretch->background / all;
      seen += fabs (stretch->t) > SEEN;
    }
  line->steady = (double) seen / all;
  line->step /= MAX (fabs (line->contrast), 1e-4);
  line->uneven = sqrt (MAX (contrasts - line->contrast * line->contrast, 0))
                 / MAX (fabs (line->contrast), 1e-4);
  line->spread = sqrt (MAX (squares - mean * mean, 0)) / MAX (fabs (line->contrast), 1e-4);
  line->length = all * STRETCH;
  line->width  = measure_width (search, line);
  chord        = measure_chord (search, line);
  line->span   = MIN (line->length / chord, 1);
  for (int i = 1; i + 1 < line->n; i++)
    {
      double dx = line->x[line->n - 1] - line->x[0], dy = line->y[line->n - 1] - line->y[0];
      double aside = fabs (dx * (line->y[i] - line->y[0]) - dy * (line->x[i] - line->x[0]))
                     / MAX (hypot (dx, dy), 1);

      line->straight = MAX (line->straight, aside);
    }
  return line;
}

/* Whether a candidate lies on a line that is known. */
static gboolean
is_known (const GPtrArray *lines, const Candidate *candidate)
{
  for (guint k = 0; k < lines->len; k++)
    {
      const HlLine *line = g_ptr_array_index (lines, k);

      for (int i = 0; i + 1 < line->n; i++)
        {
          float dx = line->x[i + 1] - line->x[i], dy = line->y[i + 1] - line->y[i];
          float size = hypotf (dx, dy), ex = candidate->x - line->x[i];
          float ey    = candidate->y - line->y[i];
          float along = (ex * dx + ey * dy) / size, aside = fabsf (ex * dy - ey * dx) / size;
          float parallel = fabsf (dx * candidate->dx + dy * candidate->dy) / size;

          if (along > -STRETCH && along < size + STRETCH && aside < SAME && parallel > 0.99f)
            return TRUE;
        }
    }
  return FALSE;
}

static int
compare_strength (gconstpointer a, gconstpointer b)
{
  float x = fabsf (((const Candidate *) a)->strength),
        y = fabsf (((const Candidate *) b)->strength);

  return (x < y) - (x > y);
}

static void
follow_all (const Search *search, guint count, GPtrArray *lines)
{
  int   most = (int) hypot (search->width, search->height) / STRETCH + 2;
  Track back = track_new (most), on = track_new (most);

  for (guint k = 0; k < count && !g_cancellable_is_cancelled (search->cancel); k++)
    {
      const Candidate *from = &search->candidates[k];
      float            sign = from->strength > 0 ? 1 : -1;
      HlLine          *line;

      if (from->strength == 0)
        break;
      if (is_known (lines, from))
        continue;
      follow (search, from->x, from->y, from->dx, from->dy, sign, &on);
      follow (search, from->x, from->y, -from->dx, -from->dy, sign, &back);
      if (back.n + on.n < FEWEST)
        continue;
      line = make_line (search, &back, &on);
      if (line->steady >= LEAST_STEADY)
        g_ptr_array_add (lines, line);
      else
        line_free (line);
    }
  track_clear (&back);
  track_clear (&on);
}

/**
 * hl_lines_find:
 * @reduced: the photograph at the size at which it is looked at
 * @window: which part of it
 * @pool: threads
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Finds what is thin, straight and long. Four bytes a pixel of the window are taken meanwhile.
 *
 * Returns: (transfer full) (element-type HlLine): lines, the clearest first, in pixels of @window;
 *   not all of them are damage
 */
GPtrArray *
hl_lines_find (const HlReduced *reduced, const HlTile *window, HlPool *pool, GCancellable *cancel,
               GError **error)
{
  int   width = window->right - window->left, height = window->bottom - window->top;
  int   across = (width + N - 1) / N, squares = across * ((height + N - 1) / N);
  gsize pixels                  = (gsize) width * height;
  guint count                   = 4 * squares * CANDIDATES;
  g_autoptr (GPtrArray) lines   = g_ptr_array_new_with_free_func (line_free);
  g_autofree float     *gray    = g_try_new (float, pixels + width + 2);
  g_autofree float     *row     = g_try_new (float, 3 * (gsize) width);
  g_autofree float     *scratch = g_try_new (float, (gsize) hl_pool_get_threads (pool) * SCRATCH);
  g_autofree Candidate *candidates = g_try_new0 (Candidate, count);
  Search                search     = { gray, width, height, across, scratch, candidates, cancel };

  if (!gray || !row || !scratch || !candidates)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  for (int y = 0; y < height; y++)
    {
      float *planes[] = { row, row + width, row + 2 * (gsize) width };

      hl_reduced_read (reduced, window->top + y, window->left, width, planes);
      for (int x = 0; x < width; x++)
        gray[(gsize) y * width + x] = (planes[0][x] + planes[1][x] + planes[2][x]) / 3;
    }
  hl_pool_run (pool, 4 * squares, search_job, &search);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  qsort (candidates, count, sizeof *candidates, compare_strength);
  follow_all (&search, count, lines);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  return g_steal_pointer (&lines);
}

/* The most that the map holds at a place of a stretch or beside it; below 0 where that is outside.
 */
static int
read_map (const HlLine *line, int stretch, int k, int offset_x, int offset_y, int factor,
          const guint8 *map, int width, int height)
{
  float share = (float) k / STRETCH, x, y;
  int   most  = 0;

  x = (line->x[stretch] + share * (line->x[stretch + 1] - line->x[stretch])) * factor + offset_x;
  y = (line->y[stretch] + share * (line->y[stretch + 1] - line->y[stretch])) * factor + offset_y;
  if (x < 1 || y < 1 || x > width - 2 || y > height - 2)
    return -1;
  for (int j = -1; j <= 1; j++)
    for (int h = -1; h <= 1; h++)
      most = MAX (most, map[(gsize) (lrintf (y) + j) * width + lrintf (x) + h]);
  return most;
}

/**
 * hl_lines_weigh:
 * @line: a line; its evidence is set
 * @offset_x: column of the map at which the line's own begin
 * @offset_y: row, likewise
 * @factor: pixels of the map to one of the line
 * @map: (@height, @width), the network's, as hl_evidence_encode() gives it
 * @width: columns
 * @height: rows
 */
void
hl_lines_weigh (HlLine *line, int offset_x, int offset_y, int factor, const guint8 *map, int width,
                int height)
{
  double sum = 0;
  gsize  n   = 0;

  for (int i = 0; i + 1 < line->n; i++)
    for (int k = 0; k < STRETCH; k++)
      {
        int most = read_map (line, i, k, offset_x, offset_y, factor, map, width, height);

        sum += most < 0 ? 0 : hl_evidence_decode (most);
        n += most >= 0;
      }
  line->evidence = n ? sum / n : 0;
}

/**
 * hl_lines_cut_ends:
 * @line: a line
 * @offset_x: as for hl_lines_weigh()
 * @offset_y: likewise
 * @factor: likewise
 * @map: (@height, @width), the odds of the pieces as wholes
 * @width: columns
 * @height: rows
 *
 * Where most of a line has been found without it, it is that damage: a crack, a part of which is
 * straight. Such a line closes gaps only. Beyond the last stretch that was found, the crack bends
 * away or ends: as much of the line is cut off.
 */
void
hl_lines_cut_ends (HlLine *line, int offset_x, int offset_y, int factor, const guint8 *map,
                   int width, int height)
{
  int found = 0, all = 0, first = -1, last = -1;

  for (int i = 0; i + 1 < line->n; i++)
    {
      int here = 0, n = 0;

      for (int k = 0; k < STRETCH; k++)
        {
          int most = read_map (line, i, k, offset_x, offset_y, factor, map, width, height);

          here += most >= HL_EVIDENCE_EVEN;
          n += most >= 0;
        }
      found += here;
      all += n;
      if (here < FOUND * n || n == 0)
        continue;
      first = first < 0 ? i : first;
      last  = i;
    }
  if (first < 0 || found < MOSTLY * all)
    return;
  line->n = last + 2 - first;
  memmove (line->x, line->x + first, line->n * sizeof *line->x);
  memmove (line->y, line->y + first, line->n * sizeof *line->y);
}

/**
 * hl_lines_judge:
 * @line: a line
 * @factor: pixels of the size at which the photograph is looked at to one of the line
 *
 * A logistic score. It was fitted to lines in 102 photographs of BSD500: 252 of scratches drawn
 * across 58 of them (straight; 116 that add 0.06 to 0.25, 1.2 pixels in sigma, at six angles; 58 of
 * an opacity of 0.3 to 0.7, 0.8 to 2 pixels) and 780 wires, bars, trunks and edges. What tells most
 * is how even the contrast is along the line beside how much the picture varies there: a scratch
 * lies on the print and adds as much to all that it crosses. What the network says counts only
 * where it is rather sure that there is nothing. Judged by a fit without their photograph, 124 of
 * the 174 scratches are taken; of 40 on 20 photographs that are not in the fit 39, and of 82
 * undamaged ones that are not in it two have a line that is taken.
 *
 * Returns: the logarithm of the odds that it is a scratch
 */
double
hl_lines_judge (const HlLine *line, int factor)
{
  if (fabs (line->contrast) < LEAST_CONTRAST || line->signal < LEAST_SIGNAL
      || line->step > MOST_STEP)
    return -G_MAXFLOAT;
  return 0.9 * MIN (line->evidence + 1, 0) + 0.87 * log (line->signal)
         + 3.96 * log (MIN (line->spread, MOST_SPREAD) + 0.2) + 5.76 * line->span
         - 7.99 * line->uneven - 2.87 * line->step - 0.85 * line->straight
         - 1.19 * MAX (line->width - 4, 0) + 0.85 * log (line->width)
         + 1.84 * log (line->length * factor) + 3.05 * log (MIN (fabs (line->contrast) / FAINT, 1))
         - 13.9 - CAUTION;
}

/**
 * hl_lines_draw:
 * @line: a line
 * @offset_x: column of the map at which the line's own begin
 * @offset_y: row, likewise
 * @factor: pixels of the map to one of the line
 * @code: as hl_evidence_encode() gives it
 * @map: (@height, @width), raised to @code where the line lies
 * @width: columns
 * @height: rows
 */
void
hl_lines_draw (const HlLine *line, int offset_x, int offset_y, int factor, guint8 code, guint8 *map,
               int width, int height)
{
  float half = MAX (0.5f * line->width, 0.75f) * factor;

  for (int i = 0; i + 1 < line->n; i++)
    {
      float x0     = (line->x[i] + 0.5f) * factor - 0.5f + offset_x;
      float y0     = (line->y[i] + 0.5f) * factor - 0.5f + offset_y;
      float dx     = (line->x[i + 1] - line->x[i]) * factor;
      float dy     = (line->y[i + 1] - line->y[i]) * factor;
      float size   = hypotf (dx, dy);
      int   left   = MAX ((int) (MIN (x0, x0 + dx) - half), 0);
      int   top    = MAX ((int) (MIN (y0, y0 + dy) - half), 0);
      int   right  = MIN ((int) (MAX (x0, x0 + dx) + half) + 1, width - 1);
      int   bottom = MIN ((int) (MAX (y0, y0 + dy) + half) + 1, height - 1);

      for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++)
          {
            float along = ((x - x0) * dx + (y - y0) * dy) / size;
            float aside = fabsf ((x - x0) * dy - (y - y0) * dx) / size;

            if (along > -half && along < size + half && aside <= half)
              map[(gsize) y * width + x] = MAX (map[(gsize) y * width + x], code);
          }
    }
}

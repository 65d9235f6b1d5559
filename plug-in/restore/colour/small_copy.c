/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small copy of a photograph, in densities, to estimate its colours from: the first step there.
 *
 * Means over some 4096 cells have no grain left, and all that follows takes no time.  Small blacks
 * and whites are not in them; histograms over some 262144 cells have these.  A border of bare paper
 * is left out and remembered, as it says what has become of white; the black about a scan or a
 * frame is left out too. */
#include "restore/colour/small_copy.h"

#include <math.h>
#include <stdlib.h>

#include "restore/colour/density.h"
#include "restore/error.h"

#define CELLS 4096
#define FINE_CELLS 262144

/* Of a large cell not all rows and columns are looked at, but at least so many: grain is even then
 * a 16th of what it was, and the window waits for this. */
#define SAMPLES 16
#define FINE_SAMPLES 2

/* The density of the first bin of the histograms, and bins per density. */
#define FIRST (-0.25f)
#define BINS HL_SMALL_COPY_BINS
#define PER_DENSITY 1024

/* What is brighter, times white, is no part of a picture. */
#define BRIGHTEST 1e4f

/* A border is uniform within this density, over this share of each row of it, and no darker than
 * the lightest of the photograph by more than this. */
#define UNIFORM 0.08
#define SHARE 0.85
#define DARKER 0.05

/* The black about a scan. */
#define BLACK 2.2
#define BLACK_SHARE 0.95

/* More of the picture than this is no border. */
#define MOST_BORDER 0.3

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static gboolean
is_sound (const HlImage *image, const float *target, const guint8 *source, gsize at)
{
  gsize pixels = (gsize) image->width * image->height;

  if ((target && target[at] > 0) || (source && !source[at]))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    if (!(fabsf (image->planes[c * pixels + at]) < BRIGHTEST))
      return FALSE;
  return TRUE;
}

/* Cell (@x, @y) of @width x @height: its mean, if at least half of it is sound. */
static gboolean
read_cell (const HlImage *image, const float *target, const guint8 *source, int width, int height,
           int x, int y, int samples, float mean[3])
{
  int    top = (gint64) y * image->height / height, left = (gint64) x * image->width / width;
  int    bottom = (gint64) (y + 1) * image->height / height;
  int    right  = (gint64) (x + 1) * image->width / width;
  int    step   = MAX (1, MIN (image->width / width, image->height / height) / samples);
  gsize  pixels = (gsize) image->width * image->height, n = 0, all = 0;
  double sum[3] = { 0 };

  for (int row = top; row < bottom; row += step)
    for (int column = left; column < right; column += step)
      {
        gsize at = (gsize) row * image->width + column;

        all++;
        if (!is_sound (image, target, source, at))
          continue;
        n++;
        for (int c = 0; c < image->channels; c++)
          sum[c] += image->planes[c * pixels + at];
      }
  for (int c = 0; c < image->channels; c++)
    mean[c] = n > 0 ? sum[c] / n : 0;
  return 2 * n >= all;
}

static void
reduce (HlSmallCopy *self, const HlImage *image, const float *target, const guint8 *source)
{
  gsize cells = (gsize) self->width * self->height;
  float mean[3];

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      {
        gsize to = (gsize) y * self->width + x;

        self->known[to]
            = read_cell (image, target, source, self->width, self->height, x, y, SAMPLES, mean);
        for (int c = 0; c < image->channels; c++)
          self->planes[c * cells + to] = mean[c];
      }
  hl_density_from_values (self->planes, self->planes, self->channels * cells);
}

static int
get_size (int length, double share)
{
  return CLAMP ((int) (length * share + 0.5), 1, length);
}

static void
count (HlSmallCopy *self, int histogram, float density)
{
  int bin = (CLAMP (density, FIRST, 4) - FIRST) * PER_DENSITY;

  self->fine[histogram * BINS + MIN (bin, BINS - 1)]++;
}

/* The histograms, of what is known. */
static void
look_closely (HlSmallCopy *self, const HlImage *image, const float *target, const guint8 *source)
{
  double share = MIN (1, sqrt (FINE_CELLS / ((double) image->width * image->height)));
  int    width = get_size (image->width, share), height = get_size (image->height, share);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int   column = (gint64) (2 * x + 1) * self->width / (2 * width);
        int   row    = (gint64) (2 * y + 1) * self->height / (2 * height);
        float d[3];

        if (!self->known[(gsize) row * self->width + column]
            || !read_cell (image, target, source, width, height, x, y, FINE_SAMPLES, d))
          continue;
        hl_density_from_values (d, d, 3);
        for (int c = 0; c < 3; c++)
          count (self, c, d[c]);
        count (self, 3, MIN (MIN (d[0], d[1]), d[2]));
        count (self, 4, MAX (MAX (d[0], d[1]), d[2]));
        self->fine_n++;
      }
}

/* A line of cells: row or column @k from one of the four sides, left, top, right, bottom. */
static gsize
get_cell (const HlSmallCopy *self, int side, int k, int i)
{
  int x = side == 0 ? k : side == 2 ? self->width - 1 - k : i;
  int y = side == 1 ? k : side == 3 ? self->height - 1 - k : i;

  return (gsize) y * self->width + x;
}

static int
get_length (const HlSmallCopy *self, int side)
{
  return side % 2 == 0 ? self->height : self->width;
}

typedef struct
{
  gboolean is_black;
  double   paper[3];
} Border;

static gboolean
is_border (const HlSmallCopy *self, const Border *border, gsize cell)
{
  gsize cells = (gsize) self->width * self->height;

  for (int c = 0; c < self->channels; c++)
    {
      double d = self->planes[c * cells + cell];

      if (border->is_black ? d < BLACK : fabs (d - border->paper[c]) > UNIFORM)
        return FALSE;
    }
  return TRUE;
}

/* How many lines from a side are border. */
static int
count_lines (const HlSmallCopy *self, const Border *border, int side)
{
  int length = get_length (self, side), most = get_length (self, side + 1) * MOST_BORDER;

  for (int k = 0; k < most; k++)
    {
      int n = 0;

      for (int i = 0; i < length; i++)
        n += is_border (self, border, get_cell (self, side, k, i));
      if (n < length * (border->is_black ? BLACK_SHARE : SHARE))
        return k;
    }
  return 0; /* no border ends here: it is the picture that is so */
}

/* The line where border and picture meet goes too. */
static void
leave_out (HlSmallCopy *self, const int lines[4])
{
  for (int side = 0; side < 4; side++)
    for (int k = 0; lines[side] > 0 && k < lines[side] + 1; k++)
      for (int i = 0; i < get_length (self, side); i++)
        self->known[get_cell (self, side, k, i)] = FALSE;
}

static double
find_quantile (float *values, int n, double share)
{
  qsort (values, n, sizeof (float), compare_floats);
  return values[(int) (share * (n - 1))];
}

/* The density that most of the rim has, and that of the lightest of the photograph. */
static gboolean
find_paper (HlSmallCopy *self, Border *border, float *scratch)
{
  gsize  cells    = (gsize) self->width * self->height;
  double lightest = 0, paper = 0;

  for (int c = 0; c < self->channels; c++)
    {
      const float *plane = self->planes + c * cells;
      int          n     = 0;

      for (int side = 0; side < 4; side++)
        for (int i = 0; i < get_length (self, side); i++)
          scratch[n++] = plane[get_cell (self, side, 0, i)];
      border->paper[c] = find_quantile (scratch, n, 0.5);
      n                = 0;
      for (gsize i = 0; i < cells; i++)
        if (self->known[i])
          scratch[n++] = plane[i];
      if (n == 0)
        return FALSE;
      lightest += find_quantile (scratch, n, 0.02) / self->channels;
      paper += border->paper[c] / self->channels;
    }
  return paper <= lightest + DARKER;
}

static void
find_border (HlSmallCopy *self, float *scratch)
{
  Border border = { .is_black = TRUE };
  int    lines[4];

  for (int side = 0; side < 4; side++)
    lines[side] = count_lines (self, &border, side);
  leave_out (self, lines);

  border.is_black = FALSE;
  if (MIN (self->width, self->height) < 8 || !find_paper (self, &border, scratch))
    return;
  for (int side = 0; side < 4; side++)
    {
      lines[side] = count_lines (self, &border, side);
      if (lines[side] == 0)
        return;
    }
  leave_out (self, lines);
  self->has_paper = TRUE;
  for (int c = 0; c < self->channels; c++)
    self->paper[c] = border.paper[c];
}

/**
 * hl_small_copy_new:
 * @image: (C, H, W), a photograph
 * @target: (nullable): (H, W), sound where 0
 * @source: (nullable): (H, W), sound where not 0
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): its small copy, or %NULL
 */
HlSmallCopy *
hl_small_copy_new (const HlImage *image, const float *target, const guint8 *source, GError **error)
{
  double share                 = MIN (1, sqrt (CELLS / ((double) image->width * image->height)));
  g_autoptr (HlSmallCopy) self = g_new0 (HlSmallCopy, 1);
  g_autofree float *scratch    = NULL;
  gsize             cells;

  self->channels = image->channels;
  self->width    = get_size (image->width, share);
  self->height   = get_size (image->height, share);
  cells          = (gsize) self->width * self->height;
  self->planes   = g_try_new (float, self->channels *cells);
  self->known    = g_try_new (guint8, cells);
  self->fine     = g_try_new0 (guint32, 5 * BINS);
  scratch        = g_try_new (float, cells + 4 * (self->width + self->height));
  if (!self->planes || !self->known || !self->fine || !scratch)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  reduce (self, image, target, source);
  find_border (self, scratch);
  if (image->channels == 3)
    look_closely (self, image, target, source);
  for (gsize i = 0; i < cells; i++)
    self->n += self->known[i] != 0;
  return g_steal_pointer (&self);
}

/**
 * hl_small_copy_get_quantile:
 * @self: of a colour photograph with something known
 * @histogram: 0..4, which of them
 * @share: 0..1
 *
 * Returns: the density below which are @share of what was counted
 */
double
hl_small_copy_get_quantile (const HlSmallCopy *self, int histogram, double share)
{
  guint64 wanted = share * (self->fine_n - 1), seen = 0;
  int     bin = 0;

  while (bin < BINS - 1 && (seen += self->fine[histogram * BINS + bin]) <= wanted)
    bin++;
  return FIRST + (bin + 0.5) / PER_DENSITY;
}

/**
 * hl_small_copy_free:
 * @self: (nullable): may be %NULL
 */
void
hl_small_copy_free (HlSmallCopy *self)
{
  if (!self)
    return;
  g_free (self->planes);
  g_free (self->known);
  g_free (self->fine);
  g_free (self);
}

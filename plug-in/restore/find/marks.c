/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first half of finding damage: everything in a photograph that is thin or small and
 * brighter or darker than its surroundings, and what it looks like. Which of these marks
 * are damage is for detect.c to say.
 *
 * What a top-hat with a disc wider than any damage leaves (tophat.c) is cut at several levels, as
 * in a component tree (L. Najman, M. Couprie, "Building the component tree in quasi-linear time",
 * IEEE Trans. Image Processing 15(11), 2006), and each piece that hangs together is one candidate:
 * a scratch keeps its outline from cut to cut, and where it crosses something else, one of the cuts
 * sets it free. */

#include "restore/find/marks.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/find/tophat.h"

/* What one cut leaves: pixels with a top above the level and a value above the floor. The
 * first cuts free a scratch of one colour from whatever duller things it crosses, the
 * others one that stands out; each kind goes from the smaller marks to the larger. */
typedef struct
{
  float level;
  float floor;
} Cut;

static const Cut cuts[] = {
  { 0.07f, 0.94f }, { 0.07f, 0.88f }, { 0.07f, 0.82f }, { 0.07f, 0.76f }, { 0.07f, 0.7f },
  { 0.566f, 0.0f }, { 0.4f, 0.0f },   { 0.283f, 0.0f }, { 0.2f, 0.0f },   { 0.141f, 0.0f },
  { 0.1f, 0.0f },   { 0.071f, 0.0f }, { 0.05f, 0.0f },
};

/* The rim of a mark lies where it has fallen to this share of its mean height. */
#define RIM_HEIGHT 0.5f

/* The widest damage that the features are normalised to, pixels. */
#define NORMAL_SIZE 8.0

/* Pixels between two looks at whether somebody has cancelled. */
#define PATIENCE 16384

/* Steps of the histogram that tells how rough the surroundings are, and where it ends. */
#define BINS 256
#define ROUGHEST 0.5f

/* The shares of the surroundings that stand out less than the two measures of roughness. */
#define QUANTILES 2
static const double quantiles[QUANTILES] = { 0.5, 0.85 };

struct _HlMarkField
{
  int      width;
  int      height;
  double   scale;     /* widest damage : NORMAL_SIZE */
  float   *values[2]; /* (H, W) bright, dark: near 1 where a pixel is near white, black */
  float   *tops[2];   /* (H, W) how far each rises above its surroundings */
  float   *roughness; /* (rows, columns, QUANTILES) what stands out of the surroundings */
  int      block;     /* pixels a side that share a value of it */
  int      columns;
  guint32 *pixels; /* (H × W) those of the mark at hand */
  guint8  *stamps; /* (H, W) the last cut in which a pixel was seen, from 1 */
};

/* Splits @image into what is near white and what is near black. Damage has no colour: a
 * coloured pixel is neither. */
static void
split (HlMarkField *self, const HlImage *image)
{
  gsize size = (gsize) image->width * image->height;

  for (gsize i = 0; i < size; i++)
    {
      float least = 1.0f, most = 0.0f;

      for (int c = 0; c < image->channels; c++)
        {
          float value = image->planes[c * size + i];

          /* Written so that a NaN becomes 0. */
          value = value > 0.0f ? MIN (value, 1.0f) : 0.0f;
          least = MIN (least, value);
          most  = MAX (most, value);
        }
      self->values[0][i] = least;
      self->values[1][i] = 1.0f - most;
    }
}

/* How far pixels around a block usually stand up or down, in quantiles, which a few marks
 * hardly move. Windows are twice as wide as blocks, so that neighbours agree. */
static void
find_roughness (HlMarkField *self, int column, int row)
{
  float *roughness    = self->roughness + ((gsize) row * self->columns + column) * QUANTILES;
  gsize  counts[BINS] = { 0 }, n = 0, sum = 0;
  int    x1 = column * self->block - self->block / 2, y1 = row * self->block - self->block / 2;
  int    x2 = MIN (x1 + 2 * self->block, self->width);
  int    y2 = MIN (y1 + 2 * self->block, self->height);

  for (int y = MAX (y1, 0); y < y2; y++)
    for (int x = MAX (x1, 0); x < x2; x++)
      {
        gsize i   = (gsize) y * self->width + x;
        float top = (self->tops[0][i] + self->tops[1][i]) * (BINS / ROUGHEST);

        counts[top < BINS ? (int) top : BINS - 1]++;
        n++;
      }
  for (int quantile = 0, bin = 0; quantile < QUANTILES; quantile++)
    {
      while (bin < BINS - 1 && sum + counts[bin] < quantiles[quantile] * n)
        sum += counts[bin++];
      roughness[quantile] = (bin + 0.5f) * (ROUGHEST / BINS);
    }
}

static void
tell (const HlProgress *control, double fraction)
{
  hl_progress_report (control, fraction, 0);
}

/**
 * hl_mark_field_new:
 * @image: a photograph
 * @size: the largest width of damage, pixels, 1..40
 * @control: to cancel and to follow the work; @stop and @result are not looked at
 * @error: return location for a #GError
 *
 * Prepares a photograph for hl_mark_field_visit(). It takes about 30 bytes a pixel.
 *
 * Returns: (transfer full): the field, or %NULL with %HL_ERROR_MEMORY or
 *   %G_IO_ERROR_CANCELLED
 */
HlMarkField *
hl_mark_field_new (const HlImage *image, int size, const HlProgress *control, GError **error)
{
  g_autoptr (HlMarkField) self = g_new0 (HlMarkField, 1);
  g_autofree float *room       = g_try_new (float, 3 * (gsize) image->width);
  gsize             n          = (gsize) image->width * image->height;
  gboolean          has_room   = room && n <= G_MAXUINT32;
  int               rows;

  self->width   = image->width;
  self->height  = image->height;
  self->scale   = size / NORMAL_SIZE;
  self->block   = 3 * MAX (size, 4);
  self->columns = (image->width + self->block - 1) / self->block;
  rows          = (image->height + self->block - 1) / self->block;
  for (int dark = 0; has_room && dark < 2; dark++)
    {
      self->values[dark] = g_try_new (float, n);
      self->tops[dark]   = g_try_new (float, n);
      has_room           = self->values[dark] && self->tops[dark];
    }
  if (has_room)
    {
      self->pixels    = g_try_new (guint32, n);
      self->stamps    = g_try_new (guint8, n);
      self->roughness = g_try_new (float, QUANTILES *(gsize) self->columns *rows);
    }
  if (!self->pixels || !self->stamps || !self->roughness)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }

  split (self, image);
  for (int dark = 0; dark < 2; dark++)
    {
      hl_top_hat (self->values[dark], self->tops[dark], image->width, image->height, (size + 1) / 2,
                  room, control->cancel);
      tell (control, (dark + 1) / 3.0);
    }
  for (int row = 0; row < rows && !g_cancellable_is_cancelled (control->cancel); row++)
    for (int column = 0; column < self->columns; column++)
      find_roughness (self, column, row);
  if (g_cancellable_set_error_if_cancelled (control->cancel, error))
    return NULL;
  tell (control, 1.0);
  return g_steal_pointer (&self);
}

/**
 * hl_mark_field_get_size:
 * @self: a photograph
 * @width: (out): its columns
 * @height: (out): its rows
 */
void
hl_mark_field_get_size (const HlMarkField *self, int *width, int *height)
{
  *width  = self->width;
  *height = self->height;
}

static inline gboolean
is_left (const HlMarkField *self, gboolean dark, const Cut *cut, gsize i)
{
  return self->tops[dark][i] > cut->level && self->values[dark][i] > cut->floor;
}

/* Collects the pixels that @cut leaves and that hang together with @start over sides and
 * corners. Returns how many, or 0 once @cancel is cancelled. */
static gsize
collect (HlMarkField *self, gboolean dark, const Cut *cut, guint8 stamp, gsize start,
         GCancellable *cancel)
{
  gsize n = 1;

  self->pixels[0]     = start;
  self->stamps[start] = stamp;
  for (gsize k = 0; k < n; k++)
    {
      int x = self->pixels[k] % self->width, y = self->pixels[k] / self->width;

      if (k % PATIENCE == PATIENCE - 1 && g_cancellable_is_cancelled (cancel))
        return 0;
      for (int j = MAX (y - 1, 0); j <= MIN (y + 1, self->height - 1); j++)
        for (int i = MAX (x - 1, 0); i <= MIN (x + 1, self->width - 1); i++)
          {
            gsize at = (gsize) j * self->width + i;

            if (self->stamps[at] != stamp && is_left (self, dark, cut, at))
              {
                self->stamps[at]  = stamp;
                self->pixels[n++] = at;
              }
          }
    }
  return n;
}

/* Drops those of the @n pixels collected that are not above @rim. Returns how many stay. */
static gsize
trim (HlMarkField *self, const float *tops, float rim, gsize n)
{
  gsize kept = 0;

  for (gsize k = 0; k < n; k++)
    if (tops[self->pixels[k]] > rim)
      self->pixels[kept++] = self->pixels[k];
  return kept;
}

/* The sums over the pixels of a mark from which its features are made. */
typedef struct
{
  double top, value, roughness[QUANTILES];
  double near, far; /* how far the values fall one and two pixels across the rim */
  gsize  sides;     /* of pixels along the rim */
  int    left, right, highest, lowest;
} Sums;

static void
add_rim (const HlMarkField *self, const HlMark *mark, const Cut *rim, gsize at, int x, int y,
         Sums *sums)
{
  const float *values = self->values[mark->dark];

  for (int side = 0; side < 4; side++)
    {
      int      dx = (side == 0) - (side == 1), dy = (side == 2) - (side == 3);
      gboolean is_inside
          = x + dx >= 0 && x + dx < self->width && y + dy >= 0 && y + dy < self->height;
      gboolean has_second = x + 2 * dx >= 0 && x + 2 * dx < self->width && y + 2 * dy >= 0
                            && y + 2 * dy < self->height;
      gssize step = (gssize) dy * self->width + dx;

      /* A neighbour above the rim belongs to the mark: they hang together. */
      if (!is_inside || is_left (self, mark->dark, rim, at + step))
        continue;
      sums->near += values[at] - values[at + step];
      sums->far += values[at] - values[has_second ? at + 2 * step : at + step];
      sums->sides++;
    }
}

static void
add_pixels (const HlMarkField *self, const HlMark *mark, const Cut *rim, Sums *sums)
{
  for (gsize k = 0; k < mark->n; k++)
    {
      gsize        at = mark->pixels[k];
      int          x  = at % self->width;
      int          y  = at / self->width;
      const float *roughness
          = self->roughness
            + QUANTILES * ((gsize) (y / self->block) * self->columns + x / self->block);

      sums->top += mark->tops[at];
      sums->value += self->values[mark->dark][at];
      for (int quantile = 0; quantile < QUANTILES; quantile++)
        sums->roughness[quantile] += roughness[quantile];
      sums->left    = MIN (sums->left, x);
      sums->right   = MAX (sums->right, x);
      sums->highest = MIN (sums->highest, y);
      sums->lowest  = MAX (sums->lowest, y);
      add_rim (self, mark, rim, at, x, y, sums);
    }
}

/* How much the values of a mark scatter below and above @mean: a soft rim pulls down, but
 * only texture also pulls up. */
static void
find_spread (const float *values, const HlMark *mark, double mean, double *below, double *above)
{
  double down = 0.0, up = 0.0;

  for (gsize k = 0; k < mark->n; k++)
    {
      double difference = values[mark->pixels[k]] - mean;

      *(difference < 0.0 ? &down : &up) += difference * difference;
    }
  *below = sqrt (down / mark->n);
  *above = sqrt (up / mark->n);
}

/* Measures the @mark that @cut left and of which @rim keeps what is above its rim. */
static void
measure (const HlMarkField *self, const Cut *cut, const Cut *rim, HlMark *mark)
{
  Sums    sums     = { .left = self->width, .highest = self->height };
  double *features = mark->features, n = mark->n, top, area, width, below, above, box;

  add_pixels (self, mark, rim, &sums);
  top   = sums.top / n;
  area  = n / (self->scale * self->scale);
  width = 2.0 * n / (MAX (sums.sides, 1) * self->scale);
  box   = (sums.right - sums.left + 1.0) * (sums.lowest - sums.highest + 1.0);
  find_spread (self->values[mark->dark], mark, sums.value / n, &below, &above);

  features[HL_MARK_TOP]          = log (top);
  features[HL_MARK_AREA]         = log (area);
  features[HL_MARK_WIDTH]        = log (width);
  features[HL_MARK_LENGTH]       = log (1.0 + area / (width * width));
  features[HL_MARK_RIM]          = sums.near / MAX (sums.sides, 1) / top;
  features[HL_MARK_FAR_RIM]      = sums.far / MAX (sums.sides, 1) / top;
  features[HL_MARK_SPREAD_BELOW] = below / top;
  features[HL_MARK_SPREAD_ABOVE] = above / top;
  features[HL_MARK_VALUE]        = sums.value / n;
  features[HL_MARK_CONTRAST]     = log (top / (sums.roughness[0] / n + 0.01));
  features[HL_MARK_PROMINENCE]   = log (top / (sums.roughness[1] / n + 0.02));
  features[HL_MARK_LEVEL]        = log (cut->level);
  features[HL_MARK_FLOOR]        = cut->floor;
  features[HL_MARK_BOX]          = log (box / n);
}

/* Collects and measures the mark that contains pixel @start. */
static void
visit_mark (HlMarkField *self, gboolean dark, const Cut *cut, guint8 stamp, gsize start,
            HlMarkFunc func, gpointer user_data, GCancellable *cancel)
{
  const float *tops = self->tops[dark];
  gsize        n    = collect (self, dark, cut, stamp, start, cancel);
  HlMark       mark = { .dark = dark, .pixels = self->pixels, .tops = tops };
  Cut          rim  = *cut;
  double       sum  = 0.0;

  if (n == 0)
    return;
  for (gsize i = 0; i < n; i++)
    sum += tops[self->pixels[i]];
  rim.level = MAX (cut->level, RIM_HEIGHT * (float) (sum / n));
  mark.n    = trim (self, tops, rim.level, n);
  measure (self, cut, &rim, &mark);
  func (&mark, user_data);
}

/**
 * hl_mark_field_visit:
 * @self: a photograph
 * @func: called for each candidate
 * @user_data: for @func
 * @control: as for hl_mark_field_new()
 * @error: return location for a #GError
 *
 * Goes through all candidates: the bright ones and then the dark ones, each from the
 * smallest to the largest of each kind of cut.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED
 */
gboolean
hl_mark_field_visit (HlMarkField *self, HlMarkFunc func, gpointer user_data,
                     const HlProgress *control, GError **error)
{
  gsize  size  = (gsize) self->width * self->height;
  guint8 stamp = 0;

  memset (self->stamps, 0, size);
  for (int dark = 0; dark < 2; dark++)
    for (gsize k = 0; k < G_N_ELEMENTS (cuts); k++)
      {
        stamp++;
        for (gsize i = 0; i < size; i++)
          {
            if (i % PATIENCE == 0 && g_cancellable_set_error_if_cancelled (control->cancel, error))
              return FALSE;
            if (self->stamps[i] != stamp && is_left (self, dark, &cuts[k], i))
              visit_mark (self, dark, &cuts[k], stamp, i, func, user_data, control->cancel);
          }
        tell (control, stamp / (2.0 * G_N_ELEMENTS (cuts)));
      }
  return !g_cancellable_set_error_if_cancelled (control->cancel, error);
}

/**
 * hl_mark_field_free:
 * @self: (transfer full) (nullable): a field
 *
 * Frees the field.
 */
void
hl_mark_field_free (HlMarkField *self)
{
  if (!self)
    return;
  for (int dark = 0; dark < 2; dark++)
    {
      g_free (self->values[dark]);
      g_free (self->tops[dark]);
    }
  g_free (self->roughness);
  g_free (self->pixels);
  g_free (self->stamps);
  g_free (self);
}

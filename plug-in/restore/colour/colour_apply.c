/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes densities back to what they were, row by row.
 *
 * Of a colour photograph, with the matrix of dyes.c: D = matrix (D_faded - stain).  Of a gray one,
 * m being its density, u and v its tone (toned.c):
 *
 *   d = (m - 0.52 field_v - stain) / share
 *
 * and red, green and blue are d itself, d with the tone of the curve, or as far from d as they were
 * from m.  The yellow of old paper and of stains is taken to be 0.1, 0.35 and 1 parts of density in
 * red, green and blue, so that where blue - green is v more, m is 0.52 v more.
 *
 * Only what stands out from the grain is raised so (above_grain.c), the grain itself is added as
 * strong as it was.  Nothing is clipped: what would become lighter than white or darker than black
 * is bent (hl_density_limit()).  All is float, so that gradients stay as smooth as they are. */
#include <math.h>

#include "nn/pool.h"
#include "restore/colour/above_grain.h"
#include "restore/colour/colour.h"
#include "restore/colour/density.h"
#include "restore/error.h"

#define STRIP 16
#define REACH HL_ABOVE_GRAIN_REACH
#define SIDE (2 * REACH + 1)

/* Noise and gain that are worth the work. */
#define LEAST_NOISE 0.004
#define LEAST_GAIN 1.1

/* As in restore.c: what is no number of a picture keeps its bits. */
#define BRIGHTEST 1e4f

typedef struct
{
  const HlColourFit *fit;
  const HlImage     *image;
  HlImage           *result;
  gboolean           guard; /* the grain is kept from being raised */
  float             *waves;
  float             *scratch; /* (threads, size) */
  gsize              size;
} Work;

/* Of one thread. */
typedef struct
{
  float *densities; /* (channels, STRIP + 2 REACH, width) */
  float *gray;      /* (STRIP + 2 REACH, width), of a gray photograph */
  float *above;     /* (channels, width) */
  float *field;     /* (2, STRIP + 2 REACH, width) */
  float *out;       /* (channels, width) */
  float *sums;      /* (3, width + 2 REACH) */
} Scratch;

static gsize
get_size (const HlImage *image)
{
  gsize rows = STRIP + 2 * REACH, channels = image->channels;

  return image->width * (rows * (channels + 3) + 2 * channels) + 3 * (image->width + 2 * REACH);
}

static void
lay_out (const HlImage *image, float *where, Scratch *scratch)
{
  gsize rows = (gsize) (STRIP + 2 * REACH) * image->width, channels = image->channels;

  scratch->densities = where;
  scratch->gray      = (where += channels * rows);
  scratch->field     = (where += rows);
  scratch->above     = (where += 2 * rows);
  scratch->out       = (where += channels * image->width);
  scratch->sums      = where + channels * image->width;
}

/* What stands out from the grain in row @row of @plane, a row of it itself where there is none. */
static const float *
get_above (const Work *work, const float *plane, int row, float *above, float *sums)
{
  int          width = work->image->width;
  const float *rows[SIDE];

  if (!work->guard)
    return plane + (gsize) row * width;
  for (int k = 0; k < SIDE; k++)
    rows[k] = plane + (gsize) (row - REACH + k) * width;
  hl_above_grain_run (rows, width, work->fit->noise_level, above, sums);
  return above;
}

static void
restore_dyes (const Work *work, const Scratch *s, int row)
{
  int          width = work->image->width;
  gsize        plane = (gsize) (STRIP + 2 * REACH) * width;
  const float *above[3], *d[3];
  float        m[3][3], stain[3];

  for (int c = 0; c < 3; c++)
    {
      d[c]     = s->densities + c * plane + (gsize) row * width;
      above[c] = get_above (work, s->densities + c * plane, row, s->above + c * width, s->sums);
      stain[c] = work->fit->stain[c];
      for (int k = 0; k < 3; k++)
        m[c][k] = work->fit->matrix[c][k];
    }
  for (int c = 0; c < 3; c++)
    {
      float *out = s->out + (gsize) c * width;

      for (int x = 0; x < width; x++)
        out[x] = m[c][0] * (above[0][x] - stain[0]) + m[c][1] * (above[1][x] - stain[1])
                 + m[c][2] * (above[2][x] - stain[2]) + d[c][x] - above[c][x];
    }
}

/* The curve of the tone; in three multiplications, as it is asked for each pixel. */
static inline float
get_tone (const double curve[HL_TONED_CURVE], float m)
{
  return (float) curve[0] + m * ((float) curve[1] + m * ((float) curve[2] + m * (float) curve[3]));
}

static void
restore_gray (const Work *work, const Scratch *s, int row)
{
  const HlColourFit *fit   = work->fit;
  int                width = work->image->width;
  gsize              plane = (gsize) (STRIP + 2 * REACH) * width;
  const float       *above = get_above (work, s->gray, row, s->above, s->sums);
  const float       *m     = s->gray + (gsize) row * width;
  float              gain = 1 / fit->share[0], stain = fit->stain[0];
  float              low = fit->toned.range[0], high = fit->toned.range[1];

  for (int x = 0; x < width; x++)
    {
      float d = gain * (above[x] - stain) + m[x] - above[x];

      s->out[x] = d;
      if (work->image->channels == 1)
        continue;
      if (fit->tone == HL_TONE_KEEP)
        for (int c = 0; c < 3; c++)
          s->out[(gsize) c * width + x]
              = s->densities[c * plane + (gsize) row * width + x] + d - m[x];
      else
        {
          float at = fit->tone == HL_TONE_EVEN ? CLAMP (m[x], low, high) : 0;
          float u  = fit->tone == HL_TONE_EVEN ? get_tone (fit->toned.curve[0], at) : 0;
          float v  = fit->tone == HL_TONE_EVEN ? get_tone (fit->toned.curve[1], at) : 0;
          float g  = d - hl_toned_get_density (u, 0, v);

          s->out[x]             = g + u;
          s->out[width + x]     = g;
          s->out[2 * width + x] = g + v;
        }
    }
}

static void
take_apart (const Work *work, const Scratch *s, int top)
{
  int   width = work->image->width, height = work->image->height;
  gsize rows = STRIP + 2 * REACH, plane = rows * width;

  for (gsize k = 0; k < rows; k++)
    {
      float *field = s->field + k * width, *d = s->densities + k * width;
      int    y = CLAMP (top + (int) k, 0, height - 1);

      if (work->image->channels == 1)
        {
          for (int x = 0; x < width; x++)
            s->gray[k * width + x] = d[x];
          continue;
        }
      if (work->fit->tone != HL_TONE_KEEP)
        hl_toned_get_field (&work->fit->toned, work->waves, (y + 0.5) / height, width,
                            field + plane, field);
      for (int x = 0; x < width; x++)
        s->gray[k * width + x]
            = hl_toned_get_density (d[x], d[plane + x], d[2 * plane + x])
              - (work->fit->tone == HL_TONE_KEEP ? 0 : HL_TONED_STAIN * field[x]);
    }
}

static void
restore_strip (int job, int thread, gpointer data)
{
  const Work    *work  = data;
  const HlImage *image = work->image;
  int            width = image->width, rows = STRIP + 2 * REACH, top = job * STRIP - REACH;
  gsize          pixels   = (gsize) width * image->height;
  float          strength = work->fit->strength;
  Scratch        s;

  lay_out (image, work->scratch + thread * work->size, &s);
  for (int c = 0; c < image->channels; c++)
    for (int k = 0; k < rows; k++)
      hl_density_from_values (image->planes + c * pixels
                                  + (gsize) CLAMP (top + k, 0, image->height - 1) * width,
                              s.densities + ((gsize) c * rows + k) * width, width);
  if (work->fit->kind == HL_COLOUR_GRAY)
    take_apart (work, &s, top);
  for (int row = REACH; row < rows - REACH && top + row < image->height; row++)
    {
      if (work->fit->kind == HL_COLOUR_GRAY)
        restore_gray (work, &s, row);
      else
        restore_dyes (work, &s, row);
      hl_density_limit (s.out, (gsize) image->channels * width);
      for (int c = 0; c < image->channels; c++)
        {
          const float *d   = s.densities + ((gsize) c * rows + row) * width;
          const float *in  = image->planes + c * pixels + (gsize) (top + row) * width;
          float       *to  = work->result->planes + c * pixels + (gsize) (top + row) * width;
          float       *out = s.out + (gsize) c * width;

          for (int x = 0; x < width; x++)
            out[x] = d[x] + strength * (out[x] - d[x]);
          hl_density_to_values (out, out, width);
          for (int x = 0; x < width; x++)
            to[x] = fabsf (in[x]) < BRIGHTEST ? out[x] : in[x];
        }
    }
}

/**
 * hl_colour_apply:
 * @fit: what to do, of hl_colour_estimate()
 * @image: (C, H, W), a photograph, of whatever size
 * @result: (C, H, W), overwritten with the restored one; the bits of @image where @fit says that
 *   nothing is to be done; another than @image
 * @threads: 1 to 64, or 0 for one per processor; the result is the same with any number
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether @result is what it should be
 */
gboolean
hl_colour_apply (const HlColourFit *fit, const HlImage *image, HlImage *result, guint threads,
                 GCancellable *cancel, GError **error)
{
  gsize             pixels = (gsize) image->width * image->height;
  g_autofree float *waves = NULL, *scratch = NULL;
  g_autoptr (HlPool) pool = NULL;
  Work   work             = { .fit = fit, .image = image, .result = result };
  double gain             = 1;

  if (fit->kind == HL_COLOUR_NONE || fit->strength <= 0)
    {
      for (gsize i = 0; i < image->channels * pixels; i++)
        result->planes[i] = image->planes[i];
      return TRUE;
    }
  for (int c = 0; c < 3; c++)
    gain = MAX (gain, 1 / fit->share[c]);
  pool       = hl_pool_new (threads);
  work.guard = fit->noise_level >= LEAST_NOISE && gain >= LEAST_GAIN;
  work.size  = get_size (image);
  work.waves = waves = g_try_new (float, HL_TONED_WAVES * image->width);
  work.scratch = scratch = g_try_new (float, hl_pool_get_threads (pool) * work.size);
  if (!waves || !scratch)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  hl_toned_get_waves (image->width, waves);
  hl_pool_set_cancel (pool, cancel);
  hl_pool_run (pool, (image->height + STRIP - 1) / STRIP, restore_strip, &work);
  return !g_cancellable_set_error_if_cancelled (cancel, error);
}

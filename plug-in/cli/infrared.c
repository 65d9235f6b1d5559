/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dust and scratches that a scanner saw in infrared light. The dyes of colour film let it through,
 * dust does not, so that dust is dark in an even picture (US patent 5,266,805). The silver of
 * black-and-white film and the dyes of Kodachrome stop it: the infrared picture then looks like
 * the photograph, and says nothing about dust. */

#include "cli/infrared.h"

#include <math.h>
#include <string.h>

#include "cli/samples.h"
#include "cli/formats.h"
#include "restore/error.h"
#include "restore/memory.h"

/* Pixels around one that say how bright it would be without dust. */
#define REACH 24

/* How much darker dust is than that, and how many standard deviations of what is even. Values to
 * begin with: there was one drawn infrared channel to try them on. */
#define DARKER 0.08
#define DEVIATIONS 5

/* The correlation with the photograph from which on it is the photograph. Likewise. */
#define MOST_ALIKE 0.7

/* Where the infrared light of a pixel is found. */
typedef struct
{
  const HlFile *file;
  int           channel;
} Source;

/* A file beside @path whose name says so, or NULL. */
static HlFile *
load_beside (const char *path)
{
  static const char *const endings[]
      = { "_IR.tif", "_IR.tiff", "_IR.TIF", "_ir.tif", "_IR.png", "_IR.jpg" };
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot && i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strdup_printf ("%.*s%s", (int) (dot - path), path, endings[i]);

      if (g_file_test (name, G_FILE_TEST_EXISTS))
        return hl_file_load (name, NULL);
    }
  return NULL;
}

static double
get_light (const Source *source, int x, int y)
{
  return hl_samples_get (source->file, hl_file_get_place (source->file, x, y), source->channel);
}

/* Pearson's coefficient of the infrared picture and the photograph. */
static double
correlate (const Source *source, const HlFile *file, int width, int height)
{
  double n = (double) width * height, a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double u = get_light (source, x, y), v = 0;

        for (int c = 0; c < file->colours; c++)
          v += hl_samples_get (file, hl_file_get_place (file, x, y), c) / file->colours;
        a += u;
        b += v;
        aa += u * u;
        bb += v * v;
        ab += u * v;
      }
  aa = aa / n - a * a / n / n;
  bb = bb / n - b * b / n / n;
  return aa > 0 && bb > 0 ? (ab / n - a * b / n / n) / sqrt (aa * bb) : 0;
}

/* The mean around each pixel of the values that are at least @least times what @around was before.
 * @sums and @counts are scratch buffers, (H + 1, W + 1), of sums over what is above and to the left
 * (Crow 1984); their first row and column are 0. */
static void
find_means (const float *light, double least, int width, int height, double *sums, double *counts,
            float *around)
{
  gsize stride = width + 1;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize    at = (gsize) y * width + x, to = (y + 1) * stride + x + 1;
        gboolean is_in = light[at] >= least * around[at];

        sums[to]
            = sums[to - 1] + sums[to - stride] - sums[to - stride - 1] + (is_in ? light[at] : 0);
        counts[to] = counts[to - 1] + counts[to - stride] - counts[to - stride - 1] + is_in;
      }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize  top = MAX (y - REACH, 0) * stride, bottom = MIN (y + REACH + 1, height) * stride;
        int    left = MAX (x - REACH, 0), right = MIN (x + REACH + 1, width);
        double n = counts[bottom + right] - counts[bottom + left] - counts[top + right]
                   + counts[top + left];
        double sum
            = sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];

        if (n > 0)
          around[(gsize) y * width + x] = sum / n;
      }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const float *) a > *(const float *) b) - (*(const float *) a < *(const float *) b);
}

/* How much darker than around it a pixel of dust is: more than chance makes of what is even. */
static double
find_threshold (const float *light, const float *around, gsize n)
{
  gsize             step = 1 + n / 100000, count = 0;
  g_autofree float *apart = g_new (float, n / step + 1);

  for (gsize i = 0; i < n; i += step)
    if (around[i] > 0)
      apart[count++] = fabsf (light[i] / around[i] - 1);
  qsort (apart, count, sizeof *apart, compare);
  /* Of normal noise the median distance is 0.6745 standard deviations. */
  return count ? MAX (DARKER, DEVIATIONS * apart[count / 2] / 0.6745) : 1;
}

/* Marks what is dark, and a pixel around it for its soft edge. */
static gboolean
mark_dark (const Source *source, int width, int height, float *mask, GError **error)
{
  gsize              n = (gsize) width * height, sums_n = (gsize) (width + 1) * (height + 1);
  g_autofree float  *light  = hl_memory_try (2 * sizeof (float), width, height, error);
  g_autofree double *sums   = hl_memory_try (2 * sizeof (double), width + 1, height + 1, error);
  float             *around = light + n;
  double            *counts = sums + sums_n, threshold;

  if (!light || !sums)
    return FALSE;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      light[(gsize) y * width + x] = get_light (source, x, y);
  /* First with the dust, then without it. */
  find_means (light, 0, width, height, sums, counts, around);
  find_means (light, 1 - DARKER, width, height, sums, counts, around);
  threshold = find_threshold (light, around, n);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (light[(gsize) y * width + x] < (1 - threshold) * around[(gsize) y * width + x])
        for (int row = MAX (y - 1, 0); row <= MIN (y + 1, height - 1); row++)
          for (int column = MAX (x - 1, 0); column <= MIN (x + 1, width - 1); column++)
            mask[(gsize) row * width + column] = 1;
  return TRUE;
}

/**
 * hl_infrared_mark:
 * @from: "off", "auto", or the name of a file that shows the photograph in infrared light
 * @path: the photograph's file; with "auto" a channel or page of it is looked for, and then a file
 *   beside it whose name ends in _IR.tif; where there is none that shows dust, nothing is marked
 * @file: the photograph
 * @mask: (H, W) of the photograph as it is shown: set to 1 where there is dust
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error where there is no such picture, it is of another size, or one that
 *   was named says nothing about dust
 */
gboolean
hl_infrared_mark (const char *from, const char *path, const HlFile *file, float *mask,
                  GError **error)
{
  int      width = hl_file_get_width (file), height = hl_file_get_height (file);
  gboolean is_auto         = g_str_equal (from, "auto");
  g_autoptr (HlFile) other = NULL;
  Source source            = { file, file->colours };

  if (g_str_equal (from, "off"))
    return TRUE;
  if (!is_auto)
    other = hl_file_load (from, error);
  else if (file->channels == file->colours || file->alpha == file->colours)
    {
      other = file->type == HL_FILE_TIFF ? hl_tiff_load_infrared (file) : NULL;
      if (!other)
        other = load_beside (path);
    }
  if (!is_auto && !other)
    return FALSE;
  if (other)
    source = (Source) { other, 0 };
  else if (file->channels == file->colours || file->alpha == file->colours)
    return TRUE;
  if (hl_file_get_width (source.file) != width || hl_file_get_height (source.file) != height)
    return hl_error_refuse (error, "The infrared picture is of another size than the photograph: "
                                   "scan both at once.");
  if (correlate (&source, file, width, height) > MOST_ALIKE)
    return is_auto
           || hl_error_refuse (error,
                               "The infrared picture looks like the photograph, as that of "
                               "black-and-white film does, and does not show the dust: give a "
                               "picture that is white where there is damage with --mask.");
  return mark_dark (&source, width, height, mask, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks as people paint them: white or any colour on black, on a transparent ground, in 0 and 1,
 * and now and then the wrong way round. */

#include "cli/mask_file.h"

#include "cli/samples.h"
#include "restore/error.h"
#include "restore/memory.h"

/* The compression of a JPEG leaves traces beside the white of a mask, and within it. */
#define JPEG_MASK_BLACK (1.0f / 16.0f)
#define JPEG_MASK_WHITE (15.0f / 16.0f)

/* Nobody has a photograph mended of which less than this is left. */
#define MOST_MARKED 0.9

/* The strongest of a pixel's colours: red on black is as much a mark as white. */
static double
get_mark (const HlFile *file, gsize place)
{
  double most = 0;

  for (int c = 0; c < file->colours; c++)
    {
      double value = hl_samples_get (file, place, c);

      most = value > most ? MIN (value, 1) : most; /* a NaN is none */
    }
  return most;
}

static double
get_alpha (const HlFile *file, gsize place)
{
  double alpha = file->alpha < 0 ? 1 : hl_samples_get (file, place, file->alpha);

  return alpha > 0 ? MIN (alpha, 1) : 0;
}

/* The strongest mark that can be seen, or the first that is stronger than @enough. */
static double
find_most (const HlFile *file, double enough)
{
  double most = 0;

  for (gsize i = 0; most <= enough && i < (gsize) file->width * file->height; i++)
    if (get_alpha (file, i) > 0)
      most = MAX (most, get_mark (file, i));
  return most;
}

static double
get_step (const HlFile *file)
{
  return file->sample == HL_SAMPLE_U8 ? 1 / 255.0 : file->sample == HL_SAMPLE_U16 ? 1 / 65535.0 : 0;
}

/* What is painted on a transparent ground in black is marked by its being there; of a picture that
 * holds 0 and 1, 1 is white. */
static void
read_marks (const HlFile *file, float *mask)
{
  double   step = get_step (file), most = find_most (file, 1.5 * step);
  gboolean by_alpha = file->alpha >= 0 && most <= 0;
  double   scale    = step > 0 && most > 0 && most <= 1.5 * step ? 1 / most : 1;
  int      width = hl_file_get_width (file), height = hl_file_get_height (file);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize place = hl_file_get_place (file, x, y);
        float value = get_alpha (file, place) * (by_alpha ? 1 : scale * get_mark (file, place));

        if (file->type == HL_FILE_JPEG && value < JPEG_MASK_BLACK)
          value = 0;
        if (file->type == HL_FILE_JPEG && value > JPEG_MASK_WHITE)
          value = 1;
        mask[(gsize) y * width + x] = value;
      }
}

/**
 * hl_mask_file_check:
 * @mask: (array length=n): how far each pixel is damaged
 * @n: pixels
 * @error: %HL_ERROR_NOTHING_KNOWN
 *
 * Returns: whether it leaves enough to learn from, as one that is not inverted does
 */
gboolean
hl_mask_file_check (const float *mask, gsize n, GError **error)
{
  gsize marked = 0, whole = 0;

  for (gsize i = 0; i < n; i++)
    {
      marked += mask[i] > 0;
      whole += mask[i] > 0.5f;
    }
  if (marked == n)
    g_set_error (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                 "The mask marks the whole picture as damaged, so that there is nothing to learn "
                 "from: paint the sound parts black in it.");
  else if (whole > MOST_MARKED * n)
    g_set_error (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                 "The mask marks %.0f %% of the picture as damaged. Is the mask inverted? What is "
                 "damaged must be white in it, and all else black.",
                 100.0 * whole / n);
  return marked < n && whole <= MOST_MARKED * n;
}

/**
 * hl_mask_file_load:
 * @path: a picture in which the damage is white or coloured
 * @width: of the photograph as it is shown, pixels
 * @height: likewise
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): (H, W), row-major, 0..1, or %NULL
 */
float *
hl_mask_file_load (const char *path, int width, int height, GError **error)
{
  g_autoptr (HlFile) file = hl_file_load (path, error);
  g_autofree float *mask  = NULL;

  if (!file)
    return NULL;
  if (hl_file_get_width (file) != width || hl_file_get_height (file) != height)
    {
      hl_error_refuse (
          error,
          "The mask has %d x %d pixels and the picture, as it is shown, %d x %d: make a "
          "mask of the picture's size.",
          hl_file_get_width (file), hl_file_get_height (file), width, height);
      return NULL;
    }
  mask = hl_memory_try (sizeof (float), width, height, error);
  if (mask)
    read_marks (file, mask);
  return g_steal_pointer (&mask);
}

/**
 * hl_mask_file_encode:
 * @mask: (H, W), 0..1
 * @width: W
 * @height: H
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): a PNG, gray of 8 bits, which every program reads, or %NULL
 */
GBytes *
hl_mask_file_encode (const float *mask, int width, int height, GError **error)
{
  g_autoptr (HlFile) picture = hl_file_new (width, height, 1, FALSE, HL_SAMPLE_U8, error);

  if (!picture)
    return NULL;
  for (gsize i = 0; i < (gsize) width * height; i++)
    picture->pixels[i] = CLAMP (mask[i], 0, 1) * 255 + 0.5f;
  return hl_file_encode (picture, HL_FILE_PNG, 0, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small copies of pictures for a page, as the data: addresses of RFC 2397. */

#include "cli/thumbnail.h"

#include "cli/samples.h"

/* Pixels of the longer side, and the quality: a hundred photographs make a page of some 15 MB. */
#define LARGEST 640
#define QUALITY 80

/* A colour profile that is larger than that is left out. */
#define MOST_PROFILE 65536

/* The mean of a channel over the pixels that become one, or the most of it. */
static double
reduce (const HlFile *file, int left, int top, int right, int bottom, int channel, gboolean is_mean)
{
  double sum = 0, most = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        double value = hl_samples_get (file, hl_file_get_place (file, x, y), channel);

        sum += value;
        most = MAX (most, value);
      }
  return is_mean ? sum / ((right - left) * (bottom - top)) : most;
}

/* How a position in the small copy is one in the picture. */
static int
scale (int i, int size, int small)
{
  return (gint64) i * size / small;
}

/**
 * hl_thumbnail_make:
 * @path: a picture
 * @is_mask: whether it is a mask, white where there is damage
 * @error: those of hl_file_load()
 *
 * Returns: (transfer full): the address of a small JPEG, upright, or for a mask of a PNG that is
 *   transparent but for the damage; or %NULL
 */
char *
hl_thumbnail_make (const char *path, gboolean is_mask, GError **error)
{
  /* Damage is thin: what is left of it is in a colour that photographs do not have. */
  static const double marked[] = { 1, 0, 0.67 };
  g_autoptr (HlFile) file      = hl_file_load (path, error);
  g_autoptr (HlFile) thumbnail = NULL;
  g_autoptr (GBytes) bytes     = NULL;
  g_autofree char *encoded     = NULL;
  HlFileType       type        = is_mask ? HL_FILE_PNG : HL_FILE_JPEG;
  int              width, height, small_width, small_height, longer;

  if (!file)
    return NULL;
  width        = hl_file_get_width (file);
  height       = hl_file_get_height (file);
  longer       = MAX (width, height);
  small_width  = longer > LARGEST ? MAX (width * (gint64) LARGEST / longer, 1) : width;
  small_height = longer > LARGEST ? MAX (height * (gint64) LARGEST / longer, 1) : height;
  thumbnail    = hl_file_new (small_width, small_height, is_mask ? 3 : file->colours, is_mask,
                              HL_SAMPLE_U8, error);
  if (!thumbnail)
    return NULL;
  for (int y = 0; y < small_height; y++)
    for (int x = 0; x < small_width; x++)
      {
        gsize at   = (gsize) y * small_width + x;
        int   left = scale (x, width, small_width), right = scale (x + 1, width, small_width);
        int   top = scale (y, height, small_height), bottom = scale (y + 1, height, small_height);

        for (int c = 0; c < thumbnail->colours; c++)
          hl_samples_set (thumbnail, at, c,
                          is_mask ? marked[c] : reduce (file, left, top, right, bottom, c, TRUE));
        if (is_mask)
          hl_samples_set (thumbnail, at, 3, reduce (file, left, top, right, bottom, 0, FALSE));
      }
  if (!is_mask && file->icc && g_bytes_get_size (file->icc) <= MOST_PROFILE)
    thumbnail->icc = g_bytes_ref (file->icc);
  bytes = hl_file_encode (thumbnail, type, QUALITY, error);
  if (!bytes)
    return NULL;
  encoded = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strconcat (is_mask ? "data:image/png;base64," : "data:image/jpeg;base64,", encoded,
                      NULL);
}

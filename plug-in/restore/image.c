/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph as planes of float: what every step of the restoration passes on. */

#include "restore/image.h"

#include <string.h>

#include "restore/error.h"

/* Number of floats in the planes, or FALSE where it overflows. */
static gboolean
count_values (int channels, int width, int height, gsize *count)
{
  gsize bytes;

  return g_size_checked_mul (count, (gsize) width, (gsize) height)
         && g_size_checked_mul (count, *count, (gsize) channels)
         && g_size_checked_mul (&bytes, *count, sizeof (float));
}

/**
 * hl_image_new:
 * @channels: 1 (gray) or 3 (red, green, blue)
 * @width: pixels, > 0
 * @height: pixels, > 0
 * @error: return location for a #GError
 *
 * Makes a black picture.
 *
 * Returns: (transfer full): the picture, or %NULL with %HL_ERROR_INPUT or
 *   %HL_ERROR_MEMORY
 */
HlImage *
hl_image_new (int channels, int width, int height, GError **error)
{
  g_autoptr (HlImage) image = NULL;
  gsize count               = 0;

  if ((channels != 1 && channels != 3) || width < 1 || height < 1)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                   "A picture of %d x %d pixels in %d channels cannot be restored: "
                   "use a gray or RGB picture of at least one pixel.",
                   width, height, channels);
      return NULL;
    }

  image           = g_new0 (HlImage, 1);
  image->channels = channels;
  image->width    = width;
  image->height   = height;
  if (count_values (channels, width, height, &count))
    image->planes = g_try_malloc0_n (count, sizeof (float));
  if (!image->planes)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  return g_steal_pointer (&image);
}

/**
 * hl_image_copy:
 * @image: the picture to copy
 * @error: return location for a #GError
 *
 * Copies the planes bit for bit.
 *
 * Returns: (transfer full): the copy, or %NULL with %HL_ERROR_MEMORY
 */
HlImage *
hl_image_copy (const HlImage *image, GError **error)
{
  HlImage *copy = hl_image_new (image->channels, image->width, image->height, error);

  if (copy)
    memcpy (copy->planes, image->planes,
            sizeof (float) * image->channels * image->width * image->height);
  return copy;
}

/**
 * hl_image_free:
 * @image: (transfer full) (nullable): a picture
 *
 * Frees the picture and its planes.
 */
void
hl_image_free (HlImage *image)
{
  if (!image)
    return;
  g_free (image->planes);
  g_free (image);
}

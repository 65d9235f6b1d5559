/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph as planes of float, which every step of the restoration passes on, and the one way
 * in which parts of it are cut out and put back. */

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
 * Copies the planes bit for bit, and the place in the photograph.
 *
 * Returns: (transfer full): the copy, or %NULL with %HL_ERROR_MEMORY
 */
HlImage *
hl_image_copy (const HlImage *image, GError **error)
{
  HlImage *copy = hl_image_new (image->channels, image->width, image->height, error);

  if (!copy)
    return NULL;
  memcpy (copy->planes, image->planes,
          sizeof (float) * image->channels * image->width * image->height);
  copy->x = image->x;
  copy->y = image->y;
  return copy;
}

/**
 * hl_image_shrink:
 * @image: a picture
 * @factor: 1 or more
 * @error: return location for a #GError
 *
 * Makes it smaller by that factor, rounded up: each pixel becomes the mean of up to @factor x
 * @factor.
 *
 * Returns: (transfer full): the small picture, or %NULL with %HL_ERROR_MEMORY
 */
HlImage *
hl_image_shrink (const HlImage *image, int factor, GError **error)
{
  int      W = image->width, H = image->height;
  int      width = (W + factor - 1) / factor, height = (H + factor - 1) / factor;
  HlImage *small = hl_image_new (image->channels, width, height, error);

  for (int row = 0; small && row < image->channels * height; row++)
    {
      int          first = row % height * factor, last = MIN (first + factor, H);
      const float *plane = image->planes + (gsize) (row / height) * W * H;
      float       *to    = small->planes + (gsize) row * width;

      for (int x = 0; x < width; x++)
        to[x] = 0;
      for (int y = first; y < last; y++)
        for (int x = 0; x < width; x++)
          {
            const float *from = plane + (gsize) y * W + (gsize) x * factor;
            int          n    = MIN (factor, W - x * factor);
            float        sum  = 0;

            for (int i = 0; i < n; i++)
              sum += from[i];
            to[x] += sum / (n * (last - first));
          }
    }
  return small;
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

/**
 * hl_image_copy_rect:
 * @from: a picture of at least as many channels as @to
 * @x: first column to copy
 * @y: first row to copy
 * @to: a picture
 * @rect: the part of @to that is overwritten; what is copied must lie within @from
 *
 * Copies values, whatever their bits.
 */
void
hl_image_copy_rect (const HlImage *from, int x, int y, HlImage *to, HlRect rect)
{
  gsize from_plane = (gsize) from->width * from->height;
  gsize to_plane   = (gsize) to->width * to->height;

  for (int c = 0; c < to->channels; c++)
    for (int row = rect.top; row < rect.bottom; row++)
      memcpy (to->planes + c * to_plane + (gsize) row * to->width + rect.left,
              from->planes + c * from_plane + (gsize) (y + row - rect.top) * from->width + x,
              sizeof (float) * (rect.right - rect.left));
}

/**
 * hl_image_crop:
 * @image: a picture
 * @rect: a part of it, not empty
 * @error: return location for a #GError
 *
 * Returns: (transfer full): a copy of that part, or %NULL with %HL_ERROR_MEMORY
 */
HlImage *
hl_image_crop (const HlImage *image, HlRect rect, GError **error)
{
  HlImage *crop
      = hl_image_new (image->channels, rect.right - rect.left, rect.bottom - rect.top, error);

  if (!crop)
    return NULL;
  hl_image_copy_rect (image, rect.left, rect.top, crop,
                      (HlRect) { 0, 0, crop->width, crop->height });
  crop->x = image->x + rect.left;
  crop->y = image->y + rect.top;
  return crop;
}

/**
 * hl_plane_view:
 * @plane: (H, W), row-major
 * @width: W
 * @height: H
 *
 * Returns: @plane as a picture of one channel, to be copied from; it is not to be freed, and to be
 *   written to only where @plane may be
 */
HlImage
hl_plane_view (const float *plane, int width, int height)
{
  return (HlImage) { 1, width, height, (float *) plane, 0, 0 };
}

/**
 * hl_rect_get_pixels:
 * @rect: a rectangle
 *
 * Returns: how many pixels it has
 */
gint64
hl_rect_get_pixels (HlRect rect)
{
  return (gint64) (rect.right - rect.left) * (rect.bottom - rect.top);
}

/**
 * hl_rect_move:
 * @rect: a rectangle
 * @dx: columns to the right
 * @dy: rows down
 *
 * Returns: @rect that much further
 */
HlRect
hl_rect_move (HlRect rect, int dx, int dy)
{
  return (HlRect) { rect.left + dx, rect.top + dy, rect.right + dx, rect.bottom + dy };
}

/**
 * hl_rect_grow:
 * @rect: a rectangle in a picture
 * @margin: pixels, 0 or more
 * @width: of the picture
 * @height: of the picture
 *
 * Returns: @rect with that many more pixels on every side, as far as the picture goes
 */
HlRect
hl_rect_grow (HlRect rect, int margin, int width, int height)
{
  return (HlRect) { MAX (rect.left - margin, 0), MAX (rect.top - margin, 0),
                    MIN (rect.right + margin, width), MIN (rect.bottom + margin, height) };
}

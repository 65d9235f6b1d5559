/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only place of the command-line program where pixels cross between a file and the
 * engine's planes. Only pixels under the mask are ever converted and written back; all
 * others go from file to file as they are. */

#include "cli/samples.h"

#include <string.h>

#include "restore/error.h"

/* The compression of a JPEG leaves traces beside the white of a mask, and within it. */
#define JPEG_MASK_BLACK (1.0f / 16.0f)
#define JPEG_MASK_WHITE (15.0f / 16.0f)

/* What the pixels are read as: gray or RGB, with alpha, perceptual, in their own space.
 */
static const Babl *
planes_format (const HlFile *self)
{
  const Babl *format = gegl_buffer_get_format (self->buffer);

  return babl_format_with_space (hl_file_is_gray (self) ? "Y'A float" : "R'G'B'A float",
                                 babl_format_get_space (format));
}

/**
 * hl_pixels_get_mask:
 * @self: a picture that is white where something is damaged
 * @error: return location for a #GError
 *
 * Reads a mask: white is 1, black and transparent are 0, colours count as their mean.
 *
 * Returns: (transfer full): (H, W), row-major, 0..1, or %NULL with %HL_ERROR_MEMORY
 */
float *
hl_pixels_get_mask (const HlFile *self, GError **error)
{
  int               width = hl_file_get_width (self), height = hl_file_get_height (self);
  int               channels = hl_file_is_gray (self) ? 1 : 3;
  g_autofree float *row      = g_try_new (float, (gsize) width *(channels + 1));
  g_autofree float *mask     = g_try_new (float, (gsize) width *height);

  if (!row || !mask)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_MEMORY,
                   "The mask is too large for memory: scale both pictures down first.");
      return NULL;
    }
  for (int y = 0; y < height; y++)
    {
      gegl_buffer_get (self->buffer, GEGL_RECTANGLE (0, y, width, 1), 1.0, planes_format (self),
                       row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int x = 0; x < width; x++)
        {
          const float *pixel = row + (gsize) x * (channels + 1);
          float        value = pixel[0];

          if (channels == 3)
            value = (pixel[0] + pixel[1] + pixel[2]) / 3.0f;
          value *= pixel[channels];
          if (self->type == HL_FILE_JPEG && value < JPEG_MASK_BLACK)
            value = 0.0f;
          if (self->type == HL_FILE_JPEG && value > JPEG_MASK_WHITE)
            value = 1.0f;
          /* Written so that a NaN becomes 0. */
          mask[(gsize) y * width + x] = value > 0.0f ? MIN (value, 1.0f) : 0.0f;
        }
    }
  return g_steal_pointer (&mask);
}

/**
 * hl_pixels_get_planes:
 * @self: a picture
 * @area: the part to read, pixels
 * @evidence: (out) (transfer full): (H, W), row-major: 0 where the picture is transparent
 * @error: return location for a #GError
 *
 * Reads a part of the picture, in its perceptual values.
 *
 * Returns: (transfer full): the part, or %NULL with %HL_ERROR_MEMORY
 */
HlImage *
hl_pixels_get_planes (const HlFile *self, const GeglRectangle *area, guint8 **evidence,
                      GError **error)
{
  int                channels = hl_file_is_gray (self) ? 1 : 3;
  gsize              size     = (gsize) area->width * area->height;
  g_autofree float  *row      = g_try_new (float, (gsize) area->width *(channels + 1));
  g_autofree guint8 *shown    = g_try_new (guint8, size);
  g_autoptr (HlImage) image   = hl_image_new (channels, area->width, area->height, error);

  if (!image)
    return NULL;
  if (!row || !shown)
    {
      hl_error_set_memory (error, area->width, area->height);
      return NULL;
    }
  for (int y = 0; y < area->height; y++)
    {
      gegl_buffer_get (self->buffer, GEGL_RECTANGLE (area->x, area->y + y, area->width, 1), 1.0,
                       planes_format (self), row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int x = 0; x < area->width; x++)
        {
          const float *pixel = row + (gsize) x * (channels + 1);
          gsize        at    = (gsize) y * area->width + x;

          for (int c = 0; c < channels; c++)
            image->planes[c * size + at] = pixel[c];
          shown[at] = pixel[channels] > 0.0f;
        }
    }
  *evidence = g_steal_pointer (&shown);
  return g_steal_pointer (&image);
}

/**
 * hl_pixels_set_planes:
 * @self: a picture
 * @area: the part to write, pixels
 * @image: the new values, of the area's size
 * @mask: (H, W), row-major, of the area's size: pixels are written where it is > 0
 * @error: %HL_ERROR_MEMORY
 *
 * Writes the restored pixels into the picture. Alpha stays, and so do the exact values of
 * all pixels where the mask is 0.
 *
 * Returns: whether there was memory enough; if not, the picture is as it was
 */
gboolean
hl_pixels_set_planes (HlFile *self, const GeglRectangle *area, const HlImage *image,
                      const float *mask, GError **error)
{
  const Babl        *own      = gegl_buffer_get_format (self->buffer);
  const Babl        *values   = planes_format (self);
  const Babl        *to_own   = babl_fish (values, own);
  int                channels = image->channels;
  gsize              bytes    = babl_format_get_bytes_per_pixel (own);
  gsize              size     = (gsize) area->width * area->height;
  g_autofree float  *row      = g_try_new (float, (gsize) area->width *(channels + 1));
  g_autofree guint8 *before   = g_try_malloc (area->width * bytes);
  g_autofree guint8 *after    = g_try_malloc (area->width * bytes);

  if (!row || !before || !after)
    {
      hl_error_set_memory (error, area->width, area->height);
      return FALSE;
    }
  for (int y = 0; y < area->height; y++)
    {
      GeglRectangle line = { area->x, area->y + y, area->width, 1 };

      gegl_buffer_get (self->buffer, &line, 1.0, own, before, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_get (self->buffer, &line, 1.0, values, row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int x = 0; x < area->width; x++)
        for (int c = 0; c < channels; c++)
          row[(gsize) x * (channels + 1) + c]
              = image->planes[c * size + (gsize) y * area->width + x];
      babl_process (to_own, row, after, area->width);
      for (int x = 0; x < area->width; x++)
        if (mask[(gsize) y * area->width + x] > 0.0f)
          memcpy (before + x * bytes, after + x * bytes, bytes);
      gegl_buffer_set (self->buffer, &line, 0, own, before, GEGL_AUTO_ROWSTRIDE);
    }
  return TRUE;
}

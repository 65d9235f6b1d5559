/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels between GIMP and the search for damage: those of a layer as planes, and what was found as
 * the selection of the image. */

#include "gimp/pixels.h"

#include <math.h>

#include "restore/error.h"

/**
 * hl_pixels_read:
 * @layer: an RGB or gray layer
 * @evidence: (out) (transfer full): (H, W), row-major: 0 where a pixel is transparent or no number
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the planes of @layer, in its own colour space, or %NULL with
 *   %HL_ERROR_MEMORY
 */
HlImage *
hl_pixels_read (GimpDrawable *layer, guint8 **evidence, GError **error)
{
  g_autofree guint8 *counts     = NULL;
  g_autoptr (HlImage) image     = NULL;
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);
  int         channels          = gimp_drawable_is_gray (layer) ? 1 : 3;
  int         width = gimp_drawable_get_width (layer), height = gimp_drawable_get_height (layer);
  gsize       size = (gsize) width * height;
  const Babl *format
      = babl_format_with_space (channels == 1 ? "Y'A float" : "R'G'B'A float",
                                babl_format_get_space (gimp_drawable_get_format (layer)));
  g_autofree float *row = g_new (float, (gsize) width *(channels + 1));

  image = hl_image_new (channels, width, height, error);
  if (!image)
    return NULL;
  counts = g_try_new (guint8, size);
  if (!counts)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  for (int y = 0; y < height; y++)
    {
      gegl_buffer_get (buffer, GEGL_RECTANGLE (0, y, width, 1), 1.0, format, row,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int x = 0; x < width; x++)
        {
          const float *pixel = row + (gsize) x * (channels + 1);
          gsize        at    = (gsize) y * width + x;

          counts[at] = pixel[channels] > 0.0f;
          for (int c = 0; c < channels; c++)
            {
              image->planes[c * size + at] = pixel[c];
              counts[at]                   = counts[at] && isfinite (pixel[c]);
            }
        }
    }
  *evidence = g_steal_pointer (&counts);
  return g_steal_pointer (&image);
}

/* One row of the selection to be: what was found there, or the larger of that and @row, which is
 * the old selection. */
static void
mix_row (const float *found, const GeglRectangle *area, int y, int width, gboolean add, float *row)
{
  int j = y - area->y;

  for (int x = 0; x < width; x++)
    {
      int   i     = x - area->x;
      float value = 0.0f;

      if (i >= 0 && i < area->width && j >= 0 && j < area->height)
        value = found[(gsize) j * area->width + i];
      row[x] = add ? MAX (value, row[x]) : value;
    }
}

/**
 * hl_pixels_select:
 * @image: an image
 * @found: (H, W), row-major: what is to be selected, 0..1
 * @area: where that lies in @image, of W columns and H rows
 * @add: whether the old selection is kept too
 * @error: return location for a #GError
 *
 * Sets the selection of the image, in one step of undo.
 *
 * Returns: %FALSE with %HL_ERROR_INPUT, where GIMP refuses; nothing is changed then
 */
gboolean
hl_pixels_select (GimpImage *image, const float *found, const GeglRectangle *area, gboolean add,
                  GError **error)
{
  GimpDrawable *selection       = GIMP_DRAWABLE (gimp_image_get_selection (image));
  g_autoptr (GeglBuffer) before = gimp_drawable_get_buffer (selection);
  g_autoptr (GeglBuffer) after  = gimp_drawable_get_shadow_buffer (selection);
  int width = gimp_image_get_width (image), height = gimp_image_get_height (image);
  /* A selection is a share, and has no gamma. */
  const Babl       *format = babl_format ("Y float");
  g_autofree float *row    = g_new (float, width);
  gboolean          done;

  for (int y = 0; y < height; y++)
    {
      GeglRectangle line = { 0, y, width, 1 };

      gegl_buffer_get (before, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      mix_row (found, area, y, width, add, row);
      gegl_buffer_set (after, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (after);
  done = gimp_drawable_merge_shadow (selection, TRUE)
         && gimp_drawable_update (selection, 0, 0, width, height);
  gimp_displays_flush ();
  return done || hl_error_refuse (error, "%s", gimp_pdb_get_last_error (gimp_get_pdb ()));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the pixels of a layer lie: read by snapshot.c, written by result.c. */

#include "gimp/layout.h"

#include <glib/gi18n-lib.h>

#include "restore/error.h"

/**
 * hl_layout_init:
 * @layout: (out): set to how the pixels of @drawable lie
 * @drawable: a layer
 */
void
hl_layout_init (HlLayout *layout, GimpDrawable *drawable)
{
  gboolean is_gray = gimp_drawable_is_gray (drawable);
  int      n_colours;

  layout->native     = gimp_drawable_get_format (drawable);
  layout->has_alpha  = gimp_drawable_has_alpha (drawable);
  layout->components = babl_format_get_n_components (layout->native);
  layout->pixel      = babl_format_get_bytes_per_pixel (layout->native);
  n_colours          = layout->components - (layout->has_alpha ? 1 : 0);
  layout->colour     = layout->pixel / layout->components * n_colours;
  layout->floats
      = babl_format_with_space (is_gray ? (layout->has_alpha ? "Y'A float" : "Y' float")
                                        : (layout->has_alpha ? "R'G'B'A float" : "R'G'B' float"),
                                babl_format_get_space (layout->native));
}

/**
 * hl_layout_set_memory_error:
 * @area: what there is no memory for
 * @error: return location for a #GError
 *
 * Sets %HL_ERROR_MEMORY.
 *
 * Returns: %FALSE
 */
gboolean
hl_layout_set_memory_error (const GeglRectangle *area, GError **error)
{
  g_set_error (error, HL_ERROR, HL_ERROR_MEMORY,
               _ ("The damage and its surroundings, %d × %d pixels, are too large for "
                  "memory. Select a smaller area, or scale the picture down first."),
               area->width, area->height);
  return FALSE;
}

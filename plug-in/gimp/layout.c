/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the pixels of a layer lie: read by snapshot.c, written by result_pixels.c.
 *
 * The commoner types of numbers are converted here. Babl would spend a third of a second in search
 * of the best way whenever the plug-in is called, which is most of what a small repair takes. */

#include "gimp/layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

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
  layout->type = babl_format_get_model (layout->native) == babl_format_get_model (layout->floats)
                     ? babl_format_get_type (layout->native, 0)
                     : NULL;
}

/**
 * hl_layout_to_floats:
 * @type: of the numbers
 * @numbers: (n), as they lie in GIMP
 * @floats: (n): set to the same, the largest integer being 1
 * @n: how many
 *
 * Returns: whether @type is one of those that are converted here
 */
gboolean
hl_layout_to_floats (const Babl *type, const void *numbers, float *floats, gsize n)
{
  const char *name = babl_get_name (type);

  if (g_str_equal (name, "u8"))
    for (gsize i = 0; i < n; i++)
      floats[i] = ((const guint8 *) numbers)[i] / 255.0f;
  else if (g_str_equal (name, "u16"))
    for (gsize i = 0; i < n; i++)
      floats[i] = ((const guint16 *) numbers)[i] / 65535.0f;
  else if (g_str_equal (name, "float"))
    memcpy (floats, numbers, n * sizeof *floats);
  else
    return FALSE;
  return TRUE;
}

/**
 * hl_layout_from_floats:
 * @type: of the numbers
 * @floats: (n)
 * @numbers: (n): set to the same, rounded, as they lie in GIMP; the largest integer is 1
 * @n: how many
 *
 * Returns: whether @type is one of those that are converted here
 */
gboolean
hl_layout_from_floats (const Babl *type, const float *floats, void *numbers, gsize n)
{
  const char *name = babl_get_name (type);

  if (g_str_equal (name, "u8"))
    for (gsize i = 0; i < n; i++)
      ((guint8 *) numbers)[i] = rintf (CLAMP (floats[i], 0.0f, 1.0f) * 255.0f);
  else if (g_str_equal (name, "u16"))
    for (gsize i = 0; i < n; i++)
      ((guint16 *) numbers)[i] = rintf (CLAMP (floats[i], 0.0f, 1.0f) * 65535.0f);
  else if (g_str_equal (name, "float"))
    memcpy (numbers, floats, n * sizeof *floats);
  else
    return FALSE;
  return TRUE;
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

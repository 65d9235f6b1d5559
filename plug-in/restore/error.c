/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors of the engine. */

#include "restore/error.h"

#include <glib/gi18n-lib.h>

GQuark
hl_error_quark (void)
{
  return g_quark_from_static_string ("hl-error-quark");
}

/**
 * hl_error_set_memory:
 * @error: (nullable): set to %HL_ERROR_MEMORY
 * @width: of the area that is worked on, pixels
 * @height: likewise
 */
void
hl_error_set_memory (GError **error, int width, int height)
{
  g_set_error (error, HL_ERROR, HL_ERROR_MEMORY,
               _ ("There is not enough memory for an area of %d × %d pixels. Select a smaller "
                  "area, or scale the picture down first."),
               width, height);
}

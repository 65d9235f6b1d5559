/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors of the engine. */

#include "restore/error.h"

#include <gio/gio.h>
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

/**
 * hl_error_propagate:
 * @error: (nullable): set
 * @cause: (transfer full): an error of the engine or of nn, which knows no #HlError
 *
 * Hands on an error, with one code for a lack of memory, wherever it was found out.
 */
void
hl_error_propagate (GError **error, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    {
      cause->domain = HL_ERROR;
      cause->code   = HL_ERROR_MEMORY;
    }
  g_propagate_error (error, cause);
}

/**
 * hl_error_refuse:
 * @error: (nullable): set to %HL_ERROR_INPUT
 * @format: what to say, as of printf()
 * @...: for @format
 *
 * Returns: %FALSE, for the caller to return
 */
gboolean
hl_error_refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (HL_ERROR, HL_ERROR_INPUT, format, args));
  va_end (args);
  return FALSE;
}

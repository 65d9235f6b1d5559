/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The errors of the engine; each message says what to do next. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HL_ERROR (hl_error_quark ())

/**
 * HlError:
 * @HL_ERROR_NOTHING_SELECTED: the mask is empty
 * @HL_ERROR_NOTHING_KNOWN: no sound pixel is left to learn from
 * @HL_ERROR_MEMORY: the work would not fit into memory
 * @HL_ERROR_SETTING: a setting is out of its range
 * @HL_ERROR_INPUT: the picture or the mask cannot be used as it is
 */
typedef enum
{
  HL_ERROR_NOTHING_SELECTED,
  HL_ERROR_NOTHING_KNOWN,
  HL_ERROR_MEMORY,
  HL_ERROR_SETTING,
  HL_ERROR_INPUT,
} HlError;

GQuark   hl_error_quark (void);
void     hl_error_set_memory (GError **error, int width, int height);
void     hl_error_propagate (GError **error, GError *cause);
gboolean hl_error_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS

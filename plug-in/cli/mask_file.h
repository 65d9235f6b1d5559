/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks as people paint them. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

float   *hl_mask_file_load (const char *path, int width, int height, GError **error);
gboolean hl_mask_file_check (const float *mask, gsize n, GError **error);
GBytes  *hl_mask_file_encode (const float *mask, int width, int height, GError **error);

G_END_DECLS

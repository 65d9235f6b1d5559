/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dust and scratches that a scanner saw in infrared light. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_infrared_mark (const char *from, const char *path, const HlFile *file, float *mask,
                           GError **error);

G_END_DECLS

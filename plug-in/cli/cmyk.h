/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for print, as RGB. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_cmyk_to_rgb (HlFile *file, gboolean is_reversed, const char *name, GError **error);

G_END_DECLS

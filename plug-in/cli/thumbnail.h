/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small copies of pictures for a page. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

char *hl_thumbnail_make (const char *path, gboolean is_mask, GError **error);

G_END_DECLS

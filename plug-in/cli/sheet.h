/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that shows all pictures of an album before and after. */
#pragma once

#include "cli/album_list.h"

G_BEGIN_DECLS

gboolean hl_sheet_write (const char *path, GPtrArray *entries, const char *folder,
                         const HlAlbumRecord *record, guint threads, GError **error);

G_END_DECLS

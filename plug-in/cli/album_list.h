/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of an album, and under which names they are written. */
#pragma once

#include "cli/album_record.h"

G_BEGIN_DECLS

/**
 * HlAlbumEntry:
 * @in: the picture
 * @name: where it is written, below the album's folder
 */
typedef struct
{
  char *in;
  char *name;
} HlAlbumEntry;

GPtrArray *hl_album_list_new (char **paths, const char *folder, const HlAlbumRecord *record,
                              GError **error);

G_END_DECLS

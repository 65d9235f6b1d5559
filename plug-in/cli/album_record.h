/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an album has made so far. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HlAlbumRecord HlAlbumRecord;

HlAlbumRecord *hl_album_record_new (const char *folder, GError **error);
const char    *hl_album_record_get_unfinished (const HlAlbumRecord *self);
const char    *hl_album_record_get (const HlAlbumRecord *self, const char *name, const char *key);
char          *hl_album_record_find_name (const HlAlbumRecord *self, const char *in);
gboolean hl_album_record_is_own (const HlAlbumRecord *self, const char *name, const char *sha256);
gboolean hl_album_record_add (HlAlbumRecord *self, const char *line, GError **error);
gboolean hl_album_record_finish (HlAlbumRecord *self, GError **error);
void     hl_album_record_free (HlAlbumRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlAlbumRecord, hl_album_record_free)

G_END_DECLS

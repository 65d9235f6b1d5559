/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One picture of an album. */
#pragma once

#include "cli/album_list.h"
#include "cli/job.h"

G_BEGIN_DECLS

/**
 * HlAlbumOutcome:
 * @HL_ALBUM_FAILED: there is an error
 * @HL_ALBUM_RESTORED: it was restored
 * @HL_ALBUM_SOUND: no damage was found; it was copied
 * @HL_ALBUM_KEPT: it had been made before
 * @HL_ALBUM_OUTCOMES: how many there are
 */
typedef enum
{
  HL_ALBUM_FAILED,
  HL_ALBUM_RESTORED,
  HL_ALBUM_SOUND,
  HL_ALBUM_KEPT,
  HL_ALBUM_OUTCOMES,
} HlAlbumOutcome;

/**
 * HlAlbumPicture:
 * @job: what to do; its files are not looked at
 * @entry: the picture
 * @folder: of the album
 * @settings: what hl_album_picture_describe_settings() said
 * @record: what the album has made
 * @limit: bytes that one picture may take
 * @take_memory: (nullable): called before so many bytes are taken; returns for how many threads
 * @give_memory: called when they are free again
 * @user_data: for both
 */
typedef struct
{
  const HlJob        *job;
  const HlAlbumEntry *entry;
  const char         *folder;
  const char         *settings;
  HlAlbumRecord      *record;
  guint64             limit;
  guint (*take_memory) (guint64 bytes, gpointer user_data);
  void (*give_memory) (guint64 bytes, gpointer user_data);
  gpointer user_data;
} HlAlbumPicture;

char          *hl_album_picture_describe_settings (const HlJob *job, GError **error);
char          *hl_album_picture_get_mask (const char *folder, const char *name);
HlAlbumOutcome hl_album_picture_make (const HlAlbumPicture *self, const HlProgress *progress,
                                      GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a layer while a window is open. */
#pragma once

#include "gimp/drawable.h"
#include "gimp/picture.h"

G_BEGIN_DECLS

typedef struct _HlReader HlReader;

/**
 * HlReaderFunc:
 * @reader: a reader that has come to its end
 * @error: (nullable): why the layer cannot be read, with an error of hl_patch_read()
 * @user_data: as given to hl_reader_new()
 *
 * Called once by the main loop; may free @reader.
 */
typedef void (*HlReaderFunc) (HlReader *reader, const GError *error, gpointer user_data);

HlReader  *hl_reader_new (GimpImage *image, GimpLayer *source, gboolean whole, HlReaderFunc done,
                          gpointer user_data, GError **error);
void       hl_reader_stop (HlReader *reader);
HlArea    *hl_reader_get_patch (HlReader *reader);
HlPicture *hl_reader_get_picture (HlReader *reader);
void       hl_reader_free (HlReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlReader, hl_reader_free)

G_END_DECLS

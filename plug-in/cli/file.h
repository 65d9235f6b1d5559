/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files for the command-line program, read and written through GEGL. */
#pragma once

#include <gegl.h>
#include <gegl-metadata.h>

#include "cli/sniff.h"

G_BEGIN_DECLS

/**
 * HlFile:
 * @type: what the file was
 * @buffer: its pixels, in the file's own format and colour space
 * @metadata: (nullable): its resolution, title and the like
 */
typedef struct
{
  HlFileType    type;
  GeglBuffer   *buffer;
  GeglMetadata *metadata;
} HlFile;

HlFile  *hl_file_load (const char *path, GError **error);
gboolean hl_file_save (const HlFile *self, const char *path, HlFileType type, GError **error);
void     hl_file_free (HlFile *self);

gboolean hl_file_has_alpha (const HlFile *self);
gboolean hl_file_is_gray (const HlFile *self);
int      hl_file_get_width (const HlFile *self);
int      hl_file_get_height (const HlFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlFile, hl_file_free)

G_END_DECLS

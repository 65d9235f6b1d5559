/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of picture a file holds, and whether the command line can use it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  HL_FILE_UNKNOWN,
  HL_FILE_PNG,
  HL_FILE_JPEG,
  HL_FILE_TIFF,
} HlFileType;

HlFileType hl_sniff_name (const char *path);
HlFileType hl_sniff_content (const char *path, GError **error);

G_END_DECLS

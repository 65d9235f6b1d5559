/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of picture files, and what several of them share: EXIF data and colours for print. */
#pragma once

#include "cli/file.h"

G_BEGIN_DECLS

gboolean hl_png_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_png_write (const HlFile *self, GError **error);

gboolean hl_jpeg_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_jpeg_write (const HlFile *self, int quality, GError **error);

gboolean hl_tiff_read (HlFile *self, const char *name, GError **error);
HlFile  *hl_tiff_load_infrared (const HlFile *file);
GBytes  *hl_tiff_update (const HlFile *self, GError **error);
GBytes  *hl_tiff_write (const HlFile *self, const HlFile *like, GError **error);

gboolean hl_webp_read (HlFile *self, const char *name, GError **error);
GBytes  *hl_webp_write (const HlFile *self, int quality, GError **error);

gboolean hl_other_read (HlFile *self, const char *name, GError **error);

gboolean hl_cmyk_to_rgb (HlFile *file, gboolean is_reversed, const char *name, GError **error);

int     hl_exif_get_orientation (GBytes *exif);
GBytes *hl_exif_make_upright (GBytes *exif);

G_END_DECLS

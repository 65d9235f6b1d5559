/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files for the command-line program. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HlFileType:
 * @HL_FILE_UNKNOWN: another one, that is read and not written
 * @HL_FILE_PNG: PNG
 * @HL_FILE_JPEG: JPEG
 * @HL_FILE_TIFF: TIFF, BigTIFF included
 * @HL_FILE_WEBP: WebP
 */
typedef enum
{
  HL_FILE_UNKNOWN,
  HL_FILE_PNG,
  HL_FILE_JPEG,
  HL_FILE_TIFF,
  HL_FILE_WEBP,
} HlFileType;

/**
 * HlSample:
 * @HL_SAMPLE_U8: whole numbers, 255 is white
 * @HL_SAMPLE_U16: whole numbers, 65535 is white
 * @HL_SAMPLE_U32: whole numbers, the largest is white
 * @HL_SAMPLE_HALF: floats of 16 bits, linear light, 1 is white
 * @HL_SAMPLE_FLOAT: floats, likewise
 * @HL_SAMPLE_DOUBLE: floats of 64 bits, likewise
 */
typedef enum
{
  HL_SAMPLE_U8,
  HL_SAMPLE_U16,
  HL_SAMPLE_U32,
  HL_SAMPLE_HALF,
  HL_SAMPLE_FLOAT,
  HL_SAMPLE_DOUBLE,
} HlSample;

/**
 * HlFile:
 * @type: of the file
 * @bytes: (nullable): all of the file, as it was when it was read; of no one else
 * @page: which picture of a TIFF it is, from 0 on
 * @width: columns as stored
 * @height: rows as stored
 * @orientation: how it is to be turned to stand upright, 1 to 8 as in EXIF
 * @sample: what a sample is
 * @colours: 1 or 3
 * @channels: samples of a pixel: @colours, then alpha and what else there is
 * @alpha: which of them is transparency, or -1
 * @is_inverted: whether white is 0
 * @is_expanded: whether the file's own pixels cannot hold a repair: a palette, less than 8 bits,
 *   compression with loss in a TIFF, CMYK
 * @was_cmyk: whether the file has colours for print, and @pixels are RGB made of them
 * @pixels: (@height, @width, @channels), row-major, in the machine's byte order
 * @is_in_place: whether @pixels lie within @bytes, and what changes in them changes there
 * @changed: (@height, @width): 1 where a pixel is no longer what the file has
 * @icc: (nullable): the colour profile
 * @exif: (nullable): EXIF data, from their TIFF header on
 * @xmp: (nullable): XMP data
 * @density_x: pixels a metre, or 0 where that is unknown
 * @density_y: likewise
 */
typedef struct
{
  HlFileType type;
  GBytes    *bytes;
  guint      page;
  int        width, height;
  int        orientation;
  HlSample   sample;
  int        colours, channels, alpha;
  gboolean   is_inverted, is_expanded, was_cmyk, is_in_place;
  guint8    *pixels;
  guint8    *changed;
  GBytes    *icc, *exif, *xmp;
  double     density_x, density_y;
} HlFile;

HlFileType hl_file_get_type (const char *path);
GBytes    *hl_file_read (const char *path, GError **error);
gboolean   hl_file_ends_in (const char *path, const char *ending);
gboolean   hl_file_is_raw (const char *path);
HlFile    *hl_file_new_from_bytes (GBytes *bytes, const char *path, GError **error);
HlFile    *hl_file_load (const char *path, GError **error);
HlFile    *hl_file_new (int width, int height, int colours, gboolean has_alpha, HlSample sample,
                        GError **error);
gboolean   hl_file_allocate (HlFile *self, GError **error);
gboolean   hl_file_check (const HlFile *self, HlFileType type, GError **error);
GBytes    *hl_file_encode (const HlFile *self, HlFileType type, int quality, GError **error);
void       hl_file_free (HlFile *self);
int        hl_file_get_width (const HlFile *self);
int        hl_file_get_height (const HlFile *self);
gsize      hl_file_get_place (const HlFile *self, int x, int y);
gsize      hl_file_get_bytes_per_sample (const HlFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlFile, hl_file_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading and writing a JPEG share: libjpeg's errors, and a file that is read. */
#pragma once

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "cli/file.h"

G_BEGIN_DECLS

/* How the segments of EXIF and XMP data begin; each with the 0 that ends the string. */
#define HL_JPEG_EXIF "Exif\0"
#define HL_JPEG_XMP "http://ns.adobe.com/xap/1.0/"

/* libjpeg's errors end where the caller says. */
typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf               back;
  gboolean              is_short, has_end; /* what was said about it so far */
  guint                 rows;
} HlJpegErrors;

typedef struct
{
  struct jpeg_decompress_struct cinfo;
  HlJpegErrors                  errors;
} HlJpegReader;

struct jpeg_error_mgr *hl_jpeg_errors_init (HlJpegErrors *self);
void                   hl_jpeg_reader_open (HlJpegReader *self, const guint8 *data, gsize size);
void                   hl_jpeg_reader_clear (HlJpegReader *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlJpegReader, hl_jpeg_reader_clear)

G_END_DECLS

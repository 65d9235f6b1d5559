/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before and after, ready to be drawn at any size. */
#pragma once

#include <babl/babl.h>
#include <cairo.h>

#include "restore/image.h"

G_BEGIN_DECLS

typedef struct _HlPicture HlPicture;

typedef enum
{
  HL_PICTURE_BEFORE,
  HL_PICTURE_AFTER,
  HL_PICTURE_SIDES
} HlPictureSide;

HlPicture *hl_picture_new (const HlImage *image, const guint8 *hidden, const Babl *space);
void       hl_picture_get_size (const HlPicture *picture, int *width, int *height);
void       hl_picture_set_before (HlPicture *picture, const HlImage *image);
void       hl_picture_set_after (HlPicture *picture, const HlImage *part, int x, int y);
int        hl_picture_get_factor (HlPicture *picture);
void       hl_picture_set_preview (HlPicture *picture, const HlImage *small, int factor);
guint      hl_picture_get_serial (HlPicture *picture);
void hl_picture_draw (HlPicture *picture, HlPictureSide side, cairo_t *cr, double scale, double x,
                      double y);
void hl_picture_free (HlPicture *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPicture, hl_picture_free)

G_END_DECLS

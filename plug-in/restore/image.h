/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph as planes of float, and parts of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlImage:
 * @channels: 1 (gray) or 3 (red, green, blue)
 * @width: pixels
 * @height: pixels
 * @planes: (channels, height, width), row-major; 0 is black and 1 is white in the
 *   perceptual (gamma-encoded) values of the picture; a float picture may go beyond
 * @x: column of the photograph in which it begins, where it is a part of one, else 0
 * @y: row, likewise
 */
typedef struct
{
  int    channels;
  int    width;
  int    height;
  float *planes;
  int    x, y;
} HlImage;

/**
 * HlRect:
 * @left: first column
 * @top: first row
 * @right: column after the last
 * @bottom: row after the last
 */
typedef struct
{
  int left, top, right, bottom;
} HlRect;

HlImage *hl_image_new (int channels, int width, int height, GError **error);
HlImage *hl_image_copy (const HlImage *image, GError **error);
HlImage *hl_image_crop (const HlImage *image, HlRect rect, GError **error);
HlImage *hl_image_shrink (const HlImage *image, int factor, GError **error);
void     hl_image_free (HlImage *image);
void     hl_image_copy_rect (const HlImage *from, int x, int y, HlImage *to, HlRect rect);
HlImage  hl_plane_view (const float *plane, int width, int height);
gint64   hl_rect_get_pixels (HlRect rect);
HlRect   hl_rect_move (HlRect rect, int dx, int dy);
HlRect   hl_rect_grow (HlRect rect, int margin, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlImage, hl_image_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph as planes of float. */
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
 */
typedef struct
{
  int    channels;
  int    width;
  int    height;
  float *planes;
} HlImage;

HlImage *hl_image_new (int channels, int width, int height, GError **error);
HlImage *hl_image_copy (const HlImage *image, GError **error);
void     hl_image_free (HlImage *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlImage, hl_image_free)

G_END_DECLS

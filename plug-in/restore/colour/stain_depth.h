/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stain a pixel is part of, and how deep in it; a part of stain.c. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlStainBox:
 * @label: of the stain, 1 and up
 * @left: first column
 * @top: first row
 * @right: last column
 * @bottom: last row
 * @pixels: how many it has
 */
typedef struct
{
  guint32 label;
  int     left, top, right, bottom;
  gsize   pixels;
} HlStainBox;

/**
 * HlStainDepth:
 * @label: (H, W), of the stain that each pixel is part of, or 0
 * @dx: (H, W), columns to about the nearest pixel outside
 * @dy: (H, W), rows to it
 * @boxes: (n)
 * @n: how many stains there are
 */
typedef struct
{
  guint32    *label;
  gint16     *dx, *dy;
  HlStainBox *boxes;
  guint       n;
} HlStainDepth;

gboolean hl_stain_depth_find (HlStainDepth *self, const float *target, int width, int height);
void     hl_stain_depth_clear (HlStainDepth *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlStainDepth, hl_stain_depth_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps what is painted within the values around it. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlBounds:
 * @pixel: (array length=n): places of the pixels that are bounded; borrowed
 * @n: how many
 * @least: (C, n), the least value that each may have
 * @most: (C, n), the greatest
 */
typedef struct
{
  const gsize *pixel;
  gsize        n;
  float       *least, *most;
} HlBounds;

gboolean hl_bounds_init (HlBounds *bounds, const HlImage *image, const gsize *pixel, gsize n);
void     hl_bounds_keep (const HlBounds *bounds, HlImage *image);
void     hl_bounds_clear (HlBounds *bounds);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlBounds, hl_bounds_clear)

G_END_DECLS

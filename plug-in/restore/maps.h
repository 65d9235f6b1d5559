/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels are to be repainted, and which may be learnt or copied from. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlMaps:
 * @width: W
 * @height: H
 * @target: (H, W), 1 where a pixel is to be repainted, else 0
 * @source: (H, W), 1 where a pixel may be learnt or copied from, else 0
 *
 * No pixel is both.  Many are neither: what is transparent, not a number or far out of range is
 * neither repaired nor learnt from.
 */
typedef struct
{
  int    width, height;
  float *target, *source;
} HlMaps;

gboolean hl_maps_init (HlMaps *maps, const HlImage *image, const float *target,
                       const guint8 *source, gboolean whole, GError **error);
gboolean hl_maps_init_crop (HlMaps *crop, const HlMaps *maps, HlRect rect, GError **error);
void     hl_maps_clear (HlMaps *maps);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlMaps, hl_maps_clear)

G_END_DECLS

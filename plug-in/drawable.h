/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only place where pixels cross between GIMP and the engine. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlPatch:
 * @source: (nullable): the layer that is restored; %NULL once GIMP has forgotten it
 * @layer: (nullable): the layer to be, a copy of @source that is in no image yet
 * @area: the part of @layer that the work needs, in its own pixels
 * @image: (C, H, W) planes of @area, C being 1 or 3
 * @mask: (H, W), row-major: the selection over @area, 0..1, widened as asked for
 * @whole: whether all of the layer is to be worked on, not only the selection
 * @evidence: (H, W), row-major: 0 where a pixel says nothing (fully transparent, or not
 *   a number), else 1
 *
 * The damage in a layer with as much around it as is needed to mend it.
 */
typedef struct
{
  GimpLayer    *source;
  GimpLayer    *layer;
  GeglRectangle area;
  gboolean      whole;
  HlImage      *image;
  float        *mask;
  guint8       *evidence;
} HlPatch;

HlPatch   *hl_patch_new (GimpImage *image, GimpLayer *source, gboolean whole, int mask_grow,
                         GError **error);
GimpLayer *hl_patch_apply (HlPatch *patch, const HlImage *restored, GError **error);
void       hl_patch_free (HlPatch *patch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPatch, hl_patch_free)

G_END_DECLS

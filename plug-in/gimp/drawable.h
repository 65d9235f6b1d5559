/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The damage in a layer, read from GIMP. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlArea:
 * @source: (nullable): the layer that is restored; %NULL once GIMP has forgotten it
 * @layer: (nullable): the layer to be, a copy of @source that is in no image yet
 * @space: the colour space of @image
 * @area: the part of @layer that the work needs, in its own pixels
 * @whole: whether all of the layer is to be worked on, not only the selection
 * @rows: how many rows of @area have been read so far
 * @image: (C, H, W) planes of @area, C being 1 or 3
 * @mask: (H, W), row-major: the selection over @area, 0..1
 * @evidence: (H, W), row-major: 0 where a pixel says nothing (fully transparent, or not
 *   a number), else 1
 * @hidden: (H, W), row-major: 1 where a pixel says nothing and is not selected, else 0
 *
 * The damage in a layer with as much around it as is needed to mend it.
 */
typedef struct
{
  GimpLayer    *source;
  GimpLayer    *layer;
  const Babl   *space;
  GeglRectangle area;
  gboolean      whole;
  int           rows;
  HlImage      *image;
  float        *mask;
  guint8       *evidence;
  guint8       *hidden;

  /*< private >*/
  GeglBuffer *pixels, *selection; /* while they are read */
  float      *row;
  int         x, y; /* of the layer in the image */
  gsize       n_sound, n_selected;
} HlArea;

HlArea  *hl_patch_new (GimpImage *image, GimpLayer *source, gboolean whole, GError **error);
gboolean hl_patch_read (HlArea *patch, gint64 until, GError **error);
gboolean hl_patch_is_complete (const HlArea *patch);
void     hl_patch_free (HlArea *patch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlArea, hl_patch_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a photograph that a restoration works on, cut out with its maps. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlCrop:
 * @whole: (C, H, W), the picture
 * @rect: the part of it
 * @image: (C, h, w), the part itself
 * @target: (h, w), how far each pixel is to be repainted, 0..1
 * @source: (nullable): (h, w), 0 where a pixel must not be learnt from
 */
typedef struct
{
  const HlImage *whole;
  HlRect         rect;
  const HlImage *image;
  const float   *target;
  const guint8  *source;

  /*< private >*/
  HlImage *own_image, *own_target; /* copies, where it is not all of the picture */
  guint8  *own_source;
} HlCrop;

gboolean hl_crop_init (HlCrop *crop, const HlImage *image, const float *target,
                       const guint8 *source, gboolean whole, GError **error);
HlImage *hl_crop_put_back (const HlCrop *crop, HlImage *part, const HlImage *image, GError **error);
void     hl_crop_clear (HlCrop *crop);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlCrop, hl_crop_clear)

G_END_DECLS

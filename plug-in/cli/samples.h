/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pixels of a picture file <-> planes and a mask. */
#pragma once

#include "cli/file.h"
#include "restore/image.h"

G_BEGIN_DECLS

float   *hl_pixels_get_mask (const HlFile *self, GError **error);
HlImage *hl_pixels_get_planes (const HlFile *self, const GeglRectangle *area, guint8 **evidence,
                               GError **error);
gboolean hl_pixels_set_planes (HlFile *self, const GeglRectangle *area, const HlImage *image,
                               const float *mask, GError **error);

G_END_DECLS

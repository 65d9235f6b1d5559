/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels between GIMP and the search for damage. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/image.h"

G_BEGIN_DECLS

HlImage *hl_pixels_read (GimpDrawable *layer, guint8 **evidence, GError **error);
gboolean hl_pixels_select (GimpImage *image, const float *found, const GeglRectangle *area,
                           gboolean add, GError **error);

G_END_DECLS

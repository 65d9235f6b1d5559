/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the pixels of a layer lie, in GIMP and for the engine. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/**
 * HlLayout:
 * @native: the layer's own format
 * @floats: R'G'B' or Y' with the layer's alpha, in its space
 * @type: (nullable): of the numbers in @native, where these differ from @floats in that alone
 * @pixel: bytes of a native pixel
 * @colour: bytes of its colour components, which come first
 * @components: floats in a pixel, alpha included
 * @has_alpha: whether the last of them is alpha
 */
typedef struct
{
  const Babl *native;
  const Babl *floats;
  const Babl *type;
  int         pixel;
  int         colour;
  int         components;
  gboolean    has_alpha;
} HlLayout;

void     hl_layout_init (HlLayout *layout, GimpDrawable *drawable);
gboolean hl_layout_to_floats (const Babl *type, const void *numbers, float *floats, gsize n);
gboolean hl_layout_from_floats (const Babl *type, const float *floats, void *numbers, gsize n);
gboolean hl_layout_set_memory_error (const GeglRectangle *area, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layer that is to be restored, or the reason why it cannot be. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

GimpLayer *hl_target_find (GimpImage *image, GimpDrawable **drawables, GError **error);

G_END_DECLS

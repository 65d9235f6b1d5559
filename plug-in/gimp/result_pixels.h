/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restored planes back into the pixels of a layer. */
#pragma once

#include "gimp/snapshot.h"
#include "restore/settings.h"

G_BEGIN_DECLS

gboolean hl_result_is_changed (const HlSnapshot *snapshot, const HlImage *restored,
                               const float *mask);
gboolean hl_result_write (const HlSnapshot *snapshot, GimpLayer *layer, const HlImage *restored,
                          const float *mask, HlOutput output, GError **error);

G_END_DECLS

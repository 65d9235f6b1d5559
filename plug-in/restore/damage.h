/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be repainted where the person leaves it to us: the damage that the finder finds. */
#pragma once

#include "restore/progress.h"
#include "restore/settings.h"

G_BEGIN_DECLS

gboolean hl_damage_is_sought (const HlRestoreSettings *settings, gboolean selected);
float   *hl_damage_find (const HlImage *image, const float *within, const guint8 *source,
                         const HlRestoreSettings *settings, const HlProgress *progress,
                         GError **error);

G_END_DECLS

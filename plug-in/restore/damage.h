/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be repainted where the person leaves it to us: the damage that the finder finds. */
#pragma once

#include "restore/progress.h"
#include "restore/settings.h"

G_BEGIN_DECLS

/* As in restore/find/find.h. */
typedef struct _HlFound HlFound;

gboolean hl_damage_is_sought (const HlRestoreSettings *settings, gboolean selected);
HlFound *hl_damage_look (const HlImage *image, const float *within, const guint8 *source,
                         const HlRestoreSettings *settings, const HlProgress *progress,
                         GError **error);
float   *hl_damage_cut (const HlImage *image, const HlFound *found, const float *within,
                        const guint8 *source, const HlRestoreSettings *settings, GCancellable *cancel,
                        GError **error);
gboolean hl_damage_check (const float *target, gsize pixels, gboolean within,
                          const HlRestoreSettings *settings, GError **error);
float   *hl_damage_find (const HlImage *image, const float *within, const guint8 *source,
                         const HlRestoreSettings *settings, const HlProgress *progress,
                         GError **error);

G_END_DECLS

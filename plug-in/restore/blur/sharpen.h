/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the settings name, or that is found, taken out of the whole picture. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

gboolean hl_sharpen_decide (HlRestoreSettings *settings, HlPsf **found, gboolean whole,
                            const HlImage *image, const float *target, const guint8 *source,
                            GCancellable *cancel, GError **error);
gboolean hl_sharpen_check (const HlImage *image, const HlRestoreSettings *settings, GError **error);
gboolean hl_sharpen_run (HlImage *image, const float *known, double noise_level,
                         const HlRestoreSettings *settings, const HlProgress *control,
                         HlRestoreReport *report, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One piece of damage after the other, each by the priors that are asked for. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

gboolean hl_repair_run (HlImage *image, const float *mask, const float *known, double noise_level,
                        const HlRestoreSettings *settings, const HlRestoreControl *control,
                        HlRestoreReport *report, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One piece of damage after the other, each by the priors that are asked for. */
#pragma once

#include "nn/weights.h"
#include "restore/restore.h"

G_BEGIN_DECLS

guint64    hl_repair_find_memory_limit (const HlRestoreSettings *settings);
HlWeights *hl_repair_load_weights (const char *path, GError **error);
gboolean   hl_repair_run (HlImage *image, const float *mask, const float *known, double noise_level,
                          const HlRestoreSettings *settings, const HlRestoreControl *control,
                          HlRestoreReport *report, GError **error);

G_END_DECLS

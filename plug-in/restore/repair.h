/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The repair: one region of damage after the other, stage by stage. */
#pragma once

#include "nn/weights.h"
#include "restore/maps.h"
#include "restore/restore.h"
#include "restore/work.h"

G_BEGIN_DECLS

HlWeights *hl_repair_load_weights (const char *path, GError **error);
gboolean   hl_repair_run (HlImage *image, const HlMaps *maps, float *left, double noise_level,
                          const HlRestoreSettings *settings, const HlWork *work,
                          const HlProgress *progress, HlRestoreReport *report, GError **error);

G_END_DECLS

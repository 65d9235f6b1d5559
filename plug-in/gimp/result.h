/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The new layer. */
#pragma once

#include "gimp/snapshot.h"
#include "restore/settings.h"

G_BEGIN_DECLS

/* The name of the parasite that keeps the settings. */
#define HL_RESULT_PARASITE "heirloom-settings"

GimpLayer *hl_result_apply (HlSnapshot *snapshot, const HlImage *mended, const HlImage *coloured,
                            const float *mask, HlOutput output, const char *settings,
                            GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The new layer. */
#pragma once

#include "gimp/drawable.h"

G_BEGIN_DECLS

/**
 * HlOutput:
 * @HL_OUTPUT_LAYER: a layer with all of the picture, the repair blended in
 * @HL_OUTPUT_REPAIR: a layer that is transparent but for the repair
 * @HL_OUTPUT_MASK: a layer with all of the picture, and a layer mask that shows the repair
 */
typedef enum
{
  HL_OUTPUT_LAYER,
  HL_OUTPUT_REPAIR,
  HL_OUTPUT_MASK
} HlOutput;

/* The name of the parasite that keeps the settings. */
#define HL_RESULT_PARASITE "heirloom-settings"

GimpLayer *hl_patch_apply (HlArea *patch, const HlImage *restored, const float *mask,
                           HlOutput output, const char *settings, GError **error);

G_END_DECLS

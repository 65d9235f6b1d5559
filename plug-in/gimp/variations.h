/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other fills of a wide hole, to choose from. */
#pragma once

#include <libgimp/gimpui.h>

#include "gimp/live.h"

G_BEGIN_DECLS

#define HL_TYPE_VARIATIONS (hl_variations_get_type ())
G_DECLARE_FINAL_TYPE (HlVariations, hl_variations, HL, VARIATIONS, GtkBox)

GtkWidget *hl_variations_new (GimpProcedureConfig *config);
void       hl_variations_update (HlVariations *self, HlLive *live);
void       hl_variations_stop (HlVariations *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a photograph stands out from its grain. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HL_ABOVE_GRAIN_REACH 2

void hl_above_grain_run (const float *const rows[2 * HL_ABOVE_GRAIN_REACH + 1], int width,
                         double noise_level, float *above, float *scratch);

G_END_DECLS

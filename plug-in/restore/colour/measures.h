/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of a photograph's densities, which tell how it has faded. */
#pragma once

#include "restore/colour/small_copy.h"

G_BEGIN_DECLS

#define HL_MEASURES 113

gboolean hl_measures_get (const HlSmallCopy *reduced, double measures[HL_MEASURES], GError **error);
double   hl_measures_get_quantile (const float *sorted, int n, double share);
void     hl_measures_sort (float *values, int n);

G_END_DECLS

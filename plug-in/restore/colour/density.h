/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to optical density and back. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HL_DENSITY_DARKEST 3.0788f /* the density of the value 0 */

void hl_density_from_values (const float *values, float *densities, gsize n);
void hl_density_to_values (const float *densities, float *values, gsize n);
void hl_density_limit (float *densities, gsize n);

G_END_DECLS

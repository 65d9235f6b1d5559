/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tone of a gray photograph, and how it differs over the sheet. */
#pragma once

#include "restore/colour/small_copy.h"

G_BEGIN_DECLS

#define HL_TONED_CURVE 4 /* powers of the density: 0 to 3 */
#define HL_TONED_WAVES 4 /* cosines along each side: 0 to 3 half waves */

/**
 * HlToned:
 * @curve: of red - green and of blue - green: coefficients of the powers of the density
 * @range: the densities that the curve was fitted to; beyond them it stays as at their ends
 * @field: of the same: coefficients of cosines, by half waves down and across; [0][0] is 0
 * @spread: what 90 % and 97 % of the cells differ from curve and field by at most, in perceptual
 *   values
 */
typedef struct
{
  double curve[2][HL_TONED_CURVE];
  double range[2];
  double field[2][HL_TONED_WAVES][HL_TONED_WAVES];
  double spread[2];
} HlToned;

gboolean hl_toned_estimate (HlToned *self, const HlSmallCopy *reduced, GError **error);
gboolean hl_toned_is_gray (const HlToned *self);
void     hl_toned_get_field (const HlToned *self, const float *waves, double down, int width,
                             float *red, float *blue);
void     hl_toned_get_waves (int width, float *waves);

/* What the eye takes for the density of a pixel. */
static inline float
hl_toned_get_density (float red, float green, float blue)
{
  return 0.3f * red + 0.6f * green + 0.1f * blue;
}

/* How much denser that is where the stain has made blue denser than green by so much. */
#define HL_TONED_STAIN 0.52f

G_END_DECLS

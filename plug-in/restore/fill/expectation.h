/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hole may be expected to show, by what borders it. */
#pragma once

#include "restore/fill/frame.h"

G_BEGIN_DECLS

/**
 * HlExpectation:
 * @pixels: H W
 * @features: F, of the looks
 * @looks: (H, W, F), how each place looks from afar
 * @detail: (H, W), how much a place stands out from what is around it
 * @texture: (H, W), the logarithm of how strong the texture is
 * @mean: (F + 2, H, W), the mean of the looks from the rim into the hole, how much a place there
 * may stand out, and the mean of the texture
 * @spread: (F + 2, H, W), the standard deviations of the looks and, last, of the texture
 */
typedef struct
{
  gsize        pixels;
  int          features;
  const float *looks;
  float       *detail, *texture, *mean, *spread;
} HlExpectation;

gboolean hl_expectation_init (HlExpectation *expectation, const HlPatchLevel *level,
                              const float *looks, const guint8 *valid, const HlFrame *frame);
void     hl_expectation_clear (HlExpectation *expectation);
float hl_expectation_get_cost (const HlExpectation *expectation, gsize at, gsize from, float trust);
float hl_expectation_get_share (const HlPatchLevel *level, const guint8 *valid, gsize at);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlExpectation, hl_expectation_clear)

G_END_DECLS

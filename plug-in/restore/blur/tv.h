/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur by total variation. */
#pragma once

#include "restore/blur/fourier.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/* The weight of total variation is this over the noise: chosen on photographs, blurred in three
 * ways with noise of half a step to two steps of 255. */
#define HL_TV_WEIGHT 0.045f

/**
 * HlTv:
 * @fourier: transforms
 * @transfer: (count), of the point spread function
 * @known: (padded_height, padded_width), evidence weight of each pixel of the plane, 0..1;
 *   below 0, as far as -1, where the plane is only a lower bound, as it was cut off at white
 * @derivative: (padded_height, padded_width), above 0: of the plane's values by perceptual ones
 * @noise: standard deviation of the noise, 0..1 of white, above 0
 * @strength: of the total variation, 1 being what suits luminance
 * @steps: how many
 */
typedef struct
{
  const HlFourier     *fourier;
  const fftwf_complex *transfer;
  const float         *known;
  const float         *derivative;
  float                noise;
  float                strength;
  guint                steps;
} HlTv;

gboolean hl_tv_run (const HlTv *tv, float *padded, const HlProgress *control, double from,
                    double to, GError **error);

G_END_DECLS

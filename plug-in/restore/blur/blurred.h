/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data step of half-quadratic splitting for a blurred picture. */
#pragma once

#include <gio/gio.h>

#include "restore/blur/fourier.h"
#include "restore/linear_light.h"

G_BEGIN_DECLS

/**
 * HlBlurred:
 * @fourier: transforms
 * @transfer: (count), of the point spread function
 * @seen: (C, padded_height, padded_width), the blurred picture, all values finite
 * @known: (padded_height, padded_width), 0 for unknown to 1 for known; 0 around the picture
 * @noise: standard deviation where known, 0..1 of white, above 0
 * @curve: what was blurred
 * @memory: of %HL_BLURRED_BUFFERS buffers from hl_fourier_alloc()
 * @cancel: (nullable): once cancelled, it ends soon, and the result is unusable
 *
 * The data of hl_blurred_solve().
 */
typedef struct
{
  const HlFourier     *fourier;
  const fftwf_complex *transfer;
  const HlImage       *seen;
  const float         *known;
  float                noise;
  HlCurve              curve;
  float               *memory;
  GCancellable        *cancel;
} HlBlurred;

#define HL_BLURRED_BUFFERS 9

void hl_blurred_solve (gpointer data, const HlImage *x, float sigma, HlImage *z);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur at once, by one filter. */
#pragma once

#include "restore/blur/fourier.h"

G_BEGIN_DECLS

void hl_wiener_run (const HlFourier *fourier, const fftwf_complex *transfer, float noise,
                    float noise_blur, float *padded, fftwf_complex *work);

G_END_DECLS

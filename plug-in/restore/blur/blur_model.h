/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a blur explains a photograph's power spectrum; a part of blur_search.c. */
#pragma once

#include "restore/blur/blur_spectrum.h"

G_BEGIN_DECLS

double hl_blur_model_fit (const HlBlurSpectrum *spectrum, HlBlurSet set, double noise_blur,
                          const double transfer[HL_BLUR_BINS]);

G_END_DECLS

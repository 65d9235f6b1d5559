/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of a blur of roughly known size. */
#pragma once

#include "restore/blur/blur_estimate.h"
#include "restore/restore.h"

G_BEGIN_DECLS

gboolean hl_blur_find_encoded (const HlPsf *psf, const HlImage *image, const float *known,
                               double noise_level, double noise_blur, gboolean *encoded,
                               GCancellable *cancel, GError **error);
HlPsf   *hl_blur_fit (const HlBlurEstimate *estimate, const HlImage *image, const float *known,
                      double noise_level, const HlProgress *control, GError **error);

G_END_DECLS

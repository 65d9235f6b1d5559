/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether light was blurred, or the values in the file. */
#pragma once

#include <gio/gio.h>

#include "restore/blur/psf.h"
#include "restore/linear_light.h"

G_BEGIN_DECLS

gboolean hl_blur_find_curve (const HlPsf *psf, const HlImage *image, const float *known,
                             double noise_level, double noise_blur, HlCurve *curve,
                             GCancellable *cancel, GError **error);

guint64 hl_blur_find_curve_memory (const HlPsf *psf, const HlImage *image);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which blur a photograph has, if any. */
#pragma once

#include "restore/blur/psf.h"
#include "restore/progress.h"

G_BEGIN_DECLS

gboolean hl_blur_search (const HlImage *image, const float *known, double noise_blur, HlPsf **found,
                         const HlProgress *control, GError **error);

G_END_DECLS

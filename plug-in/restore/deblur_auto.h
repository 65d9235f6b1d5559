/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur that nobody knows. */
#pragma once

#include "restore/blur_estimate.h"
#include "restore/deblur.h"

G_BEGIN_DECLS

gboolean hl_deblur_run_auto (const HlDeblurTask *task, HlImage *image, const float *known,
                             HlBlurEstimate *estimate, const HlRestoreControl *control,
                             GError **error);

G_END_DECLS

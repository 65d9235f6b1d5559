/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing an unknown blur. */
#pragma once

#include "restore/blur/deblur.h"

G_BEGIN_DECLS

gboolean hl_deblur_run_auto (const HlDeblurTask *task, HlImage *image, const float *known,
                             HlPsf **found, const HlProgress *control, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The holes of a picture painted with similar patches, from its coarsest size on. */
#pragma once

#include "restore/patches/patch_pyramid.h"
#include "restore/progress.h"

G_BEGIN_DECLS

gboolean hl_patch_paint_run (HlPatchPyramid *pyramid, int last, const HlProgress *progress,
                             gboolean *complete, GError **error);

G_END_DECLS

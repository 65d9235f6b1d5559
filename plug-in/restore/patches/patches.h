/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes, painted with patches of the picture's own sound parts. */
#pragma once

#include "nn/denoiser.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/* Chebyshev distance from a hole's edge to its middle, pixels, from which on patches are used. */
#define HL_PATCHES_DEPTH 4

gboolean hl_patches_find (const float *target, int width, int height, guint8 *hole,
                          GCancellable *cancel);
gboolean hl_patches_run (HlImage *image, const float *source, const guint8 *hole,
                         HlDenoiser *denoiser, double sigma, double detail, guint32 seed,
                         const HlProgress *progress, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape by FFT. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HlDeconvolver HlDeconvolver;

HlDeconvolver *hl_deconvolver_new (int width, int height, double radius, double noise_level,
                                   GError **error);
void           hl_deconvolver_run (HlDeconvolver *self, float *plane);
void           hl_deconvolver_free (HlDeconvolver *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlDeconvolver, hl_deconvolver_free)

G_END_DECLS

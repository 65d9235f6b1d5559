/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoing a blur of known shape in one window of a picture. */
#pragma once

#include "restore/blur/deblur.h"

G_BEGIN_DECLS

typedef struct _HlDeblurWindow HlDeblurWindow;

HlDeblurWindow *hl_deblur_window_new (const HlDeblurTask *task, int channels, int width, int height,
                                      double derivative, GError **error);
void            hl_deblur_window_free (HlDeblurWindow *self);
guint64         hl_deblur_window_get_memory (const HlDeblurWindow *self);
gboolean        hl_deblur_window_run (HlDeblurWindow *self, HlImage *image, const float *known,
                                      const HlProgress *control, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlDeblurWindow, hl_deblur_window_free)

G_END_DECLS

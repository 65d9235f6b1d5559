/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound places that are treated as damage, to see how well damage is mended. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlWindow:
 * @truth: (C, height, width), a piece of the photograph
 * @start: (C, height, width), likewise, what is held out filled from around
 * @known: (1, height, width), 0 for unknown or held out to 1 for known
 * @held: (1, height, width), 1 where held out, else 0
 */
typedef struct
{
  HlImage *truth, *start, *known, *held;
} HlWindow;

/**
 * HlHoldout:
 * @height: of the windows, a multiple of 8
 * @width: likewise
 * @windows: (element-type HlWindow): none where nothing can be held out
 * @held: pixels that are held out, those in two windows twice
 * @counts: (H, W), how far each pixel of the photograph may be learnt from, 0..1
 * @damaged: (array length=n_damaged): the damaged pixels
 * @n_damaged: how many
 */
typedef struct
{
  int        height, width;
  GPtrArray *windows;
  gsize      held;
  float     *counts;
  gsize     *damaged, n_damaged;
} HlHoldout;

HlHoldout *hl_holdout_new (const HlImage *image, const float *mask, const float *known,
                           GCancellable *cancel, GError **error);
void       hl_holdout_free (HlHoldout *holdout);
gsize      hl_holdout_get_damaged (const HlHoldout *holdout, double at);
void       hl_holdout_cut (const float *planes, const HlImage *image, int y, int x, HlImage *piece);
double     hl_window_get_error (const HlWindow *window, const HlImage *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlHoldout, hl_holdout_free)

G_END_DECLS

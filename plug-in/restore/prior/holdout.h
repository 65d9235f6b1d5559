/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound places that are treated as damage, to see how well damage is repaired. */
#pragma once

#include <gio/gio.h>

#include "restore/maps.h"

G_BEGIN_DECLS

/**
 * HlWindow:
 * @truth: (C, height, width), a piece of the photograph
 * @start: (C, height, width), likewise, what is held out filled from around
 * @maps: of the piece: what is held out is a target too
 * @held: (1, height, width), 1 where held out, else 0
 */
typedef struct
{
  HlImage *truth, *start, *held;
  HlMaps   maps;
} HlWindow;

/**
 * HlHoldout:
 * @height: of the windows, a multiple of 8
 * @width: likewise
 * @windows: (element-type HlWindow): none where nothing can be held out
 * @held: pixels that are held out, those in two windows twice
 * @counts: (H, W), how far each pixel of the photograph may be learnt from, 0..1
 * @damaged: (array length=n_damaged): where the target is
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

HlHoldout *hl_holdout_new (const HlImage *image, const HlMaps *maps, GCancellable *cancel,
                           GError **error);
void       hl_holdout_free (HlHoldout *holdout);
gsize      hl_holdout_get_damaged (const HlHoldout *holdout, double at);
double     hl_window_get_error (const HlWindow *window, const HlImage *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlHoldout, hl_holdout_free)

G_END_DECLS

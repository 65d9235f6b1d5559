/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound places that are treated as damage, to learn from and to see how well damage is repaired. */
#pragma once

#include <gio/gio.h>

#include "restore/maps.h"

G_BEGIN_DECLS

/**
 * HlWindow:
 * @truth: (C, height, width), a piece of the photograph
 * @start: (C, height, width), likewise, what is held out filled from around
 * @maps: of the piece: what is held out is a target too
 * @learnt: (1, height, width), 1 where held out to learn from, else 0
 * @judged: (1, height, width), 1 where held out to judge by, else 0
 * @left: where it lies in the photograph
 * @top: likewise
 */
typedef struct
{
  HlImage *truth, *start, *learnt, *judged;
  HlMaps   maps;
  int      left, top;
} HlWindow;

/**
 * HlHoldout:
 * @height: of the windows, a multiple of 8
 * @width: likewise
 * @windows: (element-type HlWindow): none where nothing can be held out
 * @judged: pixels to judge by, those in two windows twice
 */
typedef struct
{
  int        height, width;
  GPtrArray *windows;
  gsize      judged;
} HlHoldout;

HlHoldout *hl_holdout_new (const HlImage *image, const HlMaps *maps, guint32 seed,
                           GCancellable *cancel, GError **error);
void       hl_holdout_free (HlHoldout *holdout);
double     hl_window_get_error (const HlWindow *window, const HlImage *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlHoldout, hl_holdout_free)

G_END_DECLS

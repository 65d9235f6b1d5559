/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paper's border around a print. */
#pragma once

#include "restore/patches/patch_level.h"

G_BEGIN_DECLS

/**
 * HlFrame:
 * @depth: how many columns or rows of pixels belong to it at the left, the right, the top and the
 *   bottom; 0 where there is none
 */
typedef struct
{
  int depth[4];
} HlFrame;

int      hl_frame_get_length (const HlPatchLevel *level, int side);
gsize    hl_frame_get_pixel (const HlPatchLevel *level, int side, int k, int i);
HlFrame  hl_frame_find (const HlPatchLevel *level, const guint8 *valid);
int      hl_frame_get_side (const HlFrame *frame, const HlPatchLevel *level, gsize at);
gboolean hl_frame_is_at (const HlFrame *frame, const HlPatchLevel *level, const guint8 *hole,
                         gboolean vertical);

G_END_DECLS

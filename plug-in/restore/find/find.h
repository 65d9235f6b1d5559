/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the damage of a photograph, and proposes a selection of it. */
#pragma once

#include "restore/find/evidence.h"

G_BEGIN_DECLS

#define HL_FIND_SENSITIVITY 50.0

/* Damage of this width and more is one and the same; as a limit it is none. */
#define HL_FIND_ANY_WIDTH 255

/**
 * HlFindSettings:
 * @weights: (nullable): a file of weights for one network instead of the two built in
 * @threads: 1..64, or 0 for one per processor
 * @memory_limit: bytes that the network may take, or 0 for as many as suit it
 */
typedef struct
{
  const char *weights;
  guint       threads;
  guint64     memory_limit;
} HlFindSettings;

/**
 * HlFound:
 * @width: columns of the photograph, W
 * @height: its rows, H
 * @map: (H, W), row-major: how certain it is that there is damage, 0..255; the usual sensitivity
 *   selects 128 and more
 * @widths: (H, W), how wide the damage there is, pixels, at most %HL_FIND_ANY_WIDTH
 */
typedef struct _HlFound
{
  int     width, height;
  guint8 *map;
  guint8 *widths;
} HlFound;

GPtrArray *hl_find_load_weights (const char *path, GError **error);
HlFound   *hl_find_run (const HlImage *image, const guint8 *known, const guint8 *target,
                        const HlFindSettings *settings, const HlProgress *progress, GError **error);
gsize      hl_find_cut (const HlFound *found, double sensitivity, int largest, guint8 *mask);
void       hl_found_free (HlFound *found);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlFound, hl_found_free)

G_END_DECLS

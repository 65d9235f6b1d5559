/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph seen at a whole fraction of its size, row by row. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

/* The three colours that a gray picture has too, as far as the finder's network is concerned. */
#define HL_REDUCED_COLOURS 3

/**
 * HlReduced:
 * @image: the photograph
 * @known: (H, W) (nullable): 0 where a pixel is transparent or not a number; %NULL: nowhere
 * @factor: pixels of the photograph that become one along each side, 1 or more
 * @width: columns at this size, those of the photograph divided by @factor and rounded up
 * @height: rows, likewise
 * @fallback: the colour of what is not known, 0..1
 */
typedef struct
{
  const HlImage *image;
  const guint8  *known;
  int            factor, width, height;
  float          fallback[HL_REDUCED_COLOURS];
} HlReduced;

void hl_reduced_init (HlReduced *reduced, const HlImage *image, const guint8 *known, int factor);
void hl_reduced_resize (HlReduced *reduced, int factor);
void hl_reduced_read (const HlReduced *reduced, int y, int left, int n,
                      float *row[HL_REDUCED_COLOURS]);
gboolean hl_reduced_is_known (const HlReduced *reduced, int y, int x);
void     hl_reduced_choose (HlReduced *reduced, GCancellable *cancel);

G_END_DECLS

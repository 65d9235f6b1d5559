/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph's grain: learnt from its flat places, and given to what was painted anew. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

#define HL_GRAIN_LEVELS 16
#define HL_GRAIN_RADIUS 5
#define HL_GRAIN_SIDE (2 * HL_GRAIN_RADIUS + 1)
#define HL_GRAIN_TAPS (HL_GRAIN_SIDE * HL_GRAIN_SIDE)

/* How far around a pixel hl_grain_add() looks at what was painted there. */
#define HL_GRAIN_REACH 16

/**
 * HlGrain:
 * @channels: 1 or 3
 * @level: (levels): standard deviation at brightness (i + 1/2) / levels, root mean square
 *   over the channels, 0..1 of white; all 0 where a photograph has no grain
 * @mix: (C, C): how much of each of C independent noises a channel holds; over all entries
 *   the mean square of a row is 1
 * @taps: (C, side, side): the filter that gives each of these noises its spectrum; its
 *   squares sum up to 1
 */
typedef struct
{
  int   channels;
  float level[HL_GRAIN_LEVELS];
  float mix[3][3];
  float taps[3][HL_GRAIN_TAPS];
} HlGrain;

gboolean hl_grain_learn (HlGrain *grain, const HlImage *image, const float *known,
                         GCancellable *cancel, GError **error);
double   hl_grain_get_level (const HlGrain *grain, double brightness);
gboolean hl_grain_add (const HlGrain *grain, HlImage *result, const float *fill, int x0, int y0,
                       double amount, guint32 seed, GCancellable *cancel, GError **error);

G_END_DECLS

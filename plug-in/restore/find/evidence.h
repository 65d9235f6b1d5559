/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the finder's network says of a photograph at one size, in maps of bytes. */
#pragma once

#include "nn/pool.h"
#include "nn/tile.h"
#include "nn/weights.h"
#include "restore/find/reduced.h"
#include "restore/progress.h"

G_BEGIN_DECLS

/* How a map keeps the logarithm of the odds of damage: even odds, and steps to one logit. */
#define HL_EVIDENCE_EVEN 128
#define HL_EVIDENCE_STEPS 16

/* At half the size the network finds what is wide, and errs more: this is taken off its logit
 * (measured with the prototype of the network on seven old photographs). */
#define HL_EVIDENCE_HALF_LESS 1.5f

guint8   hl_evidence_encode (float logit);
float    hl_evidence_decode (guint8 code);
gboolean hl_evidence_find (const HlWeights *weights, HlPool *pool, const HlReduced *reduced,
                           const HlTile *window, guint64 memory_limit, guint8 *map, gboolean mean,
                           const HlProgress *progress, GError **error);
void     hl_evidence_join_half (guint8 *map, int width, int height, const HlTile *window,
                                const guint8 *half, float less);

G_END_DECLS

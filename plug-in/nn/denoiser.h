/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned denoiser: a residual U-Net with trained weights, forward only. */
#pragma once

#include <gio/gio.h>

#include "nn/pool.h"
#include "nn/weights.h"

G_BEGIN_DECLS

/* Pixels a side of the cells that hl_denoiser_set_active() marks. */
#define HL_DENOISER_CELL 8

/* Bits of hl_denoiser_set_mirror(). */
#define HL_DENOISER_MIRROR_ACROSS 1
#define HL_DENOISER_MIRROR_DOWN 2

typedef struct _HlDenoiser HlDenoiser;

HlDenoiser *hl_denoiser_new (const HlWeights *weights, HlPool *pool, int height, int width,
                             guint64 memory_limit, GError **error);
void        hl_denoiser_free (HlDenoiser *net);
guint64     hl_denoiser_get_memory (const HlDenoiser *net);
HlPool     *hl_denoiser_get_pool (const HlDenoiser *net);
double      hl_denoiser_get_operations (const HlDenoiser *net);
int         hl_denoiser_get_pieces (const HlDenoiser *net);
void     hl_denoiser_get_piece (const HlDenoiser *net, int index, int *left, int *top, int *right,
                                int *bottom);
void     hl_denoiser_set_mirror (HlDenoiser *net, guint mirror);
void     hl_denoiser_set_reuse (HlDenoiser *net, float times);
void     hl_denoiser_set_active (HlDenoiser *net, const guint8 *cells);
gboolean hl_denoiser_run_piece (HlDenoiser *net, int index, const float *x, int channels,
                                const float *sigma, float level, float *y, GCancellable *cancel,
                                GError **error);
gboolean hl_denoiser_run (HlDenoiser *net, const float *x, int channels, const float *sigma,
                          float level, float *y, GCancellable *cancel, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlDenoiser, hl_denoiser_free)

G_END_DECLS

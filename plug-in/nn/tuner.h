/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned denoiser, fitted to one photograph. */
#pragma once

#include "nn/pool.h"
#include "nn/weights.h"

G_BEGIN_DECLS

typedef struct _HlTuner HlTuner;

HlTuner         *hl_tuner_new (const HlWeights *weights, HlPool *pool, int height, int width,
                               guint64 memory_limit, GError **error);
void             hl_tuner_free (HlTuner *tuner);
guint64          hl_tuner_get_memory (const HlTuner *tuner);
double           hl_tuner_step (HlTuner *tuner, const float *x, const float *truth, int channels,
                                const float *counts, float sigma, float rate);
const HlWeights *hl_tuner_get_weights (const HlTuner *tuner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlTuner, hl_tuner_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trained weights, read from a safetensors file. */
#pragma once

#include "nn/safetensors.h"

G_BEGIN_DECLS

typedef struct _HlWeights HlWeights;

HlWeights   *hl_weights_load (const char *path, GError **error);
HlWeights   *hl_weights_new_from_bytes (GBytes *bytes, const char *name, GError **error);
HlWeights   *hl_weights_copy (const HlWeights *weights, GError **error);
float       *hl_weights_get_values (HlWeights *weights, gsize *n);
void         hl_weights_free (HlWeights *weights);
guint        hl_weights_get_count (const HlWeights *weights);
const int   *hl_weights_get_shape (const HlWeights *weights, const char *name);
const float *hl_weights_get (const HlWeights *weights, const char *name,
                             const int shape[HL_TENSOR_DIMENSIONS]);
void         hl_weights_set_foreign (const HlWeights *weights, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlWeights, hl_weights_free)

G_END_DECLS

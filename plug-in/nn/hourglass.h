/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deep image prior's network: an encoder-decoder with skip connections. */
#pragma once

#include "nn/pool.h"
#include "nn/resample.h"

G_BEGIN_DECLS

#define HL_MAX_SCALES 8

/**
 * HlHourglassConfig:
 * @scales: how often the picture is halved, 1..8
 * @width: channels at each scale, the finest first, 1..512
 * @skip: channels that pass by at each scale, 0 for none
 * @kernel_down: taps a side of the convolutions on the way down, odd, 1..7
 * @kernel_up: likewise on the way up
 * @in_channels: planes of the random input, 1..512
 * @out_channels: planes of the result, 1 or 3
 * @upsample: how scales are enlarged
 * @pointwise: whether a 1x1 layer follows each layer on the way up
 * @slope: of the LeakyReLU, 0..1
 */
typedef struct
{
  int        scales;
  int        width[HL_MAX_SCALES];
  int        skip[HL_MAX_SCALES];
  int        kernel_down, kernel_up;
  int        in_channels, out_channels;
  HlUpsample upsample;
  gboolean   pointwise;
  float      slope;
} HlHourglassConfig;

typedef struct _HlHourglass HlHourglass;

gboolean hl_hourglass_config_init (HlHourglassConfig *config, const char *name, int out_channels);
HlHourglass *hl_hourglass_new (const HlHourglassConfig *config, int height, int width, HlPool *pool,
                               guint32 seed, guint64 memory_limit, GError **error);
void         hl_hourglass_free (HlHourglass *net);

gsize        hl_hourglass_get_size (const HlHourglass *net);
guint64      hl_hourglass_get_memory (const HlHourglass *net);
double       hl_hourglass_get_operations (const HlHourglass *net);
float       *hl_hourglass_get_parameters (HlHourglass *net);
const float *hl_hourglass_get_gradients (const HlHourglass *net);
float       *hl_hourglass_get_input (HlHourglass *net);

void         hl_hourglass_draw_input (HlHourglass *net, float noise, guint iteration);
const float *hl_hourglass_forward (HlHourglass *net);
double       hl_hourglass_backward (HlHourglass *net, const float *target, const float *known,
                                    double known_sum);
const float *hl_hourglass_get_output (const HlHourglass *net);
void         hl_hourglass_step (HlHourglass *net, float rate);
void         hl_hourglass_save (HlHourglass *net);
void         hl_hourglass_restore (HlHourglass *net);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlHourglass, hl_hourglass_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half-quadratic splitting: a learned denoiser and what is known, by turns. */
#pragma once

#include "nn/denoiser.h"
#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlDataStep:
 * @solve: brings @x back to what is known: sets @z to the minimum of
 *   ||A z - y||^2 / (2 s^2) + ||z - x||^2 / (2 sigma^2), with y what was seen, A how it came
 *   about and s its noise
 * @data: for @solve
 * @parts: (nullable) (element-type HlRect): what may change at a step, without overlap: all that
 *   the denoiser may change and the pixels around that which keeping the low-pass part reaches,
 *   %HL_HQS_AROUND; or %NULL for everything
 *
 * What is known of the picture; the rest of the splitting does not care what that is.
 */
typedef struct
{
  void (*solve) (gpointer data, const HlImage *x, float sigma, HlImage *z);
  gpointer      data;
  const GArray *parts;
} HlDataStep;

/* Three times the radius of the low-pass part, see hqs.c. */
#define HL_HQS_AROUND 6

/**
 * HlKnownPixels:
 * @image: (C, H, W), the picture as it was seen
 * @known: (H, W), 0 for unknown to 1 for known
 * @noise: standard deviation where known, 0..1 of white; 0 to keep those pixels
 * @parts: (nullable) (element-type HlRect): where @x may differ from @z, or %NULL for everywhere
 *
 * The data of hl_known_pixels_solve().
 */
typedef struct
{
  const HlImage *image;
  const float   *known;
  float          noise;
  const GArray  *parts;
} HlKnownPixels;

/**
 * HlHqsFlags:
 * @HL_HQS_PLAIN: none of the others
 * @HL_HQS_MIRRORED: each step sees the picture mirrored in another of four ways, since a network
 *   errs differently in each (Zhang et al., "Plug-and-Play Image Restoration with Deep Denoiser
 *   Prior", IEEE TPAMI 2022, section 4.3)
 * @HL_HQS_REUSED: only hl_hqs_count_whole() steps run the whole denoiser, and each of the others
 *   uses what its coarser scales gave in the last of them: hl_denoiser_set_reuse(); these see the
 *   picture mirrored in the same way
 */
typedef enum
{
  HL_HQS_PLAIN    = 0,
  HL_HQS_MIRRORED = 1 << 0,
  HL_HQS_REUSED   = 1 << 1,
} HlHqsFlags;

void     hl_known_pixels_solve (gpointer data, const HlImage *x, float sigma, HlImage *z);
guint    hl_hqs_count_whole (guint steps);
gboolean hl_hqs_run (HlDenoiser *denoiser, const HlDataStep *data, const float *sigma, guint steps,
                     float further, HlHqsFlags flags, HlImage *x, const HlProgress *progress,
                     GError **error);

G_END_DECLS

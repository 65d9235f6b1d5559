/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectrum of a photograph's grain, from its flat patches; a part of grain.c. */
#pragma once

#include "restore/grain/grain.h"

G_BEGIN_DECLS

#define HL_GRAIN_PATCH 16 /* pixels a side */
#define HL_GRAIN_PATCH_PIXELS (HL_GRAIN_PATCH * HL_GRAIN_PATCH)

/* Lags of the autocovariance; noise further apart is taken for independent. */
#define HL_GRAIN_LAG 6
#define HL_GRAIN_LAGS (2 * HL_GRAIN_LAG + 1)

/**
 * HlGrainPatch:
 * @used: how many pixels are known
 * @known: (16, 16), row-major: whether each is
 * @residual: (3, 16, 16): what the channels differ from a plane, 0 where not known
 * @brightness: mean over pixels and channels, of white
 */
typedef struct
{
  int    used;
  guint8 known[HL_GRAIN_PATCH_PIXELS];
  double residual[3][HL_GRAIN_PATCH_PIXELS];
  double brightness;
} HlGrainPatch;

/**
 * HlGrainSums:
 * @covariance: (C, C): summed over pixels, of brightness and colour
 * @variogram: (C, lags, lags): summed over pairs; the upper half stays 0
 * @pairs: (lags, lags): how many pairs
 * @pixels: how many pixels
 *
 * What is summed over flat patches, each divided by the variance at its brightness.
 */
typedef struct
{
  double covariance[3][3];
  double variogram[3][HL_GRAIN_LAGS][HL_GRAIN_LAGS];
  double pairs[HL_GRAIN_LAGS][HL_GRAIN_LAGS];
  double pixels;
} HlGrainSums;

void   hl_grain_factor (double a[3][3]);
void   hl_grain_sums_add (HlGrainSums *sums, const HlGrainPatch *patch, int channels,
                          double variance);
double hl_grain_sums_finish (const HlGrainSums *sums, HlGrain *grain);

G_END_DECLS

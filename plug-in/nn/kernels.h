/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loops, and the choice among their versions.
 *
 * Everything that touches many pixels ends here: flat runs of floats, no shapes, no
 * allocation, no failure.  kernels.c is compiled once per instruction set; dispatch.c
 * picks the widest that this machine runs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Output channels that one call of correlate computes, and the narrow version's. */
#define HL_BLOCK 8
#define HL_NARROW_BLOCK 4

/* Floats that may be read and written past the end of a run that correlate or cross works
 * on: the longest step of any version. */
#define HL_SLACK 16

/* Lanes of the widest version: what is laid out for vectors is rounded up to these. */
#define HL_LANES 16

typedef void (*HlCorrelate) (const float *x, gsize plane, const int *offset, int taps,
                             const float *w, int channels, float *out, gsize out_plane, int n);
typedef void (*HlCross) (const float *const x[3], const float *d, gsize d_plane, int n, float *sum);

/* What turns a gradient by an activation into one by what was normalised: norm.c. */
typedef struct
{
  float scale, shift, slope, k, a, b;
} HlGradient;

/**
 * HlKernels:
 * @name: of the instruction set, as in the environment variable HEIRLOOM_SIMD
 * @correlate: out[o][i] = sum over c, t of w[c][t][o] x[c][offset[t] + i], for o < 8
 *   (index 0) or o < 4 (index 1), 0 <= i < n
 * @cross: sum[j][o] += sum over i of d[o][i] x[j][i], for j < 3 and o < 8 or 4; @d must be
 *   zero, and @x finite, from n up to the next multiple of 16
 * @activate: over rows of n pixels, y = z for z > 0, else slope z, where z = scale x + shift
 * @gradient: over rows of n pixels, y = k d + a + b x where z > 0, else k slope d + a + b x; y
 *   may be d
 * @winograd_in: v[f][i] = element f of B' d B, d the 6x6 floats at x + 4 i, rows x_step apart,
 *   for 0 <= i < tiles and on to the next multiple of 16
 * @winograd_out: the 4x4 floats at y + 4 i, rows y_step apart, = A' m A, of the 36 floats m[f][i],
 *   for 0 <= i < tiles and on to the next multiple of 16
 * @winograd_pixels: with the channels side by side, v[f][i][c] = element f of B' d B, or with
 *   @reach 4 of A d A', where d are the @reach x @reach floats at x + 4 i of plane c, planes
 *   x_plane and rows x_step apart; for 0 <= i < tiles, 0 <= c < channels, and zeros up to the
 *   next multiple of %HL_LANES in c; v_step floats from f to f, v_tile from i to i; @strip is
 *   scratch buffer of reach x (4 tiles + 2 + %HL_LANES) x %HL_LANES floats
 * @tile_in: v[f][c] = element f of B' d B, d the 6x6 floats pixels[0..35][c], for 0 <= c <
 * channels, a multiple of %HL_LANES
 * @multiply: m[r][o] = sum over c of v[r][c] w[c][o], for 0 <= r < rows, a multiple of 8, and
 *   0 <= o < outs, a multiple of %HL_LANES; rows v_row, w_row and m_row floats apart
 * @tile_out: the 16 floats y[0..15][c], y_step apart, = A' m A, of the 36 floats m[f][c], plus
 *   those of @plus and of @more if given, which are laid out as y, and else zero in place of what
 *   is below it if @rectified; for 0 <= c < channels, a multiple of %HL_LANES
 * @outer: out[o][i] = sum over t of d[t][o] x[t][i], for o < 8, 0 <= i < n, rows d_step and
 *   x_step apart
 * @winograd_taps: y[t][i] += element t of G' m G, of the 36 floats m[f][i], for 0 <= i < n
 * @moments: the sums over i of (x - centre) and of (x - centre)^2, into sum[0] and sum[1]
 * @gradient_sums: the sums over i of g and of g (x - centre), where g = d for z > 0, else
 *   slope d, into sum[0] and sum[1]
 * @distance: the sum of (a - b)^2 over rows of n floats, step floats apart; @most or more once it
 *   cannot be less
 * @add: y += x
 * @noise: y[i] = base uniform(i) + sigma normal(i), uniform in 0..1 and drawn from @key,
 *   normal approximately (sum of eight uniforms) and drawn from @noise_key
 * @adam: one step of Adam on n parameters
 */
typedef struct
{
  const char *name;
  HlCorrelate correlate[2];
  HlCross     cross[2];
  void (*activate) (float *y, gsize y_step, const float *x, gsize x_step, int rows, gsize n,
                    float scale, float shift, float slope);
  void (*gradient) (float *y, gsize y_step, const float *d, const float *x, gsize x_step, int rows,
                    gsize n, const HlGradient *of);
  void (*winograd_in) (const float *x, gsize x_step, int tiles, float *v, gsize v_step);
  void (*winograd_out) (const float *m, gsize m_step, int tiles, float *y, gsize y_step);
  void (*winograd_pixels) (const float *x, gsize x_plane, gsize x_step, int reach, int tiles,
                           int channels, float *strip, float *v, gsize v_step, gsize v_tile);
  void (*tile_in) (const float *const *pixels, int channels, float *v, gsize v_step);
  void (*multiply) (const float *v, gsize v_row, int rows, const float *w, gsize w_row,
                    int channels, float *m, gsize m_row, int outs);
  void (*tile_out) (const float *m, gsize m_step, int channels, const float *plus,
                    const float *more, gboolean rectified, float *y, gsize y_step);
  void (*outer) (const float *d, int d_step, const float *x, gsize x_step, int count, float *out,
                 gsize out_plane, int n);
  void (*winograd_taps) (const float *m, gsize m_step, float *y, gsize y_step, int n);
  void (*moments) (const float *x, float centre, gsize n, float sum[2]);
  void (*gradient_sums) (const float *d, const float *x, float scale, float shift, float slope,
                         float centre, gsize n, float sum[2]);
  float (*distance) (const float *a, const float *b, gsize step, int rows, int n, float most);
  void (*add) (float *y, const float *x, gsize n);
  void (*noise) (float *y, float base, guint32 key, float sigma, guint32 noise_key, guint32 first,
                 gsize n);
  void (*adam) (float *w, const float *d_w, float *m, float *v, float rate, float beta1,
                float beta2, float epsilon, float correction, gsize n);
} HlKernels;

const HlKernels *hl_kernels_get (void);
const HlKernels *hl_kernels_by_name (const char *name);

G_END_DECLS

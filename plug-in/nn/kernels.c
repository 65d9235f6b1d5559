/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loops, compiled once per instruction set (HL_LEVEL, HL_VECTOR_BYTES).
 *
 * Written with GCC's and Clang's vector types rather than intrinsics, so that one text
 * serves SSE2, AVX2, AVX-512 and NEON.  The two loops that matter keep a block of sums in
 * registers: `correlate` 8 output channels x 3 vectors of pixels, `cross` 8 channels x 3
 * taps; each loads 3 + 8 values for 24 multiply-adds, so that the multipliers, not the
 * loads, set the pace.  The order of every sum is fixed by its length alone. */
#include "nn/kernels.h"

#define LANES (HL_VECTOR_BYTES / 4)
#define ALL _Pragma ("GCC unroll 16")

typedef float Vector __attribute__ ((vector_size (HL_VECTOR_BYTES)));
typedef int   Mask __attribute__ ((vector_size (HL_VECTOR_BYTES)));
typedef float Loose __attribute__ ((vector_size (HL_VECTOR_BYTES), aligned (4), may_alias));

/* With 16 registers or fewer the blocks of 8 are done as two of 4. */
#if HL_VECTOR_BYTES == 64 || defined(__aarch64__)
#define ROWS 8
#else
#define ROWS 4
#endif

static inline Vector
load (const float *x)
{
  return *(const Loose *) x;
}

static inline void
store (float *y, Vector x)
{
  *(Loose *) y = x;
}

/* `rows` output channels at w (stride `w_step`), `vectors` vectors of pixels. */
static inline __attribute__ ((always_inline)) void
correlate_block (const float *x, gsize plane, const int *offset, int taps, const float *w,
                 int w_step, int channels, float *out, gsize out_plane, const int rows,
                 const int vectors)
{
  Vector sum[8][6] = { 0 };

  for (int c = 0; c < channels; c++, x += plane)
    for (int t = 0; t < taps; t++, w += w_step)
      {
        const float *p = x + offset[t];
        Vector       v[6];

        ALL
        for (int j = 0; j < vectors; j++)
          v[j] = load (p + j * LANES);
        ALL
        for (int o = 0; o < rows; o++)
          {
            ALL
            for (int j = 0; j < vectors; j++)
              sum[o][j] += w[o] * v[j];
          }
      }
  ALL
  for (int o = 0; o < rows; o++)
    {
      ALL
      for (int j = 0; j < vectors; j++)
        store (out + o * out_plane + j * LANES, sum[o][j]);
    }
}

static inline __attribute__ ((always_inline)) void
correlate_rows (const float *x, gsize plane, const int *offset, int taps, const float *w,
                int w_step, int channels, float *out, gsize out_plane, int n, const int rows,
                const int vectors)
{
  int i = 0;

  for (; i + (vectors - 1) * LANES < n; i += vectors * LANES)
    correlate_block (x + i, plane, offset, taps, w, w_step, channels, out + i, out_plane, rows,
                     vectors);
  for (; i + LANES < n; i += 2 * LANES)
    correlate_block (x + i, plane, offset, taps, w, w_step, channels, out + i, out_plane, rows, 2);
  for (; i < n; i += LANES)
    correlate_block (x + i, plane, offset, taps, w, w_step, channels, out + i, out_plane, rows, 1);
}

static void
correlate_wide (const float *x, gsize plane, const int *offset, int taps, const float *w,
                int channels, float *out, gsize out_plane, int n)
{
  for (int o = 0; o < HL_BLOCK; o += ROWS)
    correlate_rows (x, plane, offset, taps, w + o, HL_BLOCK, channels, out + o * out_plane,
                    out_plane, n, ROWS, ROWS == 8 || HL_VECTOR_BYTES == 32 ? 3 : 2);
}

static void
correlate_narrow (const float *x, gsize plane, const int *offset, int taps, const float *w,
                  int channels, float *out, gsize out_plane, int n)
{
  correlate_rows (x, plane, offset, taps, w, HL_NARROW_BLOCK, channels, out, out_plane, n,
                  HL_NARROW_BLOCK,
                  ROWS == 8               ? 6
                  : HL_VECTOR_BYTES == 32 ? 3
                                          : 2);
}

static inline Vector
choose (Mask which, Vector yes, Vector no)
{
  return (Vector) (((Mask) yes & which) | ((Mask) no & ~which));
}

static inline float
total (Vector v)
{
  float part[LANES];

  store (part, v);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++)
      part[i] += part[i + half];
  return part[0];
}

#if HL_VECTOR_BYTES == 64
/* The totals of eight vectors at once: three rounds of "add what the pairs share" leave
 * each vector's total spread over two lanes. */
static inline Vector
pairs1 (Vector a, Vector b)
{
  return __builtin_shufflevector (a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
         + __builtin_shufflevector (a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15,
                                    31);
}

static inline Vector
pairs2 (Vector a, Vector b)
{
  return __builtin_shufflevector (a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
         + __builtin_shufflevector (a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30,
                                    31);
}

static inline Vector
pairs4 (Vector a, Vector b)
{
  return __builtin_shufflevector (a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
         + __builtin_shufflevector (a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30,
                                    31);
}

static inline __attribute__ ((always_inline)) void
add_totals (float *sum, const Vector *v, const int rows)
{
  if (rows == 8)
    {
      Vector all = pairs4 (pairs2 (pairs1 (v[0], v[1]), pairs1 (v[2], v[3])),
                           pairs2 (pairs1 (v[4], v[5]), pairs1 (v[6], v[7])));
      for (int o = 0; o < 8; o++)
        sum[o] += all[o] + all[o + 8];
    }
  else
    for (int o = 0; o < rows; o++)
      sum[o] += total (v[o]);
}
#else
static inline __attribute__ ((always_inline)) void
add_totals (float *sum, const Vector *v, const int rows)
{
  for (int o = 0; o < rows; o++)
    sum[o] += total (v[o]);
}
#endif

static inline __attribute__ ((always_inline)) void
cross_rows (const float *const x[3], const float *d, gsize d_plane, int n, float *sum, int sum_step,
            const int rows)
{
  Vector acc[3][8] = { 0 };

  for (int i = 0; i < n; i += LANES)
    {
      Vector v[3];

      ALL
      for (int j = 0; j < 3; j++)
        v[j] = load (x[j] + i);
      ALL
      for (int o = 0; o < rows; o++)
        {
          Vector g = load (d + o * d_plane + i);

          ALL
          for (int j = 0; j < 3; j++)
            acc[j][o] += g * v[j];
        }
    }
  for (int j = 0; j < 3; j++)
    add_totals (sum + j * sum_step, acc[j], rows);
}

static void
cross_wide (const float *const x[3], const float *d, gsize d_plane, int n, float *sum)
{
  for (int o = 0; o < HL_BLOCK; o += ROWS)
    cross_rows (x, d + o * d_plane, d_plane, n, sum + o, HL_BLOCK, ROWS);
}

static void
cross_narrow (const float *const x[3], const float *d, gsize d_plane, int n, float *sum)
{
  cross_rows (x, d, d_plane, n, sum, HL_NARROW_BLOCK, HL_NARROW_BLOCK);
}

/* Of two vectors: every other element, their halves interleaved, and one step on. */
#if LANES == 16
#define EVEN(a, b)                                                                                 \
  __builtin_shufflevector (a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)                                                                                  \
  __builtin_shufflevector (a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define LOW(a, b)                                                                                  \
  __builtin_shufflevector (a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b)                                                                                 \
  __builtin_shufflevector (a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define NEXT(a, b)                                                                                 \
  __builtin_shufflevector (a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
#elif LANES == 8
#define EVEN(a, b) __builtin_shufflevector (a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector (a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOW(a, b) __builtin_shufflevector (a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector (a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define NEXT(a, b) __builtin_shufflevector (a, b, 1, 2, 3, 4, 5, 6, 7, 8)
#else
#define EVEN(a, b) __builtin_shufflevector (a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector (a, b, 1, 3, 5, 7)
#define LOW(a, b) __builtin_shufflevector (a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector (a, b, 2, 6, 3, 7)
#define NEXT(a, b) __builtin_shufflevector (a, b, 1, 2, 3, 4)
#endif

/* One dimension of B' (Lavin and Gray 2016, section 4.3), for a vector of small tiles. */
static inline __attribute__ ((always_inline)) void
winograd_reach (const Vector *d, int step, Vector *to, int to_step)
{
  Vector a = d[4 * step] - 4 * d[2 * step], b = d[3 * step] - 4 * d[step];
  Vector c = d[4 * step] - d[2 * step], e = 2 * (d[3 * step] - d[step]);

  to[0]           = 4 * d[0] - 5 * d[2 * step] + d[4 * step];
  to[to_step]     = a + b;
  to[2 * to_step] = a - b;
  to[3 * to_step] = c + e;
  to[4 * to_step] = c - e;
  to[5 * to_step] = 4 * d[step] - 5 * d[3 * step] + d[5 * step];
}

static void
winograd_in (const float *x, gsize x_step, int tiles, float *v, gsize v_step)
{
  for (int i = 0; i < tiles; i += LANES)
    {
      Vector half[6][6], all[6][6];

      for (int r = 0; r < 6; r++)
        {
          const float *row = x + r * x_step + 4 * i;
          Vector       d[6];

          Vector e = EVEN (load (row), load (row + LANES));
          Vector o = ODD (load (row), load (row + LANES));
          Vector g = EVEN (load (row + 2 * LANES), load (row + 3 * LANES));
          Vector h = ODD (load (row + 2 * LANES), load (row + 3 * LANES));

          /* Every fourth column, to have the small tiles side by side. */
          d[0] = EVEN (e, g);
          d[1] = EVEN (o, h);
          d[2] = ODD (e, g);
          d[3] = ODD (o, h);
          d[4] = NEXT (d[0], row[4 * LANES] - (Vector) { 0 });
          d[5] = NEXT (d[1], row[4 * LANES + 1] - (Vector) { 0 });
          winograd_reach (d, 1, half[r], 1);
        }
      for (int j = 0; j < 6; j++)
        winograd_reach (&half[0][j], 6, &all[0][j], 6);
      for (int f = 0; f < 36; f++)
        store (v + f * v_step + i, all[f / 6][f % 6]);
    }
}

/* One dimension of A'. */
static inline __attribute__ ((always_inline)) void
winograd_shrink (const Vector *m, int step, Vector *to, int to_step)
{
  Vector a = m[step] + m[2 * step], b = m[step] - m[2 * step];
  Vector c = m[3 * step] + m[4 * step], d = m[3 * step] - m[4 * step];

  to[0]           = m[0] + a + c;
  to[to_step]     = b + 2 * d;
  to[2 * to_step] = a + 4 * c;
  to[3 * to_step] = b + 8 * d + m[5 * step];
}

static void
winograd_out (const float *m, gsize m_step, int tiles, float *y, gsize y_step)
{
  for (int i = 0; i < tiles; i += LANES)
    {
      Vector from[6][6], half[4][6], all[4][4];

      for (int f = 0; f < 36; f++)
        from[f / 6][f % 6] = load (m + f * m_step + i);
      for (int j = 0; j < 6; j++)
        winograd_shrink (&from[0][j], 6, &half[0][j], 6);
      for (int r = 0; r < 4; r++)
        {
          float *row = y + r * y_step + 4 * i;

          Vector a, b;

          winograd_shrink (half[r], 1, all[r], 1);
          a = LOW (all[r][0], all[r][2]);
          b = LOW (all[r][1], all[r][3]);
          store (row, LOW (a, b));
          store (row + LANES, HIGH (a, b));
          a = HIGH (all[r][0], all[r][2]);
          b = HIGH (all[r][1], all[r][3]);
          store (row + 2 * LANES, LOW (a, b));
          store (row + 3 * LANES, HIGH (a, b));
        }
    }
}

/* One dimension of A, for a vector of channels. */
static inline __attribute__ ((always_inline)) void
winograd_grow (const Vector *d, int step, Vector *to, int to_step)
{
  Vector a = d[0] + d[2 * step], b = d[step] + d[3 * step];
  Vector c = d[0] + 4 * d[2 * step], e = 2 * d[step] + 8 * d[3 * step];

  to[0]           = d[0];
  to[to_step]     = a + b;
  to[2 * to_step] = a - b;
  to[3 * to_step] = c + e;
  to[4 * to_step] = c - e;
  to[5 * to_step] = d[3 * step];
}

/* A vector of channels' pixels, LANES of them, become LANES pixels' channels. */
static inline __attribute__ ((always_inline)) void
transpose (Vector *v)
{
  Vector w[LANES];

  for (int half = 1; half < LANES; half *= 2)
    {
      ALL
      for (int i = 0; i < LANES / 2; i++)
        {
          w[2 * i]     = LOW (v[i], v[i + LANES / 2]);
          w[2 * i + 1] = HIGH (v[i], v[i + LANES / 2]);
        }
      ALL
      for (int i = 0; i < LANES; i++)
        v[i] = w[i];
    }
}

/* n pixels of up to LANES planes, side by side. */
static void
gather_channels (const float *x, gsize x_plane, int channels, int n, float *y)
{
  for (int i = 0; i < n; i += LANES)
    {
      Vector v[LANES];

      if (channels == LANES)
        {
          ALL
          for (int c = 0; c < LANES; c++)
            v[c] = load (x + c * x_plane + i);
        }
      else
        for (int c = 0; c < LANES; c++)
          v[c] = c < channels ? load (x + c * x_plane + i) : (Vector) { 0 };
      transpose (v);
      ALL
      for (int j = 0; j < LANES; j++)
        store (y + (i + j) * LANES, v[j]);
    }
}

static inline __attribute__ ((always_inline)) void
winograd_strip (const float *strip, gsize step, int tiles, float *v, gsize v_step, gsize v_tile,
                const int reach)
{
  for (int i = 0; i < tiles; i++)
    {
      Vector d[36], half[36], all[36];

      ALL
      for (int r = 0; r < reach; r++)
        {
          ALL
          for (int j = 0; j < reach; j++)
            d[r * 6 + j] = load (strip + r * step + (4 * i + j) * LANES);
          if (reach == 6)
            winograd_reach (d + r * 6, 1, half + r * 6, 1);
          else
            winograd_grow (d + r * 6, 1, half + r * 6, 1);
        }
      ALL
      for (int j = 0; j < 6; j++)
        if (reach == 6)
          winograd_reach (half + j, 6, all + j, 6);
        else
          winograd_grow (half + j, 6, all + j, 6);
      for (int f = 0; f < 36; f++)
        store (v + f * v_step + i * v_tile, all[f]);
    }
}

static void
winograd_pixels (const float *x, gsize x_plane, gsize x_step, int reach, int tiles, int channels,
                 float *strip, float *v, gsize v_step, gsize v_tile)
{
  int n = 4 * tiles + reach - 4, whole = (channels + HL_LANES - 1) / HL_LANES * HL_LANES;

  for (int c = 0; c < whole; c += LANES, x += LANES * x_plane, v += LANES)
    {
      gsize step = (n + LANES - 1) / LANES * LANES * LANES;
      int   some = channels - c < 0 ? 0 : channels - c < LANES ? channels - c : LANES;

      for (int r = 0; r < reach; r++)
        gather_channels (x + r * x_step, x_plane, some, n, strip + r * step);
      if (reach == 6)
        winograd_strip (strip, step, tiles, v, v_step, v_tile, 6);
      else
        winograd_strip (strip, step, tiles, v, v_step, v_tile, 4);
    }
}

static void
tile_in (const float *const *pixels, int channels, float *v, gsize v_step)
{
  for (int c = 0; c < channels; c += LANES)
    {
      Vector half[36], all[6];

      ALL
      for (int r = 0; r < 6; r++)
        {
          Vector d[6];

          ALL
          for (int j = 0; j < 6; j++)
            d[j] = load (pixels[6 * r + j] + c);
          winograd_reach (d, 1, half + 6 * r, 1);
        }
      ALL
      for (int j = 0; j < 6; j++)
        {
          winograd_reach (half + j, 6, all, 1);
          ALL
          for (int r = 0; r < 6; r++)
            store (v + (6 * r + j) * v_step + c, all[r]);
        }
    }
}

/* A block of `rows` rows and `vectors` vectors of columns. */
static inline __attribute__ ((always_inline)) void
multiply_block (const float *v, gsize v_row, const float *w, gsize w_row, int channels, float *m,
                gsize m_row, const int rows, const int vectors)
{
  Vector sum[8][3] = { 0 };

  for (int c = 0; c < channels; c++, v++, w += w_row)
    {
      Vector from[3];

      ALL
      for (int j = 0; j < vectors; j++)
        from[j] = load (w + j * LANES);
      ALL
      for (int r = 0; r < rows; r++)
        {
          ALL
          for (int j = 0; j < vectors; j++)
            sum[r][j] += v[r * v_row] * from[j];
        }
    }
  ALL
  for (int r = 0; r < rows; r++)
    {
      ALL
      for (int j = 0; j < vectors; j++)
        store (m + r * m_row + j * LANES, sum[r][j]);
    }
}

static void
multiply (const float *v, gsize v_row, int rows, const float *w, gsize w_row, int channels,
          float *m, gsize m_row, int outs)
{
  for (int r = 0; r < rows; r += ROWS)
    {
      const float *from = v + r * v_row;
      float       *to   = m + r * m_row;
      int          o    = 0;

      for (; o + 2 * LANES < outs; o += 3 * LANES)
        multiply_block (from, v_row, w + o, w_row, channels, to + o, m_row, ROWS, 3);
      if (o + LANES < outs)
        multiply_block (from, v_row, w + o, w_row, channels, to + o, m_row, ROWS, 2);
      else if (o < outs)
        multiply_block (from, v_row, w + o, w_row, channels, to + o, m_row, ROWS, 1);
    }
}

static inline __attribute__ ((always_inline)) void
tile_out_finish (Vector *all, const float *plus, const float *more, gboolean rectified, float *y,
                 gsize y_step)
{
  ALL
  for (int i = 0; i < 4; i++)
    {
      Vector x = all[i];

      if (plus)
        x += load (plus + i * y_step);
      if (more)
        x += load (more + i * y_step);
      if (rectified)
        x = choose (x > 0, x, (Vector) { 0 });
      store (y + i * y_step, x);
    }
}

static void
tile_out (const float *m, gsize m_step, int channels, const float *plus, const float *more,
          gboolean rectified, float *y, gsize y_step)
{
  for (int c = 0; c < channels; c += LANES)
    {
      Vector half[24], all[4];

      ALL
      for (int j = 0; j < 6; j++)
        {
          Vector from[6];

          ALL
          for (int r = 0; r < 6; r++)
            from[r] = load (m + (6 * r + j) * m_step + c);
          winograd_shrink (from, 1, half + j, 6);
        }
      ALL
      for (int r = 0; r < 4; r++)
        {
          gsize at = 4 * r * y_step + c;

          winograd_shrink (half + 6 * r, 1, all, 1);
          tile_out_finish (all, plus ? plus + at : NULL, more ? more + at : NULL, rectified, y + at,
                           y_step);
        }
    }
}

static void
outer (const float *d, int d_step, const float *x, gsize x_step, int count, float *out,
       gsize out_plane, int n)
{
  const int none = 0;

  for (int o = 0; o < HL_BLOCK; o += ROWS)
    correlate_rows (x, x_step, &none, 1, d + o, d_step, count, out + o * out_plane, out_plane, n,
                    ROWS, ROWS == 8 || HL_VECTOR_BYTES == 32 ? 3 : 2);
}

/* One dimension of G'. */
static inline __attribute__ ((always_inline)) void
winograd_narrow (const Vector *m, int step, Vector *to, int to_step)
{
  Vector a = m[step] + m[2 * step], b = m[step] - m[2 * step];
  Vector c = m[3 * step] + m[4 * step], d = m[3 * step] - m[4 * step];

  to[0]           = m[0] * 0.25f - a * (1 / 6.0f) + c * (1 / 24.0f);
  to[to_step]     = d * (1 / 12.0f) - b * (1 / 6.0f);
  to[2 * to_step] = (c - a) * (1 / 6.0f) + m[5 * step];
}

static void
winograd_taps (const float *m, gsize m_step, float *y, gsize y_step, int n)
{
  for (int i = 0; i < n; i += LANES)
    {
      Vector from[36], half[18], all[9];

      for (int f = 0; f < 36; f++)
        from[f] = load (m + f * m_step + i);
      ALL
      for (int j = 0; j < 6; j++)
        winograd_narrow (from + j, 6, half + j, 6);
      ALL
      for (int r = 0; r < 3; r++)
        winograd_narrow (half + 6 * r, 1, all + 3 * r, 1);
      for (int t = 0; t < 9; t++)
        store (y + t * y_step + i, load (y + t * y_step + i) + all[t]);
    }
}

/* Applies `f` to rows of n pixels.  The last vector of a row overlaps the one before it, and
 * is formed before anything is stored, so that y may be what f reads. */
#define FOR_EACH_PIXEL(f, scalar)                                                                  \
  for (int r = 0; r < rows; r++)                                                                   \
    {                                                                                              \
      gsize  i    = 0;                                                                             \
      Vector last = n >= LANES ? f (n - LANES) : (Vector) { 0 };                                   \
                                                                                                   \
      for (; i + LANES <= n; i += LANES)                                                           \
        store (y + i, f (i));                                                                      \
      if (n >= LANES)                                                                              \
        store (y + n - LANES, last);                                                               \
      else                                                                                         \
        for (; i < n; i++)                                                                         \
          y[i] = scalar (i);                                                                       \
      NEXT_ROW                                                                                     \
    }

static inline Vector
leaky (Vector z, float slope)
{
  return choose (z > 0, z, slope * z);
}

static void
activate (float *y, gsize y_step, const float *x, gsize x_step, int rows, gsize n, float scale,
          float shift, float slope)
{
#define VECTOR(i) leaky (scale *load (x + (i)) + shift, slope)
#define SCALAR(i) leaky (scale *x[i] + shift - (Vector) { 0 }, slope)[0]
#define NEXT_ROW x += x_step, y += y_step;
  FOR_EACH_PIXEL (VECTOR, SCALAR)
#undef VECTOR
#undef SCALAR
#undef NEXT_ROW
}

static inline Vector
back (Vector d, Vector x, const HlGradient *g)
{
  Vector z = g->scale * x + g->shift;

  return choose (z > 0, g->k * d, g->k * g->slope * d) + (g->a + g->b * x);
}

static void
gradient (float *y, gsize y_step, const float *d, const float *x, gsize x_step, int rows, gsize n,
          const HlGradient *of)
{
  const HlGradient g = *of;

#define VECTOR(i) back (load (d + (i)), load (x + (i)), &g)
#define SCALAR(i) back (d[i] - (Vector) { 0 }, x[i] - (Vector) { 0 }, &g)[0]
#define NEXT_ROW d += x_step, x += x_step, y += y_step;
  FOR_EACH_PIXEL (VECTOR, SCALAR)
#undef VECTOR
#undef SCALAR
#undef NEXT_ROW
}

/* Sums over many pixels: four vectors of partial sums, so that neither the latency of an
 * addition nor the length of a chain of roundings hurts. */
static void
moments (const float *x, float centre, gsize n, float sum[2])
{
  Vector s[4] = { 0 }, q[4] = { 0 };
  gsize  i = 0;

  for (; i + 4 * LANES <= n; i += 4 * LANES)
    ALL
  for (int j = 0; j < 4; j++)
    {
      Vector v = load (x + i + j * LANES) - centre;

      s[j] += v;
      q[j] += v * v;
    }
  sum[0] = total ((s[0] + s[1]) + (s[2] + s[3]));
  sum[1] = total ((q[0] + q[1]) + (q[2] + q[3]));
  for (; i < n; i++)
    {
      float v = x[i] - centre;

      sum[0] += v;
      sum[1] += v * v;
    }
}

static void
gradient_sums (const float *d, const float *x, float scale, float shift, float slope, float centre,
               gsize n, float sum[2])
{
  Vector s[2] = { 0 }, q[2] = { 0 };
  gsize  i = 0;

  for (; i + 2 * LANES <= n; i += 2 * LANES)
    ALL
  for (int j = 0; j < 2; j++)
    {
      Vector v = load (x + i + j * LANES), z = scale * v + shift;
      Vector g = load (d + i + j * LANES);

      g = choose (z > 0, g, slope * g);
      s[j] += g;
      q[j] += g * (v - centre);
    }
  sum[0] = total (s[0] + s[1]);
  sum[1] = total (q[0] + q[1]);
  for (; i < n; i++)
    {
      float g = scale * x[i] + shift > 0 ? d[i] : slope * d[i];

      sum[0] += g;
      sum[1] += g * (x[i] - centre);
    }
}

/* The squared differences of every third row from @r on: into the lanes of @sum, and into @rest
 * where a row is shorter than a vector. The last vector of a row reaches back over floats that have
 * been counted already, which @fresh leaves out. */
static inline __attribute__ ((always_inline)) void
add_distance (const float *a, const float *b, gsize step, int r, int rows, int n, Mask fresh,
              Vector *sum, float *rest)
{
  for (; r < rows; r += 3)
    {
      const float *p = a + r * step, *q = b + r * step;
      int          k = 0;

      for (; k + LANES <= n; k += LANES)
        {
          Vector d = load (p + k) - load (q + k);

          *sum += d * d;
        }
      if (k < n && n > LANES)
        {
          Vector d = choose (fresh, load (p + n - LANES) - load (q + n - LANES), (Vector) { 0 });

          *sum += d * d;
        }
      for (; n < LANES && k < n; k++)
        *rest += (p[k] - q[k]) * (p[k] - q[k]);
    }
}

/* Rows that are far apart differ in different ways, so that a third of them tells whether the rest
 * is worth a look. */
static float
distance (const float *a, const float *b, gsize step, int rows, int n, float most)
{
  Vector sum = { 0 };
  Mask   fresh;
  float  rest = 0, all = 0;

  for (int i = 0; i < LANES; i++)
    fresh[i] = i >= LANES - n % LANES ? -1 : 0;
  for (int first = 0; first < 3 && all < most; first++)
    {
      add_distance (a, b, step, first, rows, n, fresh, &sum, &rest);
      all = total (sum) + rest;
    }
  return all;
}

static void
add (float *restrict y, const float *restrict x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] += x[i];
}

/* A finaliser of good avalanche: C. Wellons, "Prospecting for hash functions" (lowbias32). */
static inline guint32
mix (guint32 x)
{
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

static inline gint32
sum_of_bytes (guint32 x)
{
  return (gint32) ((x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24));
}

static void
noise (float *restrict y, float base, guint32 key, float sigma, guint32 noise_key, guint32 first,
       gsize n)
{
  /* Eight uniform bytes: mean 8 * 127.5, variance 8 * (256^2 - 1) / 12. */
  const float unit = sigma / 209.021f;

  for (gsize i = 0; i < n; i++)
    {
      guint32 index = (first + (guint32) i) * 0x9e3779b9u;
      gint32  u     = (gint32) (mix (index ^ key) >> 8);
      gint32  s     = sum_of_bytes (mix (index ^ noise_key))
                 + sum_of_bytes (mix (index + 0x85ebca6bu + noise_key));

      y[i] = base * (1.0f / 16777216) * (float) u + unit * ((float) s - 1020.0f);
    }
}

static void
adam (float *restrict w, const float *restrict d_w, float *restrict m, float *restrict v,
      float rate, float beta1, float beta2, float epsilon, float correction, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float g = d_w[i];

      m[i] += (1 - beta1) * (g - m[i]);
      v[i] += (1 - beta2) * (g * g - v[i]);
      w[i] -= rate * m[i] / (__builtin_sqrtf (v[i]) * correction + epsilon);
    }
}

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2 (a, b)
#define TEXT2(a) #a
#define TEXT(a) TEXT2 (a)

extern const HlKernels PASTE (hl_kernels_, HL_LEVEL);

const HlKernels PASTE (hl_kernels_, HL_LEVEL) = {
  .name            = TEXT (HL_LEVEL),
  .correlate       = { correlate_wide, correlate_narrow },
  .cross           = { cross_wide, cross_narrow },
  .activate        = activate,
  .gradient        = gradient,
  .winograd_in     = winograd_in,
  .winograd_out    = winograd_out,
  .winograd_pixels = winograd_pixels,
  .tile_in         = tile_in,
  .multiply        = multiply,
  .tile_out        = tile_out,
  .outer           = outer,
  .winograd_taps   = winograd_taps,
  .moments         = moments,
  .gradient_sums   = gradient_sums,
  .distance        = distance,
  .add             = add,
  .noise           = noise,
  .adam            = adam,
};

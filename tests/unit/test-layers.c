/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Normalisation, enlarging, loss, optimiser and noise against naive loops in double
 * precision; tiles and threads against what they promise. */
#include <string.h>

#include "fixture.h"
#include "nn/adam.h"
#include "nn/arena.h"
#include "nn/loss.h"
#include "nn/norm.h"
#include "nn/resample.h"

#define EPS 1e-5

static void
test_norm (gconstpointer simd)
{
  const int    C = 3, H = 173, W = 211, N = H * W;
  const double slope          = 0.2;
  g_autoptr (HlEngine) engine = engine_new (simd, 1000);
  HlNorm             norm;
  HlArena            arena = { 0 };
  g_autofree float  *x = random_new (C * N, 1, 2, 5), *d = random_new (C * N, 2, -1, 1);
  g_autofree float  *gamma = random_new (C, 3, 0.5, 2), *beta = random_new (C, 4, -1, 1);
  g_autofree float  *moments = NULL, *y = g_new (float, C *N);
  float              d_gamma[3], d_beta[3];
  g_autofree double *wanted = g_new (double, C *N), *d_wanted = g_new (double, C *N);
  double             gammas[3], betas[3];
  HlSource           out, d_x;

  for (int pass = 0; pass < 2; pass++)
    {
      hl_norm_lay_out (&norm, C, N, &arena);
      if (pass == 0)
        g_assert_true (hl_arena_allocate (&arena, 0, NULL));
    }
  moments = g_new (float, 2 * C * hl_norm_get_parts (&norm));
  g_assert_cmpint (hl_norm_get_parts (&norm), >, 1);
  for (int c = 0; c < C; c++)
    {
      double mean = 0, variance = 0, r, sum = 0, product = 0;

      for (int i = c * N; i < (c + 1) * N; i++)
        mean += (double) x[i] / N;
      for (int i = c * N; i < (c + 1) * N; i++)
        variance += (x[i] - mean) * (x[i] - mean) / N;
      r = 1 / sqrt (variance + EPS);
      for (int i = c * N; i < (c + 1) * N; i++)
        {
          double z = gamma[c] * r * (x[i] - mean) + beta[c], g = z > 0 ? d[i] : slope * d[i];

          wanted[i] = z > 0 ? z : slope * z;
          sum += g;
          product += g * r * (x[i] - mean);
        }
      gammas[c] = product;
      betas[c]  = sum;
      for (int i = c * N; i < (c + 1) * N; i++)
        {
          double z = gamma[c] * r * (x[i] - mean) + beta[c], g = z > 0 ? d[i] : slope * d[i];

          d_wanted[i] = gamma[c] * r * (g - sum / N - r * (x[i] - mean) * product / N);
        }
    }
  /* Twice: about a centre of zero, then about the mean that was found. */
  for (int pass = 0; pass < 2; pass++)
    {
      hl_norm_measure (&norm, engine, x, moments);
      hl_norm_forward (&norm, moments, hl_norm_get_parts (&norm), gamma, beta);
      out = hl_norm_activation (&norm, x, slope);
      hl_norm_resolve (engine, &out, C, N, y);
      g_assert_cmpfloat (difference (y, wanted, C * N), <, pass ? 2e-6 : 2e-5);
    }
  d_x = hl_norm_backward (&norm, engine, x, d, slope, gamma, d_gamma, d_beta);
  hl_norm_resolve (engine, &d_x, C, N, d);
  g_assert_cmpfloat (difference (d, d_wanted, C * N), <, 1e-5);
  g_assert_cmpfloat (difference (d_gamma, gammas, C), <, 1e-4);
  g_assert_cmpfloat (difference (d_beta, betas, C), <, 1e-4);
  hl_arena_clear (&arena);
}

/* Output pixel (r, q) of an enlarged plane takes from four input pixels. */
static double
take (HlUpsample how, int out, int in_size, int which, int *from)
{
  int near = out / 2, far = CLAMP (out % 2 ? near + 1 : near - 1, 0, in_size - 1);

  *from = which ? far : near;
  return how == HL_UPSAMPLE_NEAREST ? 1 - which : which ? 0.25 : 0.75;
}

static void
test_upsample (gconstpointer simd)
{
  static const int sizes[][2] = { { 1, 1 }, { 2, 3 }, { 17, 5 }, { 33, 70 }, { 64, 37 }, { 5, 1 } };

  for (guint n = 0; n < G_N_ELEMENTS (sizes); n++)
    for (int odd = 0; odd < 4; odd++)
      for (int how = 0; how < 2; how++)
        {
          int h = sizes[n][0], w = sizes[n][1], C = 3;
          int H = 2 * h - (odd & 1), W = 2 * w - (odd >> 1);
          g_autoptr (HlEngine) engine = engine_new (simd, 6 * w + 16);
          g_autofree float  *x = random_new (C * h * w, 1, -1, 1), *y = g_new (float, C *H *W);
          g_autofree float  *d_y      = random_new (C * H * W, 2, -1, 1);
          g_autofree float  *d_x      = random_new (C * h * w, 3, 5, 6);
          g_autofree double *wanted   = g_new0 (double, C *H *W);
          g_autofree double *d_wanted = g_new0 (double, C *h *w);
          HlSource           source = { .x = x }, d_source = { .x = d_y };

          for (int c = 0; c < C; c++)
            for (int r = 0; r < H; r++)
              for (int q = 0; q < W; q++)
                for (int k = 0; k < 4; k++)
                  {
                    int    i, j, to = (c * H + r) * W + q;
                    double part = take (how, r, h, k / 2, &i) * take (how, q, w, k % 2, &j);

                    wanted[to] += part * x[(c * h + i) * w + j];
                    d_wanted[(c * h + i) * w + j] += part * d_y[to];
                  }
          hl_upsample_forward (engine, how, &source, C, h, w, H, W, y);
          g_assert_cmpfloat (difference (y, wanted, C * H * W), <, 1e-6);
          /* Without plane 0: what a concatenation's second part asks for. */
          hl_upsample_backward (engine, how, &d_source, 1, C - 1, h, w, H, W, d_x);
          g_assert_cmpfloat (difference (d_x, d_wanted + h * w, (C - 1) * h * w), <, 1e-6);
        }
}

static void
test_loss (gconstpointer simd)
{
  const int C = 3, N = 20011;
  g_autoptr (HlEngine) engine = engine_new (simd, 16);
  g_autofree float  *y = random_new (C * N, 1, -6, 6), *target = random_new (C * N, 2, 0, 1);
  g_autofree float  *known = random_new (N, 3, 0, 1), *out = g_new (float, C *N);
  g_autofree float  *d_y    = g_new (float, C *N);
  g_autofree double *sums   = g_new (double, C *hl_loss_get_parts (N));
  g_autofree double *wanted = g_new (double, C *N), *d_wanted = g_new (double, C *N);
  double             known_sum = 0, loss = 0;

  for (int i = 0; i < N; i++)
    known_sum += known[i] = i % 7 ? known[i] : 0;
  for (int i = 0; i < C * N; i++)
    {
      wanted[i]   = 1 / (1 + exp (-y[i]));
      d_wanted[i] = 2 * known[i % N] * (wanted[i] - target[i]) * wanted[i] * (1 - wanted[i])
                    / (C * known_sum);
      loss += known[i % N] * (wanted[i] - target[i]) * (wanted[i] - target[i]) / (C * known_sum);
    }
  g_assert_cmpfloat_with_epsilon (
      hl_loss (engine, C, N, y, target, known, known_sum, out, d_y, sums), loss, 1e-6 * loss);
  g_assert_cmpfloat (difference (out, wanted, C * N), <, 1e-6);
  g_assert_cmpfloat (difference (d_y, d_wanted, C * N), <, 1e-6);
}

static void
test_adam (gconstpointer simd)
{
  const int N                 = 40001;
  g_autoptr (HlEngine) engine = engine_new (simd, 16);
  g_autofree float  *w = random_new (N, 1, -1, 1), *m = g_new0 (float, N), *v = g_new0 (float, N);
  g_autofree double *wanted = g_new (double, N), *wm = g_new0 (double, N), *wv = g_new0 (double, N);
  HlAdam             adam;

  hl_adam_init (&adam, 0.01f);
  for (int i = 0; i < N; i++)
    wanted[i] = w[i];
  for (int step = 1; step <= 4; step++)
    {
      g_autofree float *d = random_new (N, step + 1, -1, 2);

      hl_adam_step (&adam, engine, N, w, d, m, v);
      for (int i = 0; i < N; i++)
        {
          wm[i] = 0.9 * wm[i] + 0.1 * d[i];
          wv[i] = 0.999 * wv[i] + 0.001 * d[i] * d[i];
          wanted[i] -= 0.01 * wm[i] / (1 - pow (0.9, step))
                       / (sqrt (wv[i] / (1 - pow (0.999, step))) + 1e-8);
        }
    }
  g_assert_cmpfloat (difference (w, wanted, N), <, 2e-6);
}

/* Rows of all lengths around a vector's; beyond them nothing counts. */
static void
test_distance (gconstpointer simd)
{
  const HlKernels *kernels = hl_kernels_by_name (simd);
  g_autoptr (GRand) rng    = g_rand_new_with_seed (5);
  const int STEP           = 64;
  float     a[9 * 64], b[9 * 64];

  for (int i = 0; i < 9 * STEP; i++)
    {
      a[i] = g_rand_double (rng);
      b[i] = g_rand_double (rng);
    }
  for (int n = 1; n <= 50; n++)
    for (int rows = 1; rows <= 9; rows++)
      {
        double wanted = 0;

        for (int i = 0; i < rows * STEP; i++)
          if (i % STEP < n)
            wanted += pow ((double) a[i] - b[i], 2);
        g_assert_cmpfloat_with_epsilon (kernels->distance (a, b, STEP, rows, n, G_MAXFLOAT), wanted,
                                        1e-5 * wanted);
        g_assert_cmpfloat (kernels->distance (a, b, STEP, rows, n, wanted / 4), >=, wanted / 4);
      }
}

static void
test_noise (gconstpointer simd)
{
  const HlKernels  *kernels = hl_kernels_by_name (simd);
  const int         N       = 100000;
  g_autofree float *base = g_new (float, N), *y = g_new (float, N), *rest = g_new (float, N);
  double            mean = 0, variance = 0, kurtosis = 0, neighbours = 0;

  kernels->noise (base, 0.1f, 1, 0, 2, 0, N);
  kernels->noise (y, 0.1f, 1, 0.03f, 2, 0, N);
  /* What begins later goes on the same. */
  kernels->noise (rest, 0.1f, 1, 0.03f, 2, 777, N - 777);
  g_assert_cmpmem (rest, (N - 777) * sizeof (float), y + 777, (N - 777) * sizeof (float));
  for (int i = 0; i < N; i++)
    {
      double z = (y[i] - base[i]) / 0.03;

      g_assert_true (base[i] >= 0 && base[i] < 0.1f);
      mean += z / N;
      variance += z * z / N;
      kurtosis += z * z * z * z / N;
      if (i > 0)
        neighbours += z * (y[i - 1] - base[i - 1]) / 0.03 / N;
    }
  g_assert_cmpfloat (fabs (mean), <, 0.015);
  g_assert_cmpfloat (fabs (variance - 1), <, 0.02);
  g_assert_cmpfloat (fabs (kurtosis - 2.85), <, 0.1);
  g_assert_cmpfloat (fabs (neighbours), <, 0.015);
}

static void
test_grid (void)
{
  for (int height = 1; height < 700; height = height * 3 / 2 + 1)
    for (int width = 1; width < 700; width = width * 3 / 2 + 1)
      for (int channels = 1; channels < 600; channels = channels * 3 + 1)
        for (int halo = 0; halo < 7; halo += 2)
          {
            HlGrid             grid = hl_grid_new (height, width, channels, halo);
            g_autofree guint8 *hits = g_new0 (guint8, height * width);

            for (int i = 0; i < grid.down * grid.across; i++)
              {
                HlTile t    = hl_grid_get_tile (&grid, i);
                gsize  size = (gsize) (t.bottom - t.top + halo) * (t.right - t.left + halo);

                g_assert_true (grid.down == 1 || t.bottom - t.top >= 2 * halo + 2);
                g_assert_true (grid.across == 1 || t.right - t.left >= 2 * halo + 2);
                g_assert_cmpuint (size + HL_SLACK, <=, hl_grid_get_largest (&grid, halo));
                for (int r = t.top; r < t.bottom; r++)
                  for (int c = t.left; c < t.right; c++)
                    hits[r * width + c]++;
              }
            for (int i = 0; i < height * width; i++)
              g_assert_cmpuint (hits[i], ==, 1);
          }
}

static void
test_reflect (void)
{
  static const int five[] = { 2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0, 1 };

  for (int i = -6; i < 10; i++)
    g_assert_cmpint (hl_reflect (i, 5), ==, five[i + 6]);
  g_assert_cmpint (hl_reflect (-3, 1), ==, 0);
  g_assert_cmpint (hl_reflect (3, 2), ==, 1);
}

typedef struct
{
  gint     done[300], at_work[5];
  gboolean slow; /* so that the caller falls asleep */
} Jobs;

static void
count_job (int job, int thread, gpointer data)
{
  Jobs *jobs = data;

  g_assert_cmpint (thread, <, 5);
  g_assert_cmpint (g_atomic_int_add (&jobs->at_work[thread], 1), ==, 0);
  if (jobs->slow)
    g_usleep (thread > 0 ? 2000 : 200);
  g_atomic_int_inc (&jobs->done[job]);
  g_atomic_int_add (&jobs->at_work[thread], -1);
}

static void
test_pool (void)
{
  g_autoptr (HlPool) pool = hl_pool_new (5);
  Jobs data;

  for (int round = 0; round < 2000; round++)
    {
      int jobs = round % 300;

      data = (Jobs) { .slow = round % 400 == 7 };
      hl_pool_run (pool, jobs, count_job, &data);
      for (int i = 0; i < 300; i++)
        g_assert_cmpint (data.done[i], ==, i < jobs);
      if (round % 500 == 0)
        g_usleep (2000); /* long enough for the threads to fall asleep */
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_simd ("/norm", test_norm);
  add_for_each_simd ("/upsample", test_upsample);
  add_for_each_simd ("/loss", test_loss);
  add_for_each_simd ("/adam", test_adam);
  add_for_each_simd ("/distance", test_distance);
  add_for_each_simd ("/noise", test_noise);
  g_test_add_func ("/reflect", test_reflect);
  g_test_add_func ("/grid", test_grid);
  g_test_add_func ("/pool", test_pool);
  return g_test_run ();
}

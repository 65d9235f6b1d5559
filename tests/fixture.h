/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the layers share: an engine, and data in which every place differs. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "nn/tile.h"

/* Threads and scratch memory for any layer of a test's size. */
static inline HlEngine *
engine_new (const char *simd, gsize scratch)
{
  HlEngine *engine = g_new0 (HlEngine, 1);

  engine->pool         = hl_pool_new (2);
  engine->kernels      = hl_kernels_by_name (simd);
  engine->scratch_size = (scratch + 15) / 16 * 16;
  engine->scratch      = g_aligned_alloc (2 * engine->scratch_size, sizeof (float), 64);
  /* Whatever a layer reads without having written it must not matter. */
  for (gsize i = 0; i < 2 * engine->scratch_size; i++)
    engine->scratch[i] = NAN;
  return engine;
}

static inline void
engine_free (HlEngine *engine)
{
  hl_pool_free (engine->pool);
  g_aligned_free (engine->scratch);
  g_free (engine);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlEngine, engine_free)

static inline float *
random_new (gsize n, guint32 seed, double low, double high)
{
  float *x      = g_new (float, n);
  GRand *random = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < n; i++)
    x[i] = g_rand_double_range (random, low, high);
  g_rand_free (random);
  return x;
}

/* The largest difference, relative to the largest value, of floats from doubles. */
static inline double
difference (const float *found, const double *wanted, gsize n)
{
  double largest = 1e-30, worst = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = fmax (largest, fabs (wanted[i]));
      worst   = fmax (worst, isfinite (found[i]) ? fabs (found[i] - wanted[i]) : INFINITY);
    }
  return worst / largest;
}

/* Registers @test once for each instruction set that this machine runs. */
static inline void
add_for_each_simd (const char *path, GTestDataFunc test)
{
  static const char *const names[] = { "generic", "avx2", "avx512" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (hl_kernels_by_name (names[i]))
      {
        g_autofree char *full = g_strdup_printf ("%s/%s", path, names[i]);

        g_test_add_data_func (full, names[i], test);
      }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which version of the inner loops this machine runs. */
#include "nn/kernels.h"

extern const HlKernels hl_kernels_generic, hl_kernels_avx2, hl_kernels_avx512;

/**
 * hl_kernels_by_name:
 * @name: "avx512", "avx2" or "generic"
 *
 * Returns: (nullable) (transfer none): these inner loops, or %NULL where this machine
 * cannot run them
 */
const HlKernels *
hl_kernels_by_name (const char *name)
{
#ifdef __x86_64__
  __builtin_cpu_init ();
  if (g_str_equal (name, "avx512") && __builtin_cpu_supports ("avx512f")
      && __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512dq"))
    return &hl_kernels_avx512;
  if (g_str_equal (name, "avx2") && __builtin_cpu_supports ("avx2")
      && __builtin_cpu_supports ("fma"))
    return &hl_kernels_avx2;
#endif
  return g_str_equal (name, "generic") ? &hl_kernels_generic : NULL;
}

/**
 * hl_kernels_get:
 *
 * The environment variable HEIRLOOM_SIMD (generic, avx2, avx512) forces a lower choice, for
 * tests and for comparing; one that this machine cannot run is ignored.
 *
 * Returns: (transfer none): the widest inner loops that this machine runs
 */
const HlKernels *
hl_kernels_get (void)
{
  const char *const order[] = { "avx512", "avx2", "generic" };
  const char       *forced  = g_getenv ("HEIRLOOM_SIMD");
  const HlKernels  *kernels = forced ? hl_kernels_by_name (forced) : NULL;

  for (guint i = 0; !kernels && i < G_N_ELEMENTS (order); i++)
    kernels = hl_kernels_by_name (order[i]);
  return kernels;
}

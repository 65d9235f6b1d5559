/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dice of the picture generator (tools/train/leaves.c): small, seeded, the same on every
 * machine. splitmix64 of Steele, Lea and Flood (2014) passes the usual tests, and any two seeds
 * give unrelated streams, so that picture i can be drawn without drawing those before it.
 */
#ifndef HL_TRAIN_RANDOM_H
#define HL_TRAIN_RANDOM_H

#include <math.h>
#include <stdint.h>

typedef struct
{
  uint64_t state;
} HlRandom;

/* Scatters the bits of @z. */
static inline uint64_t
hl_random_mix (uint64_t z)
{
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* Begins the stream that belongs to @seed and @index. */
static inline void
hl_random_init (HlRandom *random, uint64_t seed, uint64_t index)
{
  random->state = hl_random_mix (hl_random_mix (seed + 0x9e3779b97f4a7c15u) + index);
}

static inline uint64_t
hl_random_bits (HlRandom *random)
{
  random->state += 0x9e3779b97f4a7c15u;
  return hl_random_mix (random->state);
}

/* Even in low..high. */
static inline float
hl_random_between (HlRandom *random, float low, float high)
{
  float unit = (float) (hl_random_bits (random) >> 40) * 0x1p-24f;

  return low + (high - low) * unit;
}

/* A whole number of 0..n - 1. */
static inline int
hl_random_below (HlRandom *random, int n)
{
  return (int) ((hl_random_bits (random) >> 33) * (uint64_t) n >> 31);
}

/* True in @share of all cases. */
static inline int
hl_random_chance (HlRandom *random, float share)
{
  return hl_random_between (random, 0.0f, 1.0f) < share;
}

/* Even in the logarithm: as often in 1..2 as in 2..4. */
static inline float
hl_random_scale (HlRandom *random, float low, float high)
{
  return low * powf (high / low, hl_random_between (random, 0.0f, 1.0f));
}

/* Normal, mean 0, standard deviation 1 (Box and Muller). */
static inline float
hl_random_normal (HlRandom *random)
{
  float radius = sqrtf (-2.0f * logf (1.0f - hl_random_between (random, 0.0f, 1.0f)));

  return radius * cosf (6.2831853f * hl_random_between (random, 0.0f, 1.0f));
}

/* Density in proportion to r^-exponent in low..high; exponent above 1. */
static inline float
hl_random_power (HlRandom *random, float low, float high, float exponent)
{
  float e = 1.0f - exponent;
  float a = powf (low, e);
  float b = powf (high, e);

  return powf (a + (b - a) * hl_random_between (random, 0.0f, 1.0f), 1.0f / e);
}

#endif /* HL_TRAIN_RANDOM_H */

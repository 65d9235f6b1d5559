/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The random fields from which the picture generator (leaves.c) makes its textures, its bent
 * lines and its light. Each is made once in a run and then read at random places, turned,
 * stretched and bent, which is far cheaper than to make noise for each leaf.
 *
 * The fractal ones are noise shaped in the Fourier domain to the amplitude f^-a: photographs as a
 * whole have a near 1 (Field 1987), clouds and plaster more, gravel and foliage less.
 */
#include "field.h"

#include <complex.h>
#include <stdlib.h>

#define SIDE HL_FIELD_SIDE
#define SEEDS 40 /* a row of cells */

/* In place, unscaled; a plain radix-2 transform of SIDE values that lie @stride apart. */
static void
transform (float complex *x, size_t stride)
{
  float complex line[SIDE];

  for (int i = 0; i < SIDE; i++)
    {
      int mirrored = 0;

      for (int bit = 1, other = SIDE / 2; bit < SIDE; bit *= 2, other /= 2)
        if (i & bit)
          mirrored |= other;
      line[mirrored] = x[(size_t) i * stride];
    }
  for (int half = 1; half < SIDE; half *= 2)
    for (int i = 0; i < half; i++)
      {
        float complex turn = cexpf (-I * (float) M_PI * (float) i / (float) half);

        for (int j = i; j < SIDE; j += 2 * half)
          {
            float complex odd = turn * line[j + half];

            line[j + half] = line[j] - odd;
            line[j] += odd;
          }
      }
  for (int i = 0; i < SIDE; i++)
    x[(size_t) i * stride] = line[i];
}

static void
transform_plane (float complex *plane)
{
  for (int i = 0; i < SIDE; i++)
    transform (plane + (size_t) i * SIDE, 1);
  for (int i = 0; i < SIDE; i++)
    transform (plane + i, SIDE);
}

/* Mean 0, deviation 1. */
static void
normalise (float *tile)
{
  double mean   = 0.0;
  double square = 0.0;

  for (int i = 0; i < SIDE * SIDE; i++)
    mean += (double) tile[i];
  mean /= SIDE * SIDE;
  for (int i = 0; i < SIDE * SIDE; i++)
    square += pow ((double) tile[i] - mean, 2.0);
  for (int i = 0; i < SIDE * SIDE; i++)
    tile[i] = (float) (((double) tile[i] - mean) / sqrt (square / (SIDE * SIDE)));
}

/* Fills @tile with fractal noise of amplitude f^-@exponent. Above three quarters of the finest
 * frequency it fades, so that reading between the values does not show their grid. */
static void
make_fractal (float *tile, float complex *plane, float exponent, HlRandom *random)
{
  for (int i = 0; i < SIDE * SIDE; i++)
    plane[i] = hl_random_normal (random);
  transform_plane (plane);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        float fx   = (float) (x < SIDE / 2 ? x : x - SIDE);
        float fy   = (float) (y < SIDE / 2 ? y : y - SIDE);
        float f    = sqrtf (fx * fx + fy * fy);
        float fade = expf (-powf (f / (0.375f * SIDE), 4.0f));

        plane[y * SIDE + x] *= f > 0.0f ? fade * powf (f, -exponent) : 0.0f;
      }
  transform_plane (plane);
  for (int i = 0; i < SIDE * SIDE; i++)
    tile[i] = crealf (plane[i]);
  normalise (tile);
}

/* Fills @cells with the distance to the nearest of SEEDS squared scattered points, and @seams
 * with how much farther the second nearest lies (Worley 1996). */
static void
make_cells (float *cells, float *seams, HlRandom *random)
{
  const float pitch = (float) SIDE / SEEDS;
  float       at[SEEDS][SEEDS][2];

  for (int j = 0; j < SEEDS; j++)
    for (int i = 0; i < SEEDS; i++)
      for (int k = 0; k < 2; k++)
        at[j][i][k] = hl_random_between (random, 0.0f, 1.0f);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        float u      = (float) x / pitch;
        float v      = (float) y / pitch;
        float first  = 1e9f;
        float second = 1e9f;

        for (int j = (int) v - 1; j <= (int) v + 1; j++)
          for (int i = (int) u - 1; i <= (int) u + 1; i++)
            {
              const float *point = at[(j + SEEDS) % SEEDS][(i + SEEDS) % SEEDS];
              float        far   = hypotf ((float) i + point[0] - u, (float) j + point[1] - v);

              if (far < first)
                {
                  second = first;
                  first  = far;
                }
              else if (far < second)
                second = far;
            }
        cells[y * SIDE + x] = -first;
        seams[y * SIDE + x] = fminf (second - first, 0.35f);
      }
  normalise (cells);
  normalise (seams);
}

/**
 * hl_fields_init:
 * @fields: (out caller-allocates): the fields; free them with hl_fields_clear()
 * @seed: any number
 *
 * Makes all fields of a run, the same for the same @seed.
 *
 * Returns: 0 where the memory does not suffice
 */
int
hl_fields_init (HlFields *fields, uint64_t seed)
{
  static const float exponents[] = { 0.0f, 0.5f, 1.0f, 1.5f, 2.0f };
  float complex     *plane       = malloc (sizeof *plane * SIDE * SIDE);
  int                complete    = plane != NULL;
  HlRandom           random;

  hl_random_init (&random, seed, UINT64_MAX);
  for (int i = 0; i < HL_FIELDS; i++)
    {
      fields->tile[i] = malloc (sizeof (float) * SIDE * SIDE);
      complete        = complete && fields->tile[i] != NULL;
    }
  if (complete)
    {
      for (int i = HL_FIELD_GRAIN; i <= HL_FIELD_20; i++)
        make_fractal (fields->tile[i], plane, exponents[i], &random);
      make_cells (fields->tile[HL_FIELD_CELLS], fields->tile[HL_FIELD_SEAMS], &random);
    }
  free (plane);
  return complete;
}

/**
 * hl_fields_clear:
 * @fields: the fields
 *
 * Frees what hl_fields_init() made.
 */
void
hl_fields_clear (HlFields *fields)
{
  for (int i = 0; i < HL_FIELDS; i++)
    free (fields->tile[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shapes of a generated picture (leaves.c). Every one, from a disc to a hair, is a closed line
 * of corners, so that one painter (layer.c) paints them all.
 */
#include "outline.h"

#define TURN 6.2831853f

/* How many corners a round line of @radius pixels needs to look round. */
static int
corners (float radius)
{
  int n = (int) (6.0f + 4.0f * sqrtf (radius));

  return n < 160 ? n : 160;
}

static void
make_ellipse (HlOutline *outline, float radius, HlRandom *random)
{
  float flat = hl_random_chance (random, 0.4f) ? 1.0f : hl_random_between (random, 0.15f, 1.0f);

  outline->n = corners (radius);
  for (int i = 0; i < outline->n; i++)
    {
      float angle = TURN * (float) i / (float) outline->n;

      outline->at[i][0] = cosf (angle);
      outline->at[i][1] = flat * sinf (angle);
    }
}

static void
make_polygon (HlOutline *outline, HlRandom *random)
{
  float ragged = hl_random_between (random, 0.0f, 0.7f);

  outline->n = 3 + hl_random_below (random, 6);
  for (int i = 0; i < outline->n; i++)
    {
      float angle = TURN * ((float) i + hl_random_between (random, -0.4f, 0.4f));
      float far   = 1.0f - ragged * hl_random_between (random, 0.0f, 1.0f);

      outline->at[i][0] = far * cosf (angle / (float) outline->n);
      outline->at[i][1] = far * sinf (angle / (float) outline->n);
    }
}

/* A box seen at an angle: two opposite sides may differ in length. */
static void
make_box (HlOutline *outline, HlRandom *random)
{
  float flat   = hl_random_scale (random, 0.08f, 1.0f);
  float narrow = hl_random_chance (random, 0.6f) ? 1.0f : hl_random_between (random, 0.4f, 1.0f);
  float lean   = hl_random_chance (random, 0.7f) ? 0.0f : 0.4f * hl_random_normal (random);
  float box[4][2]
      = { { -1.0f, -flat }, { 1.0f, -flat * narrow }, { 1.0f, flat * narrow }, { -1.0f, flat } };

  outline->n = 4;
  for (int i = 0; i < 4; i++)
    {
      outline->at[i][0] = 0.8f * (box[i][0] + lean * box[i][1]);
      outline->at[i][1] = 0.8f * box[i][1];
    }
}

/* A round line whose distance from the middle is a sum of @harmonics waves that weaken with
 * frequency to the power -@decay. */
static void
make_blob (HlOutline *outline, float radius, int harmonics, float decay, HlRandom *random)
{
  float wobble[64][2];
  float size = hl_random_between (random, 0.15f, 0.5f);
  float flat = hl_random_between (random, 0.35f, 1.0f);

  for (int k = 0; k < harmonics; k++)
    for (int j = 0; j < 2; j++)
      wobble[k][j] = size * powf ((float) k + 1.0f, -decay) * hl_random_normal (random);
  outline->n = corners (radius);
  if (harmonics > 8)
    outline->n = outline->n * 2 < HL_OUTLINE_MAX ? outline->n * 2 : HL_OUTLINE_MAX;
  for (int i = 0; i < outline->n; i++)
    {
      float angle = TURN * (float) i / (float) outline->n;
      float far   = 0.8f;

      for (int k = 0; k < harmonics && 3 * k < outline->n; k++)
        far += wobble[k][0] * cosf ((float) (k + 1) * angle)
               + wobble[k][1] * sinf ((float) (k + 1) * angle);
      far               = fmaxf (far, 0.05f);
      outline->at[i][0] = far * cosf (angle);
      outline->at[i][1] = flat * far * sinf (angle);
    }
}

/* The shape of a tree's leaf, or an eye: two arcs that meet in points. */
static void
make_leaf (HlOutline *outline, float radius, HlRandom *random)
{
  float wide = hl_random_between (random, 0.12f, 0.6f);
  float bow  = hl_random_chance (random, 0.5f) ? 0.0f : hl_random_between (random, -0.5f, 0.5f);
  int   half = corners (radius) / 2;

  outline->n = 2 * half;
  for (int i = 0; i < outline->n; i++)
    {
      float x      = i < half ? -1.0f + 2.0f * (float) i / (float) half
                              : 1.0f - 2.0f * (float) (i - half) / (float) half;
      float height = 1.0f - x * x;

      outline->at[i][0] = x;
      outline->at[i][1] = height * (bow + (i < half ? -wide : wide));
    }
}

/**
 * hl_outline_init_stroke:
 * @outline: (out caller-allocates): the shape
 * @ends: (2, 2): where the stroke begins and ends, (x, y) each
 * @bow: how far its middle lies aside, in lengths
 * @width: in the unit of @ends
 * @taper: 0..1: how much thinner its end is than its beginning
 *
 * Makes a thin stroke: a hair, a twig, a part of a letter.
 */
void
hl_outline_init_stroke (HlOutline *outline, const float *ends, float bow, float width, float taper)
{
  float dx     = ends[2] - ends[0];
  float dy     = ends[3] - ends[1];
  float length = hypotf (dx, dy) + 1e-6f;
  int   half   = bow == 0.0f ? 2 : 16;

  outline->n = 2 * half;
  for (int i = 0; i < half; i++)
    {
      float t         = (float) i / (float) (half - 1);
      float aside     = 4.0f * bow * t * (1.0f - t);
      float lean      = 4.0f * bow * (1.0f - 2.0f * t);
      float side      = 0.5f * width * (1.0f - taper * t) / sqrtf (1.0f + lean * lean);
      float x         = ends[0] + t * dx - aside * dy;
      float y         = ends[1] + t * dy + aside * dx;
      float across[2] = { side * (-dy - lean * dx) / length, side * (dx - lean * dy) / length };

      outline->at[i][0]                = x + across[0];
      outline->at[i][1]                = y + across[1];
      outline->at[2 * half - 1 - i][0] = x - across[0];
      outline->at[2 * half - 1 - i][1] = y - across[1];
    }
}

/**
 * hl_outline_init:
 * @outline: (out caller-allocates): the shape
 * @kind: which shape
 * @radius: how large it will be, in pixels: how many corners it needs
 * @random: the dice
 *
 * Draws a shape about (0, 0) that reaches about 1 far.
 */
void
hl_outline_init (HlOutline *outline, HlOutlineKind kind, float radius, HlRandom *random)
{
  const float ends[4] = { -1.0f, 0.0f, 1.0f, 0.0f };

  switch (kind)
    {
    case HL_OUTLINE_POLYGON:
      make_polygon (outline, random);
      break;
    case HL_OUTLINE_BOX:
      make_box (outline, random);
      break;
    case HL_OUTLINE_BLOB:
      make_blob (outline, radius, 6, hl_random_between (random, 1.0f, 2.0f), random);
      break;
    case HL_OUTLINE_RAGGED:
      make_blob (outline, radius, 48, hl_random_between (random, 0.9f, 1.5f), random);
      break;
    case HL_OUTLINE_STRIP:
      hl_outline_init_stroke (
          outline, ends, hl_random_chance (random, 0.5f) ? 0.0f : 0.3f * hl_random_normal (random),
          fmaxf (hl_random_scale (random, 0.01f, 0.3f), 1.3f / radius),
          hl_random_chance (random, 0.5f) ? 0.0f : hl_random_between (random, 0.0f, 1.0f));
      break;
    case HL_OUTLINE_LEAF:
      make_leaf (outline, radius, random);
      break;
    case HL_OUTLINE_ELLIPSE:
    case HL_OUTLINES:
    default:
      make_ellipse (outline, radius, random);
    }
}

/**
 * hl_outline_move:
 * @outline: the shape
 * @x: column of its new middle
 * @y: row of it
 * @scale: how much larger it becomes
 * @angle: by how much it is turned, in radians
 *
 * Turns, enlarges, then moves a shape.
 */
void
hl_outline_move (HlOutline *outline, float x, float y, float scale, float angle)
{
  float a = scale * cosf (angle);
  float b = scale * sinf (angle);

  for (int i = 0; i < outline->n; i++)
    {
      float u = outline->at[i][0];
      float v = outline->at[i][1];

      outline->at[i][0] = x + a * u - b * v;
      outline->at[i][1] = y + b * u + a * v;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the shapes of a generated picture (leaves.c) are painted with. A denoiser learns from the
 * flat ones to be smooth, and from the patterns what it must not smooth away: cloth, fences and
 * window bars are waves, bent or in perspective, half of them nearly as fine as pixels; hair, grass
 * and bark are noise drawn out along bent lines; plaster, gravel, foliage are noise of different
 * exponents.
 *
 * All lengths are in pixels of the canvas, of which two make one of the finished picture.
 */
#include "fill.h"

#include <stddef.h>

static float
limit (float x, float low, float high)
{
  return x < low ? low : x > high ? high : x;
}

/* A wave of period 1 between -1 and 1: a sine made of parabolas, with harder edges by @hardness,
 * and longer below or above by @duty. */
static float
wave (const HlFill *fill, float phase)
{
  float x = phase - (float) ((int) phase - (phase < 0.0f)) - 0.5f;
  float y = 8.0f * x - 16.0f * x * fabsf (x);

  return limit ((y + fill->duty) * (1.0f + fill->hardness), -1.0f, 1.0f);
}

/* The pattern at (@u, @v), around -1..1. */
static float
pattern (const HlFill *fill, float u, float v)
{
  float first;
  float second;

  switch (fill->kind)
    {
    case HL_FILL_NOISE:
      return 0.7f * hl_field_at (fill->tile, u, v);
    case HL_FILL_RIDGES:
      return 1.0f - 1.6f * fabsf (hl_field_at (fill->tile, u, v));
    case HL_FILL_STRIPES:
      return wave (fill, u);
    case HL_FILL_CHECKS:
      first  = wave (fill, u);
      second = wave (fill, v);
      return fill->hardness > 2.0f ? fmaxf (first, second) : first * second;
    case HL_FILL_WEAVE: /* threads over and under each other */
      first  = wave (fill, 0.5f * (u + v));
      second = wave (fill, first > 0.0f ? 2.0f * u : 2.0f * v);
      return 0.6f * first + 0.4f * second;
    case HL_FILL_LATTICE: /* three waves whose periods have no common multiple */
      return 0.4f * (wave (fill, u) + wave (fill, v) + wave (fill, 0.618f * (u + v)));
    case HL_FILL_PLAIN:
    default:
      return 0.0f;
    }
}

/**
 * hl_fill_color:
 * @fill: what to paint with
 * @x: column on the canvas
 * @y: row on the canvas
 * @color: (3): (out caller-allocates): the colour, which may lie beyond 0..1
 *
 * Returns: 0 where the fill is open and @color was not set
 */
int
hl_fill_color (const HlFill *fill, float x, float y, float *color)
{
  float dx     = x - fill->x;
  float dy     = y - fill->y;
  float shade  = 1.0f + fill->slope[0] * dx + fill->slope[1] * dy;
  float amount = 0.0f;

  if (fill->holes != NULL
      && hl_field_at (fill->holes, fill->holes_scale * dx, fill->holes_scale * dy)
             > fill->holes_level)
    return 0;
  if (fill->bulge != 0.0f)
    shade -= fill->bulge * (dx * dx + dy * dy) / (fill->radius * fill->radius);
  if (fill->folds != NULL)
    shade += fill->folds_size
             * hl_field_at (fill->folds, fill->shift[0] + fill->folds_scale * dx,
                            fill->shift[1] + fill->folds_scale * dy);
  if (fill->kind != HL_FILL_PLAIN)
    {
      float near = 1.0f / limit (1.0f + fill->tilt[0] * dx + fill->tilt[1] * dy, 0.25f, 4.0f);
      float u    = near * (fill->turn[0] * dx + fill->turn[1] * dy) + fill->shift[0];
      float v    = near * (fill->turn[2] * dx + fill->turn[3] * dy) + fill->shift[1];

      if (fill->bend != NULL)
        {
          float where = fill->bend_scale * (dx - 0.6f * dy) + fill->shift[1];
          float other = fill->bend_scale * (dy + 0.6f * dx) + fill->shift[0];

          u += fill->bend_size * hl_field_at (fill->bend, where, other);
        }
      amount = fill->strength * pattern (fill, u, v);
      if (fill->patches != NULL)
        amount *= limit (0.5f
                             + 0.8f
                                   * hl_field_at (fill->patches, fill->patches_scale * dx,
                                                  fill->patches_scale * dy),
                         0.0f, 1.0f);
    }
  if (fill->dust != NULL)
    shade += fill->dust_size
             * hl_field_at (fill->dust, fill->dust_scale * (0.8f * dx - 0.6f * dy),
                            fill->dust_scale * (0.6f * dx + 0.8f * dy));
  shade = fmaxf (shade, 0.0f);
  for (int c = 0; c < 3; c++)
    color[c] = shade * (fill->color[c] + amount * (fill->other[c] - fill->color[c]));
  return 1;
}

/* Chooses which noise, how coarse and how drawn out. */
static void
init_noise (HlFill *fill, const HlFields *fields, HlRandom *random)
{
  float angle  = hl_random_between (random, 0.0f, 6.2831853f);
  float across = hl_random_scale (random, 0.12f, 1.6f);
  float along  = across;

  fill->tile = fields->tile[hl_random_below (random, HL_FIELDS)];
  if (hl_random_chance (random, 0.45f)) /* hair, grass, wood, brushed metal */
    {
      across = hl_random_scale (random, 0.2f, 1.6f);
      along  = across / hl_random_scale (random, 2.0f, 24.0f);
      if (hl_random_chance (random, 0.7f))
        fill->tile = fields->tile[hl_random_below (random, HL_FIELD_15)];
    }
  fill->turn[0] = across * cosf (angle);
  fill->turn[1] = across * sinf (angle);
  fill->turn[2] = -along * sinf (angle);
  fill->turn[3] = along * cosf (angle);
}

/* Chooses the period, direction and form of a wave. */
static void
init_wave (HlFill *fill, HlRandom *random)
{
  float angle  = hl_random_between (random, 0.0f, 6.2831853f);
  float most   = hl_random_chance (random, 0.5f)   ? 12.0f
                 : hl_random_chance (random, 0.6f) ? 24.0f
                                                   : 90.0f;
  float period = hl_random_scale (random, 4.4f, most);
  float ratio  = hl_random_chance (random, 0.5f) ? 1.0f : hl_random_scale (random, 0.3f, 3.0f);

  if (hl_random_chance (random, 0.35f)) /* upright and level, as most of what is built */
    angle = 1.5707963f * (float) hl_random_below (random, 4) + 0.04f * hl_random_normal (random);
  fill->turn[0]  = cosf (angle) / period;
  fill->turn[1]  = sinf (angle) / period;
  fill->turn[2]  = -sinf (angle) / (period * ratio);
  fill->turn[3]  = cosf (angle) / (period * ratio);
  fill->hardness = hl_random_chance (random, 0.45f) ? 0.0f : hl_random_scale (random, 0.3f, 12.0f);
  fill->duty = hl_random_chance (random, 0.5f) ? 0.0f : hl_random_between (random, -0.85f, 0.85f);
}

/* Chooses whether and how the pattern bends, fades, and lies in perspective. */
static void
init_bend (HlFill *fill, const HlFields *fields, HlRandom *random)
{
  float across = sqrtf (fill->turn[0] * fill->turn[0] + fill->turn[1] * fill->turn[1]);

  if (hl_random_chance (random, 0.65f))
    {
      fill->bend       = fields->tile[HL_FIELD_20];
      fill->bend_scale = hl_random_scale (random, 0.08f, 0.9f);
      /* The field's slope is near 0.02 a pixel: this bends by up to about 45 degrees. */
      fill->bend_size = across * hl_random_scale (random, 2.0f, 50.0f) / (0.3f + fill->bend_scale);
    }
  if (hl_random_chance (random, 0.4f))
    {
      fill->patches       = fields->tile[HL_FIELD_15];
      fill->patches_scale = hl_random_scale (random, 0.2f, 1.2f);
    }
  if (hl_random_chance (random, 0.35f))
    for (int k = 0; k < 2; k++)
      fill->tilt[k] = 0.0012f * hl_random_normal (random);
}

/**
 * hl_fill_init:
 * @fill: (out caller-allocates): what to paint with; hl_fill_place() must follow
 * @fields: the noise; must outlive @fill
 * @palette: the colours; @fill's own must be set afterwards in @color
 * @textured: 0..1: in how many of all cases there is a pattern
 * @rough: deviation of the fine texture under or in place of it, in shares of the brightness
 * @random: the dice
 *
 * Draws all of a fill but its colour and its place.
 */
void
hl_fill_init (HlFill *fill, const HlFields *fields, const HlPalette *palette, float textured,
              float rough, HlRandom *random)
{
  *fill = (HlFill) { .kind = HL_FILL_PLAIN };
  if (hl_random_chance (random, textured))
    {
      float kind = hl_random_between (random, 0.0f, 1.0f);

      fill->kind = kind < 0.42f   ? HL_FILL_NOISE
                   : kind < 0.50f ? HL_FILL_RIDGES
                   : kind < 0.76f ? HL_FILL_STRIPES
                   : kind < 0.87f ? HL_FILL_CHECKS
                   : kind < 0.95f ? HL_FILL_WEAVE
                                  : HL_FILL_LATTICE;
      if (fill->kind <= HL_FILL_RIDGES)
        init_noise (fill, fields, random);
      else
        init_wave (fill, random);
      init_bend (fill, fields, random);
      fill->strength = hl_random_scale (random, 0.12f, 1.0f);
    }
  if (hl_random_chance (random, 0.8f))
    {
      /* Little of it white: that cannot be told from the noise that is to go. */
      int tile = HL_FIELD_05 + hl_random_below (random, 3);

      fill->dust       = fields->tile[hl_random_chance (random, 0.15f) ? HL_FIELD_GRAIN : tile];
      fill->dust_scale = hl_random_scale (random, 0.3f, 1.2f);
      fill->dust_size  = rough * hl_random_scale (random, 0.25f, 2.5f);
    }
  if (hl_random_chance (random, 0.06f))
    {
      fill->holes       = fields->tile[HL_FIELD_05 + hl_random_below (random, HL_FIELDS - 1)];
      fill->holes_scale = hl_random_scale (random, 0.1f, 1.0f);
      fill->holes_level = hl_random_between (random, -0.6f, 1.2f);
    }
  hl_palette_pick (palette, random, hl_random_between (random, 0.0f, 1.0f), fill->other);
}

/**
 * hl_fill_place:
 * @fill: what to paint with
 * @fields: the noise; must outlive @fill
 * @x: column of the shape's middle on the canvas
 * @y: row of it
 * @radius: of the shape, in pixels of the canvas
 * @random: the dice
 *
 * Moves the fill to a shape and shades it to the shape's size. Mostly the pattern's second colour
 * becomes a lighter or darker form of the first: a texture is more often relief than paint.
 */
void
hl_fill_place (HlFill *fill, const HlFields *fields, float x, float y, float radius,
               HlRandom *random)
{
  float direction = hl_random_between (random, 0.0f, 6.2831853f);
  float slope     = 0.0f;

  fill->x      = x;
  fill->y      = y;
  fill->radius = radius;
  if (hl_random_chance (random, 0.7f))
    slope = 0.25f * hl_random_normal (random) / radius;
  fill->slope[0] = slope * cosf (direction);
  fill->slope[1] = slope * sinf (direction);
  if (radius > 12.0f && hl_random_chance (random, 0.55f))
    {
      fill->folds       = fields->tile[hl_random_chance (random, 0.7f) ? HL_FIELD_20 : HL_FIELD_15];
      fill->folds_scale = hl_random_scale (random, 0.05f, 0.8f);
      fill->folds_size  = hl_random_scale (random, 0.03f, 0.4f);
    }
  fill->bulge = hl_random_chance (random, 0.3f) ? hl_random_between (random, -0.3f, 0.6f) : 0.0f;
  for (int k = 0; k < 2; k++)
    fill->shift[k] = hl_random_between (random, 0.0f, HL_FIELD_SIDE);
  if (hl_random_chance (random, 0.72f))
    {
      float relief = hl_random_chance (random, 0.6f) ? 0.35f : 1.7f;

      for (int c = 0; c < 3; c++)
        fill->other[c] = relief * fill->color[c];
    }
}

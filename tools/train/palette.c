/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The colours of one generated picture (leaves.c), from numbers alone. What a photograph's colours
 * have in common: few hues, most of them weak, more along the line from orange to blue (sunlight
 * and sky) than across it, and a brightness that varies much more than they do.
 */
#include "palette.h"

/* The pure colour of @hue, 0..1 once round the circle from red over green to blue. */
static void
pure (float hue, float *color)
{
  for (int c = 0; c < 3; c++)
    {
      float away = hue - (float) c / 3.0f;

      away -= floorf (away + 0.5f);
      color[c] = fminf (fmaxf (2.0f - 6.0f * fabsf (away), 0.0f), 1.0f);
    }
}

static float
draw_hue (HlRandom *random)
{
  float which = hl_random_between (random, 0.0f, 1.0f);

  if (which < 0.48f) /* orange, brown, skin */
    return 0.08f + 0.04f * hl_random_normal (random);
  if (which < 0.72f) /* sky, sea, shade */
    return 0.59f + 0.05f * hl_random_normal (random);
  if (which < 0.88f) /* leaves and grass */
    return 0.25f + 0.06f * hl_random_normal (random);
  return hl_random_between (random, 0.0f, 1.0f);
}

/**
 * hl_palette_init:
 * @palette: (out caller-allocates): the colours
 * @random: the dice
 *
 * Draws the colours of a picture: gray, toned like an old print, or in colour, weak to vivid.
 */
void
hl_palette_init (HlPalette *palette, HlRandom *random)
{
  float kind      = hl_random_between (random, 0.0f, 1.0f);
  float mean      = hl_random_between (random, 0.3f, 0.68f);
  float deviation = hl_random_between (random, 0.18f, 0.45f);
  float strongest = 0.0f; /* saturation */
  float hue[3];
  int   toned = kind < 0.14f;
  int   even  = hl_random_chance (random, 0.5f); /* as much dark as light */

  if (toned && kind > 0.06f)
    strongest = hl_random_between (random, 0.03f, 0.3f);
  else if (!toned)
    strongest = hl_random_between (random, 0.3f, 1.0f);
  for (int i = 0; i < 3; i++)
    hue[i] = draw_hue (random);
  palette->n            = 3 + hl_random_below (random, HL_PALETTE_MAX - 2);
  palette->spread_light = hl_random_scale (random, 0.05f, 0.45f);
  palette->spread_hue   = toned ? 0.0f : hl_random_scale (random, 0.015f, 0.2f);
  for (int i = 0; i < palette->n; i++)
    {
      float own        = hue[toned ? 0 : hl_random_below (random, 3)];
      float light      = even ? hl_random_between (random, 0.0f, 1.0f)
                              : mean + deviation * hl_random_normal (random);
      float saturation = strongest;

      if (!toned)
        {
          own += 0.03f * hl_random_normal (random);
          saturation *= powf (hl_random_between (random, 0.0f, 1.0f), 0.7f);
          if (hl_random_chance (random, 0.05f)) /* a red car, a yellow flower */
            {
              own        = hl_random_between (random, 0.0f, 1.0f);
              saturation = fminf (1.0f, strongest + 0.3f);
            }
        }
      light = fminf (fmaxf (light, 0.03f), 1.0f);
      pure (own, palette->color[i]);
      for (int c = 0; c < 3; c++)
        palette->color[i][c] = light * (1.0f - saturation * (1.0f - palette->color[i][c]));
    }
}

/**
 * hl_palette_pick:
 * @palette: the colours
 * @random: the dice
 * @where: which of them, 0..1; what lies beyond counts from the nearest
 * @color: (3): (out caller-allocates): a colour near one of them
 *
 * Takes a colour. Neighbours that ask with a similar @where get similar colours.
 */
void
hl_palette_pick (const HlPalette *palette, HlRandom *random, float where, float *color)
{
  int i = (int) (fminf (fmaxf (where, 0.0f), 0.999f) * (float) palette->n);

  for (int c = 0; c < 3; c++)
    color[c] = palette->color[i][c];
  hl_palette_vary (palette, random, 1.0f, color);
}

/**
 * hl_palette_vary:
 * @palette: the colours
 * @random: the dice
 * @amount: how far to move, 1 for as far as one leaf of a colour is from the next
 * @color: (3): (inout): the colour
 *
 * Moves a colour at random, in brightness more than in hue.
 */
void
hl_palette_vary (const HlPalette *palette, HlRandom *random, float amount, float *color)
{
  float light = amount * palette->spread_light * hl_random_normal (random);

  for (int c = 0; c < 3; c++)
    {
      float own = amount * palette->spread_hue * hl_random_normal (random);

      color[c] = fminf (color[c] * expf (light + own), 1.0f);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What lies on the sheets of a generated picture (leaves.c): single leaves, and the things that
 * come in numbers: flocks of like shapes (foliage, pebbles), grids in perspective (windows, tiles,
 * fences), hair, and lines of letters.
 */
#include "crowd.h"

#include <stddef.h>

#define TURN 6.2831853f

/* Anywhere, or by the scene's crowding where others lie too: a photograph has its busy parts and
 * its calm ones. */
static void
draw_place (HlScene *scene, const HlLayer *layer, float *place)
{
  const float *tile = scene->fields->tile[HL_FIELD_15];
  float        side = (float) layer->side;

  for (int attempt = 0; attempt < 12; attempt++)
    {
      place[0] = hl_random_between (&scene->random, -0.1f * side, 1.1f * side);
      place[1] = hl_random_between (&scene->random, -0.1f * side, 1.1f * side);
      if (hl_field_at (tile, 0.2f * place[0] + scene->plan[1], 0.2f * place[1] + scene->plan[0])
          > scene->crowding)
        return;
    }
}

static float
draw_angle (HlScene *scene)
{
  if (hl_random_chance (&scene->random, scene->upright))
    return TURN / 4.0f * (float) hl_random_below (&scene->random, 4);
  return hl_random_between (&scene->random, 0.0f, TURN);
}

static HlOutlineKind
draw_kind (HlScene *scene)
{
  float which = hl_random_between (&scene->random, 0.0f, 1.0f);
  int   kind  = 0;

  while (kind < HL_OUTLINES - 1 && which > scene->kinds[kind])
    kind++;
  return (HlOutlineKind) kind;
}

/**
 * hl_crowd_color:
 * @scene: the picture
 * @x: column on the canvas
 * @y: row on the canvas
 * @color: (3): (out caller-allocates): a colour for what lies there
 *
 * Draws a colour of the picture's palette, by its locality like the neighbours'.
 */
void
hl_crowd_color (HlScene *scene, float x, float y, float *color)
{
  float here = 0.5f
               + 0.3f
                     * hl_field_at (scene->fields->tile[HL_FIELD_20], scene->plan[0] + 0.35f * x,
                                    scene->plan[1] + 0.35f * y);
  float any = hl_random_between (&scene->random, 0.0f, 1.0f);

  hl_palette_pick (&scene->palette, &scene->random,
                   scene->locality * here + (1.0f - scene->locality) * any, color);
}

/* A fill with the colour and the shading of its place. */
static void
make_fill (HlScene *scene, HlFill *fill, const float *place, float radius)
{
  /* A pattern on a leaf of a few pixels is not seen. */
  float textured = radius > 6.0f ? scene->textured : 0.0f;

  hl_fill_init (fill, scene->fields, &scene->palette, textured, scene->rough, &scene->random);
  hl_crowd_color (scene, place[0], place[1], fill->color);
  hl_fill_place (fill, scene->fields, place[0], place[1], radius, &scene->random);
}

/**
 * hl_crowd_paint_leaf:
 * @scene: the picture
 * @layer: its sheet
 *
 * Paints a single leaf, of a size by the power law, some with rims, which come after it as all
 * that lies behind does.
 */
void
hl_crowd_paint_leaf (HlScene *scene, HlLayer *layer)
{
  HlRandom *random = &scene->random;
  float     radius = hl_random_power (random, scene->smallest, scene->largest, scene->exponent);
  float     place[2];
  HlOutline outline;
  HlFill    fill;

  draw_place (scene, layer, place);
  make_fill (scene, &fill, place, radius);
  hl_outline_init (&outline, draw_kind (scene), radius, random);
  hl_outline_move (&outline, place[0], place[1], radius, draw_angle (scene));
  hl_layer_paint (layer, &outline, &fill);
  for (int rim = hl_random_chance (random, 0.15f) ? 1 + hl_random_below (random, 3) : 0; rim > 0;
       rim--)
    {
      float wider = 1.0f + hl_random_scale (random, 1.0f, 8.0f) / radius;

      hl_outline_move (&outline, place[0] * (1.0f - wider), place[1] * (1.0f - wider), wider, 0.0f);
      hl_palette_vary (&scene->palette, random, 2.5f, fill.color);
      hl_layer_paint (layer, &outline, &fill);
    }
}

/**
 * hl_crowd_paint_flock:
 * @scene: the picture
 * @layer: its sheet
 *
 * Paints many shapes of one kind and nearly one colour about one place.
 */
void
hl_crowd_paint_flock (HlScene *scene, HlLayer *layer)
{
  HlRandom     *random = &scene->random;
  HlOutlineKind kind   = draw_kind (scene);
  float         radius = hl_random_scale (random, 2.5f, 24.0f);
  float         reach  = hl_random_scale (random, 0.06f, 0.5f) * (float) layer->side;
  float         spread = hl_random_scale (random, 0.3f, 2.0f);
  float         swing  = hl_random_chance (random, 0.5f) ? TURN : 0.3f;
  float         angle  = draw_angle (scene);
  int       n = (int) (hl_random_scale (random, 0.3f, 2.0f) * reach * reach / (radius * radius));
  float     middle[2];
  HlOutline outline;
  HlFill    fill;
  float     color[3];

  n = n < 600 ? n : 600;
  draw_place (scene, layer, middle);
  make_fill (scene, &fill, middle, radius);
  for (int c = 0; c < 3; c++)
    color[c] = fill.color[c];
  for (int i = 0; i < n; i++)
    {
      float x    = middle[0] + 0.6f * reach * hl_random_normal (random);
      float y    = middle[1] + 0.6f * reach * hl_random_normal (random);
      float size = radius * hl_random_scale (random, 0.5f, 1.5f);

      for (int c = 0; c < 3; c++)
        fill.color[c] = color[c];
      hl_palette_vary (&scene->palette, random, spread, fill.color);
      hl_fill_place (&fill, scene->fields, x, y, size, random);
      hl_outline_init (&outline, kind, size, random);
      hl_outline_move (&outline, x, y, size,
                       angle + swing * hl_random_between (random, -0.5f, 0.5f));
      hl_layer_paint (layer, &outline, &fill);
    }
}

/* Puts a box of the grid's own coordinates through the perspective @view, (3, 3). */
static void
make_pane (HlOutline *outline, const float *view, const float *box)
{
  const float corner[4][2]
      = { { box[0], box[1] }, { box[2], box[1] }, { box[2], box[3] }, { box[0], box[3] } };

  outline->n = 4;
  for (int i = 0; i < 4; i++)
    {
      float u    = corner[i][0];
      float v    = corner[i][1];
      float away = fmaxf (view[6] * u + view[7] * v + 1.0f, 0.2f);

      outline->at[i][0] = (view[0] * u + view[1] * v + view[2]) / away;
      outline->at[i][1] = (view[3] * u + view[4] * v + view[5]) / away;
    }
}

/**
 * hl_crowd_paint_grid:
 * @scene: the picture
 * @layer: its sheet
 *
 * Paints rows of like panes on a wall in perspective: a house, a fence, tiles, shelves.
 */
void
hl_crowd_paint_grid (HlScene *scene, HlLayer *layer)
{
  HlRandom *random = &scene->random;
  float     pitch  = hl_random_scale (random, 8.0f, 0.2f * (float) layer->side);
  float     ratio  = hl_random_scale (random, 0.4f, 2.5f);
  float     gap    = hl_random_between (random, 0.06f, 0.7f);
  float rise    = hl_random_chance (random, 0.3f) ? 0.02f : hl_random_between (random, 0.05f, 0.7f);
  float angle   = 0.1f * hl_random_normal (random);
  float spread  = hl_random_chance (random, 0.5f) ? 0.1f : hl_random_scale (random, 0.2f, 2.0f);
  int   columns = 1 + hl_random_below (random, 14);
  int   rows    = hl_random_chance (random, 0.3f) ? 1 : 1 + hl_random_below (random, 14);
  float view[9];
  float place[2];
  float wall[4] = { -gap, -rise, (float) columns, (float) rows };
  float color[3];
  HlOutline outline;
  HlFill    fill;

  draw_place (scene, layer, place);
  if (hl_random_chance (random, 0.25f))
    angle = draw_angle (scene);
  view[0] = pitch * cosf (angle);
  view[1] = -pitch * ratio * sinf (angle) + 0.1f * pitch * hl_random_normal (random);
  view[2] = place[0] - 0.5f * view[0] * (float) columns;
  view[3] = pitch * sinf (angle);
  view[4] = pitch * ratio * cosf (angle);
  view[5] = place[1] - 0.5f * view[4] * (float) rows;
  view[6] = hl_random_chance (random, 0.5f) ? 0.0f : 0.04f * hl_random_normal (random);
  view[7] = hl_random_chance (random, 0.6f) ? 0.0f : 0.04f * hl_random_normal (random);
  make_fill (scene, &fill, place, pitch);
  for (int c = 0; c < 3; c++)
    color[c] = fill.color[c];
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      {
        float pane[4] = { (float) column, (float) row, (float) column + 1.0f - gap,
                          (float) row + 1.0f - rise };

        make_pane (&outline, view, pane);
        for (int c = 0; c < 3; c++)
          fill.color[c] = color[c];
        hl_palette_vary (&scene->palette, random, spread, fill.color);
        hl_layer_paint (layer, &outline, &fill);
      }
  if (hl_random_chance (random, 0.8f))
    {
      make_fill (scene, &fill, place, pitch * (float) (rows > columns ? rows : columns));
      make_pane (&outline, view, wall);
      hl_layer_paint (layer, &outline, &fill);
    }
}

/**
 * hl_crowd_paint_hair:
 * @scene: the picture
 * @layer: its sheet
 *
 * Paints strokes that run along each other and bend alike: hair, grass, straw, wires.
 */
void
hl_crowd_paint_hair (HlScene *scene, HlLayer *layer)
{
  HlRandom *random = &scene->random;
  float     side   = (float) layer->side;
  float     length = hl_random_scale (random, 0.04f, 0.9f) * side;
  float     width  = hl_random_scale (random, 1.2f, 7.0f);
  float     reach  = hl_random_scale (random, 0.02f, 0.4f) * side;
  float     angle  = draw_angle (scene);
  float     wild   = hl_random_scale (random, 0.01f, 0.5f);
  float     bow    = 0.15f * hl_random_normal (random);
  float     taper  = hl_random_between (random, 0.0f, 1.0f);
  float     fan    = hl_random_chance (random, 0.5f) ? 0.0f : 0.7f * hl_random_normal (random);
  float     spread = hl_random_scale (random, 0.4f, 2.5f);
  int       n      = 1 + (int) (reach / width * hl_random_scale (random, 0.05f, 3.0f));
  float     middle[2];
  float     color[3];
  HlOutline outline;
  HlFill    fill;

  n = n < 250 ? n : 250;
  draw_place (scene, layer, middle);
  make_fill (scene, &fill, middle, fmaxf (length, reach));
  for (int c = 0; c < 3; c++)
    color[c] = fill.color[c];
  for (int i = 0; i < n; i++)
    {
      float place   = hl_random_between (random, -1.0f, 1.0f);
      float own     = angle + fan * place + wild * hl_random_normal (random);
      float aside   = reach * place;
      float ahead   = 0.3f * length * hl_random_normal (random);
      float far     = 0.5f * length * hl_random_scale (random, 0.6f, 1.4f);
      float x       = middle[0] + ahead * cosf (angle) - aside * sinf (angle);
      float y       = middle[1] + ahead * sinf (angle) + aside * cosf (angle);
      float ends[4] = { x - far * cosf (own), y - far * sinf (own), x + far * cosf (own),
                        y + far * sinf (own) };

      for (int c = 0; c < 3; c++)
        fill.color[c] = color[c];
      hl_palette_vary (&scene->palette, random, spread, fill.color);
      hl_outline_init_stroke (&outline, ends, bow + 0.3f * wild * hl_random_normal (random),
                              fmaxf (width * hl_random_scale (random, 0.6f, 1.4f), 1.2f), taper);
      hl_layer_paint (layer, &outline, &fill);
    }
}

/* A sign of two to four strokes between the six corners of its box. */
static void
paint_letter (HlScene *scene, HlLayer *layer, const HlFill *fill, const float *at, float size,
              float angle, float width)
{
  HlRandom *random  = &scene->random;
  int       strokes = 2 + hl_random_below (random, 3);
  HlOutline outline;

  for (int i = 0; i < strokes; i++)
    {
      int   from    = hl_random_below (random, 6);
      int   to      = (from + 1 + hl_random_below (random, 5)) % 6;
      float ends[4] = { 0.55f * (float) (from % 2), 0.5f * (float) (from / 2),
                        0.55f * (float) (to % 2), 0.5f * (float) (to / 2) };
      float bow     = hl_random_chance (random, 0.4f) ? 0.35f * hl_random_normal (random) : 0.0f;

      hl_outline_init_stroke (&outline, ends, bow, width / size, 0.0f);
      hl_outline_move (&outline, at[0], at[1], size, angle);
      hl_layer_paint (layer, &outline, fill);
    }
}

/**
 * hl_crowd_paint_letters:
 * @scene: the picture
 * @layer: its sheet
 *
 * Paints lines of signs that look like writing.
 */
void
hl_crowd_paint_letters (HlScene *scene, HlLayer *layer)
{
  HlRandom *random  = &scene->random;
  float     size    = hl_random_scale (random, 8.0f, 70.0f);
  float     width   = fmaxf (size * hl_random_scale (random, 0.07f, 0.25f), 1.3f);
  float     angle   = hl_random_chance (random, 0.6f) ? 0.0f : 0.4f * hl_random_normal (random);
  int       lines   = 1 + hl_random_below (random, hl_random_chance (random, 0.4f) ? 8 : 2);
  int       letters = 3 + hl_random_below (random, 20);
  float     place[2];
  HlFill    fill;

  draw_place (scene, layer, place);
  make_fill (scene, &fill, place, size * (float) letters);
  for (int i = 0; i < lines; i++)
    for (int j = 0; j < letters; j++)
      {
        float u     = 0.85f * size * ((float) j - 0.5f * (float) letters);
        float v     = 1.6f * size * (float) i;
        float at[2] = { place[0] + u * cosf (angle) - v * sinf (angle),
                        place[1] + u * sinf (angle) + v * cosf (angle) };

        if (!hl_random_chance (random, 0.15f))
          paint_letter (scene, layer, &fill, at, size, angle, width);
      }
}

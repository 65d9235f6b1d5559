/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a generated picture (leaves.c) is put together: what kind of scene it is, its sheets from
 * back to front, its light, and the camera's sharpness and tones.
 *
 * Leaves whose radii have the density r^-3 look alike at every distance, as the world does (Lee,
 * Mumford and Huang 2001); that photographs also have grounds without leaves, surfaces with
 * textures and a depth of field is what Achddou, Gousseau and Ladjal (2021, 2023) added.
 */
#include "scene.h"
#include "crowd.h"

#include <stddef.h>

/**
 * hl_scene_init:
 * @scene: (out caller-allocates): the picture's plan
 * @fields: the noise; must outlive @scene
 * @seed: of the run
 * @index: of the picture
 * @side: rows and columns of the canvas
 *
 * Decides what kind of picture this becomes.
 */
void
hl_scene_init (HlScene *scene, const HlFields *fields, uint64_t seed, uint64_t index, int side)
{
  HlRandom *random = &scene->random;
  float     sum    = 0.0f;

  hl_random_init (random, seed, index);
  scene->fields = fields;
  hl_palette_init (&scene->palette, random);
  scene->smallest = hl_random_scale (random, 2.0f, 50.0f);
  scene->largest  = hl_random_scale (random, 0.2f, 1.0f) * (float) side;
  scene->exponent = hl_random_between (random, 1.6f, 3.2f);
  scene->textured = hl_random_between (random, 0.4f, 1.0f);
  scene->rough    = hl_random_scale (random, 0.025f, 0.18f);
  scene->locality = hl_random_between (random, 0.0f, 1.0f);
  scene->upright = hl_random_chance (random, 0.3f) ? hl_random_between (random, 0.3f, 1.0f) : 0.05f;
  for (int i = 0; i < HL_OUTLINES; i++)
    {
      float share = hl_random_between (random, 0.0f, 1.0f);

      sum += share * share * share;
      scene->kinds[i] = sum;
    }
  for (int i = 0; i < HL_OUTLINES; i++)
    scene->kinds[i] /= sum;
  for (int k = 0; k < 2; k++)
    scene->plan[k] = hl_random_between (random, 0.0f, HL_FIELD_SIDE);
}

/* The outline of the whole canvas. */
static void
make_frame (HlOutline *outline, int side)
{
  float far = (float) side;

  *outline = (HlOutline) { .n = 4, .at = { { 0, 0 }, { far, 0 }, { far, far }, { 0, far } } };
}

/* The farthest sheet: sky, wall, or a few large grounds. */
static void
paint_ground (HlScene *scene, HlLayer *layer)
{
  HlRandom *random = &scene->random;
  float     half   = 0.5f * (float) layer->side;
  int       n      = hl_random_chance (random, 0.5f) ? 0 : 1 + hl_random_below (random, 4);
  HlOutline outline;
  HlFill    fill;

  for (int i = 0; i <= n; i++)
    {
      float x    = i < n ? hl_random_between (random, 0.0f, 2.0f * half) : half;
      float y    = i < n ? hl_random_between (random, 0.0f, 2.0f * half) : half;
      float size = half * (i < n ? hl_random_scale (random, 0.4f, 2.0f) : 1.4f);

      hl_fill_init (&fill, scene->fields, &scene->palette, 0.8f * scene->textured, scene->rough,
                    random);
      hl_crowd_color (scene, x, y, fill.color);
      hl_fill_place (&fill, scene->fields, x, y, size, random);
      fill.holes = NULL;
      if (i < n)
        {
          hl_outline_init (&outline, (HlOutlineKind) hl_random_below (random, HL_OUTLINES), size,
                           random);
          hl_outline_move (&outline, x, y, size, hl_random_between (random, 0.0f, 6.28f));
        }
      else
        make_frame (&outline, layer->side);
      hl_layer_paint (layer, &outline, &fill);
    }
}

/* Covers @cover of a sheet. */
static void
paint_sheet (HlScene *scene, HlLayer *layer, float cover)
{
  HlRandom *random = &scene->random;
  int       enough = (int) (cover * (float) layer->side * (float) layer->side);
  float     crowds = hl_random_scale (random, 0.002f, 0.04f);

  scene->crowding
      = hl_random_chance (random, 0.4f) ? -9.0f : hl_random_between (random, -0.7f, 0.9f);
  for (int k = 0; k < 2; k++)
    scene->plan[k] += 0.05f * HL_FIELD_SIDE * hl_random_normal (random);
  hl_layer_wipe (layer);
  if (hl_random_chance (random, 0.12f))
    hl_crowd_paint_letters (scene, layer);
  if (hl_random_chance (random, 0.25f))
    hl_crowd_paint_hair (scene, layer);
  for (int i = 0; i < 7000 && layer->painted < enough; i++)
    if (!hl_random_chance (random, crowds))
      hl_crowd_paint_leaf (scene, layer);
    else
      switch (hl_random_below (random, 8))
        {
        case 0:
        case 1:
        case 2:
          hl_crowd_paint_flock (scene, layer);
          break;
        case 3:
        case 4:
          hl_crowd_paint_grid (scene, layer);
          break;
        case 5:
        case 6:
          hl_crowd_paint_hair (scene, layer);
          break;
        default:
          hl_crowd_paint_letters (scene, layer);
        }
}

/* Shadows of things outside the picture, and light that is not even. */
static void
paint_light (HlScene *scene, HlLayer *picture, HlLayer *sheet)
{
  HlRandom    *random = &scene->random;
  const float *tile   = scene->fields->tile[HL_FIELD_20];
  float        scale  = hl_random_between (random, 0.1f, 0.3f);
  float        size   = hl_random_between (random, 0.0f, 0.18f);
  int          side   = picture->side;

  if (hl_random_chance (random, 0.25f))
    {
      float textured = scene->textured;
      float smallest = scene->smallest;

      scene->textured = 0.0f;
      scene->smallest = fmaxf (smallest, 20.0f);
      paint_sheet (scene, sheet, hl_random_between (random, 0.05f, 0.5f));
      scene->textured = textured;
      scene->smallest = smallest;
      hl_layer_blur (sheet, hl_random_scale (random, 1.0f, 24.0f));
      hl_layer_shade (sheet, picture, 0, 0, hl_random_between (random, 0.15f, 0.7f));
    }
  if (hl_random_chance (random, 0.5f))
    for (int y = 0; y < side; y++)
      for (int x = 0; x < side; x++)
        {
          float light = 1.0f
                        + size
                              * hl_field_at (tile, scene->plan[1] + scale * (float) x,
                                             scene->plan[0] + scale * (float) y);

          for (int c = 0; c < 3; c++)
            picture->color[4 * ((size_t) y * (size_t) side + (size_t) x) + (size_t) c] *= light;
        }
}

/**
 * hl_scene_paint:
 * @scene: the picture's plan; its dice move on
 * @picture: (out): the canvas
 * @sheet: a second one of the same size, to work on
 *
 * Paints the picture, at twice the size that it will have.
 */
void
hl_scene_paint (HlScene *scene, HlLayer *picture, HlLayer *sheet)
{
  HlRandom *random   = &scene->random;
  int       sheets   = 1 + hl_random_below (random, 3);
  int       deep     = hl_random_chance (random, 0.25f);
  int       focus    = hl_random_below (random, sheets + 1);
  float     blur     = deep ? hl_random_scale (random, 0.8f, 7.0f) : 0.0f;
  float     darkness = hl_random_chance (random, 0.5f) ? hl_random_between (random, 0.2f, 1.0f) : 0;
  int       dx       = (int) (5.0f * hl_random_normal (random));
  int       dy       = (int) (5.0f * hl_random_normal (random));

  hl_layer_wipe (picture);
  paint_ground (scene, picture);
  if (focus > 0)
    hl_layer_blur (picture, blur * (float) focus);
  for (int i = 1; i <= sheets; i++)
    {
      float cover = hl_random_between (random, 0.0f, 1.0f);
      float away  = (float) (i > focus ? i - focus : focus - i);

      paint_sheet (scene, sheet, i == 1 ? sqrtf (cover) : cover * cover);
      if (darkness > 0.0f)
        {
          /* A row of weak shadows, each farther out, makes one with a soft rim. */
          for (int k = 1; k <= 5; k++)
            hl_layer_shade (sheet, picture, dx * k / 5, dy * k / 5, 0.2f * darkness);
        }
      hl_layer_blur (sheet, blur * away);
      hl_layer_lay (sheet, picture);
    }
  paint_light (scene, picture, sheet);
}

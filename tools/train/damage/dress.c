/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a sitter wears: jackets with lapels, shirts and collars, ties, uniforms with piping, braid
 * and buttons, dresses with lace, beads and brooches, knitted vests; folds in all of it.
 */
#include "sitter.h"

static const float jacket[20]
    = { -2.3f, 4.6f,  -2.1f, 2.5f, -1.75f, 1.95f, -1.1f, 1.6f, -0.42f, 1.28f,
        0.42f, 1.28f, 1.1f,  1.6f, 1.75f,  1.95f, 2.1f,  2.5f, 2.3f,   4.6f };

/* A line along an edge: its shadow, its thickness, what is sewn on it. */
static void
draw_edge (HlSitter *sitter, const float *uv, int count, float mirror, float width, float tone)
{
  hl_sitter_curve (sitter, uv, count, mirror, width);
  if (hl_chance (sitter->canvas, 0.5f))
    hl_sitter_raise (sitter, 0.4f + 0.3f * width * sitter->size,
                     hl_even (sitter->canvas, 0.01f, 0.05f));
  hl_sitter_curve (sitter, uv, count, mirror, width);
  hl_sitter_paint (sitter, hl_even (sitter->canvas, 0.3f, 1.0f), sitter->soft, tone, NULL);
}

/* Valleys and ridges in cloth. */
static void
draw_folds (HlSitter *sitter, int count)
{
  HlCanvas *canvas = sitter->canvas;

  for (; count > 0; count--)
    {
      float u     = hl_even (canvas, -1.8f, 1.8f);
      float v     = hl_even (canvas, 1.5f, 3.2f);
      float width = hl_scaled (canvas, 0.03f, 0.2f);

      hl_sitter_line (sitter, u, v, u + hl_even (canvas, -0.7f, 0.7f),
                      v + hl_even (canvas, 0.2f, 1.3f), 0.1f * hl_normal (canvas), width);
      hl_sitter_raise (sitter, 0.5f + fminf (0.4f * width * sitter->size, 12.0f),
                       width * hl_even (canvas, -0.8f, 0.8f));
    }
}

static void
draw_buttons (HlSitter *sitter, float u, float v, float pitch, int count)
{
  HlCanvas *canvas = sitter->canvas;
  float     r      = hl_even (canvas, 0.035f, 0.075f);
  float     tone
      = hl_chance (canvas, 0.5f) ? hl_even (canvas, 0.0f, 0.3f) : hl_even (canvas, 0.6f, 1.0f);

  for (int i = 0; i < count; i++)
    hl_sitter_ellipse (sitter, u, v + pitch * (float) i + 0.015f, 1.15f * r, 1.15f * r);
  hl_sitter_shade (sitter, sitter->soft + 0.01f * sitter->size, hl_even (canvas, 0.2f, 0.7f));
  for (int i = 0; i < count; i++)
    {
      hl_sitter_ellipse (sitter, u, v + pitch * (float) i, r, r);
      hl_sitter_bump (sitter, u, v + pitch * (float) i, 0.6f * r, 0.6f * r, 0.8f * r);
    }
  hl_sitter_paint (sitter, 1.0f, sitter->soft, tone, NULL);
  for (int i = 0; i < count; i++)
    hl_sitter_ellipse (sitter, u - 0.25f * r, v + pitch * (float) i - 0.25f * r, 0.3f * r,
                       0.3f * r);
  hl_sitter_paint (sitter, hl_even (canvas, 0.0f, 1.0f), 0.4f, 1.0f, NULL);
}

static void
draw_collar (HlSitter *sitter, float tone)
{
  HlCanvas *canvas   = sitter->canvas;
  float     d        = hl_even (canvas, 0.3f, 1.0f);
  float     flap[12] = { 0.42f,
                         1.02f,
                         0.56f,
                         1.22f,
                         0.5f + 0.25f * d,
                         1.45f + 0.3f * d,
                         0.14f + 0.1f * d,
                         1.4f + 0.5f * d,
                         0.03f,
                         1.42f,
                         0.3f,
                         1.22f };

  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      hl_sitter_polygon (sitter, flap, 6, m);
      hl_sitter_shade (sitter, sitter->soft + 0.05f * sitter->size, hl_even (canvas, 0.1f, 0.6f));
      hl_sitter_polygon (sitter, flap, 6, m);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, tone * hl_even (canvas, 0.85f, 1.0f), NULL);
      hl_sitter_polygon (sitter, flap, 6, m);
      hl_sitter_raise (sitter, 0.5f + 0.02f * sitter->size, 0.06f);
      if (hl_chance (canvas, 0.6f))
        draw_edge (sitter, flap + 2, 4, m, hl_even (canvas, 0.01f, 0.025f), 0.6f * tone);
    }
}

static void
draw_tie (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     tone   = hl_even (canvas, 0.02f, 0.9f);

  if (hl_chance (canvas, 0.4f)) /* a bow */
    {
      float r       = hl_even (canvas, 0.35f, 0.6f);
      float wing[8] = { 0.05f, 1.45f, r, 1.3f, 1.05f * r, 1.62f, 0.05f, 1.53f };

      for (float m = -1.0f; m < 2.0f; m += 2.0f)
        {
          hl_sitter_polygon (sitter, wing, 4, m);
          hl_sitter_paint (sitter, 1.0f, sitter->soft, tone, NULL);
          for (int i = 0; i < 3; i++)
            {
              hl_sitter_line (sitter, 0.07f * m, 1.49f, m * r * hl_even (canvas, 0.5f, 0.95f),
                              1.49f + hl_even (canvas, -0.12f, 0.1f), 0.02f, 0.03f);
              hl_sitter_raise (sitter, 0.4f + 0.012f * sitter->size,
                               hl_even (canvas, -0.04f, 0.06f));
            }
        }
      hl_sitter_ellipse (sitter, 0.0f, 1.49f, 0.09f, 0.1f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, 0.9f * tone, NULL);
      hl_sitter_bump (sitter, 0.0f, 1.49f, 0.06f, 0.07f, 0.06f);
    }
  else
    {
      float knot[8] = { -0.13f, 1.4f, 0.13f, 1.4f, 0.08f, 1.62f, -0.08f, 1.62f };
      float tail[8] = { -0.08f, 1.6f, 0.08f, 1.6f, 0.26f, 3.6f, -0.26f, 3.6f };
      float pitch   = hl_even (canvas, 0.08f, 0.3f);
      int   stripes = hl_chance (canvas, 0.4f);

      hl_sitter_polygon (sitter, tail, 4, 1.0f);
      hl_sitter_shade (sitter, sitter->soft + 0.04f * sitter->size, 0.4f);
      hl_sitter_polygon (sitter, tail, 4, 1.0f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, tone, NULL);
      if (stripes)
        {
          for (float v = 1.7f; v < 3.4f; v += pitch)
            hl_sitter_line (sitter, -0.06f - 0.09f * (v - 1.6f), v + 0.15f,
                            0.06f + 0.09f * (v - 1.6f), v, 0.0f, 0.3f * pitch);
          hl_sitter_paint (sitter, hl_even (canvas, 0.2f, 0.9f), sitter->soft,
                           hl_even (canvas, 0.0f, 1.0f), NULL);
        }
      hl_sitter_polygon (sitter, knot, 4, 1.0f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, 0.85f * tone, NULL);
      hl_sitter_bump (sitter, 0.0f, 1.5f, 0.1f, 0.12f, 0.08f);
    }
}

static void
draw_suit (HlSitter *sitter, float cloth)
{
  HlCanvas *canvas   = sitter->canvas;
  float     deep     = hl_even (canvas, 2.2f, 3.6f);
  float     shirt[8] = { -0.5f, 1.25f, 0.5f, 1.25f, 0.1f, deep, -0.1f, deep };
  float     lapel[12]
      = { 0.48f, 1.22f, 0.8f, 1.5f, 0.72f, 1.9f, 0.95f, 1.95f, 0.1f, deep + 0.2f, 0.06f, deep };
  float white
      = hl_chance (canvas, 0.75f) ? hl_even (canvas, 0.75f, 1.0f) : hl_even (canvas, 0.2f, 0.8f);

  hl_sitter_polygon (sitter, shirt, 4, 1.0f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft, white, NULL);
  if (hl_chance (canvas, 0.4f)) /* the shirt's front */
    draw_buttons (sitter, 0.0f, 1.7f, 0.3f, 3);
  if (hl_chance (canvas, 0.7f))
    draw_tie (sitter);
  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      hl_sitter_polygon (sitter, lapel, 6, m);
      hl_sitter_shade (sitter, sitter->soft + 0.04f * sitter->size, 0.35f);
      hl_sitter_polygon (sitter, lapel, 6, m);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, cloth * hl_even (canvas, 0.85f, 1.15f), NULL);
      hl_sitter_polygon (sitter, lapel, 6, m);
      hl_sitter_raise (sitter, 0.5f + 0.02f * sitter->size, 0.05f);
      if (hl_chance (canvas, 0.7f))
        draw_edge (sitter, lapel, 5, m, hl_even (canvas, 0.01f, 0.03f),
                   hl_chance (canvas, 0.6f) ? 0.4f * cloth : fminf (1.0f, 1.6f * cloth + 0.1f));
    }
  draw_collar (sitter, white);
}

/* A stand-up collar with piping and tabs of braid; braid and buttons down the front. */
static void
draw_uniform (HlSitter *sitter, float cloth)
{
  HlCanvas *canvas = sitter->canvas;
  float     light
      = hl_chance (canvas, 0.8f) ? hl_even (canvas, 0.55f, 1.0f) : hl_even (canvas, 0.0f, 0.2f);
  float collar[8] = { 0.0f, 1.5f, 0.45f, 1.35f, 0.52f, 1.0f, 0.0f, 1.15f };
  float edge[6]   = { 0.03f, 1.16f, 0.3f, 1.1f, 0.52f, 1.0f };
  float foot[6]   = { 0.03f, 1.5f, 0.28f, 1.45f, 0.47f, 1.35f };
  float front[6]  = { 0.02f, 1.2f, 0.04f, 2.5f, 0.02f, 4.4f };
  float width     = hl_even (canvas, 0.015f, 0.05f);
  int   braid     = hl_chance (canvas, 0.5f);
  int   turns     = 3 + hl_below (canvas, 6);

  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      hl_sitter_polygon (sitter, collar, 4, m);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, cloth * hl_even (canvas, 0.5f, 1.2f), NULL);
      draw_edge (sitter, edge, 3, m, width, light);
      if (hl_chance (canvas, 0.6f))
        draw_edge (sitter, foot, 3, m, width, light);
      if (braid)
        {
          float zigzag[20];

          for (int i = 0; i < turns; i++)
            {
              float t           = (float) i / (float) (turns - 1);
              zigzag[2 * i]     = 0.06f + 0.38f * t;
              zigzag[2 * i + 1] = 1.32f - 0.1f * t + (i & 1 ? 0.1f : -0.1f);
            }
          draw_edge (sitter, zigzag, turns, m, hl_even (canvas, 0.03f, 0.07f), light);
        }
      if (hl_chance (canvas, 0.4f)) /* on the shoulder */
        {
          float board[8] = { 0.75f, 1.42f, 1.7f, 1.88f, 1.62f, 2.05f, 0.68f, 1.6f };

          hl_sitter_polygon (sitter, board, 4, m);
          hl_sitter_paint (sitter, 1.0f, sitter->soft, hl_even (canvas, 0.0f, 1.0f), NULL);
          draw_edge (sitter, board, 4, m, width, light);
        }
    }
  if (hl_chance (canvas, 0.5f))
    draw_edge (sitter, front, 3, 1.0f, width, light);
  if (hl_chance (canvas, 0.25f)) /* frogs across the chest */
    for (int i = 0; i < 6; i++)
      {
        float v       = 1.8f + 0.4f * (float) i;
        float cord[6] = { -0.9f, v - 0.08f, 0.0f, v, 0.9f, v - 0.08f };

        draw_edge (sitter, cord, 3, 1.0f, 0.05f, light);
      }
  draw_buttons (sitter, hl_even (canvas, 0.05f, 0.5f), 1.85f, 0.42f, 6);
}

/* Scallops of lace with holes along a collar. */
static void
draw_lace (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     tone   = hl_even (canvas, 0.7f, 1.0f);
  int       count  = 9 + hl_below (canvas, 12);
  int       rows   = 1 + hl_below (canvas, 3);
  float     deep   = hl_even (canvas, 0.3f, 0.9f);
  float     r      = 0.75f / (float) count;

  for (int row = 0; row < rows; row++)
    for (int i = 0; i < count; i++)
      {
        float t = 3.1415927f * (0.08f + 0.84f * (float) i / (float) (count - 1));
        float k = 1.0f + 1.6f * r * (float) row;

        hl_sitter_ellipse (sitter, 0.62f * k * cosf (t), 1.15f + deep * k * sinf (t), 1.3f * r,
                           1.3f * r);
      }
  hl_sitter_paint (sitter, hl_even (canvas, 0.6f, 1.0f), sitter->soft, tone, NULL);
  for (int row = 0; row < rows; row++)
    for (int i = 0; i < count; i++)
      for (int j = 0; j < 3; j++)
        {
          float t = 3.1415927f * (0.08f + 0.84f * (float) i / (float) (count - 1));
          float k = 1.0f + 1.6f * r * (float) row;
          float a = 2.1f * (float) j + t;

          hl_sitter_ellipse (sitter, 0.62f * k * cosf (t) + 0.6f * r * cosf (a),
                             1.15f + deep * k * sinf (t) + 0.6f * r * sinf (a), 0.3f * r, 0.3f * r);
        }
  hl_sitter_shade (sitter, 0.3f, hl_even (canvas, 0.3f, 0.8f));
}

static void
draw_gown (HlSitter *sitter)
{
  HlCanvas *canvas   = sitter->canvas;
  float     deep     = hl_even (canvas, 1.5f, 2.4f);
  float     open[10] = { -0.6f, 1.2f, 0.6f, 1.2f, 0.45f, 1.5f, 0.0f, deep, -0.45f, 1.5f };
  float     edge[10] = { -0.6f, 1.2f, -0.45f, 1.55f, 0.0f, deep, 0.45f, 1.55f, 0.6f, 1.2f };

  hl_sitter_polygon (sitter, open, 5, 1.0f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft, 0.95f * sitter->skin, sitter->tint);
  if (hl_chance (canvas, 0.6f))
    draw_edge (sitter, edge, 5, 1.0f, hl_even (canvas, 0.01f, 0.06f), hl_even (canvas, 0.0f, 1.0f));
  if (hl_chance (canvas, 0.5f))
    draw_lace (sitter);
  if (hl_chance (canvas, 0.5f)) /* beads, or a chain */
    {
      int   count = hl_chance (canvas, 0.6f) ? 11 + hl_below (canvas, 16) : 60;
      float r     = count == 60 ? 0.015f : hl_even (canvas, 0.025f, 0.055f);
      float hang  = hl_even (canvas, 0.35f, 1.2f);

      for (int i = 0; i < count; i++)
        {
          float t = 3.1415927f * (0.1f + 0.8f * (float) i / (float) (count - 1));
          float u = 0.5f * cosf (t);
          float v = 1.05f + hang * sinf (t);

          hl_sitter_ellipse (sitter, u, v, r, r);
          if (count < 60)
            hl_sitter_bump (sitter, u, v, 0.6f * r, 0.6f * r, 0.8f * r);
        }
      hl_sitter_paint (sitter, hl_even (canvas, 0.6f, 1.0f), sitter->soft,
                       hl_chance (canvas, 0.75f) ? hl_even (canvas, 0.7f, 1.0f) : 0.15f, NULL);
    }
  if (hl_chance (canvas, 0.3f)) /* a brooch */
    {
      float v = hl_even (canvas, 1.3f, 1.9f);

      hl_sitter_ellipse (sitter, 0.0f, v, 0.12f, 0.09f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, hl_even (canvas, 0.5f, 1.0f), NULL);
      hl_sitter_ellipse (sitter, 0.0f, v, 0.08f, 0.055f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, hl_even (canvas, 0.0f, 0.8f), NULL);
      hl_sitter_bump (sitter, 0.0f, v, 0.07f, 0.05f, 0.06f);
    }
}

/* Stitches of a knitted vest, or a woven pattern, as relief over the body. */
static void
draw_weave (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[1];
  float     pitch  = fmaxf (2.2f, hl_scaled (canvas, 0.03f, 0.12f) * sitter->size);
  float     by     = hl_even (canvas, 0.05f, 0.5f);
  float     ruled  = hl_chance (canvas, 0.4f) ? 0.0f : 1.0f;

  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      {
        float u = 6.2831853f * (float) x / pitch;
        float v = 6.2831853f * (float) y / pitch;
        float a = sinf (u) * (ruled > 0.0f ? sinf (v + 2.0f * fabsf (sinf (0.5f * u))) : 1.0f);
        int   i = y * canvas->side + x;

        for (int c = 0; c < 3; c++)
          canvas->plane[c][i] *= 1.0f + by * a * cover->value[i];
      }
}

void
hl_sitter_dress (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[0];
  float     cloth
      = hl_chance (canvas, 0.55f) ? hl_even (canvas, 0.04f, 0.35f) : hl_even (canvas, 0.3f, 0.95f);
  float tint[3] = { 1.0f, hl_even (canvas, 0.8f, 1.1f), hl_even (canvas, 0.7f, 1.2f) };
  float broad   = hl_even (canvas, 0.8f, 1.1f);
  float kind    = hl_even (canvas, 0.0f, 1.0f);
  float body[20];

  for (int i = 0; i < 20; i++)
    body[i] = jacket[i] * (i & 1 ? 1.0f : broad);
  hl_sitter_polygon (sitter, body, 10, 1.0f);
  hl_cover_copy (&canvas->cover[1], cover);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      if (cover->value[y * canvas->side + x] > 0.5f)
        {
          float dx = ((float) x + 0.5f - sitter->x) / (2.4f * broad * sitter->size);
          float dy = ((float) y + 0.5f - sitter->y) / sitter->size - 1.2f;

          sitter->height[y * canvas->side + x]
              = sitter->size
                * (0.9f * sqrtf (fmaxf (0.0f, 1.0f - dx * dx)) * fminf (1.0f, 0.4f + 0.6f * dy)
                   - 1.2f);
        }
  hl_sitter_paint (sitter, 1.0f, sitter->soft, cloth, tint);
  if (hl_chance (canvas, 0.3f))
    draw_weave (sitter);
  hl_cover_wipe (&canvas->cover[1]);
  for (float m = -1.0f; m < 2.0f; m += 2.0f) /* where the sleeves begin */
    if (hl_chance (canvas, 0.7f))
      {
        float seam[6] = { 1.5f * broad, 1.85f, 1.35f * broad, 2.6f, 1.45f * broad, 4.2f };

        hl_sitter_curve (sitter, seam, 3, m, 0.05f);
        hl_sitter_raise (sitter, 0.5f + 0.025f * sitter->size, -hl_even (canvas, 0.03f, 0.2f));
      }
  draw_folds (sitter, hl_below (canvas, 12));
  if (kind < 0.35f)
    draw_suit (sitter, cloth);
  else if (kind < 0.6f)
    draw_uniform (sitter, cloth);
  else if (kind < 0.85f)
    draw_gown (sitter);
  else
    draw_collar (sitter, hl_chance (canvas, 0.7f) ? hl_even (canvas, 0.75f, 1.0f) : cloth);
}

/* The neck, with the chin's shadow on it. */
void
hl_sitter_neck (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[0];
  float     w      = hl_even (canvas, 0.34f, 0.44f);
  float     neck[12]
      = { -w, 0.5f, w, 0.5f, 1.02f * w, 1.1f, 0.6f * w, 1.35f, -0.6f * w, 1.35f, -1.02f * w, 1.1f };

  hl_sitter_polygon (sitter, neck, 6, 1.0f);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      if (cover->value[y * canvas->side + x] > 0.5f)
        {
          float dx = ((float) x + 0.5f - sitter->x) / (w * 1.05f * sitter->size);

          sitter->height[y * canvas->side + x]
              = sitter->size * (w * sqrtf (fmaxf (0.0f, 1.05f - dx * dx)) - 0.3f);
        }
  hl_sitter_paint (sitter, 1.0f, sitter->soft, 0.92f * sitter->skin, sitter->tint);
  hl_sitter_ellipse (sitter, -0.15f * sitter->light, 0.95f, 0.5f, 0.2f);
  hl_sitter_shade (sitter, sitter->soft + fminf (0.06f * sitter->size, 20.0f),
                   hl_even (canvas, 0.1f, 0.7f));
  if (hl_chance (canvas, 0.3f))
    {
      hl_sitter_line (sitter, -0.8f * w, 1.08f, 0.8f * w, 1.08f, 0.06f, 0.02f);
      hl_sitter_raise (sitter, 0.4f + 0.01f * sitter->size, -0.02f);
    }
}

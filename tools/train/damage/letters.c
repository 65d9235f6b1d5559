/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is written in a picture, or on it by the photographer: it is sound. */
#include "place.h"

static const float white[3] = { 1.0f, 1.0f, 1.0f };

/* Ink or pencil, on a plate or a letter: a line of loops. */
void
hl_writing (HlCanvas *canvas)
{
  HlCover *cover    = &canvas->cover[0];
  HlPoint  at       = hl_point_anywhere (canvas, 0.0f);
  float    angle    = 0.3f * hl_normal (canvas);
  float    size     = hl_scaled (canvas, 4.0f, 18.0f);
  float    width    = hl_scaled (canvas, 0.8f, 2.5f);
  float    slant    = hl_even (canvas, -0.2f, 0.6f);
  float    seed     = hl_even (canvas, 0.0f, 256.0f);
  float    color[3] = { hl_even (canvas, 0.0f, 0.3f), hl_even (canvas, 0.0f, 0.3f),
                        hl_even (canvas, 0.0f, 0.6f) };
  HlPath   path;

  path.count = 40 + hl_below (canvas, 200);
  for (int i = 0; i < path.count; i++)
    {
      float t = (float) i * 0.45f;
      float u = 0.35f * size * t * 0.5f
                + 0.5f * size * (0.6f * sinf (t) + 0.5f * hl_canvas_along (canvas, 0.5f * t, seed));
      float v
          = size
            * (0.5f * cosf (t) * (0.7f + 0.5f * hl_canvas_along (canvas, 0.3f * t, seed + 1.0f)));

      u -= slant * v;
      path.point[i] = (HlPoint) { at.x + cosf (angle) * u - sinf (angle) * v,
                                  at.y + sinf (angle) * u + cosf (angle) * v };
      path.width[i] = 1.0f + 0.3f * cosf (t + 1.0f);
      path.value[i] = 1.0f;
    }
  hl_path_break (canvas, &path, 6.0f, hl_even (canvas, 0.0f, 0.3f));
  hl_cover_path (cover, &path, width, 1.0f);
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.2f, 0.8f));
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.4f, 1.0f),
                 hl_chance (canvas, 0.15f) ? white : color);
  hl_cover_wipe (cover);
}

/* Signs, newspapers, number plates: rows of letters made of strokes, perhaps within a border. */
void
hl_lettering (HlCanvas *canvas)
{
  static const unsigned char strokes[8][10] = {
    /* Pairs of points of a letter, on a grid of 3 by 3, numbered by rows; 9 ends. */
    { 0, 6, 6, 8, 9, 9, 9, 9, 9, 9 }, { 0, 6, 2, 8, 3, 5, 9, 9, 9, 9 },
    { 0, 2, 1, 7, 9, 9, 9, 9, 9, 9 }, { 6, 1, 1, 8, 3, 5, 9, 9, 9, 9 },
    { 0, 6, 0, 2, 3, 4, 6, 8, 9, 9 }, { 0, 6, 0, 8, 2, 8, 9, 9, 9, 9 },
    { 0, 2, 2, 8, 8, 6, 6, 0, 9, 9 }, { 1, 7, 9, 9, 9, 9, 9, 9, 9, 9 },
  };
  float n      = (float) canvas->side;
  float high   = hl_scaled (canvas, 4.0f, 60.0f);
  float wide   = high * hl_even (canvas, 0.45f, 0.9f);
  float pen    = fmaxf (0.6f, high * hl_even (canvas, 0.07f, 0.22f));
  float ground = hl_even (canvas, 0.0f, 1.0f);
  float ink    = hl_clamp (ground < 0.5f ? ground + hl_even (canvas, 0.3f, 1.0f)
                                         : ground - hl_even (canvas, 0.3f, 1.0f),
                        0.0f, 1.0f);
  int    rows  = 1 + hl_below (canvas, hl_chance (canvas, 0.5f) ? 3 : 20);
  float  long_ = hl_scaled (canvas, 0.3f * n, 1.5f * n);
  float  tall  = (float) rows * 1.6f * high + high;
  HlView view;

  hl_view_init (&view, canvas, 0.08f);
  if (hl_chance (canvas, 0.75f))
    hl_view_box (&view, -high, -high, long_ + 2.0f * high, tall + high, ground);
  if (hl_chance (canvas, 0.4f))
    for (int i = 1 + hl_below (canvas, 2); i > 0; i--)
      {
        float m = 0.25f * high * (float) i;
        float w = fmaxf (0.6f, 0.5f * pen);

        hl_view_line (&view, -m, -m, long_ + m, -m, w, ink);
        hl_view_line (&view, -m, tall, long_ + m, tall, w, ink);
        hl_view_line (&view, -m, -m, -m, tall, w, ink);
        hl_view_line (&view, long_ + m, -m, long_ + m, tall, w, ink);
      }
  for (int row = 0; row < rows; row++)
    for (float u = 0.2f * wide; u + wide < long_; u += wide * 1.35f)
      {
        const unsigned char *letter = strokes[hl_below (canvas, 8)];

        if (hl_chance (canvas, 0.12f))
          continue;
        for (int k = 0; k < 10 && letter[k] != 9; k += 2)
          hl_cover_segment (
              &canvas->cover[0],
              hl_view_at (&view, u + 0.5f * wide * (float) (letter[k] % 3),
                          1.6f * high * (float) row + 0.5f * high * (float) (letter[k] / 3)),
              hl_view_at (&view, u + 0.5f * wide * (float) (letter[k + 1] % 3),
                          1.6f * high * (float) row + 0.5f * high * (float) (letter[k + 1] / 3)),
              pen, pen, 1.0f);
      }
  hl_view_lay (&view, ink, hl_even (canvas, 0.6f, 1.0f));
}

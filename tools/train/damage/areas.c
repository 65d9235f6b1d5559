/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Damage with an inside: lost emulsion, torn paper, worn edges, tape, blots and stains. */
#include "kinds.h"

/* @lowest..@highest of where @out, a field, is above 0 within @steep of it. */
static void
field_to_cover (const float *field, HlCover *cover, float steep, float offset)
{
  hl_cover_whole (cover);
  for (int i = 0; i < cover->side * cover->side; i++)
    cover->value[i] = hl_clamp (steep * (field[i] + offset), 0.0f, 1.0f);
}

/* Emulsion gone in patches with fractal outlines. */
void
hl_loss (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *field = canvas->spare[1];
  int      side  = canvas->side;
  float    steep = hl_even (canvas, 3.0f, 12.0f);
  int      count = (int) hl_scaled (canvas, 1.0f, 6.0f);
  float    color[3];
  float    spot[6][4];

  hl_canvas_fractal (canvas, field, hl_scaled (canvas, 12.0f, 70.0f), 6,
                     hl_even (canvas, 0.45f, 0.75f));
  for (int i = 0; i < count; i++)
    {
      HlPoint at = hl_point_anywhere (canvas, 0.05f);

      spot[i][0] = at.x;
      spot[i][1] = at.y;
      spot[i][2] = hl_scaled (canvas, 0.6f, 1.7f);
      spot[i][3] = 1.0f / hl_scaled (canvas, 4.0f, 45.0f);
    }
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float near = -9.0f;

        for (int i = 0; i < count; i++)
          near = fmaxf (near, 1.0f
                                  - spot[i][3]
                                        * hypotf ((float) x - spot[i][0],
                                                  ((float) y - spot[i][1]) * spot[i][2]));
        field[y * side + x] = 1.2f * near + 0.45f * field[y * side + x];
      }
  field_to_cover (field, cover, steep, 0.0f);
  if (hl_chance (canvas, 0.6f))
    hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_even (canvas, 0.08f, 0.4f));
  hl_paper (canvas, color, 0);
  hl_canvas_fractal (canvas, field, 8.0f, 3, 0.55f);
  hl_canvas_lay_rough (canvas, cover,
                       hl_chance (canvas, 0.7f) ? 1.0f : hl_even (canvas, 0.4f, 1.0f), color, field,
                       hl_even (canvas, 0.0f, 0.06f));
  hl_cover_wipe (cover);
}

/* A corner or an edge torn off: a strip of bare paper along the tear, the scanner's ground beyond.
 */
void
hl_torn (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  float   *field   = canvas->spare[1];
  float   *strip   = canvas->spare[2];
  int      side    = canvas->side;
  float    n       = (float) side;
  int      which   = hl_below (canvas, 4);
  int      corner  = hl_chance (canvas, 0.6f);
  float    a       = hl_even (canvas, 0.2f, 1.3f);
  float    reach   = corner ? hl_scaled (canvas, 6.0f, 0.45f * n) : hl_scaled (canvas, 2.0f, 22.0f);
  float    rough   = hl_scaled (canvas, 1.0f, 8.0f);
  float    wide    = hl_scaled (canvas, 0.5f, 7.0f);
  float    light   = hl_even (canvas, 0.78f, 1.0f);
  float    core[3] = { light, 0.97f * light, light * hl_even (canvas, 0.8f, 0.97f) };
  float    back[3];
  float    shadow = hl_chance (canvas, 0.4f) ? hl_even (canvas, 0.05f, 0.3f) : 0.0f;
  float    soft   = hl_even (canvas, 1.0f, 5.0f);

  back[0] = back[1] = back[2] = hl_chance (canvas, 0.55f)  ? hl_even (canvas, 0.9f, 1.02f)
                                : hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.0f, 0.3f)
                                                           : hl_even (canvas, 0.3f, 0.9f);
  hl_canvas_fractal (canvas, field, hl_scaled (canvas, 8.0f, 50.0f), 6,
                     hl_even (canvas, 0.45f, 0.7f));
  hl_canvas_fractal (canvas, strip, 14.0f, 4, 0.55f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float u = which & 1 ? n - (float) x : (float) x;
        float v = which & 2 ? n - (float) y : (float) y;
        float d = corner ? u * cosf (a) + v * sinf (a) : which & 1 ? u : v;
        int   i = y * side + x;

        field[i] = d + rough * field[i] - reach;
        strip[i] = wide * expf (0.6f * strip[i]);
        if (shadow > 0.0f)
          for (int c = 0; c < 3; c++)
            canvas->plane[c][i]
                -= shadow * hl_clamp (1.0f - (field[i] - strip[i]) / soft, 0.0f, 1.0f);
        strip[i] -= field[i];
        field[i] = -field[i];
      }
  field_to_cover (strip, cover, 1.0f, 0.0f);
  hl_canvas_fractal (canvas, strip, 5.0f, 2, 0.55f);
  hl_canvas_lay_rough (canvas, cover, 1.0f, core, strip, 0.03f);
  field_to_cover (field, cover, 1.0f, 0.0f);
  hl_canvas_lay (canvas, cover, 1.0f, back);
  hl_cover_wipe (cover);
}

/* Flaked edges and rounded corners of a print. */
void
hl_wear (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *field = canvas->spare[1];
  int      side  = canvas->side;
  float    inset = hl_even (canvas, 0.0f, 6.0f);
  float    level = hl_even (canvas, 0.2f, 1.2f);
  float    fade  = 1.0f / hl_scaled (canvas, 2.0f, 9.0f);
  float    steep = hl_even (canvas, 1.5f, 5.0f);
  int      sides = 1 + hl_below (canvas, 15);
  float    color[3];

  hl_canvas_fractal (canvas, field, hl_scaled (canvas, 4.0f, 18.0f), 4, 0.7f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int near = 1000;

        if (sides & 1 && x < near)
          near = x;
        if (sides & 2 && side - 1 - x < near)
          near = side - 1 - x;
        if (sides & 4 && y < near)
          near = y;
        if (sides & 8 && side - 1 - y < near)
          near = side - 1 - y;
        field[y * side + x] = level + 0.9f * field[y * side + x] - fade * ((float) near - inset);
      }
  field_to_cover (field, cover, steep, 0.0f);
  hl_paper (canvas, color, hl_chance (canvas, 0.6f));
  if (hl_chance (canvas, 0.5f))
    hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_even (canvas, 0.05f, 0.3f));
  hl_canvas_lay (canvas, cover, 1.0f, color);
  hl_cover_wipe (cover);
}

/* A yellowed strip of adhesive tape: its edges, bubbles under it, and what it tore off. */
void
hl_tape (HlCanvas *canvas)
{
  HlCover *cover    = &canvas->cover[0];
  float   *field    = canvas->spare[1];
  float    n        = (float) canvas->side;
  float    angle    = hl_chance (canvas, 0.6f)
                          ? 1.5707963f * (float) hl_below (canvas, 4) + hl_even (canvas, -0.1f, 0.1f)
                          : hl_even (canvas, 0.0f, 6.2831853f);
  HlPoint  at       = hl_point_anywhere (canvas, 0.0f);
  float    length   = hl_scaled (canvas, 0.2f * n, 1.5f * n);
  float    width    = hl_scaled (canvas, 10.0f, 60.0f);
  float    c        = cosf (angle);
  float    s        = sinf (angle);
  float    strength = hl_even (canvas, 0.1f, 0.9f);
  float    color[3] = { hl_even (canvas, 0.55f, 0.95f), 0.0f, 0.0f };
  HlPoint  points[4];

  color[1] = color[0] * hl_even (canvas, 0.75f, 1.0f);
  color[2] = color[1] * hl_even (canvas, 0.5f, 1.0f);
  for (int i = 0; i < 4; i++)
    {
      float u = (i == 1 || i == 2) ? length : 0.0f;
      float v = i < 2 ? -0.5f * width : 0.5f * width;

      points[i] = (HlPoint) { at.x + c * u - s * v, at.y + s * u + c * v };
    }
  hl_cover_polygon (cover, points, 4, 1.0f);
  hl_canvas_fractal (canvas, field, 20.0f, 5, 0.6f);
  for (int i = 0; i < canvas->side * canvas->side; i++)
    cover->value[i] *= hl_clamp (1.0f + 0.3f * field[i], 0.0f, 1.0f);
  hl_canvas_lay (canvas, cover, strength, color);
  hl_cover_wipe (cover);
  hl_cover_line (cover, points, 4, hl_even (canvas, 0.6f, 1.6f), 1.0f);
  hl_cover_segment (cover, points[3], points[0], 1.0f, 1.0f, 1.0f);
  hl_canvas_add (canvas, cover, hl_even (canvas, 0.05f, 0.4f) * hl_sign (canvas, 0.4f), NULL);
  hl_cover_wipe (cover);
}

/* Ink, paint or chemicals, which hide the picture. */
void
hl_blots (HlCanvas *canvas)
{
  HlCover *cover    = &canvas->cover[0];
  float   *field    = canvas->spare[1];
  float    color[3] = { hl_even (canvas, 0.0f, 0.5f), hl_even (canvas, 0.0f, 0.4f),
                        hl_even (canvas, 0.0f, 0.5f) };

  for (int i = (int) hl_scaled (canvas, 1.0f, 6.0f); i > 0; i--)
    {
      HlPoint at = hl_point_anywhere (canvas, 0.0f);
      float   r  = hl_scaled (canvas, 2.0f, 20.0f);

      hl_cover_blob (canvas, cover, at, r, 0.12f, 16, hl_even (canvas, 0.7f, 1.0f));
      for (int k = hl_below (canvas, 6); k > 0; k--)
        {
          HlPoint by
              = { at.x + 1.6f * r * hl_normal (canvas), at.y + 1.6f * r * hl_normal (canvas) };

          hl_cover_blob (canvas, cover, by, r * hl_even (canvas, 0.05f, 0.3f), 0.15f, 9, 1.0f);
        }
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.3f, 1.5f));
  hl_canvas_fractal (canvas, field, 10.0f, 3, 0.5f);
  if (hl_chance (canvas, 0.4f))
    hl_paper (canvas, color, 1);
  hl_canvas_lay_rough (canvas, cover, hl_even (canvas, 0.75f, 1.1f), color, field, 0.05f);
  hl_cover_wipe (cover);
}

/* Water and rust: a blotch with a darker rim, through which one sees. */
void
hl_stain (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  float   *field   = canvas->spare[1];
  int      side    = canvas->side;
  HlPoint  at      = hl_point_anywhere (canvas, 0.0f);
  float    reach   = 1.0f / hl_scaled (canvas, 12.0f, 90.0f);
  float    steep   = hl_even (canvas, 3.0f, 14.0f);
  float    rim     = hl_even (canvas, 0.0f, 1.0f);
  float    thin    = 1.0f / hl_even (canvas, 0.03f, 0.12f);
  float    inside  = hl_even (canvas, 0.4f, 1.0f);
  float    tint[3] = { 1.0f, hl_even (canvas, 1.0f, 1.5f), hl_even (canvas, 1.0f, 2.2f) };

  hl_canvas_fractal (canvas, field, hl_scaled (canvas, 25.0f, 90.0f), 4, 0.45f);
  hl_cover_whole (cover);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float d = 1.0f - reach * hypotf ((float) x - at.x, (float) y - at.y)
                  + 0.3f * field[y * side + x];

        cover->value[y * side + x]
            = inside * hl_clamp (steep * d, 0.0f, 1.0f) + rim * expf (-(d * thin) * (d * thin));
      }
  hl_canvas_add (canvas, cover, hl_even (canvas, 0.06f, 0.35f) * hl_sign (canvas, 0.35f), tint);
  hl_cover_wipe (cover);
}

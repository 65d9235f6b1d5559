/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sound things with straight or even edges, laid into a drawn picture: metal, wires, windows. */
#include "kinds.h"

/* Metal and glass: parallel rods or rings within each other, with glints along them. */
void
hl_rods (HlCanvas *canvas)
{
  HlCover *body  = &canvas->cover[0];
  HlCover *line  = &canvas->cover[1];
  float   *noise = canvas->spare[1];
  int      side  = canvas->side;
  HlPoint  at    = hl_point_anywhere (canvas, 0.0f);
  float    turn  = hl_even (canvas, 0.0f, 3.1415927f);
  float    reach = hl_scaled (canvas, 10.0f, 70.0f);
  int      rings = hl_chance (canvas, 0.5f);
  float    flat  = hl_even (canvas, 1.0f, 2.5f);
  float    pitch = fmaxf (2.0f, reach * hl_even (canvas, 0.08f, 0.6f));
  float    thin  = 1.0f / hl_even (canvas, 0.06f, 0.6f);
  float    glow  = hl_even (canvas, 0.0f, 0.6f);
  float    phase = hl_even (canvas, 0.0f, 6.2831853f);
  float    folds = (float) (1 + hl_below (canvas, 2));
  float    long_ = reach * hl_even (canvas, 0.5f, 2.0f);
  float    wide  = reach * hl_even (canvas, 0.1f, 1.0f);
  float    soft  = hl_even (canvas, 0.0f, 0.8f);
  float    color[3];

  hl_canvas_smooth (canvas, noise, 0.5f * (float) side);
  hl_cover_whole (body);
  hl_cover_whole (line);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float u    = cosf (turn) * ((float) x - at.x) + sinf (turn) * ((float) y - at.y);
        float v    = cosf (turn) * ((float) y - at.y) - sinf (turn) * ((float) x - at.x);
        float d    = rings ? hypotf (u, flat * v) : v;
        float in   = rings ? hl_clamp (reach - d + 0.5f, 0.0f, 1.0f)
                           : hl_clamp (long_ - fabsf (u) + 0.5f, 0.0f, 1.0f)
                               * hl_clamp (wide - fabsf (v) + 0.5f, 0.0f, 1.0f);
        float lit  = rings ? 0.5f + 0.5f * cosf (folds * atan2f (v, u) + phase)
                           : 0.5f + 0.5f * noise[y * side + x];
        float wave = 2.0f * fabsf (d / pitch - floorf (d / pitch) - 0.5f);

        body->value[y * side + x] = in;
        line->value[y * side + x]
            = in * hl_clamp (1.0f - wave * thin, 0.0f, 1.0f) * hl_clamp (lit + glow, 0.0f, 1.0f);
      }
  hl_plane_blur (body->value, canvas->spare[0], side, soft);
  hl_plane_blur (line->value, canvas->spare[0], side, soft);
  hl_any_gray (canvas, 0.05f, 0.9f, color);
  hl_canvas_lay (canvas, body, hl_even (canvas, 0.5f, 1.0f), color);
  hl_canvas_add (canvas, line, hl_even (canvas, 0.15f, 0.7f) * hl_sign (canvas, 0.7f), NULL);
  hl_cover_wipe (body);
  hl_cover_wipe (line);
}

/* Long even lines that belong to the scene: ropes, wires, rails, seams, edges of paper. */
void
hl_wires (HlCanvas *canvas)
{
  static const float spreads[3] = { 0.0f, 0.15f, 1.5707963f };
  HlCover           *cover      = &canvas->cover[0];
  float              n          = (float) canvas->side;
  float              main       = hl_even (canvas, 0.0f, 3.1415927f);
  float              width      = hl_scaled (canvas, 0.6f, 4.0f);
  float              color[3];
  HlPath             path;

  for (int i = 1 + hl_below (canvas, 5); i > 0; i--)
    {
      hl_path_curve (canvas, &path, hl_point_anywhere (canvas, 0.0f),
                     main + spreads[hl_below (canvas, 3)] * hl_normal (canvas),
                     hl_scaled (canvas, 0.2f * n, 1.5f * n), hl_even (canvas, 0.0f, 0.4f), 6.0f,
                     0.0f);
      hl_cover_path (cover, &path, width, 1.0f);
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.3f, 0.9f));
  if (hl_chance (canvas, 0.5f))
    hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_even (canvas, 0.1f, 0.4f));
  if (hl_chance (canvas, 0.65f))
    hl_any_gray (canvas, 0.0f, 0.4f, color);
  else
    hl_any_gray (canvas, 0.6f, 0.95f, color);
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.3f, 1.0f), color);
  hl_cover_wipe (cover);
}

/* Windows in a row with bars, seen a little askew. */
void
hl_frames (HlCanvas *canvas)
{
  HlCover *body    = &canvas->cover[0];
  HlCover *line    = &canvas->cover[1];
  HlPoint  at      = hl_point_anywhere (canvas, 0.0f);
  float    size    = hl_scaled (canvas, 8.0f, 60.0f);
  float    turn    = 0.15f * hl_normal (canvas);
  float    high    = size * hl_scaled (canvas, 0.6f, 1.8f);
  float    skew    = hl_even (canvas, -0.3f, 0.3f);
  float    width   = hl_scaled (canvas, 0.6f, 4.0f);
  float    step    = hl_even (canvas, 1.2f, 2.5f);
  int      bars[2] = { hl_below (canvas, 3), hl_below (canvas, 3) };
  float    soft    = hl_even (canvas, 0.2f, 0.9f);
  float    color[3];

  for (int i = hl_below (canvas, 5); i >= 0; i--)
    {
      HlPoint corner[4];

      for (int k = 0; k < 4; k++)
        {
          float u = size * ((float) i * step + ((k == 1 || k == 2) ? 1.0f : 0.0f));
          float v = k >= 2 ? high : 0.0f;

          v += skew * u;
          corner[k] = (HlPoint) { at.x + cosf (turn) * u - sinf (turn) * v,
                                  at.y + sinf (turn) * u + cosf (turn) * v };
        }
      hl_cover_polygon (body, corner, 4, 1.0f);
      for (int k = 0; k < 4; k++)
        hl_cover_segment (line, corner[k], corner[(k + 1) & 3], width, width, 1.0f);
      for (int way = 0; way < 2; way++)
        for (int k = 1; k <= bars[way]; k++)
          {
            float   t = (float) k / (float) (bars[way] + 1);
            HlPoint a = corner[0];
            HlPoint b = corner[way ? 1 : 3];
            HlPoint c = corner[way ? 3 : 1];
            HlPoint d = corner[2];
            HlPoint p = { a.x + t * (c.x - a.x), a.y + t * (c.y - a.y) };
            HlPoint q = { b.x + t * (d.x - b.x), b.y + t * (d.y - b.y) };

            hl_cover_segment (line, p, q, 0.6f * width, 0.6f * width, 1.0f);
          }
    }
  hl_cover_blur (body, canvas->spare[0], soft);
  hl_cover_blur (line, canvas->spare[0], soft);
  hl_any_gray (canvas, 0.02f, 0.7f, color);
  hl_canvas_lay (canvas, body, hl_even (canvas, 0.4f, 1.0f), color);
  if (hl_chance (canvas, 0.65f))
    hl_any_gray (canvas, 0.7f, 1.0f, color);
  else
    hl_any_gray (canvas, 0.0f, 0.3f, color);
  hl_canvas_lay (canvas, line, hl_even (canvas, 0.3f, 1.0f), color);
  hl_cover_wipe (body);
  hl_cover_wipe (line);
}

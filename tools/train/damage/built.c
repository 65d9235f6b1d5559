/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Places that people built: straight edges, bars, gaps, frames, metal. All of it sound. */
#include "place.h"

/* Rows of windows with frames, bars, sills and shutters in a wall of bricks or plaster. */
void
hl_facade (HlCanvas *canvas)
{
  float n     = (float) canvas->side;
  float wall  = hl_even (canvas, 0.15f, 0.95f);
  float pitch = hl_scaled (canvas, 22.0f, 110.0f);
  float rise  = pitch * hl_even (canvas, 1.1f, 2.0f);
  float wide  = pitch * hl_even (canvas, 0.35f, 0.7f);
  float high  = rise * hl_even (canvas, 0.45f, 0.75f);
  float edge  = fmaxf (0.7f, wide * hl_scaled (canvas, 0.02f, 0.12f));
  float frame
      = hl_chance (canvas, 0.65f) ? hl_even (canvas, 0.75f, 1.0f) : hl_even (canvas, 0.0f, 0.4f);
  float  glass = hl_even (canvas, 0.02f, 0.6f);
  int    bars  = hl_below (canvas, 3);
  int    rungs = hl_below (canvas, 4);
  int    sill  = hl_chance (canvas, 0.6f);
  int    open  = hl_chance (canvas, 0.25f);
  int    bonds = hl_chance (canvas, 0.4f);
  int    ledge = hl_chance (canvas, 0.5f);
  float  shade = hl_even (canvas, 0.3f, 0.9f);
  HlView view;

  hl_view_init (&view, canvas, 0.06f);
  view.ox -= 0.7f * n;
  view.oy -= 0.7f * n;
  hl_view_box (&view, -n, -n, 4.0f * n, 4.0f * n, wall);
  if (bonds)
    {
      float course = hl_scaled (canvas, 3.0f, 10.0f);
      float joint
          = hl_clamp (wall + hl_sign (canvas, 0.6f) * hl_even (canvas, 0.08f, 0.35f), 0.0f, 1.0f);
      float thin = fmaxf (0.5f, 0.15f * course);

      for (float v = 0.0f; v < 2.6f * n; v += course)
        hl_cover_segment (&canvas->cover[0], hl_view_at (&view, 0.0f, v),
                          hl_view_at (&view, 2.6f * n, v), thin, thin, 1.0f);
      for (int row = 0; (float) row * course < 2.6f * n; row++)
        for (float u = row & 1 ? course : 0.0f; u < 2.6f * n; u += 2.2f * course)
          {
            HlPoint a = hl_view_at (&view, u, (float) row * course);

            if (a.x > -9.0f && a.x < n + 9.0f && a.y > -9.0f && a.y < n + 9.0f)
              hl_cover_segment (&canvas->cover[0], a,
                                hl_view_at (&view, u, (float) (row + 1) * course), thin, thin,
                                1.0f);
          }
      hl_view_lay (&view, joint, hl_even (canvas, 0.3f, 1.0f));
    }
  for (float v = 0.3f * rise; v < 2.6f * n; v += rise)
    {
      if (ledge)
        {
          hl_view_box (&view, -n, v - 0.2f * rise, 4.0f * n, 2.0f * edge,
                       fminf (1.0f, wall + 0.2f));
          hl_view_box (&view, -n, v - 0.2f * rise + 2.0f * edge, 4.0f * n, edge, shade * wall);
        }
      for (float u = 0.2f * pitch; u < 2.6f * n; u += pitch)
        {
          HlPoint at = hl_view_at (&view, u, v);

          if (at.x < -1.5f * pitch || at.y < -1.5f * rise || at.x > n + pitch || at.y > n + rise)
            continue;
          hl_view_box (&view, u - edge, v - edge, wide + 2.0f * edge, high + 2.0f * edge, frame);
          hl_view_box (&view, u, v, wide, high,
                       hl_clamp (glass + hl_even (canvas, -0.15f, 0.15f), 0.0f, 1.0f));
          hl_view_box (&view, u, v, wide, 0.12f * high, 0.5f * glass);
          for (int i = 1; i <= bars; i++)
            {
              float x = u + wide * (float) i / (float) (bars + 1);

              hl_view_line (&view, x, v, x, v + high, 0.7f * edge, frame);
            }
          for (int i = 1; i <= rungs; i++)
            {
              float y = v + high * (float) i / (float) (rungs + 1);

              hl_view_line (&view, u, y, u + wide, y, 0.7f * edge, frame);
            }
          if (sill)
            {
              hl_view_box (&view, u - 2.0f * edge, v + high + edge, wide + 4.0f * edge, 1.5f * edge,
                           fminf (1.0f, frame + 0.1f));
              hl_view_box (&view, u - edge, v + high + 2.5f * edge, wide + 2.0f * edge, edge,
                           shade * wall);
            }
          if (open)
            for (int k = 0; k < 2; k++)
              {
                float x = k ? u + wide + edge : u - 0.5f * wide - edge;

                hl_view_box (&view, x, v, 0.5f * wide, high, 0.7f * frame);
                for (float y = v; y < v + high; y += fmaxf (2.5f, 0.08f * high))
                  hl_view_line (&view, x, y, x + 0.5f * wide, y, 0.8f, 0.5f * frame);
              }
        }
    }
}

/* Boards, planks, corrugated iron: seams and grain, nails. */
void
hl_boards (HlCanvas *canvas)
{
  float  n     = (float) canvas->side;
  float  wide  = hl_scaled (canvas, 5.0f, 40.0f);
  float  seam  = fmaxf (0.5f, wide * hl_scaled (canvas, 0.02f, 0.15f));
  float  tone  = hl_even (canvas, 0.15f, 0.9f);
  float  vary  = hl_even (canvas, 0.02f, 0.2f);
  int    lit   = hl_chance (canvas, 0.6f);
  int    nails = hl_chance (canvas, 0.4f);
  float  gap   = hl_chance (canvas, 0.75f) ? hl_even (canvas, 0.0f, 0.4f) * tone : 0.95f;
  float  along = hl_scaled (canvas, 1.0f, 6.0f);
  HlView view;

  hl_view_init (&view, canvas, 0.1f);
  if (hl_chance (canvas, 0.5f)) /* upright */
    {
      float u[2] = { view.ux, view.uy };

      view.ux = view.vx;
      view.uy = view.vy;
      view.vx = u[0];
      view.vy = -u[1];
    }
  view.ox = view.oy = 0.0f;
  for (float v = -0.5f * n; v < 1.6f * n; v += wide)
    {
      float now = hl_clamp (tone + vary * hl_normal (canvas), 0.02f, 1.0f);

      hl_view_box (&view, -n, v, 3.0f * n, wide + 1.0f, now);
      for (int i = (int) (wide / along); i > 0; i--) /* grain */
        {
          float y = v + hl_even (canvas, 0.0f, wide);
          float x = hl_even (canvas, -0.5f * n, n);

          hl_cover_segment (&canvas->cover[0], hl_view_at (&view, x, y),
                            hl_view_at (&view, x + hl_even (canvas, 0.2f, 1.0f) * n, y), 0.7f, 0.7f,
                            1.0f);
        }
      hl_view_lay (&view, hl_clamp (now + hl_even (canvas, -0.2f, 0.1f), 0.0f, 1.0f), 0.6f);
      hl_view_box (&view, -n, v, 3.0f * n, seam, gap);
      if (lit)
        hl_view_box (&view, -n, v + seam, 3.0f * n, fmaxf (0.6f, 0.6f * seam),
                     fminf (1.0f, now + 0.2f));
      if (nails)
        for (float u = -0.5f * n; u < 1.5f * n; u += 3.0f * wide)
          {
            HlPoint at = hl_view_at (&view, u, v + 0.5f * wide);

            hl_cover_ellipse (&canvas->cover[0], at.x, at.y, 0.8f, 0.8f, 0.0f, 1.0f);
          }
      hl_view_lay (&view, 0.1f, 0.8f);
    }
}

/* Fences, balusters, masts, rigging: rows of upright bars with rails, in front of what is there. */
void
hl_railing (HlCanvas *canvas)
{
  float n     = (float) canvas->side;
  float pitch = hl_scaled (canvas, 4.0f, 40.0f);
  float wide  = fmaxf (0.6f, pitch * hl_scaled (canvas, 0.06f, 0.6f));
  float tone
      = hl_chance (canvas, 0.5f) ? hl_even (canvas, 0.7f, 1.0f) : hl_even (canvas, 0.0f, 0.4f);
  float  top   = hl_even (canvas, 0.0f, 0.5f) * n;
  float  high  = hl_scaled (canvas, 20.0f, 1.2f * n);
  int    round = hl_chance (canvas, 0.6f);
  int    point = hl_chance (canvas, 0.4f);
  float  knob  = hl_chance (canvas, 0.3f) ? wide * hl_even (canvas, 0.8f, 1.6f) : 0.0f;
  HlView view;

  hl_view_init (&view, canvas, 0.08f);
  view.ox -= 0.5f * n;
  for (int i = 1 + hl_below (canvas, 3); i > 0; i--)
    {
      float v = top + high * hl_even (canvas, 0.0f, 1.0f);
      float w = wide * hl_even (canvas, 0.8f, 2.0f);

      hl_view_box (&view, -n, v, 3.0f * n, w, tone);
      if (round)
        hl_view_box (&view, -n, v + 0.7f * w, 3.0f * n, 0.4f * w, 0.5f * tone);
    }
  for (float u = -0.3f * n; u < 1.8f * n; u += pitch)
    {
      hl_view_box (&view, u, top, wide, high, tone);
      if (round)
        hl_view_box (&view, u + 0.65f * wide, top, 0.35f * wide, high, 0.5f * tone);
      if (point)
        {
          HlPoint tip[3] = { hl_view_at (&view, u, top), hl_view_at (&view, u + wide, top),
                             hl_view_at (&view, u + 0.5f * wide, top - 1.5f * wide) };

          hl_cover_polygon (&canvas->cover[0], tip, 3, 1.0f);
          hl_view_lay (&view, tone, 1.0f);
        }
      if (knob > 0.0f)
        {
          HlPoint at = hl_view_at (&view, u + 0.5f * wide, top + 0.4f * high);

          hl_cover_ellipse (&canvas->cover[0], at.x, at.y, knob, 1.3f * knob, 0.0f, 1.0f);
          hl_view_lay (&view, tone, 1.0f);
        }
    }
}

/* Tiles and shingles in courses, eaves with a shadow, and sky. */
void
hl_roof (HlCanvas *canvas)
{
  float  n      = (float) canvas->side;
  float  course = hl_scaled (canvas, 4.0f, 18.0f);
  float  wide   = course * hl_even (canvas, 0.7f, 2.0f);
  float  tone   = hl_even (canvas, 0.15f, 0.85f);
  float  dark   = tone * hl_even (canvas, 0.2f, 0.7f);
  int    curved = hl_chance (canvas, 0.5f);
  HlView view;

  hl_view_init (&view, canvas, 0.25f);
  view.ox -= 0.4f * n;
  hl_view_box (&view, -n, 0.0f, 3.0f * n, 2.0f * n, tone);
  for (int row = 0; (float) row * course < 1.6f * n; row++)
    {
      float v = (float) row * course;

      for (float u = -0.5f * n + (row & 1 ? 0.5f * wide : 0.0f); u < 1.6f * n; u += wide)
        {
          HlPoint at = hl_view_at (&view, u, v);

          if (at.x < -wide || at.y < -course || at.x > n + wide || at.y > n + course)
            continue;
          if (curved)
            for (int k = 0; k < 5; k++)
              {
                float a = (float) k / 5.0f;
                float b = (float) (k + 1) / 5.0f;

                hl_cover_segment (
                    &canvas->cover[0],
                    hl_view_at (&view, u + a * wide, v + 1.6f * course * a * (1.0f - a)),
                    hl_view_at (&view, u + b * wide, v + 1.6f * course * b * (1.0f - b)),
                    0.15f * course, 0.15f * course, 1.0f);
              }
          else
            {
              hl_cover_segment (&canvas->cover[0], at, hl_view_at (&view, u + wide, v),
                                0.18f * course, 0.18f * course, 1.0f);
              hl_cover_segment (&canvas->cover[0], at, hl_view_at (&view, u, v + course),
                                0.1f * course, 0.1f * course, 0.8f);
            }
        }
    }
  hl_view_lay (&view, dark, 1.0f);
  hl_view_box (&view, -n, -2.0f * n, 3.0f * n, 2.0f * n - course, hl_even (canvas, 0.5f, 1.0f));
  hl_view_box (&view, -n, -course, 3.0f * n, course, hl_chance (canvas, 0.5f) ? 0.95f : dark);
}

/* Books, crates, bottles: rows of upright spines with bands and titles. */
void
hl_shelves (HlCanvas *canvas)
{
  float  n    = (float) canvas->side;
  float  rise = hl_scaled (canvas, 14.0f, 80.0f);
  float  wood = hl_even (canvas, 0.1f, 0.9f);
  HlView view;

  hl_view_init (&view, canvas, 0.05f);
  view.ox -= 0.5f * n;
  view.oy -= 0.5f * n;
  hl_view_box (&view, -n, -n, 4.0f * n, 4.0f * n, 0.1f);
  for (float v = 0.0f; v < 1.8f * n; v += rise)
    {
      for (float u = 0.0f; u < 1.8f * n;)
        {
          float wide = rise * hl_even (canvas, 0.06f, 0.25f);
          float high = rise * hl_even (canvas, 0.55f, 0.85f);
          float tone = hl_even (canvas, 0.05f, 0.95f);
          float top  = v + 0.9f * rise - high;

          for (int c = 0; c < 3; c++)
            view.tint[c] = hl_even (canvas, 0.5f, 1.0f);
          hl_view_box (&view, u, top, wide - 0.5f, high, tone);
          hl_view_box (&view, u, top, 0.25f * wide, high, fminf (1.0f, 1.25f * tone));
          for (int i = hl_below (canvas, 4); i > 0; i--)
            hl_view_box (&view, u, top + high * hl_even (canvas, 0.05f, 0.9f), wide - 0.5f,
                         fmaxf (0.6f, 0.04f * high), hl_chance (canvas, 0.5f) ? 0.9f : 0.1f);
          u += wide + (hl_chance (canvas, 0.05f) ? wide : 0.0f);
        }
      hl_view_box (&view, -n, v + 0.9f * rise, 4.0f * n, 0.1f * rise, wood);
    }
}

/* Wheels with rims, spokes and hubs, some behind others. */
void
hl_wheels (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  HlView   view;

  hl_view_init (&view, canvas, 0.1f);
  for (int i = 1 + hl_below (canvas, 3); i > 0; i--)
    {
      HlPoint at     = hl_point_anywhere (canvas, 0.1f);
      float   r      = hl_scaled (canvas, 15.0f, 110.0f);
      float   flat   = hl_even (canvas, 0.4f, 1.0f);
      int     spokes = 6 + hl_below (canvas, 26);
      float   rim    = fmaxf (0.8f, r * hl_scaled (canvas, 0.03f, 0.15f));
      float   wire   = fmaxf (0.6f, r * hl_scaled (canvas, 0.008f, 0.05f));
      float   tone   = hl_even (canvas, 0.0f, 1.0f);
      float   phase  = hl_even (canvas, 0.0f, 1.0f);

      for (int k = 0; k < spokes; k++)
        {
          float   t   = 6.2831853f * ((float) k + phase) / (float) spokes;
          HlPoint end = { at.x + r * flat * cosf (t), at.y + r * sinf (t) };

          hl_cover_segment (cover, at, end, wire, wire, 1.0f);
        }
      hl_view_lay (&view, hl_even (canvas, 0.0f, 1.0f), 1.0f);
      for (int part = 0; part < 2; part++) /* the rim, and the light on it */
        {
          for (int k = 0; k < 40; k++)
            {
              float a = 6.2831853f * (float) k / 40.0f;
              float b = 6.2831853f * (float) (k + 1) / 40.0f;
              float q = part ? r - 0.4f * rim : r;
              float w = part ? 0.35f * rim : rim;

              if (part && cosf (a + phase) < 0.3f)
                continue;
              hl_cover_segment (
                  cover, (HlPoint) { at.x + q * flat * cosf (a), at.y + q * sinf (a) },
                  (HlPoint) { at.x + q * flat * cosf (b), at.y + q * sinf (b) }, w, w, 1.0f);
            }
          hl_view_lay (&view, part ? fminf (1.0f, tone + 0.5f) : tone, 1.0f);
        }
      hl_cover_ellipse (cover, at.x, at.y, 0.12f * r * flat, 0.12f * r, 0.0f, 1.0f);
      hl_view_lay (&view, tone, 1.0f);
    }
}

/* Masts, bridges, cranes, ladders: long struts with crossing braces, in front of what is there. */
void
hl_truss (HlCanvas *canvas)
{
  for (int i = 1 + hl_below (canvas, 3); i > 0; i--)
    {
      float  n    = (float) canvas->side;
      float  wide = hl_scaled (canvas, 6.0f, 50.0f);
      float  bay  = wide * hl_even (canvas, 0.4f, 1.5f);
      float  w    = fmaxf (0.6f, wide * hl_scaled (canvas, 0.03f, 0.15f));
      float  tone = hl_chance (canvas, 0.5f) ? hl_even (canvas, 0.0f, 0.35f)
                                             : hl_even (canvas, 0.65f, 1.0f);
      int    kind = hl_below (canvas, 3);
      HlView view;

      hl_view_init (&view, canvas, 0.5f);
      view.soft = hl_even (canvas, 0.2f, 0.6f);
      hl_cover_segment (&canvas->cover[0], hl_view_at (&view, -2.0f * n, 0.0f),
                        hl_view_at (&view, 2.0f * n, 0.0f), 1.4f * w, 1.4f * w, 1.0f);
      hl_cover_segment (&canvas->cover[0], hl_view_at (&view, -2.0f * n, wide),
                        hl_view_at (&view, 2.0f * n, wide), 1.4f * w, 1.4f * w, 1.0f);
      for (float u = -1.2f * n; u < 1.2f * n; u += bay)
        {
          HlPoint a = hl_view_at (&view, u, 0.0f);
          HlPoint b = hl_view_at (&view, u, wide);
          HlPoint c = hl_view_at (&view, u + bay, wide);
          HlPoint d = hl_view_at (&view, u + bay, 0.0f);

          hl_cover_segment (&canvas->cover[0], a, b, w, w, 1.0f);
          if (kind > 0)
            hl_cover_segment (&canvas->cover[0], a, c, w, w, 1.0f);
          if (kind > 1)
            hl_cover_segment (&canvas->cover[0], b, d, w, w, 1.0f);
        }
      hl_view_lay (&view, tone, 1.0f);
    }
}

/* Cups, lamps, jewellery, car bodies: smooth round things with rims and mirrored lights. */
void
hl_tableware (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *shade = canvas->spare[1];

  for (int i = 2 + hl_below (canvas, 7); i > 0; i--)
    {
      HlPoint at   = hl_point_anywhere (canvas, 0.0f);
      float   r    = hl_scaled (canvas, 4.0f, 70.0f);
      float   flat = hl_even (canvas, 0.25f, 1.0f);
      float   turn = hl_even (canvas, -0.4f, 0.4f);
      float   side = hl_even (canvas, -0.6f, 0.6f);
      float   up   = hl_even (canvas, -0.6f, 0.2f);
      float   tone = hl_even (canvas, 0.1f, 0.9f);
      float   color[3]
          = { tone, tone * hl_even (canvas, 0.6f, 1.1f), tone * hl_even (canvas, 0.4f, 1.1f) };
      float spark[3] = { 1.0f, 1.0f, 1.0f };
      float dark[3]  = { 0.3f * tone, 0.3f * tone, 0.3f * tone };
      float soft     = hl_even (canvas, 0.3f, 0.9f);
      float width    = fmaxf (0.7f, r * hl_even (canvas, 0.02f, 0.12f));

      hl_cover_ellipse (cover, at.x, at.y, r, flat * r, turn, 1.0f);
      hl_cover_blur (cover, canvas->spare[0], soft);
      for (int y = cover->y0; y < cover->y1; y++)
        for (int x = cover->x0; x < cover->x1; x++)
          shade[y * canvas->side + x]
              = side * ((float) x - at.x) / r + up * ((float) y - at.y) / (flat * r);
      hl_canvas_lay_rough (canvas, cover, 1.0f, color, shade, 1.0f);
      hl_cover_wipe (cover);
      for (int ring = hl_below (canvas, 4); ring >= 0; ring--) /* rims: light above, dark below */
        {
          float q = r * (1.0f - 0.12f * (float) ring);

          for (int part = 0; part < 2; part++)
            {
              float from  = part ? 0.2f : 3.3f;
              float long_ = hl_even (canvas, 0.5f, 2.8f);

              for (int k = 0; k < 12; k++)
                {
                  float a = from + long_ * (float) k / 12.0f;
                  float b = from + long_ * (float) (k + 1) / 12.0f;

                  hl_cover_segment (cover,
                                    (HlPoint) { at.x + q * cosf (a), at.y + flat * q * sinf (a) },
                                    (HlPoint) { at.x + q * cosf (b), at.y + flat * q * sinf (b) },
                                    width, width, 1.0f);
                }
              hl_cover_blur (cover, canvas->spare[0], soft);
              hl_canvas_lay (canvas, cover, hl_even (canvas, 0.2f, 1.0f), part ? dark : spark);
              hl_cover_wipe (cover);
            }
        }
      for (int k = hl_below (canvas, 4); k > 0; k--)
        hl_cover_ellipse (cover, at.x + 0.6f * r * hl_even (canvas, -1.0f, 1.0f),
                          at.y + 0.6f * flat * r * hl_even (canvas, -1.0f, 0.5f),
                          fmaxf (0.6f, r * hl_scaled (canvas, 0.02f, 0.2f)),
                          fmaxf (0.6f, r * hl_scaled (canvas, 0.01f, 0.1f)), turn, 1.0f);
      hl_cover_blur (cover, canvas->spare[0], soft);
      hl_canvas_lay (canvas, cover, 1.0f, spark);
      hl_cover_wipe (cover);
    }
}

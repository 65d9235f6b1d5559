/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole places, busy and lit, which leaves do not draw: a finder that has seen only shapes takes
 * the bars of a window for scratches. Here is the choice among them and what they share; built.c
 * and grown.c draw them.
 */
#include "place.h"

/* Looks at a plane from anywhere in front of it; @lean: how askew. */
void
hl_view_init (HlView *view, HlCanvas *canvas, float lean)
{
  float turn = lean * hl_normal (canvas);
  float skew = 2.0f * lean * hl_normal (canvas);

  view->canvas = canvas;
  view->ox     = hl_even (canvas, -0.1f, 0.5f) * (float) canvas->side;
  view->oy     = hl_even (canvas, -0.1f, 0.5f) * (float) canvas->side;
  view->ux     = cosf (turn);
  view->uy     = sinf (turn + skew);
  view->vx     = -sinf (turn);
  view->vy     = cosf (turn);
  view->far    = hl_chance (canvas, 0.5f) ? hl_even (canvas, -0.002f, 0.002f) : 0.0f;
  view->soft   = hl_even (canvas, 0.2f, 0.8f);
  for (int c = 0; c < 3; c++)
    view->tint[c] = hl_even (canvas, 0.75f, 1.0f);
}

HlPoint
hl_view_at (const HlView *view, float u, float v)
{
  float s = 1.0f / fmaxf (0.3f, 1.0f + view->far * u);

  return (HlPoint) { view->ox + s * (u * view->ux + v * view->vx),
                     view->oy + s * (u * view->uy + v * view->vy) };
}

/* Lays what is in the first cover, and empties it. */
void
hl_view_lay (HlView *view, float tone, float strength)
{
  HlCanvas *canvas   = view->canvas;
  float     color[3] = { tone * view->tint[0], tone * view->tint[1], tone * view->tint[2] };

  hl_cover_blur (&canvas->cover[0], canvas->spare[0], view->soft);
  hl_canvas_lay (canvas, &canvas->cover[0], strength, color);
  hl_cover_wipe (&canvas->cover[0]);
}

void
hl_view_box (HlView *view, float u, float v, float wide, float high, float tone)
{
  HlPoint corner[4] = { hl_view_at (view, u, v), hl_view_at (view, u + wide, v),
                        hl_view_at (view, u + wide, v + high), hl_view_at (view, u, v + high) };

  hl_cover_polygon (&view->canvas->cover[0], corner, 4, 1.0f);
  hl_view_lay (view, tone, 1.0f);
}

void
hl_view_line (HlView *view, float u0, float v0, float u1, float v1, float width, float tone)
{
  hl_cover_segment (&view->canvas->cover[0], hl_view_at (view, u0, v0), hl_view_at (view, u1, v1),
                    width, width, 1.0f);
  hl_view_lay (view, tone, 1.0f);
}

/* Sun and shade over all, with a soft or a hard border. */
static void
light (HlCanvas *canvas)
{
  float *field = canvas->spare[1];
  float  steep = hl_scaled (canvas, 0.5f, 8.0f);
  float  shade = hl_even (canvas, 0.35f, 0.9f);

  hl_canvas_fractal (canvas, field, hl_even (canvas, 0.2f, 0.9f) * (float) canvas->side, 3, 0.4f);
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < canvas->side * canvas->side; i++)
      canvas->plane[c][i]
          *= shade + (1.0f - shade) * hl_clamp (0.5f + steep * field[i], 0.0f, 1.0f);
}

static const HlKind places[] = {
  { hl_facade, 2.0f },    { hl_boards, 1.2f },    { hl_railing, 1.2f }, { hl_roof, 0.8f },
  { hl_shelves, 0.7f },   { hl_lettering, 1.0f }, { hl_wheels, 0.8f },  { hl_truss, 0.7f },
  { hl_tableware, 1.0f }, { hl_foliage, 2.0f },   { hl_hair, 1.0f },    { hl_water, 1.0f },
  { hl_rocks, 0.8f },     { hl_knit, 0.8f },      { hl_blossom, 0.8f }, { hl_wing, 0.5f },
};

/* Draws one or two places over the picture, each alone or in front of what is there. */
void
hl_place (HlCanvas *canvas)
{
  for (int i = hl_chance (canvas, 0.35f) ? 2 : 1; i > 0; i--)
    {
      hl_kinds_draw (canvas, places, (int) (sizeof places / sizeof *places));
      hl_canvas_clip (canvas, 1.0f);
    }
  if (hl_chance (canvas, 0.4f))
    light (canvas);
}

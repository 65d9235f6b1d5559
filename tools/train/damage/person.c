/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A drawn head and shoulders, since most old photographs show people: eyes with glints, brows,
 * lips, hair, collar, buttons, beads. Nobody's face; all of it is sound. Lengths are in half
 * heights of the face, which lies around (0, 0) from -1 to 1.
 */
#include "kinds.h"

#define HL_MOST 24

typedef struct
{
  HlCanvas *canvas;
  float     x, y, size, c, s; /* where it is, how large, how it leans */
  float     soft;             /* sigma, pixels */
  float     warm[3];          /* of skin */
} HlPerson;

static HlPoint
place (const HlPerson *person, float u, float v)
{
  return (HlPoint) { person->x + person->size * (person->c * u - person->s * v),
                     person->y + person->size * (person->s * u + person->c * v) };
}

/* Lays what is in the cover, and empties it. */
static void
lay (HlPerson *person, float strength, float soft, float tone, const float *tint)
{
  hl_canvas_lay_tone (person->canvas, strength, soft, tone, tint);
}

static void
add_ellipse (HlPerson *person, float u, float v, float ru, float rv)
{
  HlPoint at = place (person, u, v);

  hl_cover_ellipse (&person->canvas->cover[0], at.x, at.y, ru * person->size, rv * person->size,
                    atan2f (person->s, person->c), 1.0f);
}

/* @uv: count pairs. */
static void
add_polygon (HlPerson *person, const float *uv, int count, float mirror)
{
  HlPoint points[HL_MOST];

  for (int i = 0; i < count; i++)
    points[i] = place (person, mirror * uv[2 * i], uv[2 * i + 1]);
  hl_cover_polygon (&person->canvas->cover[0], points, count, 1.0f);
}

/* A bent line from (u0, v0) to (u1, v1), its middle @sag lower. */
static void
add_line (HlPerson *person, float u0, float v0, float u1, float v1, float sag, float width)
{
  HlPoint last  = place (person, u0, v0);
  float   pixel = fmaxf (0.3f, width * person->size);

  for (int i = 1; i <= 10; i++)
    {
      float   t = 0.1f * (float) i;
      HlPoint next
          = place (person, u0 + t * (u1 - u0), v0 + t * (v1 - v0) + 4.0f * sag * t * (1.0f - t));
      float wide = pixel * (0.4f + 0.6f * hl_clamp (5.0f * fminf (t, 1.05f - t), 0.0f, 1.0f));

      hl_cover_segment (&person->canvas->cover[0], last, next, wide, wide, 1.0f);
      last = next;
    }
}

static void
draw_clothes (HlPerson *person)
{
  HlCanvas *canvas   = person->canvas;
  float     cloth    = hl_even (canvas, 0.0f, 1.0f);
  float     broad    = hl_even (canvas, 0.8f, 1.1f);
  float     tint[3]  = { hl_even (canvas, 0.7f, 1.1f), hl_even (canvas, 0.7f, 1.1f),
                         hl_even (canvas, 0.7f, 1.1f) };
  float     body[16] = { -2.1f, 4.0f, -1.8f, 1.9f,  -1.1f, 1.45f, -0.4f, 1.2f,
                         0.4f,  1.2f, 1.1f,  1.45f, 1.8f,  1.9f,  2.1f,  4.0f };
  float     neck[10] = { -0.42f, 0.5f, 0.42f, 0.5f, 0.5f, 1.35f, 0.0f, 1.9f, -0.5f, 1.35f };

  for (int i = 0; i < 8; i++)
    body[2 * i] *= broad;
  add_polygon (person, body, 8, 1.0f);
  lay (person, 1.0f, person->soft, cloth, tint);
  if (hl_chance (canvas, 0.4f)) /* stripes */
    {
      float pitch = hl_even (canvas, 0.06f, 0.3f);
      float by    = hl_even (canvas, -1.5f, 1.5f);

      for (float u = -2.0f; u < 2.0f; u += fmaxf (pitch, 2.2f / person->size))
        add_line (person, u, 1.6f + 0.2f * fabsf (u), u + by, 3.9f, 0.0f, 0.4f * pitch);
      lay (person, hl_even (canvas, 0.1f, 0.6f), person->soft,
           hl_clamp (cloth + hl_even (canvas, -0.4f, 0.4f), 0.0f, 1.0f), tint);
    }
  for (int i = hl_below (canvas, 6); i > 0; i--) /* folds */
    {
      float u = hl_even (canvas, -1.5f, 1.5f);

      add_line (person, u, hl_even (canvas, 1.6f, 2.5f), u + hl_even (canvas, -0.8f, 0.8f),
                hl_even (canvas, 2.5f, 3.5f), hl_even (canvas, -0.2f, 0.2f),
                hl_even (canvas, 0.03f, 0.14f));
      lay (person, hl_even (canvas, 0.2f, 0.8f), person->soft,
           hl_clamp (cloth + hl_even (canvas, -0.3f, 0.3f), 0.0f, 1.0f), tint);
    }
  add_polygon (person, neck, 5, 1.0f);
  lay (person, 1.0f, person->soft, hl_even (canvas, 0.35f, 0.75f), person->warm);
  if (hl_chance (canvas, 0.75f)) /* collar */
    {
      float d        = hl_even (canvas, 0.3f, 1.0f);
      float flap[10] = { -0.5f, 1.12f,           -0.62f, 1.3f, -0.5f - 0.3f * d, 1.55f + 0.3f * d,
                         -0.1f, 1.4f + 0.6f * d, -0.05f, 1.5f };

      add_polygon (person, flap, 5, 1.0f);
      add_polygon (person, flap, 5, -1.0f);
      lay (person, 1.0f, person->soft,
           hl_chance (canvas, 0.7f) ? 1.0f : hl_even (canvas, 0.0f, 1.0f), NULL);
      for (float m = -1.0f; m < 2.0f; m += 2.0f)
        {
          add_line (person, m * flap[2], flap[3], m * flap[4], flap[5], 0.0f,
                    hl_even (canvas, 0.02f, 0.06f));
          add_line (person, m * flap[4], flap[5], m * flap[6], flap[7], 0.0f,
                    hl_even (canvas, 0.02f, 0.06f));
        }
      lay (person, hl_even (canvas, 0.3f, 1.0f), person->soft, hl_even (canvas, 0.0f, 0.5f), NULL);
    }
  if (hl_chance (canvas, 0.3f)) /* tie, or a row of piping */
    {
      float tie[8] = { -0.15f, 1.35f, 0.15f, 1.35f, 0.3f, 3.0f, -0.3f, 3.0f };

      add_polygon (person, tie, 4, 1.0f);
      lay (person, 1.0f, person->soft, hl_even (canvas, 0.0f, 1.0f), tint);
    }
  if (hl_chance (canvas, 0.35f))
    {
      for (float m = -1.0f; m < 2.0f; m += 2.0f)
        add_line (person, m * 0.35f, 1.5f, m * hl_even (canvas, 0.1f, 0.9f), 3.8f,
                  hl_even (canvas, -0.1f, 0.1f), hl_even (canvas, 0.02f, 0.07f));
      lay (person, hl_even (canvas, 0.4f, 1.0f), person->soft,
           hl_chance (canvas, 0.7f) ? 0.95f : 0.05f, NULL);
    }
}

static void
draw_eyes (HlPerson *person, float skin, float hair)
{
  HlCanvas *canvas = person->canvas;
  float     gap    = hl_even (canvas, 0.28f, 0.38f);
  float     up     = hl_even (canvas, -0.2f, 0.0f);
  float     look   = hl_even (canvas, -0.06f, 0.06f);
  float     dark   = hl_even (canvas, 0.02f, 0.25f);
  float     brow   = hl_even (canvas, 0.04f, 0.12f);
  float     lid    = hl_even (canvas, 0.03f, 0.07f);
  int       glint  = hl_chance (canvas, 0.8f);

  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      float u = m * gap;

      add_ellipse (person, u, up, 0.26f, 0.2f);
      lay (person, hl_even (canvas, 0.2f, 0.8f), person->soft + 0.1f * person->size, 0.8f * skin,
           person->warm);
      add_ellipse (person, u, up, 0.18f, 0.085f);
      lay (person, 1.0f, person->soft, fminf (1.0f, skin * hl_even (canvas, 1.0f, 1.4f)), NULL);
      add_ellipse (person, u + look, up, 0.085f, 0.085f);
      lay (person, 1.0f, person->soft, dark, person->warm);
      if (glint)
        {
          add_ellipse (person, u + look + 0.02f, up - 0.03f, 0.03f, 0.03f);
          lay (person, hl_even (canvas, 0.4f, 1.0f), person->soft, 1.0f, NULL);
        }
      add_line (person, u - 0.2f, up, u + 0.2f, up, -0.1f, lid);
      lay (person, hl_even (canvas, 0.5f, 1.0f), person->soft, dark, person->warm);
      add_line (person, u - 0.27f, up - 0.24f, u + 0.27f, up - 0.24f, -0.08f, brow);
      lay (person, hl_even (canvas, 0.4f, 1.0f), person->soft, hair, person->warm);
      add_ellipse (person, 0.09f * m, 0.33f, 0.045f, 0.03f);
      lay (person, hl_even (canvas, 0.3f, 0.9f), person->soft, dark, person->warm);
    }
  if (hl_chance (canvas, 0.25f)) /* spectacles */
    {
      float wide = hl_even (canvas, 0.02f, 0.05f);
      float high = hl_even (canvas, 0.18f, 0.24f);
      float tone = hl_chance (canvas, 0.5f) ? 0.05f : 0.9f;

      for (float m = -1.0f; m < 2.0f; m += 2.0f)
        for (int i = 0; i < 16; i++)
          {
            float t = 6.2831853f * (float) i / 16.0f;
            float q = t + 6.2831853f / 16.0f;

            hl_cover_segment (&canvas->cover[0],
                              place (person, m * gap + 0.25f * cosf (t), up + high * sinf (t)),
                              place (person, m * gap + 0.25f * cosf (q), up + high * sinf (q)),
                              wide * person->size, wide * person->size, 1.0f);
          }
      add_line (person, 0.25f - gap, up, gap - 0.25f, up, -0.03f, wide);
      lay (person, hl_even (canvas, 0.5f, 1.0f), person->soft, tone, NULL);
    }
}

static void
draw_mouth (HlPerson *person, float skin)
{
  HlCanvas *canvas = person->canvas;
  float     wide   = hl_even (canvas, 0.2f, 0.36f);
  float     v      = hl_even (canvas, 0.52f, 0.62f);
  float     bow    = hl_even (canvas, -0.05f, 0.06f);
  float     red[3] = { person->warm[0], 0.6f * person->warm[1], 0.55f * person->warm[2] };

  if (hl_chance (canvas, 0.7f)) /* the ridge of the nose */
    {
      add_line (person, 0.03f, -0.1f, 0.03f, 0.3f, 0.0f, hl_even (canvas, 0.05f, 0.12f));
      lay (person, hl_even (canvas, 0.2f, 0.8f), person->soft, fminf (1.0f, 1.35f * skin),
           person->warm);
    }
  add_ellipse (person, 0.0f, v, wide, hl_even (canvas, 0.06f, 0.11f));
  lay (person, hl_even (canvas, 0.4f, 1.0f), person->soft, skin * hl_even (canvas, 0.35f, 0.85f),
       red);
  if (hl_chance (canvas, 0.25f)) /* teeth */
    {
      add_line (person, -0.8f * wide, v, 0.8f * wide, v, bow, 0.1f);
      lay (person, hl_even (canvas, 0.5f, 1.0f), person->soft, 1.0f, NULL);
    }
  add_line (person, -1.05f * wide, v, 1.05f * wide, v, bow, hl_even (canvas, 0.02f, 0.05f));
  lay (person, hl_even (canvas, 0.5f, 1.0f), person->soft, hl_even (canvas, 0.0f, 0.25f),
       person->warm);
  if (hl_chance (canvas, 0.5f))
    {
      add_line (person, -0.5f * wide, v + 0.08f, 0.5f * wide, v + 0.08f, 0.02f, 0.03f);
      lay (person, hl_even (canvas, 0.1f, 0.6f), person->soft, 1.0f, NULL);
    }
}

static void
draw_hair (HlPerson *person, float wide, float hair)
{
  HlCanvas *canvas = person->canvas;
  float     line   = hl_even (canvas, -0.6f, -0.3f);
  float     part   = hl_even (canvas, -0.4f, 0.4f);
  float     cap[40];

  for (int i = 0; i < 10; i++)
    {
      float t = 3.1415927f * (1.0f + (float) i / 9.0f);

      cap[2 * i]          = 1.08f * wide * cosf (t);
      cap[2 * i + 1]      = -0.1f + 1.05f * sinf (t);
      cap[38 - 2 * i]     = 0.95f * wide * cosf (t);
      cap[38 - 2 * i + 1] = line + 0.28f * sinf (t);
    }
  add_polygon (person, cap, 20, 1.0f);
  lay (person, 1.0f, person->soft, hair, person->warm);
  for (int i = (int) hl_scaled (canvas, 5.0f, 50.0f); i > 0; i--)
    {
      float m    = hl_sign (canvas, 0.5f);
      float e    = hl_even (canvas, 0.2f, 1.15f);
      float drop = (0.3f + 0.5f * e) * hl_even (canvas, 0.5f, 1.2f);

      add_line (person, part, -1.0f, part + m * e * wide, -1.05f + 0.15f * e + drop, -0.15f,
                0.015f * hl_scaled (canvas, 0.6f, 3.0f));
    }
  hl_cover_blur (&canvas->cover[0], canvas->spare[0], person->soft);
  hl_canvas_add (canvas, &canvas->cover[0], hl_even (canvas, 0.05f, 0.4f) * hl_sign (canvas, 0.75f),
                 NULL);
  hl_cover_wipe (&canvas->cover[0]);
}

static void
draw_jewels (HlPerson *person)
{
  HlCanvas *canvas = person->canvas;

  if (hl_chance (canvas, 0.35f)) /* beads */
    {
      int   count = 9 + hl_below (canvas, 15);
      float r     = hl_even (canvas, 0.03f, 0.07f);
      float deep  = hl_even (canvas, 0.3f, 0.5f);

      for (int i = 0; i < count; i++)
        {
          float t = 3.1415927f * (0.15f + 0.7f * (float) i / (float) count);

          add_ellipse (person, 0.55f * cosf (t), 1.05f + deep * sinf (t), r, r);
        }
      lay (person, hl_even (canvas, 0.5f, 1.0f), person->soft,
           hl_chance (canvas, 0.8f) ? 1.0f : 0.1f, NULL);
    }
  if (hl_chance (canvas, 0.25f)) /* a chain */
    {
      add_line (person, -0.45f, 1.2f, 0.45f, 1.2f, hl_even (canvas, 0.2f, 0.9f),
                hl_even (canvas, 0.015f, 0.04f));
      lay (person, hl_even (canvas, 0.4f, 1.0f), person->soft,
           hl_chance (canvas, 0.7f) ? 0.95f : 0.1f, NULL);
    }
  if (hl_chance (canvas, 0.4f)) /* buttons */
    {
      float r = hl_even (canvas, 0.03f, 0.08f);
      float u = hl_even (canvas, -0.3f, 0.3f);

      for (int i = 0; i < 4; i++)
        add_ellipse (person, u, 1.9f + 0.4f * (float) i, r, r);
      lay (person, 1.0f, person->soft, hl_chance (canvas, 0.5f) ? 0.05f : 0.95f, NULL);
    }
}

void
hl_person (HlCanvas *canvas)
{
  float n    = (float) canvas->side;
  float lean = 0.25f * hl_normal (canvas);
  float skin = hl_even (canvas, 0.35f, 0.85f);
  float hair
      = hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.02f, 0.25f) : hl_even (canvas, 0.2f, 0.8f);
  float    wide  = hl_even (canvas, 0.68f, 0.82f);
  float    light = hl_even (canvas, -0.35f, 0.35f);
  float    below = hl_even (canvas, -0.2f, 0.1f);
  HlPerson person
      = { .canvas = canvas,
          .x      = hl_even (canvas, 0.2f * n, 0.8f * n),
          .y      = hl_even (canvas, 0.2f * n, 0.7f * n),
          .size   = hl_scaled (canvas, 14.0f, 75.0f),
          .c      = cosf (lean),
          .s      = sinf (lean),
          .soft   = hl_even (canvas, 0.25f, 1.0f),
          .warm   = { 1.0f, hl_even (canvas, 0.75f, 0.95f), hl_even (canvas, 0.55f, 0.9f) } };
  HlCover *cover = &canvas->cover[0];
  float   *shade = canvas->spare[1];

  hl_canvas_smooth (canvas, shade, 0.5f * n);
  if (hl_chance (canvas, 0.6f)) /* a studio's wall */
    {
      float wall = hl_even (canvas, 0.1f, 0.85f);
      float color[3]
          = { wall, wall * hl_even (canvas, 0.85f, 1.05f), wall * hl_even (canvas, 0.7f, 1.1f) };

      hl_cover_whole (cover);
      for (int i = 0; i < canvas->side * canvas->side; i++)
        cover->value[i] = 1.0f;
      hl_canvas_lay_rough (canvas, cover, hl_even (canvas, 0.8f, 1.0f), color, shade,
                           hl_even (canvas, 0.0f, 0.2f));
      hl_cover_wipe (cover);
    }
  if (hl_chance (canvas, 0.5f)) /* long hair behind */
    {
      add_ellipse (&person, 0.0f, 0.15f, hl_even (canvas, 0.85f, 1.1f),
                   hl_even (canvas, 1.1f, 1.7f));
      lay (&person, 1.0f, person.soft, hair, person.warm);
    }
  draw_clothes (&person);
  add_ellipse (&person, -wide, 0.08f, 0.12f, 0.22f);
  add_ellipse (&person, wide, 0.08f, 0.12f, 0.22f);
  lay (&person, 1.0f, person.soft, 0.85f * skin, person.warm);
  for (int y = 0; y < canvas->side; y++) /* light from one side */
    for (int x = 0; x < canvas->side; x++)
      shade[y * canvas->side + x] = light * ((float) x - person.x) / person.size
                                    + below * ((float) y - person.y) / person.size
                                    + 0.04f * shade[y * canvas->side + x];
  {
    float color[3] = { skin * person.warm[0], skin * person.warm[1], skin * person.warm[2] };

    add_ellipse (&person, 0.0f, 0.0f, wide, 1.0f);
    hl_cover_blur (cover, canvas->spare[0], person.soft);
    hl_canvas_lay_rough (canvas, cover, 1.0f, color, shade, 1.0f);
    hl_cover_wipe (cover);
  }
  draw_eyes (&person, skin, hair);
  draw_mouth (&person, skin);
  if (hl_chance (canvas, 0.85f))
    draw_hair (&person, wide, hair);
  draw_jewels (&person);
}

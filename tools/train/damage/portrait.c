/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Portraits as old studios took them: lit heads before a backdrop, alone, in pairs or in rows; an
 * oval or a border around them. Nobody's face; all of it is sound. face.c and dress.c draw a
 * sitter; here are what they draw with, the light and the studio.
 */
#include "sitter.h"

#include <string.h>

#define HL_CURVE 8 /* segments between two points of a curve */

HlPoint
hl_sitter_at (const HlSitter *sitter, float u, float v)
{
  return (HlPoint) { sitter->x + sitter->size * (sitter->c * u - sitter->s * v),
                     sitter->y + sitter->size * (sitter->s * u + sitter->c * v) };
}

/* Where a point of a face seen from the front is seen in a turned one. */
float
hl_sitter_turned (const HlSitter *sitter, float u, float v)
{
  float a     = u / sitter->wide;
  float depth = sqrtf (fmaxf (0.0f, 1.0f - a * a - 0.4f * v * v));

  return u * cosf (sitter->turn) + sitter->wide * depth * sinf (sitter->turn);
}

void
hl_sitter_polygon (HlSitter *sitter, const float *uv, int count, float mirror)
{
  HlPoint points[48];

  for (int i = 0; i < count; i++)
    points[i] = hl_sitter_at (sitter, mirror * uv[2 * i], uv[2 * i + 1]);
  hl_cover_polygon (&sitter->canvas->cover[0], points, count, 1.0f);
}

void
hl_sitter_ellipse (HlSitter *sitter, float u, float v, float ru, float rv)
{
  HlPoint at = hl_sitter_at (sitter, u, v);

  hl_cover_ellipse (&sitter->canvas->cover[0], at.x, at.y, ru * sitter->size, rv * sitter->size,
                    atan2f (sitter->s, sitter->c), 1.0f);
}

/* A smooth line through points (Catmull and Rom), thinner at its ends. */
void
hl_sitter_curve (HlSitter *sitter, const float *uv, int count, float mirror, float width)
{
  HlPoint last  = hl_sitter_at (sitter, mirror * uv[0], uv[1]);
  float   pixel = fmaxf (0.3f, width * sitter->size);
  int     total = HL_CURVE * (count - 1);

  for (int k = 1; k <= total; k++)
    {
      int   i = (k - 1) / HL_CURVE;
      float t = (float) (k - HL_CURVE * i) / HL_CURVE;
      float p[2];
      float end
          = hl_clamp (6.0f * fminf ((float) k, (float) (total - k)) / (float) total, 0.0f, 1.0f);
      float   wide = pixel * (0.45f + 0.55f * end);
      HlPoint next;

      for (int j = 0; j < 2; j++)
        {
          float a = uv[2 * (i > 0 ? i - 1 : 0) + j];
          float b = uv[2 * i + j];
          float c = uv[2 * i + 2 + j];
          float d = uv[2 * (i + 2 < count ? i + 2 : i + 1) + j];

          p[j]
              = b
                + 0.5f * t
                      * (c - a
                         + t * (2.0f * a - 5.0f * b + 4.0f * c - d + t * (3.0f * (b - c) + d - a)));
        }
      next = hl_sitter_at (sitter, mirror * p[0], p[1]);
      hl_cover_segment (&sitter->canvas->cover[0], last, next, wide, wide, 1.0f);
      last = next;
    }
}

/* A bent line, its middle @sag lower. */
void
hl_sitter_line (HlSitter *sitter, float u0, float v0, float u1, float v1, float sag, float width)
{
  float uv[6] = { u0, v0, 0.5f * (u0 + u1), 0.5f * (v0 + v1) + sag, u1, v1 };

  hl_sitter_curve (sitter, uv, 3, 1.0f, width);
}

/* Lays what is in the cover, and empties it. */
void
hl_sitter_paint (HlSitter *sitter, float strength, float soft, float tone, const float *tint)
{
  hl_canvas_lay_tone (sitter->canvas, strength, soft, tone, tint);
}

/* Makes what is in the cover darker, by a share, and empties it. */
void
hl_sitter_shade (HlSitter *sitter, float soft, float by)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[0];

  hl_cover_blur (cover, canvas->spare[0], soft);
  for (int c = 0; c < 3; c++)
    for (int y = cover->y0; y < cover->y1; y++)
      for (int x = cover->x0; x < cover->x1; x++)
        canvas->plane[c][y * canvas->side + x]
            *= 1.0f - by * fminf (cover->value[y * canvas->side + x], 1.0f);
  hl_cover_wipe (cover);
}

/* Raises the relief where the cover is, and empties it. */
void
hl_sitter_raise (HlSitter *sitter, float soft, float by)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[0];

  hl_cover_blur (cover, canvas->spare[0], soft);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      sitter->height[y * canvas->side + x]
          += by * sitter->size * cover->value[y * canvas->side + x];
  hl_cover_wipe (cover);
}

/* A round rise of the relief. */
void
hl_sitter_bump (HlSitter *sitter, float u, float v, float ru, float rv, float by)
{
  int     side  = sitter->canvas->side;
  HlPoint at    = hl_sitter_at (sitter, u, v);
  float   reach = 2.6f * fmaxf (ru, rv) * sitter->size;
  int     x0    = (int) hl_clamp (at.x - reach, 0.0f, (float) side);
  int     x1    = (int) hl_clamp (at.x + reach + 1.0f, 0.0f, (float) side);
  int     y0    = (int) hl_clamp (at.y - reach, 0.0f, (float) side);
  int     y1    = (int) hl_clamp (at.y + reach + 1.0f, 0.0f, (float) side);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        float dx = ((float) x + 0.5f - at.x) / sitter->size;
        float dy = ((float) y + 0.5f - at.y) / sitter->size;
        float a  = (sitter->c * dx + sitter->s * dy) / ru;
        float b  = (sitter->c * dy - sitter->s * dx) / rv;
        float d  = a * a + b * b;

        if (d < 6.8f)
          sitter->height[y * side + x] += by * sitter->size * (expf (-0.5f * d) - 0.033f);
      }
}

/* The flatter of the slopes to both sides, so that an outline is no cliff. */
static float
slope (float before, float here, float after)
{
  float a = here - before;
  float b = after - here;

  return a * b <= 0.0f           ? 0.5f * (a + b) * (fabsf (a) < 0.5f && fabsf (b) < 0.5f)
         : fabsf (a) < fabsf (b) ? a
                                 : b;
}

/* Lights the relief: Lambert, beside light from everywhere. What is flat stays as it is. */
static void
light (HlSitter *sitter)
{
  HlCanvas    *canvas  = sitter->canvas;
  int          side    = canvas->side;
  const float *h       = sitter->height;
  float        lx      = sitter->light;
  float        ly      = hl_even (canvas, -0.9f, 0.0f);
  float        lz      = hl_even (canvas, 0.5f, 1.2f);
  float        ambient = hl_even (canvas, 0.25f, 0.7f);

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int   i  = y * side + x;
        float gx = slope (h[x > 0 ? i - 1 : i], h[i], h[x + 1 < side ? i + 1 : i]);
        float gy = slope (h[y > 0 ? i - side : i], h[i], h[y + 1 < side ? i + side : i]);
        float toned
            = fmaxf (0.0f, lz - gx * lx - gy * ly) / (lz * sqrtf (1.0f + gx * gx + gy * gy));
        float by = fminf (ambient + (1.0f - ambient) * toned, 1.6f);

        for (int c = 0; c < 3; c++)
          canvas->plane[c][i] *= by;
      }
}

/* Painted clouds, a curtain's folds, a wall; lighter around the sitter or not. */
static void
draw_backdrop (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *shade = canvas->spare[1];
  int      side  = canvas->side;
  float    n     = (float) side;
  float    tone  = hl_even (canvas, 0.08f, 0.92f);
  float    color[3]
      = { tone, tone * hl_even (canvas, 0.85f, 1.05f), tone * hl_even (canvas, 0.7f, 1.1f) };
  float halo    = hl_even (canvas, -0.3f, 0.3f);
  float fall    = hl_even (canvas, -0.35f, 0.35f);
  int   curtain = hl_chance (canvas, 0.25f);
  float pitch   = hl_scaled (canvas, 8.0f, 60.0f);
  float seed    = hl_even (canvas, 0.0f, 256.0f);

  hl_canvas_fractal (canvas, shade, hl_scaled (canvas, 0.1f, 0.8f) * n,
                     hl_chance (canvas, 0.5f) ? 1 : 4, 0.5f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float r = hypotf ((float) x / n - 0.5f, (float) y / n - 0.45f);
        float f
            = curtain
                  ? 0.6f * hl_canvas_along (canvas, ((float) x + 0.03f * (float) y) / pitch, seed)
                  : 0.0f;

        shade[y * side + x] = 0.25f * shade[y * side + x] + halo * (1.0f - 2.0f * r)
                              + fall * ((float) y / n - 0.5f) + f;
      }
  hl_cover_whole (cover);
  for (int i = 0; i < side * side; i++)
    cover->value[i] = 1.0f;
  hl_canvas_lay_rough (canvas, cover,
                       hl_chance (canvas, 0.6f) ? 1.0f : hl_even (canvas, 0.6f, 1.0f), color, shade,
                       hl_scaled (canvas, 0.1f, 1.0f));
  hl_cover_wipe (cover);
}

/* A border, an oval, a vignette, round corners: sound, though they look like torn edges. */
static void
draw_mount (HlCanvas *canvas)
{
  int   side   = canvas->side;
  float n      = (float) side;
  int   oval   = hl_chance (canvas, 0.4f);
  float corner = hl_chance (canvas, 0.4f) ? hl_scaled (canvas, 3.0f, 0.4f * n) : 0.0f;
  float left   = hl_even (canvas, -0.3f, 0.12f) * n;
  float top    = hl_even (canvas, -0.3f, 0.12f) * n;
  float right  = n - hl_even (canvas, -0.3f, 0.12f) * n;
  float bottom = n - hl_even (canvas, -0.3f, 0.12f) * n;
  float soft   = hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.5f, 2.0f)
                                          : hl_scaled (canvas, 2.0f, 0.3f * n);
  float rule   = hl_chance (canvas, 0.3f) ? hl_even (canvas, 1.0f, 8.0f) : -9.0f;
  float tone
      = hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.7f, 1.0f) : hl_even (canvas, 0.0f, 0.7f);
  float color[3]
      = { tone, tone * hl_even (canvas, 0.88f, 1.0f), tone * hl_even (canvas, 0.75f, 1.0f) };
  float rx = 0.5f * (right - left);
  float ry = 0.5f * (bottom - top);

  corner = fminf (corner, 0.9f * fminf (rx, ry));
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float u = fabsf ((float) x - left - rx);
        float v = fabsf ((float) y - top - ry);
        float out;
        float a;

        if (oval)
          out = (hypotf (u / rx, v / ry) - 1.0f) * fminf (rx, ry);
        else
          {
            float a_ = fmaxf (u - rx + corner, 0.0f);
            float b_ = fmaxf (v - ry + corner, 0.0f);

            out = a_ > 0.0f && b_ > 0.0f ? hypotf (a_, b_) - corner : fmaxf (u - rx, v - ry);
          }
        a = hl_clamp (0.5f + out / soft, 0.0f, 1.0f);
        a = a * a * (3.0f - 2.0f * a);
        for (int c = 0; c < 3; c++)
          {
            float *p = &canvas->plane[c][y * side + x];

            *p += a * (color[c] * (fabsf (out - rule) < 0.8f ? 0.6f : 1.0f) - *p);
          }
      }
}

static void
draw_sitter (HlCanvas *canvas, float x, float y, float size)
{
  float    lean = 0.12f * hl_normal (canvas);
  HlSitter sitter
      = { .canvas = canvas,
          .height = canvas->spare[2],
          .x      = x,
          .y      = y,
          .size   = size,
          .c      = cosf (lean),
          .s      = sinf (lean),
          .turn   = hl_clamp (0.4f * hl_normal (canvas), -0.8f, 0.8f),
          .wide   = hl_even (canvas, 0.66f, 0.8f),
          .soft   = hl_even (canvas, 0.3f, 0.8f) + 0.004f * size,
          .light  = hl_even (canvas, -1.0f, 1.0f),
          .tint   = { 1.0f, hl_even (canvas, 0.75f, 0.95f), hl_even (canvas, 0.55f, 0.9f) },
          .skin   = hl_even (canvas, 0.45f, 0.92f),
          .hair   = hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.03f, 0.25f)
                                             : hl_even (canvas, 0.2f, 0.85f) };

  memset (sitter.height, 0, sizeof (float) * (size_t) canvas->side * (size_t) canvas->side);
  hl_sitter_dress (&sitter);
  hl_sitter_head (&sitter);
  light (&sitter);
  hl_sitter_glints (&sitter);
  hl_canvas_clip (canvas, 1.0f);
}

/* A portrait that fills the picture: of a head, of a whole group, or only a part of one. */
void
hl_portrait (HlCanvas *canvas)
{
  float n = (float) canvas->side;

  if (hl_chance (canvas, 0.85f))
    draw_backdrop (canvas);
  if (hl_chance (canvas, 0.15f)) /* rows of a group */
    {
      float size = hl_scaled (canvas, 0.05f, 0.14f) * n;
      float gap  = size * hl_even (canvas, 2.0f, 3.4f);

      for (float y = hl_even (canvas, 0.1f, 0.4f) * n; y < n;
           y += size * hl_even (canvas, 2.4f, 4.0f))
        for (float x = hl_even (canvas, -0.5f, 0.5f) * gap; x < n + gap; x += gap)
          draw_sitter (canvas, x + 0.2f * gap * hl_normal (canvas),
                       y + 0.2f * size * hl_normal (canvas), size * hl_even (canvas, 0.9f, 1.1f));
    }
  else
    {
      float size = hl_scaled (canvas, 0.1f, 1.1f) * n;
      float far  = hl_clamp (0.25f * n + 0.4f * size, 0.0f, 0.75f * size + 0.1f * n);
      int   two  = hl_chance (canvas, 0.2f);
      float x    = 0.5f * n + far * hl_even (canvas, -1.0f, 1.0f);
      float y    = 0.4f * n + far * hl_even (canvas, -1.0f, 1.0f);

      if (two)
        draw_sitter (canvas, x + size * hl_even (canvas, 1.3f, 2.2f) * hl_sign (canvas, 0.5f),
                     y + 0.4f * size * hl_normal (canvas), size * hl_even (canvas, 0.85f, 1.1f));
      draw_sitter (canvas, x, y, size);
    }
  if (hl_chance (canvas, 0.3f))
    draw_mount (canvas);
  hl_canvas_clip (canvas, 1.0f);
}

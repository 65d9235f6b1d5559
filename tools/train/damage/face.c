/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sitter's head: the skull and its relief, eyes with lids and lashes, brows, nose, lips, ears,
 * hair in strands, beard, hat.
 */
#include "sitter.h"

/* The outline of the face at height @v: round above, narrower at the jaw. */
static float
half_width (const HlSitter *sitter, float v)
{
  float round = sqrtf (fmaxf (0.0f, 1.0f - v * v));
  float jaw   = v > 0.1f ? 1.0f - 0.16f * (v - 0.1f) : 1.0f;

  return sitter->wide * jaw * powf (round, 0.8f);
}

static void
draw_skull (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  HlCover  *cover  = &canvas->cover[0];
  float     uv[80];

  for (int i = 0; i < 40; i++)
    {
      float t = 6.2831853f * (float) i / 40.0f;
      float v = sinf (t);

      uv[2 * i]     = (cosf (t) < 0.0f ? -1.0f : 1.0f) * half_width (sitter, v);
      uv[2 * i + 1] = v;
    }
  hl_sitter_polygon (sitter, uv, 40, 1.0f);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      {
        float dx = ((float) x + 0.5f - sitter->x) / sitter->size;
        float dy = ((float) y + 0.5f - sitter->y) / sitter->size;
        float u  = (sitter->c * dx + sitter->s * dy) / (sitter->wide * 1.02f);
        float v  = sitter->c * dy - sitter->s * dx;
        float d  = sqrtf (fmaxf (0.02f, 1.06f - u * u - v * v));

        if (cover->value[y * canvas->side + x] > 0.5f)
          sitter->height[y * canvas->side + x] = sitter->size * 0.62f * d;
      }
  hl_sitter_paint (sitter, 1.0f, sitter->soft, sitter->skin, sitter->tint);
}

static void
draw_ear (HlSitter *sitter, float m)
{
  HlCanvas *canvas = sitter->canvas;
  float     u      = m * sitter->wide * (1.02f - 0.35f * fmaxf (0.0f, -m * sitter->turn));
  float     out    = m * hl_even (canvas, 0.1f, 0.2f);
  float     v      = hl_even (canvas, 0.0f, 0.12f);
  float     helix[14]
      = { u - 0.05f * m,   v - 0.1f,        u + 0.1f * out, v - 0.27f,      u + 0.75f * out,
          v - 0.27f,       u + 1.05f * out, v - 0.08f,      u + 0.8f * out, v + 0.1f,
          u + 0.35f * out, v + 0.24f,       u - 0.02f * m,  v + 0.26f };
  float inner[8] = { u + 0.25f * out, v - 0.17f, u + 0.62f * out, v - 0.12f,
                     u + 0.6f * out,  v + 0.03f, u + 0.25f * out, v + 0.1f };
  float thick    = hl_even (canvas, 0.025f, 0.05f);
  float deep     = hl_even (canvas, 0.2f, 0.7f);

  hl_sitter_polygon (sitter, helix, 7, 1.0f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft, sitter->skin * hl_even (canvas, 0.75f, 1.05f),
                   sitter->tint);
  hl_sitter_curve (sitter, inner, 4, 1.0f, 1.6f * thick);
  hl_sitter_shade (sitter, sitter->soft + 0.015f * sitter->size, deep);
  hl_sitter_ellipse (sitter, u + 0.2f * out, v + 0.03f, 0.03f, 0.05f);
  hl_sitter_shade (sitter, sitter->soft + 0.01f * sitter->size, deep);
  hl_sitter_curve (sitter, helix, 7, 1.0f, thick);
  hl_sitter_raise (sitter, 0.4f + 0.02f * sitter->size, hl_even (canvas, 0.03f, 0.1f));
  if (hl_chance (canvas, 0.4f)) /* the line where it leaves the cheek */
    {
      hl_sitter_line (sitter, u - 0.02f * m, v - 0.2f, u - 0.02f * m, v + 0.26f, 0.0f, 0.02f);
      hl_sitter_shade (sitter, sitter->soft, hl_even (canvas, 0.2f, 0.6f));
    }
}

static void
draw_eye (HlSitter *sitter, float m, float gap, float open)
{
  HlCanvas *canvas = sitter->canvas;
  float     u      = hl_sitter_turned (sitter, m * gap, -0.05f);
  float     narrow = hl_clamp (cosf (sitter->turn + m * gap / sitter->wide) + 0.15f, 0.35f, 1.0f);
  float     r      = 0.155f * narrow;
  float     v      = -0.05f;
  float upper[10]  = { u - r,        v + 0.02f,       u - 0.5f * r, v - 0.75f * open, u, v - open,
                       u + 0.6f * r, v - 0.7f * open, u + r,        v + 0.015f };
  float lower[10]
      = { u + r,        v + 0.015f,      u + 0.5f * r, v + 0.55f * open, u, v + 0.7f * open,
          u - 0.5f * r, v + 0.5f * open, u - r,        v + 0.02f };
  float white[20];
  float brow[8];
  float lift = hl_even (canvas, 0.15f, 0.26f);
  float bend = hl_even (canvas, 0.0f, 0.08f);
  float wide = hl_even (canvas, 0.03f, 0.08f);

  for (int i = 0; i < 10; i++)
    {
      white[i]      = upper[i];
      white[10 + i] = lower[i];
    }
  hl_sitter_bump (sitter, u, v - 0.06f, 0.17f, 0.13f, -0.09f);
  hl_sitter_bump (sitter, u, v, 0.1f, 0.08f, 0.05f);
  hl_sitter_bump (sitter, u, v - 0.2f, 0.2f, 0.06f, 0.04f);
  hl_sitter_ellipse (sitter, u, v - 0.09f, 0.13f, 0.07f);
  hl_sitter_shade (sitter, sitter->soft + 0.06f * sitter->size, hl_even (canvas, 0.05f, 0.5f));
  hl_sitter_polygon (sitter, white, 10, 1.0f);
  hl_sitter_paint (sitter, hl_even (canvas, 0.5f, 1.0f), sitter->soft,
                   fminf (0.95f, sitter->skin * hl_even (canvas, 0.9f, 1.3f)), NULL);
  hl_sitter_ellipse (sitter, u + 0.15f * sitter->turn * r, v, 0.075f * (0.5f + 0.5f * narrow),
                     fminf (0.075f, 0.95f * open));
  hl_sitter_paint (sitter, hl_even (canvas, 0.7f, 1.0f), sitter->soft,
                   hl_even (canvas, 0.02f, 0.35f), sitter->tint);
  hl_sitter_curve (sitter, upper, 5, 1.0f, hl_even (canvas, 0.015f, 0.045f));
  hl_sitter_shade (sitter, sitter->soft, hl_even (canvas, 0.4f, 0.95f));
  if (hl_chance (canvas, 0.7f)) /* the lid's fold */
    {
      for (int i = 0; i < 5; i++)
        upper[2 * i + 1] -= 0.05f;
      hl_sitter_curve (sitter, upper, 5, 1.0f, 0.018f);
      hl_sitter_shade (sitter, sitter->soft, hl_even (canvas, 0.1f, 0.7f));
    }
  hl_sitter_curve (sitter, lower, 5, 1.0f, 0.015f);
  hl_sitter_shade (sitter, sitter->soft, hl_even (canvas, 0.0f, 0.6f));
  if (hl_chance (canvas, 0.4f)) /* the bag below */
    {
      hl_sitter_line (sitter, u - r, v + 0.1f, u + r, v + 0.1f, 0.05f, 0.02f);
      hl_sitter_raise (sitter, 0.4f + 0.02f * sitter->size, -hl_even (canvas, 0.01f, 0.04f));
    }
  brow[0] = u - 1.3f * m * r;
  brow[1] = v - lift + 0.03f;
  brow[2] = u - 0.4f * m * r;
  brow[3] = v - lift - 0.3f * bend;
  brow[4] = u + 0.6f * m * r;
  brow[5] = v - lift - bend;
  brow[6] = u + 1.5f * m * r;
  brow[7] = v - lift + hl_even (canvas, 0.0f, 0.08f);
  if (sitter->size > 60.0f && hl_chance (canvas, 0.6f)) /* hair by hair */
    for (int i = 0; i < 40; i++)
      {
        float t = hl_even (canvas, 0.0f, 2.99f);
        int   k = (int) t;
        float a = brow[2 * k] + (t - (float) k) * (brow[2 * k + 2] - brow[2 * k]);
        float b = brow[2 * k + 1] + (t - (float) k) * (brow[2 * k + 3] - brow[2 * k + 1]);

        b += wide * hl_even (canvas, -0.4f, 0.5f);
        hl_sitter_line (sitter, a, b, a + m * hl_even (canvas, 0.03f, 0.1f),
                        b - hl_even (canvas, -0.02f, 0.05f), 0.0f, 0.012f);
      }
  else
    hl_sitter_curve (sitter, brow, 4, 1.0f, wide);
  hl_sitter_paint (sitter, hl_even (canvas, 0.35f, 0.9f), sitter->soft + 0.008f * sitter->size,
                   0.9f * sitter->hair, sitter->tint);
}

static void
draw_nose (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     base   = hl_even (canvas, 0.3f, 0.4f);
  float     side   = sitter->light > 0.0f ? -1.0f : 1.0f;
  float     big    = hl_even (canvas, 0.8f, 1.25f);
  float     tip    = hl_sitter_turned (sitter, 0.0f, base) + 0.16f * sinf (sitter->turn);
  float     root   = hl_sitter_turned (sitter, 0.0f, -0.1f);

  for (int i = 0; i < 6; i++)
    {
      float t = (float) i / 5.0f;

      hl_sitter_bump (sitter, root + t * (tip - root), -0.12f + t * (base + 0.07f),
                      0.055f + 0.02f * t, 0.08f, big * (0.02f + 0.035f * t));
    }
  hl_sitter_bump (sitter, tip, base - 0.02f, 0.085f * big, 0.075f, 0.09f * big);
  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      float u = tip + m * 0.115f * big * (0.6f + 0.4f * cosf (sitter->turn));

      hl_sitter_bump (sitter, u, base + 0.01f, 0.05f, 0.05f, 0.05f);
      hl_sitter_ellipse (sitter, tip + 0.55f * (u - tip), base + 0.065f, 0.038f, 0.02f);
      hl_sitter_shade (sitter, sitter->soft + 0.008f * sitter->size, hl_even (canvas, 0.2f, 0.95f));
      if (hl_chance (canvas, 0.5f)) /* the wing's outline */
        {
          hl_sitter_line (sitter, u + 0.03f * m, base - 0.06f, u + 0.01f * m, base + 0.06f, 0.0f,
                          0.018f);
          hl_sitter_shade (sitter, sitter->soft + 0.006f * sitter->size,
                           hl_even (canvas, 0.1f, 0.6f));
        }
    }
  hl_sitter_ellipse (sitter, tip + 0.07f * side, base + 0.08f, 0.12f, 0.045f);
  hl_sitter_shade (sitter, sitter->soft + 0.03f * sitter->size, hl_even (canvas, 0.0f, 0.6f));
}

static void
draw_mouth (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     u      = hl_sitter_turned (sitter, 0.0f, 0.6f);
  float     r      = hl_even (canvas, 0.19f, 0.31f) * (0.55f + 0.45f * cosf (1.3f * sitter->turn));
  float     v      = hl_even (canvas, 0.55f, 0.62f);
  float     smile  = hl_even (canvas, -0.06f, 0.03f);
  float     full   = hl_even (canvas, 0.02f, 0.075f);
  float     red[3] = { sitter->tint[0], 0.75f * sitter->tint[1], 0.75f * sitter->tint[2] };
  float     tone   = sitter->skin * hl_even (canvas, 0.5f, 0.95f);
  float     lips[24]
      = { u - r, v + smile,        u - 0.5f * r,  v - 0.7f * full, u - 0.15f * r, v - full,
          u,     v - 0.75f * full, u + 0.15f * r, v - full,        u + 0.5f * r,  v - 0.7f * full,
          u + r, v + smile,        u + 0.6f * r,  v + 0.9f * full, u + 0.25f * r, v + 1.3f * full,
          u,     v + 1.35f * full, u - 0.25f * r, v + 1.3f * full, u - 0.6f * r,  v + 0.9f * full };
  float seam[14] = { u - 1.05f * r,
                     v + smile,
                     u - 0.6f * r,
                     v + 0.3f * smile,
                     u - 0.2f * r,
                     v - 0.01f,
                     u,
                     v + 0.01f,
                     u + 0.2f * r,
                     v - 0.01f,
                     u + 0.6f * r,
                     v + 0.3f * smile,
                     u + 1.05f * r,
                     v + smile };

  hl_sitter_bump (sitter, u, v - 0.5f * full, 0.7f * r, 0.05f, 0.025f);
  hl_sitter_bump (sitter, u, v + 0.8f * full, 0.6f * r, 0.05f, 0.04f);
  hl_sitter_bump (sitter, u, v + 0.18f, 0.14f, 0.05f, -0.03f);
  hl_sitter_bump (sitter, hl_sitter_turned (sitter, 0.0f, 0.85f), 0.85f, 0.16f, 0.12f, 0.07f);
  hl_sitter_polygon (sitter, lips, 12, 1.0f);
  hl_sitter_paint (sitter, hl_even (canvas, 0.3f, 1.0f), sitter->soft + 0.006f * sitter->size, tone,
                   red);
  if (smile < -0.03f && hl_chance (canvas, 0.5f)) /* teeth */
    {
      hl_sitter_curve (sitter, seam + 2, 5, 1.0f, 0.07f);
      hl_sitter_paint (sitter, hl_even (canvas, 0.6f, 1.0f), sitter->soft,
                       hl_even (canvas, 0.7f, 1.0f), NULL);
      for (int i = 1; i < 14; i += 2)
        seam[i] -= 0.025f;
    }
  hl_sitter_curve (sitter, seam, 7, 1.0f, hl_even (canvas, 0.012f, 0.035f));
  hl_sitter_shade (sitter, sitter->soft + 0.003f * sitter->size, hl_even (canvas, 0.4f, 0.9f));
  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    if (hl_chance (canvas, 0.6f)) /* from the nose to the corners of the mouth */
      {
        float line[6]
            = { u + 0.17f * m, 0.32f, u + m * (r + 0.03f), 0.48f, u + m * (r + 0.06f), 0.62f };

        hl_sitter_curve (sitter, line, 3, 1.0f, 0.03f);
        hl_sitter_raise (sitter, 0.4f + 0.015f * sitter->size, -hl_even (canvas, 0.01f, 0.05f));
      }
  if (hl_chance (canvas, 0.25f)) /* wrinkles of the forehead */
    for (int i = 1 + hl_below (canvas, 4); i > 0; i--)
      {
        float w = -0.3f - 0.09f * (float) i;

        hl_sitter_line (sitter, u - 0.35f, w, u + 0.35f, w, 0.02f * hl_normal (canvas), 0.02f);
        hl_sitter_raise (sitter, 0.4f + 0.012f * sitter->size, -hl_even (canvas, 0.005f, 0.03f));
      }
}

/* Strands from around (@u, @v) along (@du, @dv), bent by @sag; dark, then light ones. */
static void
draw_strands (HlSitter *sitter, int count, const float *from, const float *to, float sag,
              float spread, float length)
{
  HlCanvas *canvas = sitter->canvas;

  for (int part = 0; part < 2; part++)
    {
      for (int i = 0; i < count; i++)
        {
          float t  = hl_even (canvas, 0.0f, 1.0f);
          float k  = hl_even (canvas, 0.4f, 1.0f) * length;
          float u  = from[0] + t * (to[0] - from[0]) + spread * hl_normal (canvas);
          float v  = from[1] + t * (to[1] - from[1]) + spread * hl_normal (canvas);
          float du = k * (from[2] + t * (to[2] - from[2]));
          float dv = k * (from[3] + t * (to[3] - from[3]));

          hl_sitter_line (sitter, u, v, u + du, v + dv, sag * k * hl_even (canvas, 0.6f, 1.2f),
                          hl_scaled (canvas, 0.007f, 0.03f));
        }
      hl_sitter_paint (sitter, hl_even (canvas, 0.2f, 0.8f), 0.3f + 0.5f * sitter->soft,
                       part ? hl_clamp (1.7f * sitter->hair + 0.05f, 0.0f, 0.95f)
                            : 0.5f * sitter->hair,
                       sitter->tint);
    }
}

static void
draw_hair (HlSitter *sitter, int lady)
{
  HlCanvas *canvas = sitter->canvas;
  float     w      = sitter->wide;
  float     part   = hl_even (canvas, -0.45f, 0.45f);
  float     line   = hl_even (canvas, -0.62f, -0.4f);
  float     crown  = hl_even (canvas, 1.02f, 1.2f);
  float     down   = lady ? hl_even (canvas, 0.1f, 0.5f) : hl_even (canvas, -0.15f, 0.05f);
  float     cap[64];
  int       n     = 0;
  int       count = (int) hl_clamp (0.6f * sitter->size, 12.0f, 90.0f);

  for (int i = 0; i <= 14; i++)
    {
      float t = 3.1415927f * (1.0f + (float) i / 14.0f);

      cap[2 * n]       = 1.08f * w * cosf (t) * (1.0f + 0.03f * hl_normal (canvas));
      cap[2 * n++ + 1] = -0.12f + (crown - 0.1f) * sinf (t);
    }
  cap[2 * n]       = 1.08f * w;
  cap[2 * n++ + 1] = down;
  cap[2 * n]       = 0.96f * w;
  cap[2 * n++ + 1] = down;
  cap[2 * n]       = 0.86f * w;
  cap[2 * n++ + 1] = -0.3f;
  cap[2 * n]       = 0.6f * w;
  cap[2 * n++ + 1] = line + 0.05f * hl_normal (canvas);
  cap[2 * n]       = part;
  cap[2 * n++ + 1] = line - 0.12f;
  cap[2 * n]       = -0.6f * w;
  cap[2 * n++ + 1] = line + 0.05f * hl_normal (canvas);
  cap[2 * n]       = -0.86f * w;
  cap[2 * n++ + 1] = -0.3f;
  cap[2 * n]       = -0.96f * w;
  cap[2 * n++ + 1] = down;
  cap[2 * n]       = -1.08f * w;
  cap[2 * n++ + 1] = down;
  hl_sitter_polygon (sitter, cap, n, 1.0f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft + 0.015f * sitter->size, sitter->hair, sitter->tint);
  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      float root[4] = { part, -crown + 0.05f, m * 0.55f - part * 0.3f, 0.1f };
      float last[4] = { part, line - 0.1f, m * 0.75f - part * 0.5f, 0.25f };

      draw_strands (sitter, count, root, last, lady ? -0.12f : -0.06f, 0.02f, 1.0f);
      if (lady || hl_chance (canvas, 0.5f))
        {
          float from[4] = { m * 0.75f * w, -0.85f, m * 0.2f, 0.5f };
          float to[4]   = { m * 1.0f * w, -0.3f, m * 0.05f, 0.5f };

          draw_strands (sitter, count / 2, from, to, 0.1f * hl_normal (canvas), 0.03f,
                        lady ? 1.2f : 0.6f);
        }
    }
  if (hl_chance (canvas, 0.5f)) /* the parting */
    {
      hl_sitter_line (sitter, part, line - 0.1f, 0.8f * part, -crown + 0.05f, 0.0f, 0.025f);
      hl_sitter_paint (sitter, hl_even (canvas, 0.3f, 0.9f), sitter->soft,
                       hl_chance (canvas, 0.7f) ? 0.8f * sitter->skin : 0.3f * sitter->hair,
                       sitter->tint);
    }
}

static void
draw_beard (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     u      = hl_sitter_turned (sitter, 0.0f, 0.5f);
  int       count  = (int) hl_clamp (0.4f * sitter->size, 10.0f, 60.0f);
  float     full   = hl_even (canvas, 0.03f, 0.08f);

  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      float flap[10]
          = { 0.0f, 0.46f, 0.16f, 0.45f, 0.34f, 0.56f, 0.15f, 0.5f + full, 0.0f, 0.48f + full };
      float from[4] = { u, 0.47f, 0.25f * m, 0.07f };
      float to[4]   = { u + 0.2f * m, 0.5f, 0.2f * m, 0.07f };

      for (int i = 0; i < 5; i++)
        flap[2 * i] = u + m * flap[2 * i];
      hl_sitter_polygon (sitter, flap, 5, 1.0f);
      hl_sitter_paint (sitter, hl_even (canvas, 0.5f, 1.0f), sitter->soft + 0.012f * sitter->size,
                       sitter->hair, sitter->tint);
      draw_strands (sitter, count, from, to, 0.02f, 0.015f, 0.8f);
    }
  if (hl_chance (canvas, 0.35f))
    {
      float from[4] = { u - 0.5f, 0.55f, 0.05f, 0.3f };
      float to[4]   = { u + 0.5f, 0.55f, -0.05f, 0.3f };
      float chin[4] = { u - 0.3f, 0.85f, 0.0f, 0.4f };
      float end[4]  = { u + 0.3f, 0.85f, 0.0f, 0.4f };

      draw_strands (sitter, 2 * count, from, to, 0.0f, 0.05f, 0.9f);
      draw_strands (sitter, 3 * count, chin, end, 0.0f, 0.06f, 0.9f);
    }
}

/* A cap with its visor, or a hat with its band and brim; edges catch the light. */
static void
draw_hat (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     w      = sitter->wide;
  float     tone
      = hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.03f, 0.35f) : hl_even (canvas, 0.4f, 0.95f);
  float brim      = hl_even (canvas, 1.1f, 1.9f) * w;
  float v         = hl_even (canvas, -0.6f, -0.42f);
  float top       = v - hl_even (canvas, 0.4f, 0.8f);
  float crown[12] = { -1.08f * w, v,   -1.1f * w, 0.5f * (v + top), -0.7f * w, top,
                      0.7f * w,   top, 1.1f * w,  0.5f * (v + top), 1.08f * w, v };
  float sag       = hl_even (canvas, -0.05f, 0.15f);

  hl_sitter_polygon (sitter, crown, 6, 1.0f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft, tone, NULL);
  hl_sitter_line (sitter, -1.05f * w, v - 0.06f, 1.05f * w, v - 0.06f, 0.4f * sag, 0.14f);
  hl_sitter_paint (sitter, hl_even (canvas, 0.3f, 1.0f), sitter->soft, hl_even (canvas, 0.0f, 1.0f),
                   NULL);
  hl_sitter_line (sitter, -brim, v, brim, v, sag, 0.1f);
  hl_sitter_paint (sitter, 1.0f, sitter->soft, 0.8f * tone, NULL);
  hl_sitter_line (sitter, -brim, v + 0.05f, brim, v + 0.05f, sag, hl_even (canvas, 0.01f, 0.03f));
  hl_sitter_paint (sitter, hl_even (canvas, 0.2f, 1.0f), sitter->soft,
                   hl_chance (canvas, 0.6f) ? fminf (1.0f, 2.0f * tone + 0.2f) : 0.3f * tone, NULL);
  hl_sitter_ellipse (sitter, 0.0f, v + 0.25f, w, 0.2f);
  hl_sitter_shade (sitter, sitter->soft + 0.08f * sitter->size, hl_even (canvas, 0.0f, 0.5f));
  if (hl_chance (canvas, 0.4f)) /* a badge */
    {
      hl_sitter_ellipse (sitter, 0.0f, 0.5f * (v + top), 0.07f, 0.09f);
      hl_sitter_paint (sitter, 1.0f, sitter->soft, hl_even (canvas, 0.5f, 1.0f), NULL);
      hl_sitter_bump (sitter, 0.0f, 0.5f * (v + top), 0.04f, 0.05f, 0.05f);
    }
}

void
hl_sitter_head (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  int       lady   = hl_chance (canvas, 0.45f);
  float     gap    = hl_even (canvas, 0.26f, 0.33f);
  float     open   = hl_even (canvas, 0.025f, 0.085f);
  int       hidden = sitter->turn > 0.0f ? 1 : -1;

  if (lady && hl_chance (canvas, 0.6f)) /* hair behind */
    {
      hl_sitter_ellipse (sitter, 0.0f, hl_even (canvas, -0.2f, 0.2f),
                         sitter->wide * hl_even (canvas, 1.1f, 1.45f),
                         hl_even (canvas, 0.9f, 1.4f));
      hl_sitter_paint (sitter, 1.0f, sitter->soft + 0.02f * sitter->size, 0.8f * sitter->hair,
                       sitter->tint);
    }
  hl_sitter_neck (sitter);
  for (int m = -1; m < 2; m += 2)
    if (m != hidden || fabsf (sitter->turn) < 0.3f)
      if (!lady || hl_chance (canvas, 0.5f))
        draw_ear (sitter, (float) m);
  draw_skull (sitter);
  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    {
      hl_sitter_bump (sitter, hl_sitter_turned (sitter, 0.42f * m, 0.25f), 0.25f, 0.2f, 0.16f,
                      hl_even (canvas, 0.0f, 0.06f));
      draw_eye (sitter, m, gap, open);
    }
  draw_nose (sitter);
  draw_mouth (sitter);
  if (!lady && hl_chance (canvas, 0.4f))
    draw_beard (sitter);
  if (hl_chance (canvas, 0.92f))
    draw_hair (sitter, lady);
  if (hl_chance (canvas, 0.2f))
    draw_hat (sitter);
  if (hl_chance (canvas, 0.12f)) /* spectacles */
    {
      float tone = hl_chance (canvas, 0.5f) ? 0.1f : 0.85f;
      float wire = hl_even (canvas, 0.012f, 0.04f);

      for (float m = -1.0f; m < 2.0f; m += 2.0f)
        {
          float u = hl_sitter_turned (sitter, m * gap, -0.05f);
          float ring[26];

          for (int i = 0; i < 13; i++)
            {
              ring[2 * i]     = u + 0.21f * cosf (0.5235988f * (float) i);
              ring[2 * i + 1] = -0.04f + 0.19f * sinf (0.5235988f * (float) i);
            }
          hl_sitter_curve (sitter, ring, 13, 1.0f, wire);
        }
      hl_sitter_line (sitter, hl_sitter_turned (sitter, -0.1f, 0.0f), -0.06f,
                      hl_sitter_turned (sitter, 0.1f, 0.0f), -0.06f, -0.03f, wire);
      hl_sitter_paint (sitter, hl_even (canvas, 0.5f, 1.0f), sitter->soft, tone, NULL);
    }
}

/* Highlights, which no shade dims: on the eyes, the tip of the nose, the lower lip. */
void
hl_sitter_glints (HlSitter *sitter)
{
  HlCanvas *canvas = sitter->canvas;
  float     by     = sitter->light * 0.03f;

  for (float m = -1.0f; m < 2.0f; m += 2.0f)
    hl_sitter_ellipse (sitter, hl_sitter_turned (sitter, 0.3f * m, -0.05f) + by, -0.08f, 0.018f,
                       0.018f);
  hl_sitter_paint (sitter, hl_even (canvas, 0.0f, 1.0f), 0.4f, 1.0f, NULL);
  hl_sitter_ellipse (sitter, hl_sitter_turned (sitter, 0.0f, 0.3f) + by, 0.27f, 0.03f, 0.025f);
  hl_sitter_ellipse (sitter, hl_sitter_turned (sitter, 0.0f, 0.6f) + by, 0.64f, 0.06f, 0.012f);
  hl_sitter_paint (sitter, hl_chance (canvas, 0.4f) ? hl_even (canvas, 0.0f, 0.4f) : 0.0f,
                   sitter->soft + 0.025f * sitter->size, fminf (1.0f, 1.3f * sitter->skin),
                   sitter->tint);
}

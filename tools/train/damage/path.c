/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines as scratches, cracks, hairs and wires run, and small irregular shapes. */
#include "path.h"

#include <stdlib.h>

/* @beyond: how far outside the picture, as a share of its side. */
HlPoint
hl_point_anywhere (HlCanvas *canvas, float beyond)
{
  float n = (float) canvas->side;
  float x = hl_even (canvas, -beyond * n, (1.0f + beyond) * n);

  return (HlPoint) { x, hl_even (canvas, -beyond * n, (1.0f + beyond) * n) };
}

/* A point on the border, and an @angle inwards. */
HlPoint
hl_point_edge (HlCanvas *canvas, float *angle)
{
  static const float inwards[4] = { 0.0f, 3.1415927f, 1.5707963f, -1.5707963f };
  float              n          = (float) canvas->side;
  float              t          = hl_even (canvas, 0.0f, n);
  int                side       = hl_below (canvas, 4);

  *angle = inwards[side] + hl_even (canvas, -1.1f, 1.1f);
  return side == 0   ? (HlPoint) { 0.0f, t }
         : side == 1 ? (HlPoint) { n, t }
         : side == 2 ? (HlPoint) { t, 0.0f }
                     : (HlPoint) { t, n };
}

/* A path whose direction wanders: @bend in radians per 100 pixels, @jag in radians each step. */
void
hl_path_curve (HlCanvas *canvas, HlPath *path, HlPoint start, float angle, float length, float bend,
               float step, float jag)
{
  int   count = (int) (length / step) + 1;
  float size  = 1.0f / fmaxf (3.0f, (float) count / 3.0f);
  float seed  = hl_even (canvas, 0.0f, 256.0f);
  float from  = hl_even (canvas, 0.0f, 256.0f);

  count       = count < 2 ? 2 : count > HL_PATH_MOST ? HL_PATH_MOST : count;
  path->count = count;
  for (int i = 0; i < count; i++)
    {
      float now = angle + (jag > 0.0f ? jag * hl_normal (canvas) : 0.0f);

      path->point[i] = start;
      path->width[i] = path->value[i] = 1.0f;
      start.x += step * cosf (now);
      start.y += step * sinf (now);
      angle += hl_canvas_along (canvas, from + (float) i * size, seed) * bend * step / 100.0f;
    }
}

/* Ends that grow thin and faint, to @least of the width. */
void
hl_path_taper (HlCanvas *canvas, HlPath *path, float least)
{
  float end = fmaxf (0.02f, hl_even (canvas, 0.0f, 0.3f));

  for (int i = 0; i < path->count; i++)
    {
      float t = (float) i / (float) (path->count - 1);
      float s = hl_clamp (fminf (t, 1.0f - t) / end, 0.0f, 1.0f);

      path->width[i] *= least + (1.0f - least) * s;
      path->value[i] *= s;
    }
}

/* Widths that vary by @amount in the logarithm, over @size points. */
void
hl_path_vary (HlCanvas *canvas, HlPath *path, float amount, float size)
{
  float seed = hl_even (canvas, 0.0f, 256.0f);
  float from = hl_even (canvas, 0.0f, 256.0f);

  for (int i = 0; i < path->count; i++)
    path->width[i] *= expf (amount * hl_canvas_along (canvas, from + (float) i / size, seed));
}

/* Gaps of about @size points that leave out about @share of the path. */
void
hl_path_break (HlCanvas *canvas, HlPath *path, float size, float share)
{
  float seed = hl_even (canvas, 0.0f, 256.0f);
  float from = hl_even (canvas, 0.0f, 256.0f);
  /* The normal distribution's quantile, nearly, for 0..0.7; interpolated noise is narrower. */
  float level = 0.8f * (share < 0.5f ? -1.6f + 3.2f * share : 2.6f * (share - 0.5f));

  if (share <= 0.0f)
    return;
  for (int i = 0; i < path->count; i++)
    path->value[i] *= hl_clamp (
        3.0f * (hl_canvas_along (canvas, from + (float) i / size, seed) - level) + 0.5f, 0.0f,
        1.0f);
}

void
hl_cover_path (HlCover *cover, const HlPath *path, float width, float value)
{
  for (int i = 0; i + 1 < path->count; i++)
    {
      float v = 0.5f * value * (path->value[i] + path->value[i + 1]);

      if (v > 0.02f)
        hl_cover_segment (cover, path->point[i], path->point[i + 1], width * path->width[i],
                          width * path->width[i + 1], v);
    }
}

/* A crack and its branches, to a depth of 3. */
void
hl_cover_cracks (HlCanvas *canvas, HlCover *cover, const HlCracks *cracks, HlPoint start,
                 float angle, float length, float width, int depth)
{
  float   step  = hl_even (canvas, 2.0f, 5.0f);
  int     count = (int) fmaxf (3.0f, length / step);
  float   swing = 1.0f / hl_even (canvas, 6.0f, 25.0f);
  float   seed  = hl_even (canvas, 0.0f, 256.0f);
  float   from  = hl_even (canvas, 0.0f, 256.0f);
  float   end   = hl_even (canvas, 0.3f, 1.0f);
  float   n     = (float) canvas->side;
  HlPath *path  = malloc (sizeof *path);

  if (path == NULL)
    abort ();
  count       = count > HL_PATH_MOST ? HL_PATH_MOST : count;
  path->count = count;
  for (int i = 0; i < count; i++)
    {
      float now = angle + 0.5f * hl_canvas_along (canvas, from + (float) i * swing, seed)
                  + cracks->jag * hl_normal (canvas);
      float wide = width * (1.0f + (end - 1.0f) * (float) i / (float) count);

      path->point[i] = start;
      path->value[i] = 1.0f;
      if (cracks->worn > 0.0f)
        {
          int x = (int) hl_clamp (start.x, 0.0f, n - 1.0f);
          int y = (int) hl_clamp (start.y, 0.0f, n - 1.0f);

          wide = hl_clamp (wide * expf (cracks->worn * cracks->place[y * canvas->side + x]), 0.4f,
                           9.0f);
        }
      path->width[i] = wide;
      if (depth < 3 && hl_chance (canvas, cracks->fork) && fabsf (start.x - 0.5f * n) < 0.6f * n
          && fabsf (start.y - 0.5f * n) < 0.6f * n)
        hl_cover_cracks (canvas, cover, cracks, start,
                         now + hl_sign (canvas, 0.5f) * hl_even (canvas, 0.4f, 1.4f),
                         length * hl_even (canvas, 0.15f, 0.6f),
                         width * hl_even (canvas, 0.4f, 0.9f), depth + 1);
      start.x += step * cosf (now);
      start.y += step * sinf (now);
    }
  hl_path_vary (canvas, path, 0.5f, hl_even (canvas, 2.0f, 8.0f));
  hl_path_break (canvas, path, hl_even (canvas, 2.0f, 8.0f), cracks->gaps);
  hl_cover_path (cover, path, 1.0f, hl_even (canvas, 0.6f, 1.0f));
  free (path);
}

/* A small irregular shape. */
void
hl_cover_blob (HlCanvas *canvas, HlCover *cover, HlPoint at, float radius, float ragged,
               int corners, float value)
{
  HlPoint points[24];
  float   flat = hl_scaled (canvas, 0.4f, 1.0f);
  float   turn = hl_even (canvas, 0.0f, 3.1415927f);
  float   c    = cosf (turn);
  float   s    = sinf (turn);

  for (int i = 0; i < corners; i++)
    {
      float t = 6.2831853f * ((float) i + hl_even (canvas, -0.4f, 0.4f)) / (float) corners;
      float r = radius * expf (ragged * hl_normal (canvas));
      float u = r * cosf (t);
      float v = flat * r * sinf (t);

      points[i] = (HlPoint) { at.x + c * u - s * v, at.y + s * u + c * v };
    }
  hl_cover_polygon (cover, points, corners, value);
}

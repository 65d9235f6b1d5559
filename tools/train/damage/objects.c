/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sound things that resemble damage, laid into a drawn picture: hair, glints, lace, outlines,
 * twigs, margins, blossoms, metal, wires, windows. person.c and place.c draw larger ones.
 */
#include "kinds.h"

static const float white[3] = { 1.0f, 1.0f, 1.0f };

void
hl_kinds_draw (HlCanvas *canvas, const HlKind *kinds, int count)
{
  float total = 0.0f;
  float place;
  int   i = 0;

  for (int k = 0; k < count; k++)
    total += kinds[k].share;
  place = hl_even (canvas, 0.0f, total);
  for (; i < count - 1 && place >= kinds[i].share; i++)
    place -= kinds[i].share;
  kinds[i].draw (canvas);
}

/* Hair, grass: many strands that agree with each other. */
void
hl_strands (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  HlCover *ground = &canvas->cover[1];
  HlPoint  root   = hl_point_anywhere (canvas, 0.0f);
  float    spread = hl_scaled (canvas, 8.0f, 40.0f);
  float    angle  = hl_even (canvas, 0.0f, 6.2831853f);
  float    bend   = hl_even (canvas, -2.5f, 2.5f);
  float    length = hl_scaled (canvas, 30.0f, 150.0f);
  float    width  = hl_scaled (canvas, 0.4f, 1.4f);
  float    color[3];
  HlPath   path;

  for (int i = (int) hl_scaled (canvas, 12.0f, 80.0f); i > 0; i--)
    {
      float   now = angle + 0.12f * hl_normal (canvas);
      float   by  = (bend + 0.4f * hl_normal (canvas)) / 100.0f * 5.0f;
      HlPoint at  = { root.x + spread * hl_normal (canvas), root.y + spread * hl_normal (canvas) };

      path.count = (int) (length / 5.0f) + 1;
      for (int k = 0; k < path.count; k++, now += by)
        {
          path.point[k] = at;
          path.width[k] = path.value[k] = 1.0f;
          at.x += 5.0f * cosf (now);
          at.y += 5.0f * sinf (now);
        }
      hl_path_taper (canvas, &path, 0.1f);
      hl_cover_path (cover, &path, width * hl_scaled (canvas, 0.7f, 1.3f),
                     hl_even (canvas, 0.3f, 1.0f));
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 0.8f));
  if (hl_chance (canvas, 0.6f))
    {
      hl_cover_copy (ground, cover);
      hl_cover_blur (ground, canvas->spare[0], 6.0f);
      hl_any_color (canvas, 0.0f, 0.6f, color);
      hl_canvas_lay (canvas, ground, 3.0f * hl_even (canvas, 0.4f, 1.0f), color);
      hl_cover_wipe (ground);
    }
  hl_canvas_add (canvas, cover, hl_even (canvas, 0.08f, 0.5f) * hl_sign (canvas, 0.6f), NULL);
  hl_cover_wipe (cover);
}

/* Highlights: soft dots on dark ones in pairs or rows, as on eyes, beads and buttons. */
void
hl_glints (HlCanvas *canvas)
{
  HlCover *light = &canvas->cover[0];
  HlCover *dark  = &canvas->cover[1];
  float    soft  = hl_even (canvas, 0.2f, 0.9f);
  float    color[3];

  for (int i = (int) hl_scaled (canvas, 1.0f, 7.0f); i > 0; i--)
    {
      float   r     = hl_scaled (canvas, 0.6f, 3.0f);
      HlPoint at    = hl_point_anywhere (canvas, 0.0f);
      float   dx    = hl_scaled (canvas, 4.0f, 40.0f);
      float   dy    = hl_even (canvas, -8.0f, 8.0f);
      int     count = hl_chance (canvas, 0.6f) ? 2 : 3 + hl_below (canvas, 6);
      float   flat  = hl_even (canvas, 0.6f, 1.0f);
      float   big   = hl_even (canvas, 1.5f, 4.0f) * r;
      float   by    = hl_even (canvas, -0.4f, 0.4f) * r;

      for (int k = 0; k < count; k++, at.x += dx, at.y += dy)
        {
          hl_cover_ellipse (dark, at.x, at.y, big, big * flat, 0.0f, 1.0f);
          hl_cover_ellipse (light, at.x + by, at.y - 0.4f * r, 0.6f * r, 0.6f * r * flat, 0.0f,
                            1.0f);
        }
    }
  hl_cover_blur (light, canvas->spare[0], soft);
  hl_cover_blur (dark, canvas->spare[0], soft + 0.3f);
  hl_any_color (canvas, 0.0f, 0.5f, color);
  hl_canvas_lay (canvas, dark, hl_even (canvas, 0.3f, 1.0f), color);
  hl_canvas_lay (canvas, light, hl_even (canvas, 0.4f, 1.0f), white);
  hl_cover_wipe (light);
  hl_cover_wipe (dark);
}

/* A repeated small motif inside a patch: lace, prints on cloth. */
void
hl_lace (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float    step  = hl_scaled (canvas, 4.0f, 16.0f);
  HlPoint  at    = hl_point_anywhere (canvas, 0.0f);
  float    turn  = hl_even (canvas, 0.0f, 3.1415927f);
  int      count = 1 + hl_below (canvas, 3);
  int      reach = (int) (hl_scaled (canvas, 20.0f, 70.0f) / step);
  float    motif[3][5];
  float    color[3];

  for (int m = 0; m < count; m++)
    {
      motif[m][0] = 0.3f * step * hl_normal (canvas);
      motif[m][1] = 0.3f * step * hl_normal (canvas);
      motif[m][2] = step * hl_even (canvas, 0.12f, 0.35f);
      motif[m][3] = motif[m][2] * hl_scaled (canvas, 0.4f, 1.0f);
      motif[m][4] = hl_even (canvas, 0.0f, 3.1415927f);
    }
  for (int j = -reach; j <= reach; j++)
    for (int i = -reach; i <= reach; i++)
      if (i * i + j * j <= reach * reach)
        {
          float x = at.x + step * (cosf (turn) * (float) i - sinf (turn) * (float) j)
                    + 0.05f * step * hl_normal (canvas);
          float y = at.y + step * (sinf (turn) * (float) i + cosf (turn) * (float) j)
                    + 0.05f * step * hl_normal (canvas);

          for (int m = 0; m < count; m++)
            hl_cover_ellipse (cover, x + motif[m][0], y + motif[m][1], motif[m][2], motif[m][3],
                              motif[m][4], 1.0f);
        }
  color[0] = color[1] = color[2] = hl_chance (canvas, 0.5f) ? 0.05f : 0.95f;
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.2f, 0.8f));
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.3f, 1.0f), color);
  hl_cover_wipe (cover);
}

/* A shape with a thin light or dark outline along a part of it, as at collars and cuffs. */
void
hl_rims (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  HlPoint  at      = hl_point_anywhere (canvas, 0.0f);
  float    radius  = hl_scaled (canvas, 20.0f, 90.0f);
  int      corners = 4 + hl_below (canvas, 5);
  float    soft    = hl_even (canvas, 0.3f, 1.0f);
  HlPoint  corner[8];
  HlPath   path;
  float    color[3];
  int      from;
  int      count;

  for (int i = 0; i < corners; i++)
    {
      float t = 6.2831853f * ((float) i + hl_even (canvas, -0.4f, 0.4f)) / (float) corners;
      float r = radius * expf (0.25f * hl_normal (canvas));

      corner[i] = (HlPoint) { at.x + r * cosf (t), at.y + r * sinf (t) };
    }
  path.count = 0;
  for (int i = 0; i < corners; i++)
    {
      HlPoint a     = corner[i];
      HlPoint b     = corner[i + 1 == corners ? 0 : i + 1];
      float   long_ = hypotf (b.x - a.x, b.y - a.y);
      float   mx    = 0.5f * (a.x + b.x) + 0.12f * long_ * hl_normal (canvas);
      float   my    = 0.5f * (a.y + b.y) + 0.12f * long_ * hl_normal (canvas);

      for (int k = 0; k < 13; k++)
        {
          float t = (float) k / 13.0f;
          float s = 1.0f - t;

          path.point[path.count] = (HlPoint) { s * s * a.x + 2.0f * t * s * mx + t * t * b.x,
                                               s * s * a.y + 2.0f * t * s * my + t * t * b.y };
          path.width[path.count] = path.value[path.count] = 1.0f;
          path.count++;
        }
    }
  hl_cover_polygon (cover, path.point, path.count, 1.0f);
  hl_cover_blur (cover, canvas->spare[0], soft);
  hl_any_gray (canvas, 0.05f, 0.95f, color);
  for (int c = 0; c < 3; c++)
    color[c] += 0.05f * hl_normal (canvas);
  hl_canvas_lay (canvas, cover, 1.0f, color);
  hl_cover_wipe (cover);
  from  = hl_below (canvas, path.count - 4);
  count = 4 + hl_below (canvas, path.count - from - 3);
  for (int i = 0; i < count; i++)
    path.point[i] = path.point[from + i < path.count ? from + i : path.count - 1];
  path.count = count;
  hl_path_vary (canvas, &path, 0.15f, 8.0f);
  hl_cover_path (cover, &path, hl_scaled (canvas, 0.5f, 3.0f), 1.0f);
  hl_cover_blur (cover, canvas->spare[0], soft);
  hl_canvas_add (canvas, cover, hl_even (canvas, 0.1f, 0.5f) * hl_sign (canvas, 0.6f), NULL);
  hl_cover_wipe (cover);
}

static void
grow_twig (HlCanvas *canvas, HlPoint at, float angle, float width, float length, int depth)
{
  HlPath path;

  hl_path_curve (canvas, &path, at, angle, length, 1.0f, 4.0f, 0.0f);
  for (int i = 0; i < path.count; i++)
    path.width[i] = 1.0f - 0.4f * (float) i / (float) path.count;
  hl_cover_path (&canvas->cover[0], &path, width, 1.0f);
  if (depth == 0 || width < 0.5f)
    return;
  for (int i = 2 + hl_below (canvas, 2); i > 0; i--)
    {
      int k = path.count - 1 - hl_below (canvas, path.count / 3 + 1);

      grow_twig (canvas, path.point[k], angle + hl_even (canvas, -0.8f, 0.8f),
                 width * hl_even (canvas, 0.45f, 0.75f), length * hl_even (canvas, 0.5f, 0.9f),
                 depth - 1);
    }
}

/* Branches of a tree: forks that grow thinner, always smooth, mostly dark. */
void
hl_twigs (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float    angle;
  HlPoint  at = hl_point_edge (canvas, &angle);
  float    color[3];

  grow_twig (canvas, at, angle, hl_scaled (canvas, 1.5f, 9.0f), hl_scaled (canvas, 25.0f, 80.0f),
             4);
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.2f, 0.8f));
  if (hl_chance (canvas, 0.8f))
    hl_any_gray (canvas, 0.0f, 0.35f, color);
  else
    hl_any_gray (canvas, 0.6f, 1.0f, color);
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.6f, 1.0f), color);
  hl_cover_wipe (cover);
}

/* The white or coloured margin of a sound print, or the scanner's lid beyond it. */
void
hl_margin (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  int      side  = canvas->side;
  float    light
      = hl_chance (canvas, 0.7f) ? hl_even (canvas, 0.75f, 1.0f) : hl_even (canvas, 0.0f, 0.2f);
  float color[3]
      = { light, light * hl_even (canvas, 0.95f, 1.0f), light * hl_even (canvas, 0.85f, 1.0f) };
  float width = hl_scaled (canvas, 2.0f, 30.0f);
  float lean  = hl_even (canvas, -0.01f, 0.01f);

  for (int which = 0; which < 4; which++)
    {
      float dark = hl_chance (canvas, 0.3f) ? hl_even (canvas, 0.1f, 0.5f) : 0.0f;
      float thin = 1.0f / hl_even (canvas, 0.7f, 2.0f);

      if (hl_chance (canvas, 0.5f))
        continue;
      hl_cover_whole (cover);
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
          {
            float d = which == 0   ? (float) x + lean * (float) y
                      : which == 1 ? (float) (side - 1 - x) + lean * (float) y
                      : which == 2 ? (float) y + lean * (float) x
                                   : (float) (side - 1 - y) + lean * (float) x;

            cover->value[y * side + x] = hl_clamp (width - d, 0.0f, 1.0f);
            if (dark > 0.0f && fabsf (d - width) * thin < 1.0f)
              for (int c = 0; c < 3; c++)
                canvas->plane[c][y * side + x] -= dark * (1.0f - fabsf (d - width) * thin);
          }
      hl_canvas_lay (canvas, cover, 1.0f, color);
    }
  hl_cover_wipe (cover);
}

/* Small bright blossoms. */
void
hl_flowers (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  HlPoint  centre = hl_point_anywhere (canvas, 0.0f);
  float    radius = hl_scaled (canvas, 1.2f, 9.0f);
  float    spread = hl_scaled (canvas, 15.0f, 80.0f);
  int      petals = 4 + hl_below (canvas, 5);
  float    color[3];

  for (int i = (int) hl_scaled (canvas, 4.0f, 45.0f); i > 0; i--)
    {
      float x    = centre.x + spread * hl_normal (canvas);
      float y    = centre.y + spread * hl_normal (canvas);
      float flat = hl_scaled (canvas, 0.4f, 1.0f);
      float r    = radius * hl_scaled (canvas, 0.6f, 1.4f);

      for (int k = 0; k < petals; k++)
        {
          float t = 6.2831853f * (float) k / (float) petals + hl_even (canvas, -0.2f, 0.2f);

          hl_cover_ellipse (cover, x + 0.6f * r * cosf (t), y + 0.6f * r * flat * sinf (t),
                            0.45f * r, 0.22f * r * flat, t, hl_even (canvas, 0.6f, 1.0f));
        }
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.3f, 1.5f));
  hl_any_color (canvas, 0.7f, 1.0f, color);
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.5f, 1.0f), color);
  hl_cover_wipe (cover);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Damage that is long and thin: scratches, cracks, folds. Sizes in pixels of a scan. */
#include "kinds.h"

/* The colour that shows where the emulsion is gone, or dirt unless it must be @bright. */
void
hl_paper (HlCanvas *canvas, float color[3], int bright)
{
  float kind = hl_even (canvas, 0.0f, 1.0f);

  if (kind < 0.72f || (bright && kind >= 0.82f))
    {
      float v    = hl_even (canvas, 0.72f, 1.05f);
      float warm = hl_chance (canvas, 0.7f) ? hl_even (canvas, 0.0f, 0.22f) : 0.0f;

      color[0] = v;
      color[1] = v - 0.4f * warm;
      color[2] = v - warm;
    }
  else if (kind < 0.82f)
    {
      float v = bright ? hl_even (canvas, 0.6f, 0.8f) : hl_even (canvas, 0.45f, 0.75f);

      color[0] = v;
      color[1] = v - 0.03f;
      color[2] = v - hl_even (canvas, 0.0f, 0.1f);
    }
  else
    color[0] = color[1] = color[2] = hl_even (canvas, -0.02f, 0.22f);
}

/* Lays a mark: towards paper, white or black, or lighter or darker. @bright: how often it is
 * lighter. The cover is empty afterwards. */
void
hl_mark (HlCanvas *canvas, HlCover *cover, float amount, float bright)
{
  int light = hl_chance (canvas, bright);

  if (hl_chance (canvas, 0.5f))
    {
      float color[3] = { 1.0f, 1.0f, 1.0f };

      if (hl_chance (canvas, 0.5f))
        hl_paper (canvas, color, 0);
      else if (!light)
        color[0] = color[1] = color[2] = 0.02f;
      hl_canvas_lay (canvas, cover, amount, color);
    }
  else
    hl_canvas_add (canvas, cover, light ? amount : -amount, NULL);
  hl_cover_wipe (cover);
}

/* Thin curves, alone, in parallel bundles or in all directions. */
void
hl_scratches (HlCanvas *canvas)
{
  static const float spreads[3] = { 0.03f, 0.2f, 3.0f };
  static const float bends[3]   = { 0.05f, 0.3f, 1.0f };
  HlCover           *cover      = &canvas->cover[0];
  float              n          = (float) canvas->side;
  float              main       = hl_even (canvas, 0.0f, 3.1415927f);
  float              spread     = spreads[hl_below (canvas, 3)];
  float              bend       = bends[hl_below (canvas, 3)];
  float              base       = hl_scaled (canvas, 0.5f, 3.0f);
  HlPath             path;

  for (int i = (int) hl_scaled (canvas, 1.0f, 22.0f); i > 0; i--)
    {
      float angle
          = main + spread * hl_normal (canvas) + (hl_chance (canvas, 0.5f) ? 3.1416f : 0.0f);

      hl_path_curve (canvas, &path, hl_point_anywhere (canvas, 0.1f), angle,
                     hl_scaled (canvas, 15.0f, 1.6f * n), bend, 4.0f, 0.0f);
      hl_path_taper (canvas, &path, 0.4f);
      hl_path_vary (canvas, &path, 0.25f, 6.0f);
      hl_path_break (canvas, &path, hl_even (canvas, 2.0f, 12.0f), hl_even (canvas, -0.5f, 0.6f));
      hl_cover_path (cover, &path, base * hl_scaled (canvas, 0.6f, 1.5f),
                     hl_even (canvas, 0.4f, 1.0f));
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 0.8f));
  hl_mark (canvas, cover, hl_scaled (canvas, 0.1f, 0.9f), 0.7f);
}

/* Straight along the film: short dashes, or right across and uneven; sometimes with a dark seam. */
void
hl_film_scratches (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  HlCover *seam    = &canvas->cover[1];
  float    n       = (float) canvas->side;
  int      upright = hl_chance (canvas, 0.65f);
  int      dashes  = hl_chance (canvas, 0.45f);
  int      seamed  = hl_chance (canvas, 0.25f);
  float    base    = hl_scaled (canvas, 0.5f, dashes ? 2.2f : 3.5f);
  int    count = (int) (dashes ? hl_scaled (canvas, 2.0f, 60.0f) : hl_scaled (canvas, 1.0f, 9.0f));
  float  tint[3] = { 1.0f, 1.0f, 1.0f };
  float  slope   = hl_even (canvas, -0.01f, 0.01f);
  float  amount;
  HlPath path;

  while (count-- > 0)
    {
      float length
          = dashes ? hl_scaled (canvas, 5.0f, 100.0f) : hl_scaled (canvas, 0.3f * n, 2.0f * n);
      float across = hl_even (canvas, -0.05f * n, 1.05f * n);
      float along  = hl_even (canvas, -0.5f * length, n);
      float seed   = hl_even (canvas, 0.0f, 256.0f);
      float lean   = slope + hl_even (canvas, -0.003f, 0.003f);
      float width  = base * hl_scaled (canvas, 0.7f, 1.5f);

      path.count = (int) (length / 4.0f) + 2;
      if (path.count > HL_PATH_MOST)
        path.count = HL_PATH_MOST;
      for (int i = 0; i < path.count; i++)
        {
          float t = 4.0f * (float) i;
          float a = across + lean * t + 0.15f * hl_canvas_along (canvas, (float) i / 8.0f, seed);

          path.point[i] = upright ? (HlPoint) { a, along + t } : (HlPoint) { along + t, a };
          path.width[i] = path.value[i] = 1.0f;
        }
      if (hl_chance (canvas, 0.6f))
        hl_path_taper (canvas, &path, 0.6f);
      hl_path_break (canvas, &path, hl_even (canvas, 3.0f, 20.0f), hl_even (canvas, -0.6f, 0.5f));
      hl_path_vary (canvas, &path, hl_even (canvas, 0.0f, 0.3f), 5.0f);
      hl_cover_path (cover, &path, width, hl_even (canvas, 0.3f, 1.0f));
      if (seamed)
        {
          for (int i = 0; i < path.count; i++)
            *(upright ? &path.point[i].x : &path.point[i].y) += width;
          hl_cover_path (seam, &path, 0.7f * width, hl_even (canvas, 0.3f, 1.0f));
        }
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 1.2f));
  if (hl_chance (canvas, 0.3f))
    for (int c = 0; c < 3; c++)
      tint[c] = hl_even (canvas, 0.3f, 1.0f);
  amount = hl_scaled (canvas, 0.08f, 0.9f) * hl_sign (canvas, 0.75f);
  hl_canvas_add (canvas, cover, amount, tint);
  hl_canvas_add (canvas, seam, -0.6f * amount, tint);
  hl_cover_wipe (cover);
  hl_cover_wipe (seam);
}

/* A bright core with dark lips, or lips only. The cover is empty afterwards. */
static void
paint_crack (HlCanvas *canvas, HlCover *cover, float strength)
{
  if (hl_chance (canvas, 0.65f))
    hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_scaled (canvas, 0.06f, 0.4f));
  if (hl_chance (canvas, 0.8f))
    {
      float color[3];

      hl_paper (canvas, color, hl_chance (canvas, 0.8f));
      hl_canvas_lay (canvas, cover, strength, color);
    }
  else
    hl_canvas_add (canvas, cover, hl_even (canvas, -0.35f, 0.45f), NULL);
  hl_cover_wipe (cover);
}

static void
roughen (HlCanvas *canvas, HlCover *cover, float size, float amount)
{
  float *noise = canvas->spare[0];

  hl_canvas_fractal (canvas, noise, size, 2, 0.55f);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      {
        size_t at = (size_t) y * (size_t) canvas->side + (size_t) x;

        cover->value[at]
            = hl_clamp (1.3f * cover->value[at] * (1.0f + amount * noise[at]), 0.0f, 1.0f);
      }
}

void
hl_cracks (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  float    n      = (float) canvas->side;
  float    base   = hl_scaled (canvas, 0.7f, 4.5f);
  HlCracks cracks = { .jag  = hl_even (canvas, 0.1f, 0.7f),
                      .fork = hl_scaled (canvas, 0.004f, 0.07f),
                      .gaps = hl_even (canvas, -0.6f, 0.5f) };

  for (int i = (int) hl_scaled (canvas, 1.0f, 7.0f); i > 0; i--)
    {
      float   angle = hl_even (canvas, 0.0f, 6.2831853f);
      HlPoint start = hl_chance (canvas, 0.6f) ? hl_point_edge (canvas, &angle)
                                               : hl_point_anywhere (canvas, 0.0f);

      hl_cover_cracks (canvas, cover, &cracks, start, angle,
                       hl_scaled (canvas, 0.15f * n, 1.3f * n),
                       base * hl_scaled (canvas, 0.5f, 1.3f), 0);
    }
  if (hl_chance (canvas, 0.5f))
    roughen (canvas, cover, hl_even (canvas, 2.0f, 6.0f), 0.5f);
  paint_crack (canvas, cover, hl_scaled (canvas, 0.3f, 1.0f));
}

/* The borders of cells around scattered points, bent, and only partly open. */
void
hl_craquelure (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  float   *warp_x  = canvas->spare[0];
  float   *warp_y  = canvas->spare[1];
  float   *opening = canvas->spare[2];
  int      side    = canvas->side;
  float    cell    = hl_scaled (canvas, 12.0f, 90.0f);
  float    warp    = hl_even (canvas, 0.04f, 0.2f);
  float    stretch = hl_scaled (canvas, 0.4f, 2.5f);
  float    width   = hl_scaled (canvas, 0.3f, 1.3f);
  float    open    = hl_even (canvas, -1.5f, 1.5f);
  uint64_t seed    = hl_random_bits (&canvas->random);

  hl_canvas_fractal (canvas, warp_x, 0.6f * cell, 4, 0.55f);
  hl_canvas_fractal (canvas, warp_y, 0.6f * cell, 4, 0.55f);
  hl_canvas_fractal (canvas, opening, 1.5f * cell, 4, 0.55f);
  hl_cover_whole (cover);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int   at       = y * side + x;
        float u        = ((float) x / cell + warp * warp_x[at]) * stretch + 64.0f;
        float v        = (float) y / cell + warp * warp_y[at] + 64.0f;
        float nearest  = 9.0f;
        float second   = 9.0f;
        float open_now = hl_clamp (2.0f * opening[at] + open, 0.0f, 1.0f);

        if (open_now <= 0.0f)
          {
            cover->value[at] = 0.0f;
            continue;
          }
        for (int j = (int) v - 1; j <= (int) v + 1; j++)
          for (int i = (int) u - 1; i <= (int) u + 1; i++)
            {
              uint64_t bits = hl_random_mix (seed + (uint64_t) (j * 4096 + i));
              float    dx   = (float) i + (float) (bits & 0xffff) / 65536.0f - u;
              float    dy   = (float) j + (float) ((bits >> 16) & 0xffff) / 65536.0f - v;
              float    d    = sqrtf (dx * dx + dy * dy);

              if (d < nearest)
                {
                  second  = nearest;
                  nearest = d;
                }
              else if (d < second)
                second = d;
            }
        cover->value[at] = open_now
                           * hl_clamp (width * expf (0.4f * warp_x[at])
                                           - 0.5f * cell * (second - nearest) + 0.5f,
                                       0.0f, 1.0f);
      }
  paint_crack (canvas, cover, hl_scaled (canvas, 0.25f, 1.0f));
}

/* A long nearly straight band, light or dark, with flakes along it. */
void
hl_fold (HlCanvas *canvas)
{
  HlCover *line  = &canvas->cover[0];
  HlCover *wide  = &canvas->cover[2];
  float   *noise = canvas->spare[1];
  float    n     = (float) canvas->side;
  HlPath   path;

  for (int i = hl_chance (canvas, 0.7f) ? 1 : 2; i > 0; i--)
    {
      float   angle = hl_even (canvas, 0.0f, 6.2831853f);
      HlPoint start = hl_chance (canvas, 0.6f) ? hl_point_edge (canvas, &angle)
                                               : hl_point_anywhere (canvas, 0.0f);
      float   color[3];

      if (hl_chance (canvas, 0.3f))
        angle = rintf (angle / 1.5707963f) * 1.5707963f + hl_even (canvas, -0.06f, 0.06f);
      hl_path_curve (canvas, &path, start, angle, hl_scaled (canvas, 0.4f * n, 2.0f * n),
                     hl_even (canvas, 0.0f, 0.25f), 3.0f, hl_even (canvas, 0.0f, 0.12f));
      hl_path_vary (canvas, &path, 0.3f, 4.0f);
      hl_cover_path (line, &path, hl_scaled (canvas, 0.6f, 2.5f), 1.0f);
      hl_cover_copy (wide, line);
      hl_cover_blur (wide, canvas->spare[0], hl_scaled (canvas, 1.0f, 5.0f));
      hl_cover_scale (wide, 1.0f);
      hl_canvas_add (canvas, wide, hl_even (canvas, 0.04f, 0.3f) * hl_sign (canvas, 0.6f), NULL);
      if (hl_chance (canvas, 0.5f))
        hl_canvas_emboss (canvas, wide, &canvas->cover[1], hl_even (canvas, 0.04f, 0.25f));
      hl_paper (canvas, color, 0);
      if (hl_chance (canvas, 0.75f))
        hl_canvas_lay (canvas, line, hl_scaled (canvas, 0.2f, 1.0f), color);
      if (hl_chance (canvas, 0.7f))
        {
          float reach = hl_even (canvas, 1.0f, 2.2f);
          float least = hl_even (canvas, 0.9f, 1.5f);

          hl_cover_copy (wide, line);
          hl_cover_blur (wide, canvas->spare[0], hl_scaled (canvas, 1.0f, 4.0f));
          hl_cover_scale (wide, 1.0f);
          hl_canvas_fractal (canvas, noise, hl_even (canvas, 2.5f, 9.0f), 3, 0.55f);
          for (int y = wide->y0; y < wide->y1; y++)
            for (int x = wide->x0; x < wide->x1; x++)
              {
                int at = y * canvas->side + x;

                wide->value[at] = hl_clamp (
                    4.0f * (reach * wide->value[at] + 0.5f * noise[at] - least), 0.0f, 1.0f);
              }
          hl_canvas_lay (canvas, wide, 1.0f, color);
        }
      hl_cover_wipe (line);
      hl_cover_wipe (wide);
    }
}

/* A crumpled print: a net of creases, of which some only catch the light and others are open, most
 * near a corner or an edge. */
void
hl_creases (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  float   *worn   = canvas->spare[1];
  float   *noise  = canvas->spare[2];
  int      side   = canvas->side;
  float    n      = (float) side;
  float    base   = hl_scaled (canvas, 0.5f, 1.8f);
  float    wear   = hl_even (canvas, 0.3f, 1.0f);
  float    least  = hl_even (canvas, 0.0f, 0.5f);
  HlCracks cracks = { .jag   = hl_even (canvas, 0.15f, 0.6f),
                      .fork  = hl_scaled (canvas, 0.01f, 0.06f),
                      .gaps  = hl_even (canvas, -0.6f, 0.3f),
                      .worn  = 0.9f,
                      .place = worn };
  float    color[3];

  hl_canvas_smooth (canvas, worn, hl_even (canvas, 0.3f, 0.8f) * n);
  {
    int   corner = hl_chance (canvas, 0.6f);
    float cx     = hl_chance (canvas, 0.5f) ? n : 0.0f;
    float cy     = hl_chance (canvas, 0.5f) ? n : 0.0f;

    for (int y = 0; y < side; y++)
      for (int x = 0; x < side; x++)
        worn[y * side + x]
            = 0.8f * worn[y * side + x]
              + (corner ? 1.2f - 2.0f * hypotf ((float) x - cx, (float) y - cy) / n : 0.0f);
  }
  for (int i = (int) hl_scaled (canvas, 3.0f, 16.0f); i > 0; i--)
    {
      float   angle = hl_even (canvas, 0.0f, 6.2831853f);
      HlPoint start = hl_chance (canvas, 0.4f) ? hl_point_edge (canvas, &angle)
                                               : hl_point_anywhere (canvas, 0.0f);

      hl_cover_cracks (canvas, cover, &cracks, start, angle, hl_scaled (canvas, 0.1f * n, 0.9f * n),
                       base, 0);
    }
  hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_scaled (canvas, 0.06f, 0.45f));
  hl_canvas_fractal (canvas, noise, 8.0f, 3, 0.55f);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      {
        int at = y * side + x;

        cover->value[at] *= hl_clamp (0.5f + wear * worn[at] + 0.5f * noise[at], least, 1.0f);
      }
  hl_paper (canvas, color, 1);
  hl_canvas_lay (canvas, cover, hl_even (canvas, 0.4f, 1.2f), color);
  hl_cover_wipe (cover);
}

/* Short deep scratches with torn emulsion: angular, bright, with dark seams. */
void
hl_shards (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  HlCover *seam  = &canvas->cover[2];
  float    color[3];
  HlPath   path;

  for (int i = (int) hl_scaled (canvas, 1.0f, 14.0f); i > 0; i--)
    {
      float width = hl_scaled (canvas, 0.7f, 4.0f);
      float value = hl_even (canvas, 0.5f, 1.0f);

      hl_path_curve (canvas, &path, hl_point_anywhere (canvas, 0.0f),
                     hl_even (canvas, 0.0f, 6.2831853f), hl_scaled (canvas, 4.0f, 45.0f), 1.5f,
                     3.0f, hl_even (canvas, 0.05f, 0.5f));
      hl_path_vary (canvas, &path, 0.4f, 2.0f);
      hl_cover_path (cover, &path, width, value);
      if (hl_chance (canvas, 0.5f))
        {
          float by = hl_even (canvas, -0.5f, 0.5f) * width;

          for (int k = 0; k < path.count; k++)
            path.point[k].x += by;
          hl_cover_path (seam, &path, 0.3f * width, value);
        }
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 0.5f));
  if (hl_chance (canvas, 0.6f))
    hl_canvas_emboss (canvas, cover, &canvas->cover[1], hl_even (canvas, 0.05f, 0.4f));
  hl_paper (canvas, color, 0);
  hl_canvas_lay (canvas, cover, hl_scaled (canvas, 0.4f, 1.2f), color);
  hl_canvas_add (canvas, seam, -hl_even (canvas, 0.0f, 0.6f), NULL);
  hl_cover_wipe (cover);
  hl_cover_wipe (seam);
}

/* Very many fine scratches in a patch. */
void
hl_abrasion (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  HlPoint  centre = hl_point_anywhere (canvas, 0.0f);
  float    reach  = hl_scaled (canvas, 15.0f, 70.0f);
  float    main   = hl_even (canvas, 0.0f, 3.1415927f);
  float    spread = hl_even (canvas, 0.1f, 1.5f);
  float    base   = hl_scaled (canvas, 0.4f, 1.0f);
  HlPath   path;

  for (int i = (int) hl_scaled (canvas, 15.0f, 90.0f); i > 0; i--)
    {
      HlPoint at = { centre.x + reach * hl_normal (canvas), centre.y + reach * hl_normal (canvas) };

      hl_path_curve (canvas, &path, at, main + spread * hl_normal (canvas),
                     hl_scaled (canvas, 4.0f, 50.0f), 0.5f, 5.0f, 0.0f);
      hl_path_taper (canvas, &path, 1.0f);
      hl_cover_path (cover, &path, base, hl_even (canvas, 0.3f, 1.0f));
    }
  hl_mark (canvas, cover, hl_scaled (canvas, 0.12f, 0.7f), 0.8f);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Places that grew or flow, and cloth: leaves, hair, water, rocks, wool, petals, wings. All sound.
 */
#include "place.h"

static void
vary (HlCanvas *canvas, const float from[3], float by, float to[3])
{
  float all = hl_even (canvas, 1.0f - by, 1.0f + by);

  for (int c = 0; c < 3; c++)
    to[c] = hl_clamp (from[c] * all * hl_even (canvas, 1.0f - 0.3f * by, 1.0f + 0.3f * by), 0.0f,
                      1.0f);
}

/* Leaves over leaves, each lit on one half, those behind darker; stems; gaps of sky. */
void
hl_foliage (HlCanvas *canvas)
{
  HlCover *cover  = &canvas->cover[0];
  float    n      = (float) canvas->side;
  float    size   = hl_scaled (canvas, 2.0f, 16.0f);
  float    slim   = hl_scaled (canvas, 0.12f, 0.8f);
  float    main   = hl_even (canvas, 0.0f, 6.2831853f);
  float    spread = hl_chance (canvas, 0.4f) ? 0.5f : 3.0f;
  int      veins  = size > 6.0f && hl_chance (canvas, 0.6f);
  int      count  = (int) fminf (1500.0f, 1.6f * n * n / (size * size * fmaxf (slim, 0.3f) * 4.0f));
  float    base[3] = { hl_even (canvas, 0.3f, 0.8f), hl_even (canvas, 0.4f, 0.95f),
                       hl_even (canvas, 0.15f, 0.7f) };
  float    low     = hl_even (canvas, 0.05f, 0.5f);
  int      part    = hl_chance (canvas, 0.5f);
  HlPoint  middle  = hl_point_anywhere (canvas, 0.0f);
  float    sparkle = hl_chance (canvas, 0.4f) ? hl_even (canvas, 0.05f, 0.3f) : 0.0f;

  for (int i = 0; i < count; i++)
    {
      HlPoint at    = part ? (HlPoint) { middle.x + 0.3f * n * hl_normal (canvas),
                                         middle.y + 0.3f * n * hl_normal (canvas) }
                           : hl_point_anywhere (canvas, 0.05f);
      float   depth = low + (1.0f - low) * (float) i / (float) count;
      float   r     = size * hl_scaled (canvas, 0.6f, 1.6f);
      float   turn  = main + spread * hl_normal (canvas);
      float   dx    = cosf (turn);
      float   dy    = sinf (turn);
      HlPoint tip   = { at.x + r * dx, at.y + r * dy };
      HlPoint end   = { at.x - r * dx, at.y - r * dy };
      HlPoint left  = { at.x - slim * r * dy, at.y + slim * r * dx };
      HlPoint right = { at.x + slim * r * dy, at.y - slim * r * dx };
      HlPoint shape[6];
      float   color[3];
      float   half[3];

      vary (canvas, base, 0.35f, color);
      for (int c = 0; c < 3; c++)
        color[c] *= depth;
      shape[0] = tip;
      shape[1] = (HlPoint) { 0.5f * tip.x + 0.5f * left.x, 0.5f * tip.y + 0.5f * left.y };
      shape[1]
          = (HlPoint) { shape[1].x - 0.15f * slim * r * dy, shape[1].y + 0.15f * slim * r * dx };
      shape[2] = left;
      shape[3] = end;
      shape[4] = right;
      shape[5] = (HlPoint) { 0.5f * tip.x + 0.5f * right.x + 0.15f * slim * r * dy,
                             0.5f * tip.y + 0.5f * right.y - 0.15f * slim * r * dx };
      hl_cover_polygon (cover, shape, 6, 1.0f);
      hl_canvas_lay (canvas, cover, 1.0f, color);
      hl_cover_wipe (cover);
      if (r > 2.5f)
        {
          HlPoint lit[4] = { tip, shape[1], left, end };
          float   by     = hl_even (canvas, 1.05f, 1.6f);

          for (int c = 0; c < 3; c++)
            half[c] = hl_clamp (by * color[c], 0.0f, 1.0f);
          hl_cover_polygon (cover, lit, 4, 1.0f);
          hl_canvas_lay (canvas, cover, 1.0f, half);
          hl_cover_wipe (cover);
        }
      if (veins || hl_chance (canvas, sparkle))
        {
          float line[3]
              = { fminf (1.0f, 1.5f * color[0] + 0.1f), fminf (1.0f, 1.5f * color[1] + 0.1f),
                  fminf (1.0f, 1.5f * color[2] + 0.1f) };

          hl_cover_segment (cover, tip, end, 0.7f, 1.0f, 1.0f);
          hl_canvas_lay (canvas, cover, 0.8f, line);
          hl_cover_wipe (cover);
        }
    }
}

/* Locks of hair, fur, straw, grass all over: strands in bundles, lit in bands. */
void
hl_hair (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *shine = canvas->spare[1];
  int      side  = canvas->side;
  float    n     = (float) side;
  float    angle = hl_even (canvas, 0.0f, 6.2831853f);
  float    tone  = hl_even (canvas, 0.03f, 0.7f);
  float    base[3]
      = { tone, tone * hl_even (canvas, 0.75f, 1.0f), tone * hl_even (canvas, 0.5f, 1.0f) };
  float  width     = hl_scaled (canvas, 0.6f, 2.2f);
  float  wave      = hl_even (canvas, 0.0f, 1.2f);
  float  ground[3] = { 0.4f * base[0], 0.4f * base[1], 0.4f * base[2] };
  HlPath path;

  hl_cover_ellipse (cover, hl_even (canvas, 0.0f, n), hl_even (canvas, 0.0f, n),
                    n * hl_even (canvas, 0.3f, 1.0f), n * hl_even (canvas, 0.3f, 1.0f), 0.0f, 1.0f);
  hl_cover_blur (cover, canvas->spare[0], 3.0f);
  hl_canvas_lay (canvas, cover, 1.0f, ground);
  hl_cover_wipe (cover);
  for (int lock = 6 + hl_below (canvas, 20); lock > 0; lock--)
    {
      HlPoint root  = hl_point_anywhere (canvas, 0.2f);
      float   now   = angle + 0.25f * hl_normal (canvas);
      float   bend  = 1.5f * hl_normal (canvas);
      float   wide  = hl_scaled (canvas, 5.0f, 30.0f);
      float   phase = hl_even (canvas, 0.0f, 6.2831853f);
      float   long_ = hl_scaled (canvas, 40.0f, 250.0f);

      for (int part = 0; part < 3; part++) /* dark, usual and light strands */
        {
          float color[3];

          vary (canvas, base, 0.2f, color);
          for (int c = 0; c < 3; c++)
            color[c] = hl_clamp (color[c]
                                     * (part == 0   ? 0.5f
                                        : part == 1 ? 1.0f
                                                    : 1.9f),
                                 0.0f, 1.0f);
          for (int i = 4 + (int) (0.5f * wide); i > 0; i--)
            {
              float   by   = hl_even (canvas, -0.5f, 0.5f) * wide;
              float   turn = now + 0.04f * hl_normal (canvas);
              HlPoint at   = { root.x - by * sinf (now), root.y + by * cosf (now) };

              path.count = (int) (long_ / 5.0f) + 2;
              for (int k = 0; k < path.count; k++)
                {
                  float go
                      = turn + wave * sinf (0.35f * (float) k + phase) + bend * 0.05f * (float) k;

                  path.point[k] = at;
                  path.width[k] = path.value[k] = 1.0f;
                  at.x += 5.0f * cosf (go);
                  at.y += 5.0f * sinf (go);
                }
              hl_path_taper (canvas, &path, 0.2f);
              hl_cover_path (cover, &path, width * hl_scaled (canvas, 0.5f, 1.5f),
                             hl_even (canvas, 0.3f, 1.0f));
            }
          hl_canvas_lay (canvas, cover, hl_even (canvas, 0.5f, 1.0f), color);
          hl_cover_wipe (cover);
        }
    }
  hl_canvas_smooth (canvas, shine, hl_even (canvas, 15.0f, 60.0f));
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < side * side; i++)
      canvas->plane[c][i] *= 1.0f + 0.35f * hl_clamp (shine[i], -1.0f, 2.0f);
}

/* Waves with crests and glitter, clouds with bright rims: stretched fields, folded. */
void
hl_water (HlCanvas *canvas)
{
  float *wave    = canvas->spare[1];
  float *fine    = canvas->spare[2];
  int    side    = canvas->side;
  float  stretch = hl_scaled (canvas, 2.0f, 9.0f);
  float  size    = hl_scaled (canvas, 3.0f, 20.0f);
  float  crest   = hl_even (canvas, 0.05f, 0.5f);
  float  horizon = hl_even (canvas, -0.3f, 0.6f) * (float) side;
  float  near    = hl_even (canvas, 0.5f, 3.0f);
  float  tone    = hl_even (canvas, 0.15f, 0.7f);
  float  deep[3]
      = { tone * hl_even (canvas, 0.5f, 1.0f), tone * hl_even (canvas, 0.7f, 1.1f), tone };
  float high    = hl_even (canvas, 0.3f, 1.0f);
  int   upright = hl_chance (canvas, 0.15f);

  hl_canvas_fractal (canvas, fine, size, 3, 0.6f);
  hl_canvas_fractal (canvas, wave, 2.0f * size, 4, 0.6f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int   a     = upright ? x : y;
        int   b     = upright ? y : x;
        float below = ((float) a - horizon) / (float) side;
        float u;
        float v;
        float fold;
        int   i;
        int   at = y * side + x;

        if (below < 0.0f)
          continue;
        /* Nearer waves are larger; the fields repeat beyond the border. */
        u = (float) b / (stretch * (0.3f + near * below));
        v = (float) a / (0.3f + near * below);
        i = ((int) (v + 4.0f * (float) side) % side) * side
            + (int) (u + 4.0f * (float) side) % side;
        fold = 1.0f - fabsf (wave[i] + 0.4f * fine[at]);
        for (int c = 0; c < 3; c++)
          canvas->plane[c][at] = deep[c] * (1.0f + 0.25f * wave[i] + 0.15f * fine[at])
                                 + high * hl_clamp ((fold - 1.0f + crest) / crest, 0.0f, 1.0f)
                                       * (0.5f + 0.5f * fine[at]);
      }
}

/* Rocks, snow, bark, crumpled cloth: a rough surface, lit from one side. */
void
hl_rocks (HlCanvas *canvas)
{
  float *height = canvas->spare[1];
  int    side   = canvas->side;
  float  turn   = hl_even (canvas, 0.0f, 6.2831853f);
  float  steep  = hl_scaled (canvas, 1.0f, 8.0f);
  float  tone   = hl_even (canvas, 0.2f, 0.9f);
  float  tint[3]
      = { tone, tone * hl_even (canvas, 0.8f, 1.05f), tone * hl_even (canvas, 0.65f, 1.1f) };
  int      ridged = hl_chance (canvas, 0.6f);
  float    snow   = hl_chance (canvas, 0.4f) ? hl_even (canvas, -0.5f, 0.8f) : 9.0f;
  float    size   = hl_scaled (canvas, 10.0f, 90.0f);
  HlCover *cover  = &canvas->cover[0];

  hl_canvas_fractal (canvas, height, size, 6, hl_even (canvas, 0.45f, 0.7f));
  if (ridged)
    for (int i = 0; i < side * side; i++)
      height[i] = -1.4f * fabsf (height[i]);
  hl_canvas_smooth (canvas, cover->value, 0.5f * (float) side);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int   i  = y * side + x;
        float dx = height[y * side + (x + 1 < side ? x + 1 : x)]
                   - height[y * side + (x > 0 ? x - 1 : x)];
        float dy = height[(y + 1 < side ? y + 1 : y) * side + x]
                   - height[(y > 0 ? y - 1 : y) * side + x];
        float slope = steep * (dx * cosf (turn) + dy * sinf (turn)) * 0.15f * size / 10.0f;
        float lit   = hl_clamp (0.6f + 0.5f * slope, 0.05f, 1.6f);
        int   white = height[i] + 0.3f * slope > snow;

        for (int c = 0; c < 3; c++)
          canvas->plane[c][i] = white ? 0.7f + 0.3f * lit : tint[c] * lit;
      }
  hl_cover_whole (cover);
  hl_cover_wipe (cover);
}

/* Knitting, braid, baskets, chains: rows of bent stitches, lit from above. */
void
hl_knit (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  float    n       = (float) canvas->side;
  float    step    = hl_scaled (canvas, 4.0f, 18.0f);
  float    thick   = step * hl_even (canvas, 0.2f, 0.5f);
  float    turn    = hl_even (canvas, 0.0f, 3.1415927f);
  float    lean    = hl_even (canvas, 0.3f, 0.9f);
  float    tone    = hl_even (canvas, 0.15f, 0.95f);
  float    dark    = tone * hl_even (canvas, 0.15f, 0.6f);
  int      rows    = hl_chance (canvas, 0.6f) ? (int) (1.5f * n / step) : 1 + hl_below (canvas, 5);
  HlPoint  at      = rows < 6 ? hl_point_anywhere (canvas, 0.0f) : (HlPoint) { 0.5f * n, 0.5f * n };
  float    bend    = hl_even (canvas, -0.003f, 0.003f);
  float    tint[3] = { hl_even (canvas, 0.7f, 1.0f), hl_even (canvas, 0.7f, 1.0f),
                       hl_even (canvas, 0.7f, 1.0f) };

  for (int part = 0; part < 3; part++) /* the ground, the stitches, the light on them */
    {
      float level    = part == 0 ? dark : part == 1 ? tone : fminf (1.0f, 1.4f * tone);
      float color[3] = { level * tint[0], level * tint[1], level * tint[2] };

      for (int row = -rows / 2; row <= rows / 2; row++)
        for (int k = (int) (-0.8f * n / step); k <= (int) (0.8f * n / step); k++)
          {
            float   u = step * (float) k;
            float   v = 1.6f * step * (float) row + bend * u * u;
            float   s = row & 1 ? lean : -lean;
            HlPoint a
                = { at.x + cosf (turn) * (u - 0.5f * s * step) - sinf (turn) * (v - 0.7f * step),
                    at.y + sinf (turn) * (u - 0.5f * s * step) + cosf (turn) * (v - 0.7f * step) };
            HlPoint b
                = { at.x + cosf (turn) * (u + 0.5f * s * step) - sinf (turn) * (v + 0.7f * step),
                    at.y + sinf (turn) * (u + 0.5f * s * step) + cosf (turn) * (v + 0.7f * step) };
            float wide = part == 0 ? 2.2f * thick : part == 1 ? thick : 0.3f * thick;

            if (a.x < -step || a.y < -step || a.x > n + step || a.y > n + step)
              continue;
            if (part == 2)
              {
                a.x -= 0.3f * thick;
                b.x -= 0.3f * thick;
              }
            hl_cover_segment (cover, a, b, wide, wide, 1.0f);
          }
      hl_cover_blur (cover, canvas->spare[0], 0.4f);
      hl_canvas_lay (canvas, cover, part == 2 ? 0.7f : 1.0f, color);
      hl_cover_wipe (cover);
    }
}

/* A large flower, feathers, scales: rings of petals, each with a light rim. */
void
hl_blossom (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  HlPoint  at      = hl_point_anywhere (canvas, 0.0f);
  float    reach   = hl_scaled (canvas, 20.0f, 110.0f);
  int      rings   = 3 + hl_below (canvas, 7);
  float    slim    = hl_even (canvas, 0.2f, 0.5f);
  float    flat    = hl_even (canvas, 0.5f, 1.0f);
  float    base[3] = { hl_even (canvas, 0.4f, 1.0f), hl_even (canvas, 0.3f, 1.0f),
                       hl_even (canvas, 0.3f, 1.0f) };

  for (int ring = 0; ring < rings; ring++)
    {
      float r     = reach * (1.0f - (float) ring / (float) rings);
      int   count = 6 + (int) (0.25f * r);
      float phase = hl_even (canvas, 0.0f, 1.0f);
      float long_ = 1.6f * reach / (float) rings;

      for (int k = 0; k < count; k++)
        {
          float t    = 6.2831853f * ((float) k + phase) / (float) count;
          float x    = at.x + r * cosf (t);
          float y    = at.y + flat * r * sinf (t);
          float turn = atan2f (flat * sinf (t), cosf (t));
          float color[3];
          float rim[3];

          vary (canvas, base, 0.2f, color);
          for (int c = 0; c < 3; c++)
            {
              rim[c] = fminf (1.0f, 1.35f * color[c]);
              color[c] *= 0.45f + 0.55f * (float) ring / (float) rings;
            }
          hl_cover_ellipse (cover, x, y, long_, fmaxf (0.8f, slim * long_), turn, 1.0f);
          hl_canvas_lay (canvas, cover, 1.0f, rim);
          hl_cover_wipe (cover);
          hl_cover_ellipse (cover, x - cosf (turn), y - sinf (turn), long_ - 0.9f,
                            fmaxf (0.5f, slim * long_ - 0.9f), turn, 1.0f);
          hl_canvas_lay (canvas, cover, 1.0f, color);
          hl_cover_wipe (cover);
        }
    }
}

/* Wings, leaves' veins, leaded glass: even dark lines from a root with light cells between. */
void
hl_wing (HlCanvas *canvas)
{
  HlCover *cover    = &canvas->cover[0];
  float    n        = (float) canvas->side;
  HlPoint  root     = hl_point_anywhere (canvas, 0.1f);
  int      count    = 5 + hl_below (canvas, 10);
  float    from     = hl_even (canvas, 0.0f, 6.2831853f);
  float    span     = hl_even (canvas, 1.0f, 2.5f);
  float    width    = hl_scaled (canvas, 1.0f, 5.0f);
  float    long_    = hl_scaled (canvas, 0.4f * n, 1.2f * n);
  float    dark[3]  = { hl_even (canvas, 0.0f, 0.2f), hl_even (canvas, 0.0f, 0.2f),
                        hl_even (canvas, 0.0f, 0.2f) };
  float    light[3] = { hl_even (canvas, 0.6f, 1.0f), hl_even (canvas, 0.5f, 1.0f),
                        hl_even (canvas, 0.2f, 1.0f) };
  HlPath   path;

  for (int i = 0; i < count; i++)
    {
      float a   = from + span * (float) i / (float) count;
      float b   = from + span * (float) (i + 1) / (float) count;
      int   sub = 1 + hl_below (canvas, 5);

      for (int k = 0; k < sub; k++)
        {
          float   r0       = long_ * ((float) k + 0.15f) / (float) sub;
          float   r1       = long_ * (float) (k + 1) / (float) sub;
          HlPoint shape[4] = { { root.x + r0 * cosf (a), root.y + r0 * sinf (a) },
                               { root.x + r1 * cosf (a), root.y + r1 * sinf (a) },
                               { root.x + r1 * cosf (b), root.y + r1 * sinf (b) },
                               { root.x + r0 * cosf (b), root.y + r0 * sinf (b) } };
          float   color[3];

          vary (canvas, light, 0.15f, color);
          hl_cover_polygon (cover, shape, 4, 1.0f);
          hl_cover_blur (cover, canvas->spare[0], 0.8f);
          hl_canvas_lay (canvas, cover, 1.0f, color);
          hl_cover_wipe (cover);
          hl_cover_segment (cover, shape[1], shape[2], width, width, 1.0f);
          hl_canvas_lay (canvas, cover, 1.0f, dark);
          hl_cover_wipe (cover);
        }
      hl_path_curve (canvas, &path, root, a, long_, 0.2f, 5.0f, 0.0f);
      hl_cover_path (cover, &path, width, 1.0f);
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.2f, 0.8f));
  hl_canvas_lay (canvas, cover, 1.0f, dark);
  hl_cover_wipe (cover);
  for (int i = hl_below (canvas, 40); i > 0; i--)
    {
      float r = long_ * hl_even (canvas, 0.85f, 1.05f);
      float t = from + span * hl_even (canvas, 0.0f, 1.0f);

      hl_cover_ellipse (cover, root.x + r * cosf (t), root.y + r * sinf (t),
                        hl_even (canvas, 1.0f, 3.0f), hl_even (canvas, 1.0f, 3.0f), t, 1.0f);
    }
  hl_canvas_lay (canvas, cover, 1.0f, light);
  hl_cover_wipe (cover);
}

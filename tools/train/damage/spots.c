/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Damage that is small, alone or in crowds: dust, lint, bubbles, mould, fingerprints, foxing. */
#include "kinds.h"

/* Irregular dots of all sizes; in a third of the cases only a few, as on a print kept well. */
void
hl_dust (HlCanvas *canvas)
{
  HlCover *cover   = &canvas->cover[0];
  float    n       = (float) canvas->side;
  float    top     = hl_scaled (canvas, 1.0f, 5.0f);
  int      crowded = hl_chance (canvas, 0.4f);
  HlPoint  centre[3];

  for (int i = 0; i < 3; i++)
    centre[i] = hl_point_anywhere (canvas, 0.0f);
  for (int i = (int) (hl_scaled (canvas, 3.0f, 130.0f) * n / 192.0f); i > 0; i--)
    {
      float   unit = hl_even (canvas, 0.0f, 1.0f);
      HlPoint at   = hl_point_anywhere (canvas, 0.0f);

      if (crowded)
        {
          at = centre[hl_below (canvas, 3)];
          at.x += 0.15f * n * hl_normal (canvas);
          at.y += 0.15f * n * hl_normal (canvas);
        }
      hl_cover_blob (canvas, cover, at, fmaxf (0.4f, top * unit * unit * unit + 0.35f), 0.3f, 9,
                     hl_even (canvas, 0.5f, 1.0f));
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 0.9f));
  hl_mark (canvas, cover, hl_scaled (canvas, 0.25f, 1.2f), 0.7f);
}

/* Fibres and hairs that lay on the picture when it was scanned or printed. */
void
hl_lint (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float    base  = hl_scaled (canvas, 0.6f, 2.2f);
  HlPath   path;

  for (int i = (int) hl_scaled (canvas, 1.0f, 10.0f); i > 0; i--)
    {
      hl_path_curve (canvas, &path, hl_point_anywhere (canvas, 0.0f),
                     hl_even (canvas, 0.0f, 6.2831853f), hl_scaled (canvas, 6.0f, 110.0f),
                     hl_even (canvas, 1.0f, 9.0f), 2.0f, 0.0f);
      hl_path_vary (canvas, &path, 0.15f, 6.0f);
      hl_cover_path (cover, &path, base * hl_scaled (canvas, 0.7f, 1.3f),
                     hl_even (canvas, 0.5f, 1.0f));
    }
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.0f, 0.9f));
  hl_mark (canvas, cover, hl_scaled (canvas, 0.25f, 1.2f), 0.65f);
}

/* Blisters of the emulsion and of mounting: rings, one side light and the other dark. */
void
hl_bubbles (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float    top   = hl_scaled (canvas, 2.5f, 12.0f);
  float    turn  = hl_even (canvas, 0.0f, 6.2831853f);
  float    wide  = hl_scaled (canvas, 0.6f, 2.0f);
  float    high  = hl_scaled (canvas, 0.12f, 0.6f);
  int      whole = hl_chance (canvas, 0.35f);

  for (int i = (int) hl_scaled (canvas, 1.0f, 25.0f); i > 0; i--)
    {
      HlPoint at     = hl_point_anywhere (canvas, 0.0f);
      float   radius = fmaxf (1.5f, top * hl_even (canvas, 0.2f, 1.0f));

      for (int side = -1; side <= 1; side += 2)
        {
          HlPoint arc[10];

          for (int k = 0; k < 10; k++)
            {
              float t = turn + (side > 0 ? 0.0f : 3.1415927f) + 0.33f * ((float) k - 4.5f);

              arc[k] = (HlPoint) { at.x + radius * cosf (t), at.y + radius * sinf (t) };
            }
          hl_cover_line (cover, arc, 10, wide, 1.0f);
          hl_canvas_add (canvas, cover, whole ? high : high * (float) side, NULL);
          hl_cover_wipe (cover);
        }
    }
}

/* Clusters of dots with soft halos, light or dark. */
void
hl_mould (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  HlCover *halo  = &canvas->cover[1];
  float    soft  = hl_even (canvas, 1.0f, 3.0f);
  float    share = hl_even (canvas, 0.0f, 0.8f);

  for (int i = (int) hl_scaled (canvas, 1.0f, 5.0f); i > 0; i--)
    {
      HlPoint centre = hl_point_anywhere (canvas, 0.0f);
      float   spread = hl_scaled (canvas, 5.0f, 30.0f);

      for (int k = (int) hl_scaled (canvas, 6.0f, 50.0f); k > 0; k--)
        {
          HlPoint at
              = { centre.x + spread * hl_normal (canvas), centre.y + spread * hl_normal (canvas) };

          hl_cover_blob (canvas, cover, at, hl_scaled (canvas, 0.5f, 3.2f), 0.35f, 8,
                         hl_even (canvas, 0.4f, 1.0f));
        }
    }
  hl_cover_copy (halo, cover);
  hl_cover_blur (halo, canvas->spare[0], soft);
  for (int y = halo->y0; y < halo->y1; y++)
    for (int x = halo->x0; x < halo->x1; x++)
      {
        int at = y * canvas->side + x;

        halo->value[at] = hl_clamp (cover->value[at] + share * halo->value[at], 0.0f, 1.0f);
      }
  hl_cover_wipe (cover);
  hl_mark (canvas, halo, hl_scaled (canvas, 0.15f, 0.8f), 0.5f);
}

/* The ridges of a fingertip, greasy or etched into the emulsion. */
void
hl_fingerprint (HlCanvas *canvas)
{
  HlCover *cover = &canvas->cover[0];
  float   *noise = canvas->spare[0];
  float    pitch = hl_scaled (canvas, 2.4f, 6.0f);
  float    reach = hl_even (canvas, 12.0f, 26.0f) * pitch * 0.5f;
  HlPoint  at    = hl_point_anywhere (canvas, 0.1f);
  float    turn  = hl_even (canvas, 0.0f, 6.2831853f);
  float    thin  = hl_even (canvas, -0.2f, 0.4f);
  float    loops = hl_even (canvas, 0.3f, 0.8f);

  hl_canvas_fractal (canvas, noise, 8.0f * pitch, 4, 0.5f);
  hl_cover_whole (cover);
  for (int y = 0; y < canvas->side; y++)
    for (int x = 0; x < canvas->side; x++)
      {
        int   k = y * canvas->side + x;
        float u = cosf (turn) * ((float) x - at.x) + sinf (turn) * ((float) y - at.y);
        float v = cosf (turn) * ((float) y - at.y) - sinf (turn) * ((float) x - at.x);
        float d = hypotf (u, loops * v + 0.2f * fabsf (u));
        float edge
            = hl_clamp (2.0f - 2.0f * hypotf (u, 0.75f * v) / reach + 0.4f * noise[k], 0.0f, 1.0f);
        float ridge = sinf (6.2831853f * (d / pitch + 0.35f * noise[k]));

        cover->value[k] = edge * hl_clamp (2.0f * (ridge - thin) + 0.3f * noise[k], 0.0f, 1.0f);
      }
  hl_canvas_add (canvas, cover, hl_scaled (canvas, 0.06f, 0.35f) * hl_sign (canvas, 0.5f), NULL);
  hl_cover_wipe (cover);
}

/* Brown specks of old paper, with soft edges: one sees the picture through them. */
void
hl_foxing (HlCanvas *canvas)
{
  HlCover *cover    = &canvas->cover[0];
  float    light    = hl_even (canvas, 0.04f, 0.25f);
  float    color[3] = { -0.5f * light, -0.9f * light, -1.6f * light };
  float    top      = hl_scaled (canvas, 2.0f, 14.0f);

  for (int i = (int) hl_scaled (canvas, 1.0f, 25.0f); i > 0; i--)
    hl_cover_blob (canvas, cover, hl_point_anywhere (canvas, 0.0f),
                   top * hl_even (canvas, 0.15f, 1.0f), 0.3f, 12, hl_even (canvas, 0.3f, 1.0f));
  hl_cover_blur (cover, canvas->spare[0], hl_even (canvas, 0.5f, 4.0f));
  hl_canvas_add (canvas, cover, 1.0f, color);
  hl_cover_wipe (cover);
}

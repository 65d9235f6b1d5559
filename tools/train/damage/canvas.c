/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture that sound things and damage are drawn on: laying colours over it where something
 * covers it, light on edges, and smooth random fields. damage.c says what is drawn.
 */
#include "canvas.h"
#include "cover.h"

#include <stdlib.h>
#include <string.h>

/* Returns 0 if there is not enough memory. */
int
hl_canvas_init (HlCanvas *canvas, int most, uint64_t seed)
{
  size_t   n = (size_t) most * (size_t) most;
  HlRandom random;

  memset (canvas, 0, sizeof *canvas);
  canvas->most  = most;
  canvas->noise = malloc (sizeof (float) * HL_NOISE_SIDE * HL_NOISE_SIDE);
  for (int c = 0; c < 3; c++)
    {
      canvas->plane[c]       = calloc (n, sizeof (float));
      canvas->spare[c]       = calloc (n, sizeof (float));
      canvas->cover[c].value = calloc (n, sizeof (float));
      if (canvas->plane[c] == NULL || canvas->spare[c] == NULL || canvas->cover[c].value == NULL)
        return 0;
    }
  if (canvas->noise == NULL)
    return 0;
  hl_random_init (&random, seed, ~(uint64_t) 0);
  for (int i = 0; i < HL_NOISE_SIDE * HL_NOISE_SIDE; i++)
    canvas->noise[i] = hl_random_normal (&random);
  hl_canvas_resize (canvas, most);
  return 1;
}

void
hl_canvas_clear (HlCanvas *canvas)
{
  for (int c = 0; c < 3; c++)
    {
      free (canvas->plane[c]);
      free (canvas->spare[c]);
      free (canvas->cover[c].value);
    }
  free (canvas->noise);
}

/* The pixels are undefined afterwards; the covers are empty. */
void
hl_canvas_resize (HlCanvas *canvas, int side)
{
  canvas->side = side;
  for (int i = 0; i < HL_COVERS; i++)
    {
      canvas->cover[i].side = side;
      hl_cover_wipe (&canvas->cover[i]);
    }
}

void
hl_canvas_clip (HlCanvas *canvas, float high)
{
  int n = canvas->side * canvas->side;

  for (int c = 0; c < 3; c++)
    for (int i = 0; i < n; i++)
      canvas->plane[c][i] = hl_clamp (canvas->plane[c][i], 0.0f, high);
}

/* Mixes the picture towards @color, by @strength times the @cover. */
void
hl_canvas_lay (HlCanvas *canvas, const HlCover *cover, float strength, const float color[3])
{
  for (int c = 0; c < 3; c++)
    for (int y = cover->y0; y < cover->y1; y++)
      {
        const float *a = cover->value + (size_t) y * (size_t) canvas->side;
        float       *p = canvas->plane[c] + (size_t) y * (size_t) canvas->side;

        for (int x = cover->x0; x < cover->x1; x++)
          p[x] += hl_clamp (strength * a[x], 0.0f, 1.0f) * (color[c] - p[x]);
      }
}

/* Lays what is in the first cover, softened, in a tone times a tint, or in gray where that is NULL,
 * and empties it. */
void
hl_canvas_lay_tone (HlCanvas *canvas, float strength, float soft, float tone, const float *tint)
{
  float color[3];

  for (int c = 0; c < 3; c++)
    color[c] = hl_clamp (tone * (tint ? tint[c] : 1.0f), 0.0f, 1.0f);
  hl_cover_blur (&canvas->cover[0], canvas->spare[0], soft);
  hl_canvas_lay (canvas, &canvas->cover[0], strength, color);
  hl_cover_wipe (&canvas->cover[0]);
}

/* As hl_canvas_lay() with a colour that varies: times 1 + @amount times @shade, (side, side). */
void
hl_canvas_lay_rough (HlCanvas *canvas, const HlCover *cover, float strength, const float color[3],
                     const float *shade, float amount)
{
  for (int c = 0; c < 3; c++)
    for (int y = cover->y0; y < cover->y1; y++)
      {
        size_t       row = (size_t) y * (size_t) canvas->side;
        const float *a   = cover->value + row;
        const float *s   = shade + row;
        float       *p   = canvas->plane[c] + row;

        for (int x = cover->x0; x < cover->x1; x++)
          p[x] += hl_clamp (strength * a[x], 0.0f, 1.0f)
                  * (color[c] * (1.0f + amount * s[x]) - p[x]);
      }
}

/* Makes the picture lighter by @amount times the @cover, or darker; @tint NULL for all colours. */
void
hl_canvas_add (HlCanvas *canvas, const HlCover *cover, float amount, const float tint[3])
{
  for (int c = 0; c < 3; c++)
    {
      float by = amount * (tint ? tint[c] : 1.0f);

      for (int y = cover->y0; y < cover->y1; y++)
        {
          const float *a = cover->value + (size_t) y * (size_t) canvas->side;
          float       *p = canvas->plane[c] + (size_t) y * (size_t) canvas->side;

          for (int x = cover->x0; x < cover->x1; x++)
            p[x] += by * a[x];
        }
    }
}

/* Adds @amount times what of @soft, moved by (@dx, @dy), lies beyond half of @cover. */
static void
add_beyond (HlCanvas *canvas, const HlCover *cover, const HlCover *soft, int dx, int dy,
            float amount)
{
  int side = canvas->side;

  for (int y = soft->y0 > 2 ? soft->y0 - 2 : 0; y < soft->y1 + 2 && y < side; y++)
    for (int x = soft->x0 > 2 ? soft->x0 - 2 : 0; x < soft->x1 + 2 && x < side; x++)
      {
        int    from_x = x - dx < 0 ? 0 : x - dx >= side ? side - 1 : x - dx;
        int    from_y = y - dy < 0 ? 0 : y - dy >= side ? side - 1 : y - dy;
        size_t at     = (size_t) y * (size_t) side + (size_t) x;
        float  by     = soft->value[(size_t) from_y * (size_t) side + (size_t) from_x]
                   - 0.5f * cover->value[at];

        if (by > 0.0f)
          for (int c = 0; c < 3; c++)
            canvas->plane[c][at] += amount * by;
      }
}

/* Light from one side on the lips of a crack: one side darker, the other perhaps lighter. */
void
hl_canvas_emboss (HlCanvas *canvas, const HlCover *cover, HlCover *soft, float amount)
{
  float turn  = hl_even (canvas, 0.0f, 6.2831853f);
  float reach = hl_even (canvas, 0.7f, 2.5f);
  int   dx    = (int) lrintf (reach * cosf (turn));
  int   dy    = (int) lrintf (reach * sinf (turn));

  hl_cover_copy (soft, cover);
  hl_cover_blur (soft, canvas->spare[0], hl_even (canvas, 0.5f, 1.5f));
  add_beyond (canvas, cover, soft, dx, dy, -amount);
  if (hl_chance (canvas, 0.5f))
    add_beyond (canvas, cover, soft, -dx, -dy, amount * hl_even (canvas, 0.2f, 0.9f));
  hl_cover_wipe (soft);
}

/* ---- Random fields */

/* Adds @gain times a smooth field, deviation about 1, with features of @size pixels. */
static void
add_octave (HlCanvas *canvas, float *out, float size, float gain)
{
  const int mask = HL_NOISE_SIDE - 1;
  int       side = canvas->side;
  int       u0   = hl_below (canvas, HL_NOISE_SIDE);
  int       v0   = hl_below (canvas, HL_NOISE_SIDE);
  float     ox   = hl_even (canvas, 0.0f, 1.0f);
  float     oy   = hl_even (canvas, 0.0f, 1.0f);
  float     step = 1.0f / size;
  /* Between lattice points the weighted mean of normal numbers deviates less. */
  float by = gain * (size > 1.5f ? 1.35f : 1.0f);

  for (int y = 0; y < side; y++)
    {
      float        v     = oy + (float) y * step;
      int          j     = (int) v;
      float        b     = v - (float) j;
      const float *above = canvas->noise + (size_t) ((v0 + j) & mask) * HL_NOISE_SIDE;
      const float *below = canvas->noise + (size_t) ((v0 + j + 1) & mask) * HL_NOISE_SIDE;
      float       *row   = out + (size_t) y * (size_t) side;

      b = b * b * (3.0f - 2.0f * b);
      for (int x = 0; x < side; x++)
        {
          float u     = ox + (float) x * step;
          int   i     = (int) u;
          float a     = u - (float) i;
          int   left  = (u0 + i) & mask;
          int   right = (left + 1) & mask;
          float upper;
          float lower;

          a     = a * a * (3.0f - 2.0f * a);
          upper = above[left] + a * (above[right] - above[left]);
          lower = below[left] + a * (below[right] - below[left]);
          row[x] += by * (upper + b * (lower - upper));
        }
    }
}

void
hl_canvas_smooth (HlCanvas *canvas, float *out, float size)
{
  memset (out, 0, sizeof (float) * (size_t) canvas->side * (size_t) canvas->side);
  add_octave (canvas, out, size, 1.0f);
}

/* Deviation about 1; each octave is half as large and has @gain times the height. */
void
hl_canvas_fractal (HlCanvas *canvas, float *out, float size, int octaves, float gain)
{
  float total  = 0.0f;
  float height = 1.0f;
  float s      = size;
  int   count  = 0;

  for (; count < octaves && s >= 1.0f; count++, s *= 0.5f, height *= gain)
    total += height * height;
  memset (out, 0, sizeof (float) * (size_t) canvas->side * (size_t) canvas->side);
  height = 1.0f / sqrtf (total + 1e-6f);
  for (s = size; count > 0; count--, s *= 0.5f, height *= gain)
    add_octave (canvas, out, s, height);
}

/* A smooth random number along a line, deviation about 1; @seed says along which. */
float
hl_canvas_along (HlCanvas *canvas, float place, float seed)
{
  const int    mask = HL_NOISE_SIDE - 1;
  const float *row  = canvas->noise + (size_t) ((int) seed & mask) * HL_NOISE_SIDE;
  int          i    = (int) floorf (place);
  float        a    = place - (float) i;

  return row[i & mask] + a * (row[(i + 1) & mask] - row[i & mask]);
}

/* ---- Blur */

/* Gauss, both ways, the edge's pixel repeated; sigma below 0.15 does nothing. */
void
hl_plane_blur (float *plane, float *spare, int side, float sigma)
{
  float kernel[64];
  int   reach = (int) ceilf (3.0f * sigma);
  float total = 0.0f;

  if (sigma < 0.15f)
    return;
  if (reach > 63)
    reach = 63;
  for (int k = 0; k <= reach; k++)
    {
      kernel[k] = expf (-0.5f * (float) (k * k) / (sigma * sigma));
      total += k == 0 ? kernel[k] : 2.0f * kernel[k];
    }
  for (int k = 0; k <= reach; k++)
    kernel[k] /= total;
  for (int y = 0; y < side; y++)
    {
      float *to = spare + (size_t) y * (size_t) side;

      for (int x = 0; x < side; x++)
        to[x] = kernel[0] * plane[(size_t) y * (size_t) side + (size_t) x];
      for (int k = 1; k <= reach; k++)
        {
          const float *a = plane + (size_t) (y - k < 0 ? 0 : y - k) * (size_t) side;
          const float *b = plane + (size_t) (y + k >= side ? side - 1 : y + k) * (size_t) side;

          for (int x = 0; x < side; x++)
            to[x] += kernel[k] * (a[x] + b[x]);
        }
    }
  for (int y = 0; y < side; y++)
    {
      float  line[2048];
      float *to = plane + (size_t) y * (size_t) side;

      for (int x = -reach; x < side + reach; x++)
        line[x + reach] = spare[(size_t) y * (size_t) side
                                + (size_t) (x < 0       ? 0
                                            : x >= side ? side - 1
                                                        : x)];
      for (int x = 0; x < side; x++)
        to[x] = kernel[0] * line[x + reach];
      for (int k = 1; k <= reach; k++)
        for (int x = 0; x < side; x++)
          to[x] += kernel[k] * (line[x + reach - k] + line[x + reach + k]);
    }
}

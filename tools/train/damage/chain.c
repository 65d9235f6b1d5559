/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the drawn print to the scan: fading and tint, resizing, blur, grain, sharpening, exposure,
 * JPEG. Sound and damaged pictures go through the same chain, so that nothing but the damage tells
 * them apart.
 */
#include "chain.h"

void
hl_tone_init (HlTone *tone, HlCanvas *canvas, int mono)
{
  tone->contrast
      = hl_chance (canvas, 0.45f) ? hl_even (canvas, 0.75f, 1.05f) : hl_even (canvas, 0.4f, 0.9f);
  tone->lift  = tone->contrast < 1.0f ? hl_even (canvas, 0.0f, 1.0f - tone->contrast) : 0.0f;
  tone->gamma = hl_scaled (canvas, 0.7f, 1.45f);
  for (int c = 0; c < 3; c++)
    {
      tone->low[c]   = 0.0f;
      tone->high[c]  = 1.0f;
      tone->power[c] = 1.0f;
    }
  if (mono && hl_chance (canvas, 0.25f))
    ; /* gray stays gray */
  else if (mono || hl_chance (canvas, 0.3f))
    {
      float s
          = hl_chance (canvas, 0.8f) ? hl_even (canvas, 0.02f, 0.2f) : hl_even (canvas, 0.2f, 0.5f);

      if (hl_chance (canvas, 0.7f))
        {
          tone->low[0] = 0.35f * s;
          tone->low[1] = 0.1f * s;
        }
      else
        for (int c = 0; c < 3; c++)
          tone->low[c] = hl_even (canvas, 0.0f, 0.12f);
      if (hl_chance (canvas, 0.85f))
        {
          tone->high[1] = 1.0f - s * hl_even (canvas, 0.2f, 0.6f);
          tone->high[2] = 1.0f - s;
        }
      else
        for (int c = 0; c < 3; c++)
          tone->high[c] = hl_even (canvas, 0.75f, 1.0f);
    }
  else
    for (int c = 0; c < 3; c++)
      {
        tone->low[c]  = hl_even (canvas, 0.0f, 0.1f);
        tone->high[c] = hl_even (canvas, 0.8f, 1.0f);
      }
  if (mono)
    {
      float by = hl_even (canvas, 0.0f, 0.5f);

      tone->power[0] -= 0.4f * by;
      tone->power[1] += 0.1f * by;
      tone->power[2] += 0.9f * by;
    }
}

void
hl_tone_apply (const HlTone *tone, float *plane[3], int count)
{
  for (int c = 0; c < 3; c++)
    {
      float table[257];

      for (int k = 0; k <= 256; k++)
        {
          float x = tone->lift + tone->contrast * powf ((float) k / 256.0f, tone->gamma);

          table[k]
              = tone->low[c]
                + (tone->high[c] - tone->low[c]) * powf (hl_clamp (x, 0.0f, 1.0f), tone->power[c]);
        }
      for (int i = 0; i < count; i++)
        {
          float x = 256.0f * hl_clamp (plane[c][i], 0.0f, 1.0f);
          int   k = x < 255.0f ? (int) x : 255;

          plane[c][i] = table[k] + (x - (float) k) * (table[k + 1] - table[k]);
        }
    }
}

/* Averages where @to is smaller, interpolates where it is larger. (side, side) to (size, size). */
void
hl_planes_resize (float *from, int side, float *to, int size)
{
  float step = (float) side / (float) size;
  float wide = fmaxf (step, 1.0f);
  float row[2048];

  for (int y = 0; y < size; y++)
    {
      float middle = ((float) y + 0.5f) * step - 0.5f;
      float total  = 0.0f;

      for (int x = 0; x < side; x++)
        row[x] = 0.0f;
      for (int j = (int) ceilf (middle - wide); j <= (int) floorf (middle + wide); j++)
        {
          float w = 1.0f - fabsf ((float) j - middle) / wide;
          int   k = j < 0 ? 0 : j >= side ? side - 1 : j;

          for (int x = 0; x < side; x++)
            row[x] += w * from[k * side + x];
          total += w;
        }
      for (int x = 0; x < size; x++)
        {
          float at  = ((float) x + 0.5f) * step - 0.5f;
          float sum = 0.0f;
          float all = 0.0f;

          for (int i = (int) ceilf (at - wide); i <= (int) floorf (at + wide); i++)
            {
              float w = 1.0f - fabsf ((float) i - at) / wide;

              sum += w * row[i < 0 ? 0 : i >= side ? side - 1 : i];
              all += w;
            }
          to[y * size + x] = sum / (all * total);
        }
    }
}

/* Draws how the scan is made; the canvas is @side pixels a side by now and lends its spare planes
 * for the grain. */
void
hl_scan_init (HlScan *scan, HlCanvas *canvas, int side, int mono)
{
  int   gray   = mono || hl_chance (canvas, 0.5f);
  float coarse = hl_chance (canvas, 0.5f) ? hl_even (canvas, 0.4f, 1.3f) : 0.0f;

  scan->soft     = 0.0f;
  scan->noise    = hl_scaled (canvas, 0.003f, 0.06f);
  scan->even     = hl_chance (canvas, 0.5f);
  scan->sharpen  = hl_chance (canvas, 0.25f) ? hl_even (canvas, 0.2f, 1.2f) : 0.0f;
  scan->radius   = hl_even (canvas, 0.7f, 1.5f);
  scan->quality  = hl_chance (canvas, 0.5f) ? 55 + hl_below (canvas, 44) : 0;
  scan->halved   = hl_chance (canvas, 0.6f);
  scan->exposure = hl_chance (canvas, 0.5f) ? hl_even (canvas, 0.7f, 1.15f) : 1.0f;
  scan->shift    = scan->exposure != 1.0f ? hl_even (canvas, -0.12f, 0.12f) : 0.0f;
  for (int c = 0; c < 3; c++)
    {
      float *grain = scan->grain[c];
      float  sum   = 0.0f;
      int    n     = side * side;

      if (c > 0 && gray)
        {
          for (int i = 0; i < n; i++)
            grain[i] = scan->grain[0][i];
          continue;
        }
      for (int y = 0; y < side; y++)
        {
          int row = hl_below (canvas, HL_NOISE_SIDE) * HL_NOISE_SIDE;
          int at  = hl_below (canvas, HL_NOISE_SIDE);

          for (int x = 0; x < side; x++)
            grain[y * side + x] = canvas->noise[row + ((at + x) & (HL_NOISE_SIDE - 1))];
        }
      hl_plane_blur (grain, canvas->cover[0].value, side, coarse);
      for (int i = 0; i < n; i++)
        sum += grain[i] * grain[i];
      sum = 1.0f / sqrtf (sum / (float) n + 1e-9f);
      for (int i = 0; i < n; i++)
        grain[i] *= sum;
    }
  for (int i = 0; i < side * side; i++)
    canvas->cover[0].value[i] = 0.0f;
}

/* @plane: (side, side) each, overwritten; @spare: (side, side); @bytes: (side, side, 3). */
void
hl_scan_apply (const HlScan *scan, float *plane[3], float *spare, int side, unsigned char *bytes)
{
  int n = side * side;

  for (int i = 0; i < n; i++)
    {
      float height = scan->noise;

      if (!scan->even)
        {
          float mean = 0.0f;

          for (int c = 0; c < 3; c++)
            mean += sqrtf (fmaxf (plane[c][i] * (1.0f - plane[c][i]), 0.0f)) / 3.0f;
          height *= 0.4f + 1.2f * mean;
        }
      for (int c = 0; c < 3; c++)
        plane[c][i] += height * scan->grain[c][i];
    }
  for (int c = 0; c < 3; c++)
    {
      if (scan->sharpen > 0.0f)
        {
          for (int i = 0; i < n; i++)
            spare[i] = plane[c][i];
          hl_plane_blur (spare, spare + n, side, scan->radius);
          for (int i = 0; i < n; i++)
            plane[c][i] += scan->sharpen * (plane[c][i] - spare[i]);
        }
      for (int i = 0; i < n; i++)
        {
          float x = (plane[c][i] - 0.5f) * scan->exposure + 0.5f + scan->shift;

          bytes[3 * i + c] = (unsigned char) (255.0f * hl_clamp (x, 0.0f, 1.0f) + 0.5f);
        }
    }
  if (scan->quality > 0)
    hl_jpeg (bytes, side, scan->quality, scan->halved, plane);
}

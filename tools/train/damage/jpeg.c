/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a JPEG file does to a picture: cosine transforms of 8 x 8 pixels, rounded by the tables of
 * annex K of ITU-T T.81, scaled as the Independent JPEG Group's library does for a quality.
 */
#include "chain.h"

static const unsigned char luma_table[64] = {
  16, 11,  10,  16, 24, 40, 51, 61, 12,  12,  14,  19,  26, 58, 60, 55,  14,  13,  16,  24, 40, 57,
  69, 56,  14,  17, 22, 29, 51, 87, 80,  62,  18,  22,  37, 56, 68, 109, 103, 77,  24,  35, 55, 64,
  81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98,  112, 100, 103, 99,
};
static const unsigned char chroma_table[64] = {
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
  99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
};

/* b = m a, or its transpose times a: (8, 8) each. */
static void
multiply (const float m[64], const float a[64], float b[64], int transposed)
{
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++)
      {
        float sum = 0.0f;

        for (int k = 0; k < 8; k++)
          sum += (transposed ? m[8 * k + i] : m[8 * i + k]) * a[8 * k + j];
        b[8 * i + j] = sum;
      }
}

static void
transpose (float a[64])
{
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < i; j++)
      {
        float kept   = a[8 * i + j];
        a[8 * i + j] = a[8 * j + i];
        a[8 * j + i] = kept;
      }
}

/* Rounds the coefficients of a plane, (side, side), of which (size, size) is in use. */
static void
round_plane (float *plane, int side, int size, const unsigned char table[64], float scale,
             const float cosine[64])
{
  for (int y = 0; y + 8 <= size; y += 8)
    for (int x = 0; x + 8 <= size; x += 8)
      {
        float a[64];
        float b[64];

        for (int i = 0; i < 64; i++)
          a[i] = plane[(y + i / 8) * side + x + i % 8];
        multiply (cosine, a, b, 0);
        transpose (b);
        multiply (cosine, b, a, 0);
        for (int i = 0; i < 64; i++)
          {
            /* The second product left the coefficients transposed. */
            float step
                = hl_clamp (floorf (0.5f + scale * table[8 * (i % 8) + i / 8]), 1.0f, 255.0f);

            a[i] = step * rintf (a[i] / step);
          }
        multiply (cosine, a, b, 1);
        transpose (b);
        multiply (cosine, b, a, 1);
        for (int i = 0; i < 64; i++)
          plane[(y + i / 8) * side + x + i % 8] = a[i];
      }
}

/* @bytes: (side, side, 3), side a multiple of 16; @quality: 1..100; @spare: (side, side) each. */
void
hl_jpeg (unsigned char *bytes, int side, int quality, int halved, float *spare[3])
{
  float scale = quality < 50 ? 50.0f / (float) quality : 2.0f - 0.02f * (float) quality;
  int   n     = side * side;
  float cosine[64];

  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++)
      cosine[8 * i + j] = (i == 0 ? 0.35355339f : 0.5f)
                          * cosf (3.1415927f * (float) i * (2.0f * (float) j + 1.0f) / 16.0f);
  for (int i = 0; i < n; i++)
    {
      float r = bytes[3 * i];
      float g = bytes[3 * i + 1];
      float b = bytes[3 * i + 2];
      float y = 0.299f * r + 0.587f * g + 0.114f * b;

      spare[0][i] = y - 128.0f;
      spare[1][i] = 0.564f * (b - y);
      spare[2][i] = 0.713f * (r - y);
    }
  round_plane (spare[0], side, side, luma_table, scale, cosine);
  for (int c = 1; c < 3; c++)
    {
      float *p = spare[c];

      if (!halved)
        {
          round_plane (p, side, side, chroma_table, scale, cosine);
          continue;
        }
      for (int y = 0; y < side / 2; y++)
        for (int x = 0; x < side / 2; x++)
          {
            const float *at = p + 2 * y * side + 2 * x;

            p[y * side + x] = 0.25f * (at[0] + at[1] + at[side] + at[side + 1]);
          }
      round_plane (p, side, side / 2, chroma_table, scale, cosine);
      for (int y = side - 1; y >= 0; y--)
        for (int x = side - 1; x >= 0; x--)
          p[y * side + x] = p[y / 2 * side + x / 2];
    }
  for (int i = 0; i < n; i++)
    {
      float y = spare[0][i] + 128.0f;
      float b = spare[1][i];
      float r = spare[2][i];

      bytes[3 * i] = (unsigned char) hl_clamp (y + 1.402f * r + 0.5f, 0.0f, 255.0f);
      bytes[3 * i + 1]
          = (unsigned char) hl_clamp (y - 0.344f * b - 0.714f * r + 0.5f, 0.0f, 255.0f);
      bytes[3 * i + 2] = (unsigned char) hl_clamp (y + 1.772f * b + 0.5f, 0.0f, 255.0f);
    }
}

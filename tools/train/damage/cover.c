/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines and shapes with smooth edges, as the share of each pixel that they cover. What overlaps
 * counts once: the larger share stays.
 */
#include "cover.h"

#include <string.h>

#define HL_CROSSINGS 64
#define HL_ROWS 4 /* lines of a pixel on which a shape is measured */

void
hl_cover_wipe (HlCover *cover)
{
  for (int y = cover->y0; y < cover->y1; y++)
    if (cover->x1 > cover->x0)
      memset (cover->value + (size_t) y * (size_t) cover->side + cover->x0, 0,
              sizeof (float) * (size_t) (cover->x1 - cover->x0));
  cover->x0 = cover->y0 = cover->side;
  cover->x1 = cover->y1 = 0;
}

/* For what is set pixel by pixel. */
void
hl_cover_whole (HlCover *cover)
{
  cover->x0 = cover->y0 = 0;
  cover->x1 = cover->y1 = cover->side;
}

/* Makes the box hold low..high, and gives that part of it which lies in the picture. */
static int
grow (HlCover *cover, const float low[2], const float high[2], int box[4])
{
  box[0] = low[0] > 0.0f ? (int) low[0] : 0;
  box[1] = low[1] > 0.0f ? (int) low[1] : 0;
  box[2] = high[0] < (float) cover->side - 1.0f ? (int) high[0] + 1 : cover->side;
  box[3] = high[1] < (float) cover->side - 1.0f ? (int) high[1] + 1 : cover->side;
  if (box[2] <= box[0] || box[3] <= box[1])
    return 0;
  cover->x0 = box[0] < cover->x0 ? box[0] : cover->x0;
  cover->y0 = box[1] < cover->y0 ? box[1] : cover->y0;
  cover->x1 = box[2] > cover->x1 ? box[2] : cover->x1;
  cover->y1 = box[3] > cover->y1 ? box[3] : cover->y1;
  return 1;
}

void
hl_cover_copy (HlCover *cover, const HlCover *from)
{
  hl_cover_wipe (cover);
  cover->x0 = from->x0;
  cover->y0 = from->y0;
  cover->x1 = from->x1;
  cover->y1 = from->y1;
  for (int y = from->y0; y < from->y1; y++)
    if (from->x1 > from->x0)
      memcpy (cover->value + (size_t) y * (size_t) cover->side + from->x0,
              from->value + (size_t) y * (size_t) cover->side + from->x0,
              sizeof (float) * (size_t) (from->x1 - from->x0));
}

/* Gauss within the box, which grows; @spare: (side, side). */
void
hl_cover_blur (HlCover *cover, float *spare, float sigma)
{
  float kernel[96];
  int   side  = cover->side;
  int   reach = (int) ceilf (3.0f * sigma);
  float total = 0.0f;
  int   box[4];
  int   inner_y0 = cover->y0;
  int   inner_y1 = cover->y1;

  if (sigma < 0.15f || cover->x1 <= cover->x0)
    return;
  if (reach > 95)
    reach = 95;
  for (int k = 0; k <= reach; k++)
    {
      kernel[k] = expf (-0.5f * (float) (k * k) / (sigma * sigma));
      total += k == 0 ? kernel[k] : 2.0f * kernel[k];
    }
  {
    float low[2]  = { (float) (cover->x0 - reach), (float) (cover->y0 - reach) };
    float high[2] = { (float) (cover->x1 + reach), (float) (cover->y1 + reach) };

    grow (cover, low, high, box);
  }
  for (int y = inner_y0; y < inner_y1; y++)
    {
      const float *from = cover->value + (size_t) y * (size_t) side;
      float       *to   = spare + (size_t) y * (size_t) side;

      for (int x = box[0]; x < box[2]; x++)
        {
          float sum = kernel[0] * from[x];

          for (int k = 1; k <= reach; k++)
            {
              if (x - k >= 0)
                sum += kernel[k] * from[x - k];
              if (x + k < side)
                sum += kernel[k] * from[x + k];
            }
          to[x] = sum;
        }
    }
  for (int y = box[1]; y < box[3]; y++)
    {
      float *to = cover->value + (size_t) y * (size_t) side;

      for (int x = box[0]; x < box[2]; x++)
        to[x] = 0.0f;
      for (int k = -reach; k <= reach; k++)
        if (y + k >= inner_y0 && y + k < inner_y1)
          {
            const float *from = spare + (size_t) (y + k) * (size_t) side;
            float        w    = kernel[k < 0 ? -k : k];

            for (int x = box[0]; x < box[2]; x++)
              to[x] += w * from[x];
          }
    }
}

/* A line from @a to @b with round ends; its widths there, in pixels. */
void
hl_cover_segment (HlCover *cover, HlPoint a, HlPoint b, float wide_a, float wide_b, float value)
{
  float most    = 0.5f * fmaxf (wide_a, wide_b) + 1.0f;
  float low[2]  = { fminf (a.x, b.x) - most, fminf (a.y, b.y) - most };
  float high[2] = { fmaxf (a.x, b.x) + most, fmaxf (a.y, b.y) + most };
  float dx      = b.x - a.x;
  float dy      = b.y - a.y;
  float square  = 1.0f / (dx * dx + dy * dy + 1e-6f);
  int   box[4];

  if (value <= 0.0f || !grow (cover, low, high, box))
    return;
  for (int y = box[1]; y < box[3]; y++)
    {
      float *row = cover->value + (size_t) y * (size_t) cover->side;
      float  v   = (float) y + 0.5f - a.y;

      for (int x = box[0]; x < box[2]; x++)
        {
          float u     = (float) x + 0.5f - a.x;
          float t     = hl_clamp ((u * dx + v * dy) * square, 0.0f, 1.0f);
          float ex    = u - t * dx;
          float ey    = v - t * dy;
          float width = wide_a + t * (wide_b - wide_a);
          /* Thinner than a pixel: fainter instead. */
          float share = fminf (width, 1.0f)
                        * hl_clamp (0.5f * fmaxf (width, 1.0f) + 0.5f - sqrtf (ex * ex + ey * ey),
                                    0.0f, 1.0f);

          row[x] = fmaxf (row[x], value * share);
        }
    }
}

void
hl_cover_line (HlCover *cover, const HlPoint *points, int count, float width, float value)
{
  for (int i = 0; i + 1 < count; i++)
    hl_cover_segment (cover, points[i], points[i + 1], width, width, value);
}

/* Adds the part of low..high that each pixel of @row holds, @by a whole pixel. */
static void
add_span (float *row, int side, float low, float high, float by)
{
  int first;
  int last;

  low  = fmaxf (low, 0.0f);
  high = fminf (high, (float) side);
  if (high <= low)
    return;
  first = (int) low;
  last  = (int) high;
  if (first == last)
    {
      row[first] += by * (high - low);
      return;
    }
  row[first] += by * ((float) (first + 1) - low);
  for (int x = first + 1; x < last; x++)
    row[x] += by;
  if (last < side)
    row[last] += by * (high - (float) last);
}

/* The inside by even and odd crossings. */
void
hl_cover_polygon (HlCover *cover, const HlPoint *points, int count, float value)
{
  float low[2]  = { points[0].x, points[0].y };
  float high[2] = { points[0].x, points[0].y };
  float row[2048];
  int   box[4];

  for (int i = 1; i < count; i++)
    {
      low[0]  = fminf (low[0], points[i].x);
      low[1]  = fminf (low[1], points[i].y);
      high[0] = fmaxf (high[0], points[i].x);
      high[1] = fmaxf (high[1], points[i].y);
    }
  high[0] += 1.0f;
  high[1] += 1.0f;
  if (!grow (cover, low, high, box))
    return;
  for (int y = box[1]; y < box[3]; y++)
    {
      float *to = cover->value + (size_t) y * (size_t) cover->side;

      memset (row + box[0], 0, sizeof (float) * (size_t) (box[2] - box[0]));
      for (int k = 0; k < HL_ROWS; k++)
        {
          float at = (float) y + ((float) k + 0.5f) / HL_ROWS;
          float crossing[HL_CROSSINGS];
          int   found = 0;

          for (int i = 0; i < count && found < HL_CROSSINGS; i++)
            {
              HlPoint a = points[i];
              HlPoint b = points[i + 1 == count ? 0 : i + 1];

              if ((a.y <= at) != (b.y <= at))
                {
                  float x = a.x + (at - a.y) / (b.y - a.y) * (b.x - a.x);
                  int   j = found++;

                  for (; j > 0 && crossing[j - 1] > x; j--)
                    crossing[j] = crossing[j - 1];
                  crossing[j] = x;
                }
            }
          for (int i = 0; i + 1 < found; i += 2)
            add_span (row, cover->side, crossing[i], crossing[i + 1], 1.0f / HL_ROWS);
        }
      for (int x = box[0]; x < box[2]; x++)
        to[x] = fmaxf (to[x], value * row[x]);
    }
}

void
hl_cover_ellipse (HlCover *cover, float x, float y, float rx, float ry, float turn, float value)
{
  HlPoint points[24];
  float   c = cosf (turn);
  float   s = sinf (turn);

  for (int i = 0; i < 24; i++)
    {
      float u = rx * cosf (6.2831853f * (float) i / 24.0f);
      float v = ry * sinf (6.2831853f * (float) i / 24.0f);

      points[i] = (HlPoint) { x + c * u - s * v, y + s * u + c * v };
    }
  hl_cover_polygon (cover, points, 24, value);
}

/* So that the most is @highest. */
void
hl_cover_scale (HlCover *cover, float highest)
{
  float most = 1e-6f;

  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      most = fmaxf (most, cover->value[(size_t) y * (size_t) cover->side + (size_t) x]);
  for (int y = cover->y0; y < cover->y1; y++)
    for (int x = cover->x0; x < cover->x1; x++)
      cover->value[(size_t) y * (size_t) cover->side + (size_t) x] *= highest / most;
}

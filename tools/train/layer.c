/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sheets of a generated picture (leaves.c). A sheet is painted from front to back: what is
 * painted stays, and what comes later appears only where nothing lies yet (so does the dead-leaves
 * model of Lee, Mumford and Huang 2001, and each pixel is computed once). Whole sheets are blurred
 * and laid over each other from back to front, which gives depth of field and soft shadows.
 */
#include "layer.h"

#include <stdlib.h>
#include <string.h>

/**
 * hl_layer_init:
 * @layer: (out caller-allocates): the sheet, free it with hl_layer_clear()
 * @side: rows and columns
 *
 * Returns: 0 where the memory does not suffice
 */
int
hl_layer_init (HlLayer *layer, int side)
{
  size_t n = (size_t) side * (size_t) side * 4;

  *layer           = (HlLayer) { .side = side };
  layer->color     = calloc (n, sizeof (float));
  layer->spare     = malloc (n * sizeof (float));
  layer->crossing  = malloc (sizeof (float) * (size_t) side * HL_LAYER_CROSSINGS);
  layer->crossings = malloc (sizeof (int) * (size_t) side);
  return layer->color != NULL && layer->spare != NULL && layer->crossing != NULL
         && layer->crossings != NULL;
}

/**
 * hl_layer_clear:
 * @layer: the sheet
 *
 * Frees what hl_layer_init() made.
 */
void
hl_layer_clear (HlLayer *layer)
{
  free (layer->color);
  free (layer->spare);
  free (layer->crossing);
  free (layer->crossings);
}

/**
 * hl_layer_wipe:
 * @layer: the sheet, which becomes clear everywhere
 */
void
hl_layer_wipe (HlLayer *layer)
{
  memset (layer->color, 0, sizeof (float) * 4 * (size_t) layer->side * (size_t) layer->side);
  layer->painted = 0;
}

static int
clamp_row (float y, int side)
{
  return y<0.0f ? 0 : y> (float) side ? side : (int) y;
}

/* Notes where the line from @from to @to crosses the middles of the rows. */
static void
cross (HlLayer *layer, const float *from, const float *to)
{
  const float *upper = from[1] < to[1] ? from : to;
  const float *lower = from[1] < to[1] ? to : from;
  int          first = clamp_row (ceilf (upper[1] - 0.5f), layer->side);
  int          last  = clamp_row (ceilf (lower[1] - 0.5f), layer->side);

  for (int y = first; y < last; y++)
    {
      float  t   = ((float) y + 0.5f - upper[1]) / (lower[1] - upper[1]);
      float  x   = upper[0] + t * (lower[0] - upper[0]);
      float *row = layer->crossing + (size_t) y * HL_LAYER_CROSSINGS;
      int    i   = layer->crossings[y];

      if (i == HL_LAYER_CROSSINGS)
        continue;
      layer->crossings[y]++;
      for (; i > 0 && row[i - 1] > x; i--)
        row[i] = row[i - 1];
      row[i] = x;
    }
}

/**
 * hl_layer_paint:
 * @layer: the sheet
 * @outline: the shape, in pixels of the canvas
 * @fill: what to paint it with
 *
 * Paints a shape behind all that is on the sheet already.
 */
void
hl_layer_paint (HlLayer *layer, const HlOutline *outline, const HlFill *fill)
{
  float top    = outline->at[0][1];
  float bottom = outline->at[0][1];

  for (int i = 1; i < outline->n; i++)
    {
      top    = fminf (top, outline->at[i][1]);
      bottom = fmaxf (bottom, outline->at[i][1]);
    }
  for (int y = clamp_row (top, layer->side); y < clamp_row (bottom + 1.0f, layer->side); y++)
    layer->crossings[y] = 0;
  for (int i = 0; i < outline->n; i++)
    cross (layer, outline->at[i], outline->at[(i + 1) % outline->n]);
  for (int y = clamp_row (top, layer->side); y < clamp_row (bottom + 1.0f, layer->side); y++)
    for (int i = 0; i + 1 < layer->crossings[y]; i += 2)
      {
        const float *pair  = layer->crossing + (size_t) y * HL_LAYER_CROSSINGS + i;
        int          left  = clamp_row (ceilf (pair[0] - 0.5f), layer->side);
        int          right = clamp_row (ceilf (pair[1] - 0.5f), layer->side);
        float       *pixel = layer->color + 4 * ((size_t) y * (size_t) layer->side + (size_t) left);

        for (int x = left; x < right; x++, pixel += 4)
          if (pixel[3] == 0.0f && hl_fill_color (fill, (float) x, (float) y, pixel))
            {
              pixel[3] = 1.0f;
              layer->painted++;
            }
      }
}

/* Averages over 2 @reach + 1 neighbours along the rows and writes the result turned over its
 * diagonal, so that twice does both directions. The edges repeat. */
static void
average (const float *from, float *to, int side, int reach)
{
  float part = 1.0f / (float) (2 * reach + 1);

  for (int y = 0; y < side; y++)
    {
      const float *row    = from + 4 * (size_t) y * (size_t) side;
      float        sum[4] = { 0.0f, 0.0f, 0.0f, 0.0f };

      for (int x = -reach; x <= reach; x++)
        for (int c = 0; c < 4; c++)
          sum[c] += row[4 * (x < 0 ? 0 : x < side ? x : side - 1) + c];
      for (int x = 0; x < side; x++)
        {
          const float *enter = row + 4 * (x + reach + 1 < side ? x + reach + 1 : side - 1);
          const float *leave = row + 4 * (x > reach ? x - reach : 0);
          float       *pixel = to + 4 * ((size_t) x * (size_t) side + (size_t) y);

          for (int c = 0; c < 4; c++)
            {
              pixel[c] = part * sum[c];
              sum[c] += enter[c] - leave[c];
            }
        }
    }
}

/**
 * hl_layer_blur:
 * @layer: the sheet
 * @sigma: standard deviation in pixels of the canvas
 *
 * Blurs by three running means a direction, close to a normal distribution.
 */
void
hl_layer_blur (HlLayer *layer, float sigma)
{
  /* Three windows of 2 r + 1 have the variance r (r + 1). */
  float wanted = 0.5f * (sqrtf (1.0f + 4.0f * sigma * sigma) - 1.0f);

  for (int pass = 0; pass < 3; pass++)
    {
      int reach = (int) (wanted + ((float) pass + 0.5f) / 3.0f);

      if (reach < 1)
        continue;
      average (layer->color, layer->spare, layer->side, reach);
      average (layer->spare, layer->color, layer->side, reach);
    }
}

/**
 * hl_layer_lay:
 * @layer: the upper sheet
 * @below: (inout): the lower one, onto which it is laid
 */
void
hl_layer_lay (const HlLayer *layer, HlLayer *below)
{
  size_t n = (size_t) layer->side * (size_t) layer->side;

  for (size_t i = 0; i < n; i++)
    {
      const float *upper = layer->color + 4 * i;
      float       *lower = below->color + 4 * i;

      if (upper[3] > 0.0f)
        for (int c = 0; c < 4; c++)
          lower[c] = upper[c] + (1.0f - upper[3]) * lower[c];
    }
}

/**
 * hl_layer_shade:
 * @layer: the sheet that throws the shadow
 * @below: (inout): the sheet on which it falls
 * @dx: by how much it falls aside, in pixels
 * @dy: by how much it falls down
 * @darkness: 0..1
 */
void
hl_layer_shade (const HlLayer *layer, HlLayer *below, int dx, int dy, float darkness)
{
  int side = layer->side;

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int    u     = x - dx < 0 ? 0 : x - dx < side ? x - dx : side - 1;
        int    v     = y - dy < 0 ? 0 : y - dy < side ? y - dy : side - 1;
        float *pixel = below->color + 4 * ((size_t) y * (size_t) side + (size_t) x);
        float  light
            = 1.0f - darkness * layer->color[4 * ((size_t) v * (size_t) side + (size_t) u) + 3];

        for (int c = 0; c < 3; c++)
          pixel[c] *= light;
      }
}

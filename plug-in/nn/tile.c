/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layer reads: planes seen through normalisation and activation, tile by tile.
 *
 * A layer copies a tile of its input into cache once, forming the activation on the way,
 * and then reads it as often as it has output channels and taps. */
#include "nn/tile.h"

#include <string.h>

/* Floats of input that a tile may hold: 256 KiB, so that it stays in the second cache. */
#define TILE_FLOATS 65536
#define TILE_PIXELS 4096
#define TILE_WIDTH 264

/**
 * hl_reflect:
 * @i: an index, also outside
 * @n: 1 or more
 *
 * Returns: the index within 0..n - 1 that reflection at the first and last sample (which
 * are not repeated) leads to; 0 for n = 1
 */
int
hl_reflect (int i, int n)
{
  if (n == 1)
    return 0;
  while (i < 0 || i >= n)
    i = i < 0 ? -i : 2 * (n - 1) - i;
  return i;
}

/* Rows of a plane, all inside. */
static void
load (const HlSource *s, const HlKernels *kernels, int c, gsize at, gsize x_step, int rows, int n,
      gsize y_step, float *y)
{
  if (s->d)
    {
      HlGradient g = { s->scale[c], s->shift[c], s->slope, s->k[c], s->a[c], s->b[c] };

      kernels->gradient (y, y_step, s->d + at, s->x + at, x_step, rows, n, &g);
    }
  else if (s->scale)
    kernels->activate (y, y_step, s->x + at, x_step, rows, n, s->scale[c], s->shift[c], s->slope);
  else
    for (int r = 0; r < rows; r++)
      memcpy (y + r * y_step, s->x + at + r * x_step, n * sizeof (float));
}

/**
 * hl_source_load:
 * @source: what is read
 * @kernels: the inner loops
 * @channel: 0..C - 1
 * @height: H
 * @width: W
 * @border: what lies outside
 * @tile: what part; it may reach outside, or lie there altogether
 * @y: (rows, columns) of @tile, written
 */
void
hl_source_load (const HlSource *source, const HlKernels *kernels, int channel, int height,
                int width, HlBorder border, HlTile tile, float *y)
{
  int   rows = tile.bottom - tile.top, cols = tile.right - tile.left;
  int   top = CLAMP (-tile.top, 0, rows), bottom = CLAMP (height - tile.top, top, rows);
  int   left = CLAMP (-tile.left, 0, cols), right = CLAMP (width - tile.left, left, cols);
  gsize plane = (gsize) channel * height * width;

  if (left < right && top < bottom)
    load (source, kernels, channel, plane + (gsize) (tile.top + top) * width + tile.left + left,
          width, bottom - top, right - left, cols, y + (gsize) top * cols + left);
  if (top == 0 && bottom == rows && left == 0 && right == cols)
    return;
  for (int r = top ? 0 : bottom; r < rows; r = r + 1 == top ? bottom : r + 1)
    if (border == HL_BORDER_ZERO)
      memset (y + (gsize) r * cols, 0, cols * sizeof (float));
    else if (left < right)
      load (source, kernels, channel,
            plane + (gsize) hl_reflect (tile.top + r, height) * width + tile.left + left, width, 1,
            right - left, cols, y + (gsize) r * cols + left);
  for (int i = left ? 0 : right; i < cols; i = i + 1 == left ? right : i + 1)
    {
      int from = hl_reflect (tile.left + i, width);

      for (int r = 0; r < rows; r++)
        {
          float *to = y + (gsize) r * cols;

          if (border == HL_BORDER_ZERO)
            to[i] = 0;
          else if (from >= tile.left + left && from < tile.left + right)
            to[i] = to[from - tile.left];
          else
            load (source, kernels, channel,
                  plane + (gsize) hl_reflect (tile.top + r, height) * width + from, width, 1, 1,
                  cols, to + i);
        }
    }
}

/**
 * hl_grid_new:
 * @height: of what is cut
 * @width: likewise
 * @channels: planes that a tile holds at once
 * @halo: rows and columns that a tile reads beyond its own
 *
 * The cut depends on the shape alone, never on the threads: sums over tiles must come out
 * the same everywhere.
 *
 * Returns: tiles that fit into cache, none smaller than 2 * halo + 2 unless alone
 */
HlGrid
hl_grid_new (int height, int width, int channels, int halo)
{
  HlGrid grid   = { .height = height, .width = width };
  int    pixels = CLAMP (TILE_FLOATS / channels, 64, TILE_PIXELS), least = 4 * halo + 4;
  int    cols = CLAMP (pixels / 10, MAX (64, least), TILE_WIDTH), rows;

  grid.across = (width + cols - 1) / cols;
  cols        = (width + grid.across - 1) / grid.across;
  rows        = MAX (pixels / (cols + halo) - halo, least);
  grid.down   = (height + rows - 1) / rows;
  return grid;
}

/**
 * hl_grid_get_tile:
 * @grid: a cut
 * @index: 0..down * across - 1
 *
 * Returns: the tile's rows top..bottom - 1 and columns left..right - 1
 */
HlTile
hl_grid_get_tile (const HlGrid *grid, int index)
{
  gint64 y = index / grid->across, x = index % grid->across;

  return (HlTile) { .top    = y * grid->height / grid->down,
                    .bottom = (y + 1) * grid->height / grid->down,
                    .left   = x * grid->width / grid->across,
                    .right  = (x + 1) * grid->width / grid->across };
}

/**
 * hl_grid_get_largest:
 * @grid: a cut
 * @halo: rows and columns read beyond the tile
 *
 * Returns: pixels of the largest tile with its halo, rounded up to a whole vector and with
 * %HL_SLACK behind
 */
gsize
hl_grid_get_largest (const HlGrid *grid, int halo)
{
  gsize rows = (grid->height + grid->down - 1) / grid->down + halo;
  gsize cols = (grid->width + grid->across - 1) / grid->across + halo;

  return (rows * cols + 15) / 16 * 16 + HL_SLACK;
}

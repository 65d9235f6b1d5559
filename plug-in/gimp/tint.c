/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks (marks.c) drawn over the photograph: a tint and an outline where it is mended, and an
 * outline in another colour where something was found that the person does not want mended. */

#include "gimp/tint.h"

#include <math.h>

/* The colour of what is mended, how much of it a pixel within the outline gets, and the colour of
 * the outline of what is not. */
#define TINT 0xff0080u
#define SHARE 0.35
#define PLAIN 0xc0c0c0u

/* Marks at one size. */
typedef struct
{
  int           width, height;
  const guint8 *bits;
} Level;

/* What pixel (@x, @y) of the scaled photograph shows, of pixels of @level that are @step wide. */
static guint8
look (const Level *level, double step, int x, int y)
{
  int    left = MAX ((int) (x / step), 0), top = MAX ((int) (y / step), 0);
  int    right  = MIN (MAX ((int) ((x + 1) / step), left + 1), level->width);
  int    bottom = MIN (MAX ((int) ((y + 1) / step), top + 1), level->height);
  guint8 bits   = 0;

  if (x < 0 || y < 0)
    return 0;
  for (int j = top; j < bottom; j++)
    for (int i = left; i < right; i++)
      bits |= level->bits[(gsize) j * level->width + i];
  /* What is mended is seen first. */
  return bits & HL_MARKS_MENDED ? HL_MARKS_MENDED : bits;
}

/* What is drawn over a pixel, premultiplied. */
static guint32
get_colour (guint8 bits, gboolean is_edge)
{
  guint32 alpha = SHARE * 255, mixed = alpha << 24;

  if (is_edge)
    return 0xff000000u | (bits == HL_MARKS_MENDED ? TINT : PLAIN);
  if (bits != HL_MARKS_MENDED)
    return 0;
  for (int shift = 0; shift < 24; shift += 8)
    mixed |= (guint32) (SHARE * (TINT >> shift & 0xff)) << shift;
  return mixed;
}

/* Draws the columns and rows from (@left, @top) on of the scaled photograph. What is seen is looked
 * up one row ahead, for three rows at a time, and one column further on either side, since a pixel
 * is on the outline where one of its neighbours is seen in another way. */
static void
draw (const Level *level, double step, int left, int top, int width, int height, guint32 *pixels,
      int stride)
{
  int                columns = width + 2;
  g_autofree guint8 *rows    = g_new0 (guint8, 3 * (gsize) columns);

  for (int y = -1; y <= height; y++)
    {
      guint8 *next = rows + (gsize) ((y + 3) % 3) * columns;
      guint8 *here = rows + (gsize) ((y + 2) % 3) * columns;
      guint8 *last = rows + (gsize) ((y + 1) % 3) * columns;

      for (int x = 0; x < columns; x++)
        next[x] = look (level, step, left + x - 1, top + y);
      for (int x = 1; y > 0 && x <= width; x++)
        if (here[x])
          pixels[(gsize) (y - 1) * stride + x - 1]
              = get_colour (here[x], here[x - 1] != here[x] || here[x + 1] != here[x]
                                         || last[x] != here[x] || next[x] != here[x]);
    }
}

/**
 * hl_tint_draw:
 * @marks: marks
 * @cr: where to; only what its clip leaves visible is touched
 * @scale: screen pixels for one of the photograph
 * @x: where column 0 of the photograph lies, a whole number
 * @y: where row 0 lies, likewise
 *
 * Draws the marks over the photograph: a tint and an outline where it is mended, and an outline
 * where it is not although something was found.
 */
void
hl_tint_draw (const HlMarks *marks, cairo_t *cr, double scale, double x, double y)
{
  int              l = 0, left, top, right, bottom;
  double           x0, y0, x1, y1, dots, unused, step;
  Level            level;
  cairo_surface_t *surface;

  /* In pixels of the screen, of which a unit of the window may have several. */
  cairo_surface_get_device_scale (cairo_get_target (cr), &dots, &unused);
  scale *= dots;
  while (scale * (1 << (l + 1)) <= 1
         && hl_marks_get_level (marks, l + 1, &level.width, &level.height))
    l++;
  level.bits = hl_marks_get_level (marks, l, &level.width, &level.height);
  step       = scale * (1 << l);
  cairo_clip_extents (cr, &x0, &y0, &x1, &y1);
  left   = MAX (floor ((x0 - x) * dots), 0);
  top    = MAX (floor ((y0 - y) * dots), 0);
  right  = MIN (ceil ((x1 - x) * dots), ceil (level.width * step));
  bottom = MIN (ceil ((y1 - y) * dots), ceil (level.height * step));
  if (left >= right || top >= bottom)
    return;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, right - left, bottom - top);
  cairo_surface_flush (surface);
  if (cairo_image_surface_get_data (surface))
    draw (&level, step, left, top, right - left, bottom - top,
          (guint32 *) cairo_image_surface_get_data (surface),
          cairo_image_surface_get_stride (surface) / 4);
  cairo_surface_mark_dirty (surface);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, 1 / dots, 1 / dots);
  cairo_set_source_surface (cr, surface, left, top);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

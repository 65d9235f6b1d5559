/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before and after as the screen wants them: 8 bits in sRGB, in halves of halves of their size,
 * so that any part can be drawn at any size at once. The worker's thread, which has the time,
 * converts each part as it becomes better; the main thread only copies what is visible. A lock
 * is held for the time of a copy, never for that of a conversion. */

#include "gimp/picture.h"

#include <math.h>
#include <string.h>

#define MOST_LEVELS 20

/* Rows that are converted at a time. */
#define BAND 32

/* What stands for a transparent pixel. */
#define NOTHING 0xff808080u

/* Above this many screen pixels for one of the picture, pixels are shown as squares. */
#define SQUARES 2.0

typedef struct
{
  int      width, height;
  guint32 *side[HL_PICTURE_SIDES]; /* (height, width) as CAIRO_FORMAT_RGB24 */
} Level;

struct _HlPicture
{
  int           channels;
  const guint8 *hidden; /* (H, W), not 0 where a pixel is transparent */
  const Babl   *floats;
  int           levels;
  Level         level[MOST_LEVELS];
  GMutex        mutex; /* guards the pixels, which one thread writes, and the three below */
  int           drawn; /* the level that was drawn last */
  guint         serial;
  gboolean      has_after;
};

/* Allocates one side, unless that has been done. */
static gboolean
allocate (HlPicture *picture, HlPictureSide side)
{
  for (int l = 0; l < picture->levels; l++)
    {
      Level *level = &picture->level[l];

      if (!level->side[side])
        level->side[side] = g_try_new0 (guint32, (gsize) level->width * level->height);
      if (!level->side[side])
        return FALSE;
    }
  return TRUE;
}

/**
 * hl_picture_new:
 * @image: (C, H, W), the picture; only its size is looked at
 * @hidden: (nullable): (H, W), not 0 where a pixel is transparent; borrowed
 * @space: (nullable): the colour space of the picture's values
 *
 * Makes an empty picture.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL where memory does not suffice
 */
HlPicture *
hl_picture_new (const HlImage *image, const guint8 *hidden, const Babl *space)
{
  HlPicture *picture = g_new0 (HlPicture, 1);
  int        width = image->width, height = image->height;

  g_mutex_init (&picture->mutex);
  picture->channels = image->channels;
  picture->hidden   = hidden;
  picture->floats
      = babl_format_with_space (image->channels == 1 ? "Y' float" : "R'G'B' float", space);
  for (int l = 0; l < MOST_LEVELS; l++)
    {
      Level *level = &picture->level[picture->levels++];

      level->width  = width;
      level->height = height;
      if (width == 1 && height == 1)
        break;
      width  = (width + 1) / 2;
      height = (height + 1) / 2;
    }
  if (allocate (picture, HL_PICTURE_BEFORE))
    return picture;
  hl_picture_free (picture);
  return NULL;
}

/**
 * hl_picture_get_size:
 * @picture: a picture
 * @width: (out): pixels
 * @height: (out): pixels
 */
void
hl_picture_get_size (const HlPicture *picture, int *width, int *height)
{
  *width  = picture->level[0].width;
  *height = picture->level[0].height;
}

/* Rows @top.. of @part of level @l, @rows of them, as they are drawn. @scratch has (rows, width,
 * C).
 */
static void
convert (const HlPicture *picture, int l, const HlImage *part, int x, int y, int top, int rows,
         float *scratch, guint32 *to)
{
  gsize plane = (gsize) part->width * part->height, n = (gsize) part->width * rows;

  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < part->channels; c++)
      scratch[i * part->channels + c] = part->planes[c * plane + (gsize) top * part->width + i];
  babl_process (babl_fish (picture->floats, babl_format ("cairo-RGB24")), scratch, to, n);
  for (gsize i = 0; picture->hidden && i < n; i++)
    if (picture->hidden[((y + top + i / part->width) << l) * picture->level[0].width
                        + ((x + i % part->width) << l)])
      to[i] = NOTHING;
}

/* Copies a band into a level, under the lock. */
static void
put (HlPicture *picture, HlPictureSide side, const Level *level, int x, int y, int width, int rows,
     const guint32 *from)
{
  g_mutex_lock (&picture->mutex);
  for (int i = 0; i < rows; i++)
    memcpy (level->side[side] + (gsize) (y + i) * level->width + x, from + (gsize) i * width,
            width * sizeof *from);
  g_mutex_unlock (&picture->mutex);
}

/* The mean of the up to four pixels of @fine below pixel (@x, @y) of the next level. */
static guint32
mean (const Level *fine, HlPictureSide side, int x, int y)
{
  int     n = 0, sum[3] = { 0 };
  guint32 pixel = 0;

  for (int i = 2 * y; i < MIN (2 * y + 2, fine->height); i++)
    for (int j = 2 * x; j < MIN (2 * x + 2, fine->width); j++, n++)
      for (int c = 0; c < 3; c++)
        sum[c] += fine->side[side][(gsize) i * fine->width + j] >> (8 * c) & 0xff;
  for (int c = 0; c < 3; c++)
    pixel |= (guint32) ((sum[c] + n / 2) / n) << (8 * c);
  return pixel;
}

/* Makes the box [x0, x1) x [y0, y1) of level @first anew in all the smaller ones. */
static void
shrink (HlPicture *picture, HlPictureSide side, int first, int x0, int y0, int x1, int y1,
        guint32 *scratch)
{
  for (int l = first + 1; l < picture->levels; l++)
    {
      const Level *fine = &picture->level[l - 1], *level = &picture->level[l];

      x0 /= 2;
      y0 /= 2;
      x1 = (x1 + 1) / 2;
      y1 = (y1 + 1) / 2;
      for (int y = y0; y < y1; y += BAND)
        {
          int rows = MIN (BAND, y1 - y);

          for (int i = 0; i < rows; i++)
            for (int x = x0; x < x1; x++)
              scratch[(gsize) i * (x1 - x0) + x - x0] = mean (fine, side, x, y + i);
          put (picture, side, level, x0, y, x1 - x0, rows, scratch);
        }
    }
}

/* Sets a part of one side, from level @l on. */
static void
set_part (HlPicture *picture, HlPictureSide side, int l, const HlImage *part, int x, int y)
{
  g_autofree float   *scratch   = g_try_new (float, (gsize) BAND * part->width * part->channels);
  g_autofree guint32 *converted = g_try_new (guint32, (gsize) BAND * (part->width + 1));

  /* Without memory for it there is no preview, and yet a result. */
  if (!scratch || !converted || !allocate (picture, side))
    return;
  for (int top = 0; top < part->height; top += BAND)
    {
      int rows = MIN (BAND, part->height - top);

      convert (picture, l, part, x, y, top, rows, scratch, converted);
      put (picture, side, &picture->level[l], x, y + top, part->width, rows, converted);
    }
  shrink (picture, side, l, x, y, x + part->width, y + part->height, converted);
  g_mutex_lock (&picture->mutex);
  picture->serial++;
  picture->has_after |= side == HL_PICTURE_AFTER && l == 0;
  g_mutex_unlock (&picture->mutex);
}

/**
 * hl_picture_set_before:
 * @picture: a picture
 * @image: (C, H, W), the photograph as it was
 *
 * Sets what was there before. Any thread may call it, but only one at a time.
 */
void
hl_picture_set_before (HlPicture *picture, const HlImage *image)
{
  set_part (picture, HL_PICTURE_BEFORE, 0, image, 0, 0);
}

/**
 * hl_picture_set_after:
 * @picture: a picture whose before is set
 * @part: (C, h, w), a part of the photograph that has become better; the first time all of it
 * @x: its first column
 * @y: its first row
 *
 * Sets what is there now. Any thread may call it, but only one at a time.
 */
void
hl_picture_set_after (HlPicture *picture, const HlImage *part, int x, int y)
{
  set_part (picture, HL_PICTURE_AFTER, 0, part, x, y);
}

/**
 * hl_picture_get_factor:
 * @picture: a picture
 *
 * Returns: by which factor, a power of two, what was drawn last is smaller than the picture, so
 * that hl_picture_set_preview() shows in full
 */
int
hl_picture_get_factor (HlPicture *picture)
{
  int drawn;

  g_mutex_lock (&picture->mutex);
  drawn = picture->drawn;
  g_mutex_unlock (&picture->mutex);
  return 1 << drawn;
}

/**
 * hl_picture_set_preview:
 * @picture: a picture whose after is set
 * @small: (C, H, W), what there will be, as hl_image_shrink() makes it smaller
 * @factor: by which factor, of hl_picture_get_factor()
 *
 * Sets what there will be at this size and the smaller ones: a view that shows all of a large
 * picture has it long before each pixel is done. Any thread may call it, but only one at a time.
 */
void
hl_picture_set_preview (HlPicture *picture, const HlImage *small, int factor)
{
  set_part (picture, HL_PICTURE_AFTER, g_bit_storage (factor) - 1, small, 0, 0);
}

/**
 * hl_picture_get_serial:
 * @picture: a picture
 *
 * Returns: a number that changes whenever the picture does
 */
guint
hl_picture_get_serial (HlPicture *picture)
{
  guint serial;

  g_mutex_lock (&picture->mutex);
  serial = picture->serial;
  g_mutex_unlock (&picture->mutex);
  return serial;
}

/**
 * hl_picture_draw:
 * @picture: a picture
 * @side: which; while there is no after, the before stands for it
 * @cr: where to; only what its clip leaves visible is touched
 * @scale: screen pixels for one of the picture
 * @x: where column 0 of the picture comes to lie
 * @y: where row 0 comes to lie
 *
 * Draws the visible part.
 */
void
hl_picture_draw (HlPicture *picture, HlPictureSide side, cairo_t *cr, double scale, double x,
                 double y)
{
  int              l = 0, left, top, right, bottom;
  double           x0, y0, x1, y1, step;
  const Level     *level;
  cairo_surface_t *surface;

  while (l + 1 < picture->levels && scale * (1 << (l + 1)) <= 1)
    l++;
  level = &picture->level[l];
  step  = scale * (1 << l);
  cairo_clip_extents (cr, &x0, &y0, &x1, &y1);
  /* One pixel more on each side, for the interpolation. */
  left   = CLAMP (floor ((x0 - x) / step) - 1, 0, level->width);
  top    = CLAMP (floor ((y0 - y) / step) - 1, 0, level->height);
  right  = CLAMP (ceil ((x1 - x) / step) + 1, left, level->width);
  bottom = CLAMP (ceil ((y1 - y) / step) + 1, top, level->height);
  if (left == right || top == bottom)
    return;

  g_mutex_lock (&picture->mutex);
  picture->drawn = l;
  if (!picture->has_after)
    side = HL_PICTURE_BEFORE;
  surface = cairo_image_surface_create_for_data (
      (guint8 *) (level->side[side] + (gsize) top * level->width + left), CAIRO_FORMAT_RGB24,
      right - left, bottom - top, 4 * level->width);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, step, step);
  cairo_set_source_surface (cr, surface, left, top);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            step >= SQUARES ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  cairo_rectangle (cr, left, top, right - left, bottom - top);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
  g_mutex_unlock (&picture->mutex);
}

/**
 * hl_picture_free:
 * @picture: (transfer full) (nullable): a picture
 *
 * Frees the picture.
 */
void
hl_picture_free (HlPicture *picture)
{
  if (!picture)
    return;
  for (int l = 0; l < picture->levels; l++)
    for (int s = 0; s < HL_PICTURE_SIDES; s++)
      g_free (picture->level[l].side[s]);
  g_mutex_clear (&picture->mutex);
  g_free (picture);
}

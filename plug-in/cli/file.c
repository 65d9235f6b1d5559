/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files for the command-line program. Each format is read and written by the library that
 * its makers maintain (cli/png.c, cli/jpeg.c, cli/tiff.c), which hand back what they do not change
 * byte by byte. A picture stays in its file's own depth and orientation; cli/samples.c shows it
 * upright, as viewers do. */

#include "cli/file.h"

#include <string.h>

#include "cli/jpeg.h"
#include "cli/png.h"
#include "cli/samples.h"
#include "cli/tiff.h"
#include "restore/error.h"

/* Half the address space of 32 bits, and more than any scanner makes. */
#define MOST_PIXELS (G_GINT64_CONSTANT (1) << 31)

static const struct
{
  const char *ending;
  HlFileType  type;
} endings[] = { { ".png", HL_FILE_PNG },
                { ".jpg", HL_FILE_JPEG },
                { ".jpeg", HL_FILE_JPEG },
                { ".tif", HL_FILE_TIFF },
                { ".tiff", HL_FILE_TIFF } };

/* What cameras write. Some of them are TIFF files whose first picture is a small preview. */
static const char *const raw_endings[] = { ".dng", ".nef", ".cr2", ".cr3", ".crw", ".arw", ".raf",
                                           ".orf", ".rw2", ".pef", ".srw", ".3fr", ".iiq", ".nrw" };

static gboolean
ends_in (const char *path, const char *ending)
{
  gsize length = strlen (path), end = strlen (ending);

  return length >= end && g_ascii_strcasecmp (path + length - end, ending) == 0;
}

/**
 * hl_file_get_type:
 * @path: the name of a file to write
 *
 * Returns: the type that the ending of the name asks for, or %HL_FILE_UNKNOWN
 */
HlFileType
hl_file_get_type (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (ends_in (path, endings[i].ending))
      return endings[i].type;
  return HL_FILE_UNKNOWN;
}

/**
 * hl_file_get_bytes_per_sample:
 * @self: a picture
 *
 * Returns: bytes
 */
gsize
hl_file_get_bytes_per_sample (const HlFile *self)
{
  static const gsize bytes[] = { 1, 2, 4, 2, 4, 8 };

  return bytes[self->sample];
}

/**
 * hl_file_allocate:
 * @self: a picture whose size, channels and sample are set
 * @error: %HL_ERROR_MEMORY, %HL_ERROR_INPUT
 *
 * Makes room for its pixels.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_file_allocate (HlFile *self, GError **error)
{
  gsize pixels = (gsize) self->width * self->height;

  if (self->width < 1 || self->height < 1 || pixels > MOST_PIXELS)
    return hl_error_refuse (error,
                            "A picture of %d x %d pixels is too large or empty: save it "
                            "with fewer pixels first.",
                            self->width, self->height);
  self->pixels  = g_try_malloc_n (pixels, self->channels * hl_file_get_bytes_per_sample (self));
  self->changed = g_try_malloc0 (pixels);
  if (self->pixels && self->changed)
    return TRUE;
  hl_error_set_memory (error, self->width, self->height);
  return FALSE;
}

/**
 * hl_file_new:
 * @width: columns
 * @height: rows
 * @colours: 1 or 3
 * @has_alpha: whether there is transparency
 * @sample: of what
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): a picture that comes from no file, whose pixels are not set
 */
HlFile *
hl_file_new (int width, int height, int colours, gboolean has_alpha, HlSample sample,
             GError **error)
{
  g_autoptr (HlFile) self = g_new0 (HlFile, 1);

  *self = (HlFile) { .width       = width,
                     .height      = height,
                     .orientation = 1,
                     .sample      = sample,
                     .colours     = colours,
                     .channels    = colours + (has_alpha ? 1 : 0),
                     .alpha       = has_alpha ? colours : -1 };
  return hl_file_allocate (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * hl_file_load:
 * @path: a PNG, JPEG or TIFF file, whatever its name
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY, %G_IO_ERROR
 *
 * Reads it once; what happens to the file later does not matter.
 *
 * Returns: (transfer full): the picture, or %NULL
 */
HlFile *
hl_file_load (const char *path, GError **error)
{
  g_autoptr (HlFile) self    = g_new0 (HlFile, 1);
  g_autoptr (GError) missing = NULL;
  g_autofree char *name      = g_filename_display_name (path);
  char            *data      = NULL;
  gsize            size;
  gboolean         is_read = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (raw_endings); i++)
    if (ends_in (path, raw_endings[i]))
      {
        hl_error_refuse (error, "“%s” is a camera's raw file: develop it into a TIFF first.", name);
        return NULL;
      }
  if (!g_file_get_contents (path, &data, &size, &missing))
    {
      hl_error_refuse (error, "“%s” cannot be opened (%s).", name, missing->message);
      return NULL;
    }
  self->bytes       = g_bytes_new_take (data, size);
  self->orientation = 1;
  self->alpha       = -1;
  if (size > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    is_read = hl_png_read (self, name, error);
  else if (size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    is_read = hl_jpeg_read (self, name, error);
  else if (size > 8 && (memcmp (data, "II", 2) == 0 || memcmp (data, "MM", 2) == 0))
    is_read = hl_tiff_read (self, name, error);
  else
    hl_error_refuse (
        error, "“%s” is not a PNG, JPEG or TIFF picture: convert it to one of them first.", name);
  return is_read ? g_steal_pointer (&self) : NULL;
}

/**
 * hl_file_find_orientation:
 * @exif: (array length=size): EXIF data, from their TIFF header on
 * @size: bytes
 * @is_big: (out): whether the most significant byte comes first
 *
 * Finds tag 274 of the first directory (EXIF 2.32, 4.5 and 4.6.4).
 *
 * Returns: (nullable): the two bytes of its value
 */
guint8 *
hl_file_find_orientation (guint8 *exif, gsize size, gboolean *is_big)
{
  gsize at, count;

  *is_big = size > 2 && exif[0] == 'M';
#define SHORT(p)                                                                                   \
  (*is_big ? (guint) exif[p] << 8 | exif[(p) + 1] : (guint) exif[(p) + 1] << 8 | exif[p])
  if (size < 14)
    return NULL;
  at = *is_big ? (gsize) SHORT (4) << 16 | SHORT (6) : (gsize) SHORT (6) << 16 | SHORT (4);
  if (at > size - 2)
    return NULL;
  count = SHORT (at);
  for (at += 2; count > 0 && at + 12 <= size; at += 12, count--)
    if (SHORT (at) == 274)
      return exif + at + 8;
#undef SHORT
  return NULL;
}

/* EXIF data of a picture that has been turned upright. */
static GBytes *
make_upright (GBytes *exif)
{
  gsize    size;
  gpointer data = g_bytes_unref_to_data (g_bytes_ref (exif), &size);
  gboolean is_big;
  guint8  *value = hl_file_find_orientation (data, size, &is_big);

  if (value)
    {
      value[0] = is_big ? 0 : 1;
      value[1] = is_big ? 1 : 0;
    }
  return g_bytes_new_take (data, size);
}

/* Whether any pixel lets something shine through. */
static gboolean
is_transparent (const HlFile *self)
{
  for (int y = 0; self->alpha >= 0 && y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      if (hl_samples_get (self, (gsize) y * self->width + x, self->alpha) < 1)
        return TRUE;
  return FALSE;
}

/**
 * hl_file_check:
 * @self: a picture
 * @type: what is to be made of it
 * @error: %HL_ERROR_INPUT
 *
 * Returns: whether @type can hold the picture
 */
gboolean
hl_file_check (const HlFile *self, HlFileType type, GError **error)
{
  if (type != HL_FILE_JPEG || self->type == type || !is_transparent (self))
    return TRUE;
  return hl_error_refuse (error,
                          "The picture has transparency, which a JPEG cannot hold: let the new "
                          "name end in .png or .tif.");
}

/* The picture upright, in what @type can hold. */
static HlFile *
convert (const HlFile *self, HlFileType type, GError **error)
{
  int      width = hl_file_get_width (self), height = hl_file_get_height (self);
  HlSample sample = self->sample;
  HlFile  *other;

  if (type == HL_FILE_JPEG)
    sample = HL_SAMPLE_U8;
  else if (type == HL_FILE_PNG && sample != HL_SAMPLE_U8)
    sample = HL_SAMPLE_U16;
  other = hl_file_new (width, height, self->colours, type != HL_FILE_JPEG && self->alpha >= 0,
                       sample, error);
  if (!other)
    return NULL;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize from = hl_file_get_place (self, x, y), to = (gsize) y * width + x;

        for (int c = 0; c < self->colours; c++)
          hl_samples_set (other, to, c, hl_samples_get (self, from, c));
        if (other->alpha >= 0)
          hl_samples_set (other, to, other->alpha, hl_samples_get (self, from, self->alpha));
      }
  other->icc       = self->icc ? g_bytes_ref (self->icc) : NULL;
  other->xmp       = self->xmp ? g_bytes_ref (self->xmp) : NULL;
  other->exif      = self->exif ? make_upright (self->exif) : NULL;
  other->density_x = self->orientation < 5 ? self->density_x : self->density_y;
  other->density_y = self->orientation < 5 ? self->density_y : self->density_x;
  return other;
}

/**
 * hl_file_encode:
 * @self: a picture
 * @type: what to make of it
 * @quality: of a JPEG, 1..100, or 0 for the file's own and, where that is none, 97
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * In its own format a picture keeps everything that was not changed: other pages, channels, fields
 * and profiles byte by byte; of a JPEG also the compressed pixels. In another format it stands
 * upright and keeps its depth where the format has it, colour profile, resolution, XMP, and
 * between PNG and JPEG its EXIF data.
 *
 * Returns: (transfer full): the new file, or %NULL
 */
GBytes *
hl_file_encode (const HlFile *self, HlFileType type, int quality, GError **error)
{
  g_autoptr (HlFile) other = NULL;

  if (type == self->type && self->bytes)
    {
      if (type == HL_FILE_PNG)
        return hl_png_write (self, error);
      if (type == HL_FILE_JPEG)
        return hl_jpeg_write (self, quality, error);
      if (!self->is_expanded)
        return hl_tiff_update (self, error);
    }
  other = convert (self, type, error);
  if (!other)
    return NULL;
  if (type == HL_FILE_PNG)
    return hl_png_write (other, error);
  return type == HL_FILE_JPEG ? hl_jpeg_write (other, quality, error)
                              : hl_tiff_write (other, self, error);
}

/**
 * hl_file_free:
 * @self: (transfer full) (nullable): a picture
 *
 * Frees the picture.
 */
void
hl_file_free (HlFile *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->icc, g_bytes_unref);
  g_clear_pointer (&self->exif, g_bytes_unref);
  g_clear_pointer (&self->xmp, g_bytes_unref);
  g_free (self->pixels);
  g_free (self->changed);
  g_free (self);
}

/**
 * hl_file_get_width:
 * @self: a picture
 *
 * Returns: columns of the picture as it is shown
 */
int
hl_file_get_width (const HlFile *self)
{
  return self->orientation < 5 ? self->width : self->height;
}

/**
 * hl_file_get_height:
 * @self: a picture
 *
 * Returns: rows of the picture as it is shown
 */
int
hl_file_get_height (const HlFile *self)
{
  return self->orientation < 5 ? self->height : self->width;
}

/**
 * hl_file_get_place:
 * @self: a picture
 * @x: column of the picture as it is shown
 * @y: row, likewise
 *
 * Returns: the number of that pixel in @pixels (TIFF 6.0, Orientation)
 */
gsize
hl_file_get_place (const HlFile *self, int x, int y)
{
  int right = self->width - 1, bottom = self->height - 1, column = x, row = y;

  if (self->orientation >= 5)
    {
      column = y;
      row    = x;
    }
  if (self->orientation == 2 || self->orientation == 3 || self->orientation == 7
      || self->orientation == 8)
    column = right - column;
  if (self->orientation == 3 || self->orientation == 4 || self->orientation == 6
      || self->orientation == 7)
    row = bottom - row;
  return (gsize) row * self->width + column;
}

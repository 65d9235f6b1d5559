/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files for the command-line program. Each format is read and written by the library that
 * its makers maintain (cli/png.c, cli/jpeg.c, cli/tiff.c, cli/webp.c), which hand back what they do
 * not change byte by byte; what else there is, by another program (cli/other.c). A picture stays in
 * its file's own depth and orientation; cli/samples.c shows it upright, as viewers do. */

#include "cli/file.h"

#include <string.h>

#include "cli/formats.h"
#include "restore/error.h"

/* Half the address space of 32 bits, and more than any scanner makes. */
#define MOST_PIXELS (G_GINT64_CONSTANT (1) << 31)

static const struct
{
  const char *ending;
  HlFileType  type;
} endings[] = { { ".png", HL_FILE_PNG },   { ".jpg", HL_FILE_JPEG }, { ".jpeg", HL_FILE_JPEG },
#ifdef HL_WITH_WEBP
                { ".webp", HL_FILE_WEBP },
#endif
                { ".tif", HL_FILE_TIFF },  { ".tiff", HL_FILE_TIFF } };

/* What cameras write. Some of them are TIFF files whose first picture is a small preview. */
static const char *const raw_endings[] = { ".dng", ".nef", ".cr2", ".cr3", ".crw", ".arw", ".raf",
                                           ".orf", ".rw2", ".pef", ".srw", ".3fr", ".iiq", ".nrw" };

/**
 * hl_file_ends_in:
 * @path: the name of a file
 * @ending: such as ".png"
 *
 * Returns: whether it does, in capitals or not
 */
gboolean
hl_file_ends_in (const char *path, const char *ending)
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
    if (hl_file_ends_in (path, endings[i].ending))
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
 * Makes room for its pixels, unless they are there.
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
  if (!self->is_in_place)
    self->pixels = g_try_malloc_n (pixels, self->channels * hl_file_get_bytes_per_sample (self));
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

/* Reads the rest of @self from its bytes. */
static gboolean
read_bytes (HlFile *self, const char *name, GError **error)
{
  gsize       size;
  const char *data = g_bytes_get_data (self->bytes, &size);

  if (size > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return hl_png_read (self, name, error);
  if (size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return hl_jpeg_read (self, name, error);
  if (size > 8 && (memcmp (data, "II", 2) == 0 || memcmp (data, "MM", 2) == 0))
    return hl_tiff_read (self, name, error);
#ifdef HL_WITH_WEBP
  if (size > 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return hl_webp_read (self, name, error);
#endif
  return hl_other_read (self, name, error);
}

/**
 * hl_file_read:
 * @path: the name of a file
 * @error: %HL_ERROR_INPUT
 *
 * Returns: (transfer full): all of its bytes, or %NULL
 */
GBytes *
hl_file_read (const char *path, GError **error)
{
  g_autoptr (GError) missing = NULL;
  g_autofree char *name      = g_filename_display_name (path);
  char            *data;
  gsize            size;

  if (g_file_get_contents (path, &data, &size, &missing))
    return g_bytes_new_take (data, size);
  hl_error_refuse (error, "“%s” cannot be opened (%s).", name, missing->message);
  return NULL;
}

/**
 * hl_file_is_raw:
 * @path: the name of a file
 *
 * Returns: whether it ends like a camera's raw file
 */
gboolean
hl_file_is_raw (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (raw_endings); i++)
    if (hl_file_ends_in (path, raw_endings[i]))
      return TRUE;
  return FALSE;
}

/**
 * hl_file_new_from_bytes:
 * @bytes: (transfer full): all of a picture file
 * @path: its name, for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY, %G_IO_ERROR
 *
 * Returns: (transfer full): the picture, or %NULL
 */
HlFile *
hl_file_new_from_bytes (GBytes *bytes, const char *path, GError **error)
{
  g_autoptr (HlFile) self = g_new0 (HlFile, 1);
  g_autofree char *name   = g_filename_display_name (path);
  gsize            size;
  guint8          *data = g_bytes_unref_to_data (bytes, &size); /* a copy where others have it */

  self->bytes = g_bytes_new_take (data, size);
  if (hl_file_is_raw (path))
    {
      hl_error_refuse (error, "“%s” is a camera's raw file: develop it into a TIFF first.", name);
      return NULL;
    }
  self->orientation = 1;
  self->alpha       = -1;
  return read_bytes (self, name, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * hl_file_load:
 * @path: a picture file, whatever its name
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY, %G_IO_ERROR
 *
 * Reads it once; what happens to the file later does not matter.
 *
 * Returns: (transfer full): the picture, or %NULL
 */
HlFile *
hl_file_load (const char *path, GError **error)
{
  GBytes *bytes = hl_file_read (path, error);

  return bytes ? hl_file_new_from_bytes (bytes, path, error) : NULL;
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
  if (!self->is_in_place)
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

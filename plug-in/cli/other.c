/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures in formats that are not written here: ImageMagick or libvips, whichever is installed,
 * turns them into a PNG that never reaches the disk. They bring a dozen codecs, of which nothing
 * here depends, and run in a process of their own. */

#include "cli/formats.h"

#include <string.h>

#include "cli/samples.h"
#include "restore/error.h"

/* How files of these formats begin, what ImageMagick calls them, and whether they may have a colour
 * profile. */
static const struct
{
  gsize       at;
  const char *bytes, *name, *input;
  gboolean    has_profile;
} formats[] = { { 8, "WEBP", "WebP", "webp:-", TRUE },
                { 4, "ftypheic", "HEIC", "heic:-", TRUE },
                { 4, "ftypheix", "HEIC", "heic:-", TRUE },
                { 4, "ftyphevc", "HEIC", "heic:-", TRUE },
                { 4, "ftypmif1", "HEIF", "heic:-", TRUE },
                { 4, "ftypmsf1", "HEIF", "heic:-", TRUE },
                { 4, "ftypavif", "AVIF", "avif:-", TRUE },
                { 0, "\xff\x0a", "JPEG XL", "jxl:-", TRUE },
                { 4, "JXL \r\n\x87\n", "JPEG XL", "jxl:-", TRUE },
                { 4, "jP  \r\n\x87\n", "JPEG 2000", "jp2:-", TRUE },
                { 0, "8BPS", "Photoshop", "psd:-[0]", TRUE }, /* all layers as one */
                { 0, "gimp xcf", "GIMP", NULL, TRUE },
                { 0, "GIF8", "GIF", "gif:-", FALSE },
                { 0, "BM", "BMP", "bmp:-", FALSE },
                { 0, "P1", "PNM", "pnm:-", FALSE },
                { 0, "P2", "PNM", "pnm:-", FALSE },
                { 0, "P3", "PNM", "pnm:-", FALSE },
                { 0, "P4", "PNM", "pnm:-", FALSE },
                { 0, "P5", "PNM", "pnm:-", FALSE },
                { 0, "P6", "PNM", "pnm:-", FALSE } };

/* What a program prints that reads a picture from its standard input, or NULL. */
static GBytes *
run (const char *const *arguments, GBytes *in)
{
  g_autofree char *found          = g_find_program_in_path (arguments[0]);
  g_autoptr (GBytes) out          = NULL;
  g_autoptr (GSubprocess) process = NULL;

  if (found)
    process = g_subprocess_newv (arguments,
                                 G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                     | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                                 NULL);
  return process && g_subprocess_communicate (process, in, NULL, &out, NULL, NULL)
                 && g_subprocess_get_successful (process)
             ? g_steal_pointer (&out)
             : NULL;
}

/* ImageMagick would make gray what has no colours, and lose the profile with that. */
static GBytes *
convert (GBytes *bytes, const char *input, gboolean has_profile)
{
  const char       *kind = has_profile ? "png:color-type=6" : "png:color-type=";
  const char *const programs[][8]
      = { { "magick", input, "-quality", "10", "-define", kind, "png:-" },  /* ImageMagick 7 */
          { "convert", input, "-quality", "10", "-define", kind, "png:-" }, /* and 6 */
          { "vips", "copy", "stdin[fail_on=truncated]", ".png[compression=1]" } };
  GBytes *made = NULL;

#ifndef G_OS_WIN32 /* which would take a program of that name in the current folder */
  for (guint i = 0; !made && i < G_N_ELEMENTS (programs); i++)
    made = run (programs[i], bytes);
#endif
  return made;
}

/* Whether there is another PNG behind the first: the picture moves, or there were several. */
static gboolean
has_more (GBytes *pngs)
{
  gsize         size, at = 8;
  const guint8 *data = g_bytes_get_data (pngs, &size);
  guint32       length;

  while (at + 12 <= size)
    {
      gboolean is_end = memcmp (data + at + 4, "IEND", 4) == 0;

      memcpy (&length, data + at, sizeof length);
      at += (gsize) GUINT32_FROM_BE (length) + 12;
      if (is_end)
        return at < size;
    }
  return FALSE;
}

/* Takes an alpha channel away that says nothing. */
static void
drop_opaque (HlFile *file)
{
  gsize bytes = hl_file_get_bytes_per_sample (file), n = (gsize) file->width * file->height;
  gsize before = bytes * file->channels, after = before - bytes;

  if (file->alpha < 0)
    return;
  for (gsize i = 0; i < n; i++)
    if (hl_samples_get (file, i, file->alpha) < 1)
      return;
  for (gsize i = 1; i < n; i++)
    memmove (file->pixels + i * after, file->pixels + i * before, after);
  file->channels--;
  file->alpha = -1;
}

/**
 * hl_other_read:
 * @self: a picture whose @bytes are in none of the other formats; the rest of it is set
 * @name: for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error where no program can read it, pixels are missing or it moves
 */
gboolean
hl_other_read (HlFile *self, const char *name, GError **error)
{
  gsize       size;
  const char *data        = g_bytes_get_data (self->bytes, &size);
  g_autoptr (GBytes) pngs = NULL, exif = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (formats)
         && (size < formats[i].at + strlen (formats[i].bytes)
             || memcmp (data + formats[i].at, formats[i].bytes, strlen (formats[i].bytes)) != 0))
    i++;
  if (i == G_N_ELEMENTS (formats))
    return hl_error_refuse (
        error, "“%s” is not a PNG, JPEG or TIFF picture: convert it to one of them first.", name);
  if (formats[i].input)
    pngs = convert (self->bytes, formats[i].input, formats[i].has_profile);
  if (!pngs)
    return hl_error_refuse (
        error,
        "“%s” is a %s file, and broken, or no program here can read it: install ImageMagick or vips "
        "(package libvips-tools), or open it in GIMP and export it as PNG or TIFF.",
        name, formats[i].name);
  if (has_more (pngs))
    return hl_error_refuse (
        error, "“%s” moves or holds several pictures: save one of them as PNG first.", name);
  g_bytes_unref (self->bytes);
  self->bytes = g_steal_pointer (&pngs);
  if (!hl_png_read (self, name, error))
    return FALSE;
  drop_opaque (self);
  /* The programs have turned it upright; not all of them say so. */
  exif = g_steal_pointer (&self->exif);
  if (exif)
    self->exif = hl_exif_make_upright (exif);
  self->orientation = 1;
  self->type        = HL_FILE_UNKNOWN;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  return TRUE;
}

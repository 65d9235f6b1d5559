/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files for the command-line program, read and written through GEGL. The pixels
 * stay in a buffer of the file's own format and colour space; cli/pixels.c turns them
 * into planes. */

#include "cli/file.h"

#include <fcntl.h>
#include <gegl-metadatahash.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/png.h"
#include "restore/error.h"

#define JPEG_QUALITY 97

/* GEGL's loaders and savers tell of a failure by a message only, so the messages are
 * listened to while a graph is built and run. What libpng and libjpeg print on their own
 * is swallowed: the person reads one sentence of ours. */
typedef struct
{
  char      *first; /* warning, or NULL */
  GLogFunc   handler;
  GPrintFunc printer;
  int        errors; /* a copy of the standard error, or -1 */
} Listener;

static void
hear (const char *domain, GLogLevelFlags level, const char *message, gpointer listener)
{
  char **first = &((Listener *) listener)->first;

  if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL) && !*first)
    *first = g_strstrip (g_strdelimit (g_strdup (message), "\r\n", ' '));
}

static void
warn (const char *message)
{
  g_warning ("%s", message);
}

static void
listen_start (Listener *self)
{
  int nowhere = g_open ("/dev/null", O_WRONLY | O_CLOEXEC, 0);

  self->first   = NULL;
  self->handler = g_log_set_default_handler (hear, self);
  self->printer = g_set_printerr_handler (warn);
  self->errors  = nowhere < 0 ? -1 : dup (STDERR_FILENO);
  if (self->errors >= 0)
    dup2 (nowhere, STDERR_FILENO);
  if (nowhere >= 0)
    close (nowhere);
}

/* Returns: (transfer full) (nullable): the first warning since listen_start(). */
static char *
listen_end (Listener *self)
{
  if (self->errors >= 0)
    {
      dup2 (self->errors, STDERR_FILENO);
      close (self->errors);
    }
  g_set_printerr_handler (self->printer);
  g_log_set_default_handler (self->handler, NULL);
  return self->first;
}

/* libjpeg ends the whole program over a file that is broken beyond its repair; the person is
 * to read why. There is no other way to be called then than by what the program does at its end,
 * and that is given nothing: hence a static. */
static struct
{
  const char *name;   /* of the file that is being read, or NULL */
  int         errors; /* where the standard error went, or -1 */
} reading;

static void
tell_broken (void)
{
  if (reading.name)
    dprintf (reading.errors,
             "heirloom: “%s” is broken or cut short: copy it anew from where it came from.\n",
             reading.name);
  reading.name = NULL;
}

/**
 * hl_file_load:
 * @path: a PNG, JPEG or TIFF file
 * @error: return location for a #GError
 *
 * Reads a picture in its own format and colour space.
 *
 * Returns: (transfer full): the picture, or %NULL with an error that names the file
 */
HlFile *
hl_file_load (const char *path, GError **error)
{
  g_autoptr (HlFile) self    = g_new0 (HlFile, 1);
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autofree char *name      = g_filename_display_name (path);
  g_autofree char *said      = NULL;
  const char      *operation = NULL;
  GeglNode        *load, *sink;
  const Babl      *format;
  int              channels;
  Listener         listener;

  self->type = hl_sniff_content (path, error);
  switch (self->type)
    {
    case HL_FILE_UNKNOWN:
      return NULL;
    case HL_FILE_PNG:
      operation = "gegl:png-load";
      break;
    case HL_FILE_JPEG:
      operation = "gegl:jpg-load";
      break;
    case HL_FILE_TIFF:
      operation = "gegl:tiff-load";
      break;
    }

  listen_start (&listener);
  if (self->type == HL_FILE_JPEG)
    {
      atexit (tell_broken);
      reading.name   = name;
      reading.errors = listener.errors;
    }
  load = gegl_node_new_child (graph, "operation", operation, "path", path, NULL);
  if (self->type != HL_FILE_JPEG)
    {
      self->metadata = GEGL_METADATA (gegl_metadata_hash_new ());
      gegl_node_set (load, "metadata", self->metadata, NULL);
    }
  sink
      = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer", &self->buffer, NULL);
  gegl_node_link (load, sink);
  gegl_node_process (sink);
  reading.name = NULL;
  said         = listen_end (&listener);

  if (said || !self->buffer || hl_file_get_width (self) < 1 || hl_file_get_height (self) < 1)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                   "“%s” cannot be read (%s): open it in GIMP and export it as PNG.", name,
                   said ? said : "no picture in it");
      return NULL;
    }
  format   = gegl_buffer_get_format (self->buffer);
  channels = babl_format_get_n_components (format) - hl_file_has_alpha (self);
  if ((channels != 1 && channels != 3) || babl_space_is_cmyk (babl_format_get_space (format)))
    {
      g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                   "“%s” is neither gray nor RGB: convert it to RGB first.", name);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * hl_file_save:
 * @self: a picture
 * @path: the file to write, overwritten
 * @type: what to write; PNG and TIFF keep 8 and 16 bits, TIFF floats also, JPEG has 8
 * @error: return location for a #GError
 *
 * Writes a picture with its depth, colour profile and metadata.
 *
 * Returns: %FALSE with an error where it could not be written
 */
gboolean
hl_file_save (const HlFile *self, const char *path, HlFileType type, GError **error)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autofree char *said      = NULL;
  const Babl      *format    = gegl_buffer_get_format (self->buffer);
  gboolean         is_8_bit  = babl_format_get_type (format, 0) == babl_type ("u8");
  GeglNode        *source, *sink;
  Listener         listener;
  GStatBuf         written;

  listen_start (&listener);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source", "buffer", self->buffer,
                                NULL);
  if (type == HL_FILE_PNG)
    sink = gegl_node_new_child (graph, "operation", "gegl:png-save", "path", path, "bitdepth",
                                is_8_bit ? 8 : 16, "compression", 6, NULL);
  else if (type == HL_FILE_JPEG)
    sink = gegl_node_new_child (graph, "operation", "gegl:jpg-save", "path", path, "quality",
                                JPEG_QUALITY, "grayscale", hl_file_is_gray (self), NULL);
  else
    sink = gegl_node_new_child (graph, "operation", "gegl:tiff-save", "path", path, NULL);
  if (self->metadata)
    gegl_node_set (sink, "metadata", self->metadata, NULL);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
  said = listen_end (&listener);

  if (said || g_stat (path, &written) != 0 || written.st_size == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "The new picture cannot be written (%s): "
                   "check that the disk has room, or choose another folder.",
                   said ? said : "nothing was written");
      return FALSE;
    }
  if (type == HL_FILE_PNG && hl_file_is_gray (self))
    {
      int         length = 0;
      const char *icc    = babl_space_get_icc (babl_format_get_space (format), &length);

      /* GEGL writes colour profiles, but not gray ones. */
      if (icc && length > 20 && memcmp (icc + 16, "GRAY", 4) == 0
          && !hl_png_add_profile (path, icc, length, error))
        return FALSE;
    }
  return TRUE;
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
  g_clear_object (&self->buffer);
  g_clear_object (&self->metadata);
  g_free (self);
}

/**
 * hl_file_has_alpha:
 * @self: a picture
 *
 * Returns: whether the picture has transparency
 */
gboolean
hl_file_has_alpha (const HlFile *self)
{
  return babl_format_has_alpha (gegl_buffer_get_format (self->buffer));
}

/**
 * hl_file_is_gray:
 * @self: a picture
 *
 * Returns: whether the picture has one channel beside alpha
 */
gboolean
hl_file_is_gray (const HlFile *self)
{
  const Babl *format = gegl_buffer_get_format (self->buffer);

  return babl_format_get_n_components (format) - hl_file_has_alpha (self) == 1;
}

/**
 * hl_file_get_width:
 * @self: a picture
 *
 * Returns: pixels
 */
int
hl_file_get_width (const HlFile *self)
{
  return gegl_buffer_get_width (self->buffer);
}

/**
 * hl_file_get_height:
 * @self: a picture
 *
 * Returns: pixels
 */
int
hl_file_get_height (const HlFile *self)
{
  return gegl_buffer_get_height (self->buffer);
}

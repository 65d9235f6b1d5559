/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what a restoration needs of a layer in small pieces between the events of the main loop, so
 * that the window answers meanwhile, and makes of it what the view shows. */

#include "gimp/reader.h"

/* For how long it reads before other events have their turn, microseconds. */
#define SLICE 10000

struct _HlReader
{
  HlArea      *patch;
  HlPicture   *picture; /* of the patch, once that is complete */
  guint        source;  /* or 0 */
  HlReaderFunc done;
  gpointer     user_data;
};

/* Reads a piece. */
static gboolean
on_idle (gpointer user_data)
{
  HlReader *reader         = user_data;
  HlArea   *patch          = reader->patch;
  g_autoptr (GError) error = NULL;
  gboolean is_good         = hl_patch_read (patch, g_get_monotonic_time () + SLICE, &error);

  if (is_good && !hl_patch_is_complete (patch))
    return G_SOURCE_CONTINUE;
  reader->source = 0;
  /* Without memory for it there is nothing to look at, and yet a result. */
  if (is_good)
    reader->picture = hl_picture_new (patch->image, patch->hidden, patch->space);
  reader->done (reader, error, reader->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * hl_reader_new:
 * @image: the picture
 * @source: the layer to restore
 * @whole: whether all of it is to be worked on, not only the selection
 * @done: told of the end
 * @user_data: for @done
 * @error: return location for a #GError
 *
 * Begins to read.
 *
 * Returns: (transfer full): the reader, or %NULL with an error of hl_patch_new()
 */
HlReader *
hl_reader_new (GimpImage *image, GimpLayer *source, gboolean whole, HlReaderFunc done,
               gpointer user_data, GError **error)
{
  HlArea   *patch = hl_patch_new (image, source, whole, error);
  HlReader *reader;

  if (!patch)
    return NULL;
  reader            = g_new0 (HlReader, 1);
  reader->patch     = patch;
  reader->done      = done;
  reader->user_data = user_data;
  reader->source    = g_idle_add (on_idle, reader);
  return reader;
}

/**
 * hl_reader_stop:
 * @reader: a reader
 *
 * Reads no further, and tells nobody of it. What has been read stays.
 */
void
hl_reader_stop (HlReader *reader)
{
  g_clear_handle_id (&reader->source, g_source_remove);
}

/**
 * hl_reader_get_patch:
 * @reader: a reader
 *
 * Returns: (transfer none): what has been read so far
 */
HlArea *
hl_reader_get_patch (HlReader *reader)
{
  return reader->patch;
}

/**
 * hl_reader_get_picture:
 * @reader: a reader
 *
 * Returns: (nullable) (transfer none): what there is to look at; %NULL until all has been read
 */
HlPicture *
hl_reader_get_picture (HlReader *reader)
{
  return reader->picture;
}

/**
 * hl_reader_free:
 * @reader: (transfer full) (nullable): a reader
 *
 * Stops it, and frees it with what it has read.
 */
void
hl_reader_free (HlReader *reader)
{
  if (!reader)
    return;
  hl_reader_stop (reader);
  hl_picture_free (reader->picture);
  hl_patch_free (reader->patch);
  g_free (reader);
}

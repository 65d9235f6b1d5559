/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an album has made so far: its file album.jsonl, one line of JSON for each picture, by which
 * an album that was ended goes on.
 *
 * A line is on the disk before the picture that it tells of takes its place. So whatever ends the
 * program, a picture that its line does not fit is made again, and none is taken for done that is
 * not. Later lines about a picture count, and at the end there is one for each. */

#include "cli/album_record.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/platform.h"
#include "restore/error.h"

/* What is being written lies here; an album that was killed leaves some behind. */
#define UNFINISHED ".heirloom-unfinished"

/* What a line says, and its text. */
typedef struct
{
  GHashTable *members;
  char       *text;
} Line;

struct _HlAlbumRecord
{
  GMutex          mutex; /* guards those below */
  char           *path, *unfinished;
  HlPlatformLock *lock;
  FILE           *file;
  gboolean        is_cut_short; /* the last line that was written */
  GPtrArray      *order;        /* of names, as they came first */
  GHashTable     *lines;        /* by name: Line */
  GHashTable     *own;          /* "name\nsha256" of every picture ever made */
  GHashTable     *names;        /* by the path of the picture that was read */
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_hash_table_unref (line->members);
  g_free (line->text);
  g_free (line);
}

static const char *
look_up (GHashTable *members, const char *key)
{
  const char *found = g_hash_table_lookup (members, key);

  return found ? found : "";
}

/* Takes in a line; one that cannot be read was cut short, and is left out. */
static void
take_line (HlAlbumRecord *self, const char *text)
{
  GHashTable *members = hl_json_parse (text);
  const char *name    = members ? look_up (members, "out") : "";
  Line       *line;

  if (*name == '\0')
    {
      g_clear_pointer (&members, g_hash_table_unref);
      return;
    }
  line  = g_new (Line, 1);
  *line = (Line) { members, g_strchomp (g_strdup (text)) };
  if (!g_hash_table_contains (self->lines, name))
    g_ptr_array_add (self->order, g_strdup (name));
  g_hash_table_insert (self->names, g_strdup (look_up (members, "in")), g_strdup (name));
  if (*look_up (members, "sha256"))
    g_hash_table_add (self->own, g_strdup_printf ("%s\n%s", name, look_up (members, "sha256")));
  g_hash_table_insert (self->lines, g_strdup (name), line);
}

static gboolean
lock_folder (HlAlbumRecord *self, const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0777) != 0)
    return hl_error_refuse (error, "The folder “%s” cannot be made (%s): choose another one.",
                            folder, g_strerror (errno));
  self->lock = hl_platform_lock_new (folder);
  if (self->lock)
    return TRUE;
  if (errno == EWOULDBLOCK)
    return hl_error_refuse (error,
                            "Another album is being made in “%s”: wait for it, or choose another "
                            "folder.",
                            folder);
  return hl_error_refuse (error, "The folder “%s” cannot be opened (%s): choose another one.",
                          folder, g_strerror (errno));
}

/* Takes away what an album that was killed has left. */
static void
remove_unfinished (HlAlbumRecord *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->unfinished, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (self->unfinished, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->unfinished);
}

/**
 * hl_album_record_new:
 * @folder: of the album; made where it is not there
 * @error: %HL_ERROR_INPUT
 *
 * Reads what has been made. There is one record at a time for a folder, in all of the machine.
 *
 * Returns: (transfer full): the record, or %NULL
 */
HlAlbumRecord *
hl_album_record_new (const char *folder, GError **error)
{
  g_autoptr (HlAlbumRecord) self = g_new0 (HlAlbumRecord, 1);
  g_autofree char *text          = NULL;
  gsize            size          = 0;

  g_mutex_init (&self->mutex);
  self->path       = g_build_filename (folder, "album.jsonl", NULL);
  self->unfinished = g_build_filename (folder, UNFINISHED, NULL);
  self->order      = g_ptr_array_new_with_free_func (g_free);
  self->lines      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, line_free);
  self->own        = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->names      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!lock_folder (self, folder, error))
    return NULL;
  remove_unfinished (self);
  if (g_file_get_contents (self->path, &text, &size, NULL))
    {
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      for (char **line = lines; *line; line++)
        take_line (self, *line);
    }
  self->is_cut_short = size > 0 && text[size - 1] != '\n';
  if (g_mkdir_with_parents (self->unfinished, 0777) != 0)
    {
      hl_error_refuse (error, "Nothing can be written into “%s” (%s): choose another folder.",
                       folder, g_strerror (errno));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * hl_album_record_get_unfinished:
 * @self: a record
 *
 * Returns: the folder for files that are not finished
 */
const char *
hl_album_record_get_unfinished (const HlAlbumRecord *self)
{
  return self->unfinished;
}

/**
 * hl_album_record_get:
 * @self: a record
 * @name: of a picture below the album's folder
 * @key: of a member of its line
 *
 * Returns: its value as text; empty where there is none. Valid until the next line of @name.
 */
const char *
hl_album_record_get (const HlAlbumRecord *self, const char *name, const char *key)
{
  HlAlbumRecord *guarded = (HlAlbumRecord *) self;
  const Line    *line;

  g_mutex_lock (&guarded->mutex);
  line = g_hash_table_lookup (self->lines, name);
  g_mutex_unlock (&guarded->mutex);
  return line ? look_up (line->members, key) : "";
}

/**
 * hl_album_record_find_name:
 * @self: a record
 * @in: the path of a picture that may have been read
 *
 * Returns: (transfer full) (nullable): the name under which it was written
 */
char *
hl_album_record_find_name (const HlAlbumRecord *self, const char *in)
{
  return g_strdup (g_hash_table_lookup (self->names, in));
}

/**
 * hl_album_record_is_own:
 * @self: a record
 * @name: of a picture below the album's folder
 * @sha256: of the bytes that are there now
 *
 * Returns: whether this album has made that file, and nobody has changed it since
 */
gboolean
hl_album_record_is_own (const HlAlbumRecord *self, const char *name, const char *sha256)
{
  g_autofree char *pair    = g_strdup_printf ("%s\n%s", name, sha256);
  HlAlbumRecord   *guarded = (HlAlbumRecord *) self;
  gboolean         is_own;

  g_mutex_lock (&guarded->mutex);
  is_own = g_hash_table_contains (self->own, pair);
  g_mutex_unlock (&guarded->mutex);
  return is_own;
}

/* Appends a line and sees it onto the disk; after one that was cut short a new one begins. */
static gboolean
append (HlAlbumRecord *self, const char *line)
{
  g_autofree char *text   = g_strconcat (self->is_cut_short ? "\n" : "", line, "\n", NULL);
  gsize            length = strlen (text);

  if (!self->file)
    self->file = g_fopen (self->path, "ab");
  self->is_cut_short
      = !self->file || fwrite (text, 1, length, self->file) != length || fflush (self->file) != 0;
  return !self->is_cut_short && g_fsync (fileno (self->file)) == 0;
}

/**
 * hl_album_record_add:
 * @self: a record
 * @line: an object with at least "in", "out" and "sha256"
 * @error: %HL_ERROR_INPUT
 *
 * Puts a line on the disk, from any thread.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_album_record_add (HlAlbumRecord *self, const char *line, GError **error)
{
  gboolean good;

  g_mutex_lock (&self->mutex);
  good = append (self, line);
  if (good)
    take_line (self, line);
  g_mutex_unlock (&self->mutex);
  return good
         || hl_error_refuse (error, "“%s” cannot be written (%s): make room on the disk.",
                             self->path, g_strerror (errno));
}

/**
 * hl_album_record_finish:
 * @self: a record
 * @error: %HL_ERROR_INPUT
 *
 * Leaves one line for each picture.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_album_record_finish (HlAlbumRecord *self, GError **error)
{
  g_autofree char *written  = g_build_filename (self->unfinished, "album.jsonl", NULL);
  g_autoptr (GString) text  = g_string_new (NULL);
  g_autoptr (GError) failed = NULL;

  for (guint i = 0; i < self->order->len; i++)
    {
      const Line *line = g_hash_table_lookup (self->lines, g_ptr_array_index (self->order, i));

      g_string_append_printf (text, "%s\n", line->text);
    }
  g_clear_pointer (&self->file, fclose); /* Windows replaces no file that is open */
  if (text->len == 0)
    return TRUE;
  /* GLib writes to another name first, and a kill would leave that one behind. */
  if (!g_file_set_contents (written, text->str, text->len, &failed))
    return hl_error_refuse (error, "“%s” cannot be written (%s): make room on the disk.", written,
                            failed->message);
  return g_rename (written, self->path) == 0
         || hl_error_refuse (error, "“%s” cannot be replaced (%s): choose another folder.",
                             self->path, g_strerror (errno));
}

/**
 * hl_album_record_free:
 * @self: (transfer full) (nullable): a record
 *
 * Frees the record and lets others work in its folder.
 */
void
hl_album_record_free (HlAlbumRecord *self)
{
  if (!self)
    return;
  if (self->file)
    fclose (self->file);
  if (self->lock)
    {
      remove_unfinished (self);
      hl_platform_lock_free (self->lock);
    }
  g_clear_pointer (&self->order, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
  g_clear_pointer (&self->own, g_hash_table_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self->path);
  g_free (self->unfinished);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

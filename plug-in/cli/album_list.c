/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of an album, and under which names they are written: a file under its own, and those
 * of a folder below it as they lie in the folder. */

#include "cli/album_list.h"

#include <gio/gio.h>
#include <string.h>

#include "cli/file.h"
#include "cli/platform.h"
#include "restore/error.h"

/* Photographs that are read and not written here; they become PNG. */
static const char *const other_endings[]
    = { ".webp", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".bmp", ".psd" };

typedef struct
{
  GPtrArray           *entries;
  const HlAlbumRecord *record;
  const char          *folder; /* the album's own */
  GHashTable          *seen;   /* paths */
  GHashTable *taken; /* names, without regard to capitals, as some file systems have them */
} List;

static void
entry_free (gpointer data)
{
  HlAlbumEntry *entry = data;

  g_free (entry->in);
  g_free (entry->name);
  g_free (entry);
}

static char *
fold (const char *name)
{
  g_autofree char *shown = g_filename_display_name (name);

  return g_utf8_casefold (shown, -1);
}

/* The name with "-2" before its ending, or a higher number. */
static char *
number_name (const char *name, guint number)
{
  const char *base = strrchr (name, '/'), *dot = strrchr (base ? base : name, '.');
  int         length = dot ? dot - name : (int) strlen (name);

  return number < 2 ? g_strdup (name)
                    : g_strdup_printf ("%.*s-%u%s", length, name, number, dot ? dot : "");
}

/* What a picture becomes: what it is, or PNG. */
static char *
get_output (const char *name)
{
  const char *dot = strrchr (name, '.');

  for (guint i = 0; dot && i < G_N_ELEMENTS (other_endings); i++)
    if (hl_file_get_type (name) == HL_FILE_UNKNOWN && hl_file_ends_in (name, other_endings[i]))
      return g_strdup_printf ("%.*s.png", (int) (dot - name), name);
  return g_strdup (name);
}

/* Each picture once; what it is called is said by name_all(). */
static void
add (List *list, const char *path, const char *name)
{
  g_autofree char *real = hl_platform_resolve (path);
  char            *in   = real ? g_strdup (real) : g_canonicalize_filename (path, NULL);
  HlAlbumEntry    *entry;

  if (!g_hash_table_add (list->seen, in))
    return;
  entry  = g_new (HlAlbumEntry, 1);
  *entry = (HlAlbumEntry) { g_strdup (in), get_output (name) };
  g_ptr_array_add (list->entries, entry);
}

/* Whether @name is that of another photograph, of this call or of one before. */
static gboolean
is_taken (const List *list, const char *name)
{
  g_autofree char *folded = fold (name), *shown = g_filename_display_name (name);
  const char      *of = hl_album_record_get (list->record, shown, "in");

  return g_hash_table_contains (list->taken, folded)
         || (*of && g_file_test (of, G_FILE_TEST_EXISTS));
}

/* A picture that was written already keeps its name; two of one name are told apart by a number. */
static void
name_all (List *list)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  for (guint i = 0; i < list->entries->len; i++)
    {
      HlAlbumEntry    *entry = g_ptr_array_index (list->entries, i);
      g_autofree char *shown = g_filename_display_name (entry->in);
      char            *given = hl_album_record_find_name (list->record, shown);

      if (!given)
        {
          g_ptr_array_add (rest, entry);
          continue;
        }
      g_free (entry->name);
      entry->name = given;
      g_hash_table_add (list->taken, fold (given));
    }
  for (guint i = 0; i < rest->len; i++)
    {
      HlAlbumEntry    *entry = g_ptr_array_index (rest, i);
      g_autofree char *name  = g_steal_pointer (&entry->name);

      for (guint number = 1; !entry->name; number++)
        {
          entry->name = number_name (name, number);
          if (is_taken (list, entry->name))
            g_clear_pointer (&entry->name, g_free);
        }
      g_hash_table_add (list->taken, fold (entry->name));
    }
}

static gboolean
is_photograph (const char *name)
{
  if (hl_file_get_type (name) != HL_FILE_UNKNOWN || hl_file_is_raw (name))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (other_endings); i++)
    if (hl_file_ends_in (name, other_endings[i]))
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The names in a folder, in their order. */
static GPtrArray *
read_folder (const char *path)
{
  GPtrArray *names        = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Whether @name is the infrared picture of another one in the folder: NAME_IR.tif beside NAME.tif.
 */
static gboolean
is_infrared (GPtrArray *names, const char *name)
{
  const char *mark = strrchr (name, '_');

  if (!mark || g_ascii_strncasecmp (mark, "_IR.", 4) != 0)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *other = g_ptr_array_index (names, i);

      if (strncmp (other, name, mark - name) == 0 && other[mark - name] == '.'
          && is_photograph (other))
        return TRUE;
    }
  return FALSE;
}

/* The photographs in a folder and in those in it, but not in the album's own. */
static void
add_folder (List *list, const char *path, const char *below)
{
  g_autoptr (GPtrArray) names = read_folder (path);

  for (guint i = 0; i < names->len; i++)
    {
      const char      *name   = g_ptr_array_index (names, i);
      g_autofree char *inside = g_build_filename (path, name, NULL);
      g_autofree char *out    = *below ? g_build_path ("/", below, name, NULL) : g_strdup (name);

      if (g_file_test (inside, G_FILE_TEST_IS_DIR))
        {
          if (!g_file_test (inside, G_FILE_TEST_IS_SYMLINK)
              && !hl_platform_is_same (inside, list->folder))
            add_folder (list, inside, out);
        }
      else if (is_photograph (name) && !is_infrared (names, name))
        add (list, inside, out);
    }
}

/* What tells a file from all others, or %NULL where there is none. */
static char *
identify (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info
      = g_file_query_info (file, G_FILE_ATTRIBUTE_ID_FILE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info ? g_strdup (g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_ID_FILE)) : NULL;
}

/* Whether no picture would be written over one that is read. */
static gboolean
check_outputs (const List *list, GError **error)
{
  g_autoptr (GHashTable) inputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < list->entries->len; i++)
    {
      const HlAlbumEntry *entry = g_ptr_array_index (list->entries, i);
      char               *file  = identify (entry->in);

      if (file)
        g_hash_table_add (inputs, file);
    }
  for (guint i = 0; i < list->entries->len; i++)
    {
      const HlAlbumEntry *entry = g_ptr_array_index (list->entries, i);
      g_autofree char    *out   = g_build_filename (list->folder, entry->name, NULL);
      g_autofree char    *file  = identify (out);

      if (file && g_hash_table_contains (inputs, file))
        return hl_error_refuse (error,
                                "“%s” is one of the photographs itself: choose another folder than "
                                "theirs for what is restored.",
                                out);
    }
  return TRUE;
}

/**
 * hl_album_list_new:
 * @paths: (array zero-terminated=1): pictures, and folders with pictures
 * @folder: the real path of the album's folder
 * @record: what the album has made already
 * @error: %HL_ERROR_INPUT
 *
 * Which they are depends on nothing but the arguments and the record; each picture comes once.
 *
 * Returns: (transfer full) (element-type HlAlbumEntry): the pictures, or %NULL where there is none,
 *   or where one would be written over
 */
GPtrArray *
hl_album_list_new (char **paths, const char *folder, const HlAlbumRecord *record, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GHashTable) seen   = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) taken  = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  List list                     = { entries, record, folder, seen, taken };

  for (char **path = paths; *path; path++)
    if (hl_platform_is_same (*path, folder))
      {
        hl_error_refuse (
            error,
            "“%s” holds the photographs: choose another folder than theirs for what is "
            "restored.",
            *path);
        return NULL;
      }
    else if (g_file_test (*path, G_FILE_TEST_IS_DIR))
      add_folder (&list, *path, "");
    else
      {
        g_autofree char *name = g_path_get_basename (*path);

        add (&list, *path, name);
      }
  if (entries->len == 0)
    {
      hl_error_refuse (error, "There is no photograph in it: name PNG, JPEG or TIFF files, or "
                              "folders with such.");
      return NULL;
    }
  name_all (&list);
  return check_outputs (&list, error) ? g_steal_pointer (&entries) : NULL;
}

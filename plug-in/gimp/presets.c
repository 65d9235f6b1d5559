/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: five of ours, and those that the person saved, which lie in a key file of their own
 * in GIMP's folder. A file that cannot be read is never written over. What it holds is anybody's:
 * names and values are shown only after they were made valid UTF-8. */

#include "gimp/presets.h"

#include <glib/gi18n-lib.h>

#include "restore/error.h"
#include "gimp/settings.h"

#define MOST_VALUES 5

/* What a preset says nothing about gets its default. */
static const struct
{
  const char *name;
  const char *values[MOST_VALUES][2];
} ours[] = {
  { N_ ("Scratches and dust"), { { "mask-grow", "1" } } },
  { N_ ("Tears and creases"), { { "mask-grow", "3" } } },
  { N_ ("Stains"), { { "mask-grow", "5" } } },
  { N_ ("Faded and grainy"), { { "mask-grow", "1" }, { "denoise", "true" } } },
  { N_ ("Soft focus"), { { "mask-grow", "1" }, { "deblur", "auto" } } },
};

struct _HlPresets
{
  char     *path;
  GKeyFile *file;
  char    **groups; /* of @file, one for each of the person's presets */
  GArray   *names;  /* of char * */
};

static void
clear_name (gpointer name)
{
  g_free (*(char **) name);
}

/* What the file says, valid UTF-8 even where it is not text at all; NULL where it says nothing. */
static char *
get_text (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *raw = g_key_file_get_value (file, group, key, NULL);
  char            *text;

  if (!raw)
    return NULL;
  text = g_key_file_get_string (file, group, key, NULL);
  return text ? text : g_utf8_make_valid (raw, -1);
}

/* As it is shown. */
static char *
get_group_name (GKeyFile *file, const char *group)
{
  char *name = get_text (file, group, "name");

  return name ? name : g_utf8_make_valid (group, -1);
}

static void
list_names (HlPresets *presets)
{
  g_strfreev (presets->groups);
  presets->groups = g_key_file_get_groups (presets->file, NULL);
  g_array_set_size (presets->names, 0);
  for (guint i = 0; presets->groups[i]; i++)
    {
      char *name = get_group_name (presets->file, presets->groups[i]);

      g_array_append_val (presets->names, name);
    }
}

/**
 * hl_presets_new:
 * @path: of the file in which the person's presets lie or will lie
 *
 * Returns: (transfer full): our presets; hl_presets_load() adds the person's
 */
HlPresets *
hl_presets_new (const char *path)
{
  HlPresets *presets = g_new0 (HlPresets, 1);

  presets->path  = g_strdup (path);
  presets->file  = g_key_file_new ();
  presets->names = g_array_new (FALSE, FALSE, sizeof (char *));
  g_array_set_clear_func (presets->names, clear_name);
  list_names (presets);
  return presets;
}

static gboolean
set_damaged_error (HlPresets *presets, const GError *why, GError **error)
{
  g_autofree char *path   = g_filename_display_name (presets->path);
  g_autofree char *reason = g_utf8_make_valid (why->message, -1);

  g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
               _ ("The file of your presets, %s, cannot be read: %s. Correct it, or move it away, "
                  "then open this window again."),
               path, reason);
  return FALSE;
}

/**
 * hl_presets_load:
 * @presets: presets
 * @error: return location for a #GError
 *
 * Reads the person's presets; that there are none is no error.
 *
 * Returns: whether all went well; else %FALSE with %HL_ERROR_INPUT, and the presets are those
 *   that were there before
 */
gboolean
hl_presets_load (HlPresets *presets, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) why    = NULL;

  if (!g_key_file_load_from_file (file, presets->path,
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &why))
    {
      if (g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      return set_damaged_error (presets, why, error);
    }
  g_key_file_unref (presets->file);
  presets->file = g_steal_pointer (&file);
  list_names (presets);
  return TRUE;
}

/**
 * hl_presets_get_name:
 * @presets: presets
 * @number: which, from 0 on
 *
 * Returns: (nullable): its name as it is shown, or %NULL after the last
 */
const char *
hl_presets_get_name (HlPresets *presets, guint number)
{
  if (number < G_N_ELEMENTS (ours))
    return _ (ours[number].name);
  number -= G_N_ELEMENTS (ours);
  return number < presets->names->len ? g_array_index (presets->names, char *, number) : NULL;
}

/**
 * hl_presets_is_personal:
 * @presets: presets
 * @number: one of them
 *
 * Returns: whether it is one of the person's
 */
gboolean
hl_presets_is_personal (HlPresets *presets, guint number)
{
  return number >= G_N_ELEMENTS (ours);
}

/* The value that a preset gives a setting. */
static char *
get_value (HlPresets *presets, guint number, GObject *config, const char *property)
{
  char *value = NULL;

  if (hl_presets_is_personal (presets, number))
    value = get_text (presets->file, presets->groups[number - G_N_ELEMENTS (ours)], property);
  else
    for (int i = 0; i < MOST_VALUES && ours[number].values[i][0]; i++)
      if (g_str_equal (ours[number].values[i][0], property))
        value = g_strdup (ours[number].values[i][1]);
  return value ? value : hl_settings_get_default (config, property);
}

/**
 * hl_presets_apply:
 * @presets: presets
 * @number: one of them
 * @config: the procedure's arguments, which it sets
 * @error: return location for a #GError
 *
 * Sets what the preset says. The rest gets its default, but for what belongs to one picture
 * and not to a kind of damage.
 *
 * Returns: whether all values could be used; else %FALSE with %HL_ERROR_INPUT, and those that
 *   could not are as they were
 */
gboolean
hl_presets_apply (HlPresets *presets, guint number, GObject *config, GError **error)
{
  g_autofree char *path    = g_filename_display_name (presets->path);
  gboolean         is_good = TRUE;

  g_object_freeze_notify (config);
  for (guint i = 0; hl_settings_get (i); i++)
    {
      const HlSetting *setting = hl_settings_get (i);
      g_autofree char *value   = NULL;

      if (!setting->in_preset)
        continue;
      value = get_value (presets, number, config, setting->property);
      if (!hl_settings_set_text (config, setting->property, value) && is_good)
        {
          is_good = FALSE;
          g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                       _ ("The preset “%s” sets “%s” to “%s”, which cannot be used. Correct it in "
                          "%s, or delete the preset."),
                       hl_presets_get_name (presets, number), setting->property, value, path);
        }
    }
  g_object_thaw_notify (config);
  return is_good;
}

static gboolean
write_file (HlPresets *presets, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (presets->path);
  g_autoptr (GError) why  = NULL;

  list_names (presets);
  g_mkdir_with_parents (folder, 0700);
  if (g_key_file_save_to_file (presets->file, presets->path, &why))
    return TRUE;
  g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
               _ ("Your presets could not be saved: %s. Make room on the disk, or allow writing "
                  "there, then try again."),
               why->message);
  return FALSE;
}

/**
 * hl_presets_save:
 * @presets: presets
 * @name: a name; one of the person's presets that has it already is replaced
 * @config: the procedure's arguments, which it remembers
 * @error: return location for a #GError
 *
 * Adds one to the person's presets.
 *
 * Returns: whether it has been saved; else %FALSE with %HL_ERROR_INPUT
 */
gboolean
hl_presets_save (HlPresets *presets, const char *name, GObject *config, GError **error)
{
  g_autofree char *group = NULL;

  /* Perhaps it has been corrected by now, or another window has saved one. */
  if (!hl_presets_load (presets, error))
    return FALSE;
  /* Of several that somebody gave this name, the window shows the last as chosen. */
  for (guint i = presets->names->len; i > 0 && !group; i--)
    if (g_str_equal (g_array_index (presets->names, char *, i - 1), name))
      group = g_strdup (presets->groups[i - 1]);
  for (guint n = 1; !group; n++)
    {
      group = g_strdup_printf ("preset-%u", n);
      if (g_key_file_has_group (presets->file, group))
        g_clear_pointer (&group, g_free);
    }
  g_key_file_set_string (presets->file, group, "name", name);
  for (guint i = 0; hl_settings_get (i); i++)
    if (hl_settings_get (i)->in_preset)
      {
        const char      *property = hl_settings_get (i)->property;
        g_autofree char *value    = hl_settings_get_text (config, property);

        g_key_file_set_string (presets->file, group, property, value);
      }
  return write_file (presets, error);
}

/**
 * hl_presets_remove:
 * @presets: presets
 * @number: one of the person's
 * @error: return location for a #GError
 *
 * Deletes it, and nothing else that the file holds by now.
 *
 * Returns: whether it is gone; else %FALSE with %HL_ERROR_INPUT
 */
gboolean
hl_presets_remove (HlPresets *presets, guint number, GError **error)
{
  g_autofree char *group = g_strdup (presets->groups[number - G_N_ELEMENTS (ours)]);
  g_autofree char *name  = g_strdup (hl_presets_get_name (presets, number));
  g_autofree char *now   = NULL;

  if (!hl_presets_load (presets, error))
    return FALSE;
  /* Another window may have deleted it, and given its place to another preset. */
  if (!g_key_file_has_group (presets->file, group))
    return TRUE;
  now = get_group_name (presets->file, group);
  if (!g_str_equal (name, now))
    return TRUE;
  g_key_file_remove_group (presets->file, group, NULL);
  return write_file (presets, error);
}

/**
 * hl_presets_free:
 * @presets: (transfer full) (nullable): presets
 *
 * Frees them.
 */
void
hl_presets_free (HlPresets *presets)
{
  if (!presets)
    return;
  g_free (presets->path);
  g_key_file_unref (presets->file);
  g_strfreev (presets->groups);
  g_array_unref (presets->names);
  g_free (presets);
}

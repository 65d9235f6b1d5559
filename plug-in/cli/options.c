/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of settings (restore/settings.c) as the shell's options, and as README.md shows it. */

#include "cli/options.h"

#include <string.h>

/* What was given for one row of the table. */
typedef struct
{
  const HlSetting *setting;
  char            *text; /* NULL where nothing was */
  gboolean         is_on;
  char            *help;
} Option;

struct _HlOptions
{
  GArray *options; /* of Option */
  GArray *entries; /* of GOptionEntry, which point to them */
};

static gboolean
is_option (const HlSetting *setting)
{
  return setting->size > 0 && !setting->shell;
}

static gboolean
has_range (const HlSetting *setting)
{
  return setting->type == HL_SETTING_INT || setting->type == HL_SETTING_DOUBLE
         || setting->type == HL_SETTING_CHOICE;
}

/* What it is when nobody says anything. */
static char *
get_normal (const HlSetting *setting)
{
  const HlSettingChoice *choice = setting->choices;

  if (setting->type != HL_SETTING_CHOICE)
    return g_strdup_printf ("%.10g", setting->normal);
  while (choice->value != setting->normal)
    choice++;
  return g_strdup (choice->key);
}

/* Its range in brackets, and the default. */
static char *
make_help (const HlSetting *setting)
{
  g_autofree char *range = NULL, *normal = NULL;

  if (!has_range (setting))
    return g_strdup (setting->help);
  range  = hl_setting_get_range (setting);
  normal = hl_setting_has_automatic (setting) ? g_strdup ("auto") : get_normal (setting);
  return g_strdup_printf ("%s (%s; %s unless given)", setting->help, range, normal);
}

static void
clear_option (gpointer data)
{
  Option *option = data;

  g_free (option->text);
  g_free (option->help);
}

/**
 * hl_options_new:
 * @context: is given an option for each setting that has one
 *
 * Returns: (transfer full): what they will hold once @context has parsed the command line; must
 *   outlive that
 */
HlOptions *
hl_options_new (GOptionContext *context)
{
  static const char *const arguments[] = { [HL_SETTING_INT]    = "NUMBER",
                                           [HL_SETTING_DOUBLE] = "NUMBER",
                                           [HL_SETTING_CHOICE] = "WORD",
                                           [HL_SETTING_FILE]   = "FILE",
                                           [HL_SETTING_POINTS] = "X,Y[;X,Y…]" };
  HlOptions               *self        = g_new0 (HlOptions, 1);

  self->options = g_array_new (FALSE, TRUE, sizeof (Option));
  self->entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_array_set_clear_func (self->options, clear_option);
  for (guint i = 0; hl_setting_get (i); i++)
    if (is_option (hl_setting_get (i)))
      {
        Option option = { .setting = hl_setting_get (i), .help = make_help (hl_setting_get (i)) };

        g_array_append_val (self->options, option);
      }
  for (guint i = 0; i < self->options->len; i++)
    {
      Option      *option = &g_array_index (self->options, Option, i);
      gboolean     is_on  = option->setting->type == HL_SETTING_BOOLEAN;
      gboolean     is_in  = option->setting->type == HL_SETTING_FILE;
      GOptionEntry entry  = { .long_name       = option->setting->key,
                              .arg             = is_on   ? G_OPTION_ARG_NONE
                                                 : is_in ? G_OPTION_ARG_FILENAME
                                                         : G_OPTION_ARG_STRING,
                              .arg_data        = is_on ? (gpointer) &option->is_on : &option->text,
                              .description     = option->help,
                              .arg_description = arguments[option->setting->type] };

      g_array_append_val (self->entries, entry);
    }
  g_option_context_add_main_entries (context, (GOptionEntry *) self->entries->data, NULL);
  return self;
}

/**
 * hl_options_read:
 * @self: what the command line gave
 * @settings: where it is set; borrows the names of files from @self
 * @error: %HL_ERROR_SETTING
 *
 * Returns: %FALSE with an error where something is no value of its setting
 */
gboolean
hl_options_read (const HlOptions *self, HlRestoreSettings *settings, GError **error)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      const Option *option = &g_array_index (self->options, Option, i);

      if (option->is_on)
        hl_setting_set (option->setting, TRUE, settings);
      if (option->text && !hl_setting_parse (option->setting, option->text, settings, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * hl_options_free:
 * @self: (transfer full) (nullable): options
 *
 * Frees them.
 */
void
hl_options_free (HlOptions *self)
{
  if (!self)
    return;
  g_array_unref (self->options);
  g_array_unref (self->entries);
  g_free (self);
}

/* The cell of a row that says how scripts set it. */
static void
append_argument (GString *markdown, const HlSetting *setting)
{
  g_autofree char *range = NULL, *normal = NULL;

  if (setting->group == HL_GROUP_NONE)
    return;
  g_string_append_printf (markdown, "`%s`", setting->key);
  if (setting->type == HL_SETTING_BOOLEAN)
    g_string_append_printf (markdown, ", yes or no (%s)", setting->normal != 0 ? "yes" : "no");
  if (!has_range (setting))
    return;
  range  = hl_setting_get_range (setting);
  normal = get_normal (setting);
  g_string_append_printf (markdown, ", %s (%s)", range, normal);
}

/**
 * hl_options_make_table:
 *
 * Returns: (transfer full): all settings as a table in Markdown, the one in README.md
 */
char *
hl_options_make_table (void)
{
  GString *markdown = g_string_new ("| In the window | In scripts | In the shell | |\n"
                                    "| --- | --- | --- | --- |\n");

  for (guint i = 0; hl_setting_get (i); i++)
    {
      const HlSetting *setting = hl_setting_get (i);
      g_auto (GStrv) parts     = g_strsplit (setting->label, "_", -1);
      g_autofree char *label   = g_strjoinv ("", parts);

      g_string_append_printf (markdown, "| %s | ", setting->group ? label : "");
      append_argument (markdown, setting);
      if (!setting->shell)
        g_string_append_printf (markdown, " | `--%s`", setting->key);
      else
        g_string_append_printf (markdown, *setting->shell ? " | `%s`" : " | %s", setting->shell);
      g_string_append_printf (markdown, " | %s |\n", setting->help);
    }
  return g_string_free (markdown, FALSE);
}

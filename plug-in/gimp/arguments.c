/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedure's arguments, made from the table of settings (restore/settings.c): declared to
 * GIMP, read for the engine, and kept with the result. */

#include "gimp/arguments.h"

#include <glib/gi18n-lib.h>

#include "gimp/blur_argument.h"
#include "restore/damage.h"

static void
add_choice (GimpProcedure *procedure, const HlSetting *setting)
{
  GimpChoice *choice = gimp_choice_new ();
  const char *normal = NULL;

  for (const HlSettingChoice *c = setting->choices; c->key; c++)
    {
      gimp_choice_add (choice, c->key, c->value, _ (c->label), NULL);
      if (c->value == setting->normal)
        normal = c->key;
    }
  gimp_procedure_add_choice_argument (procedure, setting->key, _ (setting->label),
                                      _ (setting->help), choice, normal, G_PARAM_READWRITE);
}

static void
add_argument (GimpProcedure *procedure, const HlSetting *setting)
{
  const char *key = setting->key, *label = _ (setting->label), *help = _ (setting->help);

  switch (setting->type)
    {
    case HL_SETTING_BOOLEAN:
      gimp_procedure_add_boolean_argument (procedure, key, label, help, setting->normal != 0,
                                           G_PARAM_READWRITE);
      break;
    case HL_SETTING_INT:
      gimp_procedure_add_int_argument (procedure, key, label, help, setting->least, setting->most,
                                       setting->normal, G_PARAM_READWRITE);
      break;
    case HL_SETTING_DOUBLE:
      gimp_procedure_add_double_argument (procedure, key, label, help, setting->least,
                                          setting->most, setting->normal, G_PARAM_READWRITE);
      break;
    case HL_SETTING_CHOICE:
      add_choice (procedure, setting);
      break;
    case HL_SETTING_FILE:
      gimp_procedure_add_file_argument (procedure, key, label, help, GIMP_FILE_CHOOSER_ACTION_OPEN,
                                        TRUE, NULL, G_PARAM_READWRITE);
      break;
    case HL_SETTING_POINTS:
      gimp_procedure_add_string_argument (procedure, key, label, help, "", G_PARAM_READWRITE);
      break;
    }
}

/**
 * hl_arguments_add:
 * @procedure: the plug-in's procedure, which is given its arguments
 *
 * Declares what can be set, but for the image and what GIMP itself adds. GIMP makes of it the
 * procedure's configuration, the widgets and what scripts are told.
 */
void
hl_arguments_add (GimpProcedure *procedure)
{
  for (guint i = 0; hl_setting_get (i); i++)
    if (hl_setting_get (i)->group != HL_GROUP_NONE)
      add_argument (procedure, hl_setting_get (i));
}

/**
 * hl_arguments_get_text:
 * @config: the procedure's arguments
 * @setting: one of them
 *
 * Returns: (transfer full): its value as text, the same in all languages; of a file the URI, empty
 *   where there is none
 */
char *
hl_arguments_get_text (GObject *config, const HlSetting *setting)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (config, setting->key, &value);
  if (G_VALUE_HOLDS_BOOLEAN (&value))
    return g_strdup (g_value_get_boolean (&value) ? "true" : "false");
  if (G_VALUE_HOLDS_INT (&value))
    return g_strdup_printf ("%d", g_value_get_int (&value));
  if (G_VALUE_HOLDS_DOUBLE (&value))
    return g_strdup (g_ascii_dtostr (number, sizeof number, g_value_get_double (&value)));
  if (G_VALUE_HOLDS_STRING (&value))
    return g_strdup (g_value_get_string (&value) ? g_value_get_string (&value) : "");
  return g_value_get_object (&value) ? g_file_get_uri (g_value_get_object (&value)) : g_strdup ("");
}

/**
 * hl_arguments_matters:
 * @config: the procedure's arguments
 * @setting: one of them
 *
 * Returns: whether the result depends on it, with what else is set
 */
gboolean
hl_arguments_matters (GObject *config, const HlSetting *setting)
{
  g_autofree char *value = NULL;

  if (!setting->needs)
    return TRUE;
  value = hl_arguments_get_text (config, hl_setting_find (setting->needs));
  return hl_setting_matters (setting, value);
}

/**
 * hl_arguments_get_key:
 * @config: the procedure's arguments
 * @step: a step of the work
 *
 * Two sets of arguments with the same key of a step, and of all before it, need not do that step
 * twice.
 *
 * Returns: (transfer full): the key
 */
char *
hl_arguments_get_key (GObject *config, HlSettingStep step)
{
  GString *key    = g_string_new (NULL);
  int      method = gimp_procedure_config_get_choice_id (GIMP_PROCEDURE_CONFIG (config), "method");
  int      stains = gimp_procedure_config_get_choice_id (GIMP_PROCEDURE_CONFIG (config), "stains");
  /* Only the trained network alone leaves all of the grain to a step of its own (task.c). */
  gboolean has_grain
      = method != HL_METHOD_PRIOR || stains != HL_STAINS_OPAQUE || hl_arguments_repair_all (config);

  for (guint i = 0; hl_setting_get (i); i++)
    {
      const HlSetting *setting = hl_setting_get (i);
      gboolean         is_in   = setting->step == step
                       || (step == HL_STEP_REPAIR && setting->step == HL_STEP_GRAIN && has_grain);

      if (setting->group != HL_GROUP_NONE && is_in && hl_arguments_matters (config, setting))
        {
          g_autofree char *text = hl_arguments_get_text (config, setting);

          g_string_append_printf (key, "%s=%s\n", setting->key, text);
        }
    }
  return g_string_free (key, FALSE);
}

/**
 * hl_arguments_get_record:
 * @config: the procedure's arguments
 * @report: what was done with them
 *
 * Returns: (transfer full): all of it as a key file, to be kept with the result
 */
char *
hl_arguments_get_record (GObject *config, const HlRestoreReport *report)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, "heirloom", "version", HL_VERSION);
  for (guint i = 0; hl_setting_get (i); i++)
    if (hl_setting_get (i)->group != HL_GROUP_NONE)
      {
        g_autofree char *text = hl_arguments_get_text (config, hl_setting_get (i));

        g_key_file_set_string (file, "settings", hl_setting_get (i)->key, text);
      }
  g_key_file_set_double (file, "report", "noise-level", 100 * report->noise_level);
  g_key_file_set_integer (file, "report", "iterations", report->iterations);
  g_key_file_set_string (file, "report", "blur", report->blur);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * hl_arguments_get_output:
 * @config: the procedure's arguments
 *
 * Returns: what the new layer is to hold
 */
HlOutput
hl_arguments_get_output (GimpProcedureConfig *config)
{
  return gimp_procedure_config_get_choice_id (config, "output");
}

/**
 * hl_arguments_repair_all:
 * @config: the procedure's arguments
 *
 * Returns: whether they ask for a repair of all of the layer, and not only of the damage that is
 *   selected or found
 */
gboolean
hl_arguments_repair_all (GObject *config)
{
  GimpProcedureConfig *choices = GIMP_PROCEDURE_CONFIG (config);
  gboolean             denoise;

  g_object_get (config, "denoise", &denoise, NULL);
  return denoise || gimp_procedure_config_get_choice_id (choices, "deblur") >= HL_BLUR_AUTO;
}

/* Whether they ask for work on all of the layer, be it on its colours alone. */
static gboolean
is_whole (GObject *config)
{
  return hl_arguments_repair_all (config)
         || gimp_procedure_config_get_choice_id (GIMP_PROCEDURE_CONFIG (config), "colour")
                != HL_COLOUR_NONE;
}

/**
 * hl_arguments_get_part:
 * @config: the procedure's arguments
 * @image: the picture
 *
 * Returns: how much of the layer the restoration needs to see
 */
HlSnapshotPart
hl_arguments_get_part (GObject *config, GimpImage *image)
{
  HlRestoreSettings settings
      = { .find = gimp_procedure_config_get_choice_id (GIMP_PROCEDURE_CONFIG (config), "find") };
  gboolean selected = !gimp_selection_is_empty (image);

  return is_whole (config) || (!selected && hl_damage_is_sought (&settings, selected))
             ? HL_SNAPSHOT_LAYER
             : HL_SNAPSHOT_SELECTION;
}

/* What @config holds, as a number in people's units; the id of a choice. */
static double
get_number (GimpProcedureConfig *config, const HlSetting *setting)
{
  gboolean is_on;
  int      whole;
  double   number;

  if (setting->type == HL_SETTING_CHOICE)
    return gimp_procedure_config_get_choice_id (config, setting->key);
  if (setting->type == HL_SETTING_DOUBLE)
    {
      g_object_get (config, setting->key, &number, NULL);
      return number;
    }
  if (setting->type == HL_SETTING_INT)
    {
      g_object_get (config, setting->key, &whole, NULL);
      return whole;
    }
  g_object_get (config, setting->key, &is_on, NULL);
  return is_on;
}

static gboolean
read_points (GimpProcedureConfig *config, const HlSetting *setting, HlRestoreSettings *to,
             GError **error)
{
  g_autofree char *text = hl_arguments_get_text (G_OBJECT (config), setting);

  return hl_setting_parse (setting, text, to, error);
}

/**
 * hl_arguments_read:
 * @config: the procedure's arguments
 * @task: where the settings and the blur are set; nothing else of it is changed
 * @error: return location for a #GError
 *
 * Translates the arguments, which are in people's units, for the engine.
 *
 * Returns: whether they can be used; else %FALSE with an error of hl_blur_read() or
 * hl_colour_points_parse()
 */
gboolean
hl_arguments_read (GimpProcedureConfig *config, HlTask *task, GError **error)
{
  HlRestoreSettings *to = &task->settings;

  hl_restore_settings_init (to);
  for (guint i = 0; hl_setting_get (i); i++)
    {
      const HlSetting *setting = hl_setting_get (i);

      if (setting->group == HL_GROUP_NONE || setting->size == 0)
        continue;
      if (setting->type == HL_SETTING_POINTS && !read_points (config, setting, to, error))
        return FALSE;
      if (setting->type != HL_SETTING_FILE && setting->type != HL_SETTING_POINTS)
        hl_setting_set (setting, get_number (config, setting), to);
    }
  to->threads = CLAMP (gimp_get_num_processors (), 1, 64);
  if (!hl_blur_read (config, &to->deblur, &task->psf, error))
    return FALSE;
  to->psf = task->psf;
  return TRUE;
}

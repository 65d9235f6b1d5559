/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings: one table of what there is, from which the window lays itself out and is told what
 * must be done again when one of them changes. A new argument of the procedure needs a line here
 * and one in hl_settings_read(). */

#include "gimp/settings.h"

#include <string.h>

#include "gimp/blur_argument.h"

static const HlSetting settings[] = {
  { "mask-grow", HL_GROUP_WHAT, HL_STEP_REPAIR, NULL, NULL },
  { "denoise", HL_GROUP_WHAT, HL_STEP_REPAIR, NULL, NULL },
  { "deblur", HL_GROUP_WHAT, HL_STEP_REPAIR, NULL, NULL },
  { "blur-radius", HL_GROUP_WHAT, HL_STEP_REPAIR, "deblur", "gaussian|disk|motion|aniso" },
  { "blur-radius-across", HL_GROUP_WHAT, HL_STEP_REPAIR, "deblur", "aniso" },
  { "blur-angle", HL_GROUP_WHAT, HL_STEP_REPAIR, "deblur", "motion|aniso" },
  { "blur-file", HL_GROUP_WHAT, HL_STEP_REPAIR, "deblur", "file" },
  { "grain", HL_GROUP_WHAT, HL_STEP_GRAIN, "denoise", "false" },
  { "output", HL_GROUP_WHAT, HL_STEP_OUTPUT, NULL, NULL },
  { "method", HL_GROUP_HOW_LONG, HL_STEP_REPAIR, NULL, NULL },
  { "iterations", HL_GROUP_HOW_LONG, HL_STEP_REPAIR, "method", "deep|untrained" },
  { "deblur-method", HL_GROUP_HOW_LONG, HL_STEP_REPAIR, "deblur",
    "auto|gaussian|disk|motion|aniso|file" },
  { "auto-noise", HL_GROUP_ADVANCED, HL_STEP_REPAIR, NULL, NULL },
  { "noise-level", HL_GROUP_ADVANCED, HL_STEP_REPAIR, "auto-noise", "false" },
  { "seed", HL_GROUP_ADVANCED, HL_STEP_REPAIR, NULL, NULL },
  { "memory-limit", HL_GROUP_ADVANCED, HL_STEP_REPAIR, NULL, NULL },
};

/**
 * hl_settings_get:
 * @number: which, from 0 on
 *
 * Returns: (nullable): the setting, or %NULL after the last
 */
const HlSetting *
hl_settings_get (guint number)
{
  return number < G_N_ELEMENTS (settings) ? &settings[number] : NULL;
}

static char *
value_to_text (const GValue *value)
{
  char  number[G_ASCII_DTOSTR_BUF_SIZE];
  char *path = NULL;

  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_strdup (g_value_get_boolean (value) ? "true" : "false");
  if (G_VALUE_HOLDS_INT (value))
    return g_strdup_printf ("%d", g_value_get_int (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_strdup (g_ascii_dtostr (number, sizeof number, g_value_get_double (value)));
  if (G_VALUE_HOLDS (value, G_TYPE_FILE) && g_value_get_object (value))
    path = g_file_get_path (g_value_get_object (value));
  return path ? path : g_strdup ("");
}

/**
 * hl_settings_get_text:
 * @config: the procedure's arguments
 * @property: one of them
 *
 * Returns: (transfer full): its value as text, the same in all languages
 */
char *
hl_settings_get_text (GObject *config, const char *property)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (config, property, &value);
  return value_to_text (&value);
}

/**
 * hl_settings_get_default:
 * @config: the procedure's arguments
 * @property: one of them
 *
 * Returns: (transfer full): its default value as text
 */
char *
hl_settings_get_default (GObject *config, const char *property)
{
  GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);

  return value_to_text (g_param_spec_get_default_value (spec));
}

/* The whole of @text as a value of the type that @value has. */
static gboolean
text_to_value (const char *text, GValue *value)
{
  char *end = (char *) text;

  if (G_VALUE_HOLDS_STRING (value))
    {
      g_value_set_string (value, text);
      return TRUE;
    }
  if (G_VALUE_HOLDS_BOOLEAN (value))
    {
      g_value_set_boolean (value, g_str_equal (text, "true"));
      return g_str_equal (text, "true") || g_str_equal (text, "false");
    }
  if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, CLAMP (g_ascii_strtoll (text, &end, 10), G_MININT, G_MAXINT));
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, g_ascii_strtod (text, &end));
  else if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    {
      if (*text)
        g_value_take_object (value, g_file_new_for_path (text));
      return TRUE;
    }
  return end != text && *end == '\0';
}

/**
 * hl_settings_set_text:
 * @config: the procedure's arguments
 * @property: one of them
 * @text: its value, as hl_settings_get_text() writes it
 *
 * Sets the argument.
 *
 * Returns: whether @text is a value of it; else nothing is set
 */
gboolean
hl_settings_set_text (GObject *config, const char *property, const char *text)
{
  GParamSpec *spec      = g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (spec));
  /* Validating changes what is out of range or no choice. */
  if (!text_to_value (text, &value) || g_param_value_validate (spec, &value))
    return FALSE;
  g_object_set_property (config, property, &value);
  return TRUE;
}

/**
 * hl_settings_matters:
 * @config: the procedure's arguments
 * @setting: one of them
 *
 * Returns: whether the result depends on it, with what else is set
 */
gboolean
hl_settings_matters (GObject *config, const HlSetting *setting)
{
  g_autofree char *value = NULL;
  g_auto (GStrv) values  = NULL;

  if (!setting->needs)
    return TRUE;
  value  = hl_settings_get_text (config, setting->needs);
  values = g_strsplit (setting->values, "|", -1);
  return g_strv_contains ((const char *const *) values, value);
}

/**
 * hl_settings_get_key:
 * @config: the procedure's arguments
 * @step: a step of the work
 *
 * Two settings with the same key of a step, and of all before it, need not do that step twice.
 *
 * Returns: (transfer full): the key
 */
char *
hl_settings_get_key (GObject *config, HlSettingStep step)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (settings[i].step == step && hl_settings_matters (config, &settings[i]))
      {
        g_autofree char *text = hl_settings_get_text (config, settings[i].property);

        g_string_append_printf (key, "%s=%s\n", settings[i].property, text);
      }
  /* Only the trained network alone leaves all of the grain to a step of its own (task.c). */
  if (step == HL_STEP_REPAIR
      && (gimp_procedure_config_get_choice_id (GIMP_PROCEDURE_CONFIG (config), "method")
              != HL_METHOD_PRIOR
          || hl_settings_is_whole (config)))
    {
      g_autofree char *grain = hl_settings_get_text (config, "grain");

      g_string_append_printf (key, "grain=%s\n", grain);
    }
  return g_string_free (key, FALSE);
}

/**
 * hl_settings_get_record:
 * @config: the procedure's arguments
 * @report: what was done with them
 *
 * Returns: (transfer full): all of it as a key file, to be kept with the result
 */
char *
hl_settings_get_record (GObject *config, const HlRestoreReport *report)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, "heirloom", "version", HL_VERSION);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *text = hl_settings_get_text (config, settings[i].property);

      g_key_file_set_string (file, "settings", settings[i].property, text);
    }
  g_key_file_set_double (file, "report", "noise-level", 100 * report->noise_level);
  g_key_file_set_integer (file, "report", "iterations", report->iterations);
  g_key_file_set_string (file, "report", "blur", report->blur);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * hl_settings_get_output:
 * @config: the procedure's arguments
 *
 * Returns: what the new layer is to hold
 */
HlOutput
hl_settings_get_output (GimpProcedureConfig *config)
{
  return gimp_procedure_config_get_choice_id (config, "output");
}

/**
 * hl_settings_is_whole:
 * @config: the procedure's arguments
 *
 * Returns: whether they ask for work on all of the layer, and not only on the selection
 */
gboolean
hl_settings_is_whole (GObject *config)
{
  g_autofree char *deblur = hl_settings_get_text (config, "deblur");
  gboolean         denoise;

  g_object_get (config, "denoise", &denoise, NULL);
  return denoise || !g_str_equal (deblur, "none");
}

/**
 * hl_settings_read:
 * @config: the procedure's arguments
 * @task: where the settings and the blur are set; nothing else of it is changed
 * @error: return location for a #GError
 *
 * Translates the arguments, which are in the words of people, for the engine.
 *
 * Returns: whether they can be used; else %FALSE with an error of hl_blur_read()
 */
gboolean
hl_settings_read (GimpProcedureConfig *config, HlTask *task, GError **error)
{
  HlRestoreSettings *to = &task->settings;
  int                iterations, seed, megabytes;
  double             percent, grain;

  hl_restore_settings_init (to);
  g_object_get (config, "iterations", &iterations, "denoise", &to->denoise, "auto-noise",
                &to->auto_noise, "noise-level", &percent, "seed", &seed, "grain", &grain,
                "mask-grow", &task->mask_grow, "memory-limit", &megabytes, NULL);
  to->iterations   = iterations;
  to->noise_level  = percent / 100.0;
  to->grain        = grain / 100.0;
  to->method       = gimp_procedure_config_get_choice_id (config, "method");
  to->seed         = seed;
  to->memory_limit = (guint64) megabytes * 1000 * 1000;
  to->threads      = CLAMP (gimp_get_num_processors (), 1, 64);
  if (!hl_blur_read (config, &to->deblur, &to->deblur_method, &task->psf, error))
    return FALSE;
  to->psf = task->psf;
  return TRUE;
}

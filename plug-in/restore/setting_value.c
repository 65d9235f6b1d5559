/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of a setting: its range, as text, and where it goes in #HlRestoreSettings. */

#include <glib/gi18n-lib.h>

#include "restore/error.h"
#include "restore/settings.h"

/* Whether it is kept as a number: all but files and points. */
static gboolean
is_number (const HlSetting *setting)
{
  return setting->size > 0 && setting->type != HL_SETTING_FILE
         && setting->type != HL_SETTING_POINTS;
}

/**
 * hl_setting_get_range:
 * @setting: a number or a choice
 *
 * Returns: (transfer full): what it may be, as in "0 to 50" or in "layer, repair, mask"
 */
char *
hl_setting_get_range (const HlSetting *setting)
{
  GString *words = g_string_new (NULL);

  if (setting->type != HL_SETTING_CHOICE)
    g_string_printf (words, _ ("%.10g to %.10g"), setting->least, setting->most);
  else
    for (const HlSettingChoice *choice = setting->choices; choice->key; choice++)
      g_string_append_printf (words, "%s%s", words->len ? ", " : "", choice->key);
  return g_string_free (words, FALSE);
}

static double
get_scale (const HlSetting *setting)
{
  return setting->scale > 0 ? setting->scale : 1;
}

/* In the engine's units; only where it is a number. */
static double
get_number (const HlSetting *setting, const HlRestoreSettings *settings)
{
  const char *at = (const char *) settings + setting->place;

  if (setting->type == HL_SETTING_DOUBLE)
    return *(const double *) at;
  return setting->size == sizeof (gint64) ? *(const gint64 *) at : *(const gint32 *) at;
}

/**
 * hl_setting_set:
 * @setting: one that has a place in #HlRestoreSettings, and is neither a file nor points
 * @number: in people's units; of a choice its value
 * @settings: where it is set
 */
void
hl_setting_set (const HlSetting *setting, double number, HlRestoreSettings *settings)
{
  char  *at     = (char *) settings + setting->place;
  double scaled = number * get_scale (setting);

  if (setting->type == HL_SETTING_DOUBLE)
    *(double *) at = scaled;
  else if (setting->size == sizeof (gint64))
    *(gint64 *) at = scaled;
  else
    *(gint32 *) at = scaled;
}

/* The setting that the shell's "auto" switches on. */
static const HlSetting *
find_automatic (const HlSetting *setting)
{
  const HlSetting *needed = setting->needs ? hl_setting_find (setting->needs) : NULL;

  return needed && needed->type == HL_SETTING_BOOLEAN && needed->shell ? needed : NULL;
}

/**
 * hl_setting_has_automatic:
 * @setting: a row of the table
 *
 * Returns: whether the shell takes "auto" for it, and does unless told otherwise
 */
gboolean
hl_setting_has_automatic (const HlSetting *setting)
{
  return find_automatic (setting) != NULL;
}

/* Whether @text is a choice or number, and within the range. */
static gboolean
read_number (const HlSetting *setting, const char *text, double *number)
{
  char *end = NULL;

  for (const HlSettingChoice *choice = setting->choices; choice && choice->key; choice++)
    if (g_str_equal (choice->key, text))
      {
        *number = choice->value;
        return TRUE;
      }
  *number = setting->type == HL_SETTING_INT ? g_ascii_strtoll (text, &end, 10)
                                            : g_ascii_strtod (text, &end);
  return setting->type != HL_SETTING_CHOICE && end != text && *end == '\0'
         && *number >= setting->least && *number <= setting->most;
}

/**
 * hl_setting_parse:
 * @setting: one that has a place in #HlRestoreSettings
 * @text: what the shell was given for it
 * @settings: where it is set; a file keeps @text itself
 * @error: %HL_ERROR_SETTING
 *
 * Returns: %FALSE with an error where @text is no value of @setting, in English but for points
 */
gboolean
hl_setting_parse (const HlSetting *setting, const char *text, HlRestoreSettings *settings,
                  GError **error)
{
  const HlSetting *automatic = find_automatic (setting);
  g_autofree char *range     = NULL;
  double           number;

  if (setting->type == HL_SETTING_FILE)
    {
      *(const char **) ((char *) settings + setting->place) = text;
      return TRUE;
    }
  if (setting->type == HL_SETTING_POINTS)
    return hl_colour_points_parse ((HlColourPoints *) ((char *) settings + setting->place), text,
                                   error);
  if (automatic)
    hl_setting_set (automatic, g_str_equal (text, "auto"), settings);
  if (automatic && g_str_equal (text, "auto"))
    return TRUE;
  if (read_number (setting, text, &number))
    {
      hl_setting_set (setting, number, settings);
      return TRUE;
    }
  range = hl_setting_get_range (setting);
  g_set_error (error, HL_ERROR, HL_ERROR_SETTING, "--%s must be %s%s%s.", setting->key,
               automatic                            ? "auto or "
               : setting->type == HL_SETTING_CHOICE ? "one of "
                                                    : "",
               setting->type == HL_SETTING_INT      ? "a whole number from "
               : setting->type == HL_SETTING_DOUBLE ? "a number from "
                                                    : "",
               range);
  return FALSE;
}

/**
 * hl_restore_settings_init:
 * @settings: (out): set to the defaults
 */
void
hl_restore_settings_init (HlRestoreSettings *settings)
{
  const HlSetting *setting;

  *settings = (HlRestoreSettings) { 0 };
  for (guint i = 0; (setting = hl_setting_get (i)); i++)
    if (is_number (setting))
      hl_setting_set (setting, setting->normal, settings);
}

/* Whether a boolean that @setting needs switches it off. */
static gboolean
is_off (const HlSetting *setting, const HlRestoreSettings *settings)
{
  const HlSetting *needed = setting->needs ? hl_setting_find (setting->needs) : NULL;

  return needed && needed->type == HL_SETTING_BOOLEAN
         && !hl_setting_matters (setting, get_number (needed, settings) != 0 ? "true" : "false");
}

static gboolean
is_in_range (const HlSetting *setting, const HlRestoreSettings *settings)
{
  double number = get_number (setting, settings), scale = get_scale (setting);

  if (setting->type != HL_SETTING_CHOICE)
    return number >= setting->least * scale && number <= setting->most * scale;
  for (const HlSettingChoice *choice = setting->choices; choice->key; choice++)
    if (choice->value == number)
      return TRUE;
  return FALSE;
}

/**
 * hl_restore_settings_check:
 * @settings: what to do
 * @error: %HL_ERROR_SETTING
 *
 * Returns: whether all settings that matter are within their ranges; else %FALSE with an error
 */
gboolean
hl_restore_settings_check (const HlRestoreSettings *settings, GError **error)
{
  const HlSetting *setting;

  for (guint i = 0; (setting = hl_setting_get (i)); i++)
    if (is_number (setting) && setting->type != HL_SETTING_BOOLEAN && !is_off (setting, settings)
        && !is_in_range (setting, settings))
      {
        g_auto (GStrv) parts   = g_strsplit (_ (setting->label), "_", -1);
        g_autofree char *label = g_strjoinv ("", parts);
        g_autofree char *range = hl_setting_get_range (setting);

        /* Translators: the label of a setting, and what it may be. */
        g_set_error (error, HL_ERROR, HL_ERROR_SETTING, _ ("“%s” can only be %s."), label, range);
        return FALSE;
      }
  if (settings->deblur <= HL_DEBLUR_KNOWN && (settings->deblur != HL_DEBLUR_KNOWN || settings->psf))
    return TRUE;
  g_set_error_literal (error, HL_ERROR, HL_ERROR_SETTING, _ ("Say which blur to remove."));
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of settings: what each row lets through, and what it says about the rest. */
#include <math.h>

#include "restore/error.h"
#include "restore/settings.h"

static gboolean
is_number (const HlSetting *setting)
{
  return setting->size > 0
         && (setting->type == HL_SETTING_INT || setting->type == HL_SETTING_DOUBLE);
}

static void
test_defaults (void)
{
  HlRestoreSettings settings;
  g_autoptr (GError) error = NULL;

  hl_restore_settings_init (&settings);
  g_assert_true (hl_restore_settings_check (&settings, &error));
  g_assert_cmpint (settings.method, ==, HL_METHOD_AUTO);
  g_assert_cmpfloat (settings.grain, ==, 1);
  g_assert_cmpuint (settings.iterations, ==, 1000);
  g_assert_true (settings.auto_noise);
  g_assert_cmpint (settings.deblur_method, ==, HL_DEBLUR_PRIOR);
  g_assert_null (settings.weights);
  g_assert_cmpuint (settings.memory_limit, ==, 0);
}

static void
test_ranges (void)
{
  for (guint i = 0; hl_setting_get (i); i++)
    if (is_number (hl_setting_get (i)))
      {
        const HlSetting *setting  = hl_setting_get (i);
        const double     inside[] = { setting->least, setting->most };
        const double     outside[]
            = { setting->least - 1, setting->most + 1, 1e12, -1e12, NAN, INFINITY };
        HlRestoreSettings settings;

        for (guint n = 0; n < G_N_ELEMENTS (inside) + G_N_ELEMENTS (outside); n++)
          {
            gboolean         is_in   = n < G_N_ELEMENTS (inside);
            double           value   = is_in ? inside[n] : outside[n - G_N_ELEMENTS (inside)];
            g_autofree char *text    = g_strdup_printf ("%.10g", value);
            g_autoptr (GError) error = NULL;

            hl_restore_settings_init (&settings);
            g_assert_true (hl_setting_parse (setting, text, &settings, &error) == is_in);
            g_assert_true (hl_restore_settings_check (&settings, NULL));
            if (is_in)
              continue;
            g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
            g_assert_nonnull (strstr (error->message, setting->key));
          }
      }
}

/* Each row goes to a place of its own, and in the engine's units. */
static void
test_places (void)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  for (guint i = 0; hl_setting_get (i); i++)
    for (guint j = 0; j < i && hl_setting_get (i)->size > 0; j++)
      if (hl_setting_get (j)->size > 0)
        g_assert_cmpuint (hl_setting_get (i)->place, !=, hl_setting_get (j)->place);
  hl_setting_set (hl_setting_find ("memory-limit"), 2147483647, &settings);
  g_assert_cmpuint (settings.memory_limit, ==, 2147483647 * G_GUINT64_CONSTANT (1000000));
  hl_setting_set (hl_setting_find ("noise-level"), 40, &settings);
  g_assert_cmpfloat (settings.noise_level, ==, 0.4);
  settings.auto_noise = FALSE;
  g_assert_true (hl_restore_settings_check (&settings, NULL));
}

static void
test_choices (void)
{
  HlRestoreSettings settings;
  g_autoptr (GError) error = NULL;

  hl_restore_settings_init (&settings);
  g_assert_true (hl_setting_parse (hl_setting_find ("deblur-method"), "tv", &settings, NULL));
  g_assert_cmpint (settings.deblur_method, ==, HL_DEBLUR_TV);
  g_assert_true (hl_setting_parse (hl_setting_find ("method"), "untrained", &settings, NULL));
  g_assert_cmpint (settings.method, ==, HL_METHOD_UNTRAINED);
  g_assert_false (hl_setting_parse (hl_setting_find ("method"), "1", &settings, &error));
  g_assert_cmpstr (error->message, ==, "--method must be one of auto, prior, deep, untrained.");
  g_clear_error (&error);
  settings.deblur_method = 7;
  g_assert_false (hl_restore_settings_check (&settings, &error));
  g_assert_nonnull (strstr (error->message, "How to sharpen"));
}

/* A level that somebody names is used, and "auto" measures it again; what is measured is not
 * checked. */
static void
test_automatic (void)
{
  const HlSetting  *level = hl_setting_find ("noise-level");
  HlRestoreSettings settings;
  g_autoptr (GError) error = NULL;

  hl_restore_settings_init (&settings);
  g_assert_true (hl_setting_parse (level, "2.5", &settings, NULL));
  g_assert_false (settings.auto_noise);
  g_assert_cmpfloat_with_epsilon (settings.noise_level, 0.025, 1e-9);
  settings.noise_level = NAN;
  g_assert_false (hl_restore_settings_check (&settings, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
  g_assert_true (hl_setting_parse (level, "auto", &settings, NULL));
  g_assert_true (settings.auto_noise);
  g_assert_true (hl_restore_settings_check (&settings, NULL));
}

static void
test_blur (void)
{
  HlRestoreSettings settings;
  g_autoptr (GError) error = NULL;

  hl_restore_settings_init (&settings);
  settings.deblur = HL_DEBLUR_KNOWN;
  g_assert_false (hl_restore_settings_check (&settings, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
}

/* What a row refers to is there. */
static void
test_needs (void)
{
  for (guint i = 0; hl_setting_get (i); i++)
    {
      const HlSetting *setting = hl_setting_get (i);
      const HlSetting *needed;

      g_assert_true (hl_setting_find (setting->key) == setting);
      if (!setting->needs)
        continue;
      needed = hl_setting_find (setting->needs);
      g_assert_nonnull (needed);
      for (const HlSettingChoice *choice = needed->choices; choice && choice->key; choice++)
        if (choice->value == HL_BLUR_NONE && g_str_equal (needed->key, "deblur"))
          g_assert_false (hl_setting_matters (setting, choice->key));
    }
  g_assert_true (hl_setting_matters (hl_setting_find ("blur-angle"), "motion"));
  g_assert_false (hl_setting_matters (hl_setting_find ("blur-angle"), "disk"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/ranges", test_ranges);
  g_test_add_func ("/settings/places", test_places);
  g_test_add_func ("/settings/choices", test_choices);
  g_test_add_func ("/settings/automatic", test_automatic);
  g_test_add_func ("/settings/blur", test_blur);
  g_test_add_func ("/settings/needs", test_needs);
  return g_test_run ();
}

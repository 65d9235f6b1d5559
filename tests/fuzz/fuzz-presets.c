/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of presets, whatever they hold: either a clear message, and then the file stays as it is,
 * or presets that can be listed, applied, saved and deleted. Settings that a preset leaves behind
 * are always such as the procedure allows. The settings are those of the real procedure, which
 * GIMP's library makes without GIMP. */
#include "input.h"

#include "gimp/arguments.h"
#include "gimp/presets.h"
#include "gimp/settings.h"

#define FUZZ_TYPE_PLUG_IN (fuzz_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (FuzzPlugIn, fuzz_plug_in, FUZZ, PLUG_IN, GimpPlugIn)

struct _FuzzPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (FuzzPlugIn, fuzz_plug_in, GIMP_TYPE_PLUG_IN)

static void
fuzz_plug_in_class_init (FuzzPlugInClass *klass)
{
}

static void
fuzz_plug_in_init (FuzzPlugIn *plug_in)
{
}

static GimpValueArray *
run_nothing (GimpProcedure *procedure, GimpProcedureConfig *config, gpointer run_data)
{
  return NULL;
}

/* The settings; made once, as GIMP does for each call. */
static GObject *
get_config (void)
{
  static GObject *config;

  if (!config)
    {
      GIOChannel    *nowhere   = g_io_channel_new_file ("/dev/null", "r+", NULL);
      GimpPlugIn    *plug_in   = g_object_new (FUZZ_TYPE_PLUG_IN, "read-channel", nowhere,
                                               "write-channel", nowhere, NULL);
      GimpProcedure *procedure = gimp_procedure_new (plug_in, "fuzz", GIMP_PDB_PROC_TYPE_PLUGIN,
                                                     run_nothing, NULL, NULL);

      hl_arguments_add (procedure);
      config = G_OBJECT (gimp_procedure_create_config (procedure));
      /* What GLib complains about is a finding. */
      g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
    }
  return config;
}

/* A message that can be shown and says where to look. */
static void
check_message (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, get_temporary ()));
}

/* Each setting holds what it would accept. */
static void
check_config (GObject *config)
{
  for (guint i = 0; hl_settings_get (i); i++)
    {
      const char      *property = hl_settings_get (i)->property;
      g_autofree char *text     = hl_settings_get_text (config, property);
      g_autofree char *again    = NULL;

      g_assert_true (hl_settings_set_text (config, property, text));
      again = hl_settings_get_text (config, property);
      g_assert_cmpstr (text, ==, again);
    }
}

static void
check_file (const guint8 *data, gsize size)
{
  g_autofree char *now = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents (get_temporary (), &now, &length, NULL));
  g_assert_cmpmem (now, length, data, size);
}

/* One of ours, which are always the same, and all that the file holds. */
static void
apply_all (HlPresets *presets, GObject *config)
{
  for (guint n = 0; hl_presets_get_name (presets, n); n++)
    if (n == 0 || hl_presets_is_personal (presets, n))
      {
        g_autoptr (GError) error = NULL;
        gboolean is_good         = hl_presets_apply (presets, n, config, &error);

        g_assert_true (g_utf8_validate (hl_presets_get_name (presets, n), -1, NULL));
        g_assert_true (is_good == (error == NULL));
        if (!is_good)
          check_message (error);
        check_config (config);
      }
}

static gboolean
has_personal (HlPresets *presets)
{
  guint n = 0;

  while (hl_presets_get_name (presets, n))
    n++;
  return hl_presets_is_personal (presets, n - 1);
}

/* What was saved is there when the file is read anew. */
static void
save_and_remove (HlPresets *presets, GObject *config)
{
  g_autoptr (HlPresets) anew = hl_presets_new (get_temporary ());
  g_autoptr (GError) error   = NULL;
  guint found                = 0;

  hl_settings_set_text (config, "mask-grow", "7");
  g_assert_true (hl_presets_save (presets, "Grandma's [album]", config, &error));
  g_assert_true (hl_presets_load (anew, &error));
  for (guint i = 0; hl_presets_get_name (anew, i); i++)
    if (hl_presets_is_personal (anew, i)
        && g_str_equal (hl_presets_get_name (anew, i), "Grandma's [album]"))
      found = i;
  g_assert_cmpuint (found, >, 0);
  hl_settings_set_text (config, "mask-grow", "1");
  g_assert_true (hl_presets_apply (anew, found, config, &error));
  {
    g_autofree char *text = hl_settings_get_text (config, "mask-grow");

    g_assert_cmpstr (text, ==, "7");
  }
  g_assert_true (hl_presets_remove (anew, found, &error));
}

static void
write_file (const guint8 *data, gsize size)
{
  g_assert_true (g_file_set_contents_full (get_temporary (), (const char *) data, size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* The file came to hold @data, which is damaged, after presets had been read from it. */
static void
remove_later (const guint8 *data, gsize size)
{
  static const char good[]      = "[preset-1]\nname=Album\n";
  g_autoptr (HlPresets) presets = hl_presets_new (get_temporary ());
  g_autoptr (GError) error      = NULL;
  guint n                       = 0;

  write_file ((const guint8 *) good, strlen (good));
  g_assert_true (hl_presets_load (presets, &error));
  write_file (data, size);
  while (!hl_presets_is_personal (presets, n))
    n++;
  g_assert_false (hl_presets_remove (presets, n, &error));
  check_message (error);
  check_file (data, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  GObject    *config            = get_config ();
  const char *path              = get_temporary ();
  g_autoptr (HlPresets) presets = hl_presets_new (path);
  g_autoptr (GError) error      = NULL;

  write_file (data, size);
  if (hl_presets_load (presets, &error))
    {
      apply_all (presets, config);
      check_file (data, size);
      save_and_remove (presets, config);
      return 0;
    }
  check_message (error);
  g_clear_error (&error);
  apply_all (presets, config);
  g_assert_false (has_personal (presets));
  g_assert_false (hl_presets_save (presets, "Mine", config, &error));
  check_message (error);
  check_file (data, size);
  remove_later (data, size);
  return 0;
}

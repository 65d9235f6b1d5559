/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plug-in as GIMP sees it: its procedure, what that takes and gives, and the order in
 * which a call runs: target -> snapshot -> settings -> worker -> new layer. */

#include <libgimp/gimp.h>

#include <glib/gi18n-lib.h>

#include "gimp/arguments.h"
#include "gimp/dialog.h"
#include "gimp/procedure.h"
#include "gimp/result.h"
#include "gimp/select.h"
#include "gimp/target.h"

#define RESTORE_PROCEDURE "plug-in-heirloom-restore"
#define MEND_PROCEDURE "plug-in-heirloom-mend"

#define HL_TYPE_PLUG_IN (hl_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (HlPlugIn, hl_plug_in, HL, PLUG_IN, GimpPlugIn)

struct _HlPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (HlPlugIn, hl_plug_in, GIMP_TYPE_PLUG_IN)

GIMP_MAIN (HL_TYPE_PLUG_IN)

static void
update_gimp_progress (HlRun *run, gpointer user_data)
{
  HlRunProgress progress;

  hl_run_get_progress (run, &progress);
  gimp_progress_update (progress.fraction);
}

/* Runs the engine in the progress bar of whoever called. */
static HlTaskResult *
run_engine (const HlSnapshot *snapshot, GimpProcedureConfig *config, GError **error)
{
  HlTask task                 = { .image    = snapshot->planes,
                                  .mask     = snapshot->mask,
                                  .selected = snapshot->n_selected > 0,
                                  .evidence = snapshot->evidence };
  g_autoptr (HlWorker) worker = NULL;
  HlTaskResult *result;

  if (!hl_arguments_read (config, &task, error))
    return NULL;
  worker = hl_worker_new (&task, NULL, FALSE);
  gimp_progress_init (_ ("Restoring the photograph"));
  result = hl_worker_run (worker, update_gimp_progress, NULL, error);
  gimp_progress_end ();
  return result;
}

static GimpLayer *
apply (HlSnapshot *snapshot, const HlTaskResult *result, GimpProcedureConfig *config,
       GError **error)
{
  g_autofree char *record = hl_arguments_get_record (G_OBJECT (config), &result->report);
  gboolean         is_two;

  g_object_get (config, "colour-layer", &is_two, NULL);
  is_two = is_two && result->mended;
  return hl_result_apply (snapshot, is_two ? result->mended : result->image,
                          is_two ? result->image : NULL, result->mask,
                          hl_arguments_get_output (config), record, error);
}

static GimpLayer *
restore_without_window (GimpImage *image, GimpLayer *source, GimpProcedureConfig *config,
                        GError **error)
{
  HlSnapshotPart part             = hl_arguments_get_part (G_OBJECT (config), image);
  g_autoptr (HlSnapshot) snapshot = hl_snapshot_new (image, source, part, error);
  g_autoptr (HlTaskResult) result = NULL;

  if (!snapshot || !hl_snapshot_read (snapshot, error))
    return NULL;
  result = run_engine (snapshot, config, error);
  return result ? apply (snapshot, result, config, error) : NULL;
}

static GimpLayer *
restore_in_window (GimpProcedure *procedure, GimpImage *image, GimpLayer *source,
                   GimpProcedureConfig *config, GError **error)
{
  g_autoptr (HlDialog) dialog = hl_dialog_new (procedure, config, image, source);
  HlLive    *live             = hl_dialog_get_live (dialog);
  GimpLayer *layer;

  if (!hl_dialog_run (dialog, error))
    return NULL;
  layer = apply (hl_live_get_snapshot (live), hl_live_get_result (live), config, error);
  /* GIMP keeps the settings for the next photograph, in which these points mean nothing. */
  g_object_set (config, "colour-gray", "", NULL);
  return layer;
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer run_data)
{
  GError         *error  = NULL;
  GimpLayer      *source = NULL, *layer = NULL;
  GimpValueArray *values;

  if (hl_procedure_begin (run_mode, &error))
    source = hl_target_find (image, drawables, &error);
  if (source && run_mode == GIMP_RUN_INTERACTIVE)
    layer = restore_in_window (procedure, image, source, config, &error);
  else if (source)
    layer = restore_without_window (image, source, config, &error);
  values = hl_procedure_end (procedure, layer != NULL, error);
  if (layer)
    GIMP_VALUES_SET_LAYER (values, 1, layer);
  return values;
}

static GimpProcedure *
create_restore (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = hl_procedure_new (
      plug_in, RESTORE_PROCEDURE, run, _ ("Restore _Old Photo…"),
      _ ("Mend scratches, stains and missing parts of an old photograph"),
      _ ("Paints the damage anew from what the rest of the photograph shows, on a new layer above "
         "it: what is selected, or, where nothing is, the damage that it finds. Edges are "
         "continued across the damage, then a network that was trained on drawn shapes, or one "
         "that learns from this photograph alone, works out the rest. Everything outside the "
         "damage keeps its exact values."));

  hl_arguments_add (procedure);
  return procedure;
}

/* The settings with which a person last restored something, but for what works on all of the layer
 * or takes long, and for the layer: many small repairs are one. */
static GimpProcedureConfig *
get_mend_config (GimpPlugIn *plug_in)
{
  g_autoptr (GimpProcedure) restore = create_restore (plug_in);
  GimpProcedureConfig *config       = gimp_procedure_create_config (restore);
  /* Where GIMP keeps them; the first half is the name of its class. */
  g_autoptr (GFile) file = gimp_directory_file (
      "plug-in-settings", "GimpProcedureConfigRun-" RESTORE_PROCEDURE ".last", NULL);

  /* There is none before the first time, and one of another version may hold what is not known. */
  if (g_file_query_exists (file, NULL))
    gimp_config_deserialize_file (GIMP_CONFIG (config), file, NULL, NULL);
  if (gimp_procedure_config_get_choice_id (config, "method") > HL_METHOD_PRIOR)
    g_object_set (config, "method", "auto", NULL);
  g_object_set (config, "denoise", FALSE, "deblur", "none", "colour", "none", "output", "add",
                NULL);
  return config;
}

/* Mends what is selected and asks nothing, whatever the run mode. */
static GimpValueArray *
run_mend (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image,
          GimpDrawable **drawables, GimpProcedureConfig *unused, gpointer run_data)
{
  GError    *error  = NULL;
  GimpLayer *source = NULL, *layer = NULL;
  g_autoptr (GimpProcedureConfig) config = NULL;
  GimpValueArray *values;

  if (hl_procedure_begin (GIMP_RUN_NONINTERACTIVE, &error))
    source = hl_target_find (image, drawables, &error);
  if (source)
    {
      config = get_mend_config (gimp_procedure_get_plug_in (procedure));
      /* Nothing selected is a mistake here, and not a wish for all of the photograph. */
      if (gimp_selection_is_empty (image))
        g_object_set (config, "find", "off", NULL);
      layer = restore_without_window (image, source, config, &error);
    }
  values = hl_procedure_end (procedure, layer != NULL, error);
  if (layer)
    GIMP_VALUES_SET_LAYER (values, 1, layer);
  return values;
}

static GimpProcedure *
hl_plug_in_create_procedure (GimpPlugIn *plug_in, const char *name)
{
  GimpProcedure *procedure;

  if (g_str_equal (name, HL_SELECT_PROCEDURE))
    return hl_select_create_procedure (plug_in);
  if (g_str_equal (name, MEND_PROCEDURE))
    procedure = hl_procedure_new (
        plug_in, name, run_mend, _ ("Mend Selec_tion"),
        _ ("Mend what is selected at once, with the last settings"),
        _ ("Mends the selection as Restore Old Photo does, with the settings that it was last used "
           "with, and asks nothing. The first time the result is a new layer; then what is "
           "selected on that one is added to it. Give it a key in the keyboard shortcuts, to mend "
           "one place after the other."));
  else
    procedure = create_restore (plug_in);
  gimp_procedure_add_layer_return_value (
      procedure, "new-layer", _ ("New layer"),
      _ ("The restored layer, above the original. Where the colours "
         "have a layer of their own, that one."),
      FALSE, G_PARAM_READWRITE);
  return procedure;
}

static GList *
hl_plug_in_query_procedures (GimpPlugIn *plug_in)
{
  GList           *names   = g_list_append (NULL, g_strdup (RESTORE_PROCEDURE));
  g_autofree char *folder  = g_path_get_dirname (gimp_get_progname ());
  g_autoptr (GFile) manual = g_file_new_build_filename (folder, "help", NULL);

  gimp_plug_in_set_help_domain (plug_in, "heirloom", manual);
  names = g_list_append (names, g_strdup (MEND_PROCEDURE));
  return g_list_append (names, g_strdup (HL_SELECT_PROCEDURE));
}

static gboolean
hl_plug_in_set_i18n (GimpPlugIn *plug_in, const char *procedure_name, char **gettext_domain,
                     char **catalog_dir)
{
  *gettext_domain = g_strdup (GETTEXT_PACKAGE);
  *catalog_dir    = g_strdup ("locale");
  return TRUE;
}

static void
hl_plug_in_class_init (HlPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = hl_plug_in_query_procedures;
  plug_in_class->create_procedure = hl_plug_in_create_procedure;
  plug_in_class->set_i18n         = hl_plug_in_set_i18n;
}

static void
hl_plug_in_init (HlPlugIn *plug_in)
{
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plug-in as GIMP sees it: its procedure, what that takes and gives, and the order in
 * which a call runs: target -> settings -> patch -> worker -> new layer. */

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <glib/gi18n-lib.h>

#include "gimp/arguments.h"
#include "gimp/dialog.h"
#include "restore/error.h"
#include "gimp/result.h"
#include "gimp/select.h"
#include "gimp/target.h"

#define PROCEDURE "plug-in-heirloom-restore"

#define HL_TYPE_PLUG_IN (hl_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (HlPlugIn, hl_plug_in, HL, PLUG_IN, GimpPlugIn)

struct _HlPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (HlPlugIn, hl_plug_in, GIMP_TYPE_PLUG_IN)

GIMP_MAIN (HL_TYPE_PLUG_IN)

static void
update_gimp_progress (HlWorker *worker, gpointer user_data)
{
  HlWorkerProgress progress;

  hl_worker_get_progress (worker, &progress);
  gimp_progress_update (progress.fraction);
}

/* Runs the engine in the progress bar of whoever called. */
static HlTaskResult *
run_engine (const HlArea *patch, GimpProcedureConfig *config, GError **error)
{
  HlTask task = { .image = patch->image, .mask = patch->mask, .evidence = patch->evidence };
  g_autoptr (HlWorker) worker = NULL;
  HlTaskResult *result;

  if (!hl_arguments_read (config, &task, error))
    return NULL;
  worker = hl_worker_new (&task, NULL);
  gimp_progress_init (_ ("Restoring the photograph"));
  result = hl_worker_run (worker, update_gimp_progress, NULL, error);
  gimp_progress_end ();
  return result;
}

static GimpLayer *
apply (HlArea *patch, const HlTaskResult *result, GimpProcedureConfig *config, GError **error)
{
  g_autofree char *record = hl_arguments_get_record (G_OBJECT (config), &result->report);

  return hl_patch_apply (patch, result->image, result->mask, hl_arguments_get_output (config),
                         record, error);
}

static GimpLayer *
restore_without_window (GimpImage *image, GimpLayer *source, GimpProcedureConfig *config,
                        GError **error)
{
  g_autoptr (HlArea) patch        = NULL;
  g_autoptr (HlTaskResult) result = NULL;

  patch = hl_patch_new (image, source, hl_arguments_is_whole (G_OBJECT (config)), error);
  if (!patch || !hl_patch_read (patch, G_MAXINT64, error))
    return NULL;
  result = run_engine (patch, config, error);
  return result ? apply (patch, result, config, error) : NULL;
}

/* @is_accepted: whether the settings are those of last time, and are not asked for. */
static GimpLayer *
restore_in_window (GimpProcedure *procedure, GimpImage *image, GimpLayer *source,
                   GimpProcedureConfig *config, gboolean is_accepted, GError **error)
{
  g_autoptr (HlDialog) dialog = NULL;
  HlLive *live;

  gimp_ui_init ("heirloom");
  dialog = hl_dialog_new (procedure, config, image, source);
  live   = hl_dialog_get_live (dialog);
  if (!hl_dialog_run (dialog, is_accepted, error))
    return NULL;
  return apply (hl_live_get_patch (live), hl_live_get_result (live), config, error);
}

/* One whole call. Returns the new layer, or NULL with @error. */
static GimpLayer *
restore (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
         GimpProcedureConfig *config, GError **error)
{
  GimpLayer *source = hl_target_find (image, drawables, error);
  /* gimp_ui_init() ends the process where there is no display, so GTK is asked first. */
  gboolean has_display = run_mode != GIMP_RUN_NONINTERACTIVE && gtk_init_check (NULL, NULL);

  if (!source)
    return NULL;
  if (has_display)
    return restore_in_window (procedure, image, source, config, run_mode == GIMP_RUN_WITH_LAST_VALS,
                              error);
  if (run_mode != GIMP_RUN_INTERACTIVE)
    return restore_without_window (image, source, config, error);
  g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                       _ ("There is no display to ask for settings on. Start GIMP on a "
                          "desktop, or call the procedure with run-mode "
                          "RUN-NONINTERACTIVE."));
  return NULL;
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer run_data)
{
  GError         *error = NULL;
  GimpValueArray *values;
  GimpLayer      *layer;

  gegl_init (NULL, NULL);
  layer = restore (procedure, run_mode, image, drawables, config, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
    }
  if (!layer)
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_LAYER (values, 1, layer);
  return values;
}

static GimpProcedure *
hl_plug_in_create_procedure (GimpPlugIn *plug_in, const char *name)
{
  GimpProcedure *procedure;

  if (g_str_equal (name, HL_SELECT_PROCEDURE))
    return hl_select_create_procedure (plug_in);
  procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
  gimp_procedure_set_menu_label (procedure, _ ("Restore _Old Photo…"));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Enhance");
  gimp_procedure_set_documentation (
      procedure, _ ("Mend scratches, stains and missing parts of an old photograph"),
      _ ("Paints the selected, damaged area anew from what the rest of the photograph shows, "
         "on a new layer above it. Edges are carried on across the damage, then a network that was "
         "trained on drawn shapes, or one that learns from this photograph alone, works out the "
         "rest. Everything outside the selection keeps its exact values."),
      PROCEDURE);
  gimp_procedure_set_attribution (procedure, "Heirloom", "Heirloom, GPL-3.0-or-later", "2026");
  hl_arguments_add (procedure);
  gimp_procedure_add_layer_return_value (procedure, "new-layer", _ ("New layer"),
                                         _ ("The restored layer, above the original."), FALSE,
                                         G_PARAM_READWRITE);
  return procedure;
}

static GList *
hl_plug_in_query_procedures (GimpPlugIn *plug_in)
{
  GList           *names   = g_list_append (NULL, g_strdup (PROCEDURE));
  g_autofree char *folder  = g_path_get_dirname (gimp_get_progname ());
  g_autoptr (GFile) manual = g_file_new_build_filename (folder, "help", NULL);

  gimp_plug_in_set_help_domain (plug_in, "heirloom", manual);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters > Enhance > Select Dust and Scratches: a proposal for a selection, which the
 * person corrects with GIMP's own tools before restoring. No pixel of the picture is ever
 * changed, and the selection only at the very end, in one undo step. */

#include "gimp/select.h"

#include <libgimp/gimpui.h>

#include <glib/gi18n-lib.h>

#include "gimp/proposal.h"
#include "restore/find/finder.h"
#include "restore/error.h"
#include "gimp/select_window.h"
#include "gimp/target.h"

typedef enum
{
  REPLACE,
  ADD,
} Operation;

static void
update_gimp_progress (HlProposal *proposal, gpointer user_data)
{
  gimp_progress_update (hl_proposal_get_fraction (proposal));
}

static gboolean
propose (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
         GimpProcedureConfig *config, GError **error)
{
  GimpLayer *layer                = hl_target_find (image, drawables, error);
  g_autoptr (HlProposal) proposal = NULL;
  double   sensitivity;
  int      size;
  gboolean is_done;

  if (!layer)
    return FALSE;
  if (run_mode == GIMP_RUN_INTERACTIVE && !gtk_init_check (NULL, NULL))
    {
      g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                           _ ("There is no display to ask for settings on. Start GIMP on a "
                              "desktop, or call the procedure with run-mode "
                              "RUN-NONINTERACTIVE."));
      return FALSE;
    }
  proposal = hl_proposal_new (layer, error);
  if (!proposal)
    return FALSE;
  if (run_mode == GIMP_RUN_INTERACTIVE)
    {
      gimp_ui_init ("heirloom");
      if (!hl_select_window_run (procedure, config, GIMP_DRAWABLE (layer), proposal))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
          return FALSE;
        }
    }

  g_object_get (config, "sensitivity", &sensitivity, "size", &size, NULL);
  gimp_progress_init (_ ("Looking for damage"));
  hl_proposal_set_listener (proposal, update_gimp_progress, NULL);
  is_done = hl_proposal_find (proposal, sensitivity, size, error);
  gimp_progress_end ();
  return is_done
         && hl_proposal_select (proposal, image,
                                gimp_procedure_config_get_choice_id (config, "operation") == ADD,
                                error);
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer run_data)
{
  GError *error = NULL;

  gegl_init (NULL, NULL);
  if (propose (procedure, run_mode, image, drawables, config, &error))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);
  g_clear_error (&error);
  return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
}

/**
 * hl_select_create_procedure:
 * @plug_in: the plug-in
 *
 * Makes the procedure %HL_SELECT_PROCEDURE.
 *
 * Returns: (transfer full): the procedure
 */
GimpProcedure *
hl_select_create_procedure (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (plug_in, HL_SELECT_PROCEDURE,
                                                       GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);

  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
  gimp_procedure_set_menu_label (procedure, _ ("Select _Dust and Scratches…"));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Enhance");
  gimp_procedure_set_documentation (
      procedure, _ ("Select scratches, hairs and dust of an old photograph"),
      _ ("Proposes a selection of what looks like scratches, hairs and dust. Correct it with "
         "the selection tools or the Quick Mask, then restore the selected part. The picture "
         "itself is not changed."),
      HL_SELECT_PROCEDURE);
  gimp_procedure_set_attribution (procedure, "Heirloom", "Heirloom, GPL-3.0-or-later", "2026");
  gimp_procedure_add_double_argument (
      procedure, "sensitivity", _ ("S_ensitivity"),
      _ ("How much is selected. Lower it where parts of the picture are selected, such as "
         "buttons or letters; raise it where faint scratches are missed."),
      0.0, 100.0, HL_DETECT_SENSITIVITY, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
      procedure, "size", _ ("Largest _width (pixels)"),
      _ ("The width of the widest scratch or speck. Whatever is wider belongs to the picture."), 1,
      HL_DETECT_LARGEST_SIZE, HL_DETECT_SIZE, G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
      procedure, "operation", _ ("Old selectio_n"),
      _ ("What becomes of the parts that are selected already."),
      gimp_choice_new_with_values ("replace", REPLACE, _ ("Replace it"), NULL, "add", ADD,
                                   _ ("Add to it"), NULL, NULL),
      "replace", G_PARAM_READWRITE);
  return procedure;
}

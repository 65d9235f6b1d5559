/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both procedures share: how they are registered, and how a call begins and ends. */

#include "gimp/procedure.h"

#include <libgimp/gimpui.h>

#include <glib/gi18n-lib.h>

#include "restore/error.h"

/**
 * hl_procedure_new:
 * @plug_in: the plug-in
 * @name: of the procedure
 * @run: what it does
 * @menu_label: in the menu, translated
 * @blurb: what it does in a line, translated
 * @help: the same in a few, translated
 *
 * Makes a procedure that works on one RGB or gray layer.
 *
 * Returns: (transfer full): the procedure, without arguments of its own
 */
GimpProcedure *
hl_procedure_new (GimpPlugIn *plug_in, const char *name, GimpRunImageFunc run,
                  const char *menu_label, const char *blurb, const char *help)
{
  GimpProcedure *procedure
      = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);

  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
  gimp_procedure_set_menu_label (procedure, menu_label);
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Enhance");
  gimp_procedure_set_documentation (procedure, blurb, help, name);
  gimp_procedure_set_attribution (procedure, "Heirloom", "Heirloom, GPL-3.0-or-later", "2026");
  return procedure;
}

/**
 * hl_procedure_begin:
 * @run_mode: of the call
 * @error: return location for a #GError
 *
 * Prepares a call: for windows too where @run_mode is %GIMP_RUN_INTERACTIVE. With the last values
 * nobody is to be asked anything, so that there is none either.
 *
 * Returns: whether it can go on; else %FALSE with %HL_ERROR_INPUT, as there is no display
 */
gboolean
hl_procedure_begin (GimpRunMode run_mode, GError **error)
{
  /* Without a window only GEGL's buffers are used, and none of its operations: to look through the
   * folder of these would take 50 ms, a tenth of what a small repair does. */
  if (run_mode != GIMP_RUN_INTERACTIVE)
    g_setenv ("GEGL_PATH", "", TRUE);
  gegl_init (NULL, NULL);
  if (run_mode != GIMP_RUN_INTERACTIVE)
    return TRUE;
  /* gimp_ui_init() ends the process where there is no display, so GTK is asked first. */
  if (gtk_init_check (NULL, NULL))
    {
      gimp_ui_init ("heirloom");
      return TRUE;
    }
  g_set_error_literal (error, HL_ERROR, HL_ERROR_INPUT,
                       _ ("There is no display to ask for settings on. Start GIMP on a "
                          "desktop, or call the procedure with run-mode "
                          "RUN-NONINTERACTIVE."));
  return FALSE;
}

/**
 * hl_procedure_end:
 * @procedure: the procedure that was called
 * @is_done: whether it did what it was to do
 * @error: (transfer full) (nullable): why not
 *
 * Returns: (transfer full): what it returns to GIMP
 */
GimpValueArray *
hl_procedure_end (GimpProcedure *procedure, gboolean is_done, GError *error)
{
  if (is_done)
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);
  g_error_free (error);
  return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
}

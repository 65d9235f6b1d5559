/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters > Enhance > Select Dust and Scratches: a proposal for a selection, which the
 * person corrects with GIMP's own tools before restoring. No pixel of the picture is ever
 * changed, and the selection only at the very end, in one undo step. */

#include "gimp/select.h"

#include <glib/gi18n-lib.h>

#include "gimp/procedure.h"
#include "gimp/select_window.h"
#include "gimp/target.h"
#include "restore/error.h"
#include "restore/find/find.h"

/* How often GIMP's progress bar is moved, milliseconds. */
#define TICK 100

/* One row of the selection to be: what was found there, or the larger of that and @row, which is
 * the old selection. */
static void
mix_row (const guint8 *found, const GeglRectangle *area, int y, int width, gboolean add, float *row)
{
  int j = y - area->y;

  for (int x = 0; x < width; x++)
    {
      int   i     = x - area->x;
      float value = 0.0f;

      if (i >= 0 && i < area->width && j >= 0 && j < area->height)
        value = found[(gsize) j * area->width + i] / 255.0f;
      row[x] = add ? MAX (value, row[x]) : value;
    }
}

/* Sets the selection of the picture, in one step of undo. @found is (H, W) of the layer. */
static gboolean
set_selection (const HlSnapshot *snapshot, const guint8 *found, gboolean add, GError **error)
{
  GimpImage    *image           = snapshot->image;
  GimpDrawable *selection       = GIMP_DRAWABLE (gimp_image_get_selection (image));
  g_autoptr (GeglBuffer) before = gimp_drawable_get_buffer (selection);
  g_autoptr (GeglBuffer) after  = gimp_drawable_get_shadow_buffer (selection);
  int width = gimp_image_get_width (image), height = gimp_image_get_height (image);
  /* A selection is a share, and has no gamma. */
  const Babl         *format = babl_format ("Y float");
  g_autofree float   *row    = g_new (float, width);
  const GeglRectangle area
      = { snapshot->x, snapshot->y, snapshot->area.width, snapshot->area.height };
  gboolean done;

  for (int y = 0; y < height; y++)
    {
      GeglRectangle line = { 0, y, width, 1 };

      gegl_buffer_get (before, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      mix_row (found, &area, y, width, add, row);
      gegl_buffer_set (after, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (after);
  done = gimp_drawable_merge_shadow (selection, TRUE)
         && gimp_drawable_update (selection, 0, 0, width, height);
  gimp_displays_flush ();
  return done || hl_error_refuse (error, "%s", gimp_pdb_get_last_error (gimp_get_pdb ()));
}

static gboolean
on_tick (gpointer user_data)
{
  gimp_progress_update (hl_proposal_get_fraction (user_data));
  return G_SOURCE_CONTINUE;
}

/* Looks for damage until it is found, in GIMP's own progress bar. */
static gboolean
find (HlProposal *proposal, GimpProcedureConfig *config, GError **error)
{
  double sensitivity;
  int    size;
  guint  tick;

  g_object_get (config, "sensitivity", &sensitivity, "size", &size, NULL);
  gimp_progress_init (_ ("Looking for damage"));
  tick = g_timeout_add (TICK, on_tick, proposal);
  hl_proposal_start (proposal, sensitivity, size,
                     gimp_procedure_config_get_choice_id (config, "operation") == HL_SELECT_WITHIN);
  while (hl_proposal_is_running (proposal))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  gimp_progress_end ();
  if (hl_proposal_get_error (proposal))
    g_propagate_error (error, g_error_copy (hl_proposal_get_error (proposal)));
  else if (hl_proposal_get_count (proposal) == 0)
    return hl_error_refuse (
        error, "%s",
        _ ("Nothing was found that looks like damage. Raise the sensitivity, or "
           "select roughly where the damage is and look again."));
  return hl_proposal_get_found (proposal) != NULL;
}

/* One whole call. */
static gboolean
propose (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
         GimpProcedureConfig *config, GError **error)
{
  GimpLayer *layer                = NULL;
  g_autoptr (HlSnapshot) snapshot = NULL;
  g_autoptr (HlProposal) proposal = NULL;

  if (hl_procedure_begin (run_mode, error))
    layer = hl_target_find (image, drawables, error);
  if (layer)
    snapshot = hl_snapshot_new (image, layer, HL_SNAPSHOT_LAYER, error);
  if (!snapshot)
    return FALSE;
  if (run_mode == GIMP_RUN_INTERACTIVE)
    proposal = hl_select_window_run (procedure, config, snapshot, error);
  else if (hl_snapshot_read (snapshot, error))
    proposal = hl_proposal_new (snapshot->planes, snapshot->evidence, snapshot->mask);
  return proposal && find (proposal, config, error)
         && set_selection (
             snapshot, hl_proposal_get_found (proposal),
             gimp_procedure_config_get_choice_id (config, "operation") == HL_SELECT_ADD, error);
}

static GimpValueArray *
run (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
     GimpProcedureConfig *config, gpointer run_data)
{
  GError  *error   = NULL;
  gboolean is_done = propose (procedure, run_mode, image, drawables, config, &error);

  return hl_procedure_end (procedure, is_done, error);
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
  GimpProcedure *procedure = hl_procedure_new (
      plug_in, HL_SELECT_PROCEDURE, run, _ ("Select _Dust and Scratches…"),
      _ ("Select scratches, cracks, dust and other damage of an old photograph"),
      _ ("Proposes a selection of what looks like scratches, cracks, flakes, hairs and dust; only "
         "within the selection, where there is one. Correct it with the selection tools or the "
         "Quick Mask, then restore the selected part. The picture itself is not changed."));

  gimp_procedure_add_double_argument (
      procedure, "sensitivity", _ ("S_ensitivity"),
      _ ("How much is selected. Lower it where parts of the picture are selected, such as "
         "buttons or letters; raise it where damage is missed."),
      0.0, 100.0, HL_FIND_SENSITIVITY, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
      procedure, "size", _ ("Largest _width (pixels)"),
      _ ("The width of the widest damage that is selected; at its largest there is no limit."), 1,
      HL_FIND_ANY_WIDTH, HL_FIND_ANY_WIDTH, G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
      procedure, "operation", _ ("Old selectio_n"),
      _ ("What becomes of the parts that are selected already. Select damage roughly, and only "
         "there it is looked for, more closely."),
      gimp_choice_new_with_values ("within", HL_SELECT_WITHIN, _ ("Look only within it"), NULL,
                                   "replace", HL_SELECT_REPLACE, _ ("Replace it"), NULL, "add",
                                   HL_SELECT_ADD, _ ("Add to it"), NULL, NULL),
      "within", G_PARAM_READWRITE);
  return procedure;
}

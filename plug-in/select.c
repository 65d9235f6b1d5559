/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters > Enhance > Select Dust and Scratches: a proposal for a selection, which the
 * person corrects with GIMP's own tools before restoring. No pixel of the picture is ever
 * changed.
 *
 * While the dialog is open, the selection itself shows the proposal. All of that is one
 * undo step, which GIMP also closes for a plug-in that is killed; Cancel puts the old
 * selection back. The engine runs in a thread, one run at a time: a setting that changes meanwhile
 * makes it run once more. */

#include "select.h"

#include <math.h>

#include <libgimp/gimpui.h>

#include <glib/gi18n-lib.h>

#include "dialog.h"
#include "restore/detect.h"
#include "restore/error.h"
#include "target.h"

/* How long a slider must rest before the outline follows it, milliseconds. */
#define REST 150

/* Widest line of an explanation, in characters. */
#define TEXT_WIDTH 52

typedef enum
{
  REPLACE,
  ADD,
} Operation;

typedef struct
{
  GimpImage           *image;
  GimpProcedureConfig *config;
  HlImage             *planes;        /* of the layer */
  guint8              *evidence;      /* of the layer */
  int                  x, y;          /* of the layer in the image */
  int                  width, height; /* of the image */
  float               *before;        /* (height, width) the selection as it was, 0..1 */
  float               *found;         /* of the layer, or NULL before the first run */
  double               sensitivity;   /* of @found, or of the run that is on its way */
  int                  size;
  guint                timeout;
  gboolean             is_running;
  gboolean             is_closed; /* the dialog */
  GMainLoop           *end;       /* of the last run, where it is waited for */
} Proposal;

static gboolean
read_selection (Proposal *self)
{
  g_autoptr (GeglBuffer) buffer
      = gimp_drawable_get_buffer (GIMP_DRAWABLE (gimp_image_get_selection (self->image)));

  self->before = g_try_new (float, (gsize) self->width * self->height);
  if (!self->before)
    return FALSE;
  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, self->width, self->height), 1.0,
                   babl_format ("Y float"), self->before, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return TRUE;
}

static gboolean
read_pixels (Proposal *self, GimpDrawable *layer, GError **error)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);
  int         channels          = gimp_drawable_is_gray (layer) ? 1 : 3;
  int         width = gimp_drawable_get_width (layer), height = gimp_drawable_get_height (layer);
  gsize       size = (gsize) width * height;
  const Babl *format
      = babl_format_with_space (channels == 1 ? "Y'A float" : "R'G'B'A float",
                                babl_format_get_space (gimp_drawable_get_format (layer)));
  g_autofree float *row = g_new (float, (gsize) width *(channels + 1));

  self->planes   = hl_image_new (channels, width, height, error);
  self->evidence = g_try_new (guint8, size);
  if (!self->planes)
    return FALSE;
  if (!self->evidence)
    {
      hl_error_set_memory (error, width, height);
      return FALSE;
    }
  for (int y = 0; y < height; y++)
    {
      gegl_buffer_get (buffer, GEGL_RECTANGLE (0, y, width, 1), 1.0, format, row,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (int x = 0; x < width; x++)
        {
          const float *pixel = row + (gsize) x * (channels + 1);
          gsize        at    = (gsize) y * width + x;

          self->evidence[at] = pixel[channels] > 0.0f;
          for (int c = 0; c < channels; c++)
            {
              self->planes->planes[c * size + at] = pixel[c];
              self->evidence[at]                  = self->evidence[at] && isfinite (pixel[c]);
            }
        }
    }
  return TRUE;
}

/* The old selection, or with what was found put in its place or added to it. */
static float
get_selected (const Proposal *self, gboolean with_found, Operation operation, int x, int y)
{
  float before = self->before[(gsize) y * self->width + x];
  int   i = x - self->x, j = y - self->y;
  float found = 0.0f;

  if (!with_found)
    return before;
  if (i >= 0 && i < self->planes->width && j >= 0 && j < self->planes->height)
    found = self->found[(gsize) j * self->planes->width + i];
  return operation == ADD ? MAX (found, before) : found;
}

/* Sets the selection of the image, in one step of undo. */
static void
show (const Proposal *self, gboolean with_found)
{
  GimpDrawable *selection       = GIMP_DRAWABLE (gimp_image_get_selection (self->image));
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_shadow_buffer (selection);
  g_autofree float *row         = g_new (float, self->width);
  Operation         operation   = gimp_procedure_config_get_choice_id (self->config, "operation");

  for (int y = 0; y < self->height; y++)
    {
      for (int x = 0; x < self->width; x++)
        row[x] = get_selected (self, with_found, operation, x, y);
      /* "Y float": a selection is a share, and has no gamma. */
      gegl_buffer_set (buffer, GEGL_RECTANGLE (0, y, self->width, 1), 0, babl_format ("Y float"),
                       row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (buffer);
  gimp_drawable_merge_shadow (selection, TRUE);
  gimp_drawable_update (selection, 0, 0, self->width, self->height);
  gimp_displays_flush ();
}

/* Whether @found belongs to other settings than those of the dialog. */
static gboolean
is_stale (Proposal *self)
{
  double sensitivity;
  int    size;

  g_object_get (self->config, "sensitivity", &sensitivity, "size", &size, NULL);
  return !self->found || sensitivity != self->sensitivity || size != self->size;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Proposal *self  = task_data;
  GError   *error = NULL;
  float    *found = hl_detect (self->planes, self->evidence, self->sensitivity, self->size, &error);

  if (found)
    g_task_return_pointer (task, found, g_free);
  else
    g_task_return_error (task, error);
}

static void on_found (GObject *source, GAsyncResult *result, gpointer user_data);

static void
start (Proposal *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_found, self);

  g_object_get (self->config, "sensitivity", &self->sensitivity, "size", &self->size, NULL);
  self->is_running = TRUE;
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Proposal *self  = user_data;
  float    *found = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_running = FALSE;
  g_free (self->found);
  self->found = found;
  if (self->end)
    g_main_loop_quit (self->end);
  /* Out of memory: the person sees no outline, and OK will say why. */
  if (self->is_closed || !found)
    return;
  if (is_stale (self))
    start (self);
  else
    show (self, TRUE);
}

static gboolean
on_rest (gpointer user_data)
{
  Proposal *self = user_data;

  self->timeout = 0;
  if (self->is_running)
    return G_SOURCE_REMOVE;
  if (is_stale (self))
    start (self);
  else
    show (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  Proposal *self = user_data;

  if (self->timeout)
    g_source_remove (self->timeout);
  self->timeout = g_timeout_add (REST, on_rest, self);
}

static void
fill_dialog (GimpProcedureDialog *dialog, GimpProcedureConfig *config)
{
  GtkWidget *intro = gimp_procedure_dialog_get_label (
      dialog, "intro",
      _ ("Scratches, hairs and dust are selected, so that you can look at them and correct the "
         "selection before you restore them. The picture itself is not changed."),
      FALSE, FALSE);

  gtk_label_set_line_wrap (GTK_LABEL (intro), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (intro), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (intro), 0.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "size", 1.0);
  gimp_procedure_dialog_fill (dialog, "intro", "sensitivity", "size", "operation", NULL);
  hl_dialog_set_accessible_name (dialog, config, "sensitivity");
  hl_dialog_set_accessible_name (dialog, config, "size");
  hl_dialog_set_accessible_name (dialog, config, "operation");
}

/* Asks for the settings while the selection follows them. */
static gboolean
run_dialog (Proposal *self, GimpProcedure *procedure)
{
  GtkWidget *dialog;
  gulong     handler;
  gboolean   is_ok;

  gimp_ui_init ("heirloom");
  dialog = gimp_procedure_dialog_new (procedure, self->config, _ ("Select Dust and Scratches"));
  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (dialog), _ ("Selec_t"));
  fill_dialog (GIMP_PROCEDURE_DIALOG (dialog), self->config);

  handler = g_signal_connect (self->config, "notify", G_CALLBACK (on_notify), self);
  start (self);
  is_ok           = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));
  self->is_closed = TRUE;
  g_signal_handler_disconnect (self->config, handler);
  if (self->timeout)
    g_source_remove (self->timeout);
  gtk_widget_destroy (dialog);
  if (self->is_running)
    {
      self->end = g_main_loop_new (NULL, FALSE);
      g_main_loop_run (self->end);
      g_clear_pointer (&self->end, g_main_loop_unref);
    }
  show (self, FALSE);
  return is_ok;
}

static void
proposal_clear (Proposal *self)
{
  hl_image_free (self->planes);
  g_free (self->evidence);
  g_free (self->before);
  g_free (self->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Proposal, proposal_clear)

/* From the person's wishes, or those of the call, to the selection. */
static gboolean
choose (Proposal *self, GimpProcedure *procedure, GimpRunMode run_mode, GError **error)
{
  if (run_mode == GIMP_RUN_INTERACTIVE && !run_dialog (self, procedure))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
      return FALSE;
    }
  if (is_stale (self))
    {
      g_clear_pointer (&self->found, g_free);
      g_object_get (self->config, "sensitivity", &self->sensitivity, "size", &self->size, NULL);
      self->found = hl_detect (self->planes, self->evidence, self->sensitivity, self->size, error);
    }
  if (self->found)
    show (self, TRUE);
  return self->found != NULL;
}

static gboolean
propose (GimpProcedure *procedure, GimpRunMode run_mode, GimpImage *image, GimpDrawable **drawables,
         GimpProcedureConfig *config, GError **error)
{
  GimpLayer *layer       = hl_target_find (image, drawables, error);
  g_auto (Proposal) self = { .image = image, .config = config };
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
  self.width  = gimp_image_get_width (image);
  self.height = gimp_image_get_height (image);
  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &self.x, &self.y);
  if (!read_selection (&self))
    {
      hl_error_set_memory (error, self.width, self.height);
      return FALSE;
    }
  if (!read_pixels (&self, GIMP_DRAWABLE (layer), error))
    return FALSE;

  gimp_image_undo_group_start (image);
  is_done = choose (&self, procedure, run_mode, error);
  gimp_image_undo_group_end (image);
  return is_done;
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
      NULL);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: on one side the live view and the progress, on the other the settings. It works
 * at once when it is opened, and follows the settings (live.c).
 *
 * It is GIMP's own procedure dialog with other contents, so that GIMP's reset, saved settings,
 * last-used values and help are where people know them. GIMP's own progress bar has a Cancel
 * that kills the plug-in at once and cannot keep anything, hence buttons of our own. */

#include "gimp/dialog.h"

#include <glib/gi18n-lib.h>

#include "gimp/kept.h"
#include "gimp/status.h"
#include "gimp/rows.h"
#include "gimp/variations.h"
#include "gimp/view.h"
#include "gimp/window.h"
#include "restore/damage.h"
#include "restore/mask.h"

/* GimpProcedureDialog uses 1 itself. */
#define RESPONSE_STOP 2
#define RESPONSE_DONE 3

#define TICK_MILLISECONDS 100

/* Widest line of a notice, in characters. */
#define TEXT_WIDTH 52

struct _HlDialog
{
  GtkWidget           *dialog;
  GimpProcedureConfig *config;
  HlLive              *live;
  GtkWidget           *view;
  GtkWidget           *progress;
  GtkWidget           *rows;
  GtkWidget           *variations;
  GtkWidget           *notice; /* what is wrong, or could be better */
  GtkWidget           *notice_text;
  GtkWidget           *widen;
  guint                tick;
  int                  response;
  gboolean             is_accepted; /* the person waits for the end */
};

static void
set_sensitive (HlDialog *self, int response, gboolean is_sensitive)
{
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), response, is_sensitive);
}

static gboolean
is_over (HlDialog *self)
{
  HlLiveState state = hl_live_get_state (self->live);

  return state == HL_LIVE_DONE || state == HL_LIVE_FAILED;
}

/* Whether the selection is mended as the person drew it. */
static gboolean
is_drawn (HlDialog *self)
{
  const HlSnapshot *snapshot = hl_live_get_snapshot (self->live);
  HlRestoreSettings settings
      = { .find = gimp_procedure_config_get_choice_id (self->config, "find") };

  return snapshot && !hl_damage_is_sought (&settings, snapshot->n_selected > 0);
}

/* Why it failed, that the selection is too tight, or what else should be known of the result. */
static void
update_notice (HlDialog *self, HlLiveState state)
{
  const GError       *error  = hl_live_get_error (self->live);
  const HlTaskResult *result = hl_live_get_result (self->live);
  guint               rim    = state == HL_LIVE_DONE && is_drawn (self) ? result->report.rim : 0;
  g_autofree char    *text   = NULL;
  int                 mask_grow;

  if (state == HL_LIVE_FAILED)
    text = g_strdup (error->message);
  else if (rim > 0)
    text = g_strdup_printf (ngettext ("The edge of the selection looks damaged too, by %u pixel.",
                                      "The edge of the selection looks damaged too, by %u pixels.",
                                      rim),
                            rim);
  else if (state == HL_LIVE_DONE)
    text = g_strdup (hl_restore_report_get_notice (&result->report));
  gtk_info_bar_set_message_type (GTK_INFO_BAR (self->notice),
                                 state == HL_LIVE_FAILED ? GTK_MESSAGE_WARNING : GTK_MESSAGE_INFO);
  if (text && g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->notice_text)), text) != 0)
    gtk_label_set_text (GTK_LABEL (self->notice_text), text);
  g_object_get (self->config, "mask-grow", &mask_grow, NULL);
  gtk_widget_set_visible (self->widen,
                          rim > 0 && mask_grow < HL_MASK_MOST_GROWTH && !self->is_accepted);
  gtk_widget_set_visible (self->notice, text != NULL);
}

static void
update (HlDialog *self)
{
  HlLiveState         state  = hl_live_get_state (self->live);
  HlWorker           *worker = hl_live_get_worker (self->live);
  const HlTaskResult *result = hl_live_get_result (self->live);

  hl_view_update (HL_VIEW (self->view));
  hl_status_update (HL_STATUS (self->progress), self->live,
                    hl_live_get_marks (self->live) && !self->is_accepted);
  hl_rows_set_noise_level (HL_ROWS (self->rows), worker ? hl_worker_get_noise_level (worker) : -1);
  hl_rows_set_blur (HL_ROWS (self->rows),
                    state == HL_LIVE_DONE && result ? result->report.blur : NULL);
  hl_variations_update (HL_VARIATIONS (self->variations), self->live);
  update_notice (self, state);
  set_sensitive (self, RESPONSE_STOP,
                 state == HL_LIVE_WORKING && worker && !hl_live_is_stopped (self->live));
  set_sensitive (self, GTK_RESPONSE_OK, !self->is_accepted && state != HL_LIVE_FAILED);
}

static gboolean
on_tick (gpointer user_data)
{
  HlDialog *self = user_data;

  hl_live_tick (self->live);
  update (self);
  return G_SOURCE_CONTINUE;
}

static void
on_changed (HlLive *live, gpointer user_data)
{
  HlDialog *self = user_data;

  hl_view_set_picture (HL_VIEW (self->view), hl_live_get_picture (live),
                       self->is_accepted ? NULL : hl_live_get_marks (live));
  update (self);
  if (self->is_accepted && is_over (self))
    gtk_dialog_response (GTK_DIALOG (self->dialog), RESPONSE_DONE);
}

static void
on_response (GtkDialog *dialog, int response, gpointer user_data)
{
  HlDialog *self = user_data;

  self->response = response;
}

static void
on_widen (GtkWidget *button, gpointer user_data)
{
  HlDialog           *self   = user_data;
  const HlTaskResult *result = hl_live_get_result (self->live);
  int                 mask_grow;

  if (!result)
    return;
  g_object_get (self->config, "mask-grow", &mask_grow, NULL);
  g_object_set (self->config, "mask-grow",
                MIN (mask_grow + (int) result->report.rim, HL_MASK_MOST_GROWTH), NULL);
}

static void
make_notice (HlDialog *self)
{
  GtkWidget *area;

  self->notice      = gtk_info_bar_new ();
  self->notice_text = gtk_label_new (NULL);
  self->widen       = gtk_button_new_with_label (_ ("Widen it"));
  area              = gtk_info_bar_get_content_area (GTK_INFO_BAR (self->notice));
  gtk_label_set_line_wrap (GTK_LABEL (self->notice_text), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->notice_text), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (self->notice_text), 0);
  gtk_widget_set_tooltip_text (self->widen,
                               _ ("Widen the selection by as much, and repair it again."));
  g_signal_connect (self->widen, "clicked", G_CALLBACK (on_widen), self);
  gtk_box_pack_start (GTK_BOX (area), self->notice_text, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (area), self->widen, FALSE, FALSE, 0);
  gtk_widget_show_all (area);
  gtk_widget_set_no_show_all (self->notice, TRUE);
}

static void
add_stop_button (HlDialog *self)
{
  GtkWidget *stop
      = gtk_dialog_add_button (GTK_DIALOG (self->dialog), _ ("Stop and _keep"), RESPONSE_STOP);
  GtkWidget *cancel
      = gtk_dialog_get_widget_for_response (GTK_DIALOG (self->dialog), GTK_RESPONSE_CANCEL);
  GtkWidget *box = gtk_widget_get_parent (stop);
  int        position;

  gtk_widget_set_tooltip_text (stop, _ ("End now and put the best result so far on a new layer."));
  /* Not in the place where people look for OK, but before Cancel. */
  if (GTK_IS_BOX (box))
    {
      gtk_container_child_get (GTK_CONTAINER (box), cancel, "position", &position, NULL);
      gtk_box_reorder_child (GTK_BOX (box), stop, position);
    }
  gtk_widget_set_tooltip_text (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK),
      _ ("Put the result on a new layer, as soon as it is there."));
  gtk_widget_set_tooltip_text (cancel, _ ("End now and leave the picture as it was."));
}

static void
fill (HlDialog *self)
{
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->view       = hl_view_new (G_OBJECT (self->config));
  self->progress   = hl_status_new ();
  self->rows       = hl_rows_new (GIMP_PROCEDURE_DIALOG (self->dialog), G_OBJECT (self->config),
                                  hl_view_get_picker (HL_VIEW (self->view)));
  self->variations = hl_variations_new (self->config);
  hl_rows_add (HL_ROWS (self->rows), "seed", self->variations);
  make_notice (self);
  gtk_box_pack_start (GTK_BOX (left), self->view, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (left), self->notice, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (left), self->progress, FALSE, FALSE, 0);
  hl_window_lay_out (self->dialog, left, self->rows);
}

/* The view's keys are heard wherever the focus is, unless somebody types. */
static gboolean
on_key (GtkWidget *dialog, GdkEventKey *event, gpointer user_data)
{
  HlDialog  *self    = user_data;
  GtkWidget *focused = gtk_window_get_focus (GTK_WINDOW (dialog));

  return !GTK_IS_EDITABLE (focused) && !self->is_accepted
         && hl_view_key (HL_VIEW (self->view), event);
}

/* What takes long was tried once, and is not what the next photograph begins with; points belong to
 * the layer that they were picked in. */
static void
leave_behind (GimpProcedureConfig *config, GimpLayer *source)
{
  g_autofree char *points = hl_kept_load_points (source);

  g_object_set (config, "colour-gray", points, NULL);
  if (gimp_procedure_config_get_choice_id (config, "method") > HL_METHOD_PRIOR)
    g_object_set (config, "method", "auto", NULL);
}

/**
 * hl_dialog_new:
 * @procedure: the plug-in's procedure
 * @config: its arguments; what the person sets is written there
 * @image: the picture
 * @source: the layer to restore
 *
 * Makes the window. gimp_ui_init() must have been called.
 *
 * Returns: (transfer full): the window
 */
HlDialog *
hl_dialog_new (GimpProcedure *procedure, GimpProcedureConfig *config, GimpImage *image,
               GimpLayer *source)
{
  HlDialog *self = g_new0 (HlDialog, 1);

  self->config = config;
  leave_behind (config, source);
  self->dialog = gimp_procedure_dialog_new (procedure, config, NULL);
  hl_window_prepare (self->dialog, image, _ ("Restore Old Photo"));
  fill (self);
  add_stop_button (self);
  g_signal_connect (self->dialog, "key-press-event", G_CALLBACK (on_key), self);
  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response), self);
  self->live = hl_live_new (image, source, config, on_changed, self);
  self->tick = g_timeout_add (TICK_MILLISECONDS, on_tick, self);
  return self;
}

/* From now on only the end is waited for. */
static void
accept (HlDialog *self)
{
  self->is_accepted = TRUE;
  hl_variations_stop (HL_VARIATIONS (self->variations));
  gtk_widget_set_sensitive (self->rows, FALSE);
  hl_live_settle (self->live);
  on_changed (self->live, self);
  /* Neither button has the focus, lest a second Enter ends the work. */
  gtk_window_set_focus (GTK_WINDOW (self->dialog), NULL);
}

static void
keep_points (HlDialog *self)
{
  const HlSnapshot *snapshot = hl_live_get_snapshot (self->live);
  g_autofree char  *points   = NULL;

  g_object_get (self->config, "colour-gray", &points, NULL);
  if (snapshot && snapshot->source && gimp_item_is_valid (GIMP_ITEM (snapshot->source)))
    hl_kept_save_points (snapshot->source, points ? points : "");
}

/**
 * hl_dialog_run:
 * @dialog: a window
 * @error: return location for a #GError
 *
 * Shows the window until there is a result that the person wants, or will be none; then hides
 * it.
 *
 * Returns: whether hl_dialog_get_live() has the result; else %FALSE with %G_IO_ERROR_CANCELLED,
 *   or why there is none
 */
gboolean
hl_dialog_run (HlDialog *dialog, GError **error)
{
  gboolean is_wanted = TRUE;

  gtk_widget_show (dialog->dialog);
  while (is_wanted && !(dialog->is_accepted && is_over (dialog)))
    {
      /* It returns at each of our responses; Reset and its like it handles itself. */
      gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog->dialog));
      if (dialog->response == RESPONSE_STOP)
        hl_live_stop (dialog->live);
      if (dialog->response == RESPONSE_STOP || dialog->response == GTK_RESPONSE_OK)
        accept (dialog);
      else
        is_wanted = dialog->response == RESPONSE_DONE;
    }
  gtk_widget_hide (dialog->dialog);
  g_source_remove (dialog->tick);
  dialog->tick = 0;
  hl_live_end (dialog->live);
  keep_points (dialog);
  if (!is_wanted)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  else if (hl_live_get_error (dialog->live))
    g_propagate_error (error, g_error_copy (hl_live_get_error (dialog->live)));
  return is_wanted && hl_live_get_result (dialog->live);
}

/**
 * hl_dialog_get_live:
 * @dialog: a window
 *
 * Returns: (transfer none): the restoration that it shows
 */
HlLive *
hl_dialog_get_live (HlDialog *dialog)
{
  return dialog->live;
}

/**
 * hl_dialog_free:
 * @dialog: (transfer full) (nullable): a window
 *
 * Closes the window and ends what is going on.
 */
void
hl_dialog_free (HlDialog *dialog)
{
  if (!dialog)
    return;
  if (dialog->tick)
    g_source_remove (dialog->tick);
  gtk_widget_destroy (dialog->dialog);
  hl_live_free (dialog->live);
  g_free (dialog);
}

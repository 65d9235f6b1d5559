/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that proposes a selection: the photograph with the proposal drawn over it, which
 * follows the sliders. It opens at once, and the photograph is read meanwhile. The image itself is
 * not touched while the window is open. */

#include "gimp/select_window.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "gimp/mask_view.h"
#include "gimp/controls.h"
#include "gimp/select.h"
#include "gimp/window.h"

/* How soon the proposal follows a slider, milliseconds; what moves meanwhile counts as one. */
#define DELAY 60

/* How often the bar moves, milliseconds. */
#define TICK 100

/* Widest lines, in characters: of the explanation, and of an error below the picture. */
#define TEXT_WIDTH 34
#define ERROR_WIDTH 30

#define SPACE 6

typedef struct
{
  GimpProcedureConfig *config;
  HlSnapshot          *snapshot;
  HlPicture           *picture;
  HlRun               *painting; /* makes @picture */
  HlProposal          *proposal; /* NULL until @picture has been made */
  GtkWidget           *dialog;
  HlMaskView          *view;
  GtkWidget           *bar;
  GtkWidget           *status;
  guint                timeout; /* a source, or 0 */
} Window;

static void
start (Window *self)
{
  double sensitivity;
  int    size;

  if (!self->proposal)
    return;
  g_object_get (self->config, "sensitivity", &sensitivity, "size", &size, NULL);
  hl_proposal_start (self->proposal, sensitivity, size,
                     gimp_procedure_config_get_choice_id (self->config, "operation")
                         == HL_SELECT_WITHIN);
}

static gboolean
on_delay (gpointer user_data)
{
  Window *self = user_data;

  self->timeout = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  Window *self = user_data;

  if (!self->timeout)
    self->timeout = g_timeout_add (DELAY, on_delay, self);
}

/* How much is proposed, for those who cannot see it too. */
static void
show_share (Window *self)
{
  const HlImage   *image = self->snapshot->planes;
  gsize            n     = (gsize) image->width * image->height;
  gsize            count = hl_proposal_get_count (self->proposal);
  g_autofree char *text  = NULL;

  /* Translators: how much of the photograph is proposed to be selected */
  text = g_strdup_printf (_ ("%.2f %% of the photograph"), 100.0 * count / n);
  gtk_label_set_text (GTK_LABEL (self->status),
                      count
                          ? text
                          : _ ("Nothing was found. Raise the sensitivity, or close this window and "
                               "select roughly where the damage is."));
}

/* How far the reading and looking is, and what came of it. */
static void
update (Window *self)
{
  const guint8 *found = self->proposal ? hl_proposal_get_found (self->proposal) : NULL;
  const GError *error = self->proposal ? hl_proposal_get_error (self->proposal) : NULL;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar),
                                 self->proposal ? hl_proposal_get_fraction (self->proposal)
                                                : hl_snapshot_get_fraction (self->snapshot));
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->bar), self->proposal
                                                               ? _ ("Looking for damage")
                                                               : _ ("Reading the photograph…"));
  gtk_widget_set_visible (self->bar, !found && !error);
  gtk_widget_set_visible (self->status, found || error);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK,
                                     found && hl_proposal_get_count (self->proposal) > 0);
}

static gboolean
on_tick (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_proposal (HlProposal *proposal, gpointer user_data)
{
  Window       *self  = user_data;
  const guint8 *found = hl_proposal_get_found (proposal);
  const GError *error = hl_proposal_get_error (proposal);

  if (found)
    {
      hl_mask_view_set_mask (self->view, found);
      show_share (self);
    }
  else if (error)
    gtk_label_set_text (GTK_LABEL (self->status), error->message);
  gtk_label_set_line_wrap (GTK_LABEL (self->status),
                           error || hl_proposal_get_count (proposal) == 0);
  update (self);
}

/* In a thread. */
static void
paint (HlRun *run, gpointer user_data)
{
  Window *self = user_data;

  if (self->picture)
    hl_picture_set_before (self->picture, self->snapshot->planes);
}

static void
on_painted (HlRun *run, gpointer user_data)
{
  Window *self = user_data;

  hl_mask_view_set_picture (self->view, self->picture);
  self->proposal
      = hl_proposal_new (self->snapshot->planes, self->snapshot->evidence, self->snapshot->mask);
  hl_proposal_set_listener (self->proposal, on_proposal, self);
  start (self);
  update (self);
}

static void
on_read (HlSnapshot *snapshot, const GError *error, gpointer user_data)
{
  Window *self = user_data;

  /* Without memory for it there is nothing to look at, and yet a proposal. */
  self->picture  = hl_picture_new (snapshot->planes, snapshot->hidden, snapshot->space);
  self->painting = hl_run_new (paint, self);
  if (!hl_run_start (self->painting, on_painted, self, NULL))
    on_painted (self->painting, self);
}

static void
on_show (GtkToggleButton *button, gpointer user_data)
{
  hl_mask_view_set_shown (user_data, gtk_toggle_button_get_active (button));
}

/* Below the picture: how it is shown, and what was found. */
static GtkWidget *
make_row (Window *self)
{
  GtkWidget *row  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACE);
  GtkWidget *show = gtk_check_button_new_with_mnemonic (_ ("Sho_w the proposal"));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (show), TRUE);
  gtk_widget_set_tooltip_text (show, _ ("Off, the photograph is seen as it is."));
  g_signal_connect (show, "toggled", G_CALLBACK (on_show), self->view);
  gtk_box_pack_start (GTK_BOX (row), show, FALSE, FALSE, 0);

  gtk_box_pack_end (GTK_BOX (row), hl_pane_make_buttons (HL_PANE (self->view)), FALSE, FALSE, 0);
  self->bar    = gtk_progress_bar_new ();
  self->status = gtk_label_new (NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (self->status), ERROR_WIDTH);
  gtk_progress_bar_set_show_text (GTK_PROGRESS_BAR (self->bar), TRUE);
  atk_object_set_name (gtk_widget_get_accessible (self->bar), _ ("Looking for damage"));
  gtk_box_pack_end (GTK_BOX (row), self->bar, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (row), self->status, FALSE, FALSE, 0);
  gtk_widget_show_all (row);
  return row;
}

static void
name_controls (GimpProcedureDialog *dialog, GimpProcedureConfig *config, const char *property)
{
  hl_controls_set_accessible_name (gimp_procedure_dialog_get_widget (dialog, property, G_TYPE_NONE),
                                   G_OBJECT (config), property);
}

static void
fill (Window *self)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (self->dialog);
  GtkWidget           *part   = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACE);
  GtkWidget           *intro  = gimp_procedure_dialog_get_label (
      dialog, "intro",
      _ ("Scratches, cracks and dust are selected, so that you can look at them and correct the "
                               "selection before you restore them. The picture itself is not changed."),
      FALSE, FALSE);
  GtkWidget *view = hl_mask_view_new (_ ("The photograph, with the proposal in colour"));

  self->view = HL_MASK_VIEW (view);
  gtk_label_set_line_wrap (GTK_LABEL (intro), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (intro), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (intro), 0.0);
  hl_controls_make_narrow (gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0));
  hl_controls_make_narrow (gimp_procedure_dialog_get_scale_entry (dialog, "size", 1.0));
  hl_controls_make_narrow (gimp_procedure_dialog_get_widget (dialog, "operation", G_TYPE_NONE));
  name_controls (dialog, self->config, "sensitivity");
  name_controls (dialog, self->config, "size");
  name_controls (dialog, self->config, "operation");

  gtk_box_pack_start (GTK_BOX (part), view, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (part), make_row (self), FALSE, FALSE, 0);
  hl_window_lay_out (self->dialog, part,
                     gimp_procedure_dialog_fill_box (dialog, "settings", "intro", "sensitivity",
                                                     "size", "operation", NULL));
}

static void
clear (Window *self)
{
  hl_proposal_free (self->proposal);
  hl_run_free (self->painting);
  hl_picture_free (self->picture);
}

/**
 * hl_select_window_run:
 * @procedure: the procedure that selects
 * @config: its arguments; the person's choice is written there
 * @snapshot: of the layer that is looked at; it is read here
 * @error: return location for a #GError
 *
 * Asks for the settings while the proposal follows them. hl_procedure_begin() must have been
 * called.
 *
 * Returns: (transfer full): the proposal, perhaps not yet of the last settings; else %NULL with
 *   %G_IO_ERROR_CANCELLED
 */
HlProposal *
hl_select_window_run (GimpProcedure *procedure, GimpProcedureConfig *config, HlSnapshot *snapshot,
                      GError **error)
{
  Window      self     = { .config = config, .snapshot = snapshot };
  HlProposal *proposal = NULL;
  gulong      handler;
  guint       tick;

  self.dialog = gimp_procedure_dialog_new (procedure, config, NULL);
  hl_window_prepare (self.dialog, snapshot->image, _ ("Select Dust and Scratches"));
  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (self.dialog), _ ("Selec_t"));
  fill (&self);
  handler = g_signal_connect (config, "notify", G_CALLBACK (on_notify), &self);
  tick    = g_timeout_add (TICK, on_tick, &self);
  hl_snapshot_read_idly (snapshot, on_read, &self);
  update (&self);
  if (gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (self.dialog)))
    proposal = g_steal_pointer (&self.proposal);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");

  g_signal_handler_disconnect (config, handler);
  g_clear_handle_id (&self.timeout, g_source_remove);
  g_source_remove (tick);
  if (proposal)
    hl_proposal_set_listener (proposal, NULL, NULL);
  gtk_widget_destroy (self.dialog);
  clear (&self);
  return proposal;
}

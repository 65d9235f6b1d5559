/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that proposes a selection: the photograph with the proposal drawn over it, which
 * follows the sliders. The image itself is not touched while the window is open. */

#include "gimp/select_window.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "gimp/mask_view.h"
#include "gimp/rows.h"

/* How soon the proposal follows a slider, milliseconds; what moves meanwhile counts as one. */
#define DELAY 60

/* Widest lines, in characters: of the explanation, and of an error below the picture. */
#define TEXT_WIDTH 60
#define ERROR_WIDTH 30

#define SPACE 6

typedef struct
{
  GimpProcedureConfig *config;
  HlProposal          *proposal;
  GtkWidget           *dialog;
  HlMaskView          *view;
  GtkWidget           *bar;
  GtkWidget           *status;
  guint                serial;  /* of what the view draws */
  guint                timeout; /* a source, or 0 */
} Window;

static void
start (Window *self)
{
  double sensitivity;
  int    size;

  g_object_get (self->config, "sensitivity", &sensitivity, "size", &size, NULL);
  hl_proposal_start (self->proposal, sensitivity, size);
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
tell (Window *self, const float *found)
{
  const HlImage   *image = hl_proposal_get_image (self->proposal);
  gsize            n = (gsize) image->width * image->height, count = 0;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < n; i++)
    count += found[i] > 0.0f;
  /* Translators: how much of the photograph is proposed to be selected */
  text = g_strdup_printf (_ ("%.2f %% of the photograph"), 100.0 * count / n);
  gtk_label_set_text (GTK_LABEL (self->status), text);
}

static void
on_proposal (HlProposal *proposal, gpointer user_data)
{
  Window       *self  = user_data;
  const float  *found = hl_proposal_get_found (proposal);
  const GError *error = hl_proposal_get_error (proposal);

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), hl_proposal_get_fraction (proposal));
  gtk_widget_set_visible (self->bar, !found && !error);
  gtk_widget_set_visible (self->status, found || error);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK, found != NULL);
  if (found && hl_proposal_get_serial (proposal) != self->serial)
    {
      hl_mask_view_set_mask (self->view, found);
      tell (self, found);
    }
  else if (error)
    gtk_label_set_text (GTK_LABEL (self->status), error->message);
  gtk_label_set_line_wrap (GTK_LABEL (self->status), error != NULL);
  self->serial = hl_proposal_get_serial (proposal);
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
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->bar), _ ("Looking for damage"));
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
  hl_rows_set_accessible_name (gimp_procedure_dialog_get_widget (dialog, property, G_TYPE_NONE),
                               G_OBJECT (config), property);
}

static void
fill (Window *self, GimpDrawable *layer)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (self->dialog);
  GtkWidget           *box    = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget           *part   = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACE);
  GtkWidget           *intro  = gimp_procedure_dialog_get_label (
      dialog, "intro",
      _ ("Scratches, hairs and dust are selected, so that you can look at them and correct the "
                               "selection before you restore them. The picture itself is not changed."),
      FALSE, FALSE);
  GtkWidget *view = hl_mask_view_new (layer, _ ("The photograph, with the proposal in colour"));

  self->view = HL_MASK_VIEW (view);
  gtk_label_set_line_wrap (GTK_LABEL (intro), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (intro), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (intro), 0.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "size", 1.0);
  gimp_procedure_dialog_fill (dialog, "intro", "sensitivity", "size", "operation", NULL);
  name_controls (dialog, self->config, "sensitivity");
  name_controls (dialog, self->config, "size");
  name_controls (dialog, self->config, "operation");

  gtk_box_pack_start (GTK_BOX (part), view, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (part), make_row (self), FALSE, FALSE, 0);
  gtk_widget_show_all (view);
  gtk_widget_show (part);
  gtk_box_pack_start (GTK_BOX (box), part, TRUE, TRUE, 0);
  gtk_box_reorder_child (GTK_BOX (box), part, 0);
}

/**
 * hl_select_window_run:
 * @procedure: the procedure that selects
 * @config: its arguments; the person's choice is written there
 * @layer: which is looked at
 * @proposal: of @layer
 *
 * Asks for the settings while the proposal follows them. gimp_ui_init() must have been called.
 *
 * Returns: whether the person wants the proposal; if not, it is cancelled
 */
gboolean
hl_select_window_run (GimpProcedure *procedure, GimpProcedureConfig *config, GimpDrawable *layer,
                      HlProposal *proposal)
{
  Window   self = { .config = config, .proposal = proposal };
  gulong   handler;
  gboolean is_ok;

  self.dialog = gimp_procedure_dialog_new (procedure, config, _ ("Select Dust and Scratches"));
  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (self.dialog), _ ("Selec_t"));
  fill (&self, layer);
  handler = g_signal_connect (config, "notify", G_CALLBACK (on_notify), &self);
  hl_proposal_set_listener (proposal, on_proposal, &self);
  start (&self);
  on_proposal (proposal, &self);
  is_ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (self.dialog));

  g_signal_handler_disconnect (config, handler);
  g_clear_handle_id (&self.timeout, g_source_remove);
  hl_proposal_set_listener (proposal, NULL, NULL);
  if (!is_ok)
    hl_proposal_cancel (proposal);
  gtk_widget_destroy (self.dialog);
  return is_ok;
}

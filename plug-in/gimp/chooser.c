/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row of presets: one to choose from, a button that saves the present settings under a name,
 * and one that deletes a preset of the person's own. */

#include "gimp/chooser.h"

#include <glib/gi18n-lib.h>

#include "gimp/presets.h"
#include "gimp/rows.h"

/* Of a name, what is shown at least, in characters. */
#define LONGEST_NAME 30

struct _HlChooser
{
  GtkBox     parent_instance;
  HlPresets *presets;
  GObject   *config;
  GtkWidget *combo;
  GtkWidget *remove;
  gboolean   is_busy; /* it sets the settings, or its own rows, itself */
};

G_DEFINE_FINAL_TYPE (HlChooser, hl_chooser, GTK_TYPE_BOX)

static void
show_error (HlChooser *chooser, const GError *error)
{
  GtkWidget *dialog = gtk_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (chooser))), GTK_DIALOG_MODAL,
      GTK_MESSAGE_WARNING, GTK_BUTTONS_CLOSE, "%s", error->message);

  g_signal_connect (dialog, "response", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_widget_show (dialog);
}

/* Lists the presets again, and chooses the one that is called @name, or none. */
static void
list (HlChooser *chooser, const char *name)
{
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (chooser->combo);
  int              found = -1;

  chooser->is_busy = TRUE;
  gtk_combo_box_text_remove_all (combo);
  for (guint i = 0; hl_presets_get_name (chooser->presets, i); i++)
    {
      const char *shown = hl_presets_get_name (chooser->presets, i);

      gtk_combo_box_text_append_text (combo, shown);
      if (name && hl_presets_is_personal (chooser->presets, i) && g_str_equal (shown, name))
        found = i;
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (combo), found);
  gtk_widget_set_sensitive (chooser->remove, found >= 0);
  chooser->is_busy = FALSE;
}

static void
on_changed (GtkComboBox *combo, gpointer user_data)
{
  HlChooser *chooser       = user_data;
  int        active        = gtk_combo_box_get_active (combo);
  g_autoptr (GError) error = NULL;
  gboolean is_good;

  if (chooser->is_busy)
    return;
  gtk_widget_set_sensitive (chooser->remove,
                            active >= 0 && hl_presets_is_personal (chooser->presets, active));
  if (active < 0)
    return;
  chooser->is_busy = TRUE;
  is_good          = hl_presets_apply (chooser->presets, active, chooser->config, &error);
  chooser->is_busy = FALSE;
  if (!is_good)
    show_error (chooser, error);
}

/* Settings that the person changes are no longer those of the preset. */
static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  HlChooser *chooser = user_data;

  if (chooser->is_busy)
    return;
  gtk_combo_box_set_active (GTK_COMBO_BOX (chooser->combo), -1);
}

static void
on_name_changed (GtkEditable *entry, gpointer user_data)
{
  g_autofree char *name = g_strstrip (gtk_editable_get_chars (entry, 0, -1));

  gtk_dialog_set_response_sensitive (user_data, GTK_RESPONSE_OK, *name != '\0');
}

static void
on_named (GtkDialog *dialog, int response, gpointer user_data)
{
  HlChooser       *chooser = user_data;
  GtkEditable     *entry   = g_object_get_data (G_OBJECT (dialog), "heirloom-entry");
  g_autofree char *name    = g_strstrip (gtk_editable_get_chars (entry, 0, -1));
  g_autoptr (GError) error = NULL;

  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response != GTK_RESPONSE_OK)
    return;
  if (hl_presets_save (chooser->presets, name, chooser->config, &error))
    list (chooser, name);
  else
    show_error (chooser, error);
}

/* Asks for a name. */
static void
on_save (GtkWidget *button, gpointer user_data)
{
  HlChooser *chooser = user_data;
  GtkWidget *dialog  = gtk_dialog_new_with_buttons (
      _ ("Save Preset"), GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (chooser))),
      GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
      _ ("_Save"), GTK_RESPONSE_OK, NULL);
  GtkWidget *box   = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *label = gtk_label_new_with_mnemonic (_ ("_Name of the preset"));
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_mnemonic_widget (GTK_LABEL (label), entry);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  atk_object_set_name (gtk_widget_get_accessible (entry), _ ("Name of the preset"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_width_chars (GTK_ENTRY (entry), 30);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_set_spacing (GTK_BOX (box), 6);
  gtk_container_add (GTK_CONTAINER (box), label);
  gtk_container_add (GTK_CONTAINER (box), entry);
  g_object_set_data (G_OBJECT (dialog), "heirloom-entry", entry);
  g_signal_connect (entry, "changed", G_CALLBACK (on_name_changed), dialog);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog), GTK_RESPONSE_OK, FALSE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_named), chooser, 0);
  gtk_widget_show_all (dialog);
}

static void
on_remove (GtkWidget *button, gpointer user_data)
{
  HlChooser *chooser       = user_data;
  int        active        = gtk_combo_box_get_active (GTK_COMBO_BOX (chooser->combo));
  g_autoptr (GError) error = NULL;

  if (!hl_presets_remove (chooser->presets, active, &error))
    show_error (chooser, error);
  list (chooser, NULL);
  gtk_widget_grab_focus (chooser->combo);
}

static GtkWidget *
add_button (HlChooser *chooser, const char *icon, const char *name, const char *tooltip,
            GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON);

  gtk_widget_set_tooltip_text (button, tooltip);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  g_signal_connect (button, "clicked", clicked, chooser);
  gtk_box_pack_start (GTK_BOX (chooser), button, FALSE, FALSE, 0);
  return button;
}

static void
hl_chooser_finalize (GObject *object)
{
  hl_presets_free (HL_CHOOSER (object)->presets);
  G_OBJECT_CLASS (hl_chooser_parent_class)->finalize (object);
}

static void
hl_chooser_class_init (HlChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hl_chooser_finalize;
}

static void
hl_chooser_init (HlChooser *chooser)
{
  GtkWidget *label        = gtk_label_new_with_mnemonic (_ ("Pr_eset"));
  g_autoptr (GList) cells = NULL;

  gtk_box_set_spacing (GTK_BOX (chooser), 6);
  chooser->combo = gtk_combo_box_text_new ();
  gtk_widget_set_tooltip_text (
      chooser->combo,
      _ ("Settings for a kind of damage. Begin with one, look, then change what you like."));
  hl_rows_name_controls (chooser->combo, _ ("Preset"));
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), chooser->combo);
  /* A name that is very long must not take the room of the view. */
  cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (chooser->combo));
  g_object_set (cells->data, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", LONGEST_NAME,
                NULL);
  gtk_box_pack_start (GTK_BOX (chooser), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser), chooser->combo, TRUE, TRUE, 0);
  add_button (chooser, "document-save-symbolic", _ ("Save the preset…"),
              _ ("Save the present settings under a name"), G_CALLBACK (on_save));
  chooser->remove
      = add_button (chooser, "edit-delete-symbolic", _ ("Delete the preset"),
                    _ ("Delete the chosen preset, one of your own"), G_CALLBACK (on_remove));
  g_signal_connect (chooser->combo, "changed", G_CALLBACK (on_changed), chooser);
}

/**
 * hl_chooser_new:
 * @path: of the file with the person's presets
 * @config: the procedure's arguments, which a chosen preset sets
 *
 * Returns: the row, with our presets
 */
GtkWidget *
hl_chooser_new (const char *path, GObject *config)
{
  HlChooser *chooser = g_object_new (HL_TYPE_CHOOSER, NULL);

  chooser->presets = hl_presets_new (path);
  chooser->config  = config;
  g_signal_connect_object (config, "notify", G_CALLBACK (on_notify), chooser, 0);
  list (chooser, NULL);
  return GTK_WIDGET (chooser);
}

/**
 * hl_chooser_load:
 * @chooser: a row that is in a window
 *
 * Adds the person's presets; says so where they cannot be read.
 */
void
hl_chooser_load (HlChooser *chooser)
{
  g_autoptr (GError) error = NULL;

  if (!hl_presets_load (chooser->presets, &error))
    show_error (chooser, error);
  list (chooser, NULL);
}

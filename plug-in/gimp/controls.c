/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both windows do to GIMP's widgets for settings: names for screen readers, hints, and the
 * shape that a narrow column wants. */

#include "gimp/controls.h"

/* Of a line in the column, characters. */
#define LEAST_WIDTH 20
#define WIDTH 30

/**
 * hl_controls_name:
 * @widget: one control, or several in a container
 * @name: what a screen reader says
 *
 * Names them, and of a combo box also the button inside, which gets the focus.
 */
void
hl_controls_name (GtkWidget *widget, const char *name)
{
  gboolean is_in_combo = gtk_widget_get_ancestor (widget, GTK_TYPE_COMBO_BOX) != NULL;

  if (GTK_IS_SPIN_BUTTON (widget) || GTK_IS_RANGE (widget) || GTK_IS_COMBO_BOX (widget)
      || GTK_IS_ENTRY (widget)
      || (GTK_IS_BUTTON (widget) && (is_in_combo || !GTK_IS_TOGGLE_BUTTON (widget))))
    atk_object_set_name (gtk_widget_get_accessible (widget), name);
  if (GTK_IS_CONTAINER (widget) && !GTK_IS_BUTTON (widget))
    gtk_container_forall (GTK_CONTAINER (widget), (GtkCallback) hl_controls_name, (char *) name);
}

/**
 * hl_controls_get_label:
 * @config: the procedure's arguments
 * @property: one of them
 *
 * Returns: (transfer full): its label without the mnemonic
 */
char *
hl_controls_get_label (GObject *config, const char *property)
{
  GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);

  return gimp_strip_uline (g_param_spec_get_nick (spec));
}

/**
 * hl_controls_set_accessible_name:
 * @widget: the widget for a setting
 * @config: the procedure's arguments
 * @property: the one that @widget sets
 *
 * Gives the controls of @property the name that a screen reader says: the argument's label
 * without its mnemonic. GIMP's widgets label the row only.
 */
void
hl_controls_set_accessible_name (GtkWidget *widget, GObject *config, const char *property)
{
  g_autofree char *name = hl_controls_get_label (config, property);

  hl_controls_name (widget, name);
}

static void
let_shrink (GtkWidget *widget, gpointer unused)
{
  if (GTK_IS_COMBO_BOX (widget))
    {
      if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "ellipsize"))
        g_object_set (widget, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
    }
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), let_shrink, NULL);
}

/**
 * hl_controls_wrap:
 * @label: a label
 *
 * Lets what is long take several lines.
 */
void
hl_controls_wrap (GtkWidget *label)
{
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), LEAST_WIDTH);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
}

/* GTK makes the label of a check button anew whenever its text is set. */
static void
wrap_check_button (GtkWidget *button)
{
  g_autofree char *text  = g_strdup (gtk_button_get_label (GTK_BUTTON (button)));
  GtkWidget       *label = gtk_label_new_with_mnemonic (text);

  gtk_container_remove (GTK_CONTAINER (button), gtk_bin_get_child (GTK_BIN (button)));
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), button);
  hl_controls_wrap (label);
  gtk_container_add (GTK_CONTAINER (button), label);
}

/**
 * hl_controls_make_narrow:
 * @widget: the widget for a setting, as GIMP makes it
 *
 * Puts the label above what it names, and lets words be cut that are too long for the column.
 */
void
hl_controls_make_narrow (GtkWidget *widget)
{
  GtkWidget *label
      = GIMP_IS_LABELED (widget) ? gimp_labeled_get_label (GIMP_LABELED (widget)) : NULL;

  let_shrink (widget, NULL);
  if (label && gtk_widget_get_parent (label) == widget)
    {
      gtk_container_child_set (GTK_CONTAINER (widget), label, "left-attach", 0, "top-attach", -1,
                               "width", 3, NULL);
      hl_controls_wrap (label);
    }
  else if (GTK_IS_CHECK_BUTTON (widget))
    wrap_check_button (widget);
}

/* No wider than the column, so that it does not lie over the picture. */
static gboolean
on_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
            gpointer user_data)
{
  GtkWidget *label = gtk_label_new (user_data);

  hl_controls_wrap (label);
  gtk_widget_show (label);
  gtk_tooltip_set_custom (tooltip, label);
  return TRUE;
}

/**
 * hl_controls_set_tooltip:
 * @widget: a widget
 * @text: what it is for
 *
 * Gives it a hint, which a screen reader says too.
 */
void
hl_controls_set_tooltip (GtkWidget *widget, const char *text)
{
  atk_object_set_description (gtk_widget_get_accessible (widget), text);
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect_data (widget, "query-tooltip", G_CALLBACK (on_tooltip), g_strdup (text),
                         (GClosureNotify) (void (*) (void)) g_free, 0);
}

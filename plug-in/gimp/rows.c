/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings in the window: GIMP's own widgets in folded groups, as the table in
 * restore/settings.c has them, each with a hint about when to change it, its range, and a button
 * that resets it. What does not matter at present is not shown. Labels stand above what they name,
 * so that the column is narrow and the picture gets the width. */

#include "gimp/rows.h"

#include <glib/gi18n-lib.h>

#include "gimp/arguments.h"
#include "gimp/blur_argument.h"
#include "gimp/controls.h"

#define MOST_ROWS 32

/* Of numbers that go further than this, the usual ones would crowd at one end of a slider. */
#define LONGEST_LINEAR 1000

typedef struct
{
  const HlSetting *setting;
  GtkWidget       *box; /* of the two */
  GtkWidget       *widget;
  GtkWidget       *reset;
} Row;

struct _HlRows
{
  GtkBox     parent_instance;
  GObject   *config;
  GtkWidget *measured; /* tells the noise level that was measured */
  GtkWidget *found;    /* tells the blur that was found */
  GtkWidget *picker;   /* takes the points */
  int        n_rows;
  Row        rows[MOST_ROWS];
};

G_DEFINE_FINAL_TYPE (HlRows, hl_rows, GTK_TYPE_BOX)

static GParamSpec *
get_spec (GObject *config, const char *property)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);
}

/* Whether an argument has its default value. */
static gboolean
is_normal (GObject *config, const char *property)
{
  GParamSpec *spec      = get_spec (config, property);
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (config, property, &value);
  return g_param_value_defaults (spec, &value);
}

/* What a setting is for, and for a number its range, so that nobody needs to try. */
static char *
make_tooltip (GParamSpec *spec)
{
  const char *blurb = g_param_spec_get_blurb (spec);

  if (G_IS_PARAM_SPEC_INT (spec) && G_PARAM_SPEC_INT (spec)->maximum < G_MAXINT)
    return g_strdup_printf (_ ("%s\nFrom %d to %d, and %d to begin with."), blurb,
                            G_PARAM_SPEC_INT (spec)->minimum, G_PARAM_SPEC_INT (spec)->maximum,
                            G_PARAM_SPEC_INT (spec)->default_value);
  if (G_IS_PARAM_SPEC_DOUBLE (spec))
    return g_strdup_printf (
        _ ("%s\nFrom %g to %g, and %g to begin with."), blurb, G_PARAM_SPEC_DOUBLE (spec)->minimum,
        G_PARAM_SPEC_DOUBLE (spec)->maximum, G_PARAM_SPEC_DOUBLE (spec)->default_value);
  return g_strdup (blurb);
}

static void
on_reset (GtkWidget *button, gpointer user_data)
{
  HlRows *rows = user_data;

  for (int i = 0; i < rows->n_rows; i++)
    if (rows->rows[i].reset == button)
      {
        GParamSpec *spec = get_spec (rows->config, rows->rows[i].setting->key);

        g_object_set_property (rows->config, spec->name, g_param_spec_get_default_value (spec));
        /* The button greys itself out; the keyboard's place must not be lost with it. */
        gtk_widget_child_focus (rows->rows[i].widget, GTK_DIR_TAB_FORWARD);
      }
}

static void
update (HlRows *rows)
{
  for (int i = 0; i < rows->n_rows; i++)
    {
      const Row *row     = &rows->rows[i];
      gboolean   matters = hl_arguments_matters (rows->config, row->setting);

      gtk_widget_set_visible (row->box, matters);
      gtk_widget_set_sensitive (row->widget, matters);
      gtk_widget_set_sensitive (row->reset,
                                matters && !is_normal (rows->config, row->setting->key));
    }
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  update (user_data);
}

static GtkWidget *
make_widget (HlRows *rows, GimpProcedureDialog *dialog, const HlSetting *setting, GParamSpec *spec)
{
  const char *property = spec->name;
  GtkWidget  *widget;

  if (setting->type == HL_SETTING_POINTS)
    return rows->picker;
  if (G_IS_PARAM_SPEC_DOUBLE (spec)
      || (G_IS_PARAM_SPEC_INT (spec) && G_PARAM_SPEC_INT (spec)->maximum < G_MAXINT))
    widget = gimp_procedure_dialog_get_scale_entry (dialog, property, 1.0);
  else
    widget = gimp_procedure_dialog_get_widget (dialog, property, G_TYPE_NONE);
  if (G_IS_PARAM_SPEC_INT (spec) && GIMP_IS_SCALE_ENTRY (widget)
      && G_PARAM_SPEC_INT (spec)->maximum > LONGEST_LINEAR)
    gimp_scale_entry_set_logarithmic (GIMP_SCALE_ENTRY (widget), TRUE);
  /* The dialog keeps a reference of its own. */
  if (g_object_is_floating (widget))
    g_object_ref (widget);
  return widget;
}

static void
add_row (HlRows *rows, GimpProcedureDialog *dialog, GtkWidget *group, const HlSetting *setting)
{
  GParamSpec      *spec    = get_spec (rows->config, setting->key);
  GtkWidget       *box     = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget       *widget  = make_widget (rows, dialog, setting, spec);
  GtkWidget       *reset   = gtk_button_new_from_icon_name (GIMP_ICON_RESET, GTK_ICON_SIZE_MENU);
  g_autofree char *tooltip = make_tooltip (spec);
  g_autofree char *label   = hl_controls_get_label (rows->config, setting->key);
  /* Translators: %s is the label of a setting. */
  g_autofree char *name = g_strdup_printf (_ ("Reset “%s”"), label);

  g_return_if_fail (rows->n_rows < MOST_ROWS);
  hl_controls_set_tooltip (widget, tooltip);
  hl_controls_set_accessible_name (widget, rows->config, setting->key);
  hl_controls_make_narrow (widget);
  gtk_widget_set_tooltip_text (reset, name);
  atk_object_set_name (gtk_widget_get_accessible (reset), name);
  gtk_button_set_relief (GTK_BUTTON (reset), GTK_RELIEF_NONE);
  gtk_widget_set_valign (reset, GTK_ALIGN_END);
  g_signal_connect (reset, "clicked", G_CALLBACK (on_reset), rows);
  gtk_box_pack_start (GTK_BOX (box), widget, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (box), reset, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (group), box, FALSE, FALSE, 0);
  rows->rows[rows->n_rows++] = (Row) { setting, box, widget, reset };
  gtk_widget_show_all (box);
  gtk_widget_set_no_show_all (box, TRUE);
}

static GtkWidget *
make_group (HlRows *rows, GimpProcedureDialog *dialog, HlSettingGroup group, const char *title,
            gboolean is_open)
{
  g_autofree char *markup   = g_markup_printf_escaped ("<b>%s</b>", title);
  GtkWidget       *box      = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget       *label    = gtk_label_new (NULL);
  GtkWidget       *expander = gtk_expander_new (NULL);

  for (guint i = 0; hl_setting_get (i); i++)
    if (hl_setting_get (i)->group == group)
      add_row (rows, dialog, box, hl_setting_get (i));
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_expander_set_label_widget (GTK_EXPANDER (expander), label);
  gtk_expander_set_label_fill (GTK_EXPANDER (expander), TRUE);
  gtk_expander_set_expanded (GTK_EXPANDER (expander), is_open);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_top (box, 3);
  gtk_container_add (GTK_CONTAINER (expander), box);
  gtk_box_pack_start (GTK_BOX (rows), expander, FALSE, FALSE, 0);
  return box;
}

static void
hl_rows_class_init (HlRowsClass *klass)
{
}

static void
hl_rows_init (HlRows *rows)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (rows), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (rows), 10);
}

/**
 * hl_rows_add:
 * @rows: the settings
 * @property: one of them
 * @widget: what is to stand below its row
 */
void
hl_rows_add (HlRows *rows, const char *property, GtkWidget *widget)
{
  for (int i = 0; i < rows->n_rows; i++)
    if (g_str_equal (rows->rows[i].setting->key, property))
      {
        GtkWidget *group = gtk_widget_get_parent (rows->rows[i].box);
        int        position;

        gtk_box_pack_start (GTK_BOX (group), widget, FALSE, FALSE, 0);
        gtk_container_child_get (GTK_CONTAINER (group), rows->rows[i].box, "position", &position,
                                 NULL);
        gtk_box_reorder_child (GTK_BOX (group), widget, position + 1);
      }
}

/* What was found out about the photograph, below the row of @property. */
static GtkWidget *
add_finding (HlRows *rows, const char *property)
{
  GtkWidget *label = gtk_label_new (NULL);

  hl_controls_wrap (label);
  hl_rows_add (rows, property, label);
  return label;
}

/**
 * hl_rows_new:
 * @dialog: the dialog whose widgets are used
 * @config: the procedure's arguments
 * @picker: the widget for points of the photograph
 *
 * Returns: all settings, in groups
 */
GtkWidget *
hl_rows_new (GimpProcedureDialog *dialog, GObject *config, GtkWidget *picker)
{
  HlRows *rows = g_object_new (HL_TYPE_ROWS, NULL);

  rows->config = config;
  rows->picker = picker;
  make_group (rows, dialog, HL_GROUP_DAMAGE, _ ("Damage"), TRUE);
  make_group (rows, dialog, HL_GROUP_GRAIN_AND_BLUR, _ ("Grain and blur"), FALSE);
  make_group (rows, dialog, HL_GROUP_COLOUR, _ ("Colour"), FALSE);
  make_group (rows, dialog, HL_GROUP_RESULT, _ ("Result"), FALSE);

  rows->measured = add_finding (rows, "noise-level");
  rows->found    = add_finding (rows, "deblur");
  gtk_widget_set_no_show_all (rows->found, TRUE);
  hl_rows_set_noise_level (rows, -1);
  hl_rows_set_blur (rows, NULL);

  g_signal_connect_object (config, "notify", G_CALLBACK (on_notify), rows, 0);
  update (rows);
  return GTK_WIDGET (rows);
}

/* A screen reader would say it ten times a second otherwise. */
static void
set_label (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (text, gtk_label_get_text (GTK_LABEL (label))) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

/**
 * hl_rows_set_noise_level:
 * @rows: the settings
 * @noise_level: standard deviation of the photograph's noise, of white, or < 0 while that is not
 *   known
 *
 * Shows the noise level that the restoration goes by.
 */
void
hl_rows_set_noise_level (HlRows *rows, double noise_level)
{
  g_autofree char *text = NULL;
  gboolean         is_measured;

  g_object_get (rows->config, "auto-noise", &is_measured, NULL);
  if (noise_level < 0)
    text = g_strdup (_ ("Grain of this photograph: not measured yet"));
  else if (is_measured)
    text = g_strdup_printf (_ ("Grain of this photograph: measured as %.1f percent"),
                            100 * noise_level);
  else
    text = g_strdup_printf (_ ("Grain of this photograph: taken as %.1f percent"),
                            100 * noise_level);
  set_label (rows->measured, text);
}

/**
 * hl_rows_set_blur:
 * @rows: the settings
 * @blur: (nullable): the blur that was found, as a #HlRestoreReport has it, or %NULL while that is
 *   not known
 *
 * Shows the blur that the restoration found and removed, where it was to look for one.
 */
void
hl_rows_set_blur (HlRows *rows, const char *blur)
{
  g_autofree char *deblur = hl_arguments_get_text (rows->config, hl_setting_find ("deblur"));
  g_autofree char *text   = NULL;

  text = blur ? hl_blur_describe (blur) : g_strdup (_ ("Blur of this photograph: not known yet"));
  set_label (rows->found, text);
  gtk_widget_set_visible (rows->found, g_str_equal (deblur, "auto")
                                           || (g_str_equal (deblur, "whole") && blur && *blur));
}

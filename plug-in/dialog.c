/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the person sees: a dialog that asks for the settings, in the words of somebody who
 * restores photographs, and a window that shows how the work goes and lets it end early.
 * GIMP's own progress bar has a Cancel that kills the plug-in at once and cannot keep
 * anything, hence a window of our own. */

#include "dialog.h"

#include <math.h>

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

/* Widest line of an explanation, in characters. */
#define TEXT_WIDTH 52

#define RESPONSE_STOP 1

struct _HlProgressWindow
{
  HlWorker  *worker;
  gboolean   is_ending; /* the person has asked for the end */
  GtkWidget *dialog;
  GtkWidget *bar;
  GtkWidget *status;
  GtkWidget *time;
};

static void
name_control (GtkWidget *widget, gpointer name)
{
  if (GTK_IS_SPIN_BUTTON (widget) || GTK_IS_RANGE (widget) || GTK_IS_COMBO_BOX (widget))
    atk_object_set_name (gtk_widget_get_accessible (widget), name);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), name_control, name);
}

/**
 * hl_dialog_set_accessible_name:
 * @dialog: a dialog
 * @config: the arguments it asks for
 * @property: one of them, whose controls are in the dialog
 *
 * Gives the controls of @property the name that a screen reader says: the argument's label
 * without its mnemonic. GIMP's widgets label the row only.
 */
void
hl_dialog_set_accessible_name (GimpProcedureDialog *dialog, GimpProcedureConfig *config,
                               const char *property)
{
  GParamSpec      *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);
  g_autofree char *name = gimp_strip_uline (g_param_spec_get_nick (spec));

  name_control (gimp_procedure_dialog_get_widget (dialog, property, G_TYPE_NONE), name);
}

static void
add_text (GimpProcedureDialog *dialog, const char *id, const char *text)
{
  GtkWidget *label = gimp_procedure_dialog_get_label (dialog, id, text, FALSE, FALSE);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_margin_bottom (label, 6);
}

static void
fill_dialog (GimpProcedureDialog *dialog, GimpProcedureConfig *config)
{
  GimpValueArray *none = gimp_value_array_new (1), *deep = gimp_value_array_new (1);
  GValue          value = G_VALUE_INIT;

  add_text (dialog, "intro",
            _ ("The selected area is painted anew from what the rest of the photograph "
               "shows, on a layer of its own. The original stays as it is."));

  /* Logarithmic: the usual numbers would crowd at the left end of the slider. */
  gimp_scale_entry_set_logarithmic (
      GIMP_SCALE_ENTRY (gimp_procedure_dialog_get_scale_entry (dialog, "iterations", 1.0)), TRUE);
  gimp_procedure_dialog_get_scale_entry (dialog, "noise-level", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "grain", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "blur-radius", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "blur-radius-across", 1.0);
  gimp_procedure_dialog_get_scale_entry (dialog, "blur-angle", 1.0);

  gimp_procedure_dialog_get_label (dialog, "work-title", _ ("How to work on it"), FALSE, FALSE);
  add_text (dialog, "work-hint",
            _ ("Steps count for the deep prior: 500 give a quick look, 1000 suit most scratches, "
               "3000 or more large holes. You can stop at any time and keep what is there."));
  gimp_procedure_dialog_fill_box (dialog, "work-box", "mask-grow", "method", "iterations",
                                  "work-hint", NULL);
  gimp_procedure_dialog_fill_frame (dialog, "work", "work-title", FALSE, "work-box");

  gimp_procedure_dialog_get_label (dialog, "grain-title", _ ("Grain and noise"), FALSE, FALSE);
  add_text (dialog, "grain-hint",
            _ ("If you set it yourself: 1 is a clean scan, 5 a grainy print."));
  gimp_procedure_dialog_fill_box (dialog, "grain-box", "grain", "denoise", "auto-noise",
                                  "noise-level", "grain-hint", NULL);
  gimp_procedure_dialog_fill_frame (dialog, "noise", "grain-title", FALSE, "grain-box");

  gimp_procedure_dialog_get_label (dialog, "blur-title", _ ("Sharpness"), FALSE, FALSE);
  gimp_procedure_dialog_fill_box (dialog, "blur-box", "deblur", "deblur-method", "blur-radius",
                                  "blur-radius-across", "blur-angle", "blur-file", NULL);
  gimp_procedure_dialog_fill_frame (dialog, "blur", "blur-title", FALSE, "blur-box");

  gimp_procedure_dialog_get_label (dialog, "seed-title", _ ("Another try"), FALSE, FALSE);
  gimp_procedure_dialog_fill_box (dialog, "seed-box", "seed", NULL);
  gimp_procedure_dialog_fill_frame (dialog, "again", "seed-title", FALSE, "seed-box");

  gimp_procedure_dialog_fill (dialog, "intro", "work", "noise", "blur", "again", NULL);

  gimp_procedure_dialog_set_sensitive (dialog, "noise-level", TRUE, G_OBJECT (config), "auto-noise",
                                       TRUE);
  gimp_procedure_dialog_set_sensitive (dialog, "grain", TRUE, G_OBJECT (config), "denoise", TRUE);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "deep");
  gimp_value_array_append (deep, &value);
  gimp_procedure_dialog_set_sensitive_if_in (dialog, "iterations", G_OBJECT (config), "method",
                                             deep, TRUE); /* which takes @deep */
  g_value_set_static_string (&value, "none");
  gimp_value_array_append (none, &value);
  gimp_procedure_dialog_set_sensitive_if_in (dialog, "blur-radius", G_OBJECT (config), "deblur",
                                             none, FALSE); /* which takes @none */
  g_value_unset (&value);

  hl_dialog_set_accessible_name (dialog, config, "mask-grow");
  hl_dialog_set_accessible_name (dialog, config, "method");
  hl_dialog_set_accessible_name (dialog, config, "iterations");
  hl_dialog_set_accessible_name (dialog, config, "grain");
  hl_dialog_set_accessible_name (dialog, config, "noise-level");
  hl_dialog_set_accessible_name (dialog, config, "deblur");
  hl_dialog_set_accessible_name (dialog, config, "deblur-method");
  hl_dialog_set_accessible_name (dialog, config, "blur-radius");
  hl_dialog_set_accessible_name (dialog, config, "blur-radius-across");
  hl_dialog_set_accessible_name (dialog, config, "blur-angle");
  hl_dialog_set_accessible_name (dialog, config, "seed");
}

/**
 * hl_dialog_run:
 * @procedure: the plug-in's procedure
 * @config: its arguments; the person's choice is written there
 *
 * Asks for the settings. gimp_ui_init() must have been called.
 *
 * Returns: whether the person wants to go on
 */
gboolean
hl_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config)
{
  GtkWidget *dialog = gimp_procedure_dialog_new (procedure, config, _ ("Restore Old Photo"));
  gboolean   is_ok;

  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (dialog), _ ("Rest_ore"));
  fill_dialog (GIMP_PROCEDURE_DIALOG (dialog), config);
  is_ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));
  gtk_widget_destroy (dialog);
  return is_ok;
}

/* "1:05" or "1:02:05", which needs no translation. */
static char *
format_elapsed (double seconds)
{
  guint s = (guint) seconds;

  if (s >= 3600)
    return g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
  return g_strdup_printf ("%u:%02u", s / 60, s % 60);
}

/* No finer than an estimate deserves. */
static char *
format_remaining (double seconds)
{
  guint n;

  if (seconds < 0.0)
    return g_strdup (_ ("estimating the time…"));
  if (seconds < 5.0)
    return g_strdup (_ ("a few seconds left"));
  if (seconds < 55.0)
    {
      n = 5 * (guint) ceil (seconds / 5.0);
      return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", n), n);
    }
  if (seconds < 90.0 * 60.0)
    {
      n = (guint) ceil (seconds / 60.0);
      return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", n), n);
    }
  n = (guint) ceil (seconds / 3600.0);
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", n), n);
}

static void
on_response (GtkDialog *dialog, int response, gpointer user_data)
{
  HlProgressWindow *window = user_data;

  if (response == RESPONSE_STOP)
    {
      hl_worker_stop (window->worker);
      gtk_label_set_text (GTK_LABEL (window->status), _ ("Finishing with what is there…"));
    }
  else
    {
      hl_worker_cancel (window->worker);
      gtk_label_set_text (GTK_LABEL (window->status), _ ("Cancelling…"));
      gtk_dialog_set_response_sensitive (dialog, GTK_RESPONSE_CANCEL, FALSE);
    }
  /* After a stop, cancelling stays possible, but not the other way round. */
  gtk_dialog_set_response_sensitive (dialog, RESPONSE_STOP, FALSE);
  window->is_ending = TRUE;
}

/* The window goes when the work has ended, not before: closing it means cancel. */
static gboolean
on_delete (GtkWidget *widget, GdkEvent *event, gpointer user_data)
{
  return TRUE;
}

/**
 * hl_progress_window_new:
 * @worker: the work that its buttons end; borrowed until hl_progress_window_free()
 *
 * Opens a window with the progress, "Stop and keep" and "Cancel". Escape and closing it
 * cancel.
 *
 * Returns: (transfer full): the window
 */
HlProgressWindow *
hl_progress_window_new (HlWorker *worker)
{
  HlProgressWindow *window = g_new0 (HlProgressWindow, 1);
  GtkWidget        *box;

  window->worker = worker;

  window->dialog = gimp_dialog_new (_ ("Restoring the photograph"), "heirloom-progress", NULL, 0,
                                    NULL, NULL, _ ("_Stop and keep"), RESPONSE_STOP, _ ("_Cancel"),
                                    GTK_RESPONSE_CANCEL, NULL);
  gtk_widget_set_tooltip_text (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (window->dialog), RESPONSE_STOP),
      _ ("End now and put the best result so far on a new layer."));
  gtk_widget_set_tooltip_text (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (window->dialog), GTK_RESPONSE_CANCEL),
      _ ("End now and leave the picture as it was."));
  gtk_window_set_resizable (GTK_WINDOW (window->dialog), FALSE);
  gimp_window_set_transient (GTK_WINDOW (window->dialog));
  g_signal_connect (window->dialog, "response", G_CALLBACK (on_response), window);
  g_signal_connect (window->dialog, "delete-event", G_CALLBACK (on_delete), NULL);

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  window->status = gtk_label_new (_ ("Looking at the photograph…"));
  window->bar    = gtk_progress_bar_new ();
  window->time   = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (window->status), 0.0);
  gtk_label_set_xalign (GTK_LABEL (window->time), 0.0);
  gtk_label_set_width_chars (GTK_LABEL (window->time), TEXT_WIDTH);
  gtk_container_add (GTK_CONTAINER (box), window->status);
  gtk_container_add (GTK_CONTAINER (box), window->bar);
  gtk_container_add (GTK_CONTAINER (box), window->time);
  gtk_container_add (GTK_CONTAINER (gtk_dialog_get_content_area (GTK_DIALOG (window->dialog))),
                     box);
  gtk_widget_show_all (window->dialog);
  /* Neither button has the focus, lest the Enter that closed the settings ends the work. */
  gtk_window_set_focus (GTK_WINDOW (window->dialog), NULL);
  return window;
}

/**
 * hl_progress_window_update:
 * @progress: where the work stands
 * @user_data: (type HlProgressWindow): the window
 *
 * Shows the progress; a #HlWorkerTickFunc.
 */
void
hl_progress_window_update (const HlWorkerProgress *progress, gpointer user_data)
{
  HlProgressWindow *window    = user_data;
  g_autofree char  *elapsed   = format_elapsed (progress->elapsed);
  g_autofree char  *remaining = format_remaining (progress->remaining);
  g_autofree char  *time      = NULL;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (window->bar), progress->fraction);
  if (window->is_ending)
    time = g_strdup (elapsed);
  else
    {
      /* Translators: the first is a time such as 1:05, the second "about 2 minutes left".
       */
      time = g_strdup_printf (_ ("%s so far, %s"), elapsed, remaining);
      if (progress->iteration > 0)
        {
          g_autofree char *status = g_strdup_printf (_ ("Step %u"), progress->iteration);

          gtk_label_set_text (GTK_LABEL (window->status), status);
        }
    }
  gtk_label_set_text (GTK_LABEL (window->time), time);
}

/**
 * hl_progress_window_free:
 * @window: (transfer full) (nullable): a window
 *
 * Closes the window.
 */
void
hl_progress_window_free (HlProgressWindow *window)
{
  if (!window)
    return;
  gtk_widget_destroy (window->dialog);
  g_free (window);
}

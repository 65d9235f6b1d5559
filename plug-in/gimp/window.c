/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both windows share: the picture on one side, which gets all the space there is, and on the
 * other a narrow column of settings, which scrolls where the screen is low. */

#include "gimp/window.h"

/* What the screen may have beside a window: its title and frame, pixels. */
#define FRAME_WIDTH 24
#define FRAME_HEIGHT 56

/* Larger than that, a picture is no better to look at. */
#define MOST_WIDTH 1600
#define MOST_HEIGHT 1000

/* Of the settings, pixels. */
#define COLUMN_WIDTH 312

/* Between the picture and the settings, pixels. */
#define SPACE 12

/**
 * hl_window_prepare:
 * @dialog: a window
 * @image: the image that it is about
 * @title: what it does, translated
 *
 * Gives it a title that tells it from that of another image, and nearly all of the screen.
 */
void
hl_window_prepare (GtkWidget *dialog, GimpImage *image, const char *title)
{
  g_autofree char *name = gimp_image_get_name (image);
  /* The image as the title of its own window names it. */
  g_autofree char *full = g_strdup_printf ("%s: %s-%d", title, name, gimp_image_get_id (image));
  GdkRectangle     area;

  gtk_window_set_title (GTK_WINDOW (dialog), full);
  gtk_window_set_resizable (GTK_WINDOW (dialog), TRUE);
  gdk_monitor_get_workarea (gimp_get_monitor_at_pointer (), &area);
  gtk_window_set_default_size (GTK_WINDOW (dialog), MIN (area.width - FRAME_WIDTH, MOST_WIDTH),
                               MIN (area.height - FRAME_HEIGHT, MOST_HEIGHT));
}

/* GIMP's row of buttons that keep the settings: what there is beside the row with OK. */
static GtkWidget *
take_buttons (GtkWidget *dialog, GtkWidget *content)
{
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (content));
  GtkWidget *ok = gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);

  for (GList *child = children; child; child = child->next)
    if (GTK_IS_BOX (child->data) && !gtk_widget_is_ancestor (ok, child->data))
      {
        gtk_container_remove (GTK_CONTAINER (content), g_object_ref (child->data));
        return child->data;
      }
  return NULL;
}

/**
 * hl_window_lay_out:
 * @dialog: a window without contents of ours yet
 * @picture: what the space is for
 * @settings: a column
 *
 * Puts one beside the other, and GIMP's buttons that keep the settings below those.
 */
void
hl_window_lay_out (GtkWidget *dialog, GtkWidget *picture, GtkWidget *settings)
{
  GtkWidget *content  = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *buttons  = take_buttons (dialog, content);
  GtkWidget *sides    = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACE);
  GtkWidget *column   = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACE);
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  gtk_box_pack_start (GTK_BOX (column), settings, FALSE, FALSE, 0);
  if (buttons)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (buttons), GTK_ORIENTATION_VERTICAL);
      gtk_box_pack_start (GTK_BOX (column), buttons, FALSE, FALSE, 0);
      g_object_unref (buttons);
    }
  /* The sliders would like to be wide; the picture gets the space instead. */
  gtk_scrolled_window_set_min_content_width (GTK_SCROLLED_WINDOW (scrolled), COLUMN_WIDTH);
  gtk_container_add (GTK_CONTAINER (scrolled), column);
  gtk_widget_set_hexpand (scrolled, FALSE);
  gtk_box_pack_start (GTK_BOX (sides), picture, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (sides), scrolled, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (content), sides, TRUE, TRUE, 0);
  gtk_widget_show_all (sides);
}

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

/* How far windows of different images lie apart, pixels, and how many places there are. */
#define STEP 40
#define PLACES 6

/* Of the picture that stands for a window where the desktop lists them, pixels. */
#define ICON_SIZE 64

/* Shows the image where the desktop shows a window's icon, and puts the windows of different images
 * in different places, as far as the screen has space. */
static void
tell_apart (GtkWindow *window, GimpImage *image, const GdkRectangle *area, int width, int height)
{
  g_autoptr (GdkPixbuf) icon
      = gimp_image_get_thumbnail (image, ICON_SIZE, ICON_SIZE, GIMP_PIXBUF_KEEP_ALPHA);
  int offset = STEP * (gimp_image_get_id (image) % PLACES);

  if (icon)
    gtk_window_set_icon (window, icon);
  gtk_window_move (window, area->x + CLAMP (offset, 0, MAX (area->width - width - FRAME_WIDTH, 0)),
                   area->y + CLAMP (offset, 0, MAX (area->height - height - FRAME_HEIGHT, 0)));
}

/**
 * hl_window_prepare:
 * @dialog: a window
 * @image: the image that it is about
 * @title: what it does, translated
 *
 * Gives it a title, an icon and a place that tell it from that of another image, and nearly all of
 * the screen.
 */
void
hl_window_prepare (GtkWidget *dialog, GimpImage *image, const char *title)
{
  g_autofree char *name = gimp_image_get_name (image);
  /* The image as the title of its own window names it. */
  g_autofree char *full = g_strdup_printf ("%s: %s-%d", title, name, gimp_image_get_id (image));
  GdkRectangle     area;
  int              width, height;

  gtk_window_set_title (GTK_WINDOW (dialog), full);
  gtk_window_set_resizable (GTK_WINDOW (dialog), TRUE);
  gdk_monitor_get_workarea (gimp_get_monitor_at_pointer (), &area);
  width  = MIN (area.width - FRAME_WIDTH, MOST_WIDTH);
  height = MIN (area.height - FRAME_HEIGHT, MOST_HEIGHT);
  gtk_window_set_default_size (GTK_WINDOW (dialog), width, height);
  tell_apart (GTK_WINDOW (dialog), image, &area, width, height);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the person says in the view what should be gray: while the picker is out, a click sets a
 * point, which shows as a ring, and a click on a ring takes the point away. The points are one of
 * the procedure's arguments, as text; whatever changes it can be undone here. */

#include "gimp/picker.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "gimp/arguments.h"

#define PROPERTY "colour-gray"

/* Screen pixels: a ring at least, how far beside one a click may be, and how far a hand may slip in
 * a click. */
#define LEAST_RADIUS 5.0
#define NEAR 2.0
#define SLIP 4.0

struct _HlPicker
{
  HlPane      *pane;
  GObject     *config;
  HlPickerFunc changed;
  gpointer     user_data;
  GtkWidget   *button;
  int          width, height; /* of the photograph; 0 where there is nothing to pick from */
  char        *text;          /* the points */
  GQueue       done, back;    /* (element-type utf8): points to go back to, and forth */
  gboolean     is_undoing;
  gboolean     is_pressed; /* what may become a click */
  double       press_x, press_y;
};

static gboolean
matters (const HlPicker *picker)
{
  return hl_arguments_matters (picker->config, hl_setting_find (PROPERTY));
}

/* What cannot be read are no points. */
static void
get_points (const HlPicker *picker, HlColourPoints *points)
{
  if (!hl_colour_points_parse (points, picker->text, NULL))
    *points = (HlColourPoints) { 0 };
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  HlPicker *picker = user_data;

  if (!matters (picker))
    hl_picker_put_away (picker);
  if (g_str_equal (spec->name, PROPERTY))
    {
      char *text = hl_arguments_get_text (config, hl_setting_find (PROPERTY));

      if (!picker->is_undoing && g_strcmp0 (text, picker->text) != 0)
        {
          g_queue_push_tail (&picker->done, g_strdup (picker->text));
          g_queue_clear_full (&picker->back, g_free);
        }
      g_free (picker->text);
      picker->text = text;
    }
  picker->changed (picker, picker->user_data);
}

static void
on_toggled (GtkToggleButton *button, gpointer user_data)
{
  HlPicker *picker = user_data;

  picker->changed (picker, picker->user_data);
}

static GtkWidget *
make_button (void)
{
  GtkWidget *button = gtk_toggle_button_new_with_mnemonic (_ (hl_setting_find (PROPERTY)->label));

  gtk_button_set_image (GTK_BUTTON (button), gtk_image_new_from_icon_name ("gimp-tool-color-picker",
                                                                           GTK_ICON_SIZE_BUTTON));
  gtk_button_set_always_show_image (GTK_BUTTON (button), TRUE);
  return button;
}

/**
 * hl_picker_new:
 * @pane: in which the photograph lies; borrowed
 * @config: the procedure's arguments
 * @changed: called when it is to be drawn anew
 * @user_data: for @changed
 *
 * Returns: (transfer full): a picker, put away
 */
HlPicker *
hl_picker_new (HlPane *pane, GObject *config, HlPickerFunc changed, gpointer user_data)
{
  HlPicker *picker = g_new0 (HlPicker, 1);

  picker->pane      = pane;
  picker->config    = g_object_ref (config);
  picker->changed   = changed;
  picker->user_data = user_data;
  picker->text      = hl_arguments_get_text (config, hl_setting_find (PROPERTY));
  picker->button    = g_object_ref_sink (make_button ());
  g_signal_connect (picker->button, "toggled", G_CALLBACK (on_toggled), picker);
  g_signal_connect (config, "notify", G_CALLBACK (on_notify), picker);
  return picker;
}

/**
 * hl_picker_get_button:
 * @picker: a picker
 *
 * Returns: (transfer none): the button that takes it and puts it away
 */
GtkWidget *
hl_picker_get_button (HlPicker *picker)
{
  return picker->button;
}

/**
 * hl_picker_set_size:
 * @picker: a picker
 * @width: of the photograph, pixels; 0 where there is nothing to pick from
 * @height: likewise
 */
void
hl_picker_set_size (HlPicker *picker, int width, int height)
{
  picker->width      = width;
  picker->height     = height;
  picker->is_pressed = FALSE;
}

/**
 * hl_picker_is_out:
 * @picker: a picker
 *
 * Returns: whether a click sets a point
 */
gboolean
hl_picker_is_out (const HlPicker *picker)
{
  return picker->width > 0 && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (picker->button));
}

/**
 * hl_picker_put_away:
 * @picker: a picker
 *
 * From now on a click sets no point.
 */
void
hl_picker_put_away (HlPicker *picker)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (picker->button), FALSE);
}

/**
 * hl_picker_press:
 * @picker: a picker that is out
 * @event: of the pane, which must see it too, as it may begin to move the picture
 */
void
hl_picker_press (HlPicker *picker, const GdkEventButton *event)
{
  picker->is_pressed = event->type == GDK_BUTTON_PRESS && event->button == GDK_BUTTON_PRIMARY;
  picker->press_x    = event->x;
  picker->press_y    = event->y;
}

static double
get_radius (const HlPicker *picker, const HlPlace *place)
{
  return MAX (hl_colour_points_get_radius (picker->width, picker->height) * place->scale,
              LEAST_RADIUS);
}

/* The number of the point whose ring is at (@x, @y) of the pane; n where there is none. */
static gsize
find_ring (const HlPicker *picker, const HlPlace *place, const HlColourPoints *points, double x,
           double y)
{
  gsize i = 0;

  while (i < points->n
         && hypot (place->x + points->at[i].x * place->scale - x,
                   place->y + points->at[i].y * place->scale - y)
                > get_radius (picker, place) + NEAR)
    i++;
  return i;
}

/**
 * hl_picker_move:
 * @picker: a picker that is out
 * @event: of the pane
 *
 * Returns: whether it shows what a click would do, so that the pane must not see the event
 */
gboolean
hl_picker_move (HlPicker *picker, const GdkEventMotion *event)
{
  HlColourPoints points;
  HlPlace        place;

  if (hypot (event->x - picker->press_x, event->y - picker->press_y) > SLIP)
    picker->is_pressed = FALSE;
  if ((event->state & (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK))
      || !hl_pane_get_place (picker->pane, &place))
    return FALSE;
  get_points (picker, &points);
  hl_pane_set_cursor (
      picker->pane,
      find_ring (picker, &place, &points, event->x, event->y) < points.n ? "pointer" : "crosshair");
  return TRUE;
}

static void
set_text (HlPicker *picker, const char *text)
{
  g_object_set (picker->config, PROPERTY, text, NULL);
}

/* Sets a point, or takes one away. */
static void
toggle (HlPicker *picker, double x, double y)
{
  g_autofree char *text = NULL;
  HlColourPoints   points;
  HlColourPoint    point;
  HlPlace          place;
  gsize            at;

  if (!hl_pane_get_place (picker->pane, &place))
    return;
  get_points (picker, &points);
  at    = find_ring (picker, &place, &points, x, y);
  point = (HlColourPoint) { (x - place.x) / place.scale, (y - place.y) / place.scale };
  if (at < points.n)
    {
      for (points.n--; at < points.n; at++)
        points.at[at] = points.at[at + 1];
    }
  else if (point.x >= 0 && point.x < picker->width && point.y >= 0 && point.y < picker->height
           && points.n < HL_COLOUR_MOST_POINTS)
    points.at[points.n++] = point;
  else
    return;
  text = hl_colour_points_format (&points);
  set_text (picker, text);
}

/**
 * hl_picker_release:
 * @picker: a picker that is out
 * @event: of the pane
 *
 * Returns: whether a click ends
 */
gboolean
hl_picker_release (HlPicker *picker, const GdkEventButton *event)
{
  gboolean is_click = picker->is_pressed;

  picker->is_pressed = FALSE;
  if (is_click)
    toggle (picker, event->x, event->y);
  return is_click;
}

static void
swap (HlPicker *picker, GQueue *from, GQueue *to)
{
  g_autofree char *text = g_queue_pop_tail (from);

  if (!text)
    return;
  g_queue_push_tail (to, g_strdup (picker->text));
  picker->is_undoing = TRUE;
  set_text (picker, text);
  picker->is_undoing = FALSE;
}

/**
 * hl_picker_undo:
 * @picker: a picker
 *
 * Takes the last change of the points back.
 */
void
hl_picker_undo (HlPicker *picker)
{
  swap (picker, &picker->done, &picker->back);
}

/**
 * hl_picker_redo:
 * @picker: a picker
 *
 * Does again what was undone last.
 */
void
hl_picker_redo (HlPicker *picker)
{
  swap (picker, &picker->back, &picker->done);
}

/**
 * hl_picker_draw:
 * @picker: a picker
 * @cr: of the pane
 *
 * Draws a ring around each point, as large as what is looked at there, where points matter.
 */
void
hl_picker_draw (HlPicker *picker, cairo_t *cr)
{
  HlColourPoints points;
  HlPlace        place;

  if (picker->width <= 0 || !matters (picker) || !hl_pane_get_place (picker->pane, &place))
    return;
  get_points (picker, &points);
  for (gsize i = 0; i < points.n; i++)
    for (int ring = 0; ring < 2; ring++)
      {
        cairo_new_path (cr);
        cairo_arc (cr, place.x + points.at[i].x * place.scale,
                   place.y + points.at[i].y * place.scale, get_radius (picker, &place) + 1.5 * ring,
                   0, 2 * G_PI);
        cairo_set_source_rgb (cr, !ring, !ring, !ring);
        cairo_set_line_width (cr, 1.5);
        cairo_stroke (cr);
      }
}

/**
 * hl_picker_free:
 * @picker: (transfer full) (nullable): a picker whose pane is gone, or going
 */
void
hl_picker_free (HlPicker *picker)
{
  if (!picker)
    return;
  g_signal_handlers_disconnect_by_data (picker->config, picker);
  g_signal_handlers_disconnect_by_data (picker->button, picker);
  g_queue_clear_full (&picker->done, g_free);
  g_queue_clear_full (&picker->back, g_free);
  g_object_unref (picker->button);
  g_object_unref (picker->config);
  g_free (picker->text);
  g_free (picker);
}

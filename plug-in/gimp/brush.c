/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the person changes what is to be mended (marks.c) in the view: with the hand, a click drops a
 * mark or brings it back; with the brush, the left button adds and the right one removes; with the
 * eraser it is the other way around. */

#include "gimp/brush.h"

#include <math.h>

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n-lib.h>

/* Screen pixels: the brush at first, how far beside a mark a click may be, and how far a hand may
 * slip in a click. */
#define FIRST_RADIUS 7.0
#define NEAR 6.0
#define SLIP 4.0

#define SIZE_STEP 1.25

/* Pixels of the photograph. */
#define LEAST_RADIUS 0.5
#define MOST_RADIUS 500.0

typedef enum
{
  HAND,
  BRUSH,
  ERASER,
  TOOLS
} Tool;

struct _HlBrush
{
  HlPane     *pane;
  HlMarks    *marks; /* borrowed, or NULL */
  GtkWidget  *buttons[TOOLS];
  HlBrushFunc changed;
  gpointer    user_data;
  Tool        tool;
  double      radius;           /* pixels of the photograph; 0 until it is first needed */
  gboolean    is_painting, add; /* a stroke, and what it does */
  gboolean    is_pressed;       /* what may become a click */
  double      press_x, press_y;
  double      x, y; /* where the pointer is in the pane */
  gboolean    is_inside;
};

/* Where a point of the pane lies in the photograph. */
static gboolean
to_photograph (const HlBrush *brush, double *x, double *y)
{
  HlPlace place;

  if (!brush->marks || !hl_pane_get_place (brush->pane, &place))
    return FALSE;
  *x = (*x - place.x) / place.scale;
  *y = (*y - place.y) / place.scale;
  return TRUE;
}

static double
get_scale (const HlBrush *brush)
{
  HlPlace place = { 1, 0, 0 };

  hl_pane_get_place (brush->pane, &place);
  return place.scale;
}

static double
get_radius (HlBrush *brush)
{
  if (brush->radius <= 0)
    brush->radius = CLAMP (FIRST_RADIUS / get_scale (brush), LEAST_RADIUS, MOST_RADIUS);
  return brush->radius;
}

static void
redraw (HlBrush *brush)
{
  gtk_widget_queue_draw (GTK_WIDGET (brush->pane));
}

static gboolean
on_leave (GtkWidget *pane, GdkEventCrossing *event, gpointer user_data)
{
  HlBrush *brush = user_data;

  brush->is_inside = FALSE;
  redraw (brush);
  return FALSE;
}

/**
 * hl_brush_new:
 * @pane: in which the photograph lies; borrowed
 * @changed: called when another tool is taken
 * @user_data: for @changed
 *
 * Returns: (transfer full): the hand, to begin with
 */
HlBrush *
hl_brush_new (HlPane *pane, HlBrushFunc changed, gpointer user_data)
{
  HlBrush *brush = g_new0 (HlBrush, 1);

  brush->pane      = pane;
  brush->changed   = changed;
  brush->user_data = user_data;
  gtk_widget_add_events (GTK_WIDGET (pane), GDK_LEAVE_NOTIFY_MASK);
  g_signal_connect (pane, "leave-notify-event", G_CALLBACK (on_leave), brush);
  return brush;
}

static void
on_toggled (GtkToggleButton *button, gpointer user_data)
{
  HlBrush *brush = user_data;

  for (int tool = 0; tool < TOOLS; tool++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (brush->buttons[tool])))
      brush->tool = tool;
  redraw (brush);
  brush->changed (brush, brush->user_data);
}

/**
 * hl_brush_make_buttons:
 * @brush: a brush; call it once
 *
 * Returns: (transfer floating): a row of buttons: hand, brush and eraser
 */
GtkWidget *
hl_brush_make_buttons (HlBrush *brush)
{
  static const char *const icons[TOOLS]
      = { "gimp-tool-move", "gimp-tool-paintbrush", "gimp-tool-eraser" };
  const char *names[TOOLS] = { _ ("Hand"), _ ("Brush"), _ ("Eraser") };
  const char *hints[TOOLS] = {
    _ ("Move the picture. A click on a mark drops it, so that it is not mended; another brings it "
       "back. (H)"),
    _ ("Mark what is to be mended. The right button removes marks; [ and ] change the size. (B)"),
    _ ("Remove marks from what is not to be mended. The right button adds them; [ and ] change the "
       "size. (E)"),
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_style_context_add_class (gtk_widget_get_style_context (box), GTK_STYLE_CLASS_LINKED);
  for (int tool = 0; tool < TOOLS; tool++)
    {
      GtkWidget *button
          = gtk_radio_button_new_from_widget (tool ? GTK_RADIO_BUTTON (brush->buttons[0]) : NULL);

      gtk_toggle_button_set_mode (GTK_TOGGLE_BUTTON (button), FALSE);
      gtk_button_set_image (GTK_BUTTON (button),
                            gtk_image_new_from_icon_name (icons[tool], GTK_ICON_SIZE_BUTTON));
      gtk_widget_set_tooltip_text (button, hints[tool]);
      atk_object_set_name (gtk_widget_get_accessible (button), names[tool]);
      gtk_container_add (GTK_CONTAINER (box), button);
      brush->buttons[tool] = button;
    }
  for (int tool = 0; tool < TOOLS; tool++)
    g_signal_connect (brush->buttons[tool], "toggled", G_CALLBACK (on_toggled), brush);
  return box;
}

/**
 * hl_brush_set_marks:
 * @brush: a brush
 * @marks: (nullable): what it changes; borrowed until others are set
 */
void
hl_brush_set_marks (HlBrush *brush, HlMarks *marks)
{
  brush->marks       = marks;
  brush->radius      = 0;
  brush->is_painting = brush->is_pressed = FALSE;
}

/**
 * hl_brush_is_out:
 * @brush: a brush
 *
 * Returns: whether the pointer is a brush or an eraser, and not a hand
 */
gboolean
hl_brush_is_out (const HlBrush *brush)
{
  return brush->marks && brush->tool != HAND;
}

static void
set_tool (HlBrush *brush, Tool tool)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (brush->buttons[tool]), TRUE);
}

/**
 * hl_brush_put_away:
 * @brush: a brush
 *
 * Takes the hand.
 */
void
hl_brush_put_away (HlBrush *brush)
{
  set_tool (brush, HAND);
}

/**
 * hl_brush_undo:
 * @brush: a brush
 *
 * Takes the last stroke or click back.
 */
void
hl_brush_undo (HlBrush *brush)
{
  if (brush->marks && hl_marks_undo (brush->marks))
    redraw (brush);
}

/**
 * hl_brush_redo:
 * @brush: a brush
 *
 * Does again what was undone last.
 */
void
hl_brush_redo (HlBrush *brush)
{
  if (brush->marks && hl_marks_redo (brush->marks))
    redraw (brush);
}

static void
paint (HlBrush *brush, double from_x, double from_y, double x, double y)
{
  if (to_photograph (brush, &from_x, &from_y) && to_photograph (brush, &x, &y))
    hl_marks_paint (brush->marks, from_x, from_y, x, y, get_radius (brush), brush->add);
  redraw (brush);
}

/**
 * hl_brush_press:
 * @brush: a brush
 * @event: of the pane
 *
 * Returns: whether a stroke begins, so that the pane must not see the event
 */
gboolean
hl_brush_press (HlBrush *brush, const GdkEventButton *event)
{
  gboolean is_right = event->button == GDK_BUTTON_SECONDARY;

  brush->is_pressed = event->type == GDK_BUTTON_PRESS && event->button == GDK_BUTTON_PRIMARY;
  brush->press_x    = event->x;
  brush->press_y    = event->y;
  if (!hl_brush_is_out (brush) || !(is_right || event->button == GDK_BUTTON_PRIMARY))
    return FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (brush->pane));
  brush->is_painting = TRUE;
  brush->add         = (brush->tool == BRUSH) != is_right;
  brush->x           = event->x;
  brush->y           = event->y;
  paint (brush, event->x, event->y, event->x, event->y);
  return TRUE;
}

/**
 * hl_brush_move:
 * @brush: a brush
 * @event: of the pane
 *
 * Returns: whether it is out, so that the pane must not see the event
 */
gboolean
hl_brush_move (HlBrush *brush, const GdkEventMotion *event)
{
  double from_x = brush->x, from_y = brush->y;

  brush->x         = event->x;
  brush->y         = event->y;
  brush->is_inside = TRUE;
  if (hypot (event->x - brush->press_x, event->y - brush->press_y) > SLIP)
    brush->is_pressed = FALSE;
  /* The middle button moves the picture, whatever the tool. */
  if (!hl_brush_is_out (brush) || (event->state & GDK_BUTTON2_MASK))
    return FALSE;
  if (brush->is_painting)
    paint (brush, from_x, from_y, event->x, event->y);
  else
    redraw (brush);
  hl_pane_set_cursor (brush->pane, "crosshair");
  return TRUE;
}

/**
 * hl_brush_release:
 * @brush: a brush
 * @event: of the pane
 *
 * Returns: whether a stroke or a click ends
 */
gboolean
hl_brush_release (HlBrush *brush, const GdkEventButton *event)
{
  double   x = event->x, y = event->y;
  gboolean is_click = brush->is_pressed && !hl_brush_is_out (brush);

  brush->is_pressed = FALSE;
  if (brush->is_painting)
    {
      brush->is_painting = FALSE;
      hl_marks_end_action (brush->marks);
      return TRUE;
    }
  if (!is_click || !to_photograph (brush, &x, &y)
      || !hl_marks_toggle (brush->marks, x, y, NEAR / get_scale (brush)))
    return FALSE;
  redraw (brush);
  return TRUE;
}

static void
set_size (HlBrush *brush, double factor)
{
  brush->radius = CLAMP (get_radius (brush) * factor, LEAST_RADIUS, MOST_RADIUS);
  redraw (brush);
}

/**
 * hl_brush_key:
 * @brush: a brush
 * @event: of the window, where nobody types
 *
 * Returns: whether it was for the brush
 */
gboolean
hl_brush_key (HlBrush *brush, const GdkEventKey *event)
{
  guint modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  guint key       = gdk_keyval_to_lower (event->keyval);

  if (!brush->marks)
    return FALSE;
  /* On some keyboards a bracket wants a modifier. */
  if (key == GDK_KEY_bracketleft)
    set_size (brush, 1 / SIZE_STEP);
  else if (key == GDK_KEY_bracketright)
    set_size (brush, SIZE_STEP);
  else if (modifiers)
    return FALSE;
  else if (key == GDK_KEY_h)
    set_tool (brush, HAND);
  else if (key == GDK_KEY_b)
    set_tool (brush, BRUSH);
  else if (key == GDK_KEY_e)
    set_tool (brush, ERASER);
  else
    return FALSE;
  return TRUE;
}

/**
 * hl_brush_draw:
 * @brush: a brush
 * @cr: of the pane
 *
 * Draws how large it is, around the pointer.
 */
void
hl_brush_draw (HlBrush *brush, cairo_t *cr)
{
  double radius;

  if (!hl_brush_is_out (brush) || !brush->is_inside)
    return;
  radius = MAX (get_radius (brush) * get_scale (brush), 1.5);
  for (int ring = 0; ring < 2; ring++)
    {
      cairo_new_path (cr);
      cairo_arc (cr, brush->x, brush->y, radius + ring, 0, 2 * G_PI);
      cairo_set_source_rgb (cr, !ring, !ring, !ring);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}

/**
 * hl_brush_free:
 * @brush: (transfer full) (nullable): a brush whose pane is gone, or going
 */
void
hl_brush_free (HlBrush *brush)
{
  g_free (brush);
}

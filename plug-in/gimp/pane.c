/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a picture lies in a widget: zoomed by the wheel, by buttons or by keys, and moved by
 * dragging or by the arrow keys, in each window in the same way. The pane draws no picture. Who
 * does so, on "draw", asks for its place (view.c, mask_view.c); and who answers an event first,
 * and returns %TRUE, keeps it from the pane. */

#include "gimp/pane.h"

#include <math.h>

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n-lib.h>

/* Screen pixels. */
#define LEAST_WIDTH 320
#define LEAST_HEIGHT 160
#define PAN_STEP 48.0

#define ZOOM_STEP 1.25
#define MOST_ZOOM 32.0

typedef struct
{
  int    width, height;  /* of the picture; 0 where there is none */
  double zoom;           /* screen pixels for one of the picture, or 0 to fit */
  double x, y;           /* the pixel of the picture in the middle, unless it fits */
  double drag_x, drag_y; /* where the pointer was */
} HlPanePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (HlPane, hl_pane, GTK_TYPE_DRAWING_AREA)

static HlPanePrivate *
get_private (HlPane *pane)
{
  return hl_pane_get_instance_private (pane);
}

/* The middle of the widget. */
static void
get_middle (HlPane *pane, double *x, double *y)
{
  *x = gtk_widget_get_allocated_width (GTK_WIDGET (pane)) / 2.0;
  *y = gtk_widget_get_allocated_height (GTK_WIDGET (pane)) / 2.0;
}

/* The zoom that shows all of the picture. */
static double
get_fit (HlPane *pane)
{
  HlPanePrivate *self = get_private (pane);
  double         x, y;

  get_middle (pane, &x, &y);
  return MIN (MIN (2 * x / self->width, 2 * y / self->height), MOST_ZOOM);
}

/* Brings a pixel of the picture into the middle. */
static void
set_middle (HlPane *pane, double x, double y)
{
  HlPanePrivate *self = get_private (pane);

  self->x = CLAMP (x, 0, self->width);
  self->y = CLAMP (y, 0, self->height);
  gtk_widget_queue_draw (GTK_WIDGET (pane));
}

static void
zoom_to_fit (HlPane *pane)
{
  get_private (pane)->zoom = 0;
  gtk_widget_queue_draw (GTK_WIDGET (pane));
}

/* Sets the zoom, so that the picture stays where it is at (@x, @y) of the widget. */
static void
zoom_at (HlPane *pane, double zoom, double x, double y)
{
  HlPanePrivate *self = get_private (pane);
  double         middle_x, middle_y, fit;
  HlPlace        place;

  if (!hl_pane_get_place (pane, &place))
    return;
  fit = get_fit (pane);
  /* All the way out the picture is whole again, and stays so when the window changes. */
  if (zoom <= fit && fit <= 1)
    {
      zoom_to_fit (pane);
      return;
    }
  get_middle (pane, &middle_x, &middle_y);
  self->zoom = CLAMP (zoom, MIN (fit, 1), MOST_ZOOM);
  set_middle (pane, (x - place.x) / place.scale - (x - middle_x) / self->zoom,
              (y - place.y) / place.scale - (y - middle_y) / self->zoom);
}

static void
zoom_by (HlPane *pane, double factor)
{
  double  x, y;
  HlPlace place;

  get_middle (pane, &x, &y);
  if (hl_pane_get_place (pane, &place))
    zoom_at (pane, place.scale * factor, x, y);
}

static void
zoom_in (HlPane *pane)
{
  zoom_by (pane, ZOOM_STEP);
}

static void
zoom_out (HlPane *pane)
{
  zoom_by (pane, 1 / ZOOM_STEP);
}

static void
zoom_to_one (HlPane *pane)
{
  double x, y;

  get_middle (pane, &x, &y);
  zoom_at (pane, 1, x, y);
}

/* Moves the picture by so many screen pixels. What fits goes nowhere. */
static void
pan (HlPane *pane, double dx, double dy)
{
  HlPanePrivate *self = get_private (pane);

  if (self->zoom > 0)
    set_middle (pane, self->x - dx / self->zoom, self->y - dy / self->zoom);
}

static gboolean
hl_pane_draw (GtkWidget *widget, cairo_t *cr)
{
  if (gtk_widget_has_visible_focus (widget))
    gtk_render_focus (gtk_widget_get_style_context (widget), cr, 1, 1,
                      gtk_widget_get_allocated_width (widget) - 2,
                      gtk_widget_get_allocated_height (widget) - 2);
  return FALSE;
}

static gboolean
hl_pane_key_press (GtkWidget *widget, GdkEventKey *event)
{
  HlPane *pane = HL_PANE (widget);

  if (event->state & gtk_accelerator_get_default_mod_mask () & ~(GDK_SHIFT_MASK | GDK_CONTROL_MASK))
    return GTK_WIDGET_CLASS (hl_pane_parent_class)->key_press_event (widget, event);
  switch (event->keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_in (pane);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_out (pane);
      return TRUE;
    case GDK_KEY_1:
    case GDK_KEY_KP_1:
      zoom_to_one (pane);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      zoom_to_fit (pane);
      return TRUE;
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      pan (pane, PAN_STEP, 0);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      pan (pane, -PAN_STEP, 0);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      pan (pane, 0, PAN_STEP);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      pan (pane, 0, -PAN_STEP);
      return TRUE;
    default:
      return GTK_WIDGET_CLASS (hl_pane_parent_class)->key_press_event (widget, event);
    }
}

static gboolean
hl_pane_scroll (GtkWidget *widget, GdkEventScroll *event)
{
  double  dx, dy;
  HlPlace place;

  if (event->direction == GDK_SCROLL_UP)
    dy = -1;
  else if (event->direction == GDK_SCROLL_DOWN)
    dy = 1;
  else if (!gdk_event_get_scroll_deltas ((GdkEvent *) event, &dx, &dy))
    return FALSE;
  if (hl_pane_get_place (HL_PANE (widget), &place))
    zoom_at (HL_PANE (widget), place.scale * pow (ZOOM_STEP, -dy), event->x, event->y);
  return TRUE;
}

static gboolean
hl_pane_button_press (GtkWidget *widget, GdkEventButton *event)
{
  HlPanePrivate *self = get_private (HL_PANE (widget));

  gtk_widget_grab_focus (widget);
  self->drag_x = event->x;
  self->drag_y = event->y;
  return TRUE;
}

static gboolean
hl_pane_motion (GtkWidget *widget, GdkEventMotion *event)
{
  HlPanePrivate *self = get_private (HL_PANE (widget));

  if (event->state & (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK))
    {
      pan (HL_PANE (widget), event->x - self->drag_x, event->y - self->drag_y);
      self->drag_x = event->x;
      self->drag_y = event->y;
    }
  hl_pane_set_cursor (HL_PANE (widget), "grab");
  return TRUE;
}

static void
hl_pane_class_init (HlPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->draw                = hl_pane_draw;
  widget_class->key_press_event     = hl_pane_key_press;
  widget_class->scroll_event        = hl_pane_scroll;
  widget_class->button_press_event  = hl_pane_button_press;
  widget_class->motion_notify_event = hl_pane_motion;
}

static void
hl_pane_init (HlPane *pane)
{
  GtkWidget *widget = GTK_WIDGET (pane);

  gtk_widget_set_size_request (widget, LEAST_WIDTH, LEAST_HEIGHT);
  gtk_widget_set_can_focus (widget, TRUE);
  gtk_widget_add_events (widget, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK
                                     | GDK_POINTER_MOTION_MASK | GDK_SCROLL_MASK
                                     | GDK_SMOOTH_SCROLL_MASK | GDK_KEY_PRESS_MASK);
  atk_object_set_role (gtk_widget_get_accessible (widget), ATK_ROLE_IMAGE);
}

static void
add_button (HlPane *pane, GtkWidget *box, const char *icon, const char *label, const char *name,
            const char *tooltip, GCallback pressed)
{
  GtkWidget *button = icon ? gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON)
                           : gtk_button_new_with_label (label);

  gtk_widget_set_tooltip_text (button, tooltip);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  g_signal_connect_object (button, "clicked", pressed, pane, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (box), button);
}

/**
 * hl_pane_make_buttons:
 * @pane: a pane
 *
 * Returns: (transfer floating): a row of buttons that zoom the pane
 */
GtkWidget *
hl_pane_make_buttons (HlPane *pane)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_style_context_add_class (gtk_widget_get_style_context (box), GTK_STYLE_CLASS_LINKED);
  add_button (pane, box, "zoom-out-symbolic", NULL, _ ("Zoom out"), _ ("Show more of it (-)"),
              G_CALLBACK (zoom_out));
  add_button (pane, box, "zoom-in-symbolic", NULL, _ ("Zoom in"), _ ("Show it larger (+)"),
              G_CALLBACK (zoom_in));
  add_button (pane, box, NULL, "1:1", _ ("Zoom to 1:1"),
              _ ("Show each pixel of the photograph as one of the screen (1)"),
              G_CALLBACK (zoom_to_one));
  add_button (pane, box, "zoom-fit-best-symbolic", NULL, _ ("Show all"), _ ("Show all of it (0)"),
              G_CALLBACK (zoom_to_fit));
  return box;
}

/**
 * hl_pane_set_size:
 * @pane: a pane
 * @width: of its picture, pixels, or 0 for none
 * @height: of its picture, pixels, or 0 for none
 *
 * Sets how large the picture is, and shows all of it.
 */
void
hl_pane_set_size (HlPane *pane, int width, int height)
{
  HlPanePrivate *self = get_private (pane);

  self->width  = width;
  self->height = height;
  zoom_to_fit (pane);
}

/**
 * hl_pane_get_place:
 * @pane: a pane
 * @place: (out): where the picture lies
 *
 * Returns: whether there is a picture; otherwise @place is left alone
 */
gboolean
hl_pane_get_place (HlPane *pane, HlPlace *place)
{
  HlPanePrivate *self = get_private (pane);
  double         x, y;
  gboolean       is_fitted = self->zoom <= 0;

  if (self->width <= 0 || self->height <= 0)
    return FALSE;
  get_middle (pane, &x, &y);
  place->scale = is_fitted ? get_fit (pane) : self->zoom;
  /* Whole pixels, so that sharp edges stay sharp. */
  place->x = round (x - (is_fitted ? self->width / 2.0 : self->x) * place->scale);
  place->y = round (y - (is_fitted ? self->height / 2.0 : self->y) * place->scale);
  return TRUE;
}

/**
 * hl_pane_set_cursor:
 * @pane: a pane that is on the screen
 * @name: as CSS names it
 *
 * Shows what can be done where the pointer is.
 */
void
hl_pane_set_cursor (HlPane *pane, const char *name)
{
  GtkWidget *widget            = GTK_WIDGET (pane);
  g_autoptr (GdkCursor) cursor = gdk_cursor_new_from_name (gtk_widget_get_display (widget), name);

  gdk_window_set_cursor (gtk_widget_get_window (widget), cursor);
}

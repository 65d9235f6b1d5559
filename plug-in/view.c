/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live view: before on the side where a line of text begins, after on the other, and a
 * divider between them that is dragged, or moved by the slider below; zoom by the wheel, the
 * buttons or the keys, and pan by dragging. Only what is visible is drawn (picture.c). */

#include "view.h"

#include <math.h>

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n-lib.h>

#define LEAST_WIDTH 420
#define LEAST_HEIGHT 300

#define ZOOM_STEP 1.25
#define MOST_ZOOM 32.0
#define PAN_STEP 48.0
#define DIVIDER_STEP 0.02

/* Pixels on either side of the divider that take hold of it. */
#define GRIP 8

#define MARGIN 6

typedef enum
{
  DRAG_NONE,
  DRAG_DIVIDER,
  DRAG_PICTURE
} Drag;

struct _HlView
{
  GtkBox         parent_instance;
  GtkWidget     *area;
  GtkAdjustment *divider; /* 0..100: how much of the picture's visible width is before */
  HlPicture     *picture; /* borrowed, or NULL */
  guint          serial;  /* of what was drawn last */
  double         zoom;    /* screen pixels for one of the picture, or 0 to fit */
  double         x, y;    /* the pixel of the picture in the middle */
  Drag           drag;
  double         drag_x, drag_y; /* where the pointer was */
};

G_DEFINE_FINAL_TYPE (HlView, hl_view, GTK_TYPE_BOX)

/* Where the picture lies in the widget. */
typedef struct
{
  double scale;
  double x, y;        /* of its corner */
  double left, right; /* of what is visible */
  double divider;
} Place;

static gboolean
is_mirrored (HlView *view)
{
  return gtk_widget_get_direction (view->area) == GTK_TEXT_DIR_RTL;
}

static double
get_fit (HlView *view)
{
  int width, height;

  hl_picture_get_size (view->picture, &width, &height);
  return MIN (MIN ((double) gtk_widget_get_allocated_width (view->area) / width,
                   (double) gtk_widget_get_allocated_height (view->area) / height),
              MOST_ZOOM);
}

static Place
get_place (HlView *view)
{
  double width  = gtk_widget_get_allocated_width (view->area);
  double height = gtk_widget_get_allocated_height (view->area);
  double share  = gtk_adjustment_get_value (view->divider) / 100;
  int    w, h;
  Place  place;

  hl_picture_get_size (view->picture, &w, &h);
  place.scale = view->zoom > 0 ? view->zoom : get_fit (view);
  /* Whole pixels, so that sharp edges stay sharp. */
  place.x     = round (width / 2 - (view->zoom > 0 ? view->x : w / 2.0) * place.scale);
  place.y     = round (height / 2 - (view->zoom > 0 ? view->y : h / 2.0) * place.scale);
  place.left  = MAX (place.x, 0);
  place.right = MIN (place.x + w * place.scale, width);
  place.divider
      = round (place.left + (is_mirrored (view) ? 1 - share : share) * (place.right - place.left));
  return place;
}

/* A word on a ground of its own, as it must be read on any photograph. */
static void
draw_word (HlView *view, cairo_t *cr, const char *word, gboolean is_left, const Place *place)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (view->area, word);
  int    width, height;
  double x, y = MAX (place->y, 0) + MARGIN;
  double room = is_left ? place->divider - place->left : place->right - place->divider;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (room < width + 4 * MARGIN)
    return;
  x = is_left ? place->left + MARGIN : place->right - MARGIN - width - 2 * MARGIN;
  cairo_rectangle (cr, x, y, width + 2 * MARGIN, height + MARGIN);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_fill (cr);
  cairo_move_to (cr, x + MARGIN, y + 0.5 * MARGIN);
  cairo_set_source_rgb (cr, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_divider (cairo_t *cr, double x, double height)
{
  cairo_rectangle (cr, x - 1.5, 0, 3, height);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_fill (cr);
  cairo_rectangle (cr, x - 0.5, 0, 1, height);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
  cairo_arc (cr, x, height / 2, GRIP, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + 2 * side, height / 2 - 3);
      cairo_line_to (cr, x + 5 * side, height / 2);
      cairo_line_to (cr, x + 2 * side, height / 2 + 3);
    }
  cairo_stroke (cr);
}

static gboolean
on_draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  HlView *view   = user_data;
  int     height = gtk_widget_get_allocated_height (area);
  Place   place;

  gtk_render_background (gtk_widget_get_style_context (area), cr, 0, 0,
                         gtk_widget_get_allocated_width (area), height);
  if (view->picture)
    {
      place = get_place (view);
      for (int is_left = 0; is_left < 2; is_left++)
        {
          HlPictureSide side
              = (is_left != is_mirrored (view)) ? HL_PICTURE_BEFORE : HL_PICTURE_AFTER;

          cairo_save (cr);
          cairo_rectangle (cr, is_left ? place.left : place.divider, 0,
                           is_left ? place.divider - place.left : place.right - place.divider,
                           height);
          cairo_clip (cr);
          hl_picture_draw (view->picture, side, cr, place.scale, place.x, place.y);
          cairo_restore (cr);
          draw_word (view, cr, side == HL_PICTURE_BEFORE ? _ ("Before") : _ ("After"), is_left,
                     &place);
        }
      draw_divider (cr, place.divider, height);
    }
  if (gtk_widget_has_visible_focus (area))
    gtk_render_focus (gtk_widget_get_style_context (area), cr, 1, 1,
                      gtk_widget_get_allocated_width (area) - 2, height - 2);
  return TRUE;
}

/* Keeps the middle of the view within the picture. */
static void
set_middle (HlView *view, double x, double y)
{
  int width, height;

  hl_picture_get_size (view->picture, &width, &height);
  view->x = CLAMP (x, 0, width);
  view->y = CLAMP (y, 0, height);
  gtk_widget_queue_draw (view->area);
}

/* Sets the zoom, so that the picture stays where it is at (@x, @y) of the widget. */
static void
zoom_at (HlView *view, double zoom, double x, double y)
{
  double dx = x - gtk_widget_get_allocated_width (view->area) / 2.0;
  double dy = y - gtk_widget_get_allocated_height (view->area) / 2.0;
  Place  place;

  if (!view->picture)
    return;
  place      = get_place (view);
  view->zoom = CLAMP (zoom, MIN (get_fit (view), 1), MOST_ZOOM);
  set_middle (view, (x - place.x) / place.scale - dx / view->zoom,
              (y - place.y) / place.scale - dy / view->zoom);
}

static void
zoom_by (HlView *view, double factor)
{
  if (view->picture)
    zoom_at (view, get_place (view).scale * factor,
             gtk_widget_get_allocated_width (view->area) / 2.0,
             gtk_widget_get_allocated_height (view->area) / 2.0);
}

static void
zoom_in (HlView *view)
{
  zoom_by (view, ZOOM_STEP);
}

static void
zoom_out (HlView *view)
{
  zoom_by (view, 1 / ZOOM_STEP);
}

static void
zoom_one (HlView *view)
{
  if (view->picture)
    zoom_by (view, 1 / get_place (view).scale);
}

static void
zoom_fit (HlView *view)
{
  view->zoom = 0;
  gtk_widget_queue_draw (view->area);
}

static void
pan (HlView *view, double dx, double dy)
{
  Place place = get_place (view);

  /* What fits already goes nowhere. */
  if (view->zoom > 0)
    set_middle (view, view->x - dx / place.scale, view->y - dy / place.scale);
}

static void
move_divider (HlView *view, double by)
{
  gtk_adjustment_set_value (view->divider, gtk_adjustment_get_value (view->divider)
                                               + (is_mirrored (view) ? -100 : 100) * by);
}

static gboolean
on_key (GtkWidget *area, GdkEventKey *event, gpointer user_data)
{
  HlView  *view    = user_data;
  gboolean is_pan  = (event->state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0;
  int      left    = event->keyval == GDK_KEY_Left || event->keyval == GDK_KEY_KP_Left;
  int      right   = event->keyval == GDK_KEY_Right || event->keyval == GDK_KEY_KP_Right;
  int      up      = event->keyval == GDK_KEY_Up || event->keyval == GDK_KEY_KP_Up;
  int      down    = event->keyval == GDK_KEY_Down || event->keyval == GDK_KEY_KP_Down;
  double   divider = left ? -DIVIDER_STEP : DIVIDER_STEP;

  if (!view->picture || (event->state & GDK_MOD1_MASK))
    return FALSE;
  if ((left || right) && !is_pan)
    move_divider (view, divider);
  else if ((left || right || up || down) && (is_pan || view->zoom > 0))
    pan (view, PAN_STEP * (left - right), PAN_STEP * (up - down));
  else if (event->keyval == GDK_KEY_plus || event->keyval == GDK_KEY_equal
           || event->keyval == GDK_KEY_KP_Add)
    zoom_in (view);
  else if (event->keyval == GDK_KEY_minus || event->keyval == GDK_KEY_KP_Subtract)
    zoom_out (view);
  else if (event->keyval == GDK_KEY_1 || event->keyval == GDK_KEY_KP_1)
    zoom_one (view);
  else if (event->keyval == GDK_KEY_0 || event->keyval == GDK_KEY_KP_0)
    zoom_fit (view);
  else if (event->keyval == GDK_KEY_Home || event->keyval == GDK_KEY_End)
    gtk_adjustment_set_value (view->divider, event->keyval == GDK_KEY_Home ? 0 : 100);
  else
    return FALSE;
  return TRUE;
}

static gboolean
on_scroll (GtkWidget *area, GdkEventScroll *event, gpointer user_data)
{
  HlView *view = user_data;
  double  dx, dy = 0;

  if (!view->picture)
    return FALSE;
  if (event->direction == GDK_SCROLL_UP)
    dy = -1;
  else if (event->direction == GDK_SCROLL_DOWN)
    dy = 1;
  else if (!gdk_event_get_scroll_deltas ((GdkEvent *) event, &dx, &dy))
    return FALSE;
  zoom_at (view, get_place (view).scale * pow (ZOOM_STEP, -dy), event->x, event->y);
  return TRUE;
}

static void
drag_divider (HlView *view, double x)
{
  Place  place = get_place (view);
  double share = CLAMP ((x - place.left) / MAX (place.right - place.left, 1), 0, 1);

  gtk_adjustment_set_value (view->divider, 100 * (is_mirrored (view) ? 1 - share : share));
}

static gboolean
on_press (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  HlView *view = user_data;

  gtk_widget_grab_focus (area);
  if (!view->picture || event->button == GDK_BUTTON_SECONDARY)
    return FALSE;
  view->drag
      = event->button == GDK_BUTTON_PRIMARY && fabs (event->x - get_place (view).divider) <= GRIP
            ? DRAG_DIVIDER
            : DRAG_PICTURE;
  view->drag_x = event->x;
  view->drag_y = event->y;
  return TRUE;
}

static gboolean
on_motion (GtkWidget *area, GdkEventMotion *event, gpointer user_data)
{
  HlView *view = user_data;

  if (!view->picture)
    return FALSE;
  if (view->drag == DRAG_DIVIDER)
    drag_divider (view, event->x);
  else if (view->drag == DRAG_PICTURE)
    {
      pan (view, event->x - view->drag_x, event->y - view->drag_y);
      view->drag_x = event->x;
      view->drag_y = event->y;
    }
  else
    {
      gboolean is_near             = fabs (event->x - get_place (view).divider) <= GRIP;
      g_autoptr (GdkCursor) cursor = gdk_cursor_new_from_name (gtk_widget_get_display (area),
                                                               is_near ? "col-resize" : "grab");

      gdk_window_set_cursor (gtk_widget_get_window (area), cursor);
    }
  return TRUE;
}

static gboolean
on_release (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  HL_VIEW (user_data)->drag = DRAG_NONE;
  return TRUE;
}

static void
add_button (HlView *view, GtkWidget *box, const char *icon, const char *label, const char *name,
            const char *tooltip, GCallback pressed)
{
  GtkWidget *button = icon ? gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON)
                           : gtk_button_new_with_label (label);

  gtk_widget_set_tooltip_text (button, tooltip);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  g_signal_connect_swapped (button, "clicked", pressed, view);
  gtk_container_add (GTK_CONTAINER (box), button);
}

static void
hl_view_class_init (HlViewClass *klass)
{
}

static void
hl_view_init (HlView *view)
{
  GtkWidget *bar  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *zoom = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *slider;
  AtkObject *accessible;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (view), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (view), 4);

  view->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (view->area, LEAST_WIDTH, LEAST_HEIGHT);
  gtk_widget_set_can_focus (view->area, TRUE);
  gtk_widget_add_events (view->area, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK
                                         | GDK_POINTER_MOTION_MASK | GDK_SCROLL_MASK
                                         | GDK_SMOOTH_SCROLL_MASK | GDK_KEY_PRESS_MASK);
  gtk_widget_set_tooltip_text (
      view->area, _ ("Drag the line, or use the arrow keys, to compare. Zoom with the wheel, or + "
                     "and -; 1 shows each pixel, 0 everything. Move by dragging, or with Ctrl and "
                     "the arrow keys."));
  accessible = gtk_widget_get_accessible (view->area);
  atk_object_set_name (accessible, _ ("Before and after"));
  atk_object_set_role (accessible, ATK_ROLE_IMAGE);
  g_signal_connect (view->area, "draw", G_CALLBACK (on_draw), view);
  g_signal_connect (view->area, "key-press-event", G_CALLBACK (on_key), view);
  g_signal_connect (view->area, "scroll-event", G_CALLBACK (on_scroll), view);
  g_signal_connect (view->area, "button-press-event", G_CALLBACK (on_press), view);
  g_signal_connect (view->area, "motion-notify-event", G_CALLBACK (on_motion), view);
  g_signal_connect (view->area, "button-release-event", G_CALLBACK (on_release), view);
  gtk_box_pack_start (GTK_BOX (view), view->area, TRUE, TRUE, 0);

  view->divider = gtk_adjustment_new (50, 0, 100, 2, 10, 0);
  g_signal_connect_swapped (view->divider, "value-changed", G_CALLBACK (gtk_widget_queue_draw),
                            view->area);
  slider = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, view->divider);
  gtk_scale_set_draw_value (GTK_SCALE (slider), FALSE);
  gtk_widget_set_tooltip_text (slider, _ ("How much of the view shows the photograph as it was."));
  atk_object_set_name (gtk_widget_get_accessible (slider), _ ("Before and after"));
  gtk_box_pack_start (GTK_BOX (bar), slider, TRUE, TRUE, 0);

  gtk_style_context_add_class (gtk_widget_get_style_context (zoom), GTK_STYLE_CLASS_LINKED);
  add_button (view, zoom, "zoom-out-symbolic", NULL, _ ("Zoom out"), _ ("Show more of it (-)"),
              G_CALLBACK (zoom_out));
  add_button (view, zoom, "zoom-in-symbolic", NULL, _ ("Zoom in"), _ ("Show it larger (+)"),
              G_CALLBACK (zoom_in));
  add_button (view, zoom, NULL, "1:1", _ ("Zoom to 1:1"),
              _ ("Show each pixel of the photograph as one of the screen (1)"),
              G_CALLBACK (zoom_one));
  add_button (view, zoom, "zoom-fit-best-symbolic", NULL, _ ("Show all"), _ ("Show all of it (0)"),
              G_CALLBACK (zoom_fit));
  gtk_box_pack_end (GTK_BOX (bar), zoom, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (view), bar, FALSE, FALSE, 0);
}

/**
 * hl_view_new:
 *
 * Returns: a view of nothing yet
 */
GtkWidget *
hl_view_new (void)
{
  return g_object_new (HL_TYPE_VIEW, NULL);
}

/**
 * hl_view_set_picture:
 * @view: a view
 * @picture: (nullable): what to show; borrowed until another one is set
 *
 * Shows all of a picture; one that is shown already stays as it is.
 */
void
hl_view_set_picture (HlView *view, HlPicture *picture)
{
  if (picture == view->picture)
    return;
  view->picture = picture;
  view->drag    = DRAG_NONE;
  view->zoom    = 0;
  gtk_widget_queue_draw (view->area);
}

/**
 * hl_view_update:
 * @view: a view
 *
 * Draws the view again where its picture has changed.
 */
void
hl_view_update (HlView *view)
{
  guint serial = view->picture ? hl_picture_get_serial (view->picture) : 0;

  if (serial != view->serial)
    gtk_widget_queue_draw (view->area);
  view->serial = serial;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer with a mask drawn over it, for the window that proposes a selection. GEGL scales the
 * part that is visible; the mask is tinted and outlined on top, and a masked pixel is seen
 * however far away the picture is. Dragging pans, Ctrl and the wheel zoom; so do the arrow keys,
 * +, - and 0. */

#include "mask_view.h"

#include <math.h>

/* Least size of the view, screen pixels. */
#define LEAST_WIDTH 420
#define LEAST_HEIGHT 300

/* Screen pixels by which an arrow key pans. */
#define PAN 48

/* The colour of the mask, and how much of it a pixel within the outline gets. */
#define TINT 0xff0080u
#define SHARE 0.35

struct _HlMaskView
{
  GtkScrolledWindow parent_instance;

  GtkWidget     *area;
  GeglBuffer    *buffer; /* a copy of the layer, which is quicker to read than GIMP's */
  GimpZoomModel *zoom;
  int            width, height; /* of the layer */
  guint8        *mask;          /* (height, width) (nullable): not 0 where it is drawn */
  gboolean       is_shown;
  gboolean       is_fitted; /* to the window, until the person zooms */
  double         scale;
  guint          laid_out;       /* a source that waits for the end of the layout, or 0 */
  double         drag_x, drag_y; /* where the pointer was */
};

G_DEFINE_FINAL_TYPE (HlMaskView, hl_mask_view, GTK_TYPE_SCROLLED_WINDOW)

/* Whether one of the layer's pixels that the screen's pixel (@x, @y) shows is masked. */
static gboolean
is_masked (const HlMaskView *self, int x, int y)
{
  int left = (int) (x / self->scale), top = (int) (y / self->scale);
  int right  = MIN (MAX ((int) ((x + 1) / self->scale), left + 1), self->width);
  int bottom = MIN (MAX ((int) ((y + 1) / self->scale), top + 1), self->height);

  for (int j = MAX (top, 0); j < bottom; j++)
    for (int i = MAX (left, 0); i < right; i++)
      if (self->mask[(gsize) j * self->width + i])
        return TRUE;
  return FALSE;
}

static guint32
mix (guint32 colour)
{
  guint32 mixed = 0;

  for (int shift = 0; shift < 24; shift += 8)
    mixed |= (guint32) ((1 - SHARE) * (colour >> shift & 0xff) + SHARE * (TINT >> shift & 0xff))
             << shift;
  return mixed;
}

/* Draws the mask over @pixels of the screen: its outline, and a tint within. */
static void
draw_mask (const HlMaskView *self, const GeglRectangle *part, guint32 *pixels, int stride)
{
  int                columns = part->width + 2;
  g_autofree guint8 *rows    = g_new (guint8, 3 * (gsize) columns);

  for (int y = -1; y <= part->height; y++)
    {
      guint8 *next = rows + (gsize) ((y + 3) % 3) * columns;
      guint8 *here = rows + (gsize) ((y + 2) % 3) * columns;
      guint8 *last = rows + (gsize) ((y + 1) % 3) * columns;

      for (int x = 0; x < columns; x++)
        next[x] = is_masked (self, part->x + x - 1, part->y + y);
      for (int x = 1; y > 0 && x <= part->width; x++)
        if (here[x])
          {
            guint32 *pixel   = pixels + (gsize) (y - 1) * stride + x - 1;
            gboolean is_edge = !(here[x - 1] && here[x + 1] && last[x] && next[x]);

            *pixel = is_edge ? TINT : mix (*pixel);
          }
    }
}

static gboolean
on_draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  HlMaskView      *self = user_data;
  GdkRectangle     clip;
  GeglRectangle    part;
  cairo_surface_t *surface;
  guint32         *pixels;
  int              width  = MAX ((int) (self->width * self->scale), 1);
  int              height = MAX ((int) (self->height * self->scale), 1);
  int              left   = (gtk_widget_get_allocated_width (area) - width) / 2;
  int              top    = (gtk_widget_get_allocated_height (area) - height) / 2;

  left = MAX (left, 0);
  top  = MAX (top, 0);
  if (!gdk_cairo_get_clip_rectangle (cr, &clip)
      || !gegl_rectangle_intersect (
          &part, GEGL_RECTANGLE (0, 0, width, height),
          GEGL_RECTANGLE (clip.x - left, clip.y - top, clip.width, clip.height)))
    return TRUE;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, part.width, part.height);
  pixels  = (guint32 *) cairo_image_surface_get_data (surface);
  if (pixels)
    {
      int stride = cairo_image_surface_get_stride (surface);

      gegl_buffer_get (self->buffer, &part, self->scale, babl_format ("cairo-RGB24"), pixels,
                       stride, GEGL_ABYSS_CLAMP);
      if (self->mask && self->is_shown)
        draw_mask (self, &part, pixels, stride / (int) sizeof *pixels);
      cairo_surface_mark_dirty (surface);
      cairo_set_source_surface (cr, surface, part.x + left, part.y + top);
      cairo_paint (cr);
    }
  cairo_surface_destroy (surface);
  return TRUE;
}

/* Pans by so many screen pixels. */
static void
pan (HlMaskView *self, double x, double y)
{
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self));
  GtkAdjustment *down   = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self));

  gtk_adjustment_set_value (across, gtk_adjustment_get_value (across) + x);
  gtk_adjustment_set_value (down, gtk_adjustment_get_value (down) + y);
}

/* The middle of what is seen stays there. */
static void
on_zoomed (GimpZoomModel *zoom, double old_factor, double new_factor, gpointer user_data)
{
  HlMaskView    *self = user_data;
  GtkAdjustment *adjustments[]
      = { gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self)),
          gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self)) };
  int    sizes[] = { self->width, self->height };
  double times   = new_factor / self->scale;

  /* A new zoom button lets the model say where it is. */
  if (new_factor == self->scale)
    return;
  self->scale     = new_factor;
  self->is_fitted = FALSE;
  gtk_widget_set_size_request (self->area, (int) (self->width * new_factor),
                               (int) (self->height * new_factor));
  for (int i = 0; i < 2; i++)
    {
      double page  = gtk_adjustment_get_page_size (adjustments[i]);
      double value = gtk_adjustment_get_value (adjustments[i]), upper = sizes[i] * new_factor;

      /* GTK will find the same end for itself, but only when it lays out the window again. */
      gtk_adjustment_set_upper (adjustments[i], MAX (upper, page));
      gtk_adjustment_set_value (adjustments[i], (value + page / 2) * times - page / 2);
    }
  gtk_widget_queue_draw (self->area);
}

static gboolean
on_scroll (GtkWidget *area, GdkEventScroll *event, gpointer user_data)
{
  HlMaskView *self = user_data;

  if (!(event->state & GDK_CONTROL_MASK))
    return FALSE;
  if (event->direction == GDK_SCROLL_UP)
    gimp_zoom_model_zoom (self->zoom, GIMP_ZOOM_IN, 1.0);
  else if (event->direction == GDK_SCROLL_DOWN)
    gimp_zoom_model_zoom (self->zoom, GIMP_ZOOM_OUT, 1.0);
  else if (event->direction == GDK_SCROLL_SMOOTH && event->delta_y != 0.0)
    gimp_zoom_model_zoom (self->zoom, GIMP_ZOOM_SMOOTH, event->delta_y);
  return TRUE;
}

static gboolean
on_press (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  HlMaskView *self = user_data;

  gtk_widget_grab_focus (area);
  self->drag_x = event->x_root;
  self->drag_y = event->y_root;
  return TRUE;
}

static gboolean
on_motion (GtkWidget *area, GdkEventMotion *event, gpointer user_data)
{
  HlMaskView *self = user_data;

  pan (self, self->drag_x - event->x_root, self->drag_y - event->y_root);
  self->drag_x = event->x_root;
  self->drag_y = event->y_root;
  return TRUE;
}

static gboolean
on_key (GtkWidget *area, GdkEventKey *event, gpointer user_data)
{
  HlMaskView *self = user_data;

  if (event->state & gtk_accelerator_get_default_mod_mask () & ~GDK_SHIFT_MASK)
    return FALSE;
  switch (event->keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      gimp_zoom_model_zoom (self->zoom, GIMP_ZOOM_IN, 1.0);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      gimp_zoom_model_zoom (self->zoom, GIMP_ZOOM_OUT, 1.0);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      hl_mask_view_fit (self);
      return TRUE;
    case GDK_KEY_Left:
      pan (self, -PAN, 0);
      return TRUE;
    case GDK_KEY_Right:
      pan (self, PAN, 0);
      return TRUE;
    case GDK_KEY_Up:
      pan (self, 0, -PAN);
      return TRUE;
    case GDK_KEY_Down:
      pan (self, 0, PAN);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
on_laid_out (gpointer user_data)
{
  HlMaskView *self = user_data;

  self->laid_out = 0;
  if (self->is_fitted)
    hl_mask_view_fit (self);
  return G_SOURCE_REMOVE;
}

/* GTK does not heed a size that is asked for while it lays out the window. */
static void
on_size (GtkWidget *widget, GtkAllocation *allocation, gpointer user_data)
{
  HlMaskView *self = user_data;

  if (!self->laid_out)
    self->laid_out = g_idle_add (on_laid_out, self);
}

static void
hl_mask_view_finalize (GObject *object)
{
  HlMaskView *self = HL_MASK_VIEW (object);

  g_clear_handle_id (&self->laid_out, g_source_remove);
  g_clear_object (&self->buffer);
  g_clear_object (&self->zoom);
  g_free (self->mask);
  G_OBJECT_CLASS (hl_mask_view_parent_class)->finalize (object);
}

static void
hl_mask_view_class_init (HlMaskViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hl_mask_view_finalize;
}

static void
hl_mask_view_init (HlMaskView *self)
{
  self->is_shown  = TRUE;
  self->is_fitted = TRUE;
  self->scale     = 1.0;
  self->zoom      = gimp_zoom_model_new ();
  self->area      = gtk_drawing_area_new ();
  gtk_widget_set_can_focus (self->area, TRUE);
  gtk_widget_add_events (self->area, GDK_BUTTON_PRESS_MASK | GDK_BUTTON1_MOTION_MASK
                                         | GDK_SCROLL_MASK | GDK_SMOOTH_SCROLL_MASK
                                         | GDK_KEY_PRESS_MASK);
  g_signal_connect (self->zoom, "zoomed", G_CALLBACK (on_zoomed), self);
  g_signal_connect (self->area, "draw", G_CALLBACK (on_draw), self);
  g_signal_connect (self->area, "scroll-event", G_CALLBACK (on_scroll), self);
  g_signal_connect (self->area, "button-press-event", G_CALLBACK (on_press), self);
  g_signal_connect (self->area, "motion-notify-event", G_CALLBACK (on_motion), self);
  g_signal_connect (self->area, "key-press-event", G_CALLBACK (on_key), self);
  g_signal_connect (self, "size-allocate", G_CALLBACK (on_size), self);
}

/**
 * hl_mask_view_new:
 * @drawable: the layer to show
 * @accessible_name: what a screen reader says of the picture
 *
 * Returns: (transfer floating): a view that shows the whole layer, with no mask yet
 */
GtkWidget *
hl_mask_view_new (GimpDrawable *drawable, const char *accessible_name)
{
  HlMaskView *self              = g_object_new (HL_TYPE_MASK_VIEW, NULL);
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);

  self->width  = gegl_buffer_get_width (buffer);
  self->height = gegl_buffer_get_height (buffer);
  self->buffer = gegl_buffer_new (gegl_buffer_get_extent (buffer), babl_format ("R'G'B'A u8"));
  gegl_buffer_copy (buffer, NULL, GEGL_ABYSS_NONE, self->buffer, NULL);
  atk_object_set_name (gtk_widget_get_accessible (self->area), accessible_name);
  gtk_container_add (GTK_CONTAINER (self), self->area);
  gtk_widget_set_size_request (GTK_WIDGET (self), LEAST_WIDTH, LEAST_HEIGHT);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (self), GTK_SHADOW_IN);
  return GTK_WIDGET (self);
}

/**
 * hl_mask_view_get_zoom:
 * @view: a view
 *
 * Returns: (transfer none): what says how large the layer is shown
 */
GimpZoomModel *
hl_mask_view_get_zoom (HlMaskView *view)
{
  return view->zoom;
}

/**
 * hl_mask_view_fit:
 * @view: a view
 *
 * Shows the whole layer, no larger than it is, and goes on to do so when the window changes.
 */
void
hl_mask_view_fit (HlMaskView *view)
{
  GtkAllocation place;
  double        scale;

  gtk_widget_get_allocation (GTK_WIDGET (view), &place);
  /* Two pixels less on each side, so that no scroll bars are needed. */
  scale = MIN ((place.width - 4.0) / view->width, (place.height - 4.0) / view->height);
  gimp_zoom_model_zoom (view->zoom, GIMP_ZOOM_TO, CLAMP (scale, 1.0 / 256, 1.0));
  view->is_fitted = TRUE;
}

/**
 * hl_mask_view_set_mask:
 * @view: a view
 * @mask: (H, W) of the layer, row-major: drawn where it is above 0
 */
void
hl_mask_view_set_mask (HlMaskView *view, const float *mask)
{
  gsize size = (gsize) view->width * view->height;

  if (!view->mask)
    view->mask = g_new (guint8, size);
  for (gsize i = 0; i < size; i++)
    view->mask[i] = mask[i] > 0.0f;
  gtk_widget_queue_draw (view->area);
}

/**
 * hl_mask_view_set_shown:
 * @view: a view
 * @shown: whether the mask is drawn
 */
void
hl_mask_view_set_shown (HlMaskView *view, gboolean shown)
{
  view->is_shown = shown;
  gtk_widget_queue_draw (view->area);
}

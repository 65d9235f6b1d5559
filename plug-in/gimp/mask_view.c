/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer with a mask drawn over it, for the window that proposes a selection. GEGL scales the
 * part that is visible; the mask is tinted and outlined on top, and a masked pixel is seen
 * however far away the picture is. */

#include "gimp/mask_view.h"

#include <glib/gi18n-lib.h>

/* The colour of the mask, and how much of it a pixel within the outline gets. */
#define TINT 0xff0080u
#define SHARE 0.35

struct _HlMaskView
{
  HlPane parent_instance;

  GeglBuffer *buffer;        /* a copy of the layer, which is quicker to read than GIMP's */
  int         width, height; /* of the layer */
  guint8     *mask;          /* (height, width) (nullable): not 0 where it is drawn */
  gboolean    is_shown;
};

G_DEFINE_FINAL_TYPE (HlMaskView, hl_mask_view, HL_TYPE_PANE)

/* Whether one of the layer's pixels that pixel (@x, @y) of the scaled layer shows is masked. */
static gboolean
is_masked (const HlMaskView *self, double scale, int x, int y)
{
  int left = (int) (x / scale), top = (int) (y / scale);
  int right  = MIN (MAX ((int) ((x + 1) / scale), left + 1), self->width);
  int bottom = MIN (MAX ((int) ((y + 1) / scale), top + 1), self->height);

  for (int j = MAX (top, 0); j < bottom; j++)
    for (int i = MAX (left, 0); i < right; i++)
      if (self->mask[(gsize) j * self->width + i])
        return TRUE;
  return FALSE;
}

/* A pixel of the screen, tinted. */
static guint32
mix (guint32 colour)
{
  guint32 mixed = 0;

  for (int shift = 0; shift < 24; shift += 8)
    mixed |= (guint32) ((1 - SHARE) * (colour >> shift & 0xff) + SHARE * (TINT >> shift & 0xff))
             << shift;
  return mixed;
}

/* Draws the mask over @pixels of the screen, which show @part of the scaled layer: its outline, and
 * a tint within. What is masked is looked up one row ahead, for three rows at a time, and one
 * column further on either side, since a pixel is on the outline where one of its neighbours is not
 * masked.
 */
static void
draw_mask (const HlMaskView *self, double scale, const GeglRectangle *part, guint32 *pixels,
           int stride)
{
  int                columns = part->width + 2;
  g_autofree guint8 *rows    = g_new (guint8, 3 * (gsize) columns);

  for (int y = -1; y <= part->height; y++)
    {
      guint8 *next = rows + (gsize) ((y + 3) % 3) * columns;
      guint8 *here = rows + (gsize) ((y + 2) % 3) * columns;
      guint8 *last = rows + (gsize) ((y + 1) % 3) * columns;

      for (int x = 0; x < columns; x++)
        next[x] = is_masked (self, scale, part->x + x - 1, part->y + y);
      for (int x = 1; y > 0 && x <= part->width; x++)
        if (here[x])
          {
            guint32 *pixel   = pixels + (gsize) (y - 1) * stride + x - 1;
            gboolean is_edge = !(here[x - 1] && here[x + 1] && last[x] && next[x]);

            *pixel = is_edge ? TINT : mix (*pixel);
          }
    }
}

/* Draws as much of the layer as @cr wants, and the mask over it. */
static void
draw_layer (const HlMaskView *self, const HlPlace *place, cairo_t *cr)
{
  int              x = place->x, y = place->y;
  GdkRectangle     clip;
  GeglRectangle    part, whole = { .width  = MAX ((int) (self->width * place->scale), 1),
                                   .height = MAX ((int) (self->height * place->scale), 1) };
  cairo_surface_t *surface;
  guint32         *pixels;

  if (!gdk_cairo_get_clip_rectangle (cr, &clip)
      || !gegl_rectangle_intersect (
          &part, &whole, GEGL_RECTANGLE (clip.x - x, clip.y - y, clip.width, clip.height)))
    return;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, part.width, part.height);
  pixels  = (guint32 *) cairo_image_surface_get_data (surface);
  if (pixels)
    {
      int stride = cairo_image_surface_get_stride (surface);

      gegl_buffer_get (self->buffer, &part, place->scale, babl_format ("cairo-RGB24"), pixels,
                       stride, GEGL_ABYSS_CLAMP);
      if (self->mask && self->is_shown)
        draw_mask (self, place->scale, &part, pixels, stride / (int) sizeof *pixels);
      cairo_surface_mark_dirty (surface);
      cairo_set_source_surface (cr, surface, part.x + x, part.y + y);
      cairo_paint (cr);
    }
  cairo_surface_destroy (surface);
}

static gboolean
hl_mask_view_draw (GtkWidget *widget, cairo_t *cr)
{
  HlPlace place;

  if (hl_pane_get_place (HL_PANE (widget), &place))
    draw_layer (HL_MASK_VIEW (widget), &place, cr);
  return GTK_WIDGET_CLASS (hl_mask_view_parent_class)->draw (widget, cr);
}

static void
hl_mask_view_finalize (GObject *object)
{
  HlMaskView *self = HL_MASK_VIEW (object);

  g_clear_object (&self->buffer);
  g_free (self->mask);
  G_OBJECT_CLASS (hl_mask_view_parent_class)->finalize (object);
}

static void
hl_mask_view_class_init (HlMaskViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hl_mask_view_finalize;
  GTK_WIDGET_CLASS (klass)->draw   = hl_mask_view_draw;
}

static void
hl_mask_view_init (HlMaskView *self)
{
  self->is_shown = TRUE;
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
  hl_pane_set_size (HL_PANE (self), self->width, self->height);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), accessible_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               _ ("Zoom with the wheel, or + and -; 1 shows each pixel, 0 "
                                  "everything. Move by dragging, or with the arrow keys."));
  return GTK_WIDGET (self);
}

/**
 * hl_mask_view_set_mask:
 * @view: a view
 * @mask: (H, W) of the layer, row-major: drawn where it is above 0
 *
 * Draws another mask; where memory does not suffice for it, none.
 */
void
hl_mask_view_set_mask (HlMaskView *view, const float *mask)
{
  gsize size = (gsize) view->width * view->height;

  if (!view->mask)
    view->mask = g_try_new (guint8, size);
  for (gsize i = 0; view->mask && i < size; i++)
    view->mask[i] = mask[i] > 0.0f;
  gtk_widget_queue_draw (GTK_WIDGET (view));
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
  gtk_widget_queue_draw (GTK_WIDGET (view));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph (picture.c) with a mask drawn over it, for the window that proposes a selection. The
 * mask is tinted and outlined on top, and a masked pixel is seen however far away the picture is.
 */

#include "gimp/mask_view.h"

#include <gegl.h>

/* The colour of the mask, and how much of it a pixel within the outline gets. */
#define TINT 0xff0080u
#define SHARE 0.35

struct _HlMaskView
{
  HlPane parent_instance;

  HlPicture *picture;       /* borrowed, or NULL */
  int        width, height; /* of the picture */
  guint8    *mask;          /* (height, width) (nullable): not 0 where it is drawn */
  gboolean   is_shown;
};

G_DEFINE_FINAL_TYPE (HlMaskView, hl_mask_view, HL_TYPE_PANE)

/* Whether one of the picture's pixels that pixel (@x, @y) of the scaled picture shows is masked. */
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

/* Draws the mask over @pixels of the screen, which show @part of the scaled picture: its outline,
 * and a tint within. What is masked is looked up one row ahead, for three rows at a time, and one
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

/* Draws as much of the picture as @cr wants, and the mask over it. */
static void
draw_picture (const HlMaskView *self, const HlPlace *place, cairo_t *cr)
{
  int              x = place->x, y = place->y;
  GdkRectangle     clip;
  GeglRectangle    part, whole = { .width  = MAX ((int) (self->width * place->scale), 1),
                                   .height = MAX ((int) (self->height * place->scale), 1) };
  cairo_surface_t *surface;
  cairo_t         *inner;
  guint32         *pixels;

  if (!gdk_cairo_get_clip_rectangle (cr, &clip)
      || !gegl_rectangle_intersect (
          &part, &whole, GEGL_RECTANGLE (clip.x - x, clip.y - y, clip.width, clip.height)))
    return;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, part.width, part.height);
  inner   = cairo_create (surface);
  hl_picture_draw (self->picture, HL_PICTURE_BEFORE, inner, place->scale, -part.x, -part.y);
  cairo_destroy (inner);
  cairo_surface_flush (surface);
  pixels = (guint32 *) cairo_image_surface_get_data (surface);
  if (pixels && self->mask && self->is_shown)
    draw_mask (self, place->scale, &part, pixels,
               cairo_image_surface_get_stride (surface) / (int) sizeof *pixels);
  cairo_surface_mark_dirty (surface);
  cairo_set_source_surface (cr, surface, part.x + x, part.y + y);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

static gboolean
hl_mask_view_draw (GtkWidget *widget, cairo_t *cr)
{
  HlPlace place;

  if (HL_MASK_VIEW (widget)->picture && hl_pane_get_place (HL_PANE (widget), &place))
    draw_picture (HL_MASK_VIEW (widget), &place, cr);
  return GTK_WIDGET_CLASS (hl_mask_view_parent_class)->draw (widget, cr);
}

static void
hl_mask_view_finalize (GObject *object)
{
  HlMaskView *self = HL_MASK_VIEW (object);

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
 * @accessible_name: what a screen reader says of the picture
 *
 * Returns: (transfer floating): a view of nothing yet
 */
GtkWidget *
hl_mask_view_new (const char *accessible_name)
{
  HlMaskView *self = g_object_new (HL_TYPE_MASK_VIEW, NULL);

  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), accessible_name);
  return GTK_WIDGET (self);
}

/**
 * hl_mask_view_set_picture:
 * @view: a view that has no picture yet
 * @picture: (nullable): what to show, its side before; must outlive the view
 *
 * Shows all of a picture, with no mask yet.
 */
void
hl_mask_view_set_picture (HlMaskView *view, HlPicture *picture)
{
  view->picture = picture;
  if (picture)
    hl_picture_get_size (picture, &view->width, &view->height);
  hl_pane_set_size (HL_PANE (view), view->width, view->height);
}

/**
 * hl_mask_view_set_mask:
 * @view: a view
 * @mask: (H, W) of the picture, row-major: drawn where it is above 0
 *
 * Draws another mask; where memory does not suffice for it, none.
 */
void
hl_mask_view_set_mask (HlMaskView *view, const guint8 *mask)
{
  gsize size = (gsize) view->width * view->height;

  if (!view->mask)
    view->mask = g_try_new (guint8, size);
  for (gsize i = 0; view->mask && i < size; i++)
    view->mask[i] = mask[i];
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

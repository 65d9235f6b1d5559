/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph (picture.c) with a mask drawn over it (tint.c), for the window that proposes a
 * selection. */

#include "gimp/mask_view.h"

#include "gimp/tint.h"

struct _HlMaskView
{
  HlPane parent_instance;

  HlPicture *picture; /* borrowed, or NULL */
  HlMarks   *marks;   /* (nullable): the mask */
  gboolean   is_shown;
};

G_DEFINE_FINAL_TYPE (HlMaskView, hl_mask_view, HL_TYPE_PANE)

static gboolean
hl_mask_view_draw (GtkWidget *widget, cairo_t *cr)
{
  HlMaskView *self = HL_MASK_VIEW (widget);
  HlPlace     place;

  if (self->picture && hl_pane_get_place (HL_PANE (widget), &place))
    {
      hl_picture_draw (self->picture, HL_PICTURE_BEFORE, cr, place.scale, place.x, place.y);
      if (self->marks && self->is_shown)
        hl_tint_draw (self->marks, cr, place.scale, place.x, place.y);
    }
  return GTK_WIDGET_CLASS (hl_mask_view_parent_class)->draw (widget, cr);
}

static void
hl_mask_view_finalize (GObject *object)
{
  HlMaskView *self = HL_MASK_VIEW (object);

  hl_marks_free (self->marks);
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
  int width = 0, height = 0;

  view->picture = picture;
  if (picture)
    hl_picture_get_size (picture, &width, &height);
  view->marks = picture ? hl_marks_new (width, height) : NULL;
  hl_pane_set_size (HL_PANE (view), width, height);
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
  if (view->marks)
    hl_marks_set_found (view->marks, mask);
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

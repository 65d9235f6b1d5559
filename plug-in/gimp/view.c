/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live view: before on the side where a line of text begins, after on the other, and a
 * divider between them that is dragged, or moved by the arrow keys or the slider below. Only what
 * is visible is drawn (picture.c). What is mended is tinted on the side before, and on both sides
 * while it is being painted (brush.c). Of the brush and the picker of grays (picker.c) only one is
 * out at a time. */

#include "gimp/view.h"

#include <math.h>

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n-lib.h>

#include "gimp/brush.h"
#include "gimp/halves.h"
#include "gimp/pane.h"
#include "gimp/picker.h"
#include "gimp/tint.h"

/* How far a key moves the divider, percent. */
#define DIVIDER_STEP 2

struct _HlView
{
  GtkBox         parent_instance;
  HlPane        *pane;
  GtkAdjustment *divider;    /* 0..100: how much of the picture's visible width is before */
  gboolean       is_dragged; /* the divider */
  HlPicture     *picture;    /* borrowed, or NULL */
  HlMarks       *marks;      /* of it, borrowed, or NULL */
  HlBrush       *brush;
  HlPicker      *picker;
  GtkWidget     *show;            /* the marks: a check button */
  guint          serial, version; /* of what was drawn last */
};

G_DEFINE_FINAL_TYPE (HlView, hl_view, GTK_TYPE_BOX)

static gboolean
is_mirrored (HlView *view)
{
  return gtk_widget_get_direction (GTK_WIDGET (view->pane)) == GTK_TEXT_DIR_RTL;
}

static HlHalves
get_halves (HlView *view, const HlPlace *place)
{
  double share = gtk_adjustment_get_value (view->divider) / 100;
  int    width, height;

  hl_picture_get_size (view->picture, &width, &height);
  return hl_halves_get (GTK_WIDGET (view->pane), place, width,
                        is_mirrored (view) ? 1 - share : share);
}

/* Whether the marks are seen on a side. */
static gboolean
shows_marks (HlView *view, HlPictureSide side)
{
  return view->marks && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (view->show))
         && (side == HL_PICTURE_BEFORE || hl_brush_is_out (view->brush));
}

static gboolean
on_draw (GtkWidget *pane, cairo_t *cr, gpointer user_data)
{
  HlView  *view   = user_data;
  int      height = gtk_widget_get_allocated_height (pane);
  HlPlace  place;
  HlHalves halves;

  if (!hl_pane_get_place (HL_PANE (pane), &place))
    return FALSE;
  halves = get_halves (view, &place);
  for (int is_left = 0; is_left < 2; is_left++)
    {
      HlPictureSide side = (is_left != is_mirrored (view)) ? HL_PICTURE_BEFORE : HL_PICTURE_AFTER;

      cairo_save (cr);
      cairo_rectangle (cr, is_left ? halves.left : halves.divider, 0,
                       is_left ? halves.divider - halves.left : halves.right - halves.divider,
                       height);
      cairo_clip (cr);
      hl_picture_draw (view->picture, side, cr, place.scale, place.x, place.y);
      if (shows_marks (view, side))
        hl_tint_draw (view->marks, cr, place.scale, place.x, place.y);
      cairo_restore (cr);
      hl_halves_draw_word (&halves, pane, cr,
                           side == HL_PICTURE_BEFORE ? _ ("Before") : _ ("After"), is_left);
    }
  hl_halves_draw_divider (&halves, cr, height);
  if (hl_picker_is_out (view->picker)
      || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (view->show)))
    hl_picker_draw (view->picker, cr);
  hl_brush_draw (view->brush, cr);
  return FALSE;
}

static gboolean
on_key (GtkWidget *pane, GdkEventKey *event, gpointer user_data)
{
  HlView *view    = user_data;
  double  divider = gtk_adjustment_get_value (view->divider);
  double  right   = is_mirrored (view) ? -DIVIDER_STEP : DIVIDER_STEP;

  /* With Ctrl or Shift, the arrow keys move the picture. */
  if (!view->picture || (event->state & gtk_accelerator_get_default_mod_mask ()))
    return FALSE;
  if (event->keyval == GDK_KEY_Left || event->keyval == GDK_KEY_KP_Left)
    divider -= right;
  else if (event->keyval == GDK_KEY_Right || event->keyval == GDK_KEY_KP_Right)
    divider += right;
  else if (event->keyval == GDK_KEY_Home)
    divider = 0;
  else if (event->keyval == GDK_KEY_End)
    divider = 100;
  else
    return FALSE;
  gtk_adjustment_set_value (view->divider, divider);
  return TRUE;
}

static gboolean
is_near_divider (HlView *view, double x)
{
  HlPlace place;

  return hl_pane_get_place (view->pane, &place)
         && fabs (x - get_halves (view, &place).divider) <= HL_HALVES_GRIP;
}

static gboolean
on_press (GtkWidget *pane, GdkEventButton *event, gpointer user_data)
{
  HlView *view = user_data;

  view->is_dragged = !hl_brush_is_out (view->brush) && !hl_picker_is_out (view->picker)
                     && event->button == GDK_BUTTON_PRIMARY && is_near_divider (view, event->x);
  if (hl_picker_is_out (view->picker))
    {
      hl_picker_press (view->picker, event);
      return FALSE;
    }
  if (!view->is_dragged)
    return hl_brush_press (view->brush, event);
  gtk_widget_grab_focus (pane);
  return TRUE;
}

static gboolean
on_motion (GtkWidget *pane, GdkEventMotion *event, gpointer user_data)
{
  HlView  *view = user_data;
  HlPlace  place;
  HlHalves halves;
  double   share;

  if (!hl_pane_get_place (view->pane, &place))
    return FALSE;
  if (view->is_dragged)
    {
      halves = get_halves (view, &place);
      share  = CLAMP ((event->x - halves.left) / MAX (halves.right - halves.left, 1), 0, 1);
      gtk_adjustment_set_value (view->divider, 100 * (is_mirrored (view) ? 1 - share : share));
      return TRUE;
    }
  if (hl_picker_is_out (view->picker))
    return hl_picker_move (view->picker, event);
  if (hl_brush_move (view->brush, event))
    return TRUE;
  if ((event->state & (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK)) || !is_near_divider (view, event->x))
    return FALSE;
  hl_pane_set_cursor (view->pane, "col-resize");
  return TRUE;
}

static gboolean
on_release (GtkWidget *pane, GdkEventButton *event, gpointer user_data)
{
  HlView  *view        = user_data;
  gboolean was_dragged = view->is_dragged;

  view->is_dragged = FALSE;
  if (hl_picker_is_out (view->picker))
    return hl_picker_release (view->picker, event);
  return was_dragged || hl_brush_release (view->brush, event);
}

static void
on_brush (HlBrush *brush, gpointer user_data)
{
  if (hl_brush_is_out (brush))
    hl_picker_put_away (HL_VIEW (user_data)->picker);
}

static void
on_picker (HlPicker *picker, gpointer user_data)
{
  HlView *view = user_data;

  if (hl_picker_is_out (picker))
    hl_brush_put_away (view->brush);
  gtk_widget_queue_draw (GTK_WIDGET (view->pane));
}

/* Of what is out, else of the marks. */
static void
undo (HlView *view)
{
  if (hl_picker_is_out (view->picker))
    hl_picker_undo (view->picker);
  else
    hl_brush_undo (view->brush);
}

static void
redo (HlView *view)
{
  if (hl_picker_is_out (view->picker))
    hl_picker_redo (view->picker);
  else
    hl_brush_redo (view->brush);
}

/* Those of the brush, and undo. */
static GtkWidget *
make_tools (HlView *view)
{
  GtkWidget *box    = hl_brush_make_buttons (view->brush);
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-undo", GTK_ICON_SIZE_BUTTON);

  gtk_widget_set_tooltip_text (button, _ ("Take the last stroke or click back (Ctrl+Z)"));
  atk_object_set_name (gtk_widget_get_accessible (button), _ ("Undo"));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (undo), view);
  gtk_container_add (GTK_CONTAINER (box), button);
  return box;
}

static void
hl_view_finalize (GObject *object)
{
  hl_picker_free (HL_VIEW (object)->picker);
  hl_brush_free (HL_VIEW (object)->brush);
  G_OBJECT_CLASS (hl_view_parent_class)->finalize (object);
}

static void
hl_view_class_init (HlViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hl_view_finalize;
}

static void
hl_view_init (HlView *view)
{
  GtkWidget *pane = g_object_new (HL_TYPE_PANE, NULL);
  GtkWidget *bar  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *slider;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (view), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (view), 4);

  view->pane  = HL_PANE (pane);
  view->brush = hl_brush_new (view->pane, on_brush, view);
  atk_object_set_name (gtk_widget_get_accessible (pane), _ ("Before and after"));
  g_signal_connect (pane, "draw", G_CALLBACK (on_draw), view);
  g_signal_connect (pane, "key-press-event", G_CALLBACK (on_key), view);
  g_signal_connect (pane, "button-press-event", G_CALLBACK (on_press), view);
  g_signal_connect (pane, "motion-notify-event", G_CALLBACK (on_motion), view);
  g_signal_connect (pane, "button-release-event", G_CALLBACK (on_release), view);
  gtk_box_pack_start (GTK_BOX (view), pane, TRUE, TRUE, 0);

  view->divider = gtk_adjustment_new (50, 0, 100, DIVIDER_STEP, 10, 0);
  g_signal_connect_swapped (view->divider, "value-changed", G_CALLBACK (gtk_widget_queue_draw),
                            pane);
  slider = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, view->divider);
  gtk_scale_set_draw_value (GTK_SCALE (slider), FALSE);
  gtk_widget_set_tooltip_text (
      slider,
      _ ("Drag the line, or use the arrow keys, to compare. Zoom with the wheel, or + and -; "
         "1 shows each pixel, 0 everything. Move by dragging, or with Ctrl and the arrow "
         "keys."));
  atk_object_set_name (gtk_widget_get_accessible (slider), _ ("Before and after"));
  gtk_box_pack_start (GTK_BOX (bar), slider, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (bar), hl_pane_make_buttons (view->pane), FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (bar), make_tools (view), FALSE, FALSE, 0);
  view->show = gtk_check_button_new_with_label (_ ("Marks"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (view->show), TRUE);
  gtk_widget_set_tooltip_text (
      view->show, _ ("Tint what is mended, on the side of the photograph as it was. (M)"));
  g_signal_connect_swapped (view->show, "toggled", G_CALLBACK (gtk_widget_queue_draw), pane);
  gtk_box_pack_end (GTK_BOX (bar), view->show, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (view), bar, FALSE, FALSE, 0);
}

/**
 * hl_view_new:
 * @config: the procedure's arguments, of which the picker changes one
 *
 * Returns: a view of nothing yet
 */
GtkWidget *
hl_view_new (GObject *config)
{
  HlView *view = g_object_new (HL_TYPE_VIEW, NULL);

  view->picker = hl_picker_new (view->pane, config, on_picker, view);
  return GTK_WIDGET (view);
}

/**
 * hl_view_get_picker:
 * @view: a view
 *
 * Returns: (transfer none): the button that takes the picker of grays
 */
GtkWidget *
hl_view_get_picker (HlView *view)
{
  return hl_picker_get_button (view->picker);
}

/**
 * hl_view_set_picture:
 * @view: a view
 * @picture: (nullable): what to show; borrowed until another one is set
 * @marks: (nullable): what is to be mended of it; likewise
 *
 * Shows all of a picture; one that is shown already stays as it is.
 */
void
hl_view_set_picture (HlView *view, HlPicture *picture, HlMarks *marks)
{
  int      width = 0, height = 0;
  gboolean is_same = picture == view->picture;

  if (is_same && marks == view->marks)
    return;
  if (picture)
    hl_picture_get_size (picture, &width, &height);
  view->picture = picture;
  view->marks   = marks;
  hl_brush_set_marks (view->brush, marks);
  hl_picker_set_size (view->picker, marks ? width : 0, marks ? height : 0);
  if (!is_same)
    hl_pane_set_size (view->pane, width, height);
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
  guint serial  = view->picture ? hl_picture_get_serial (view->picture) : 0;
  guint version = view->marks ? hl_marks_get_version (view->marks) : 0;

  if (serial != view->serial || version != view->version)
    gtk_widget_queue_draw (GTK_WIDGET (view->pane));
  view->serial  = serial;
  view->version = version;
}

/**
 * hl_view_key:
 * @view: a view
 * @event: a key that the window has got, where nobody types
 *
 * Returns: whether it was for the view, wherever the focus is
 */
gboolean
hl_view_key (HlView *view, const GdkEventKey *event)
{
  guint modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  guint key       = gdk_keyval_to_lower (event->keyval);

  if (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_z)
    undo (view);
  else if ((modifiers == (GDK_CONTROL_MASK | GDK_SHIFT_MASK) && key == GDK_KEY_z)
           || (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_y))
    redo (view);
  else if (modifiers == 0 && key == GDK_KEY_m)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (view->show),
                                  !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (view->show)));
  else
    {
      if (modifiers == 0 && key == GDK_KEY_h)
        hl_picker_put_away (view->picker);
      return hl_brush_key (view->brush, event);
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small curve of how the work goes. What the engine can tell of the quality without knowing
 * the truth is by how much the picture still changed from one look to the next: it falls
 * towards nothing as the work comes to its end, and jumps up where the next piece of damage
 * begins. A line marks the end, and a word whether it came by itself. */

#include "gimp/curve.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#define HEIGHT 56
#define MARGIN 4

/* The axis goes down to this change, of white: a difference that nobody sees. */
#define LEAST_CHANGE 0.0005

/* Seconds that the axis shows at least. */
#define LEAST_TIME 1.0

typedef struct
{
  double seconds;
  double change; /* 0..1 of white */
} Point;

struct _HlCurve
{
  GtkDrawingArea parent_instance;
  GArray        *points;
  double         end; /* seconds, or < 0 while it goes on */
  char          *why; /* it ended */
};

G_DEFINE_FINAL_TYPE (HlCurve, hl_curve, GTK_TYPE_DRAWING_AREA)

/* Logarithmic, as later changes are many times smaller than the first: 0..1. */
static double
get_height (double change)
{
  return CLAMP (log (MAX (change, LEAST_CHANGE) / LEAST_CHANGE) / log (1 / LEAST_CHANGE), 0, 1);
}

/* Beside the line of the end, and clear of it. */
static void
draw_why (GtkWidget *widget, cairo_t *cr, const char *why)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  g_autofree char *small         = g_markup_printf_escaped ("<small>%s</small>", why);
  gboolean         is_mirrored   = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int              at            = 2 * MARGIN, width;

  pango_layout_set_markup (layout, small, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (!is_mirrored)
    at = gtk_widget_get_allocated_width (widget) - at - width;
  cairo_move_to (cr, at, MARGIN);
  pango_cairo_show_layout (cr, layout);
}

static gboolean
hl_curve_draw (GtkWidget *widget, cairo_t *cr)
{
  HlCurve         *curve   = HL_CURVE (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  double           width   = gtk_widget_get_allocated_width (widget);
  double           height  = gtk_widget_get_allocated_height (widget);
  double           base = height - MARGIN, room = height - 2 * MARGIN, span = LEAST_TIME;
  gboolean         is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA          colour;

  gtk_render_background (context, cr, 0, 0, width, height);
  gtk_style_context_get_color (context, gtk_widget_get_state_flags (widget), &colour);
  if (curve->points->len)
    span = MAX (span, g_array_index (curve->points, Point, curve->points->len - 1).seconds);
  span = MAX (span, curve->end);

  cairo_save (cr);
  if (is_mirrored)
    {
      cairo_translate (cr, width, 0);
      cairo_scale (cr, -1, 1);
    }
  cairo_set_line_width (cr, 1);
  colour.alpha = 0.4;
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_move_to (cr, MARGIN, base + 0.5);
  cairo_line_to (cr, width - MARGIN, base + 0.5);
  cairo_stroke (cr);
  for (guint i = 0; i < curve->points->len; i++)
    {
      Point  point = g_array_index (curve->points, Point, i);
      double x     = MARGIN + point.seconds / span * (width - 2 * MARGIN);
      double y     = base - get_height (point.change) * room;

      if (i == 0)
        cairo_move_to (cr, x, y);
      else
        cairo_line_to (cr, x, y);
    }
  colour.alpha = 1;
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  if (curve->end >= 0)
    {
      double dash[] = { 3, 3 };
      double x      = MARGIN + curve->end / span * (width - 2 * MARGIN);

      cairo_set_dash (cr, dash, 2, 0);
      cairo_move_to (cr, x, MARGIN);
      cairo_line_to (cr, x, base);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
  colour.alpha = 0.8;
  gdk_cairo_set_source_rgba (cr, &colour);
  if (curve->why)
    draw_why (widget, cr, curve->why);
  return TRUE;
}

static void
hl_curve_finalize (GObject *object)
{
  HlCurve *curve = HL_CURVE (object);

  g_array_unref (curve->points);
  g_free (curve->why);
  G_OBJECT_CLASS (hl_curve_parent_class)->finalize (object);
}

static void
hl_curve_class_init (HlCurveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hl_curve_finalize;
  GTK_WIDGET_CLASS (klass)->draw   = hl_curve_draw;
}

static void
hl_curve_init (HlCurve *curve)
{
  AtkObject *accessible = gtk_widget_get_accessible (GTK_WIDGET (curve));

  curve->points = g_array_new (FALSE, FALSE, sizeof (Point));
  curve->end    = -1;
  gtk_widget_set_size_request (GTK_WIDGET (curve), -1, HEIGHT);
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (curve),
      _ ("How much the picture still changed, over time. It falls as a repair comes to its end and "
         "rises where the next one begins. When it stays low, waiting longer changes little."));
  atk_object_set_name (accessible, _ ("How much the picture still changes"));
  atk_object_set_role (accessible, ATK_ROLE_IMAGE);
}

/**
 * hl_curve_new:
 *
 * Returns: an empty curve
 */
GtkWidget *
hl_curve_new (void)
{
  return g_object_new (HL_TYPE_CURVE, NULL);
}

/**
 * hl_curve_clear:
 * @curve: a curve
 *
 * Begins anew.
 */
void
hl_curve_clear (HlCurve *curve)
{
  g_array_set_size (curve->points, 0);
  curve->end = -1;
  g_clear_pointer (&curve->why, g_free);
  gtk_widget_queue_draw (GTK_WIDGET (curve));
}

/**
 * hl_curve_add:
 * @curve: a curve
 * @seconds: since the work began, not before the last point
 * @change: how much the picture changed, root mean square, 0..1 of white
 *
 * Adds a point.
 */
void
hl_curve_add (HlCurve *curve, double seconds, double change)
{
  Point            point = { seconds, change };
  g_autofree char *text  = NULL;

  g_array_append_val (curve->points, point);
  /* Translators: told to a screen reader; %.2f is a percentage of white. */
  text = g_strdup_printf (_ ("It changed by %.2f percent of white."), 100 * change);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (curve)), text);
  gtk_widget_queue_draw (GTK_WIDGET (curve));
}

/**
 * hl_curve_end:
 * @curve: a curve
 * @seconds: when the work ended
 * @why: how it came to its end, in a few words
 *
 * Marks the end.
 */
void
hl_curve_end (HlCurve *curve, double seconds, const char *why)
{
  curve->end = seconds;
  g_free (curve->why);
  curve->why = g_strdup (why);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (curve)), why);
  gtk_widget_queue_draw (GTK_WIDGET (curve));
}

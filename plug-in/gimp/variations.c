/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the damage has a wide hole, a button makes the restoration with other seeds too, one after
 * the other and beside the one in the window, and shows what each makes of the widest place; a
 * click on one takes its seed. They take as long as the restoration, and so are made only when
 * asked for.
 */

#include "gimp/variations.h"

#include <glib/gi18n-lib.h>

#include "gimp/arguments.h"
#include "gimp/controls.h"

#define NUMBER 3

/* Of a small picture, pixels of the screen. */
#define SIDE 80

/* What it shows of the photograph, in depths of the hole to each side, and pixels at least. */
#define DEPTHS 2
#define LEAST_HALF 40

struct _HlVariations
{
  GtkBox               parent_instance;
  GimpProcedureConfig *config;
  HlLive              *live; /* borrowed, from the first update on */
  GtkWidget           *ask;
  GtkWidget           *row;
  GtkWidget           *buttons[NUMBER];
  int                  seeds[NUMBER];
  HlWorker            *worker; /* for the next button, or NULL */
  guint8              *edits;  /* that it was given */
  int                  n;      /* buttons that show something */
  guint                serial; /* of the result that they are variations of */
  gboolean             is_chosen;
};

G_DEFINE_FINAL_TYPE (HlVariations, hl_variations, GTK_TYPE_BOX)

static void start (HlVariations *self);

static void
show (HlVariations *self)
{
  for (int i = 0; i < NUMBER; i++)
    gtk_widget_set_visible (self->buttons[i], i < self->n);
  gtk_widget_set_visible (self->row, self->n > 0);
}

/**
 * hl_variations_stop:
 * @self: variations
 *
 * Makes no more of them.
 */
void
hl_variations_stop (HlVariations *self)
{
  g_clear_pointer (&self->worker, hl_worker_free);
  g_clear_pointer (&self->edits, g_free);
}

/* What a restoration has made of the widest place. */
static cairo_surface_t *
draw (const HlTaskResult *result, const Babl *space)
{
  const HlImage *image = result->image;
  int            half  = MAX (DEPTHS * result->wide.depth, LEAST_HALF);
  HlRect         rect  = { result->wide.x, result->wide.y, result->wide.x + 1, result->wide.y + 1 };
  g_autoptr (HlImage) part    = NULL;
  g_autoptr (HlPicture) shown = NULL;
  cairo_surface_t *surface    = NULL;
  cairo_t         *cr;
  double           scale;

  rect  = hl_rect_grow (rect, half, image->width, image->height);
  part  = hl_image_crop (image, rect, NULL);
  shown = part ? hl_picture_new (part, NULL, space) : NULL;
  if (!shown)
    return NULL;
  hl_picture_set_before (shown, part);
  scale   = SIDE / (double) MAX (part->width, part->height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, MAX (part->width * scale, 1),
                                        MAX (part->height * scale, 1));
  cr      = cairo_create (surface);
  hl_picture_draw (shown, HL_PICTURE_BEFORE, cr, scale, 0, 0);
  cairo_destroy (cr);
  return surface;
}

static void
on_done (HlWorker *worker, gpointer user_data)
{
  HlVariations *self              = user_data;
  g_autoptr (HlTaskResult) result = hl_worker_steal_result (worker, NULL);
  cairo_surface_t *surface        = NULL;
  g_autofree char *name           = NULL;

  hl_variations_stop (self);
  if (result)
    surface = draw (result, hl_live_get_snapshot (self->live)->space);
  if (!surface)
    return;
  gtk_image_set_from_surface (
      GTK_IMAGE (gtk_button_get_image (GTK_BUTTON (self->buttons[self->n]))), surface);
  cairo_surface_destroy (surface);
  /* Translators: a number that the person can choose, as under “Variation”. */
  name = g_strdup_printf (_ ("Variation %d"), self->seeds[self->n]);
  gtk_widget_set_tooltip_text (self->buttons[self->n], name);
  atk_object_set_name (gtk_widget_get_accessible (self->buttons[self->n]), name);
  self->n++;
  show (self);
  if (self->n < NUMBER)
    start (self);
}

/* Begins to make the next one; what fails is left out. */
static void
start (HlVariations *self)
{
  HlTask task;

  if (!hl_live_prepare (self->live, &task, &self->edits))
    return;
  task.settings.seed = self->seeds[self->n];
  self->worker       = hl_worker_new (&task, NULL, TRUE);
  if (!hl_worker_start (self->worker, on_done, self, NULL))
    hl_variations_stop (self);
}

static void
on_ask (GtkWidget *button, gpointer user_data)
{
  HlVariations *self = user_data;
  int           seed;

  hl_variations_stop (self);
  g_object_get (self->config, "seed", &seed, NULL);
  for (int i = 0; i < NUMBER; i++)
    self->seeds[i] = (seed + 1 + i) & G_MAXINT32;
  self->n = 0;
  show (self);
  start (self);
}

static void
on_chosen (GtkWidget *button, gpointer user_data)
{
  HlVariations *self = user_data;

  hl_variations_stop (self);
  for (int i = 0; i < NUMBER; i++)
    if (self->buttons[i] == button)
      {
        self->is_chosen = TRUE;
        g_object_set (self->config, "seed", self->seeds[i], NULL);
      }
}

static void
hl_variations_dispose (GObject *object)
{
  hl_variations_stop (HL_VARIATIONS (object));
  G_OBJECT_CLASS (hl_variations_parent_class)->dispose (object);
}

static void
hl_variations_class_init (HlVariationsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = hl_variations_dispose;
}

static void
hl_variations_init (HlVariations *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  self->ask = gtk_button_new_with_label (_ ("Show other fills"));
  hl_controls_set_tooltip (self->ask,
                           _ ("Fill the widest hole in three other ways, to choose from. "
                              "Each takes as long as the restoration did."));
  g_signal_connect (self->ask, "clicked", G_CALLBACK (on_ask), self);
  self->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  for (int i = 0; i < NUMBER; i++)
    {
      self->buttons[i] = gtk_button_new ();
      gtk_button_set_image (GTK_BUTTON (self->buttons[i]), gtk_image_new ());
      gtk_button_set_always_show_image (GTK_BUTTON (self->buttons[i]), TRUE);
      g_signal_connect (self->buttons[i], "clicked", G_CALLBACK (on_chosen), self);
      gtk_box_pack_start (GTK_BOX (self->row), self->buttons[i], FALSE, FALSE, 0);
    }
  gtk_box_pack_start (GTK_BOX (self), self->ask, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->row, FALSE, FALSE, 0);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
  gtk_widget_show (self->ask);
}

/**
 * hl_variations_new:
 * @config: the procedure's arguments
 *
 * Returns: a place for variations, which is not shown yet
 */
GtkWidget *
hl_variations_new (GimpProcedureConfig *config)
{
  HlVariations *self = g_object_new (HL_TYPE_VARIATIONS, NULL);

  self->config = config;
  return GTK_WIDGET (self);
}

/* Whether another seed fills something in another way. */
static gboolean
matters (HlVariations *self, const HlTaskResult *result)
{
  return result && result->wide.depth > 0
         && hl_arguments_matters (G_OBJECT (self->config), hl_setting_find ("fill"))
         && gimp_procedure_config_get_choice_id (self->config, "fill") != HL_FILL_CAUTIOUS;
}

/**
 * hl_variations_update:
 * @self: variations
 * @live: the restoration that the window shows
 *
 * Follows it: variations of another result than the one that is there are of no use, but for one
 * that was chosen among them.
 */
void
hl_variations_update (HlVariations *self, HlLive *live)
{
  const HlTaskResult *result  = hl_live_get_result (live);
  gboolean            is_done = hl_live_get_state (live) == HL_LIVE_DONE;
  guint               serial  = hl_live_get_serial (live);

  self->live = live;
  if (is_done && serial != self->serial)
    {
      if (!self->is_chosen)
        self->n = 0;
      self->is_chosen = FALSE;
      self->serial    = serial;
      show (self);
      gtk_widget_set_visible (GTK_WIDGET (self), matters (self, result));
    }
  if ((!is_done || serial != self->serial) && !self->is_chosen && (self->worker || self->n > 0))
    {
      hl_variations_stop (self);
      self->n = 0;
      show (self);
    }
  gtk_widget_set_sensitive (self->ask, is_done && !self->worker);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proposal of a selection, found without blocking. The pixels of the layer and the selection of
 * the image are read and written by pixels.c.
 *
 * The engine runs in a thread, one run at a time: settings that change meanwhile make it run once
 * more. As long as the size stays, the first half of the work is kept. libgimp and GTK are not
 * thread-safe, so the thread touches neither: it leaves its progress in a number that the main
 * thread looks at. */

#include "gimp/proposal.h"

#include "gimp/pixels.h"
#include "restore/find/finder.h"

/* How often the listener hears of the progress, milliseconds. */
#define TICK 100

/* The progress is kept as a whole number of these, so that it can be read at any moment. */
#define PARTS 1000

/* The share of the work that depends on the size only. */
#define FIELD_SHARE 0.4

typedef struct
{
  double sensitivity;
  int    size;
} Settings;

struct _HlProposal
{
  HlImage     *planes;       /* of the layer */
  guint8      *evidence;     /* of the layer */
  int          x, y;         /* of the layer in the image */
  HlMarkField *field;        /* (nullable): the thread's while it runs */
  double       first, share; /* of the whole work, the half at hand; the thread's */
  int          field_size;   /* the widest damage in @field */
  float       *found;        /* of the layer, or NULL before the first run */
  guint        serial;       /* counts the runs that ended */
  Settings     found_with;   /* those of @found, or of the run that is on its way */
  Settings     wanted;
  GError      *error; /* of the last run */
  gboolean     is_running;
  guint        tick;
  GMainLoop   *end; /* of the last run, where it is waited for */

  GCancellable  *cancel;
  int            parts; /* atomic */
  HlProposalFunc listener;
  gpointer       user_data;
};

/**
 * hl_proposal_new:
 * @layer: an RGB or gray layer
 * @error: return location for a #GError
 *
 * Reads the pixels of a layer.
 *
 * Returns: (transfer full): a proposal that knows nothing yet, or %NULL with %HL_ERROR_MEMORY
 */
HlProposal *
hl_proposal_new (GimpLayer *layer, GError **error)
{
  g_autoptr (HlProposal) self = g_new0 (HlProposal, 1);

  self->cancel = g_cancellable_new ();
  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &self->x, &self->y);
  self->planes = hl_pixels_read (GIMP_DRAWABLE (layer), &self->evidence, error);
  return self->planes ? g_steal_pointer (&self) : NULL;
}

/* Waits for the end of the run that is on its way. */
static void
wait_for_end (HlProposal *self)
{
  if (!self->is_running)
    return;
  self->end = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (self->end);
  g_clear_pointer (&self->end, g_main_loop_unref);
}

/**
 * hl_proposal_free:
 * @proposal: (transfer full) (nullable): a proposal
 *
 * Cancels what is on its way, waits for its end, which is a matter of a tenth of a second, and
 * frees the proposal.
 */
void
hl_proposal_free (HlProposal *proposal)
{
  if (!proposal)
    return;
  hl_proposal_cancel (proposal);
  wait_for_end (proposal);
  hl_image_free (proposal->planes);
  g_free (proposal->evidence);
  hl_mark_field_free (proposal->field);
  g_free (proposal->found);
  g_clear_error (&proposal->error);
  g_object_unref (proposal->cancel);
  g_free (proposal);
}

/**
 * hl_proposal_set_listener:
 * @proposal: a proposal
 * @listener: (nullable): is told whenever a run has ended, and of the progress meanwhile
 * @user_data: for @listener
 */
void
hl_proposal_set_listener (HlProposal *proposal, HlProposalFunc listener, gpointer user_data)
{
  proposal->listener  = listener;
  proposal->user_data = user_data;
}

static void
note_progress (double fraction, guint iteration, gpointer user_data)
{
  HlProposal *self = user_data;

  g_atomic_int_set (&self->parts, (int) (PARTS * (self->first + self->share * fraction)));
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  HlProposal *self    = task_data;
  GError     *error   = NULL;
  float      *found   = NULL;
  HlProgress  control = { .cancel = cancellable, .report = note_progress, .user_data = self };

  self->first = 0.0;
  self->share = 1.0;
  if (!self->field || self->field_size != self->found_with.size)
    {
      self->share = FIELD_SHARE;
      hl_mark_field_free (self->field);
      self->field_size = self->found_with.size;
      self->field      = hl_mark_field_new (self->planes, self->field_size, &control, &error);
      self->first      = FIELD_SHARE;
      self->share      = 1.0 - FIELD_SHARE;
    }
  if (self->field)
    found = hl_detect_choose (self->field, self->evidence, self->found_with.sensitivity, &control,
                              &error);
  if (found)
    g_task_return_pointer (task, found, g_free);
  else
    g_task_return_error (task, error);
}

/* Whether @found belongs to other settings than those that are wanted. */
static gboolean
is_stale (const HlProposal *self)
{
  return !self->found || self->wanted.sensitivity != self->found_with.sensitivity
         || self->wanted.size != self->found_with.size;
}

static gboolean
on_tick (gpointer user_data)
{
  HlProposal *self = user_data;

  if (self->listener)
    self->listener (self, self->user_data);
  return G_SOURCE_CONTINUE;
}

static void on_found (GObject *source, GAsyncResult *result, gpointer user_data);

static void
run (HlProposal *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancel, on_found, self);

  self->found_with = self->wanted;
  self->is_running = TRUE;
  if (!self->tick)
    self->tick = g_timeout_add (TICK, on_tick, self);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HlProposal *self = user_data;

  g_clear_error (&self->error);
  g_free (self->found);
  self->found      = g_task_propagate_pointer (G_TASK (result), &self->error);
  self->is_running = FALSE;
  self->serial++;
  if (self->found && is_stale (self))
    {
      run (self);
      return;
    }
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->listener)
    self->listener (self, self->user_data);
  if (self->end)
    g_main_loop_quit (self->end);
}

/**
 * hl_proposal_start:
 * @proposal: a proposal
 * @sensitivity: 0..100, as for hl_detect_choose()
 * @size: pixels, 1..%HL_DETECT_LARGEST_SIZE
 *
 * Begins to look for damage, or for other damage, and returns at once.
 */
void
hl_proposal_start (HlProposal *proposal, double sensitivity, int size)
{
  proposal->wanted = (Settings) { sensitivity, size };
  if (!proposal->is_running && is_stale (proposal))
    run (proposal);
}

/**
 * hl_proposal_find:
 * @proposal: a proposal
 * @sensitivity: as for hl_proposal_start()
 * @size: likewise
 * @error: return location for a #GError
 *
 * Looks for damage until it is found, in a main loop.
 *
 * Returns: %FALSE with %HL_ERROR_SETTING, %HL_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
gboolean
hl_proposal_find (HlProposal *proposal, double sensitivity, int size, GError **error)
{
  hl_proposal_start (proposal, sensitivity, size);
  wait_for_end (proposal);
  if (!proposal->found)
    g_propagate_error (error, g_error_copy (proposal->error));
  return proposal->found != NULL;
}

/**
 * hl_proposal_cancel:
 * @proposal: a proposal that nothing more is wanted of
 *
 * Ends what is on its way, soon; returns at once.
 */
void
hl_proposal_cancel (HlProposal *proposal)
{
  proposal->listener = NULL;
  proposal->wanted   = proposal->found_with;
  g_cancellable_cancel (proposal->cancel);
}

/**
 * hl_proposal_get_image:
 * @proposal: a proposal
 *
 * Returns: the planes of the layer, in its own colour space
 */
const HlImage *
hl_proposal_get_image (const HlProposal *proposal)
{
  return proposal->planes;
}

/**
 * hl_proposal_get_found:
 * @proposal: a proposal
 *
 * Returns: (nullable): (H, W), row-major: 1 where there is damage in the layer, else 0; %NULL
 *   while that is not known; until the next call of the listener
 */
const float *
hl_proposal_get_found (const HlProposal *proposal)
{
  return proposal->found;
}

/**
 * hl_proposal_get_serial:
 * @proposal: a proposal
 *
 * Returns: a number that is another one whenever what was found may be another
 */
guint
hl_proposal_get_serial (const HlProposal *proposal)
{
  return proposal->serial;
}

/**
 * hl_proposal_get_fraction:
 * @proposal: a proposal
 *
 * Returns: how much of the run that is on its way is done, 0..1
 */
double
hl_proposal_get_fraction (const HlProposal *proposal)
{
  return (double) g_atomic_int_get (&proposal->parts) / PARTS;
}

/**
 * hl_proposal_get_error:
 * @proposal: a proposal
 *
 * Returns: (nullable): why the last run found nothing
 */
const GError *
hl_proposal_get_error (const HlProposal *proposal)
{
  return proposal->error;
}

/**
 * hl_proposal_select:
 * @proposal: a proposal that has been found
 * @image: the image of the layer
 * @add: whether the old selection is kept too
 * @error: return location for a #GError
 *
 * Sets the selection of the image, in one step of undo.
 *
 * Returns: %FALSE with %HL_ERROR_INPUT, where GIMP refuses; nothing is changed then
 */
gboolean
hl_proposal_select (const HlProposal *proposal, GimpImage *image, gboolean add, GError **error)
{
  const GeglRectangle area
      = { proposal->x, proposal->y, proposal->planes->width, proposal->planes->height };

  return hl_pixels_select (image, proposal->found, &area, add, error);
}

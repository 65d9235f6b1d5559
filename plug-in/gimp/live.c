/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a restoration up to date with its settings while a window is open: has the layer read
 * (snapshot.c), starts the worker (worker.c), and when a setting changes does again what depends on
 * it and no more. One worker runs at a time; the next one starts when the former, cancelled, has
 * ended.
 *
 * Of this file, which is long, one half says what the window may ask. */

#include "gimp/live.h"

#include "gimp/arguments.h"

/* How long a setting must rest before the restoration follows it, milliseconds. */
#define REST 300

struct _HlLive
{
  GimpImage           *image;
  GimpLayer           *source;
  GimpProcedureConfig *config;
  HlLiveFunc           changed;
  gpointer             user_data;
  gulong               handler;
  guint                rest; /* a source, or 0 */

  HlSnapshot   *snapshot; /* NULL where the layer cannot be read */
  HlPicture    *picture;  /* of it, once it has been read */
  HlWorker     *worker;   /* the last one that was started */
  HlTaskResult *result;
  GError       *error;
  char         *repair_key, *grain_key; /* of the worker, or of the result it left */
  gboolean      is_running;             /* the worker */
  gboolean      is_cancelled;           /* the worker */
  gboolean      is_stopped;             /* by the person, with the settings as they are now */
  gboolean      is_ended;
};

static void update (HlLive *live);

static void
notify (HlLive *live)
{
  if (!live->is_ended)
    live->changed (live, live->user_data);
}

static void
cancel (HlLive *live)
{
  live->is_cancelled = TRUE;
  hl_worker_cancel (live->worker);
}

static void
on_done (HlWorker *worker, gpointer user_data)
{
  HlLive *live = user_data;

  live->is_running = FALSE;
  live->result     = hl_worker_steal_result (worker, &live->error);
  if (live->is_cancelled)
    {
      g_clear_pointer (&live->result, hl_task_result_free);
      g_clear_error (&live->error);
      g_clear_pointer (&live->repair_key, g_free);
    }
  update (live);
  notify (live);
}

/* Starts a worker; @before as for hl_worker_new(). */
static void
start (HlLive *live, HlTaskResult *before)
{
  HlTask task = { .image    = live->snapshot->planes,
                  .mask     = live->snapshot->mask,
                  .selected = live->snapshot->n_selected > 0,
                  .evidence = live->snapshot->evidence,
                  .picture  = live->picture };

  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_error (&live->error);
  if (!hl_arguments_read (live->config, &task, &live->error))
    {
      hl_task_result_free (before);
      notify (live);
      return;
    }
  live->worker       = hl_worker_new (&task, before);
  live->is_cancelled = FALSE;
  live->is_running   = hl_worker_start (live->worker, on_done, live, &live->error);
  if (live->is_stopped)
    hl_worker_stop (live->worker);
  notify (live);
}

/* Forgets the layer, and all that was made of it. */
static void
clear (HlLive *live)
{
  HlSnapshot *snapshot = g_steal_pointer (&live->snapshot);
  HlPicture  *picture  = g_steal_pointer (&live->picture);

  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_pointer (&live->result, hl_task_result_free);
  g_clear_error (&live->error);
  g_clear_pointer (&live->repair_key, g_free);
  /* The view shows the picture no longer before it is freed. */
  notify (live);
  hl_picture_free (picture);
  hl_snapshot_free (snapshot);
}

static void
on_read (HlSnapshot *snapshot, const GError *error, gpointer user_data)
{
  HlLive *live = user_data;

  if (error)
    {
      clear (live);
      live->error = g_error_copy (error);
      notify (live);
      return;
    }
  /* Without memory for it there is nothing to look at, and yet a result. */
  live->picture = hl_picture_new (snapshot->planes, snapshot->hidden, snapshot->space);
  update (live);
}

/* Begins to read what the settings ask for. */
static void
read_layer (HlLive *live, HlSnapshotPart part)
{
  clear (live);
  live->snapshot = hl_snapshot_new (live->image, live->source, part, &live->error);
  if (live->snapshot)
    hl_snapshot_read_idly (live->snapshot, on_read, live);
  notify (live);
}

/* Does what is to be done next. */
static void
update (HlLive *live)
{
  g_autofree char *repair = NULL, *grain = NULL;
  HlSnapshotPart   part;
  gboolean         same_repair, same_grain;

  if (live->is_ended)
    return;
  part        = hl_arguments_get_part (G_OBJECT (live->config), live->image);
  repair      = hl_arguments_get_key (G_OBJECT (live->config), HL_STEP_REPAIR);
  grain       = hl_arguments_get_key (G_OBJECT (live->config), HL_STEP_GRAIN);
  same_repair = g_strcmp0 (repair, live->repair_key) == 0;
  same_grain  = g_strcmp0 (grain, live->grain_key) == 0;

  if (!live->snapshot || live->snapshot->part != part)
    {
      if (live->is_running)
        cancel (live);
      else
        read_layer (live, part);
      return;
    }
  if (!hl_snapshot_is_complete (live->snapshot) || (live->is_running && same_repair)
      || (same_repair && same_grain))
    return;
  if (live->is_running)
    {
      cancel (live);
      return;
    }
  g_free (live->repair_key);
  g_free (live->grain_key);
  live->repair_key = g_steal_pointer (&repair);
  live->grain_key  = g_steal_pointer (&grain);
  if (!same_repair)
    g_clear_pointer (&live->result, hl_task_result_free);
  start (live, g_steal_pointer (&live->result));
}

static gboolean
on_rest (gpointer user_data)
{
  HlLive *live = user_data;

  live->rest = 0;
  update (live);
  notify (live);
  return G_SOURCE_REMOVE;
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  HlLive *live = user_data;

  if (live->rest)
    g_source_remove (live->rest);
  live->rest       = g_timeout_add (REST, on_rest, live);
  live->is_stopped = FALSE;
  notify (live);
}

/**
 * hl_live_new:
 * @image: the picture
 * @source: the layer to restore, as hl_target_find() found it
 * @config: the procedure's arguments, which it follows
 * @changed: called whenever something happens
 * @user_data: for @changed
 *
 * Begins to restore. gimp_ui_init() need not have been called, but there must be a main loop.
 *
 * Returns: (transfer full): the restoration
 */
HlLive *
hl_live_new (GimpImage *image, GimpLayer *source, GimpProcedureConfig *config, HlLiveFunc changed,
             gpointer user_data)
{
  HlLive *live = g_new0 (HlLive, 1);

  live->image     = image;
  live->source    = source;
  live->config    = config;
  live->changed   = changed;
  live->user_data = user_data;
  live->handler   = g_signal_connect (config, "notify", G_CALLBACK (on_notify), live);
  live->rest      = g_idle_add (on_rest, live);
  return live;
}

/**
 * hl_live_get_state:
 * @live: a restoration
 *
 * Returns: where it stands
 */
HlLiveState
hl_live_get_state (HlLive *live)
{
  if (live->rest || live->is_running)
    return live->snapshot && hl_snapshot_is_complete (live->snapshot) ? HL_LIVE_WORKING
                                                                      : HL_LIVE_READING;
  if (live->error)
    return HL_LIVE_FAILED;
  return live->result ? HL_LIVE_DONE : HL_LIVE_READING;
}

/**
 * hl_live_is_stopped:
 * @live: a restoration
 *
 * Returns: whether the person stopped it, so that its end is not its own
 */
gboolean
hl_live_is_stopped (HlLive *live)
{
  return live->is_stopped;
}

/**
 * hl_live_get_error:
 * @live: a restoration
 *
 * Returns: (nullable): why it failed
 */
const GError *
hl_live_get_error (HlLive *live)
{
  return live->error;
}

/**
 * hl_live_get_picture:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): what there is to look at
 */
HlPicture *
hl_live_get_picture (HlLive *live)
{
  return live->picture;
}

/**
 * hl_live_get_worker:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): the last worker that was started
 */
HlWorker *
hl_live_get_worker (HlLive *live)
{
  return live->worker;
}

/**
 * hl_live_get_snapshot:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): the layer, as far as it has been read
 */
HlSnapshot *
hl_live_get_snapshot (HlLive *live)
{
  return live->snapshot;
}

/**
 * hl_live_get_result:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): the result, once it is there
 */
const HlTaskResult *
hl_live_get_result (HlLive *live)
{
  return live->result;
}

/**
 * hl_live_settle:
 * @live: a restoration
 *
 * Follows the settings at once, without waiting for them to rest.
 */
void
hl_live_settle (HlLive *live)
{
  if (!live->rest)
    return;
  g_source_remove (live->rest);
  on_rest (live);
}

/**
 * hl_live_stop:
 * @live: a restoration
 *
 * Ends the work soon, with the best result so far; work with settings that have just changed too,
 * as soon as it has begun.
 */
void
hl_live_stop (HlLive *live)
{
  hl_live_settle (live);
  live->is_stopped = TRUE;
  if (live->is_running && !live->is_cancelled)
    hl_worker_stop (live->worker);
  notify (live);
}

/**
 * hl_live_end:
 * @live: a restoration
 *
 * Follows the settings no longer, and gives up what is being done, which ends soon. Nobody is
 * notified of anything any more.
 */
void
hl_live_end (HlLive *live)
{
  if (live->is_ended)
    return;
  live->is_ended = TRUE;
  g_signal_handler_disconnect (live->config, live->handler);
  g_clear_handle_id (&live->rest, g_source_remove);
  if (live->is_running)
    cancel (live);
}

/**
 * hl_live_free:
 * @live: (transfer full) (nullable): a restoration
 *
 * Ends it, waits for the end of what is being done, and frees it.
 */
void
hl_live_free (HlLive *live)
{
  if (!live)
    return;
  hl_live_end (live);
  clear (live);
  g_free (live->grain_key);
  g_free (live);
}

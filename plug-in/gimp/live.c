/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a restoration up to date with its settings while a window is open: has the picture read
 * (reader.c), starts the worker (worker.c), and when a setting changes does again what depends on
 * it and no more. One worker runs at a time; the next one starts when the former, cancelled, has
 * ended. Nothing here waits, but for hl_live_end(), which lets the main loop go on meanwhile.
 *
 * Of this file, which is long, one half says what the window may ask. */

#include "gimp/live.h"

#include "gimp/reader.h"
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

  HlReader     *reader; /* NULL where the picture cannot be read */
  HlWorker     *worker; /* the last one that was started */
  HlTaskResult *result;
  GError       *error;
  char         *repair_key, *grain_key; /* of the worker, or of the result it left */
  gboolean      is_running;             /* the worker */
  gboolean      is_cancelled;           /* the worker */
  gboolean      is_stopped;             /* by the person */
  gboolean      is_ended;
  GMainLoop    *end; /* of the last worker, where that is waited for */
};

static void update (HlLive *live);

static void
tell (HlLive *live)
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
  if (live->end)
    g_main_loop_quit (live->end);
  update (live);
  tell (live);
}

/* Starts a worker; @before as for hl_worker_new(). */
static void
start (HlLive *live, HlTaskResult *before)
{
  const HlArea *patch = hl_live_get_patch (live);
  HlTask        task  = { .image    = patch->image,
                          .mask     = patch->mask,
                          .evidence = patch->evidence,
                          .picture  = hl_live_get_picture (live) };

  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_error (&live->error);
  if (!hl_arguments_read (live->config, &task, &live->error))
    {
      hl_task_result_free (before);
      tell (live);
      return;
    }
  live->worker       = hl_worker_new (&task, before);
  live->is_cancelled = FALSE;
  live->is_running   = hl_worker_start (live->worker, on_done, live, &live->error);
  tell (live);
}

static void
on_read (HlReader *reader, const GError *error, gpointer user_data)
{
  HlLive *live = user_data;

  if (!error)
    {
      update (live);
      return;
    }
  live->error = g_error_copy (error);
  g_clear_pointer (&live->reader, hl_reader_free);
  tell (live);
}

/* Begins to read what the settings ask for. */
static void
read_patch (HlLive *live, gboolean whole)
{
  HlReader *reader = g_steal_pointer (&live->reader);

  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_pointer (&live->result, hl_task_result_free);
  g_clear_error (&live->error);
  g_clear_pointer (&live->repair_key, g_free);
  tell (live);
  hl_reader_free (reader);
  live->reader = hl_reader_new (live->image, live->source, whole, on_read, live, &live->error);
  tell (live);
}

/* Does what is to be done next. */
static void
update (HlLive *live)
{
  g_autofree char *repair = NULL, *grain = NULL;
  gboolean         whole = hl_arguments_is_whole (G_OBJECT (live->config));
  const HlArea    *patch = hl_live_get_patch (live);
  gboolean         same_repair, same_grain;

  if (live->is_ended)
    return;
  repair      = hl_arguments_get_key (G_OBJECT (live->config), HL_STEP_REPAIR);
  grain       = hl_arguments_get_key (G_OBJECT (live->config), HL_STEP_GRAIN);
  same_repair = g_strcmp0 (repair, live->repair_key) == 0;
  same_grain  = g_strcmp0 (grain, live->grain_key) == 0;

  if (!patch || patch->whole != whole)
    {
      if (live->is_running)
        cancel (live);
      else
        read_patch (live, whole);
      return;
    }
  if (!hl_patch_is_complete (patch) || (live->is_running && same_repair)
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
    {
      g_clear_pointer (&live->result, hl_task_result_free);
      live->is_stopped = FALSE;
    }
  start (live, g_steal_pointer (&live->result));
}

static gboolean
on_rest (gpointer user_data)
{
  HlLive *live = user_data;

  live->rest = 0;
  update (live);
  tell (live);
  return G_SOURCE_REMOVE;
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  HlLive *live = user_data;

  if (live->rest)
    g_source_remove (live->rest);
  live->rest = g_timeout_add (REST, on_rest, live);
  tell (live);
}

/**
 * hl_live_new:
 * @image: the picture
 * @source: the layer to restore, as hl_target_find() found it
 * @config: the procedure's arguments, which it follows
 * @changed: told of what happens
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
  const HlArea *patch = hl_live_get_patch (live);

  if (live->rest || live->is_running)
    return patch && hl_patch_is_complete (patch) ? HL_LIVE_WORKING : HL_LIVE_READING;
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
  return live->reader ? hl_reader_get_picture (live->reader) : NULL;
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
 * hl_live_get_patch:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): what was read of the picture
 */
HlArea *
hl_live_get_patch (HlLive *live)
{
  return live->reader ? hl_reader_get_patch (live->reader) : NULL;
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
 * Ends the work soon, with the best result so far.
 */
void
hl_live_stop (HlLive *live)
{
  hl_live_settle (live);
  if (!live->is_running || live->is_cancelled)
    return;
  live->is_stopped = TRUE;
  hl_worker_stop (live->worker);
  tell (live);
}

/**
 * hl_live_end:
 * @live: a restoration
 *
 * Gives up what is being done, and waits in the default main loop until it has ended. Nobody is
 * told of anything any more.
 */
void
hl_live_end (HlLive *live)
{
  if (live->is_ended)
    return;
  live->is_ended = TRUE;
  g_signal_handler_disconnect (live->config, live->handler);
  if (live->rest)
    g_source_remove (live->rest);
  if (live->reader)
    hl_reader_stop (live->reader);
  live->rest = 0;
  if (!live->is_running)
    return;
  cancel (live);
  live->end = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (live->end);
  g_clear_pointer (&live->end, g_main_loop_unref);
}

/**
 * hl_live_free:
 * @live: (transfer full) (nullable): a restoration
 *
 * Ends and frees it.
 */
void
hl_live_free (HlLive *live)
{
  if (!live)
    return;
  hl_live_end (live);
  hl_worker_free (live->worker);
  hl_task_result_free (live->result);
  hl_reader_free (live->reader);
  g_clear_error (&live->error);
  g_free (live->repair_key);
  g_free (live->grain_key);
  g_free (live);
}

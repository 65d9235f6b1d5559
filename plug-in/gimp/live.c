/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a restoration up to date with its settings and with the person's marks while a window is
 * open: has the layer read (subject.c), starts the worker (worker.c), and when something changes
 * does again what depends on it and no more. One worker runs at a time; the next one starts when
 * the former, cancelled, has ended.
 *
 * What was found stays known: another sensitivity is another cut through it, seen at once. What the
 * person marks is mended at once within the result that is there; that is a provisional result,
 * which the whole work with the same marks replaces as soon as it has come to its end, so that the
 * result does not depend on the order of the marks, or on when they were made.
 *
 * What the window may ask of it meanwhile, live_state.c answers. */

#include "gimp/live_state.h"

#include "gimp/arguments.h"

/* How long a setting must rest before the restoration follows it, and marks and points, ms. */
#define REST 300
#define MARKS_REST 30

static void update (HlLive *live);

static void
notify (HlLive *live)
{
  if (!live->is_ended)
    live->changed (live, live->user_data);
}

static void
clear_result (HlLive *live)
{
  g_clear_pointer (&live->result, hl_task_result_free);
  hl_live_key_clear (&live->key);
}

static void
cancel (HlLive *live)
{
  live->is_cancelled = TRUE;
  hl_worker_cancel (live->worker);
}

/* Takes over what the worker has marked. */
static void
take_marked (HlLive *live)
{
  gboolean           was_known = live->subject.found != NULL;
  g_autofree guint8 *marked    = hl_worker_steal_marked (live->worker, &live->subject.found);

  if (marked && live->subject.marks && !live->is_cancelled && !live->rest)
    hl_marks_set_found (live->subject.marks, marked);
  else if (live->subject.found && !was_known)
    hl_subject_show_found (&live->subject, live->config);
}

static void
on_done (HlWorker *worker, gpointer user_data)
{
  HlLive *live             = user_data;
  g_autoptr (GError) error = NULL;
  HlTaskResult *result     = hl_worker_steal_result (worker, &error);

  take_marked (live);
  live->is_running = FALSE;
  if (live->is_cancelled)
    g_clear_pointer (&result, hl_task_result_free);
  else
    {
      clear_result (live);
      live->result         = result;
      live->error          = g_steal_pointer (&error);
      live->is_provisional = live->is_patch;
      live->serial++;
    }
  if (live->result && result == live->result)
    {
      live->key   = live->given;
      live->given = (HlLiveKey) { 0 };
    }
  update (live);
  notify (live);
}

/* Starts a worker for @key, which it takes over; @before as for hl_worker_new(). */
static void
start (HlLive *live, HlLiveKey *key, HlTaskResult *before, gboolean is_patch, gboolean is_quiet)
{
  HlTask task;

  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_pointer (&live->edits, g_free);
  g_clear_error (&live->error);
  hl_live_key_clear (&live->given);
  live->given = *key;
  *key        = (HlLiveKey) { 0 };
  if (live->subject.marks)
    live->edits = hl_marks_copy_edits (live->subject.marks);
  task         = hl_subject_make_task (&live->subject, live->edits);
  task.picture = live->subject.picture;
  task.patched = is_patch ? live->result : NULL;
  if (!hl_arguments_read (live->config, &task, &live->error))
    {
      hl_task_result_free (before);
      notify (live);
      return;
    }
  live->worker       = hl_worker_new (&task, before, is_quiet);
  live->is_patch     = is_patch;
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
  g_auto (HlSubject) before = live->subject;

  live->subject = hl_subject_renew (&before);
  g_clear_pointer (&live->worker, hl_worker_free);
  g_clear_pointer (&live->edits, g_free);
  g_clear_error (&live->error);
  clear_result (live);
  hl_live_key_clear (&live->given);
  /* The view shows the picture no longer, and variations are no longer made, before what they need
   * is freed. */
  notify (live);
}

static void rest (HlLive *live, guint milliseconds);

static void
on_marks (HlMarks *marks, gpointer user_data)
{
  rest (user_data, MARKS_REST);
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
  hl_subject_finish (&live->subject, on_marks, live);
  hl_subject_show_found (&live->subject, live->config);
  update (live);
}

/* Begins to read what the settings ask for. */
static void
read_layer (HlLive *live, HlSnapshotPart part)
{
  hl_subject_keep_marks (&live->subject);
  clear (live);
  hl_subject_read (&live->subject, part, on_read, live, &live->error);
  notify (live);
}

/* Whether the result is one of a photograph that was blurred. */
static gboolean
is_sharpened (HlLive *live)
{
  return live->result->report.blur[0] != '\0';
}

/* Whether the result can be mended where marks have changed, and nowhere else. */
static gboolean
can_patch (HlLive *live, const HlLiveKey *key)
{
  return live->result && hl_live_key_differs_in_marks (&live->key, key)
         && !hl_arguments_repair_all (G_OBJECT (live->config)) && !is_sharpened (live)
         && gimp_procedure_config_get_choice_id (live->config, "stains") == HL_STAINS_OPAQUE;
}

/* Does with @key what is to be done next; no worker is running. */
static void
start_next (HlLive *live, HlLiveKey *key)
{
  /* The grain of a photograph that was sharpened is no step of its own. */
  gboolean is_repaired = live->result && hl_live_key_is_same_repair (&live->key, key)
                         && !live->is_provisional
                         && (!is_sharpened (live) || g_strcmp0 (live->key.grain, key->grain) == 0);

  if (live->error && hl_live_key_is_same (&live->given, key))
    return;
  if (hl_live_is_current (live, key) && (!live->is_provisional || live->is_stopped))
    return;
  if (is_repaired)
    {
      HlTaskResult *before = g_steal_pointer (&live->result);

      clear_result (live);
      start (live, key, before, FALSE, FALSE);
    }
  else if (can_patch (live, key))
    start (live, key, NULL, TRUE, TRUE);
  else if (hl_live_is_current (live, key))
    start (live, key, NULL, FALSE, TRUE);
  else
    {
      clear_result (live);
      start (live, key, NULL, FALSE, FALSE);
    }
}

/* Does what is to be done next. */
static void
update (HlLive *live)
{
  g_auto (HlLiveKey) key = { 0 };
  HlSnapshotPart part;

  if (live->is_ended)
    return;
  part = hl_arguments_get_part (G_OBJECT (live->config), live->subject.image);
  if (!live->subject.snapshot || live->subject.snapshot->part != part)
    {
      if (live->is_running)
        cancel (live);
      else
        read_layer (live, part);
      return;
    }
  if (!hl_snapshot_is_complete (live->subject.snapshot))
    return;
  key = hl_live_get_key (live);
  if (!live->is_running)
    start_next (live, &key);
  /* Other colours or another amount of grain have time until the repair is there. */
  else if (live->is_cancelled || !hl_live_key_is_same_repair (&live->given, &key))
    cancel (live);
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

/* Follows a change as soon as nothing else changes for so long. */
static void
rest (HlLive *live, guint milliseconds)
{
  if (live->rest)
    g_source_remove (live->rest);
  live->rest       = g_timeout_add (milliseconds, on_rest, live);
  live->is_stopped = FALSE;
  notify (live);
}

static void
on_notify (GObject *config, GParamSpec *spec, gpointer user_data)
{
  HlLive *live = user_data;

  if (live->subject.snapshot && g_str_has_prefix (spec->name, "find"))
    hl_subject_show_found (&live->subject, live->config);
  rest (live, g_str_equal (spec->name, "colour-gray") ? MARKS_REST : REST);
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

  live->subject   = (HlSubject) { .image = image, .source = source };
  live->config    = config;
  live->changed   = changed;
  live->user_data = user_data;
  live->handler   = g_signal_connect (config, "notify", G_CALLBACK (on_notify), live);
  live->rest      = g_idle_add (on_rest, live);
  return live;
}

/**
 * hl_live_tick:
 * @live: a restoration
 *
 * Looks what the worker has found meanwhile; to be called some times a second.
 */
void
hl_live_tick (HlLive *live)
{
  if (live->is_running)
    take_marked (live);
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
 * as soon as it has begun. A provisional result is one.
 */
void
hl_live_stop (HlLive *live)
{
  g_auto (HlLiveKey) key = { 0 };

  hl_live_settle (live);
  key              = hl_live_get_key (live);
  live->is_stopped = TRUE;
  if (live->is_running && hl_live_is_current (live, &key))
    cancel (live);
  else if (live->is_running && !live->is_cancelled)
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
  hl_subject_keep_marks (&live->subject);
  hl_subject_save_marks (&live->subject);
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
  hl_subject_clear (&live->subject);
  g_free (live);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a restoration that follows its settings (live.c) stands: what the window may ask. */

#include "gimp/live_state.h"

#include "gimp/arguments.h"

/**
 * hl_live_get_key:
 * @live: a restoration
 *
 * Returns: what is set now; clear it with hl_live_key_clear()
 */
HlLiveKey
hl_live_get_key (HlLive *live)
{
  return hl_live_key_get (G_OBJECT (live->config),
                          live->subject.marks ? hl_marks_get_serial (live->subject.marks) : 0);
}

/**
 * hl_live_is_current:
 * @live: a restoration
 * @key: of hl_live_get_key()
 *
 * Returns: whether the result is one with what is set now, final or not
 */
gboolean
hl_live_is_current (HlLive *live, const HlLiveKey *key)
{
  return live->result && hl_live_key_is_same (&live->key, key);
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
  g_auto (HlLiveKey) key = hl_live_get_key (live);

  if (live->is_stopped && !live->rest && hl_live_is_current (live, &key))
    return HL_LIVE_DONE;
  if (live->rest || live->is_running)
    return live->subject.snapshot && hl_snapshot_is_complete (live->subject.snapshot)
               ? HL_LIVE_WORKING
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
  return live->subject.picture;
}

/**
 * hl_live_get_marks:
 * @live: a restoration
 *
 * Returns: (nullable) (transfer none): what is to be mended of the picture
 */
HlMarks *
hl_live_get_marks (HlLive *live)
{
  return live->subject.marks;
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
  return live->subject.snapshot;
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
 * hl_live_get_serial:
 * @live: a restoration
 *
 * Returns: a number that changes with each result
 */
guint
hl_live_get_serial (HlLive *live)
{
  return live->serial;
}

/**
 * hl_live_prepare:
 * @live: a restoration that is done
 * @task: (out): the whole work as it is set now; what it points to is borrowed until @live tells
 * that its snapshot is gone
 * @edits: (out) (transfer full) (nullable): those that @task points to
 *
 * Returns: whether there is such work
 */
gboolean
hl_live_prepare (HlLive *live, HlTask *task, guint8 **edits)
{
  if (!live->subject.snapshot || !live->result)
    return FALSE;
  *edits = live->subject.marks ? hl_marks_copy_edits (live->subject.marks) : NULL;
  *task  = hl_subject_make_task (&live->subject, *edits);
  return hl_arguments_read (live->config, task, NULL);
}

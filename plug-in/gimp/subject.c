/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window works on: a layer, as it was read (snapshot.c), how it looks (picture.c), the
 * damage that was found in it, and what the person has made of that (marks.c), which outlasts
 * another part of the layer that is read (kept.c). It starts no work of its own. */

#include "gimp/subject.h"

#include "restore/damage.h"
#include "restore/find/find.h"

/**
 * hl_subject_read:
 * @self: a layer of which nothing has been read
 * @part: what is wanted of it
 * @done: called when it has been read
 * @user_data: for @done
 * @error: return location for a #GError of hl_snapshot_new(); @done is not called then
 *
 * Begins to read it between the events of the default main loop.
 */
void
hl_subject_read (HlSubject *self, HlSnapshotPart part, HlSnapshotFunc done, gpointer user_data,
                 GError **error)
{
  self->snapshot = hl_snapshot_new (self->image, self->source, part, error);
  if (self->snapshot)
    hl_snapshot_read_idly (self->snapshot, done, user_data);
}

/**
 * hl_subject_finish:
 * @self: a layer that has been read
 * @changed: called whenever the person changes the marks
 * @user_data: for @changed
 *
 * Makes what there is to look at and to mark, with the marks that were made before, be it in
 * another window.
 */
void
hl_subject_finish (HlSubject *self, HlMarksFunc changed, gpointer user_data)
{
  HlSnapshot        *snapshot = self->snapshot;
  g_autofree guint8 *edits    = NULL;

  /* Without memory for it there is nothing to look at, and yet a result. */
  self->picture = hl_picture_new (snapshot->planes, snapshot->hidden, snapshot->space);
  if (self->picture)
    self->marks = hl_marks_new (snapshot->area.width, snapshot->area.height);
  if (!self->kept)
    self->kept = hl_kept_load (self->source);
  if (!self->marks)
    return;
  edits = hl_kept_get (self->kept, &snapshot->area);
  if (edits)
    hl_marks_set_edits (self->marks, edits);
  hl_marks_set_listener (self->marks, changed, user_data);
}

/**
 * hl_subject_show_found:
 * @self: a layer that has been read
 * @config: the procedure's arguments
 *
 * Sets the marks at once to what will be mended, as far as that is known: but for the rim that is
 * damaged too, and for what the selection is widened by.
 */
void
hl_subject_show_found (HlSubject *self, GimpProcedureConfig *config)
{
  gsize              pixels    = (gsize) self->snapshot->area.width * self->snapshot->area.height;
  gboolean           selected  = self->snapshot->n_selected > 0;
  HlRestoreSettings  settings  = { .find = gimp_procedure_config_get_choice_id (config, "find") };
  gboolean           is_sought = hl_damage_is_sought (&settings, selected);
  const float       *mask      = self->snapshot->mask;
  g_autofree guint8 *shown     = NULL;

  if (!self->marks || (is_sought && !self->found))
    return;
  shown = g_try_malloc0 (pixels);
  if (!shown)
    return;
  g_object_get (config, "find-sensitivity", &settings.find_sensitivity, NULL);
  if (is_sought)
    hl_find_cut (self->found, settings.find_sensitivity, HL_FIND_ANY_WIDTH, shown);
  for (gsize i = 0; i < pixels; i++)
    shown[i] = is_sought ? shown[i] && (!selected || mask[i] > 0) : mask[i] > 0;
  hl_marks_set_found (self->marks, shown);
}

/**
 * hl_subject_make_task:
 * @self: a layer that has been read
 * @edits: (nullable): (H, W) of #HlMarksEdit, the person's; borrowed
 *
 * Returns: what there is to do with it; the settings are not set
 */
HlTask
hl_subject_make_task (const HlSubject *self, const guint8 *edits)
{
  return (HlTask) { .image    = self->snapshot->planes,
                    .mask     = self->snapshot->mask,
                    .selected = self->snapshot->n_selected > 0,
                    .evidence = self->snapshot->evidence,
                    .found    = self->found,
                    .edits    = edits };
}

/**
 * hl_subject_keep_marks:
 * @self: a layer
 *
 * Lets the marks outlast what was read of it.
 */
void
hl_subject_keep_marks (HlSubject *self)
{
  g_autofree guint8 *edits = NULL;

  if (!self->marks || hl_marks_get_serial (self->marks) == 0)
    return;
  edits = hl_marks_copy_edits (self->marks);
  hl_kept_put (self->kept, &self->snapshot->area, edits);
}

/**
 * hl_subject_save_marks:
 * @self: a layer
 *
 * Lets the marks that are kept outlast the window too.
 */
void
hl_subject_save_marks (const HlSubject *self)
{
  GimpLayer *source = self->snapshot ? self->snapshot->source : NULL;

  if (self->kept && source && gimp_item_is_valid (GIMP_ITEM (source)))
    hl_kept_save (self->kept, source);
}

/**
 * hl_subject_renew:
 * @self: a layer; only its kept marks are taken from it
 *
 * Returns: the same layer, of which nothing has been read
 */
HlSubject
hl_subject_renew (HlSubject *self)
{
  return (HlSubject) { .image  = self->image,
                       .source = self->source,
                       .kept   = g_steal_pointer (&self->kept) };
}

/**
 * hl_subject_clear:
 * @self: a layer
 *
 * Frees what was read and made of it.
 */
void
hl_subject_clear (HlSubject *self)
{
  g_clear_pointer (&self->found, hl_found_free);
  g_clear_pointer (&self->picture, hl_picture_free);
  g_clear_pointer (&self->marks, hl_marks_free);
  g_clear_pointer (&self->snapshot, hl_snapshot_free);
  g_clear_pointer (&self->kept, hl_kept_free);
}

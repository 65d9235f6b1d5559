/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window works on: a layer, as it was read, and what is to be mended of it. */
#pragma once

#include "gimp/kept.h"
#include "gimp/marks.h"
#include "gimp/snapshot.h"
#include "gimp/task.h"

G_BEGIN_DECLS

/**
 * HlSubject:
 * @image: the picture
 * @source: the layer
 * @snapshot: (nullable): the part of it that was asked for, as far as it has been read
 * @picture: (nullable): of @snapshot, once that has been read, and memory suffices
 * @marks: (nullable): likewise
 * @found: (nullable): the damage, once it has been looked for
 * @kept: (nullable): the marks of all of the layer, once it has been read
 *
 * With an image and a layer alone, nothing has been read yet.
 */
typedef struct
{
  GimpImage  *image;
  GimpLayer  *source;
  HlSnapshot *snapshot;
  HlPicture  *picture;
  HlMarks    *marks;
  HlFound    *found;
  HlKept     *kept;
} HlSubject;

void hl_subject_read (HlSubject *self, HlSnapshotPart part, HlSnapshotFunc done, gpointer user_data,
                      GError **error);
void hl_subject_finish (HlSubject *self, HlMarksFunc changed, gpointer user_data);
void hl_subject_show_found (HlSubject *self, GimpProcedureConfig *config);
HlTask    hl_subject_make_task (const HlSubject *self, const guint8 *edits);
void      hl_subject_keep_marks (HlSubject *self);
void      hl_subject_save_marks (const HlSubject *self);
HlSubject hl_subject_renew (HlSubject *self);
void      hl_subject_clear (HlSubject *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlSubject, hl_subject_clear)

G_END_DECLS

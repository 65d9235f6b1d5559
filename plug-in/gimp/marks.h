/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be mended of a photograph, with what the person has changed of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is seen of a pixel. */
#define HL_MARKS_MENDED 1
#define HL_MARKS_DROPPED 2 /* found, but not to be mended */

/**
 * HlMarksEdit:
 * @HL_MARKS_AS_FOUND: a pixel is mended if it was found, or selected
 * @HL_MARKS_ADDED: it is mended
 * @HL_MARKS_REMOVED: it is not
 */
typedef enum
{
  HL_MARKS_AS_FOUND,
  HL_MARKS_ADDED,
  HL_MARKS_REMOVED
} HlMarksEdit;

typedef struct _HlMarks HlMarks;

/**
 * HlMarksFunc:
 * @marks: in which the person has changed something
 * @user_data: as given to hl_marks_set_listener()
 */
typedef void (*HlMarksFunc) (HlMarks *marks, gpointer user_data);

HlMarks *hl_marks_new (int width, int height);
void     hl_marks_set_listener (HlMarks *marks, HlMarksFunc listener, gpointer user_data);
void     hl_marks_set_found (HlMarks *marks, const guint8 *found);
void     hl_marks_paint (HlMarks *marks, double x0, double y0, double x1, double y1, double radius,
                         gboolean add);
gboolean hl_marks_toggle (HlMarks *marks, double x, double y, double radius);
void     hl_marks_end_action (HlMarks *marks);
gboolean hl_marks_undo (HlMarks *marks);
gboolean hl_marks_redo (HlMarks *marks);
guint    hl_marks_get_serial (const HlMarks *marks);
guint    hl_marks_get_version (const HlMarks *marks);
guint8  *hl_marks_copy_edits (const HlMarks *marks);
void     hl_marks_set_edits (HlMarks *marks, const guint8 *edits);
const guint8 *hl_marks_get_level (const HlMarks *marks, int number, int *width, int *height);
void          hl_marks_free (HlMarks *marks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlMarks, hl_marks_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be mended: what was found or selected, and over it what the person has added and
 * removed by brush and clicks, which can be undone. Where another sensitivity finds something else,
 * the person's changes stay. It knows no GTK and belongs to the main thread.
 *
 * What is seen of it lies ready in halves of halves of its size (seen.c). */

#include "gimp/marks.h"

#include <math.h>
#include <string.h>

#include "gimp/seen.h"

/* A rectangle of the edits as they were. */
typedef struct
{
  int     left, top, width, height;
  guint8 *edits;
} Patch;

struct _HlMarks
{
  HlSeen     *seen;
  int         width, height;
  guint8     *found;      /* (H, W): 0 or 1 */
  guint8     *edits;      /* (H, W) of HlMarksEdit */
  GPtrArray  *action;     /* (element-type Patch) (nullable): what is being done */
  GQueue      done, back; /* (element-type GPtrArray): to be undone, and to be done again */
  guint       serial;     /* of the edits */
  guint       version;    /* of what is seen */
  HlMarksFunc listener;
  gpointer    user_data;
};

static void
patch_free (gpointer data)
{
  Patch *patch = data;

  g_free (patch->edits);
  g_free (patch);
}

/**
 * hl_marks_new:
 * @width: of the photograph, pixels
 * @height: likewise
 *
 * Returns: (transfer full) (nullable): no marks yet, or %NULL where memory does not suffice
 */
HlMarks *
hl_marks_new (int width, int height)
{
  g_autoptr (HlMarks) marks = g_new0 (HlMarks, 1);

  marks->found  = g_try_malloc0 ((gsize) width * height);
  marks->edits  = g_try_malloc0 ((gsize) width * height);
  marks->seen   = hl_seen_new (width, height);
  marks->width  = width;
  marks->height = height;
  if (!marks->found || !marks->edits || !marks->seen)
    return NULL;
  return g_steal_pointer (&marks);
}

/**
 * hl_marks_set_listener:
 * @marks: marks
 * @listener: called whenever the person has changed something, but not in the midst of a stroke
 * @user_data: for @listener
 */
void
hl_marks_set_listener (HlMarks *marks, HlMarksFunc listener, gpointer user_data)
{
  marks->listener  = listener;
  marks->user_data = user_data;
}

static void
update (HlMarks *marks, int left, int top, int right, int bottom)
{
  marks->version++;
  hl_seen_update (marks->seen, marks->found, marks->edits, left, top, right, bottom);
}

/**
 * hl_marks_set_found:
 * @marks: marks
 * @found: (H, W), row-major: not 0 where something was found, or is selected
 *
 * Sets what is mended but for the person's changes.
 */
void
hl_marks_set_found (HlMarks *marks, const guint8 *found)
{
  for (gsize i = 0; i < (gsize) marks->width * marks->height; i++)
    marks->found[i] = found[i] != 0;
  update (marks, 0, 0, marks->width, marks->height);
}

/* Keeps a rectangle of the edits, which is about to change, for undo. */
static void
keep (HlMarks *marks, int left, int top, int right, int bottom)
{
  Patch *patch = g_new0 (Patch, 1);

  if (!marks->action)
    marks->action = g_ptr_array_new_with_free_func (patch_free);
  *patch = (Patch) { left, top, right - left, bottom - top,
                     g_malloc ((gsize) (right - left) * (bottom - top)) };
  for (int y = 0; y < patch->height; y++)
    memcpy (patch->edits + (gsize) y * patch->width,
            marks->edits + (gsize) (top + y) * marks->width + left, patch->width);
  g_ptr_array_add (marks->action, patch);
}

/**
 * hl_marks_paint:
 * @marks: marks
 * @x0: where the stroke comes from, pixels of the photograph
 * @y0: likewise
 * @x1: where it goes
 * @y1: likewise
 * @radius: of the brush, pixels of the photograph
 * @add: whether what it touches is to be mended, or is not
 *
 * Paints a piece of a stroke, which hl_marks_end_action() ends.
 */
void
hl_marks_paint (HlMarks *marks, double x0, double y0, double x1, double y1, double radius,
                gboolean add)
{
  int    width = marks->width, height = marks->height;
  int    left   = CLAMP (floor (MIN (x0, x1) - radius), 0, width);
  int    top    = CLAMP (floor (MIN (y0, y1) - radius), 0, height);
  int    right  = CLAMP (ceil (MAX (x0, x1) + radius) + 1, left, width);
  int    bottom = CLAMP (ceil (MAX (y0, y1) + radius) + 1, top, height);
  double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;

  if (left == right || top == bottom)
    return;
  keep (marks, left, top, right, bottom);
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        double px = x + 0.5 - x0, py = y + 0.5 - y0;
        double t = length > 0 ? CLAMP ((px * dx + py * dy) / length, 0, 1) : 0;

        if (hypot (px - t * dx, py - t * dy) <= MAX (radius, 0.75))
          marks->edits[(gsize) y * width + x] = add ? HL_MARKS_ADDED : HL_MARKS_REMOVED;
      }
  update (marks, left, top, right, bottom);
}

/**
 * hl_marks_toggle:
 * @marks: marks
 * @x: pixels of the photograph
 * @y: likewise
 * @radius: how far away a mark may be
 *
 * Drops the mark that is there, so that it is not mended, or brings one back that was dropped.
 *
 * Returns: whether there is one
 */
gboolean
hl_marks_toggle (HlMarks *marks, double x, double y, double radius)
{
  int width = marks->width, at_x = 0, at_y = 0;
  int left = width, top = marks->height, right = 0, bottom = 0;
  g_autoptr (GArray) pixels = NULL;
  gboolean back;

  if (!hl_seen_find_nearest (marks->seen, x, y, radius, &at_x, &at_y))
    return FALSE;
  pixels = hl_seen_find_component (marks->seen, at_x, at_y, &back);
  for (guint k = 0; k < pixels->len; k++)
    {
      int i = g_array_index (pixels, gsize, k) % width;
      int j = g_array_index (pixels, gsize, k) / width;

      left   = MIN (left, i);
      top    = MIN (top, j);
      right  = MAX (right, i + 1);
      bottom = MAX (bottom, j + 1);
    }
  keep (marks, left, top, right, bottom);
  for (guint k = 0; k < pixels->len; k++)
    {
      gsize i = g_array_index (pixels, gsize, k);

      marks->edits[i] = back || !marks->found[i] ? HL_MARKS_AS_FOUND : HL_MARKS_REMOVED;
    }
  update (marks, left, top, right, bottom);
  hl_marks_end_action (marks);
  return TRUE;
}

static void
clear_actions (GQueue *actions)
{
  g_queue_clear_full (actions, (GDestroyNotify) g_ptr_array_unref);
}

static void
notify (HlMarks *marks)
{
  marks->serial++;
  if (marks->listener)
    marks->listener (marks, marks->user_data);
}

/**
 * hl_marks_end_action:
 * @marks: marks
 *
 * Ends what is undone in one go.
 */
void
hl_marks_end_action (HlMarks *marks)
{
  if (!marks->action)
    return;
  g_queue_push_tail (&marks->done, g_steal_pointer (&marks->action));
  clear_actions (&marks->back);
  notify (marks);
}

/* Swaps the last action of @from with the edits, and puts it, turned around, at the end of @to. */
static gboolean
swap (HlMarks *marks, GQueue *from, GQueue *to)
{
  g_autoptr (GPtrArray) action = NULL;

  hl_marks_end_action (marks);
  action = g_queue_pop_tail (from);
  if (!action)
    return FALSE;
  for (guint k = action->len; k > 0; k--)
    {
      const Patch *patch = g_ptr_array_index (action, k - 1);

      keep (marks, patch->left, patch->top, patch->left + patch->width, patch->top + patch->height);
      for (int y = 0; y < patch->height; y++)
        memcpy (marks->edits + (gsize) (patch->top + y) * marks->width + patch->left,
                patch->edits + (gsize) y * patch->width, patch->width);
      update (marks, patch->left, patch->top, patch->left + patch->width,
              patch->top + patch->height);
    }
  g_queue_push_tail (to, g_steal_pointer (&marks->action));
  notify (marks);
  return TRUE;
}

/**
 * hl_marks_undo:
 * @marks: marks
 *
 * Takes the last stroke or click back.
 *
 * Returns: whether there was one
 */
gboolean
hl_marks_undo (HlMarks *marks)
{
  return swap (marks, &marks->done, &marks->back);
}

/**
 * hl_marks_redo:
 * @marks: marks
 *
 * Does again what was undone last.
 *
 * Returns: whether there was anything
 */
gboolean
hl_marks_redo (HlMarks *marks)
{
  return swap (marks, &marks->back, &marks->done);
}

/**
 * hl_marks_get_serial:
 * @marks: marks
 *
 * Returns: a number that changes whenever the person has changed something, 0 before
 */
guint
hl_marks_get_serial (const HlMarks *marks)
{
  return marks->serial;
}

/**
 * hl_marks_get_version:
 * @marks: marks
 *
 * Returns: a number that changes whenever what is seen does
 */
guint
hl_marks_get_version (const HlMarks *marks)
{
  return marks->version;
}

/**
 * hl_marks_copy_edits:
 * @marks: marks
 *
 * Returns: (transfer full) (nullable): (H, W) of #HlMarksEdit, row-major; %NULL where the person
 *   has changed nothing, or memory does not suffice
 */
guint8 *
hl_marks_copy_edits (const HlMarks *marks)
{
  gsize   size = (gsize) marks->width * marks->height;
  guint8 *copy = marks->serial > 0 ? g_try_malloc (size) : NULL;

  if (copy)
    memcpy (copy, marks->edits, size);
  return copy;
}

/**
 * hl_marks_set_edits:
 * @marks: marks
 * @edits: (H, W) of #HlMarksEdit, row-major, as hl_marks_copy_edits() made them
 *
 * Takes over what the person has changed at another time, as one action, which can be undone.
 */
void
hl_marks_set_edits (HlMarks *marks, const guint8 *edits)
{
  keep (marks, 0, 0, marks->width, marks->height);
  memcpy (marks->edits, edits, (gsize) marks->width * marks->height);
  update (marks, 0, 0, marks->width, marks->height);
  hl_marks_end_action (marks);
}

/**
 * hl_marks_get_level:
 * @marks: marks
 * @number: how often the size is halved
 * @width: (out): columns
 * @height: (out): rows
 *
 * Returns: (transfer none) (nullable): (@height, @width), row-major: what is seen, of
 *   %HL_MARKS_MENDED and %HL_MARKS_DROPPED each where one of the pixels that became one is so;
 *   %NULL after the last level
 */
const guint8 *
hl_marks_get_level (const HlMarks *marks, int number, int *width, int *height)
{
  return hl_seen_get_level (marks->seen, number, width, height);
}

/**
 * hl_marks_free:
 * @marks: (transfer full) (nullable): marks
 *
 * Frees the marks.
 */
void
hl_marks_free (HlMarks *marks)
{
  if (!marks)
    return;
  hl_seen_free (marks->seen);
  if (marks->action)
    g_ptr_array_unref (marks->action);
  clear_actions (&marks->done);
  clear_actions (&marks->back);
  g_free (marks->found);
  g_free (marks->edits);
  g_free (marks);
}

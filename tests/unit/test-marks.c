/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the person changes of what is to be mended: clicks, strokes, undo, and what is seen of it
 * from far away. */
#include <string.h>

#include "gimp/marks.h"

#define WIDTH 37
#define HEIGHT 23

/* Two marks that do not touch: a bar of 3 x 5, and a line that goes aslant. */
static HlMarks *
make_marks (guint8 *found)
{
  HlMarks *marks = hl_marks_new (WIDTH, HEIGHT);

  memset (found, 0, WIDTH * HEIGHT);
  for (int y = 4; y < 9; y++)
    for (int x = 6; x < 9; x++)
      found[y * WIDTH + x] = 255;
  for (int k = 0; k < 10; k++)
    found[(8 + k) * WIDTH + 20 + k] = 255;
  hl_marks_set_found (marks, found);
  return marks;
}

static int
count (const HlMarks *marks, guint8 bits)
{
  int           width, height, n = 0;
  const guint8 *level = hl_marks_get_level (marks, 0, &width, &height);

  for (int i = 0; i < width * height; i++)
    n += level[i] == bits;
  return n;
}

static void
test_toggle (void)
{
  guint8 found[WIDTH * HEIGHT];
  g_autoptr (HlMarks) marks = make_marks (found);

  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, 25);
  g_assert_null (hl_marks_copy_edits (marks));
  /* Beside the line, but near it. */
  g_assert_true (hl_marks_toggle (marks, 26.5, 11.5, 2));
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, 15);
  g_assert_cmpint (count (marks, HL_MARKS_DROPPED), ==, 10);
  g_assert_true (hl_marks_toggle (marks, 24.5, 12.5, 0));
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, 25);
  g_assert_false (hl_marks_toggle (marks, 30, 3, 3));
  g_assert_cmpuint (hl_marks_get_serial (marks), ==, 2);
}

static void
test_paint (void)
{
  guint8 found[WIDTH * HEIGHT];
  g_autoptr (HlMarks) marks = make_marks (found);
  g_autofree guint8 *edits  = NULL;
  int                added;

  /* Along row 2, from outside, with the end of the brush on column 30. */
  hl_marks_paint (marks, -5, 2.5, 12, 2.5, 1, TRUE);
  hl_marks_paint (marks, 12, 2.5, 30.5, 2.5, 1, TRUE);
  g_assert_cmpuint (hl_marks_get_serial (marks), ==, 0);
  hl_marks_end_action (marks);
  g_assert_cmpuint (hl_marks_get_serial (marks), ==, 1);
  added = count (marks, HL_MARKS_MENDED) - 25;
  g_assert_cmpint (added, ==, 3 * 31 + 1);
  edits = hl_marks_copy_edits (marks);
  g_assert_cmpuint (edits[2 * WIDTH + 31], ==, HL_MARKS_ADDED);
  g_assert_cmpuint (edits[2 * WIDTH + 32], ==, HL_MARKS_AS_FOUND);
  g_assert_cmpuint (edits[5 * WIDTH + 20], ==, HL_MARKS_AS_FOUND);
  /* What is painted stays, whatever is found. */
  memset (found, 0, sizeof found);
  hl_marks_set_found (marks, found);
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, added);
}

static void
test_undo (void)
{
  guint8 found[WIDTH * HEIGHT];
  g_autoptr (HlMarks) marks = make_marks (found);
  int after;

  g_assert_false (hl_marks_undo (marks));
  hl_marks_paint (marks, 1, 6, 30, 6, 2, FALSE);
  hl_marks_paint (marks, 30, 6, 30, 20, 2, FALSE);
  hl_marks_end_action (marks);
  hl_marks_paint (marks, 5, 18, 18, 18, 2, TRUE);
  hl_marks_end_action (marks);
  after = count (marks, HL_MARKS_MENDED);
  g_assert_true (hl_marks_undo (marks));
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), <, 25);
  g_assert_true (hl_marks_undo (marks));
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, 25);
  g_assert_cmpint (count (marks, HL_MARKS_DROPPED), ==, 0);
  g_assert_true (hl_marks_redo (marks));
  g_assert_true (hl_marks_redo (marks));
  g_assert_false (hl_marks_redo (marks));
  g_assert_cmpint (count (marks, HL_MARKS_MENDED), ==, after);
  /* Something new leaves nothing to do again. */
  g_assert_true (hl_marks_undo (marks));
  g_assert_true (hl_marks_toggle (marks, 24.5, 12.5, 0));
  g_assert_false (hl_marks_redo (marks));
}

/* A mark of one pixel is seen however small the photograph is drawn. */
static void
test_levels (void)
{
  g_autoptr (HlMarks) marks           = hl_marks_new (WIDTH, HEIGHT);
  guint8        found[WIDTH * HEIGHT] = { 0 };
  int           width, height, number;
  const guint8 *level;

  found[(HEIGHT - 1) * WIDTH + WIDTH - 1] = 1;
  hl_marks_set_found (marks, found);
  for (number = 0; (level = hl_marks_get_level (marks, number, &width, &height)); number++)
    {
      int n = 0;

      for (int i = 0; i < width * height; i++)
        n += level[i] == HL_MARKS_MENDED;
      g_assert_cmpint (n, ==, 1);
      g_assert_cmpint (level[width * height - 1], ==, HL_MARKS_MENDED);
    }
  g_assert_cmpint (number, ==, 7);
  g_assert_cmpint (width * height, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/marks/toggle", test_toggle);
  g_test_add_func ("/marks/paint", test_paint);
  g_test_add_func ("/marks/undo", test_undo);
  g_test_add_func ("/marks/levels", test_levels);
  return g_test_run ();
}

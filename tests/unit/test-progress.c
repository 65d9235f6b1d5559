/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The progress of parts of parts, and how they are stopped and cancelled. */
#include "restore/progress.h"

typedef struct
{
  double fraction;
  guint  iteration, looks;
} Seen;

static void
report (double fraction, guint iteration, gpointer data)
{
  Seen *seen = data;

  seen->fraction  = fraction;
  seen->iteration = iteration;
}

static void
look (const HlImage *part, int x, int y, gpointer data)
{
  ((Seen *) data)->looks++;
}

static void
test_parts (void)
{
  Seen       seen   = { 0 };
  HlProgress whole  = { .report = report, .result = look, .user_data = &seen };
  HlProgress second = hl_progress_part (&whole, 0.25, 0.75);
  HlProgress last   = hl_progress_part (&second, 0.5, 1);

  second.iterations = 100;
  last.iterations   = 20;
  hl_progress_report (&whole, 0.2, 7);
  g_assert_cmpfloat (seen.fraction, ==, 0.2);
  g_assert_cmpuint (seen.iteration, ==, 7);
  hl_progress_report (&second, 0.5, 7);
  g_assert_cmpfloat (seen.fraction, ==, 0.5);
  g_assert_cmpuint (seen.iteration, ==, 107);
  hl_progress_report (&last, 0.5, 7);
  g_assert_cmpfloat (seen.fraction, ==, 0.625);
  g_assert_cmpuint (seen.iteration, ==, 127);
  hl_progress_report (&last, 1, 0);
  g_assert_cmpfloat (seen.fraction, ==, 0.75);

  /* A part has another place: only who knows it may show results. */
  hl_progress_show (&last, NULL, 0, 0);
  g_assert_cmpuint (seen.looks, ==, 0);
  hl_progress_show (&whole, NULL, 0, 0);
  g_assert_cmpuint (seen.looks, ==, 1);
}

static void
test_ends (void)
{
  g_autoptr (GCancellable) stop = g_cancellable_new (), cancel = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  HlProgress whole         = { .stop = stop, .cancel = cancel };
  HlProgress part          = hl_progress_part (&whole, 0, 1);

  hl_progress_report (&part, 1, 1); /* to nobody */
  g_assert_false (hl_progress_is_stopped (&part));
  g_assert_false (hl_progress_is_cancelled (&part, &error));
  g_cancellable_cancel (stop);
  g_assert_true (hl_progress_is_stopped (&part));
  g_cancellable_cancel (cancel);
  g_assert_true (hl_progress_is_cancelled (&part, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/parts", test_parts);
  g_test_add_func ("/progress/ends", test_ends);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C while a console works: before there is anything to keep it cancels; then the first one
 * stops, the second one cancels, and one that comes when the work has ended still counts. Real
 * signals, each of which is waited for. */
#include "cli/console.h"

#ifdef G_OS_WIN32
#include <windows.h>
#else
#include <signal.h>
#endif

static void
press_ctrl_c (void)
{
#ifdef G_OS_WIN32
  g_assert_true (GenerateConsoleCtrlEvent (CTRL_C_EVENT, 0));
#else
  raise (SIGINT);
#endif
}

static void
wait_for (GCancellable *cancellable)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
}

static void
say_nothing (const HlRunProgress *progress, GString *line, gpointer data)
{
}

static gboolean
work_until_stopped (const HlProgress *progress, gpointer data, GError **error)
{
  press_ctrl_c ();
  wait_for (progress->stop);
  return !hl_progress_is_cancelled (progress, error);
}

static gboolean
work_until_cancelled (const HlProgress *progress, gpointer data, GError **error)
{
  if (!work_until_stopped (progress, data, error))
    return FALSE;
  press_ctrl_c ();
  wait_for (progress->cancel);
  return !hl_progress_is_cancelled (progress, error);
}

/* As long as there is nothing to keep, the first Ctrl-C cancels. */
static gboolean
work_until_ended (const HlProgress *progress, gpointer data, GError **error)
{
  press_ctrl_c ();
  wait_for (progress->cancel);
  return !hl_progress_is_cancelled (progress, error);
}

static void
test_search (void)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlConsole) console = hl_console_new ();

  g_assert_false (hl_console_run (console, work_until_ended, say_nothing, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* One that has come to where it may be stopped. */
static HlConsole *
new_console (void)
{
  HlConsole *console = hl_console_new ();

  hl_console_let_stop (console, "Stopping.");
  return console;
}

static void
test_stop (void)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlConsole) console = new_console ();

  g_assert_true (hl_console_run (console, work_until_stopped, say_nothing, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (hl_console_check (console, &error));
  g_assert_no_error (error);
}

static void
test_cancel (void)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlConsole) console = new_console ();

  g_assert_false (hl_console_run (console, work_until_cancelled, say_nothing, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* While the result is being encoded, the main loop does not run. */
static void
test_late (void)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlConsole) console = new_console ();

  g_assert_true (hl_console_run (console, work_until_stopped, say_nothing, NULL, &error));
  press_ctrl_c ();
  while (!g_main_context_pending (NULL))
    g_thread_yield ();
  g_assert_false (hl_console_check (console, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#ifndef G_OS_WIN32
static gboolean
work_until_terminated (const HlProgress *progress, gpointer number, GError **error)
{
  raise (GPOINTER_TO_INT (number));
  wait_for (progress->cancel);
  return !hl_progress_is_cancelled (progress, error);
}

static void
test_terminate (gconstpointer number)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlConsole) console = new_console ();

  g_assert_false (
      hl_console_run (console, work_until_terminated, say_nothing, (gpointer) number, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}
#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/search", test_search);
  g_test_add_func ("/console/stop", test_stop);
  g_test_add_func ("/console/cancel", test_cancel);
  g_test_add_func ("/console/late", test_late);
#ifndef G_OS_WIN32
  g_test_add_data_func ("/console/terminate", GINT_TO_POINTER (SIGTERM), test_terminate);
  g_test_add_data_func ("/console/hang-up", GINT_TO_POINTER (SIGHUP), test_terminate);
#endif
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration on a terminal, for the command-line program: the engine works in a thread
 * of its own, while the main loop draws a progress bar and listens for Ctrl-C. */

#include "cli/console.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "restore/run.h"

#define BAR_WIDTH 30
#define REDRAW_MSEC 200

struct _HlConsole
{
  GCancellable *cancel;
  GCancellable *stop;
  guint         interrupt; /* event sources */
  guint         terminate;
  guint         hang_up;
  gboolean      is_terminal;
};

/* What the thread is given, and what it leaves. */
typedef struct
{
  HlConsole               *console;
  const HlImage           *image;
  const float             *mask;
  const guint8            *evidence;
  const HlRestoreSettings *settings;
  HlRestoreReport         *report;
  HlImage                 *result;
  GError                  *error;
} Task;

static gboolean
on_interrupt (gpointer console)
{
  HlConsole *self = console;

  if (g_cancellable_is_cancelled (self->stop))
    g_cancellable_cancel (self->cancel);
  else
    {
      g_cancellable_cancel (self->stop);
      g_printerr ("%sStopping, the best so far is kept. "
                  "Press Ctrl-C again to write nothing.\n",
                  self->is_terminal ? "\n" : "");
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer console)
{
  g_cancellable_cancel (((HlConsole *) console)->cancel);
  return G_SOURCE_CONTINUE;
}

/* Until something is written, Ctrl-C may end the program as it always does. */
static void
show_search (double fraction, guint iteration, gpointer user_data)
{
  g_printerr ("\rLooking for damage: %3d %%%s", (int) (100.0 * fraction),
              fraction < 1.0 ? "" : "\n");
}

/**
 * hl_console_follow_search:
 *
 * Returns: a progress that shows on a terminal how far the search for damage is
 */
HlProgress
hl_console_follow_search (void)
{
  return (HlProgress) { .report = isatty (STDERR_FILENO) ? show_search : NULL };
}

/**
 * hl_console_new:
 *
 * Begins to listen: the first Ctrl-C asks the restoration to stop with the best result so
 * far; a second one, SIGTERM or SIGHUP cancels. There can be one console at a time.
 *
 * Returns: (transfer full): the console
 */
HlConsole *
hl_console_new (void)
{
  HlConsole *self = g_new0 (HlConsole, 1);

  self->cancel      = g_cancellable_new ();
  self->stop        = g_cancellable_new ();
  self->is_terminal = isatty (STDERR_FILENO);
  self->interrupt   = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->terminate   = g_unix_signal_add (SIGTERM, on_terminate, self);
  self->hang_up     = g_unix_signal_add (SIGHUP, on_terminate, self);
  return self;
}

/**
 * hl_console_free:
 * @self: (transfer full) (nullable): a console
 *
 * Ends listening: signals end the program again.
 */
void
hl_console_free (HlConsole *self)
{
  if (!self)
    return;
  g_source_remove (self->interrupt);
  g_source_remove (self->terminate);
  g_source_remove (self->hang_up);
  g_object_unref (self->stop);
  g_object_unref (self->cancel);
  g_free (self);
}

static void
draw_bar (HlRun *run, gpointer user_data)
{
  HlRunProgress progress;
  char          bar[BAR_WIDTH + 1];

  hl_run_get_progress (run, &progress);
  for (int i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < (int) (progress.fraction * BAR_WIDTH) ? '#' : '.';
  bar[BAR_WIDTH] = '\0';

  g_printerr ("\r[%s] %3d %%  step %u  %d:%02d elapsed", bar, (int) (100.0 * progress.fraction),
              progress.iteration, (int) progress.elapsed / 60, (int) progress.elapsed % 60);
  if (progress.remaining >= 0)
    {
      int left = (int) (progress.remaining + 0.5);

      g_printerr (", %d:%02d left", left / 60, left % 60);
    }
  g_printerr ("\033[K"); /* clears what a longer line has left behind */
}

static void
work (HlRun *run, gpointer user_data)
{
  Task      *task    = user_data;
  HlProgress control = { .cancel    = task->console->cancel,
                         .stop      = task->console->stop,
                         .report    = hl_run_report,
                         .user_data = run };

  task->result = hl_restore (task->image, task->mask, task->evidence, task->settings, &control,
                             task->report, &task->error);
}

/**
 * hl_console_restore:
 * @self: a console
 * @image: as in hl_restore()
 * @mask: as in hl_restore()
 * @evidence: as in hl_restore()
 * @settings: as in hl_restore()
 * @report: (out): as in hl_restore()
 * @error: return location for a #GError
 *
 * Runs hl_restore(). Where the standard error is a terminal, a bar shows how far it is.
 *
 * Returns: (transfer full): the restored picture, or %NULL with an error, which is
 *   %G_IO_ERROR_CANCELLED after a cancel
 */
HlImage *
hl_console_restore (HlConsole *self, const HlImage *image, const float *mask,
                    const guint8 *evidence, const HlRestoreSettings *settings,
                    HlRestoreReport *report, GError **error)
{
  Task task             = { self, image, mask, evidence, settings, report, NULL, NULL };
  g_autoptr (HlRun) run = hl_run_new (work, &task);

  hl_run_wait (run, self->is_terminal ? draw_bar : NULL, REDRAW_MSEC, NULL, &task.error);
  if (self->is_terminal)
    g_printerr ("\n");
  if (task.error)
    g_propagate_error (error, task.error);
  return task.result;
}

/**
 * hl_console_check:
 * @self: a console
 * @error: return location for a #GError
 *
 * Takes in the signals that came while the main loop was not running.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED where they cancel
 */
gboolean
hl_console_check (HlConsole *self, GError **error)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return !g_cancellable_set_error_if_cancelled (self->cancel, error);
}

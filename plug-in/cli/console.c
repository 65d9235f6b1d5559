/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration on a terminal, for the command-line program: the engine works in a thread
 * of its own, while the main loop draws a progress bar and listens for Ctrl-C. */

#include "cli/console.h"

#include <unistd.h>

#include "cli/platform.h"

#define BAR_WIDTH 30
#define REDRAW_MSEC 200
#define CLEAR "\r\033[K" /* what stands in the line */

struct _HlConsole
{
  GCancellable *cancel;
  GCancellable *stop;
  HlListener   *listener;
  const char   *stopping;
  gboolean      is_terminal;
};

/* What the thread is given, and what it leaves. */
typedef struct
{
  HlConsole     *console;
  HlConsoleFunc  work;
  HlConsoleWords words;
  gpointer       data;
  gboolean       done;
  GError        *error;
} Task;

/**
 * hl_console_say:
 * @self: a console
 * @words: a line
 *
 * Prints @words above the bar, from any thread.
 */
void
hl_console_say (HlConsole *self, const char *words)
{
  g_printerr ("%s%s\n", self->is_terminal ? CLEAR : "", words);
}

static void
on_ending (gboolean interrupted, gpointer console)
{
  HlConsole *self = console;

  const char *stopping = g_atomic_pointer_get (&self->stopping);

  if (!interrupted || !stopping || g_cancellable_is_cancelled (self->stop))
    g_cancellable_cancel (self->cancel);
  else
    {
      g_cancellable_cancel (self->stop);
      hl_console_say (self, stopping);
    }
}

/**
 * hl_console_let_stop:
 * @self: a console
 * @stopping: what is said at the first Ctrl-C; must outlive the console
 *
 * From now on the first Ctrl-C asks the work to stop, and a second one, or the system, cancels it.
 */
void
hl_console_let_stop (HlConsole *self, const char *stopping)
{
  g_atomic_pointer_set (&self->stopping, stopping);
}

/**
 * hl_console_new:
 *
 * Begins to listen: Ctrl-C and the system cancel the work. There can be one console at a time.
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
  self->listener    = hl_listener_new (on_ending, self);
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
  hl_listener_free (self->listener);
  g_object_unref (self->stop);
  g_object_unref (self->cancel);
  g_free (self);
}

/* Cut where the line ends, as one that wraps could not be drawn over. */
static void
draw_bar (HlRun *run, gpointer user_data)
{
  Task *task               = user_data;
  g_autoptr (GString) line = g_string_new ("[");
  g_autofree char *shown   = NULL;
  HlRunProgress    progress;

  hl_run_get_progress (run, &progress);
  for (int i = 0; i < BAR_WIDTH; i++)
    g_string_append_c (line, i < (int) (progress.fraction * BAR_WIDTH) ? '#' : '.');
  g_string_append_printf (line, "] %3d %%", (int) (100.0 * progress.fraction));
  if (progress.remaining >= 0)
    {
      int left = (int) (progress.remaining + 0.5);

      g_string_append_printf (line, "  %d:%02d left", left / 60, left % 60);
    }
  task->words (&progress, line, task->data);
  shown = g_utf8_substring (line->str, 0,
                            MIN (g_utf8_strlen (line->str, -1), hl_platform_get_columns () - 1));
  g_printerr (CLEAR "%s", shown);
}

static void
work (HlRun *run, gpointer user_data)
{
  Task      *task    = user_data;
  HlProgress control = { .cancel    = task->console->cancel,
                         .stop      = task->console->stop,
                         .report    = hl_run_report,
                         .user_data = run };

  task->done = task->work (&control, task->data, &task->error);
}

/**
 * hl_console_run:
 * @self: a console
 * @func: called in a thread of its own
 * @words: says more of the work beside the bar
 * @user_data: for both
 * @error: what @func sets
 *
 * Waits until @func has returned. Where the standard error is a terminal, a bar shows how far it
 * is.
 *
 * Returns: what @func returned; %FALSE with an error also where there was no thread
 */
gboolean
hl_console_run (HlConsole *self, HlConsoleFunc func, HlConsoleWords words, gpointer user_data,
                GError **error)
{
  Task task             = { self, func, words, user_data, FALSE, NULL };
  g_autoptr (HlRun) run = hl_run_new (work, &task);

  hl_run_wait (run, self->is_terminal ? draw_bar : NULL, REDRAW_MSEC, &task, &task.error);
  if (self->is_terminal)
    g_printerr ("\n");
  if (task.error)
    g_propagate_error (error, task.error);
  return task.done;
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

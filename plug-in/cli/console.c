/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration on a terminal, for the command-line program: the engine works in a thread
 * of its own, while the main loop draws a progress bar and listens for Ctrl-C. */

#include "cli/console.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#define BAR_WIDTH 30
#define REDRAW_MSEC 200

/* Before that much of the work is done, the time that it will take is a guess. */
#define FIRST_FORECAST 0.02

struct _HlConsole
{
  GMainLoop    *loop;
  GCancellable *cancel;
  GCancellable *stop;
  guint         interrupt; /* event sources */
  guint         terminate;
  gboolean      is_terminal;
  gint64        start; /* monotonic, microseconds */
  GMutex        mutex;
  double        fraction;  /* under the mutex */
  guint         iteration; /* under the mutex */
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

/**
 * hl_console_new:
 *
 * Begins to listen: the first Ctrl-C asks the restoration to stop with the best result so
 * far; a second one, or SIGTERM, cancels. There can be one console at a time.
 *
 * Returns: (transfer full): the console
 */
HlConsole *
hl_console_new (void)
{
  HlConsole *self = g_new0 (HlConsole, 1);

  self->loop        = g_main_loop_new (NULL, FALSE);
  self->cancel      = g_cancellable_new ();
  self->stop        = g_cancellable_new ();
  self->is_terminal = isatty (STDERR_FILENO);
  g_mutex_init (&self->mutex);
  self->interrupt = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->terminate = g_unix_signal_add (SIGTERM, on_terminate, self);
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
  g_mutex_clear (&self->mutex);
  g_object_unref (self->stop);
  g_object_unref (self->cancel);
  g_main_loop_unref (self->loop);
  g_free (self);
}

static void
note_progress (double fraction, guint iteration, gpointer console)
{
  HlConsole *self = console;

  g_mutex_lock (&self->mutex);
  self->fraction  = fraction;
  self->iteration = iteration;
  g_mutex_unlock (&self->mutex);
}

static gboolean
draw_bar (gpointer console)
{
  HlConsole *self    = console;
  double     elapsed = (g_get_monotonic_time () - self->start) / 1e6;
  double     fraction;
  guint      iteration;
  char       bar[BAR_WIDTH + 1];

  g_mutex_lock (&self->mutex);
  fraction  = CLAMP (self->fraction, 0.0, 1.0);
  iteration = self->iteration;
  g_mutex_unlock (&self->mutex);

  for (int i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < (int) (fraction * BAR_WIDTH) ? '#' : '.';
  bar[BAR_WIDTH] = '\0';

  g_printerr ("\r[%s] %3d %%  step %u  %d:%02d elapsed", bar, (int) (100.0 * fraction), iteration,
              (int) elapsed / 60, (int) elapsed % 60);
  if (fraction > FIRST_FORECAST)
    {
      int left = (int) (elapsed * (1.0 - fraction) / fraction + 0.5);

      g_printerr (", %d:%02d left", left / 60, left % 60);
    }
  g_printerr ("\033[K"); /* clears what a longer line has left behind */
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_loop (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer user_data)
{
  Task      *task    = user_data;
  HlProgress control = { .cancel    = task->console->cancel,
                         .stop      = task->console->stop,
                         .report    = note_progress,
                         .user_data = task->console };

  task->result = hl_restore (task->image, task->mask, task->evidence, task->settings, &control,
                             task->report, &task->error);
  g_idle_add (quit_loop, task->console->loop);
  return NULL;
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
  Task     task   = { self, image, mask, evidence, settings, report, NULL, NULL };
  guint    redraw = 0;
  GThread *thread;

  self->start = g_get_monotonic_time ();
  if (self->is_terminal)
    redraw = g_timeout_add (REDRAW_MSEC, draw_bar, self);
  thread = g_thread_try_new ("restore", work, &task, &task.error);
  if (thread)
    {
      g_main_loop_run (self->loop);
      g_thread_join (thread);
    }

  if (self->is_terminal)
    {
      draw_bar (self);
      g_printerr ("\n");
      g_source_remove (redraw);
    }
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

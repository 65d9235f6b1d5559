/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command-line program asks of Unix and of Windows beyond GLib: its arguments, being told
 * to end, which file a name leads to, how wide the terminal is, and locks. */

#include "cli/platform.h"

#define USUAL_COLUMNS 80

#ifdef G_OS_WIN32

#include <errno.h>
#include <stdio.h>
#include <wchar.h>
#include <windows.h>
#include <shellapi.h>

struct _HlListener
{
  HlEndingFunc func;
  gpointer     user_data;
};

/* Windows calls on_ending() with nothing of ours. Only the main loop's thread reads this. */
static HlListener *listener;

static gboolean
tell (gpointer interrupted)
{
  if (listener)
    listener->func (GPOINTER_TO_INT (interrupted), listener->user_data);
  return G_SOURCE_REMOVE;
}

/* Runs in a thread of its own. When it returns from a closed window, the program is ended; until
 * then it has some seconds to end by itself. */
static BOOL WINAPI
on_ending (DWORD event)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, tell, GINT_TO_POINTER (event == CTRL_C_EVENT), NULL);
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
    Sleep (INFINITE);
  return TRUE;
}

/* GLib asks the console which characters it knows, writes question marks for others, and ends the
 * program where there is no console. A file gets UTF-8. */
static void
print (FILE *file, DWORD which, const char *text)
{
  HANDLE                console = GetStdHandle (which);
  DWORD                 mode;
  g_autofree gunichar2 *wide
      = GetConsoleMode (console, &mode) ? g_utf8_to_utf16 (text, -1, NULL, NULL, NULL) : NULL;

  if (wide)
    WriteConsoleW (console, wide, wcslen ((wchar_t *) wide), NULL, NULL);
  else
    {
      fputs (text, file);
      fflush (file);
    }
}

static void
print_out (const char *text)
{
  print (stdout, STD_OUTPUT_HANDLE, text);
}

static void
print_err (const char *text)
{
  print (stderr, STD_ERROR_HANDLE, text);
}

#else

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct _HlListener
{
  HlEndingFunc func;
  gpointer     user_data;
  guint        interrupt; /* event sources */
  guint        terminate;
  guint        hang_up;
};

static gboolean
on_interrupt (gpointer listener)
{
  HlListener *self = listener;

  self->func (TRUE, self->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer listener)
{
  HlListener *self = listener;

  self->func (FALSE, self->user_data);
  return G_SOURCE_CONTINUE;
}

#endif

/**
 * hl_listener_new:
 * @func: is called when the program is to end
 * @user_data: for @func
 *
 * Begins to listen, so that neither Ctrl-C nor the system (SIGTERM and SIGHUP, or a closed window)
 * ends the program at once. There can be one listener at a time.
 *
 * Returns: (transfer full): the listener
 */
HlListener *
hl_listener_new (HlEndingFunc func, gpointer user_data)
{
  HlListener *self = g_new0 (HlListener, 1);

  self->func      = func;
  self->user_data = user_data;
#ifdef G_OS_WIN32
  listener = self;
  SetConsoleCtrlHandler (on_ending, TRUE);
#else
  self->interrupt = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->terminate = g_unix_signal_add (SIGTERM, on_terminate, self);
  self->hang_up   = g_unix_signal_add (SIGHUP, on_terminate, self);
#endif
  return self;
}

/**
 * hl_listener_free:
 * @self: (transfer full): a listener
 *
 * Ends listening: the program may be ended at once again.
 */
void
hl_listener_free (HlListener *self)
{
#ifdef G_OS_WIN32
  SetConsoleCtrlHandler (on_ending, FALSE);
  listener = NULL;
#else
  g_source_remove (self->interrupt);
  g_source_remove (self->terminate);
  g_source_remove (self->hang_up);
#endif
  g_free (self);
}

/**
 * hl_platform_begin:
 * @argc: (inout): what main() was given
 * @argv: (inout): what main() was given
 *
 * On Windows, makes the arguments UTF-8, as file names are for GLib everywhere there, lets the
 * console understand escape sequences, and prints letters that its code page has not.
 */
void
hl_platform_begin (int *argc, char ***argv)
{
#ifdef G_OS_WIN32
  HANDLE    console = GetStdHandle (STD_ERROR_HANDLE);
  wchar_t **wide    = CommandLineToArgvW (GetCommandLineW (), argc);
  DWORD     mode;

  *argv = g_new0 (char *, *argc + 1);
  for (int i = 0; i < *argc; i++)
    {
      char *argument = g_utf16_to_utf8 ((gunichar2 *) wide[i], -1, NULL, NULL, NULL);

      (*argv)[i] = argument ? argument : g_strdup ("");
    }
  LocalFree (wide);
  if (GetConsoleMode (console, &mode))
    SetConsoleMode (console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
  g_set_print_handler (print_out);
  g_set_printerr_handler (print_err);
#endif
}

/**
 * hl_platform_parse:
 * @context: the options
 * @argc: how many arguments there are
 * @argv: the program's name and its arguments, as hl_platform_begin() left them
 * @error: those of g_option_context_parse()
 *
 * Returns: whether the arguments are what @context describes
 */
gboolean
hl_platform_parse (GOptionContext *context, int argc, char **argv, GError **error)
{
#ifdef G_OS_WIN32
  g_auto (GStrv) taken = g_strdupv (argv);

  return g_option_context_parse_strv (context, &taken, error);
#else
  return g_option_context_parse (context, &argc, &argv, error);
#endif
}

/**
 * hl_platform_resolve:
 * @path: a file's name
 *
 * Returns: (transfer full) (nullable): the one absolute name of the file, links followed, or %NULL
 *   where there is none
 */
char *
hl_platform_resolve (const char *path)
{
#ifdef G_OS_WIN32
  static const wchar_t  share[] = L"\\\\?\\UNC\\";
  g_autofree gunichar2 *name    = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  g_autofree wchar_t   *found   = g_new (wchar_t, G_MAXINT16 + 1);
  const size_t          n_share = wcslen (share);
  HANDLE                file;
  DWORD                 length;

  if (!name)
    return NULL;
  file = CreateFileW ((wchar_t *) name, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                      NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
  if (file == INVALID_HANDLE_VALUE)
    return NULL;
  length = GetFinalPathNameByHandleW (file, found, G_MAXINT16 + 1, VOLUME_NAME_DOS);
  CloseHandle (file);
  if (length == 0 || length > G_MAXINT16)
    return NULL;
  /* \\?\UNC\server\share\… and \\?\C:\… as people write them. */
  if (wcsncmp (found, share, n_share) == 0)
    {
      found[n_share - 2] = L'\\';
      return g_utf16_to_utf8 ((gunichar2 *) found + n_share - 2, -1, NULL, NULL, NULL);
    }
  return g_utf16_to_utf8 ((gunichar2 *) found + 4, -1, NULL, NULL, NULL);
#else
  return realpath (path, NULL);
#endif
}

/**
 * hl_platform_is_same:
 * @a: a file's or folder's name
 * @b: another one
 *
 * Returns: whether both are there and the same one
 */
gboolean
hl_platform_is_same (const char *a, const char *b)
{
  g_autofree char *real_a = hl_platform_resolve (a), *real_b = hl_platform_resolve (b);

  return real_a && g_strcmp0 (real_a, real_b) == 0;
}

/**
 * hl_platform_get_columns:
 *
 * Returns: how many letters fit into a line of the terminal that the standard error goes to
 */
int
hl_platform_get_columns (void)
{
#ifdef G_OS_WIN32
  CONSOLE_SCREEN_BUFFER_INFO info;

  return GetConsoleScreenBufferInfo (GetStdHandle (STD_ERROR_HANDLE), &info)
             ? info.srWindow.Right - info.srWindow.Left
             : USUAL_COLUMNS;
#else
  struct winsize size = { 0 };

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                          : USUAL_COLUMNS;
#endif
}

struct _HlPlatformLock
{
#ifdef G_OS_WIN32
  HANDLE mutex;
#else
  int folder; /* a file descriptor */
#endif
};

/**
 * hl_platform_lock_new:
 * @folder: a folder that is there
 *
 * Locks out other programs that ask for the same, until the lock is freed or the program ends.
 *
 * Returns: (transfer full) (nullable): the lock, or %NULL with errno, which is EWOULDBLOCK where
 *   another program holds it
 */
HlPlatformLock *
hl_platform_lock_new (const char *folder)
{
  HlPlatformLock lock;

#ifdef G_OS_WIN32
  g_autofree char      *path = hl_platform_resolve (folder);
  g_autofree char      *hash = NULL;
  g_autofree char      *name = NULL;
  g_autofree gunichar2 *wide = NULL;

  errno = ENOENT;
  if (!path)
    return NULL;
  hash       = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  name       = g_strconcat ("Global\\heirloom-", hash, NULL);
  wide       = g_utf8_to_utf16 (name, -1, NULL, NULL, NULL);
  lock.mutex = CreateMutexW (NULL, FALSE, (wchar_t *) wide);
  errno      = EACCES;
  if (!lock.mutex)
    return NULL;
  if (GetLastError () == ERROR_ALREADY_EXISTS)
    {
      CloseHandle (lock.mutex);
      errno = EWOULDBLOCK;
      return NULL;
    }
#else
  lock.folder = g_open (folder, O_RDONLY | O_CLOEXEC, 0);
  if (lock.folder < 0)
    return NULL;
  if (flock (lock.folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      close (lock.folder);
      errno = EWOULDBLOCK;
      return NULL;
    }
#endif
  return g_memdup2 (&lock, sizeof lock);
}

/**
 * hl_platform_lock_free:
 * @self: (transfer full): a lock
 *
 * Lets others in.
 */
void
hl_platform_lock_free (HlPlatformLock *self)
{
#ifdef G_OS_WIN32
  CloseHandle (self->mutex);
#else
  close (self->folder);
#endif
  g_free (self);
}

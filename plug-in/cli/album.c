/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many pictures, restored into a folder: as many at once as there are threads and memory suffices
 * for, each by one thread then, which wastes less than many threads on one picture.
 *
 *   album_list.c    which pictures, and their names
 *   album_record.c  what is done already: album.jsonl
 *   album_picture.c one picture, and whether it must be made
 *   sheet.c         the contact sheet
 *
 * A picture's result depends on its own bytes, the settings and the version alone: not on what else
 * is in the album, on threads, or on when it was ended and went on. */

#include "cli/album.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/album_list.h"
#include "cli/album_picture.h"
#include "cli/console.h"
#include "cli/platform.h"
#include "cli/sheet.h"
#include "restore/error.h"
#include "restore/memory.h"

#define EXIT_STOPPED 130 /* as a shell reports Ctrl-C */

/* What one thread works on. */
typedef struct
{
  struct _Album *album;
  const char    *name; /* NULL while it works on nothing */
  double         fraction;
} Slot;

typedef struct _Album
{
  const HlJob      *job;
  HlConsole        *console;
  HlAlbumRecord    *record;
  GPtrArray        *entries; /* of HlAlbumEntry */
  char             *folder;
  char             *settings; /* what the key of a picture has of them */
  guint             threads;
  guint64           limit; /* bytes, or G_MAXUINT64 */
  const HlProgress *progress;

  GMutex     mutex; /* guards those below */
  GCond      freed;
  guint64    used;            /* bytes that pictures at work take */
  guint      tickets, served; /* in which order they get theirs */
  guint      next;            /* entry */
  guint      counts[HL_ALBUM_OUTCOMES];
  Slot      *slots;
  GPtrArray *failures;
} Album;

/* Of how many it is known what became of them. Call it with the mutex held. */
static guint
count_done (const Album *album)
{
  guint done = 0;

  for (int i = 0; i < HL_ALBUM_OUTCOMES; i++)
    done += album->counts[i];
  return done;
}

/* What is done of those that are to be made. Likewise. */
static void
report (Album *album)
{
  guint  kept  = album->counts[HL_ALBUM_KEPT];
  double total = album->entries->len - kept, done = count_done (album) - kept;

  for (guint i = 0; i < album->threads; i++)
    done += album->slots[i].name ? album->slots[i].fraction : 0;
  hl_progress_report (album->progress, total > 0 ? done / total : 1, 0);
}

static void
on_progress (double fraction, guint iteration, gpointer data)
{
  Slot *slot = data;

  g_mutex_lock (&slot->album->mutex);
  slot->fraction = fraction;
  report (slot->album);
  g_mutex_unlock (&slot->album->mutex);
}

/* The next picture, unless all shall end. */
static const HlAlbumEntry *
take_entry (Album *album, Slot *slot)
{
  const HlAlbumEntry *entry = NULL;

  g_mutex_lock (&album->mutex);
  if (album->next < album->entries->len && !hl_progress_is_stopped (album->progress)
      && !hl_progress_is_cancelled (album->progress, NULL))
    entry = g_ptr_array_index (album->entries, album->next++);
  slot->name     = entry ? entry->name : NULL;
  slot->fraction = 0;
  g_mutex_unlock (&album->mutex);
  return entry;
}

/* Waits until @bytes are free, in the order of asking, so that a large picture waits for a few
 * small ones and not for all; how many threads may work on the picture. One alone may take more
 * than there is: it is then worked on in smaller pieces. */
static guint
take_memory (guint64 bytes, gpointer data)
{
  Album *album = ((Slot *) data)->album;
  guint  ticket, at_once, at_work = 0;

  g_mutex_lock (&album->mutex);
  ticket = album->tickets++;
  while (album->served != ticket || (album->used > 0 && bytes > album->limit - album->used))
    g_cond_wait (&album->freed, &album->mutex);
  album->used += MIN (bytes, album->limit - album->used);
  album->served++;
  for (guint i = 0; i < album->threads; i++)
    at_work += album->slots[i].name != NULL;
  at_once = MIN (at_work + album->entries->len - album->next, MAX (album->limit / bytes, 1));
  g_cond_broadcast (&album->freed);
  g_mutex_unlock (&album->mutex);
  return MAX (album->threads / at_once, 1);
}

static void
give_memory (guint64 bytes, gpointer data)
{
  Album *album = ((Slot *) data)->album;

  g_mutex_lock (&album->mutex);
  album->used -= MIN (bytes, album->used);
  g_cond_broadcast (&album->freed);
  g_mutex_unlock (&album->mutex);
}

/* Says what became of a picture, and counts it. */
static void
note (Album *album, Slot *slot, const HlAlbumEntry *entry, HlAlbumOutcome outcome, double seconds,
      const GError *error)
{
  g_autofree char *name = g_filename_display_name (entry->name), *line = NULL;

  if (outcome == HL_ALBUM_FAILED)
    line = g_strdup_printf ("%s: not restored. %s", name, error->message);
  else if (outcome == HL_ALBUM_SOUND)
    line = g_strdup_printf ("%s: no damage found, copied.", name);
  else if (outcome == HL_ALBUM_RESTORED)
    line = g_strdup_printf ("%s: restored in %.0f s.", name, seconds);
  g_mutex_lock (&album->mutex);
  album->counts[outcome]++;
  slot->name = NULL;
  if (outcome == HL_ALBUM_FAILED)
    g_ptr_array_add (album->failures, g_strdup_printf ("  %s: %s", name, error->message));
  if (line)
    hl_console_say (album->console, line);
  report (album);
  g_mutex_unlock (&album->mutex);
}

static gpointer
work (gpointer data)
{
  Slot               *slot  = data;
  Album              *album = slot->album;
  const HlAlbumEntry *entry;
  HlProgress          progress
      = { .cancel = album->progress->cancel, .report = on_progress, .user_data = slot };

  while ((entry = take_entry (album, slot)))
    {
      HlAlbumPicture picture   = { .job         = album->job,
                                   .entry       = entry,
                                   .folder      = album->folder,
                                   .settings    = album->settings,
                                   .record      = album->record,
                                   .limit       = album->limit,
                                   .take_memory = take_memory,
                                   .give_memory = give_memory,
                                   .user_data   = slot };
      g_autoptr (GError) error = NULL;
      gint64         start     = g_get_monotonic_time ();
      HlAlbumOutcome outcome   = hl_album_picture_make (&picture, &progress, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
      note (album, slot, entry, outcome, (g_get_monotonic_time () - start) / 1e6, error);
    }
  return NULL;
}

/* All pictures, in the thread of the console's run. */
static gboolean
make_all (const HlProgress *progress, gpointer data, GError **error)
{
  Album    *album   = data;
  GThread **threads = g_new0 (GThread *, album->threads);

  album->progress = progress;
  for (guint i = 0; i < album->threads; i++)
    album->slots[i].album = album;
  /* Where there is no other thread, this one does it all. */
  for (guint i = 1; i < album->threads; i++)
    threads[i] = g_thread_try_new ("heirloom-album", work, &album->slots[i], NULL);
  work (&album->slots[0]);
  for (guint i = 1; i < album->threads; i++)
    if (threads[i])
      g_thread_join (threads[i]);
  g_free (threads);
  return TRUE;
}

/* The pictures that are being worked on, beside the bar. */
static void
say_pictures (const HlRunProgress *progress, GString *line, gpointer data)
{
  Album *album = data;

  g_mutex_lock (&album->mutex);
  g_string_append_printf (line, "  %u of %u", count_done (album), album->entries->len);
  if (album->counts[HL_ALBUM_FAILED] > 0)
    g_string_append_printf (line, ", %u failed", album->counts[HL_ALBUM_FAILED]);
  for (guint i = 0; i < album->threads; i++)
    if (album->slots[i].name)
      {
        g_autofree char *name = g_filename_display_basename (album->slots[i].name);

        g_string_append_printf (line, "  %s %d %%", name, (int) (100 * album->slots[i].fraction));
      }
  g_mutex_unlock (&album->mutex);
}

/* What became of all of them, and the program's exit status. */
static int
conclude (const Album *album)
{
  guint done = count_done (album), all = album->entries->len;

  g_printerr (
      "heirloom: %u of %u photographs restored, %u without damage copied, %u done before.\n",
      album->counts[HL_ALBUM_RESTORED], all, album->counts[HL_ALBUM_SOUND],
      album->counts[HL_ALBUM_KEPT]);
  if (album->counts[HL_ALBUM_FAILED] > 0)
    {
      g_printerr ("heirloom: %u not restored:\n", album->counts[HL_ALBUM_FAILED]);
      for (guint i = 0; i < album->failures->len; i++)
        g_printerr ("%s\n", (char *) g_ptr_array_index (album->failures, i));
    }
  if (done < all)
    {
      g_printerr ("heirloom: stopped; the same command goes on with the %u that are left.\n",
                  all - done);
      return EXIT_STOPPED;
    }
  return album->counts[HL_ALBUM_FAILED] > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static gboolean
run (Album *album, const char *sheet, GError **error)
{
  album->console = hl_console_new ();
  hl_console_let_stop (album->console,
                       "Stopping once the photographs that are begun are finished. Press Ctrl-C "
                       "again to end now; the same command goes on later.");
  if (!hl_console_run (album->console, make_all, say_pictures, album, error)
      || !hl_album_record_finish (album->record, error))
    return FALSE;
  return !sheet || count_done (album) < album->entries->len
         || hl_sheet_write (sheet, album->entries, album->folder, album->record, album->threads,
                            error);
}

/**
 * hl_album_run:
 * @job: what to do to each picture; its files are not looked at
 * @paths: (array zero-terminated=1): pictures, and folders with pictures
 * @folder: where to write what is restored; made where it is not there
 * @sheet: (nullable): the contact sheet to write
 *
 * Restores all pictures that are not restored yet, and says what became of them.
 *
 * Returns: the program's exit status: 1 where a picture could not be restored, 130 where it was
 *   stopped
 */
int
hl_album_run (const HlJob *job, char **paths, const char *folder, const char *sheet)
{
  Album album              = { .job = job };
  g_autoptr (GError) error = NULL;
  guint64          limit   = hl_memory_find_limit (job->settings.memory_limit);
  g_autofree char *real    = NULL;
  int              status  = EXIT_FAILURE;

  g_mutex_init (&album.mutex);
  g_cond_init (&album.freed);
  album.limit    = limit ? limit : G_MAXUINT64;
  album.failures = g_ptr_array_new_with_free_func (g_free);
  album.record   = hl_album_record_new (folder, &error);
  if (album.record)
    real = hl_platform_resolve (folder);
  album.folder = g_strdup (real ? real : folder);
  if (album.record)
    album.settings = hl_album_picture_describe_settings (job, &error);
  if (album.settings)
    album.entries = hl_album_list_new (paths, album.folder, album.record, &error);
  if (album.entries)
    {
      album.threads = job->settings.threads ? job->settings.threads : g_get_num_processors ();
      album.threads = CLAMP (album.threads, 1, 64);
      album.slots   = g_new0 (Slot, album.threads);
      if (run (&album, sheet, &error))
        status = conclude (&album);
    }
  if (error)
    g_printerr ("heirloom: %s\n", error->message);
  hl_console_free (album.console);
  hl_album_record_free (album.record);
  g_clear_pointer (&album.entries, g_ptr_array_unref);
  g_ptr_array_unref (album.failures);
  g_free (album.slots);
  g_free (album.settings);
  g_free (album.folder);
  g_mutex_clear (&album.mutex);
  g_cond_clear (&album.freed);
  return status;
}

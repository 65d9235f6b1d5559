/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the work stands: a bar, and a line that says for how long it has been going on and how long
 * it will be, and what can be done about the marks meanwhile. */

#include "gimp/status.h"

#include <math.h>

#include <glib/gi18n-lib.h>

/* Between the two halves of the line, pixels. */
#define SPACE 12

struct _HlStatus
{
  GtkBox     parent_instance;
  GtkWidget *bar;
  GtkWidget *label;
  GtkWidget *hint; /* how marks are changed */
};

G_DEFINE_FINAL_TYPE (HlStatus, hl_status, GTK_TYPE_BOX)

/* "1:05" or "1:02:05", which needs no translation. */
static char *
format_elapsed (double seconds)
{
  guint s = (guint) seconds;

  if (s >= 3600)
    return g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
  return g_strdup_printf ("%u:%02u", s / 60, s % 60);
}

/* No finer than an estimate deserves. */
static char *
format_remaining (double seconds)
{
  guint n;

  if (seconds < 0.0)
    return g_strdup (_ ("estimating the time…"));
  if (seconds < 5.0)
    return g_strdup (_ ("a few seconds left"));
  if (seconds < 55.0)
    {
      n = 5 * (guint) ceil (seconds / 5.0);
      return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", n), n);
    }
  if (seconds < 90.0 * 60.0)
    {
      n = (guint) ceil (seconds / 60.0);
      return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", n), n);
    }
  n = (guint) ceil (seconds / 3600.0);
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", n), n);
}

static void
set_status (HlStatus *status, const char *text)
{
  /* A screen reader would say it ten times a second otherwise. */
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (status->label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (status->label), text);
}

static void
show_working (HlStatus *status, HlLive *live, const HlRunProgress *stand)
{
  g_autofree char *elapsed   = format_elapsed (stand->elapsed);
  g_autofree char *remaining = format_remaining (stand->remaining);
  g_autofree char *text      = NULL;

  if (hl_live_is_stopped (live))
    text = g_strdup (_ ("Finishing with what is there…"));
  else if (stand->iteration > 0)
    /* Translators: a number, a time such as 1:05, and "about 2 minutes left". */
    text = g_strdup_printf (_ ("Step %u: %s so far, %s"), stand->iteration, elapsed, remaining);
  else
    /* Translators: the first is a time such as 1:05, the second "about 2 minutes left". */
    text = g_strdup_printf (_ ("%s so far, %s"), elapsed, remaining);
  set_status (status, text);
}

static void
show_done (HlStatus *status, HlLive *live, const HlRunProgress *stand)
{
  g_autofree char *elapsed = format_elapsed (ceil (stand->elapsed));
  g_autofree char *text    = NULL;

  /* Translators: %s is a time such as 0:05. */
  text = g_strdup_printf (
      hl_live_is_stopped (live) ? _ ("Stopped by you after %s.") : _ ("Done after %s."), elapsed);
  set_status (status, text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (status->bar), 1);
}

static void
hl_status_class_init (HlStatusClass *klass)
{
}

static void
hl_status_init (HlStatus *status)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACE);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (status), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (status), 4);
  status->bar   = gtk_progress_bar_new ();
  status->label = gtk_label_new ("");
  atk_object_set_name (gtk_widget_get_accessible (status->bar), _ ("Progress"));
  gtk_label_set_xalign (GTK_LABEL (status->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (status->label), PANGO_ELLIPSIZE_END);
  status->hint = gtk_label_new (_ ("Click on a mark to drop it, or brush over what was missed."));
  gtk_label_set_ellipsize (GTK_LABEL (status->hint), PANGO_ELLIPSIZE_END);
  gtk_widget_set_no_show_all (status->hint, TRUE);
  gtk_box_pack_start (GTK_BOX (line), status->label, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (line), status->hint, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (status), status->bar, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (status), line, FALSE, FALSE, 0);
}

/**
 * hl_status_new:
 *
 * Returns: the progress of nothing yet
 */
GtkWidget *
hl_status_new (void)
{
  return g_object_new (HL_TYPE_STATUS, NULL);
}

/**
 * hl_status_update:
 * @status: a status
 * @live: the restoration
 * @can_mark: whether the marks can be changed
 *
 * Shows where the restoration stands now.
 */
void
hl_status_update (HlStatus *status, HlLive *live, gboolean can_mark)
{
  HlWorker     *worker   = hl_live_get_worker (live);
  HlSnapshot   *snapshot = hl_live_get_snapshot (live);
  HlRunProgress stand    = { 0 };
  HlLiveState   state    = hl_live_get_state (live);

  if (worker)
    hl_worker_get_progress (worker, &stand);
  gtk_widget_set_visible (status->hint,
                          can_mark && (state == HL_LIVE_WORKING || state == HL_LIVE_DONE));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (status->bar),
                                 state == HL_LIVE_WORKING ? stand.fraction : 0);
  if (state == HL_LIVE_WORKING && worker)
    show_working (status, live, &stand);
  else if (state == HL_LIVE_DONE)
    show_done (status, live, &stand);
  else if (state == HL_LIVE_FAILED)
    set_status (status, _ ("Nothing can be restored yet."));
  else
    {
      set_status (status, _ ("Reading the photograph…"));
      if (snapshot)
        gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (status->bar),
                                       hl_snapshot_get_fraction (snapshot));
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the work stands: a curve of how much the picture still changes, a bar, and a line that
 * says where it is, for how long it has been and how long it will be. */

#include "gimp/progress.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "gimp/curve.h"

struct _HlProgress
{
  GtkBox     parent_instance;
  GtkWidget *curve;
  GtkWidget *bar;
  GtkWidget *status;
  HlWorker  *worker; /* that the curve shows; borrowed, and only compared */
  guint      n_shown;
  gboolean   has_end;
};

G_DEFINE_FINAL_TYPE (HlProgress, hl_progress, GTK_TYPE_BOX)

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
set_status (HlProgress *progress, const char *text)
{
  /* A screen reader would say it ten times a second otherwise. */
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (progress->status)), text) != 0)
    gtk_label_set_text (GTK_LABEL (progress->status), text);
}

static void
show_working (HlProgress *progress, HlLive *live, const HlWorkerProgress *stand)
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
  set_status (progress, text);
}

static void
show_done (HlProgress *progress, HlLive *live, const HlWorkerProgress *stand)
{
  g_autofree char *elapsed = format_elapsed (ceil (stand->elapsed));
  g_autofree char *text    = NULL;

  /* Translators: %s is a time such as 0:05. */
  text = g_strdup_printf (
      hl_live_is_stopped (live) ? _ ("Stopped by you after %s.") : _ ("Done after %s."), elapsed);
  set_status (progress, text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (progress->bar), 1);
  if (!progress->has_end)
    hl_curve_end (HL_CURVE (progress->curve), stand->elapsed,
                  hl_live_is_stopped (live) ? _ ("stopped by you") : _ ("ended by itself"));
  progress->has_end = TRUE;
}

static void
hl_progress_class_init (HlProgressClass *klass)
{
}

static void
hl_progress_init (HlProgress *progress)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (progress), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (progress), 4);
  progress->curve  = hl_curve_new ();
  progress->bar    = gtk_progress_bar_new ();
  progress->status = gtk_label_new ("");
  atk_object_set_name (gtk_widget_get_accessible (progress->bar), _ ("Progress"));
  gtk_label_set_xalign (GTK_LABEL (progress->status), 0);
  gtk_label_set_ellipsize (GTK_LABEL (progress->status), PANGO_ELLIPSIZE_END);
  gtk_box_pack_start (GTK_BOX (progress), progress->curve, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (progress), progress->bar, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (progress), progress->status, FALSE, FALSE, 0);
}

/**
 * hl_progress_new:
 *
 * Returns: the progress of nothing yet
 */
GtkWidget *
hl_progress_new (void)
{
  return g_object_new (HL_TYPE_PROGRESS, NULL);
}

/**
 * hl_progress_update:
 * @progress: a progress
 * @live: the restoration, which must be the same one each time
 *
 * Shows where the restoration stands now.
 */
void
hl_progress_update (HlProgress *progress, HlLive *live)
{
  HlWorker        *worker = hl_live_get_worker (live);
  HlArea          *patch  = hl_live_get_patch (live);
  HlWorkerProgress stand  = { 0 };
  HlWorkerChange   change;
  HlLiveState      state = hl_live_get_state (live);

  if (worker != progress->worker || (progress->has_end && state != HL_LIVE_DONE))
    {
      hl_curve_clear (HL_CURVE (progress->curve));
      progress->n_shown = 0;
      progress->has_end = FALSE;
    }
  progress->worker = worker;
  if (worker)
    hl_worker_get_progress (worker, &stand);
  for (; worker && hl_worker_get_change (worker, progress->n_shown, &change); progress->n_shown++)
    hl_curve_add (HL_CURVE (progress->curve), change.seconds, change.change);

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (progress->bar),
                                 state == HL_LIVE_WORKING ? stand.fraction : 0);
  if (state == HL_LIVE_WORKING && worker)
    show_working (progress, live, &stand);
  else if (state == HL_LIVE_DONE)
    show_done (progress, live, &stand);
  else if (state == HL_LIVE_FAILED)
    set_status (progress, _ ("Nothing can be restored yet."));
  else
    {
      set_status (progress, _ ("Reading the photograph…"));
      if (patch)
        gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (progress->bar),
                                       patch->rows / (double) patch->area.height);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proposal of a selection, found without blocking. It knows no GIMP: select.c reads the layer
 * and sets the selection.
 *
 * Where damage is searched for, a run of the engine in a thread (restore/run.c) makes a map of how
 * certain it is; what is proposed is a cut through the map, made at once whenever the settings
 * change. Only another place to search in starts another run, as soon as the one before has ended,
 * however it did. */

#include "gimp/proposal.h"

#include "restore/error.h"
#include "restore/find/find.h"

typedef struct
{
  double   sensitivity;
  int      size;
  gboolean within;
} Settings;

struct _HlProposal
{
  const HlImage *image;
  const guint8  *evidence;
  guint8        *target; /* (nullable): what was selected */
  HlProposalFunc listener;
  gpointer       user_data;
  GCancellable  *cancel;

  HlRun   *run;                  /* (nullable): that is on its way */
  gboolean run_within, is_known; /* of the last run; whether it has ended */
  Settings wanted;
  guint    serial; /* counts the proposals */
  HlFound *found;  /* of the last run that has ended */
  guint8  *mask;   /* (nullable): the cut through @found */
  gsize    count;  /* pixels of it that are set */
  GError  *error;

  /* The thread's while it runs. */
  HlFound *run_found;
  GError  *run_error;
};

/**
 * hl_proposal_new:
 * @image: (C, H, W), the photograph; must outlive the proposal
 * @evidence: (H, W), row-major: 0 where a pixel says nothing; likewise
 * @selection: (H, W), row-major: above 0 where the person has selected something; nowhere, where
 *   nothing is selected
 *
 * Returns: (transfer full): a proposal that knows nothing yet
 */
HlProposal *
hl_proposal_new (const HlImage *image, const guint8 *evidence, const float *selection)
{
  HlProposal *self   = g_new0 (HlProposal, 1);
  gsize       pixels = (gsize) image->width * image->height, count = 0;

  self->image    = image;
  self->evidence = evidence;
  self->cancel   = g_cancellable_new ();
  for (gsize i = 0; i < pixels; i++)
    count += selection[i] > 0;
  self->target = count ? g_try_new (guint8, pixels) : NULL;
  for (gsize i = 0; self->target && i < pixels; i++)
    self->target[i] = selection[i] > 0;
  return self;
}

/**
 * hl_proposal_set_listener:
 * @proposal: a proposal
 * @listener: (nullable): called whenever the proposal has become another, or has failed
 * @user_data: for @listener
 */
void
hl_proposal_set_listener (HlProposal *proposal, HlProposalFunc listener, gpointer user_data)
{
  proposal->listener  = listener;
  proposal->user_data = user_data;
}

/* In the thread. */
static void
work (HlRun *run, gpointer user_data)
{
  HlProposal    *self     = user_data;
  HlFindSettings settings = { 0 };
  HlProgress     progress = { .cancel = self->cancel, .report = hl_run_report, .user_data = run };

  self->run_found
      = hl_find_run (self->image, self->evidence, self->run_within ? self->target : NULL, &settings,
                     &progress, &self->run_error);
}

/* Cuts the map as the settings say. */
static void
cut (HlProposal *self)
{
  gsize pixels = (gsize) self->image->width * self->image->height;

  if (!self->mask)
    self->mask = g_try_new (guint8, pixels);
  if (self->mask)
    self->count
        = hl_find_cut (self->found, self->wanted.sensitivity, self->wanted.size, self->mask);
  else
    hl_error_set_memory (&self->error, self->image->width, self->image->height);
  self->serial++;
  if (self->listener)
    self->listener (self, self->user_data);
}

static void start_wanted (HlProposal *self);

static void
on_done (HlRun *run, gpointer user_data)
{
  HlProposal *self = user_data;

  g_clear_pointer (&self->run, hl_run_free);
  self->found    = g_steal_pointer (&self->run_found);
  self->error    = g_steal_pointer (&self->run_error);
  self->is_known = TRUE;
  if (self->error && self->listener)
    self->listener (self, self->user_data);
  start_wanted (self);
}

static void
start_wanted (HlProposal *self)
{
  gboolean within = self->wanted.within && self->target;

  if (self->run)
    return;
  if (self->is_known && within == self->run_within)
    {
      if (self->found)
        cut (self);
      return;
    }
  g_clear_pointer (&self->found, hl_found_free);
  g_clear_pointer (&self->mask, g_free);
  g_clear_error (&self->error);
  self->run_within = within;
  self->is_known   = FALSE;
  self->run        = hl_run_new (work, self);
  if (!hl_run_start (self->run, on_done, self, &self->error))
    g_clear_pointer (&self->run, hl_run_free);
}

/**
 * hl_proposal_start:
 * @proposal: a proposal
 * @sensitivity: 0..100, as for hl_find_cut()
 * @size: the largest width, pixels, likewise
 * @within: whether only what is selected is searched; all of the photograph, where nothing is
 *
 * Begins to look for damage, or for other damage, and returns at once.
 */
void
hl_proposal_start (HlProposal *proposal, double sensitivity, int size, gboolean within)
{
  proposal->wanted = (Settings) { sensitivity, size, within };
  start_wanted (proposal);
}

/**
 * hl_proposal_is_running:
 * @proposal: a proposal
 *
 * Returns: whether a run is on its way
 */
gboolean
hl_proposal_is_running (const HlProposal *proposal)
{
  return proposal->run != NULL;
}

/**
 * hl_proposal_get_found:
 * @proposal: a proposal
 *
 * Returns: (nullable): (H, W), row-major: 255 where there is damage, else 0; %NULL while that is
 *   not known; until the next call of hl_proposal_start() or of the listener
 */
const guint8 *
hl_proposal_get_found (const HlProposal *proposal)
{
  return proposal->mask;
}

/**
 * hl_proposal_get_count:
 * @proposal: a proposal
 *
 * Returns: how many pixels are proposed
 */
gsize
hl_proposal_get_count (const HlProposal *proposal)
{
  return proposal->mask ? proposal->count : 0;
}

/**
 * hl_proposal_get_serial:
 * @proposal: a proposal
 *
 * Returns: the number of the last proposal, or 0
 */
guint
hl_proposal_get_serial (const HlProposal *proposal)
{
  return proposal->serial;
}

/**
 * hl_proposal_get_fraction:
 * @proposal: a proposal
 *
 * Returns: how much of the run that is on its way is done, 0..1
 */
double
hl_proposal_get_fraction (const HlProposal *proposal)
{
  HlRunProgress progress = { 0 };

  if (proposal->run)
    hl_run_get_progress (proposal->run, &progress);
  return progress.fraction;
}

/**
 * hl_proposal_get_error:
 * @proposal: a proposal
 *
 * Returns: (nullable): why the last run failed, while no other is on its way
 */
const GError *
hl_proposal_get_error (const HlProposal *proposal)
{
  return proposal->error;
}

/**
 * hl_proposal_free:
 * @proposal: (transfer full) (nullable): a proposal
 *
 * Cancels what is on its way, waits for its end, which is a matter of a tenth of a second, and
 * frees the proposal.
 */
void
hl_proposal_free (HlProposal *proposal)
{
  if (!proposal)
    return;
  g_cancellable_cancel (proposal->cancel);
  hl_run_free (proposal->run);
  g_free (proposal->target);
  hl_found_free (proposal->found);
  hl_found_free (proposal->run_found);
  g_free (proposal->mask);
  g_clear_error (&proposal->error);
  g_clear_error (&proposal->run_error);
  g_object_unref (proposal->cancel);
  g_free (proposal);
}

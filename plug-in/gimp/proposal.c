/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proposal of a selection, found without blocking. It knows no GIMP: select.c reads the layer
 * and sets the selection.
 *
 * The engine makes one run at a time (restore/run.c); settings that change meanwhile start another
 * one as soon as it has ended, however it did. As long as the size stays, the first half of the
 * work is kept. */

#include "gimp/proposal.h"

#include "restore/find/finder.h"

/* The share of the work that depends on the size only. */
#define FIELD_SHARE 0.4

typedef struct
{
  double sensitivity;
  int    size;
} Settings;

struct _HlProposal
{
  const HlImage *image;
  const guint8  *evidence;
  HlProposalFunc listener;
  gpointer       user_data;
  GCancellable  *cancel;

  HlRun   *run; /* (nullable): that is on its way */
  Settings run_with;
  Settings wanted;
  gboolean is_known; /* whether the last run that ended had the settings of @run_with */
  guint    serial;   /* counts the runs that have ended */
  float   *found;    /* of the last one that did */
  GError  *error;

  /* The thread's while it runs. */
  HlMarkField *field;
  int          field_size;   /* the widest damage in @field */
  double       first, share; /* of the whole work, the half at hand */
  float       *run_found;
  GError      *run_error;
};

/**
 * hl_proposal_new:
 * @image: (C, H, W), the photograph; must outlive the proposal
 * @evidence: (H, W), row-major: 0 where a pixel says nothing; likewise
 *
 * Returns: (transfer full): a proposal that knows nothing yet
 */
HlProposal *
hl_proposal_new (const HlImage *image, const guint8 *evidence)
{
  HlProposal *self = g_new0 (HlProposal, 1);

  self->image    = image;
  self->evidence = evidence;
  self->cancel   = g_cancellable_new ();
  return self;
}

/**
 * hl_proposal_set_listener:
 * @proposal: a proposal
 * @listener: (nullable): called whenever a run has ended
 * @user_data: for @listener
 */
void
hl_proposal_set_listener (HlProposal *proposal, HlProposalFunc listener, gpointer user_data)
{
  proposal->listener  = listener;
  proposal->user_data = user_data;
}

static void
on_progress (double fraction, guint iteration, gpointer user_data)
{
  HlProposal *self = user_data;

  hl_run_report (self->first + self->share * fraction, iteration, self->run);
}

/* In the thread. */
static void
work (HlRun *run, gpointer user_data)
{
  HlProposal *self    = user_data;
  HlProgress  control = { .cancel = self->cancel, .report = on_progress, .user_data = self };

  self->first = 0.0;
  self->share = 1.0;
  if (!self->field || self->field_size != self->run_with.size)
    {
      self->share = FIELD_SHARE;
      hl_mark_field_free (self->field);
      self->field_size = self->run_with.size;
      self->field = hl_mark_field_new (self->image, self->field_size, &control, &self->run_error);
      self->first = FIELD_SHARE;
      self->share = 1.0 - FIELD_SHARE;
    }
  if (self->field)
    self->run_found = hl_detect_choose (self->field, self->evidence, self->run_with.sensitivity,
                                        &control, &self->run_error);
}

static void start_wanted (HlProposal *self);

static void
on_done (HlRun *run, gpointer user_data)
{
  HlProposal *self = user_data;

  g_clear_pointer (&self->run, hl_run_free);
  g_clear_error (&self->error);
  g_free (self->found);
  self->found    = g_steal_pointer (&self->run_found);
  self->error    = g_steal_pointer (&self->run_error);
  self->is_known = TRUE;
  self->serial++;
  start_wanted (self);
  if (self->listener)
    self->listener (self, self->user_data);
}

static void
start_wanted (HlProposal *self)
{
  if (self->run
      || (self->is_known && self->wanted.size == self->run_with.size
          && self->wanted.sensitivity == self->run_with.sensitivity))
    return;
  self->run_with = self->wanted;
  self->is_known = FALSE;
  self->run      = hl_run_new (work, self);
  g_clear_error (&self->error);
  if (!hl_run_start (self->run, on_done, self, &self->error))
    g_clear_pointer (&self->run, hl_run_free);
}

/**
 * hl_proposal_start:
 * @proposal: a proposal
 * @sensitivity: 0..100, as for hl_detect_choose()
 * @size: pixels, 1..%HL_DETECT_LARGEST_SIZE
 *
 * Begins to look for damage, or for other damage, and returns at once.
 */
void
hl_proposal_start (HlProposal *proposal, double sensitivity, int size)
{
  proposal->wanted = (Settings) { sensitivity, size };
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
 * Returns: (nullable): (H, W), row-major: 1 where there is damage, else 0, as the last run that
 *   has ended found it, until the next one has; %NULL where it failed or there was none
 */
const float *
hl_proposal_get_found (const HlProposal *proposal)
{
  return proposal->found;
}

/**
 * hl_proposal_get_serial:
 * @proposal: a proposal
 *
 * Returns: the number of the last run that has ended, or 0
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
  hl_mark_field_free (proposal->field);
  g_free (proposal->found);
  g_free (proposal->run_found);
  g_clear_error (&proposal->error);
  g_clear_error (&proposal->run_error);
  g_object_unref (proposal->cancel);
  g_free (proposal);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long work will still take, from how long it took so far. It knows no clock.
 *
 * The fractions are of the time (restore/work.c), so that what is left takes as much longer as it
 * is more than what is done. They may fall: once the damage is found there may be more to do than
 * was thought. */
#include "restore/remaining.h"

/* An estimate before that much is done would be a guess. */
#define AFTER_SECONDS 2.0
#define AFTER_FRACTION 0.02

/**
 * hl_remaining_note:
 * @self: an estimate
 * @seconds: since the work began
 * @fraction: of the work that is done, 0..1
 *
 * Takes in how far the work is.
 */
void
hl_remaining_note (HlRemaining *self, double seconds, double fraction)
{
  self->seconds  = seconds;
  self->fraction = CLAMP (fraction, 0, 1);
  self->shown    = MAX (self->shown, self->fraction);
}

/**
 * hl_remaining_get:
 * @self: an estimate
 * @seconds: since the work began; not less than at the last report
 *
 * Between two reports the estimate falls with the time, and waits at 0 for the next one.
 *
 * Returns: seconds that the work will probably still take, or < 0 while that cannot be estimated
 */
double
hl_remaining_get (const HlRemaining *self, double seconds)
{
  double left;

  if (seconds < AFTER_SECONDS || self->fraction < AFTER_FRACTION)
    return -1;
  left = self->seconds / self->fraction * (1 - self->fraction);
  return MAX (left - (seconds - self->seconds), 0);
}

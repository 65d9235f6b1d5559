/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long work will still take. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlRemaining:
 * @seconds: since the work began, at the last report
 * @fraction: of the work that was done then, as it is known now
 * @shown: the largest fraction so far, for a bar that does not go back
 *
 * What an estimate goes by. Begin with zeros.
 */
typedef struct
{
  double seconds, fraction, shown;
} HlRemaining;

void   hl_remaining_note (HlRemaining *self, double seconds, double fraction);
double hl_remaining_get (const HlRemaining *self, double seconds);

G_END_DECLS

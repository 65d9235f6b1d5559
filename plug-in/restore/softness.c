/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How soft the edges of a picture are: where most changes, the squared change over four pixels is
 * large beside that over two: 2 for a sharp edge, 4 for a ramp.  The search for damage asks so at
 * which size to look, and deblurring whether the damage is sharper than a blur allows. */
#include "restore/softness.h"

#include <math.h>

/**
 * hl_softness_add:
 * @self: what was seen so far
 * @near: change over two pixels, 1 from black to white; left out unless finite, as is @far
 * @far: change over four pixels about the same one
 */
void
hl_softness_add (HlSoftness *self, float near, float far)
{
  int bin;

  if (!isfinite (near) || !isfinite (far))
    return;
  bin = fminf (fabsf (far) * HL_SOFTNESS_BINS, HL_SOFTNESS_BINS - 1);
  self->count[bin]++;
  self->all++;
  self->near[bin] += near * near;
  self->far[bin] += far * far;
}

/**
 * hl_softness_get:
 * @self: what was seen
 * @strongest: the share of the changes that tells, 0..1: the largest
 * @fewest: changes that this has to be at least, 1 or more
 *
 * Returns: about 2 to 4, or 0 where too little changes
 */
double
hl_softness_get (const HlSoftness *self, double strongest, guint64 fewest)
{
  double  near = 0, far = 0;
  guint64 seen = 0;

  for (int bin = HL_SOFTNESS_BINS - 1; bin > 0 && seen < strongest * self->all; bin--)
    {
      seen += self->count[bin];
      near += self->near[bin];
      far += self->far[bin];
    }
  return seen >= fewest && near > 0 ? far / near : 0;
}

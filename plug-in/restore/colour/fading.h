/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a colour photograph has faded, estimated from itself. */
#pragma once

#include "restore/colour/small_copy.h"

G_BEGIN_DECLS

/**
 * HlFading:
 * @gray: red, green and blue density that a neutral of density 1 has faded to
 * @stain: density that was added; what paper white has become
 * @evidence: logarithm of the odds that the photograph has faded at all
 */
typedef struct
{
  double gray[3];
  double stain[3];
  double evidence;
} HlFading;

gboolean hl_fading_estimate (HlFading *self, const HlSmallCopy *reduced, const double (*neutral)[3],
                             guint n, GError **error);
gboolean hl_fading_estimate_gray (HlFading *self, float *densities, int n, GError **error);

G_END_DECLS

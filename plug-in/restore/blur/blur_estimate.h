/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How blurred a photograph is, from its edges. */
#pragma once

#include <gio/gio.h>

#include "restore/blur/psf.h"

G_BEGIN_DECLS

/* Edges of one direction happen to be softer than those of another; a blur this much longer than
 * wide is surely a line. */
#define HL_BLUR_SLENDER 2.2

/**
 * HlBlurEstimate:
 * @along: standard deviation of the blur along @angle, pixels; 0 where the photograph is sharp
 * @across: standard deviation across it, pixels, at most @along
 * @angle: degrees from x towards y, which points down, 0..180
 */
typedef struct
{
  double along, across, angle;
} HlBlurEstimate;

gboolean hl_blur_estimate (const HlImage *image, const float *known, double noise_level,
                           HlBlurEstimate *estimate, GCancellable *cancel, GError **error);

G_END_DECLS

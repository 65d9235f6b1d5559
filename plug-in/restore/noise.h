/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How noisy a photograph is, from its sound pixels. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

double hl_noise_estimate (const HlImage *image, const float *source, GCancellable *cancel);
double hl_noise_estimate_blur (const HlImage *image, const float *source, GCancellable *cancel);

G_END_DECLS

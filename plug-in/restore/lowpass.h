/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The low-pass part of a plane. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

void hl_lowpass (float *plane, float *scratch, int width, int height, int radius);
void hl_lowpass_parts (float *plane, float *scratch, int width, int height, int radius,
                       const HlRect *parts, guint n);

G_END_DECLS

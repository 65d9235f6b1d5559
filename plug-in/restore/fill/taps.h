/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A low-pass of few taps. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hl_taps_smooth (float *plane, int width, int height, int step, int passes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The low-pass part of a plane. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hl_lowpass (float *plane, float *scratch, int width, int height, int radius);

G_END_DECLS

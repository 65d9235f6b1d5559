/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a plane is smooth. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hl_lowpass (float *plane, float *room, int width, int height, int radius);

G_END_DECLS

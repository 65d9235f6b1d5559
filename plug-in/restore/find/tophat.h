/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is bright and narrow in a plane. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void hl_top_hat (const float *values, float *tops, int width, int height, int radius, float *room,
                 GCancellable *cancel);

G_END_DECLS

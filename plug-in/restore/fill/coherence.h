/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fill that carries edges across. */
#pragma once

#include <gio/gio.h>

#include "restore/image.h"

G_BEGIN_DECLS

gboolean hl_cohere (HlImage *image, const float *known, GCancellable *cancel, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the command line names. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

gboolean hl_blur_parse (const char *text, HlDeblur *deblur, HlPsf **psf, GError **error);

G_END_DECLS

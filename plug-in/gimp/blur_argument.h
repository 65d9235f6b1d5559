/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blur that the procedure's arguments name, and the one that was found, in words. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/restore.h"

G_BEGIN_DECLS

gboolean hl_blur_read (GimpProcedureConfig *config, HlDeblur *deblur, HlPsf **psf, GError **error);
char    *hl_blur_describe (const char *name);

G_END_DECLS

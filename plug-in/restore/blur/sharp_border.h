/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies along the picture's sides and is sharper than its blur. */
#pragma once

#include "restore/blur/psf.h"

G_BEGIN_DECLS

HlRect hl_sharp_border_leave_out (const HlImage *image, const HlPsf *psf);

G_END_DECLS

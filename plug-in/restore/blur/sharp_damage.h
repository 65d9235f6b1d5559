/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage of a scan is sharper than a blur allows. */
#pragma once

#include "restore/blur/psf.h"

G_BEGIN_DECLS

gboolean hl_sharp_damage_is_seen (const HlImage *image, const float *target, const HlPsf *psf);

G_END_DECLS

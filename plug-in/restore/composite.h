/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last step: the restored planes laid into the original. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

void hl_composite (HlImage *result, const HlImage *original, const float *mask);

G_END_DECLS

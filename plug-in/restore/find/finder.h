/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proposes which parts of a photograph are scratches and dust. */
#pragma once

#include "restore/find/marks.h"

G_BEGIN_DECLS

#define HL_DETECT_SENSITIVITY 50.0
#define HL_DETECT_SIZE 8
#define HL_DETECT_LARGEST_SIZE 40

float *hl_detect_choose (HlMarkField *field, const guint8 *evidence, double sensitivity,
                         const HlProgress *control, GError **error);
float *hl_detect (const HlImage *image, const guint8 *evidence, double sensitivity, int size,
                  const HlProgress *control, GError **error);

G_END_DECLS

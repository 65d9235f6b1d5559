/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be mended, drawn over the photograph. */
#pragma once

#include <cairo.h>

#include "gimp/marks.h"

G_BEGIN_DECLS

void hl_tint_draw (const HlMarks *marks, cairo_t *cr, double scale, double x, double y);

G_END_DECLS

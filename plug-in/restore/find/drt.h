/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums along all straight lines across a square, at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows and columns of a square, a power of two. */
#define HL_DRT_SIDE 256

/* Where lines may begin: as far outside the square as the steepest reaches within. */
#define HL_DRT_STARTS (2 * HL_DRT_SIDE)

/* Floats of each of both buffers. */
#define HL_DRT_BUFFER (HL_DRT_SIDE * HL_DRT_STARTS)

const float *hl_drt_run (const float *square, float *a, float *b);

G_END_DECLS

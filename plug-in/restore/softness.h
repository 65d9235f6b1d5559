/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How soft the edges of a picture are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HL_SOFTNESS_BINS 1024

/**
 * HlSoftness:
 * @near: squared changes over two pixels, by the size of those over four; the last bin is white
 * @far: squared changes over four pixels, likewise
 * @count: how many changes
 * @all: their number
 *
 * All zero to begin with.
 */
typedef struct
{
  double  near[HL_SOFTNESS_BINS], far[HL_SOFTNESS_BINS];
  guint64 count[HL_SOFTNESS_BINS], all;
} HlSoftness;

void   hl_softness_add (HlSoftness *self, float near, float far);
double hl_softness_get (const HlSoftness *self, double strongest, guint64 fewest);

G_END_DECLS

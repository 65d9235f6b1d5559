/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small copy of a photograph, in densities, to estimate its colours from. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

#define HL_SMALL_COPY_BINS 3584 /* of density -0.25 to 3.25 */

/**
 * HlSmallCopy:
 * @channels: 1 or 3
 * @width: cells across
 * @height: cells down
 * @n: how many of them are known
 * @planes: (channels, height, width), the density of each cell's mean value; of no meaning where
 *   it is not known
 * @known: (height, width), whether at least half of the cell is sound and no border
 * @fine: (5, HL_SMALL_COPY_BINS): histograms of the densities of red, green and blue, of the least
 *   and of the largest of the three, over far smaller cells, or pixels; of colour photographs
 * @fine_n: how many of these
 * @has_paper: whether there is a border of bare paper round the photograph
 * @paper: its density
 */
typedef struct
{
  int      channels, width, height;
  int      n;
  float   *planes;
  guint8  *known;
  guint32 *fine;
  int      fine_n;
  gboolean has_paper;
  double   paper[3];
} HlSmallCopy;

HlSmallCopy *hl_small_copy_new (const HlImage *image, const float *target, const guint8 *source,
                                GError **error);
double       hl_small_copy_get_quantile (const HlSmallCopy *self, int histogram, double share);
void         hl_small_copy_free (HlSmallCopy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlSmallCopy, hl_small_copy_free)

G_END_DECLS

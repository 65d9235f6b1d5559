/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small copy of a photograph, in densities, to estimate its colours from. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

/**
 * HlSmallCopy:
 * @channels: 1 or 3
 * @width: cells across
 * @height: cells down
 * @n: how many of them are known
 * @planes: (channels, height, width), the density of each cell's mean value; of no meaning where
 *   it is not known
 * @known: (height, width), whether at least half of the cell is sound and no border
 * @has_paper: whether there is a border of bare paper round the photograph
 * @paper: its density
 */
typedef struct
{
  int      channels, width, height;
  int      n;
  float   *planes;
  guint8  *known;
  gboolean has_paper;
  double   paper[3];
} HlSmallCopy;

HlSmallCopy *hl_small_copy_new (const HlImage *image, const float *target, const guint8 *source,
                                GError **error);
void         hl_small_copy_free (HlSmallCopy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlSmallCopy, hl_small_copy_free)

G_END_DECLS

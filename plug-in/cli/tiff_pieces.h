/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TIFF in memory, and the pieces that its pixels lie in. */
#pragma once

#include <tiffio.h>

#include "cli/file.h"

G_BEGIN_DECLS

/**
 * HlTiff:
 * @data: the file, where it is only read
 * @size: of it
 * @bytes: (nullable): the file, where it is written
 * @at: where libtiff reads or writes next
 * @tiff: (nullable): libtiff's view of it
 * @said: what libtiff said was wrong, first
 */
typedef struct
{
  const guint8 *data;
  gsize         size;
  GByteArray   *bytes;
  gsize         at;
  TIFF         *tiff;
  char          said[256];
} HlTiff;

/**
 * HlTiffPieces:
 * @width: of a piece, pixels
 * @height: likewise
 * @across: pieces beside each other
 * @n: how many there are
 * @planar: whether each holds one channel or all
 * @is_tiled: whether they are tiles, and not strips
 * @bytes: of a piece
 */
typedef struct
{
  guint32  width, height, across, n;
  guint16  planar;
  gboolean is_tiled;
  gsize    bytes;
} HlTiffPieces;

gboolean hl_tiff_open (HlTiff *self, GBytes *bytes, const char *mode);
void     hl_tiff_clear (HlTiff *self);
gboolean hl_tiff_find_pieces (HlTiff *self, const HlFile *file, HlTiffPieces *pieces);
guint8  *hl_tiff_find_in_place (HlTiff *self, const HlFile *file);
int    hl_tiff_place_piece (const HlTiffPieces *pieces, const HlFile *file, guint32 number, int *x,
                            int *y);
gssize hl_tiff_read_piece (HlTiff *self, const HlTiffPieces *pieces, guint32 number, guint8 *piece);
void   hl_tiff_copy_piece (const HlTiffPieces *pieces, const HlFile *file, guint32 number,
                           guint8 *piece, gsize size, gboolean to_file);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlTiff, hl_tiff_clear)

G_END_DECLS

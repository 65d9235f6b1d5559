/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hangs together in a map of damage, and whether it is damage as a whole. */
#pragma once

#include "restore/find/evidence.h"

G_BEGIN_DECLS

/* What a piece is judged by. */
typedef enum
{
  HL_PIECE_MEAN,       /* logarithm of the odds, the mean over its core */
  HL_PIECE_AREA,       /* logarithm of its pixels, of 300 at most */
  HL_PIECE_DIAMETER,   /* logarithm of the diagonal of the rectangle around it, pixels */
  HL_PIECE_BRIGHTNESS, /* mean of its core, 0..1 */
  HL_PIECE_SATURATION, /* mean of the largest less the smallest colour, 0..1 */
  HL_PIECE_RELATIVE,   /* logarithm of that : that of all that is looked at */
  HL_PIECE_CERTAIN,    /* logarithm of the share of the picture that is thin damage beyond doubt */
  HL_PIECE_LIKELY,     /* the same of what is thin and more likely damage than not */
  HL_PIECE_FEATURES,
} HlPieceFeature;

/* What makes a piece: all that is likely, or what is beyond doubt alone. */
typedef enum
{
  HL_PIECES_LIKELY,
  HL_PIECES_SURE,
} HlPiecesKind;

/**
 * HlPiece:
 * @features: see #HlPieceFeature
 * @width: its largest width, pixels
 * @mean_width: that of a strip whose pixels are as far from its outside in the mean, pixels
 * @pixels: that it has
 * @core: those of them that are more likely damage than not
 */
typedef struct
{
  float features[HL_PIECE_FEATURES];
  float width, mean_width;
  guint pixels, core;
} HlPiece;

/**
 * HlPieces:
 * @labels: (H, W) of the window, row-major: the piece that a pixel belongs to, from 1; 0 for none
 * @list: (element-type HlPiece): piece k is element k - 1
 * @kind: what makes a piece
 * @certain: share of the window that is thin damage beyond doubt
 * @likely: the same of what is thin and more likely damage than not
 * @certified: how many pieces of kind %HL_PIECES_SURE in the window are damage, or -1 where nobody
 *   counted
 */
typedef struct
{
  guint32     *labels;
  GArray      *list;
  HlPiecesKind kind;
  double       certain, likely;
  int          certified;
} HlPieces;

HlPieces *hl_pieces_new (const HlReduced *reduced, const HlTile *window, const guint8 *map,
                         const HlPieces *within, GCancellable *cancel, GError **error);
void      hl_pieces_free (HlPieces *pieces);
void      hl_pieces_certify (HlPieces *pieces, const HlPieces *sure);
float     hl_pieces_judge (const HlPieces *pieces, const HlPiece *piece, gboolean circled);
void      hl_pieces_apply (const HlPieces *pieces, const HlReduced *reduced, const HlTile *window,
                           gboolean circled, guint8 *map, guint8 *widths);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPieces, hl_pieces_free)

G_END_DECLS

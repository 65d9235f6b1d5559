/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For bench-find.py --fit: the pieces that the finder's network makes of a photograph, before they
 * are judged.
 *
 *   measure-pieces IN OUT
 *
 * IN: three int32, channels, rows and columns; the planes as float32; a byte a pixel of the truth:
 * 255 damage, 128 not to be looked at, 0 sound. OUT: float32 rows, for each piece its kind
 * (HlPiecesKind), the share of its core that is damage, the pixels of its core that count, and its
 * features. */

#include <stdio.h>
#include <stdlib.h>

#include "restore/find/evidence.h"
#include "restore/find/find.h"
#include "restore/find/pieces.h"

static void
write_pieces (const HlPieces *pieces, const guint8 *map, const guint8 *truth, gsize pixels,
              FILE *file)
{
  guint             count   = pieces->list->len;
  g_autofree gsize *damaged = g_new0 (gsize, count + 1), *counted = g_new0 (gsize, count + 1);

  for (gsize i = 0; i < pixels; i++)
    if (map[i] >= HL_EVIDENCE_EVEN && truth[i] != 128)
      {
        counted[pieces->labels[i]]++;
        damaged[pieces->labels[i]] += truth[i] == 255;
      }
  for (guint k = 0; k < count; k++)
    {
      const HlPiece *piece = &g_array_index (pieces->list, HlPiece, k);
      float about[3] = { pieces->kind, counted[k + 1] ? (float) damaged[k + 1] / counted[k + 1] : 0,
                         counted[k + 1] };

      fwrite (about, sizeof *about, G_N_ELEMENTS (about), file);
      fwrite (piece->features, sizeof *piece->features, HL_PIECE_FEATURES, file);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (GPtrArray) weights = NULL;
  g_autoptr (HlPool) pool       = hl_pool_new (1);
  g_autoptr (HlImage) image     = NULL;
  g_autoptr (HlPieces) pieces = NULL, sure = NULL;
  g_autofree guint8 *truth = NULL, *full = NULL, *half = NULL;
  int                shape[3];
  gsize              pixels;
  FILE              *file = argc == 3 ? fopen (argv[1], "rb") : NULL;
  HlReduced          reduced, smaller;
  HlTile             whole, whole_half;
  const HlProgress   none = { 0 };

  if (!file || fread (shape, sizeof *shape, 3, file) != 3)
    return EXIT_FAILURE;
  image  = hl_image_new (shape[0], shape[2], shape[1], &error);
  pixels = (gsize) shape[1] * shape[2];
  truth  = g_new (guint8, pixels);
  if (!image || fread (image->planes, sizeof (float), shape[0] * pixels, file) != shape[0] * pixels
      || fread (truth, 1, pixels, file) != pixels)
    return EXIT_FAILURE;
  fclose (file);

  hl_reduced_init (&reduced, image, NULL, 1);
  hl_reduced_init (&smaller, image, NULL, 2);
  whole      = (HlTile) { 0, reduced.height, 0, reduced.width };
  whole_half = (HlTile) { 0, smaller.height, 0, smaller.width };
  full       = g_new0 (guint8, pixels);
  half       = g_new0 (guint8, (gsize) smaller.width * smaller.height);
  weights    = hl_find_load_weights (NULL, &error);
  for (guint k = 0; weights && k < weights->len; k++)
    if (!hl_evidence_find (weights->pdata[k], pool, &reduced, &whole, 0, full, k > 0, &none, &error)
        || !hl_evidence_find (weights->pdata[k], pool, &smaller, &whole_half, 0, half, k > 0, &none,
                              &error))
      break;
  if (error)
    g_error ("%s", error->message);
  hl_evidence_join_half (full, reduced.width, reduced.height, &whole, half, HL_EVIDENCE_HALF_LESS);
  pieces = hl_pieces_new (&reduced, &whole, full, NULL, NULL, &error);
  sure   = pieces ? hl_pieces_new (&reduced, &whole, full, pieces, NULL, &error) : NULL;
  if (!sure)
    g_error ("%s", error->message);
  file = fopen (argv[2], "wb");
  if (!file)
    return EXIT_FAILURE;
  write_pieces (pieces, full, truth, pixels, file);
  write_pieces (sure, full, truth, pixels, file);
  return fclose (file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

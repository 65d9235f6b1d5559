/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second look at damage: what hangs together in the network's map is judged as a whole.
 *
 * The network judges each pixel by what is around it, and errs where something sound is thin and
 * stands out: a window bar, a glint, a blade of grass. Two things tell more. How the piece as a
 * whole is: long and narrow or small, bright like paper and dust, without colour. And how sure the
 * network is of what is thin in the picture: in a damaged photograph much of that is beyond doubt,
 * in a sound one hardly anything is, however busy it may be. What is wide does not count there: a
 * torn corner comes with cracks, and a bright sky would vouch for itself.
 *
 * In a sharp and busy photograph dust and hairs hang together with leaves and bricks. So what is
 * beyond doubt is taken apart once more and judged as pieces of its own, which adds to what was
 * found; and how many of those are damage tells whether the photograph is damaged at all: one roof
 * edge on its own is none. */

#include "restore/find/pieces.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"

/* The logarithm of the odds from which on pixels belong to a piece, those of its core, and those
 * that are beyond doubt. */
#define LOWEST (HL_EVIDENCE_EVEN - HL_EVIDENCE_STEPS)
#define CORE HL_EVIDENCE_EVEN
#define CERTAIN (HL_EVIDENCE_EVEN + 5 * HL_EVIDENCE_STEPS / 2)

/* The same for pieces of what is beyond doubt, all of which is core. With 2 for 3 logits, where
 * 0.02 % of undamaged photographs is selected 0.57 of what is seen of drawn dust is found for 0.67,
 * and half of it with 1. */
#define SURE (HL_EVIDENCE_EVEN + 3 * HL_EVIDENCE_STEPS)

/* Pieces no wider than this are thin, pixels. From 15 to 27 do about as well. With the wide ones
 * among them, where 0.3 % of undamaged photographs is selected the mean F1 of seven damaged ones,
 * each judged by a fit without it, is 0.47 for 0.76. */
#define THIN 20.0f

/* Taken off the odds of a piece for each factor of e by which it is wider in the mean than this,
 * pixels. The mean, as one wide spot says nothing of all that hangs together with it: by the
 * largest width, where 0.10 % of 82 undamaged photographs is selected, the seven damaged ones have
 * a mean F1 of 0.855 by pieces alone and not 0.861, 0.836 and not 0.851 where each is judged by a
 * fit without it, and hairs all over a photograph, one piece with a few spots of 56 pixels, are
 * lost as a whole. The width is no feature of the fit: few pieces in the pictures of the fit are
 * wide, and most of those are damage. With it, where 0.6 % of undamaged photographs is selected,
 * the seven pictures left out of the fit one by one have a mean F1 of 0.65 for 0.76. */
#define WIDE 14.4f
#define WIDE_LESS 1.0f

/* Larger pieces are as large as this, pixels: else long cracks would count less than short ones. */
#define MOST_PIXELS 300

/* Added to shares before their logarithm is taken. The fit goes by their ratio, and where nothing
 * at all was found that is far from what it is in a damaged photograph. */
#define LEAST_CERTAIN 0.0005
#define LEAST_LIKELY 0.005

/* Added to saturations before theirs is. In the pictures of the fit those that are gray or brown
 * are the old and damaged ones: by the saturation alone as much as 0.40 % of 82 undamaged
 * photographs is selected once they are gray, for 0.11 % as they are. Beside that of the whole
 * picture it tells as much of dust and paper, and gray copies are in the fit: 0.20 % and 0.11 %. */
#define LEAST_SATURATION 0.03

/* How steeply the odds fall from the core of a piece outwards. */
#define RIM_SLOPE 1.5f

/* Taken off where there is no piece. */
#define OUTSIDE 1.0f

/* Fitted as tests/bench/bench-find.py --fit does, for the weights of the networks that are built
 * in, for pieces of both kinds. */
static const float weights[][HL_PIECE_FEATURES]
    = { { 1.193f, -0.547f, 0.202f, 3.034f, -1.556f, -1.007f, 3.390f, -4.607f },
        { 1.329f, 0.005f, -0.140f, 2.967f, 0.277f, -1.817f, 4.641f, -5.936f } };
static const float bias[] = { -2.401f, -5.476f };

/* Taken as even odds: 0.87 of what is selected in seven damaged photographs is damage, as a person
 * would rather add than take away. The mean F1 of the seven is 0.80. Of sure pieces, with 1.5 for
 * 1.75 the bright edge of a box in the film frame goes, which costs 1.7 dB over all of it; with 2
 * the F1 is 0.795; on drawn damage either is within 0.01. */
static const float even[] = { -0.12f, 1.75f };

/* Taken off the odds of likely pieces where no sure one is damage, and how much less for each
 * factor of e in their number more one. With 1 logit of all odds to spare, of 82 undamaged
 * photographs none has more than 17 of them, five more than 2; the seven damaged ones have 16 to
 * 162, each judged by a fit without it 7 to 158. With 1 for 0.4, 0.07 % of the undamaged ones is
 * selected, but of twelve photographs with one drawn scratch two give it up. */
#define ALONE 0.4f
#define ALONE_LESS 0.2f

/* What is added to the odds where the person has circled the damage: there is some. */
#define CIRCLED 1.5f

/* Share of the picture beyond doubt : likely, as in the damaged photographs that the weights were
 * fitted to; stands for that of the picture where only a part of it was looked at. */
#define CIRCLED_CERTAIN -4.4f
#define CIRCLED_LIKELY -3.4f

/* While a piece is gathered. */
typedef struct
{
  double sum, all, all_depth, brightness, saturation;
  gsize  certain;
  int    left, right, top, bottom, depth;
} Sums;

static guint32
find_root (guint32 *parents, guint32 a)
{
  while (parents[a] != a)
    a = parents[a] = parents[parents[a]];
  return a;
}

static guint32
unite (guint32 *parents, guint32 a, guint32 b)
{
  if (!a || !b)
    return MAX (a, b);
  a                          = find_root (parents, a);
  b                          = find_root (parents, b);
  return parents[MAX (a, b)] = MIN (a, b);
}

/* Connected components of eight neighbours, in two passes. Returns how many there are. */
static guint
label (const guint8 *map, gsize stride, int width, int height, int lowest, guint32 *labels,
       GArray *parents)
{
  guint count = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 *here = labels + (gsize) y * width + x, found = 0, *parent;

        *here = 0;
        if (map[y * stride + x] < lowest)
          continue;
        parent = (guint32 *) (void *) parents->data;
        if (x > 0)
          found = here[-1];
        for (int i = -1; y > 0 && i <= 1; i++)
          if (x + i >= 0 && x + i < width)
            found = unite (parent, found, here[i - width]);
        if (!found)
          {
            found = parents->len;
            g_array_append_val (parents, found);
          }
        *here = found;
      }
  for (guint32 k = 1; k < parents->len; k++)
    {
      guint32 *parent = (guint32 *) (void *) parents->data;

      /* Parents are smaller than their children, and so have their final number already. */
      parent[k] = parent[k] == k ? ++count : parent[parent[k]];
    }
  return count;
}

/* How far each pixel of a piece is from its outside, in thirds of a pixel (chamfer 3-4: G.
 * Borgefors, "Distance transformations in digital images", 1986). */
static void
find_depth (const guint32 *labels, int width, int height, guint16 *depth)
{
  const int most = G_MAXUINT16 - 4;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint16 *at  = depth + (gsize) y * width + x;
        gboolean top = y == 0, left = x == 0, right = x == width - 1;
        int      best = most;

        if (!labels[(gsize) y * width + x])
          best = 0;
        else
          {
            best = MIN (best, left ? 3 : at[-1] + 3);
            best = MIN (best, top ? 3 : at[-width] + 3);
            best = MIN (best, top || left ? 4 : at[-width - 1] + 4);
            best = MIN (best, top || right ? 4 : at[-width + 1] + 4);
          }
        *at = best;
      }
  for (int y = height - 1; y >= 0; y--)
    for (int x = width - 1; x >= 0; x--)
      {
        guint16 *at     = depth + (gsize) y * width + x;
        gboolean bottom = y == height - 1, left = x == 0, right = x == width - 1;
        int      best = *at;

        best = MIN (best, right ? 3 : at[1] + 3);
        best = MIN (best, bottom ? 3 : at[width] + 3);
        best = MIN (best, bottom || right ? 4 : at[width + 1] + 4);
        best = MIN (best, bottom || left ? 4 : at[width - 1] + 4);
        *at  = MIN (best, *at);
      }
}

/* Adds up what there is of each piece. Returns the mean saturation of the window. */
static double
gather (const HlReduced *reduced, const HlTile *window, const guint8 *map, const guint16 *depth,
        const HlPieces *pieces, Sums *sums)
{
  int               width = window->right - window->left, height = window->bottom - window->top;
  g_autofree float *planes = g_new (float, 3 * (gsize) width);
  float            *row[]  = { planes, planes + width, planes + 2 * (gsize) width };
  double            all    = 0;
  int               core   = pieces->kind == HL_PIECES_SURE ? SURE : CORE;

  for (int y = 0; y < height; y++)
    {
      const guint8  *codes  = map + (gsize) (window->top + y) * reduced->width + window->left;
      const guint32 *labels = pieces->labels + (gsize) y * width;

      hl_reduced_read (reduced, window->top + y, window->left, width, row);
      for (int x = 0; x < width; x++)
        {
          float    r = row[0][x], g = row[1][x], b = row[2][x];
          float    saturation = MAX (MAX (r, g), b) - MIN (MIN (r, g), b);
          Sums    *sum;
          HlPiece *piece;

          all += saturation;
          if (!labels[x])
            continue;
          sum   = &sums[labels[x] - 1];
          piece = &g_array_index (pieces->list, HlPiece, labels[x] - 1);
          if (piece->pixels++ == 0)
            *sum = (Sums) { .left = x, .right = x, .top = y, .bottom = y };
          sum->left   = MIN (sum->left, x);
          sum->right  = MAX (sum->right, x);
          sum->bottom = y;
          sum->depth  = MAX (sum->depth, depth[(gsize) y * width + x]);
          sum->all += hl_evidence_decode (codes[x]);
          sum->all_depth += depth[(gsize) y * width + x];
          sum->saturation += saturation;
          if (codes[x] < core)
            continue;
          piece->core++;
          sum->sum += hl_evidence_decode (codes[x]);
          sum->brightness += (r + g + b) / 3;
          sum->certain += codes[x] >= CERTAIN;
        }
    }
  return all / MAX ((double) width * height, 1);
}

/**
 * hl_pieces_new:
 * @reduced: the photograph, at the size of @map, (H, W)
 * @window: which part of it
 * @map: (H, W), the network's odds, as hl_evidence_encode() gives them
 * @within: (nullable): %NULL for pieces of all that is likely; what that gave for pieces of what is
 *   beyond doubt
 * @cancel: (nullable): cancels
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Takes apart what hangs together and measures it. Takes six bytes a pixel of the window.
 *
 * Returns: (transfer full): the pieces
 */
HlPieces *
hl_pieces_new (const HlReduced *reduced, const HlTile *window, const guint8 *map,
               const HlPieces *within, GCancellable *cancel, GError **error)
{
  int     width = window->right - window->left, height = window->bottom - window->top;
  gsize   pixels = (gsize) width * height;
  guint32 none   = 0;
  double  saturation;
  g_autoptr (HlPieces) pieces = g_new0 (HlPieces, 1);
  g_autoptr (GArray) parents  = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint16 *depth   = g_try_new (guint16, MAX (pixels, 1));
  g_autofree Sums    *sums    = NULL;
  guint               count;

  pieces->kind      = within ? HL_PIECES_SURE : HL_PIECES_LIKELY;
  pieces->certified = -1;
  pieces->labels    = g_try_new (guint32, MAX (pixels, 1));
  pieces->list      = g_array_new (FALSE, TRUE, sizeof (HlPiece));
  if (!pieces->labels || !depth)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  g_array_append_val (parents, none);
  count = label (map + (gsize) window->top * reduced->width + window->left, reduced->width, width,
                 height, within ? SURE : LOWEST, pieces->labels, parents);
  for (gsize i = 0; i < pixels; i++)
    pieces->labels[i] = g_array_index (parents, guint32, pieces->labels[i]);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  find_depth (pieces->labels, width, height, depth);
  g_array_set_size (pieces->list, count);
  sums       = g_new0 (Sums, MAX (count, 1));
  saturation = gather (reduced, window, map, depth, pieces, sums);
  for (guint k = 0; k < count; k++)
    {
      HlPiece *piece = &g_array_index (pieces->list, HlPiece, k);

      /* A strip of w pixels has a mean depth of w / 4 + 1 / 2. */
      piece->width      = sums[k].depth * 2 / 3.0f;
      piece->mean_width = sums[k].all_depth * 4 / 3 / piece->pixels - 2;
      if (piece->width > THIN)
        continue;
      pieces->certain += (double) sums[k].certain / pixels;
      pieces->likely += (double) piece->core / pixels;
    }
  if (within)
    {
      pieces->certain = within->certain;
      pieces->likely  = within->likely;
    }
  for (guint k = 0; k < count; k++)
    {
      HlPiece    *piece = &g_array_index (pieces->list, HlPiece, k);
      const Sums *sum   = &sums[k];
      double      core  = MAX (piece->core, 1);

      piece->features[HL_PIECE_MEAN] = piece->core ? sum->sum / core : sum->all / piece->pixels;
      piece->features[HL_PIECE_AREA] = log (MIN (piece->pixels, MOST_PIXELS));
      piece->features[HL_PIECE_DIAMETER]
          = log (hypot (sum->right - sum->left + 1, sum->bottom - sum->top + 1));
      piece->features[HL_PIECE_BRIGHTNESS] = sum->brightness / core;
      piece->features[HL_PIECE_SATURATION] = sum->saturation / piece->pixels;
      piece->features[HL_PIECE_RELATIVE]
          = log ((piece->features[HL_PIECE_SATURATION] + LEAST_SATURATION)
                 / (saturation + LEAST_SATURATION));
      piece->features[HL_PIECE_CERTAIN] = log (pieces->certain + LEAST_CERTAIN);
      piece->features[HL_PIECE_LIKELY]  = log (pieces->likely + LEAST_LIKELY);
    }
  return g_steal_pointer (&pieces);
}

/**
 * hl_pieces_free:
 * @pieces: (transfer full): pieces
 */
void
hl_pieces_free (HlPieces *pieces)
{
  g_free (pieces->labels);
  g_array_unref (pieces->list);
  g_free (pieces);
}

/**
 * hl_pieces_certify:
 * @pieces: pieces of what is likely
 * @sure: those of what is beyond doubt in the same window
 *
 * Counts how many of @sure are damage.
 */
void
hl_pieces_certify (HlPieces *pieces, const HlPieces *sure)
{
  pieces->certified = 0;
  for (guint k = 0; k < sure->list->len; k++)
    pieces->certified
        += hl_pieces_judge (sure, &g_array_index (sure->list, HlPiece, k), FALSE) >= 0;
}

/**
 * hl_pieces_judge:
 * @pieces: pieces
 * @piece: one of them
 * @circled: whether only a part was looked at, in which the person says that there is damage
 *
 * Returns: the logarithm of the odds that it is damage
 */
float
hl_pieces_judge (const HlPieces *pieces, const HlPiece *piece, gboolean circled)
{
  int   kind = pieces->kind;
  float features[HL_PIECE_FEATURES], sum = bias[kind] - even[kind];

  memcpy (features, piece->features, sizeof features);
  if (circled)
    {
      sum += CIRCLED;
      features[HL_PIECE_CERTAIN] = CIRCLED_CERTAIN;
      features[HL_PIECE_LIKELY]  = CIRCLED_LIKELY;
    }
  else if (pieces->certified >= 0)
    sum -= MAX (ALONE - ALONE_LESS * logf (1 + pieces->certified), 0);
  for (int k = 0; k < HL_PIECE_FEATURES; k++)
    sum += weights[kind][k] * features[k];
  return sum - WIDE_LESS * logf (MAX (piece->mean_width / WIDE, 1));
}

/**
 * hl_pieces_apply:
 * @pieces: of @map
 * @reduced: as for hl_pieces_new()
 * @window: likewise
 * @circled: as for hl_pieces_judge()
 * @map: (H, W): each piece gets the odds that it has as a whole, falling off outside its core;
 *   those of what is beyond doubt, to be applied afterwards, where they are better
 * @widths: (H, W) (nullable): within the window the largest width of the piece is written, pixels
 *   of the photograph, 1..255
 */
void
hl_pieces_apply (const HlPieces *pieces, const HlReduced *reduced, const HlTile *window,
                 gboolean circled, guint8 *map, guint8 *widths)
{
  int                width = window->right - window->left, height = window->bottom - window->top;
  g_autofree float  *scores = g_new (float, pieces->list->len + 1);
  g_autofree guint8 *wide   = g_new (guint8, pieces->list->len + 1);

  wide[0] = 1;
  for (guint k = 0; k < pieces->list->len; k++)
    {
      const HlPiece *piece = &g_array_index (pieces->list, HlPiece, k);

      scores[k + 1] = hl_pieces_judge (pieces, piece, circled);
      wide[k + 1]   = CLAMP (lrintf (piece->width * reduced->factor), 1, 255);
    }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 k     = pieces->labels[(gsize) y * width + x];
        gsize   at    = (gsize) (window->top + y) * reduced->width + window->left + x;
        float   logit = hl_evidence_decode (map[at]);

        if (pieces->kind == HL_PIECES_SURE)
          {
            if (k)
              map[at] = MAX (map[at], hl_evidence_encode (scores[k]));
          }
        else
          map[at] = hl_evidence_encode (k ? scores[k] + RIM_SLOPE * MIN (logit, 0)
                                          : RIM_SLOPE * logit - OUTSIDE);
        if (widths)
          widths[at] = wide[k];
      }
}

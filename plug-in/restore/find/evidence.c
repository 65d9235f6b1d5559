/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the finder's network says of a photograph at one size: the logarithm of the odds that a
 * pixel is damaged. The network is the denoiser's U-Net (unet.c) with other weights, of whose
 * output the first plane counts; its map of the noise is the constant 1, which stands for the
 * biases that it does not have.
 *
 * A large picture goes in pieces (nn/cut.c) with margins as wide as the network sees, so that the
 * memory is bounded and the pieces fit together without a seam: the map is the same as in one
 * piece, but for the rounding of sums. Only a byte a pixel is kept. */

#include "restore/find/evidence.h"

#include <math.h>

#include "nn/cut.h"
#include "nn/unet.h"

/* Pixels of a piece at most, unless the memory is limited further: 300 MB with the weights that are
 * built in. */
#define PIECE_PIXELS 1500000

/* Added to the mean of two networks, in steps of the map: where they disagree it is more timid than
 * either (measured on six old prints, where F1 is best at a logit of 0.5 with the first network
 * alone and at -0.5 with the mean). */
#define MEAN_MORE HL_EVIDENCE_STEPS

/* Rows of squares of 2x2 pixels that one job reads or writes. */
#define BAND 8

void openblas_set_num_threads (int threads);

typedef struct
{
  HlUnet           unet;
  HlEngine         engine;
  HlArena          arena;
  HlCut            down, across;
  const HlReduced *reduced;
  const HlTile    *window;
  float           *rows; /* (threads, colours, columns of a piece + 2) */
  gboolean         mean;
  guint8          *map;
  int              top, left; /* of the piece at hand, in the window */
  HlTile           keep;      /* likewise */
} Net;

static void
net_clear (Net *net)
{
  hl_arena_clear (&net->arena);
  g_free (net->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Net, net_clear)

/**
 * hl_evidence_encode:
 * @logit: logarithm of the odds of damage
 *
 * Returns: the same as a byte: %HL_EVIDENCE_EVEN for even odds, and within 8 on either side
 */
guint8
hl_evidence_encode (float logit)
{
  if (!isfinite (logit))
    return 0;
  return CLAMP (lrintf (HL_EVIDENCE_EVEN + HL_EVIDENCE_STEPS * CLAMP (logit, -9, 9)), 0, 255);
}

/**
 * hl_evidence_decode:
 * @code: a byte
 *
 * Returns: the logarithm of the odds that it stands for
 */
float
hl_evidence_decode (guint8 code)
{
  return (float) (code - HL_EVIDENCE_EVEN) / HL_EVIDENCE_STEPS;
}

/* Lays out all buffers; the first time only to learn how much there is. */
static void
lay_out (Net *net)
{
  gsize scratch = hl_unet_lay_out (&net->unet, net->down.piece, net->across.piece, &net->arena);

  net->engine.scratch_size = (scratch + 15) / 16 * 16;
  net->engine.scratch      = hl_arena_take (&net->arena, net->engine.scratch_size
                                                             * hl_pool_get_threads (net->engine.pool));
}

/* Finds the pieces that fit into the memory, and allocates. */
static gboolean
prepare (Net *net, guint64 memory_limit, GError **error)
{
  int    height = net->window->bottom - net->window->top;
  int    width  = net->window->right - net->window->left;
  gint64 most   = PIECE_PIXELS;

  for (;;)
    {
      hl_cut_choose (height, width, hl_unet_get_margin (&net->unet), most, &net->down,
                     &net->across);
      lay_out (net);
      if (memory_limit == 0 || net->arena.used * sizeof (float) <= memory_limit
          || (gint64) net->down.piece * net->across.piece > most)
        break;
      most            = (gint64) net->down.piece * net->across.piece - 1;
      net->arena.used = 0;
    }
  if (!hl_arena_allocate (&net->arena, memory_limit, error))
    return FALSE;
  lay_out (net);
  hl_unet_pack (&net->unet, &net->engine);
  /* The threads are ours; each calls BLAS on its own. */
  openblas_set_num_threads (1);
  net->rows = g_new (float, (gsize) hl_pool_get_threads (net->engine.pool) * HL_REDUCED_COLOURS
                                * net->across.piece);
  return TRUE;
}

/* Rows of the piece, reflected beyond the window's end, four pixels of a square into four planes.
 */
static void
read_job (int job, int thread, gpointer data)
{
  const Net    *net    = data;
  const HlTile *window = net->window;
  int           height = window->bottom - window->top, width = window->right - window->left;
  int           columns = net->across.piece, n = net->unet.scale->width;
  int           inside = CLAMP (width - net->left, 0, columns);
  gsize         plane  = (gsize) net->unet.scale->height * n;
  float        *row[HL_REDUCED_COLOURS];

  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    row[c] = net->rows + ((gsize) thread * HL_REDUCED_COLOURS + c) * columns;
  for (int y = job * 2 * BAND; y < MIN ((job + 1) * 2 * BAND, net->down.piece); y++)
    {
      float *to = net->unet.planes + (gsize) (y / 2) * n;

      hl_reduced_read (net->reduced, window->top + hl_reflect (net->top + y, height),
                       window->left + net->left, inside, row);
      for (int c = 0; c < HL_REDUCED_COLOURS; c++)
        {
          for (int x = inside; x < columns; x++)
            row[c][x] = row[c][MAX (hl_reflect (net->left + x, width) - net->left, 0)];
          for (int x = 0; x < columns; x++)
            to[(4 * c + 2 * (y % 2) + x % 2) * plane + x / 2] = row[c][x];
        }
      for (int k = 2 * (y % 2); k < 2 * (y % 2) + 2; k++)
        for (int i = 0; i < n; i++)
          to[(HL_UNET_NOISE_PLANES + k) * plane + i] = 1;
    }
}

static void
write_job (int job, int thread, gpointer data)
{
  const Net    *net    = data;
  const HlTile *window = net->window;
  int           n      = net->unet.scale->width;
  gsize         plane  = (gsize) net->unet.scale->height * n;
  int           first  = MAX (net->keep.top, net->top + 2 * job * BAND);
  int           last   = MIN (net->keep.bottom, net->top + 2 * (job + 1) * BAND);

  for (int y = first; y < last; y++)
    {
      int          r    = y - net->top;
      const float *from = net->unet.noise + r % 2 * 2 * plane + (gsize) (r / 2) * n;
      guint8      *to   = net->map + (gsize) (window->top + y) * net->reduced->width + window->left;

      for (int x = net->keep.left; x < net->keep.right; x++)
        {
          int    i    = x - net->left;
          guint8 code = hl_evidence_encode (from[(i & 1) * plane + i / 2]);

          to[x] = net->mean ? CLAMP ((to[x] + code + 1) / 2 + MEAN_MORE, 0, 255) : code;
        }
    }
}

/**
 * hl_evidence_find:
 * @weights: of the network
 * @pool: threads
 * @reduced: the photograph, of H rows and W columns at this size
 * @window: which part is looked at; what lies further away than the network sees has no influence
 *   within it. Its top and left are multiples of %HL_UNET_UNIT
 * @memory_limit: bytes that the network may take, or 0
 * @map: (H, W), row-major: within @window the logarithm of the odds, as hl_evidence_encode() gives
 *   it, is written
 * @mean: whether the map holds what another network says, and the mean of both is written
 * @progress: to follow the work and to cancel it, between pieces
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE, %G_IO_ERROR_INVALID_DATA where these are the
 *   weights of another network
 *
 * Returns: whether it went to the end
 */
gboolean
hl_evidence_find (const HlWeights *weights, HlPool *pool, const HlReduced *reduced,
                  const HlTile *window, guint64 memory_limit, guint8 *map, gboolean mean,
                  const HlProgress *progress, GError **error)
{
  g_auto (Net) net = { .engine  = { .pool = pool, .kernels = hl_kernels_get () },
                       .reduced = reduced,
                       .window  = window,
                       .mean    = mean,
                       .map     = map };
  int bands, done = 0;

  if (!hl_unet_init (&net.unet, weights, error) || !prepare (&net, memory_limit, error))
    return FALSE;
  bands = (net.unet.scale[0].height + BAND - 1) / BAND;
  for (int i = 0; i < net.down.count; i++)
    for (int j = 0; j < net.across.count; j++)
      {
        net.top  = hl_cut_get_start (&net.down, i);
        net.left = hl_cut_get_start (&net.across, j);
        net.keep = (HlTile) { .top    = hl_cut_get_first (&net.down, i),
                              .bottom = hl_cut_get_first (&net.down, i + 1),
                              .left   = hl_cut_get_first (&net.across, j),
                              .right  = hl_cut_get_first (&net.across, j + 1) };
        hl_pool_run (pool, bands, read_job, &net);
        hl_unet_forward (&net.unet, &net.engine);
        hl_pool_run (pool, bands, write_job, &net);
        if (hl_progress_is_cancelled (progress, error))
          return FALSE;
        hl_progress_report (progress, (double) ++done / (net.down.count * net.across.count), 0);
      }
  return TRUE;
}

/**
 * hl_evidence_join_half:
 * @map: (@height, @width), as hl_evidence_find() has written it: within @window raised to what
 *   @half says there, enlarged bilinearly
 * @width: columns
 * @height: rows
 * @window: which part
 * @half: a map of the same photograph at half the size, each side rounded up
 * @less: taken off the logarithm of its odds
 */
void
hl_evidence_join_half (guint8 *map, int width, int height, const HlTile *window, const guint8 *half,
                       float less)
{
  int w = (width + 1) / 2, h = (height + 1) / 2, taken = lrintf (less * HL_EVIDENCE_STEPS);

  for (int y = window->top; y < window->bottom; y++)
    {
      int           j = MAX ((y - 1) >> 1, 0), below = MIN ((y + 1) >> 1, h - 1), b = y & 1 ? 1 : 3;
      const guint8 *upper = half + (gsize) j * w, *lower = half + (gsize) below * w;
      guint8       *row = map + (gsize) y * width;

      for (int x = window->left; x < window->right; x++)
        {
          int i = MAX ((x - 1) >> 1, 0), next = MIN ((x + 1) >> 1, w - 1), a = x & 1 ? 1 : 3;
          int sum = (4 - b) * ((4 - a) * upper[i] + a * upper[next])
                    + b * ((4 - a) * lower[i] + a * lower[next]);

          row[x] = MAX (row[x], MAX ((sum + 8) / 16 - taken, 0));
        }
    }
}

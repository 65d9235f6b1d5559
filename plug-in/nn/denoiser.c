/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned denoiser: pictures through the network.
 *
 * A picture is padded by reflection to what the network takes (unet.c), its pixels are dealt
 * out to planes, four for each colour, and what the network finds is taken off.  A picture
 * too large for that goes in pieces (cut.c) with margins as wide as the network sees, so
 * that they fit together without a seam. */
#include "nn/denoiser.h"

#include <string.h>

#include "nn/cut.h"
#include "nn/unet.h"

/* Pixels of a piece at most, 600 x 600: with the default sizes they take some 220 MB. */
#define PIECE_PIXELS 1000000

/* Squares a side that an active tile and its neighbours have. */
#define REACH (HL_ACTIVE_TILE + 2)

struct _HlDenoiser
{
  HlUnet        unet;
  HlEngine      engine;
  HlArena       arena;
  HlCut         down, across;
  guint         mirror;
  const guint8 *cells; /* that are to be active; NULL for all */
  HlActive     *active[HL_UNET_SCALES];
};

G_STATIC_ASSERT (HL_CUT_UNIT == HL_UNET_UNIT);
G_STATIC_ASSERT (HL_DENOISER_CELL == 2 * HL_ACTIVE_TILE);

void openblas_set_num_threads (int threads);

/* What one piece reads and writes of the picture. */
typedef struct
{
  const HlDenoiser *net;
  const float      *x, *sigma;
  float             level, *y;
  int               channels;
  int               top, left; /* of the piece; it may reach beyond the bottom and the right */
  HlTile            keep;      /* of the picture */
} View;

/* Lays out all buffers; the first time only to learn how much there is. */
static void
lay_out (HlDenoiser *net)
{
  gsize scratch = hl_unet_lay_out (&net->unet, net->down.piece, net->across.piece, &net->arena);

  net->engine.scratch_size = (scratch + 15) / 16 * 16;
  net->engine.scratch      = hl_arena_take (&net->arena, net->engine.scratch_size
                                                             * hl_pool_get_threads (net->engine.pool));
}

/**
 * hl_denoiser_new:
 * @weights: of the network, which must outlive it
 * @pool: threads, which must outlive the network
 * @height: H, rows of the pictures to come, 1 or more
 * @width: W, columns of the pictures to come, 1 or more
 * @memory_limit: bytes that it may take, or 0; the less, the smaller the pieces that a large
 *   picture is cut into, and the more is computed twice
 * @error: %G_IO_ERROR_INVALID_DATA when these are the weights of another network,
 *   %G_IO_ERROR_NO_SPACE
 *
 * Returns: (transfer full): a network for pictures of that size
 */
HlDenoiser *
hl_denoiser_new (const HlWeights *weights, HlPool *pool, int height, int width,
                 guint64 memory_limit, GError **error)
{
  g_autoptr (HlDenoiser) net = g_try_new0 (HlDenoiser, 1);
  gint64 most                = PIECE_PIXELS;

  if (!net)
    {
      hl_arena_set_error (height, width, error);
      return NULL;
    }
  net->engine = (HlEngine) { .pool = pool, .kernels = hl_kernels_get () };
  if (!hl_unet_init (&net->unet, weights, error))
    return NULL;
  net->unet.tiled = TRUE;
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
    return NULL;
  lay_out (net);
  hl_unet_pack (&net->unet, &net->engine);
  for (int s = 0; s < HL_UNET_SCALES; s++)
    {
      net->active[s] = hl_active_new (net->unet.scale[s].height, net->unet.scale[s].width);
      if (!net->active[s])
        {
          hl_arena_set_error (height, width, error);
          return NULL;
        }
    }
  /* The threads are ours; each calls BLAS on its own. */
  openblas_set_num_threads (1);
  return g_steal_pointer (&net);
}

/**
 * hl_denoiser_free:
 * @net: a network
 */
void
hl_denoiser_free (HlDenoiser *net)
{
  for (int s = 0; s < HL_UNET_SCALES; s++)
    g_clear_pointer (&net->active[s], hl_active_free);
  hl_arena_clear (&net->arena);
  g_free (net);
}

/**
 * hl_denoiser_get_memory:
 * @net: a network
 *
 * Returns: bytes that it takes, all of them from the start
 */
guint64
hl_denoiser_get_memory (const HlDenoiser *net)
{
  return net->arena.size * sizeof (float);
}

/**
 * hl_denoiser_get_pool:
 * @net: a network
 *
 * Returns: (transfer none): the threads that it runs in
 */
HlPool *
hl_denoiser_get_pool (const HlDenoiser *net)
{
  return net->engine.pool;
}

/**
 * hl_denoiser_get_pieces:
 * @net: a network
 *
 * Returns: how many pieces a picture is cut into
 */
int
hl_denoiser_get_pieces (const HlDenoiser *net)
{
  return net->down.count * net->across.count;
}

/**
 * hl_denoiser_get_operations:
 * @net: a network
 *
 * Returns: multiplications and additions of the convolutions of one picture, done directly,
 * those that pieces do twice included
 */
double
hl_denoiser_get_operations (const HlDenoiser *net)
{
  return hl_unet_get_operations (&net->unet) * hl_denoiser_get_pieces (net);
}

/**
 * hl_denoiser_set_mirror:
 * @net: a network
 * @mirror: %HL_DENOISER_MIRROR_ACROSS and %HL_DENOISER_MIRROR_DOWN, or 0
 *
 * Has the network see the pictures to come as in a mirror; what it finds is mirrored back.
 */
void
hl_denoiser_set_mirror (HlDenoiser *net, guint mirror)
{
  net->mirror = mirror;
}

/**
 * hl_denoiser_set_active:
 * @net: a network
 * @cells: (nullable): (ceil (H / 8), ceil (W / 8)), squares of 8x8 pixels that are wanted; must
 *   outlive the runs to come; or %NULL for all
 *
 * Has the network run in part: elsewhere it leaves the picture as it is, and what it would know of
 * it counts as zero, like what lies beyond the picture.  The cost follows the cells.
 */
void
hl_denoiser_set_active (HlDenoiser *net, const guint8 *cells)
{
  net->cells = cells;
}

/**
 * hl_denoiser_set_reuse:
 * @net: a network
 * @times: above 0, or 0 to have it compute everything
 *
 * Has the runs to come use what the coarser scales gave in the last one, @times that, and compute
 * the finest scale alone, which is a fifth of the work: what is coarse changes little between two
 * pictures that are much alike (Ma, Fang and Wang, "DeepCache: Accelerating Diffusion Models for
 * Free", CVPR 2024). As the network is homogeneous, @times is the ratio of the noise's levels. The
 * last run must have been of the whole picture, mirrored and active in the same way. A picture that
 * is cut into pieces is computed all the same.
 */
void
hl_denoiser_set_reuse (HlDenoiser *net, float times)
{
  net->unet.reuse = hl_denoiser_get_pieces (net) == 1 ? times : 0;
}

/* The cells from @first on that a square of the network's lies on, one way.
 *
 * Returns: how many, 1 or 2; 0 beyond the picture */
static int
find_cells (int start, int length, gboolean mirrored, int *first)
{
  int end = MIN (start + HL_DENOISER_CELL, length);

  if (start >= length)
    return 0;
  *first = (mirrored ? length - end : start) / HL_DENOISER_CELL;
  return ((mirrored ? length - start : end) - 1) / HL_DENOISER_CELL - *first + 1;
}

/* Has the network run in those cells that a piece has of the picture. */
static void
activate (HlDenoiser *net, int top, int left)
{
  HlActive *fine = net->active[0];
  int       H = net->down.length, W = net->across.length;
  int       columns = (W + HL_DENOISER_CELL - 1) / HL_DENOISER_CELL;

  hl_active_begin (fine);
  if (!net->cells)
    memset (fine->tiles, 1, (gsize) fine->down * fine->across);
  for (int i = 0; net->cells && i < fine->down; i++)
    for (int j = 0; j < fine->across; j++)
      {
        int row = 0, column = 0;
        int rows = find_cells (top + i * HL_DENOISER_CELL, H, net->mirror & HL_DENOISER_MIRROR_DOWN,
                               &row);
        int some = find_cells (left + j * HL_DENOISER_CELL, W,
                               net->mirror & HL_DENOISER_MIRROR_ACROSS, &column);

        for (int y = row; y < row + rows; y++)
          for (int x = column; x < column + some; x++)
            if (net->cells[(gsize) y * columns + x])
              fine->tiles[(gsize) i * fine->across + j] = 1;
      }
  hl_unet_activate (&net->unet, net->active);
}

/* Where a row of the picture, as the network sees it, begins. */
static gsize
find_row (const HlDenoiser *net, int y)
{
  int row = hl_reflect (y, net->down.length);

  return (gsize) (net->mirror & HL_DENOISER_MIRROR_DOWN ? net->down.length - 1 - row : row)
         * net->across.length;
}

/* Where a column of the picture, as the network sees it, lies. */
static int
find_column (const HlDenoiser *net, int x)
{
  int W = net->across.length, column = hl_reflect (x, W);

  return net->mirror & HL_DENOISER_MIRROR_ACROSS ? W - 1 - column : column;
}

/* An active tile, its pixels dealt out, and one square of 2x2 around it: see hl_unet_forward(). */
static void
load_tile (gpointer data, HlSpot spot, float *to)
{
  const View        *view   = data;
  const HlDenoiser  *net    = view->net;
  const HlUnetScale *fine   = &net->unet.scale[0];
  gsize              pixels = (gsize) net->down.length * net->across.length;
  int                columns[2 * REACH];

  for (int i = 0; i < 2 * REACH; i++)
    columns[i] = find_column (net, view->left + 2 * (HL_ACTIVE_TILE * spot.column - 1) + i);
  for (int i = 0; i < REACH * REACH; i++, to += HL_UNET_INPUT_PLANES)
    {
      int row    = HL_ACTIVE_TILE * spot.row - 1 + i / REACH;
      int column = HL_ACTIVE_TILE * spot.column - 1 + i % REACH;

      if (row < 0 || row >= fine->height || column < 0 || column >= fine->width)
        {
          memset (to, 0, HL_UNET_INPUT_PLANES * sizeof (float));
          continue;
        }
      for (int k = 0; k < 4; k++)
        {
          gsize at = find_row (net, view->top + 2 * row + k / 2) + columns[i % REACH * 2 + k % 2];

          for (int c = 0; c < HL_UNET_COLOURS; c++)
            to[4 * c + k] = view->x[(view->channels == 1 ? 0 : c) * pixels + at];
          to[HL_UNET_NOISE_PLANES + k] = view->sigma ? view->sigma[at] : view->level;
        }
    }
}

/* Takes the noise off an active tile. */
static void
write_tile (const View *view, HlSpot spot, const float *noise)
{
  const HlDenoiser *net     = view->net;
  gsize             pixels  = (gsize) net->down.length * net->across.length;
  gboolean          gray    = view->channels == 1;
  int               W       = net->across.length;
  gsize             columns = (W + HL_DENOISER_CELL - 1) / HL_DENOISER_CELL;
  int               top     = view->top + HL_DENOISER_CELL * spot.row;
  int               left    = view->left + HL_DENOISER_CELL * spot.column;

  for (int y = MAX (top, view->keep.top); y < MIN (top + HL_DENOISER_CELL, view->keep.bottom); y++)
    for (int x = MAX (left, view->keep.left); x < MIN (left + HL_DENOISER_CELL, view->keep.right);
         x++)
      {
        int          square = (y - top) / 2 * HL_ACTIVE_TILE + (x - left) / 2;
        const float *n = noise + square * HL_UNET_INPUT_PLANES + (y - top) % 2 * 2 + (x - left) % 2;
        int          column = find_column (net, x);
        gsize        row = find_row (net, y), at = row + column;

        /* A tile may lie on several cells. */
        if (net->cells
            && !net->cells[row / W / HL_DENOISER_CELL * columns + column / HL_DENOISER_CELL])
          continue;
        for (int c = 0; c < view->channels; c++)
          view->y[c * pixels + at] -= gray ? (n[0] + n[4] + n[8]) / HL_UNET_COLOURS : n[4 * c];
      }
}

/* The picture less the noise where the network was run; the noise of a gray one is the mean of
 * three. A job is a row of tiles. */
static void
write_job (int job, int thread, gpointer data)
{
  const View       *view   = data;
  const HlDenoiser *net    = view->net;
  const HlActive   *active = net->unet.active[0];
  int               W      = net->across.length;
  gsize             pixels = (gsize) net->down.length * W;
  int               first  = MAX (view->keep.top, view->top + HL_DENOISER_CELL * job);
  int               last   = MIN (view->keep.bottom, view->top + HL_DENOISER_CELL * (job + 1));
  int left = net->mirror & HL_DENOISER_MIRROR_ACROSS ? W - view->keep.right : view->keep.left;

  for (int y = first; y < last && view->y != view->x; y++)
    for (int c = 0; c < view->channels; c++)
      {
        gsize at = c * pixels + find_row (net, y) + left;

        memcpy (view->y + at, view->x + at, (view->keep.right - view->keep.left) * sizeof (float));
      }
  for (int i = 0; i < active->across; i++)
    {
      int number = hl_active_find (active, job, i);

      if (number >= 0)
        write_tile (view, active->spots[number],
                    net->unet.noise + (gsize) number * HL_ACTIVE_PIXELS * HL_UNET_INPUT_PLANES);
    }
}

/**
 * hl_denoiser_get_piece:
 * @net: a network
 * @index: 0..hl_denoiser_get_pieces() - 1
 * @left: (out): first column of what hl_denoiser_run_piece() writes
 * @top: (out): first row
 * @right: (out): column after the last
 * @bottom: (out): row after the last
 */
void
hl_denoiser_get_piece (const HlDenoiser *net, int index, int *left, int *top, int *right,
                       int *bottom)
{
  int i = index / net->across.count, j = index % net->across.count;

  *top    = hl_cut_get_first (&net->down, i);
  *bottom = hl_cut_get_first (&net->down, i + 1);
  *left   = hl_cut_get_first (&net->across, j);
  *right  = hl_cut_get_first (&net->across, j + 1);
}

/**
 * hl_denoiser_run_piece:
 * @net: a network
 * @index: of the piece, 0..hl_denoiser_get_pieces() - 1
 * @x: as for hl_denoiser_run()
 * @channels: likewise
 * @sigma: (nullable): likewise
 * @level: likewise
 * @y: (channels, H, W), written within the piece; not @x where there are several
 * @cancel: (nullable): asked before
 * @error: %G_IO_ERROR_CANCELLED
 *
 * All pieces together are hl_denoiser_run().
 *
 * Returns: whether it was run
 */
gboolean
hl_denoiser_run_piece (HlDenoiser *net, int index, const float *x, int channels, const float *sigma,
                       float level, float *y, GCancellable *cancel, GError **error)
{
  View view = { .net      = net,
                .x        = x,
                .sigma    = sigma,
                .level    = level,
                .y        = y,
                .channels = channels,
                .top      = hl_cut_get_start (&net->down, index / net->across.count),
                .left     = hl_cut_get_start (&net->across, index % net->across.count) };

  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  hl_denoiser_get_piece (net, index, &view.keep.left, &view.keep.top, &view.keep.right,
                         &view.keep.bottom);
  if (net->unet.reuse <= 0)
    activate (net, view.top, view.left);
  net->unet.load      = load_tile;
  net->unet.load_data = &view;
  hl_unet_forward (&net->unet, &net->engine);
  hl_pool_run (net->engine.pool, net->active[0]->down, write_job, &view);
  return TRUE;
}

/**
 * hl_denoiser_run:
 * @net: a network
 * @x: (channels, H, W), perceptual, 0..1 of white and beyond
 * @channels: 1 or 3; a gray picture goes as three equal planes, and comes back as their mean
 * @sigma: (nullable): (H, W), standard deviation of the noise, 0..1 of white
 * @level: the same for all pixels, used without @sigma
 * @y: (channels, H, W), the picture without the noise, written; may be @x
 * @cancel: (nullable): asked before each piece
 * @error: %G_IO_ERROR_CANCELLED, %G_IO_ERROR_NO_SPACE
 *
 * H and W are those given to hl_denoiser_new(), padded by reflection at the bottom and the
 * right to multiples of 8.  On an error @y is unfinished.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_denoiser_run (HlDenoiser *net, const float *x, int channels, const float *sigma, float level,
                 float *y, GCancellable *cancel, GError **error)
{
  int               pieces = hl_denoiser_get_pieces (net);
  gsize             size   = (gsize) channels * net->down.length * net->across.length;
  g_autofree float *copy   = NULL;

  /* The next piece still reads what the one before it replaces. */
  if (x == y && pieces > 1)
    {
      copy = g_try_new (float, size);
      if (!copy)
        {
          hl_arena_set_error (net->down.length, net->across.length, error);
          return FALSE;
        }
      memcpy (copy, x, size * sizeof (float));
    }
  for (int i = 0; i < pieces; i++)
    if (!hl_denoiser_run_piece (net, i, copy ? copy : x, channels, sigma, level, y, cancel, error))
      return FALSE;
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learned denoiser: pictures through the network.
 *
 * A picture is padded by reflection to what the network takes (unet.c), its pixels are dealt
 * out to planes, four for each colour, and what the network finds is taken off.  A picture
 * too large for that goes in pieces (cut.c) with margins as wide as the network sees, so
 * that they fit together without a seam. */
#include "nn/denoiser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "nn/cut.h"
#include "nn/unet.h"

/* Pixels of a piece at most, 600 x 600: with the default sizes they take some 220 MB. */
#define PIECE_PIXELS 1000000

/* Rows of squares of 2x2 pixels that one job reads or writes. */
#define BAND 8

struct _HlDenoiser
{
  HlUnet   unet;
  HlEngine engine;
  HlArena  arena;
  HlCut    down, across;
};

G_STATIC_ASSERT (HL_CUT_UNIT == HL_UNET_UNIT);

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

static void
set_memory_error (int height, int width, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               _ ("There is not enough memory for an area of %d × %d pixels. Select a "
                  "smaller area, or scale the picture down first."),
               width, height);
}

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
      set_memory_error (height, width, error);
      return NULL;
    }
  net->engine = (HlEngine) { .pool = pool, .kernels = hl_kernels_get () };
  if (!hl_unet_init (&net->unet, weights, error))
    return NULL;
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

/* One row of a plane of the picture, reflected beyond its right edge, into two rows of every
 * other pixel. */
static void
split_row (const float *from, int left, int width, int n, float *even, float *odd)
{
  int inside = CLAMP ((width - left) / 2, 0, n);

  for (int i = 0; i < inside; i++)
    {
      even[i] = from[left + 2 * i];
      odd[i]  = from[left + 2 * i + 1];
    }
  for (int i = inside; i < n; i++)
    {
      even[i] = from[hl_reflect (left + 2 * i, width)];
      odd[i]  = from[hl_reflect (left + 2 * i + 1, width)];
    }
}

static void
read_job (int job, int thread, gpointer data)
{
  const View       *view = data;
  const HlDenoiser *net  = view->net;
  int               H = net->down.length, W = net->across.length, n = net->unet.scale->width;
  gsize             pixels = (gsize) H * W, plane = (gsize) net->unet.scale->height * n;

  for (int r = job * BAND; r < MIN ((job + 1) * BAND, net->unet.scale->height); r++)
    {
      const gsize row[2] = { (gsize) hl_reflect (view->top + 2 * r, H) * W,
                             (gsize) hl_reflect (view->top + 2 * r + 1, H) * W };
      float      *to     = net->unet.planes + (gsize) r * n;
      float      *level  = to + HL_UNET_NOISE_PLANES * plane;

      for (int c = 0; c < HL_UNET_COLOURS; c++)
        for (int i = 0; i < 2; i++)
          split_row (view->x + (view->channels == 1 ? 0 : c) * pixels + row[i], view->left, W, n,
                     to + (4 * c + 2 * i) * plane, to + (4 * c + 2 * i + 1) * plane);
      for (int i = 0; view->sigma && i < 2; i++)
        split_row (view->sigma + row[i], view->left, W, n, level + 2 * i * plane,
                   level + (2 * i + 1) * plane);
      for (int k = 0; !view->sigma && k < 4; k++)
        for (int i = 0; i < n; i++)
          level[k * plane + i] = view->level;
    }
}

/* The picture less the noise; the noise of a gray one is the mean of three. */
static void
write_job (int job, int thread, gpointer data)
{
  const View       *view = data;
  const HlDenoiser *net  = view->net;
  int               W = net->across.length, n = net->unet.scale->width, gray = view->channels == 1;
  gsize pixels = (gsize) net->down.length * W, plane = (gsize) net->unet.scale->height * n;
  int   first = MAX (view->keep.top, view->top + 2 * job * BAND);
  int   last  = MIN (view->keep.bottom, view->top + 2 * (job + 1) * BAND);

  for (int c = 0; c < view->channels; c++)
    for (int y = first; y < last; y++)
      {
        int          r    = y - view->top;
        const float *from = net->unet.noise + (4 * c + r % 2 * 2) * plane + (gsize) (r / 2) * n;
        gsize        row  = c * pixels + (gsize) y * W;

        for (int x = view->keep.left; x < view->keep.right; x++)
          {
            const float *noise = from + ((x - view->left) & 1) * plane + (x - view->left) / 2;
            float all = gray ? (noise[0] + noise[4 * plane] + noise[8 * plane]) / HL_UNET_COLOURS
                             : noise[0];

            view->y[row + x] = view->x[row + x] - all;
          }
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
  int  bands = (net->unet.scale[0].height + BAND - 1) / BAND;
  View view  = { .net      = net,
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
  hl_pool_run (net->engine.pool, bands, read_job, &view);
  hl_unet_forward (&net->unet, &net->engine);
  hl_pool_run (net->engine.pool, bands, write_job, &view);
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
          set_memory_error (net->down.length, net->across.length, error);
          return FALSE;
        }
      memcpy (copy, x, size * sizeof (float));
    }
  for (int i = 0; i < pieces; i++)
    if (!hl_denoiser_run_piece (net, i, copy ? copy : x, channels, sigma, level, y, cancel, error))
      return FALSE;
  return TRUE;
}

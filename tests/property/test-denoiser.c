/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of the denoiser whatever its weights: pieces fit together without a seam,
 * threads change no bit, the picture's scale passes through. */
#include <math.h>

#include "denoiser.h"
#include "fixture.h"
#include "nn/denoiser.h"
#include "nn/unet.h"

static const RandomWeights small = { .width = { 8, 16, 16 }, .blocks = { 1, 1, 1 } };
/* Vectors are filled in part, and blocks of vectors too. */
static const RandomWeights uneven = { .width = { 20, 50, 24 }, .blocks = { 1, 1, 1 } };

static HlWeights *
weights_new (const RandomWeights *config)
{
  g_autoptr (GBytes) file  = random_weights_new (config);
  g_autoptr (GError) error = NULL;
  HlWeights *weights       = hl_weights_new_from_bytes (file, "random", &error);

  g_assert_no_error (error);
  return weights;
}

/* Returns how many pieces it took. */
static int
run (int threads, guint64 limit, int channels, int H, int W, const float *x, const float *sigma,
     float level, float *y)
{
  g_autoptr (HlWeights) weights = weights_new (&small);
  g_autoptr (HlPool) pool       = hl_pool_new (threads);
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlDenoiser) net    = hl_denoiser_new (weights, pool, H, W, limit, &error);

  g_assert_no_error (error);
  g_assert_true (limit == 0 || hl_denoiser_get_memory (net) <= limit);
  g_assert_true (hl_denoiser_run (net, x, channels, sigma, level, y, NULL, &error));
  g_assert_no_error (error);
  return hl_denoiser_get_pieces (net);
}

static guint64
memory_of (int threads, int H, int W)
{
  g_autoptr (HlWeights) weights = weights_new (&small);
  g_autoptr (HlPool) pool       = hl_pool_new (threads);
  g_autoptr (HlDenoiser) net    = hl_denoiser_new (weights, pool, H, W, 0, NULL);

  return hl_denoiser_get_memory (net);
}

/* Relative to the largest change that the denoiser makes. */
static double
get_change_error (const float *x, const float *a, const float *b, gsize n)
{
  double largest = 0, worst = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = fmax (largest, fabs (a[i] - x[i]));
      worst   = fmax (worst, isfinite (b[i]) ? fabs (a[i] - b[i]) : INFINITY);
    }
  g_assert_cmpfloat (largest, >, 0);
  return worst / largest;
}

static void
test_pieces (void)
{
  static const int sizes[][3] = { { 3, 379, 213 }, { 1, 205, 411 }, { 3, 1, 700 }, { 1, 501, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int               channels = sizes[i][0], H = sizes[i][1], W = sizes[i][2], pieces;
      gsize             pixels = (gsize) H * W, n = channels * pixels;
      g_autofree float *x = scatter_new (n, 3, 1), *sigma = scatter_new (pixels, 5, 0.2f);
      g_autofree float *one = g_new (float, n), *many = g_new (float, n);

      g_assert_cmpint (run (2, 0, channels, H, W, x, sigma, 0, one), ==, 1);
      /* Three quarters of what the pixels take, beside what the weights take. */
      pieces = run (2, (3 * memory_of (2, H, W) + memory_of (2, 1, 1)) / 4, channels, H, W, x,
                    sigma, 0, many);
      g_test_message ("%d x %d x %d in %d pieces: difference %.2g", channels, H, W, pieces,
                      get_change_error (x, one, many, n));
      g_assert_cmpint (pieces, >, 1);
      g_assert_cmpfloat (get_change_error (x, one, many, n), <, 1e-5);
      /* The same in place, where a piece must not read what another has written. */
      run (2, (3 * memory_of (2, H, W) + memory_of (2, 1, 1)) / 4, channels, H, W, many, sigma, 0,
           memcpy (many, x, n * sizeof (float)));
      g_assert_cmpfloat (get_change_error (x, one, many, n), <, 1e-5);
    }
}

/* The same network run on planes, on a picture of whole squares. */
static void
run_planes (const HlWeights *weights, int channels, int H, int W, const float *x, float level,
            float *y)
{
  HlUnet  net;
  HlArena arena            = { 0 };
  g_autoptr (HlPool) pool  = hl_pool_new (2);
  HlEngine          engine = { .pool = pool, .kernels = hl_kernels_get () };
  gsize             pixels = (gsize) H * W, plane = pixels / 4;
  g_autofree float *scratch = NULL;

  g_assert_true (hl_unet_init (&net, weights, NULL));
  hl_unet_lay_out (&net, H, W, &arena);
  g_assert_true (hl_arena_allocate (&arena, 0, NULL));
  engine.scratch_size = hl_unet_lay_out (&net, H, W, &arena);
  engine.scratch = scratch = g_new (float, 2 * engine.scratch_size);
  hl_unet_pack (&net, &engine);
  for (gsize i = 0; i < 16 * plane; i++)
    {
      int   p = i / plane, row = i % plane / (W / 2) * 2 + p % 4 / 2;
      gsize at = (gsize) row * W + i % (W / 2) * 2 + p % 2;

      net.planes[i] = p >= 12 ? level : x[(channels == 1 ? 0 : p / 4) * pixels + at];
    }
  hl_unet_forward (&net, &engine);
  for (gsize i = 0; i < channels * pixels; i++)
    {
      int          row = i % pixels / W, column = i % W;
      const float *n = net.noise + (4 * (i / pixels) + row % 2 * 2 + column % 2) * plane
                       + row / 2 * (W / 2) + column / 2;

      y[i] = x[i] - (channels == 1 ? (n[0] + n[4 * plane] + n[8 * plane]) / 3 : n[0]);
    }
  hl_arena_clear (&arena);
}

/* How far one pixel shows, which the margins of the pieces are made for.  With positive
 * weights nothing cancels out, and on so narrow planes no layer goes Winograd's way, which
 * leaves roundings beside what it computes. */
static void
test_margin (void)
{
  static const RandomWeights configs[]
      = { { .width = { 4, 4, 4 }, .blocks = { 1, 1, 1 }, .positive = TRUE },
          { .width = { 4, 4, 4 }, .blocks = { 3, 1, 1 }, .positive = TRUE },
          { .width = { 4, 4, 4 }, .blocks = { 1, 2, 1 }, .positive = TRUE },
          { .width = { 4, 4, 4 }, .blocks = { 1, 1, 2 }, .positive = TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      const int H = 8, W = 400;
      int       reach = 0;
      HlUnet    unet;
      g_autoptr (HlWeights) weights = weights_new (&configs[i]);

      g_assert_true (hl_unet_init (&unet, weights, NULL));
      for (int at = W / 2; at < W / 2 + 8; at++)
        {
          g_autofree float *x = g_new0 (float, H *W), *y = g_new (float, H *W);

          for (int r = 0; r < H; r++)
            x[r * W + at] = 1;
          run_planes (weights, 1, H, W, x, 0, y);
          for (int j = 0; j < H * W; j++)
            if (y[j] != 0)
              reach = MAX (reach, ABS (j % W - at));
        }
      g_test_message ("one pixel reaches %d, margin %d", reach, hl_unet_get_margin (&unet));
      g_assert_cmpint (reach, ==, hl_unet_get_margin (&unet));
    }
}

static void
test_threads (void)
{
  const int         H = 131, W = 142, n = 3 * H * W;
  g_autofree float *x = scatter_new (n, 3, 1), *sigma = scatter_new (H * W, 5, 0.2f);
  g_autofree float *first = g_new (float, n), *other = g_new (float, n);

  run (1, 0, 3, H, W, x, sigma, 0, first);
  for (int threads = 2; threads <= 3; threads++)
    {
      run (threads, 0, 3, H, W, x, sigma, 0, other);
      g_assert_cmpmem (first, n * sizeof (float), other, n * sizeof (float));
    }
}

/* By a power of two nothing is rounded otherwise, and so not a bit may differ. */
static void
test_homogeneous (void)
{
  const int         H = 90, W = 75, n = 3 * H * W;
  g_autofree float *x = scatter_new (n, 3, 1), *quarter_x = scatter_new (n, 3, 0.25f);
  g_autofree float *sigma         = scatter_new (H * W, 5, 0.25f);
  g_autofree float *quarter_sigma = scatter_new (H * W, 5, 0.0625f);
  g_autofree float *y = g_new (float, n), *quarter_y = g_new (float, n);

  run (2, 0, 3, H, W, x, sigma, 0, y);
  run (2, 0, 3, H, W, quarter_x, quarter_sigma, 0, quarter_y);
  for (int i = 0; i < n; i++)
    g_assert_cmpfloat (quarter_y[i], ==, 0.25f * y[i]);
}

/* A level, and a map that is the same everywhere. */
static void
test_level (void)
{
  const int         H = 33, W = 47, n = 3 * H * W;
  g_autofree float *x = scatter_new (n, 3, 1), *sigma = g_new (float, H *W);
  g_autofree float *y = g_new (float, n), *other = g_new (float, n);

  for (int i = 0; i < H * W; i++)
    sigma[i] = 0.125f;
  run (2, 0, 3, H, W, x, sigma, 0, y);
  run (2, 0, 3, H, W, x, NULL, 0.125f, other);
  g_assert_cmpmem (y, n * sizeof (float), other, n * sizeof (float));
  run (2, 0, 3, H, W, x, NULL, 0.25f, other);
  g_assert_cmpfloat (get_change_error (x, y, other, n), >, 1e-3);
}

/* A gray picture is the mean of what becomes of three equal planes. */
static void
test_gray (void)
{
  const int         H = 35, W = 42, n = H * W;
  g_autofree float *x = g_new (float, 3 * n), *gray = scatter_new (n, 3, 1);
  g_autofree float *y = g_new (float, 3 * n), *other = g_new (float, n);

  for (int i = 0; i < 3 * n; i++)
    x[i] = gray[i % n];
  run (2, 0, 3, H, W, x, NULL, 0.125f, y);
  run (2, 0, 1, H, W, gray, NULL, 0.125f, other);
  for (int i = 0; i < n; i++)
    y[i] = (y[i] + y[n + i] + y[2 * n + i]) / 3;
  g_assert_cmpfloat (get_change_error (gray, y, other, n), <, 1e-5);
}

typedef struct
{
  HlWeights  *weights;
  HlPool     *pool;
  HlDenoiser *net;
} Network;

static Network
network_new_with (const RandomWeights *config, int H, int W, guint64 limit)
{
  Network net = { .weights = weights_new (config), .pool = hl_pool_new (2) };

  net.net = hl_denoiser_new (net.weights, net.pool, H, W, limit, NULL);
  g_assert_nonnull (net.net);
  return net;
}

static Network
network_new (int H, int W, guint64 limit)
{
  return network_new_with (&small, H, W, limit);
}

static void
network_clear (Network *net)
{
  hl_denoiser_free (net->net);
  hl_pool_free (net->pool);
  hl_weights_free (net->weights);
}

/* A ring of active cells, so that there are some inside and outside that are not. */
static guint8 *
ring_new (int H, int W, int from, int to)
{
  int     down = (H + 7) / 8, across = (W + 7) / 8;
  guint8 *cells = g_new (guint8, down * across);

  for (int i = 0; i < down * across; i++)
    {
      double far = hypot (i / across - down / 2, i % across - across / 2);

      cells[i] = far >= from && far < to;
    }
  return cells;
}

/* Tile by tile, all of them or no cells told, comes out what comes out on planes. */
static void
test_tiles (gconstpointer simd)
{
  static const int sizes[][3] = { { 3, 72, 104 }, { 1, 208, 296 }, { 3, 40, 200 } };

  g_setenv ("HEIRLOOM_SIMD", simd, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int                channels = sizes[i][0], H = sizes[i][1], W = sizes[i][2];
      gsize              n = (gsize) channels * H * W;
      g_autofree float  *x = scatter_new (n, 3, 1), *planes = g_new (float, n);
      g_autofree float  *tiles = g_new (float, n), *all = g_new (float, n);
      g_autofree guint8 *cells = ring_new (H, W, 0, 1000);
      Network            net   = network_new_with (i == 0 ? &small : &uneven, H, W, 0);

      run_planes (net.weights, channels, H, W, x, 0.1f, planes);
      g_assert_true (hl_denoiser_run (net.net, x, channels, NULL, 0.1f, tiles, NULL, NULL));
      hl_denoiser_set_active (net.net, cells);
      g_assert_true (hl_denoiser_run (net.net, x, channels, NULL, 0.1f, all, NULL, NULL));
      g_assert_cmpfloat (get_change_error (x, planes, tiles, n), <, 5e-5);
      g_assert_cmpmem (tiles, n * sizeof (float), all, n * sizeof (float));
      network_clear (&net);
    }
  g_unsetenv ("HEIRLOOM_SIMD");
}

/* Only what is active changes, and in the midst of it, further from its edge than the network
 * sees, as if everything were. */
static void
test_active_part (void)
{
  const int          H = 331, W = 347, cells_across = (W + 7) / 8;
  gsize              pixels = (gsize) H * W;
  g_autofree float  *x = scatter_new (3 * pixels, 3, 1), *whole = g_new (float, 3 * pixels);
  g_autofree float  *part  = g_new (float, 3 * pixels);
  g_autofree guint8 *cells = ring_new (H, W, 0, 16);
  Network            net   = network_new (H, W, 0);
  double             worst = 0, largest = 0;
  int                inner = 0, outer = 0;

  g_assert_true (hl_denoiser_run (net.net, x, 3, NULL, 0.1f, whole, NULL, NULL));
  hl_denoiser_set_active (net.net, cells);
  g_assert_true (hl_denoiser_run (net.net, x, 3, NULL, 0.1f, part, NULL, NULL));
  for (gsize i = 0; i < 3 * pixels; i++)
    {
      int    row = i % pixels / W, column = i % W;
      double far = hypot (row - H / 2, column - W / 2);

      if (!cells[row / 8 * cells_across + column / 8])
        {
          g_assert_cmpfloat (part[i], ==, x[i]);
          outer++;
        }
      else if (far < 8 * 16 - 70)
        {
          worst   = fmax (worst, fabs (part[i] - whole[i]));
          largest = fmax (largest, fabs (part[i] - x[i]));
          inner++;
        }
    }
  g_assert_cmpint (MIN (inner, outer), >, 1000);
  g_assert_cmpfloat (worst, <, 3e-5 * largest);
  network_clear (&net);
}

/* What was active before leaves no trace, be it all, in pieces or in a mirror. */
static void
test_active_again (void)
{
  const int          H = 203, W = 317;
  gsize              n = (gsize) H * W;
  g_autofree float  *x = scatter_new (n, 3, 1), *fresh = g_new (float, n), *used = g_new (float, n);
  g_autofree guint8 *first = ring_new (H, W, 6, 14), *second = ring_new (H, W, 3, 8);
  guint64            limits[] = { 0, (3 * memory_of (2, H, W) + memory_of (2, 1, 1)) / 4 };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      Network net = network_new (H, W, limits[i]), other = network_new (H, W, limits[i]);

      g_assert_cmpint (hl_denoiser_get_pieces (net.net) > 1, ==, i > 0);
      hl_denoiser_set_active (other.net, second);
      g_assert_true (hl_denoiser_run (other.net, x, 1, NULL, 0.1f, fresh, NULL, NULL));
      hl_denoiser_set_active (net.net, first);
      hl_denoiser_set_mirror (net.net, HL_DENOISER_MIRROR_DOWN);
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, used, NULL, NULL));
      hl_denoiser_set_active (net.net, NULL);
      hl_denoiser_set_mirror (net.net, 0);
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, used, NULL, NULL));
      hl_denoiser_set_active (net.net, first);
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, used, NULL, NULL));
      hl_denoiser_set_active (net.net, second);
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, used, NULL, NULL));
      g_assert_cmpmem (used, n * sizeof (float), fresh, n * sizeof (float));
      network_clear (&net);
      network_clear (&other);
    }
}

/* What the coarser scales gave is used again: on the same picture that is the same result, on
 * another one it is not, and as the network is homogeneous, half of it on half the picture and half
 * the noise is half the result; also where the network runs in part. */
static void
test_reuse (void)
{
  const int          H = 203, W = 317;
  gsize              n = (gsize) H * W;
  g_autofree float  *x = scatter_new (n, 3, 1), *other = scatter_new (n, 5, 1);
  g_autofree float  *half = g_new (float, n), *y = g_new (float, n), *again = g_new (float, n);
  g_autofree float  *fresh = g_new (float, n);
  g_autofree guint8 *cells = ring_new (H, W, 6, 14);
  Network            net   = network_new (H, W, 0);

  for (gsize i = 0; i < n; i++)
    half[i] = x[i] / 2;
  for (int part = 0; part < 2; part++)
    {
      hl_denoiser_set_active (net.net, part ? cells : NULL);
      g_assert_true (hl_denoiser_run (net.net, other, 1, NULL, 0.1f, fresh, NULL, NULL));
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, y, NULL, NULL));
      hl_denoiser_set_reuse (net.net, 1);
      g_assert_true (hl_denoiser_run (net.net, x, 1, NULL, 0.1f, again, NULL, NULL));
      g_assert_cmpmem (y, n * sizeof (float), again, n * sizeof (float));
      g_assert_true (hl_denoiser_run (net.net, other, 1, NULL, 0.1f, again, NULL, NULL));
      g_assert_cmpfloat (get_change_error (other, fresh, again, n), >, 1e-2);
      hl_denoiser_set_reuse (net.net, 0.5f);
      g_assert_true (hl_denoiser_run (net.net, half, 1, NULL, 0.05f, again, NULL, NULL));
      for (gsize i = 0; i < n; i++)
        again[i] *= 2;
      g_assert_cmpfloat (get_change_error (x, y, again, n), <, 1e-5);
      hl_denoiser_set_reuse (net.net, 0);
    }
  network_clear (&net);
}

static void
flip (const float *from, float *to, int H, int W, guint how)
{
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        int row = how & HL_DENOISER_MIRROR_DOWN ? H - 1 - y : y;

        to[y * W + x] = from[row * W + (how & HL_DENOISER_MIRROR_ACROSS ? W - 1 - x : x)];
      }
}

static void
test_mirror (void)
{
  const int         H = 83, W = 117, n = H * W;
  g_autofree float *x = scatter_new (n, 3, 1), *sigma = scatter_new (n, 5, 0.2f);
  g_autofree float *seen = g_new (float, n), *level = g_new (float, n), *y = g_new (float, n);
  g_autofree float *back = g_new (float, n);
  Network           net  = network_new (H, W, 0);

  for (guint how = 0; how < 4; how++)
    {
      hl_denoiser_set_mirror (net.net, how);
      g_assert_true (hl_denoiser_run (net.net, x, 1, sigma, 0, y, NULL, NULL));
      hl_denoiser_set_mirror (net.net, 0);
      flip (x, seen, H, W, how);
      flip (sigma, level, H, W, how);
      g_assert_true (hl_denoiser_run (net.net, seen, 1, level, 0, seen, NULL, NULL));
      flip (seen, back, H, W, how);
      g_assert_cmpmem (y, n * sizeof (float), back, n * sizeof (float));
    }
  network_clear (&net);
}

static void
test_cancel (void)
{
  const int         H = 20, W = 20;
  g_autofree float *x             = scatter_new (3 * H * W, 3, 1);
  g_autoptr (HlWeights) weights   = weights_new (&small);
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;
  g_autoptr (HlDenoiser) net      = hl_denoiser_new (weights, pool, H, W, 0, &error);

  g_assert_no_error (error);
  g_assert_true (hl_denoiser_run (net, x, 3, NULL, 0.1f, x, cancel, &error));
  g_cancellable_cancel (cancel);
  g_assert_false (hl_denoiser_run (net, x, 3, NULL, 0.1f, x, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_memory (void)
{
  g_autoptr (HlWeights) weights = weights_new (&small);
  g_autoptr (HlPool) pool       = hl_pool_new (1);
  g_autoptr (GError) error      = NULL;

  g_assert_null (hl_denoiser_new (weights, pool, 20000, 30000, 100000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/denoiser/pieces", test_pieces);
  g_test_add_func ("/denoiser/margin", test_margin);
  g_test_add_func ("/denoiser/threads", test_threads);
  g_test_add_func ("/denoiser/homogeneous", test_homogeneous);
  g_test_add_func ("/denoiser/level", test_level);
  g_test_add_func ("/denoiser/gray", test_gray);
  add_for_each_simd ("/denoiser/tiles", test_tiles);
  g_test_add_func ("/denoiser/active-part", test_active_part);
  g_test_add_func ("/denoiser/active-again", test_active_again);
  g_test_add_func ("/denoiser/reuse", test_reuse);
  g_test_add_func ("/denoiser/mirror", test_mirror);
  g_test_add_func ("/denoiser/cancel", test_cancel);
  g_test_add_func ("/denoiser/no-memory", test_no_memory);
  return g_test_run ();
}

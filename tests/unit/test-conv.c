/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution and both of its gradients against naive loops, at sizes that cross every
 * edge of tiles, vectors and blocks of channels. */
#include "fixture.h"
#include "nn/conv.h"

typedef struct
{
  int in, out, kernel, stride, height, width;
} Shape;

static const Shape shapes[] = {
  { 1, 1, 3, 1, 1, 1 },       { 1, 3, 3, 1, 2, 2 },       { 3, 4, 1, 1, 7, 5 },
  { 5, 9, 3, 1, 9, 17 },      { 8, 8, 3, 2, 16, 16 },     { 7, 12, 3, 2, 15, 33 },
  { 2, 5, 5, 1, 11, 6 },      { 3, 6, 5, 2, 13, 14 },     { 4, 5, 7, 1, 9, 8 },
  { 36, 16, 3, 1, 131, 149 }, { 16, 20, 3, 2, 130, 141 }, { 132, 37, 3, 1, 33, 47 },
  { 40, 130, 1, 1, 61, 67 },  { 130, 3, 1, 1, 40, 300 },  { 65, 24, 3, 2, 64, 65 },
  { 6, 17, 1, 2, 20, 21 },    { 20, 8, 3, 1, 3, 400 },    { 9, 24, 3, 2, 290, 4 },
  { 8, 8, 3, 1, 13, 1292 },
};

/* With zeros outside. */
static const Shape zero_shapes[] = {
  { 1, 1, 3, 1, 1, 1 },
  { 5, 9, 3, 1, 9, 17 },
  { 3, 6, 5, 2, 13, 14 },
  { 13, 48, 3, 1, 96, 85 },
};

/* How the oracle reads the input and the gradient, which the layer forms while loading. */
static double
seen (const HlSource *s, int c, gsize at)
{
  double z, g;

  if (!s->scale)
    return s->x[at];
  z = (double) s->scale[c] * s->x[at] + s->shift[c];
  g = z > 0 ? 1 : s->slope;
  return s->d ? s->k[c] * g * s->d[at] + s->a[c] + (double) s->b[c] * s->x[at] : g * z;
}

typedef struct
{
  double *y, *d_x, *d_w;
} Oracle;

static Oracle
oracle_new (const HlConv *conv, const HlSource *x, const HlSource *d_y, const float *w,
            const float *bias)
{
  int    C = conv->in_channels, O = conv->out_channels, K = conv->kernel, S = conv->stride;
  int    H = conv->in_height, W = conv->in_width, h = conv->out_height, v = conv->out_width;
  Oracle oracle = { .y   = g_new0 (double, (gsize) O *h *v),
                    .d_x = g_new0 (double, (gsize) C *H *W),
                    .d_w = g_new0 (double, (gsize) O *C *K *K) };

  for (int o = 0; o < O; o++)
    for (int r = 0; r < h; r++)
      for (int q = 0; q < v; q++)
        {
          gsize  to = ((gsize) o * h + r) * v + q;
          double g  = seen (d_y, o, to);

          oracle.y[to] = bias[o];
          for (int c = 0; c < C; c++)
            for (int i = 0; i < K; i++)
              for (int j = 0; j < K; j++)
                {
                  int   row = S * r + i - K / 2, col = S * q + j - K / 2;
                  gsize from = ((gsize) c * H + hl_reflect (row, H)) * W + hl_reflect (col, W);
                  gsize tap  = (((gsize) o * C + c) * K + i) * K + j;

                  if (conv->border == HL_BORDER_ZERO
                      && (row < 0 || row >= H || col < 0 || col >= W))
                    continue;
                  oracle.y[to] += w[tap] * seen (x, c, from);
                  oracle.d_x[from] += w[tap] * g;
                  oracle.d_w[tap] += g * seen (x, c, from);
                }
        }
  return oracle;
}

static void
check (const Shape *s, HlBorder border, const char *simd)
{
  HlConv  conv;
  HlArena arena               = { 0 };
  g_autoptr (HlEngine) engine = NULL;
  gsize inputs, outputs, weights = (gsize) s->in * s->out * s->kernel * s->kernel;
  int   widest = MAX (s->in, s->out), tiles;

  hl_conv_init (&conv, s->in, s->out, s->kernel, s->stride, s->height, s->width);
  conv.border = border;
  hl_conv_lay_out (&conv, &arena);
  g_assert_true (hl_arena_allocate (&arena, 0, NULL));
  hl_conv_init (&conv, s->in, s->out, s->kernel, s->stride, s->height, s->width);
  conv.border = border;
  hl_conv_lay_out (&conv, &arena);
  engine  = engine_new (simd, hl_conv_get_scratch (&conv));
  inputs  = (gsize) s->in * s->height * s->width;
  outputs = (gsize) s->out * conv.out_height * conv.out_width;

  {
    g_autofree float *x = random_new (inputs, 1, -1, 1), *w = random_new (weights, 2, -1, 1);
    g_autofree float *z = random_new (outputs, 3, -1, 1), *d = random_new (outputs, 4, -1, 1);
    g_autofree float *scale = random_new (widest, 5, 0.5, 1),
                     *shift = random_new (widest, 6, -1, 1);
    g_autofree float *k = random_new (widest, 7, -1, 1), *a = random_new (widest, 8, -1, 1);
    g_autofree float *b = random_new (widest, 9, -1, 1), *bias = random_new (widest, 10, -1, 1);
    g_autofree float *y = random_new (outputs, 11, 5, 6), *d_x = random_new (inputs, 12, 5, 6);
    g_autofree float *d_w = random_new (weights, 13, 5, 6), *before = g_memdup2 (d_x, inputs * 4);
    HlSource          source = { .x = x, .scale = scale, .shift = shift, .slope = 0.2f };
    HlSource          d_y
        = { .x = z, .scale = scale, .shift = shift, .slope = 0.2f, .d = d, .k = k, .a = a, .b = b };
    Oracle oracle = oracle_new (&conv, &source, &d_y, w, bias);

    hl_conv_pack (&conv, w);
    hl_conv_forward (&conv, engine, &source, w, bias, bias, y);
    /* Winograd's way costs a digit. */
    g_assert_cmpfloat (difference (y, oracle.y, outputs), <, 1e-5);
    hl_conv_backward_data (&conv, engine, &d_y, w, FALSE, d_x);
    g_assert_cmpfloat (difference (d_x, oracle.d_x, inputs), <, 1e-5);
    memcpy (d_x, before, inputs * sizeof (float));
    hl_conv_backward_data (&conv, engine, &d_y, w, TRUE, d_x);
    for (gsize i = 0; i < inputs; i++)
      oracle.d_x[i] += before[i];
    g_assert_cmpfloat (difference (d_x, oracle.d_x, inputs), <, 1e-5);
    hl_conv_backward_weights (&conv, engine, &source, &d_y, d_w);
    g_assert_cmpfloat (difference (d_w, oracle.d_w, weights), <, 1e-5);

    /* The moments that normalisation needs: about the centre, summed over the tiles. */
    tiles = conv.forward.down * conv.forward.across;
    for (int o = 0; o < s->out; o++)
      {
        double sum = 0, square = 0, found[2] = { 0 };
        gsize  pixels = outputs / s->out;

        for (gsize i = o * pixels; i < (o + 1) * pixels; i++)
          {
            sum += y[i] - bias[o];
            square += (y[i] - bias[o]) * (y[i] - bias[o]);
          }
        for (int t = 0; t < tiles; t++)
          for (int m = 0; m < 2; m++)
            found[m] += conv.moments[(t * s->out + o) * 2 + m];
        g_assert_cmpfloat (fabs (found[0] - sum), <=, 2e-5 * sqrt (square * pixels) + 1e-6);
        g_assert_cmpfloat (fabs (found[1] - square), <=, 2e-5 * square);
      }
    g_free (oracle.y);
    g_free (oracle.d_x);
    g_free (oracle.d_w);
  }
  hl_arena_clear (&arena);
}

static void
test_shapes (const Shape *shape, guint n, HlBorder border, const char *simd)
{
  for (const Shape *s = shape; s < shape + n; s++)
    {
      g_test_message ("%d -> %d channels, %dx%d, stride %d, %dx%d pixels", s->in, s->out, s->kernel,
                      s->kernel, s->stride, s->width, s->height);
      check (s, border, simd);
    }
}

static void
test_conv (gconstpointer simd)
{
  test_shapes (shapes, G_N_ELEMENTS (shapes), HL_BORDER_REFLECT, simd);
  test_shapes (zero_shapes, G_N_ELEMENTS (zero_shapes), HL_BORDER_ZERO, simd);
}

/* Vectors that Winograd's transforms take to cross the tiles, if there are @across of them. */
static int
count_vectors (int width, int across)
{
  int cols = (width + across - 1) / across, small = (cols + 3) / 4;

  return across * ((small + HL_LANES - 1) / HL_LANES);
}

/* Each output lies in exactly one tile, no tile needs more scratch memory than there is, and one
 * tile more across would not fill the vectors better. */
static void
check_grid (const HlGrid *grid, int halo)
{
  g_autofree guint8 *seen = g_new0 (guint8, (gsize) grid->height * grid->width);

  for (int i = 0; i < grid->down * grid->across; i++)
    {
      HlTile tile = hl_grid_get_tile (grid, i);

      g_assert_cmpuint ((gsize) (tile.bottom - tile.top + halo) * (tile.right - tile.left + halo),
                        <=, hl_grid_get_largest (grid, halo) - HL_SLACK);
      for (int y = tile.top; y < tile.bottom; y++)
        for (int x = tile.left; x < tile.right; x++)
          seen[(gsize) y * grid->width + x]++;
    }
  for (gsize i = 0; i < (gsize) grid->height * grid->width; i++)
    g_assert_cmpint (seen[i], ==, 1);
  g_assert_cmpint (count_vectors (grid->width, grid->across + 1), >=,
                   count_vectors (grid->width, grid->across));
}

static void
test_tiling (void)
{
  for (int width = 32; width < 1600; width += 4)
    {
      HlConv conv;

      hl_conv_init (&conv, 16, 24, 3, 1, 40, width);
      check_grid (&conv.forward, 2);
      check_grid (&conv.backward, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_simd ("/conv", test_conv);
  g_test_add_func ("/conv/tiling", test_tiling);
  return g_test_run ();
}

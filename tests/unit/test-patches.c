/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes that are painted with patches of the sound parts. */
#include <math.h>
#include <string.h>

#include "restore/patches/patch_level.h"
#include "restore/patches/patches.h"
#include "restore/built_in.h"

#define W 96
#define H 80
#define PIXELS (W * H)

/* A woven pattern that repeats every 12 columns and 10 rows; the channels differ. */
static float
weave (int c, int x, int y)
{
  return 0.45f + 0.2f * sinf (G_PI / 6 * x + 0.3f * c) * cosf (G_PI / 5 * y) + (x % 12 < 5) * 0.15f
         + 0.04f * c;
}

static HlImage *
picture_new (int channels)
{
  HlImage *image = hl_image_new (channels, W, H, NULL);

  for (int c = 0; c < channels; c++)
    for (int i = 0; i < PIXELS; i++)
      image->planes[c * PIXELS + i] = weave (c, i % W, i / W);
  return image;
}

/* Sets a box of @known to @value. */
static void
fill (float *known, int left, int top, int right, int bottom, float value)
{
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      known[y * W + x] = value;
}

static float *
known_new (void)
{
  float *known = g_new (float, PIXELS);

  fill (known, 0, 0, W, H, 1);
  return known;
}

/* Paints, with next to no noise to take away. */
/* Whether patches are wanted, where @known is not 1. */
static gboolean
find (const float *known, guint8 *hole)
{
  g_autofree float *target = g_new (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    target[i] = 1 - known[i];
  return hl_patches_find (target, W, H, hole, NULL);
}

static gboolean
run_in (guint threads, HlImage *image, const float *known, const guint8 *hole, double detail,
        const HlProgress *control, GError **error)
{
  g_autoptr (GBytes) bytes        = hl_built_in_read ("denoiser.safetensors", NULL);
  g_autoptr (HlWeights) weights   = hl_weights_new_from_bytes (bytes, "denoiser", NULL);
  g_autoptr (HlPool) pool         = hl_pool_new (threads);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, H, W, 0, NULL);

  return hl_patches_run (image, known, hole, denoiser, 0.001, detail, 7, control, error);
}

static gboolean
run (HlImage *image, const float *known, const guint8 *hole, double detail,
     const HlProgress *control, GError **error)
{
  return run_in (1, image, known, hole, detail, control, error);
}

static double
get_error (const HlImage *image, const guint8 *hole)
{
  double sum = 0;
  int    n   = 0;

  for (int c = 0; c < image->channels; c++)
    for (int i = 0; i < PIXELS; i++)
      if (hole[i])
        {
          sum += pow (image->planes[c * PIXELS + i] - weave (c, i % W, i / W), 2);
          n++;
        }
  return sqrt (sum / n);
}

/* A pattern is carried on through a hole that was filled with its mean, and nothing else is
 * touched. */
static void
test_pattern (gconstpointer data)
{
  int channels               = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) image  = picture_new (channels);
  g_autoptr (HlImage) again  = NULL;
  g_autofree float  *known   = known_new ();
  g_autofree guint8 *hole    = g_new0 (guint8, PIXELS);
  HlProgress         control = { 0 };
  double             before;

  fill (known, 40, 31, 56, 46, 0);
  fill (known, 0, 0, 9, 12, 0);
  g_assert_true (find (known, hole));
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < PIXELS; i++)
      if (hole[i])
        image->planes[c * PIXELS + i] = 0.52f + 0.04f * c;
  again  = hl_image_copy (image, NULL);
  before = get_error (image, hole);
  g_assert_true (run (image, known, hole, 0, &control, NULL));
  g_test_message ("%.4f before, %.4f after", before, get_error (image, hole));
  g_assert_cmpfloat (get_error (image, hole), <, before / 2.5);
  for (int i = 0; i < channels * PIXELS; i++)
    if (!hole[i % PIXELS])
      g_assert_cmpfloat (image->planes[i], ==, again->planes[i]);
  /* Threads change nothing. */
  g_assert_true (run_in (3, again, known, hole, 0, &control, NULL));
  g_assert_cmpmem (again->planes, channels * PIXELS * sizeof (float), image->planes,
                   channels * PIXELS * sizeof (float));
}

/* At the edge of a torn-off part the pattern is carried on; deep inside, where anything would fit,
 * nothing is made up. */
static void
test_deep (void)
{
  g_autoptr (HlImage) image = picture_new (1);
  g_autofree float  *known  = known_new ();
  g_autofree guint8 *hole = g_new0 (guint8, PIXELS), *edge = g_new0 (guint8, PIXELS);
  HlProgress         control = { 0 };
  double             before;

  fill (known, 0, 0, 62, H, 0);
  for (int i = 0; i < PIXELS; i++)
    {
      hole[i] = i % W < 62;
      edge[i] = i % W >= 50 && i % W < 62;
      if (hole[i])
        image->planes[i] = 0.52f;
    }
  before = get_error (image, edge);
  g_assert_true (run (image, known, hole, 1, &control, NULL));
  g_assert_cmpfloat (get_error (image, edge), <, before / 2);
  for (int i = 0; i < PIXELS; i++)
    if (i % W <= 62 - 40)
      g_assert_cmpfloat (image->planes[i], ==, 0.52f);
}

/* What is not known is never copied, though it is what the hole's surroundings look like. */
static void
test_unsound (void)
{
  g_autoptr (HlImage) image  = picture_new (1);
  g_autofree float  *known   = known_new ();
  g_autofree guint8 *hole    = g_new0 (guint8, PIXELS);
  HlProgress         control = { 0 };

  for (int i = 0; i < PIXELS; i++)
    image->planes[i] = 0.2f + 0.2f * (i % W) / W;
  for (int y = 20; y < 70; y++)
    for (int x = 20; x < 70; x++)
      {
        image->planes[y * W + x] = 0.9f;
        known[y * W + x]         = 0.999f;
      }
  for (int y = 36; y < 52; y++)
    for (int x = 36; x < 52; x++)
      {
        hole[y * W + x]          = 1;
        image->planes[y * W + x] = 0.3f;
      }
  g_assert_true (run (image, known, hole, 1, &control, NULL));
  for (int i = 0; i < PIXELS; i++)
    if (hole[i])
      g_assert_cmpfloat (image->planes[i], <, 0.45);
}

/* A patch drawn at random votes by what it differs, like any other: in a pattern where it fits
 * badly it is next to nothing beside one that fits. */
static void
test_random (void)
{
  g_autoptr (GRand) rng          = g_rand_new_with_seed (3);
  g_autoptr (HlPool) pool        = hl_pool_new (1);
  g_autoptr (HlPatchLevel) level = hl_patch_level_new (W, H, 1);
  g_autofree guint8 *unsound     = g_new0 (guint8, PIXELS);
  g_autofree guint8 *which       = g_new0 (guint8, PIXELS);
  g_autofree float  *scratch     = g_new (float, PIXELS * level->features);
  const gsize        at = 40 * W + 40, beside = at + 1;
  float              right, wrong;

  for (int i = 0; i < PIXELS; i++)
    level->values[i * level->features] = weave (0, i % W, i / W);
  level->hole[at] = which[at] = 1;
  g_assert_true (hl_patch_level_prepare (level, unsound));
  /* Of all patches over the pixel only two vote: the right one, a period away, and a drawn one. */
  memset (level->touched, 0, PIXELS);
  level->touched[at] = level->touched[beside] = 1;
  level->shift[2 * beside]                    = 12;
  hl_patch_level_draw (level, at, rng);
  g_assert_cmpfloat (level->cost[at], >, 1e-3);
  hl_patch_level_paint (level, which, level->touched, scratch, pool, NULL);
  right = level->values[(at + 12) * level->features];
  wrong
      = level->values[(at + level->shift[2 * at + 1] * W + level->shift[2 * at]) * level->features];
  g_assert_cmpfloat (fabs (level->values[at * level->features] - right), <,
                     0.3 * fabs (wrong - right));
}

/* Wide parts, up to their edge, and not a hair that hangs on them. */
static void
test_find (void)
{
  g_autofree float  *known = known_new ();
  g_autofree guint8 *hole  = g_new0 (guint8, PIXELS);

  fill (known, 5, 5, 90, 11, 0);
  g_assert_false (find (known, hole));
  fill (known, 30, 30, 47, 39, 0.5f);
  fill (known, 47, 34, 80, 36, 0);
  g_assert_true (find (known, hole));
  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % W, y = i / W;

      g_assert_cmpint (hole[i], ==, x >= 30 && x < 47 && y >= 30 && y < 39);
    }
}

/* Where no sound patch is left the picture stays, and cancelling is heeded. */
static void
test_ends (void)
{
  g_autoptr (GError) error  = NULL;
  g_autoptr (HlImage) image = picture_new (1), before = picture_new (1);
  g_autofree float  *known        = known_new ();
  g_autofree guint8 *hole         = g_new0 (guint8, PIXELS);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  HlProgress control              = { .cancel = cancel };

  for (int i = 0; i < PIXELS; i++)
    known[i] = (i % W) % 7 > 0;
  hole[PIXELS / 2] = 1;
  g_assert_true (run (image, known, hole, 1, &control, &error));
  g_assert_cmpmem (image->planes, PIXELS * sizeof (float), before->planes, PIXELS * sizeof (float));

  fill (known, 0, 0, W, H, 1);
  control.stop = cancel;
  g_cancellable_cancel (cancel);
  g_assert_false (run (image, known, hole, 1, &control, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  control.cancel = NULL;
  g_assert_true (run (image, known, hole, 1, &control, &error));
  g_assert_cmpmem (image->planes, PIXELS * sizeof (float), before->planes, PIXELS * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/patches/pattern/gray", GINT_TO_POINTER (1), test_pattern);
  g_test_add_data_func ("/patches/pattern/colour", GINT_TO_POINTER (3), test_pattern);
  g_test_add_func ("/patches/deep", test_deep);
  g_test_add_func ("/patches/unsound", test_unsound);
  g_test_add_func ("/patches/random", test_random);
  g_test_add_func ("/patches/find", test_find);
  g_test_add_func ("/patches/ends", test_ends);
  return g_test_run ();
}

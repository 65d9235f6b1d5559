/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fill that continues edges: ramps go on exactly, edges go on straight, and nothing
 * but the hole changes. */
#include "restore/fill/coherence.h"

#include <math.h>
#include <string.h>

#include "restore/fill/diffuse.h"

#define SIDE 90

/* Known everywhere but in a slanted band. */
static float *
known_new (int width, int height, double half)
{
  float *known = g_new (float, (gsize) width *height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      known[y * width + x] = fabs (x - width / 2.0 - 0.3 * (y - height / 2.0)) >= half;
  return known;
}

/* A dark and a light half with a soft edge between, at an angle, of each channel another. */
static HlImage *
edge_new (int channels)
{
  HlImage *image = hl_image_new (channels, SIDE, SIDE, NULL);

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++)
        image->planes[(c * SIDE + y) * SIDE + x]
            = 0.5 + (0.3 - 0.1 * c) * tanh ((0.5 * x - 0.86 * y + 18) / 0.8);
  return image;
}

static double
worst (const HlImage *a, const HlImage *b)
{
  double most = 0;

  for (int i = 0; i < a->channels * a->width * a->height; i++)
    most = fmax (most, fabs (a->planes[i] - b->planes[i]));
  return most;
}

static void
test_edge (gconstpointer data)
{
  int channels              = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) truth = edge_new (channels), smooth = hl_image_copy (truth, NULL);
  g_autofree float *known   = known_new (SIDE, SIDE, 4);
  g_autoptr (HlImage) found = NULL;

  for (int i = 0; i < channels * SIDE * SIDE; i++)
    if (known[i % (SIDE * SIDE)] <= 0)
      smooth->planes[i] = 9;
  g_assert_true (hl_diffuse (smooth, known, NULL, NULL));
  found = hl_image_copy (smooth, NULL);
  g_assert_true (hl_cohere (found, known, NULL, NULL));
  g_test_message ("off by %g at most, smooth by %g", worst (found, truth), worst (smooth, truth));
  g_assert_cmpfloat (worst (smooth, truth), >, 0.25);
  g_assert_cmpfloat (worst (found, truth), <, 0.12);
  for (int i = 0; i < channels * SIDE * SIDE; i++)
    if (known[i % (SIDE * SIDE)] > 0)
      g_assert_cmpfloat (found->planes[i], ==, truth->planes[i]);
}

/* A plane is a steady state, whatever the first guess; at every shape. */
static void
test_ramp (void)
{
  static const int sizes[][2] = { { 60, 45 }, { 33, 64 }, { 2, 40 }, { 40, 2 } };

  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      int W = sizes[k][0], H = sizes[k][1];
      g_autoptr (HlImage) truth = hl_image_new (1, W, H, NULL), found = NULL;
      g_autofree float *known = g_new (float, W *H);

      for (int i = 0; i < W * H; i++)
        {
          truth->planes[i] = 0.2 + 0.004 * (i % W) - 0.003 * (i / W);
          /* A hole across the middle, of the longer side. */
          known[i] = W > H ? abs (i % W - W / 2) > 2 : abs (i / W - H / 2) > 2;
        }
      found = hl_image_copy (truth, NULL);
      for (int i = 0; i < W * H; i++)
        found->planes[i] = known[i] > 0 ? truth->planes[i] : 0.4;
      g_assert_true (hl_cohere (found, known, NULL, NULL));
      g_assert_cmpfloat (worst (found, truth), <, 0.01);
    }
}

/* By how much a fill goes beyond the values of a fence of boards @wide pixels apart, where a
 * scratch lies over it at @slope. */
static double
get_excess (double wide, double slope)
{
  g_autoptr (HlImage) image = hl_image_new (1, SIDE, SIDE, NULL);
  g_autofree float *known   = g_new (float, SIDE *SIDE);
  float             least = 1, most = 0;
  double            excess = 0;

  for (int i = 0; i < SIDE * SIDE; i++)
    {
      int x = i % SIDE, y = i / SIDE;

      image->planes[i] = 0.5 + 0.2 * tanh (3 * sin (2 * G_PI * x / wide)) + 0.001 * y;
      known[i]         = x < 8 || x > 80 || fabs (y - 10 - slope * x) > 1.5;
      if (known[i] > 0)
        {
          least = fminf (least, image->planes[i]);
          most  = fmaxf (most, image->planes[i]);
        }
    }
  g_assert_true (hl_diffuse (image, known, NULL, NULL));
  g_assert_true (hl_cohere (image, known, NULL, NULL));
  for (int i = 0; i < SIDE * SIDE; i++)
    excess = fmax (excess, fmax (image->planes[i] - most, least - image->planes[i]));
  return excess;
}

/* A scratch aslant over a fence: nothing in it is brighter or darker than the fence. */
static void
test_fence (void)
{
  for (double wide = 2.5; wide < 8; wide += 1)
    for (double slope = 0.1; slope < 0.5; slope += 0.1)
      g_assert_cmpfloat (get_excess (wide, slope), <, 0.001);
}

/* Nothing to do, nothing to go by, and no room for a gradient. */
static void
test_small (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 9, 1 }, { 3, 3 }, { 17, 16 } };

  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      int W = sizes[k][0], H = sizes[k][1];
      g_autoptr (HlImage) image = hl_image_new (3, W, H, NULL), same = NULL;
      g_autofree float *known = g_new (float, W *H);

      for (int i = 0; i < 3 * W * H; i++)
        {
          image->planes[i]   = 0.01 * i;
          known[i % (W * H)] = 1;
        }
      same = hl_image_copy (image, NULL);
      g_assert_true (hl_cohere (image, known, NULL, NULL));
      g_assert_cmpmem (image->planes, 12 * W * H, same->planes, 12 * W * H);
      memset (known, 0, W * H * sizeof (float));
      g_assert_true (hl_cohere (image, known, NULL, NULL));
      for (int i = 0; i < 3 * W * H; i++)
        g_assert_true (isfinite (image->planes[i]));
    }
}

/* Whoever gives up is told so, and at once: what there is to do would take minutes. */
static void
test_cancel (void)
{
  g_autoptr (HlImage) image       = hl_image_new (3, 2000, 1500, NULL);
  g_autofree float *known         = g_new0 (float, 2000 * 1500);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;

  known[0] = 1;
  g_cancellable_cancel (cancel);
  g_assert_false (hl_cohere (image, known, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/coherence/edge/gray", GINT_TO_POINTER (1), test_edge);
  g_test_add_data_func ("/coherence/edge/colour", GINT_TO_POINTER (3), test_edge);
  g_test_add_func ("/coherence/ramp", test_ramp);
  g_test_add_func ("/coherence/fence", test_fence);
  g_test_add_func ("/coherence/small", test_small);
  g_test_add_func ("/coherence/cancel", test_cancel);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_composite(): soft masks mix, hard ones replace, and what is outside keeps its bits.
 */

#include <math.h>
#include <string.h>

#include "restore/composite.h"

#define WIDTH 5
#define HEIGHT 3
#define SIZE (WIDTH * HEIGHT)

/* Values that differ at every position and channel, so that a wrong offset shows. */
static HlImage *
numbered (int channels, float first, float step)
{
  g_autoptr (GError) error = NULL;
  HlImage *image           = hl_image_new (channels, WIDTH, HEIGHT, &error);

  g_assert_no_error (error);
  for (int i = 0; i < channels * SIZE; i++)
    image->planes[i] = first + step * i;
  return image;
}

static void
test_weights (gconstpointer data)
{
  int channels                 = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) original = numbered (channels, 0.1f, 0.01f);
  g_autoptr (HlImage) restored = numbered (channels, 0.9f, -0.007f);
  g_autoptr (HlImage) result   = numbered (channels, 0.9f, -0.007f);
  float mask[SIZE];

  for (int i = 0; i < SIZE; i++)
    mask[i] = -0.2f + 0.1f * i;
  hl_composite (result, original, mask);

  for (int c = 0; c < channels; c++)
    for (int i = 0; i < SIZE; i++)
      {
        int   at = c * SIZE + i;
        float o = original->planes[at], r = restored->planes[at];
        float w        = CLAMP (mask[i], 0.0f, 1.0f);
        float expected = o + w * (r - o);

        if (w == 0.0f)
          g_assert_cmpmem (&result->planes[at], 4, &o, 4);
        else if (w == 1.0f)
          g_assert_cmpmem (&result->planes[at], 4, &r, 4);
        else
          g_assert_cmpfloat_with_epsilon (result->planes[at], expected, 1e-6);
      }
}

static void
test_outside_keeps_bits (void)
{
  /* A quiet and a signalling NaN with payloads, infinities, the negative zero and a
   * denormal number. */
  const guint32 odd[] = { 0x7fc12345, 0xff812345, 0x7f800000, 0xff800000, 0x80000000, 0x00000001 };
  const float   closed[]       = { 0.0f, -0.0f, -1.0f, -INFINITY, NAN };
  g_autoptr (HlImage) original = numbered (3, 0.1f, 0.01f);
  g_autoptr (HlImage) result   = numbered (3, 0.9f, -0.007f);
  float mask[SIZE];

  for (int i = 0; i < 3 * SIZE; i++)
    if (i % 2 == 0)
      memcpy (&original->planes[i], &odd[i / 2 % G_N_ELEMENTS (odd)], 4);
  for (int i = 0; i < SIZE; i++)
    mask[i] = closed[i % G_N_ELEMENTS (closed)];
  hl_composite (result, original, mask);
  g_assert_cmpmem (result->planes, 3 * SIZE * 4, original->planes, 3 * SIZE * 4);
}

static void
test_broken_original (void)
{
  g_autoptr (HlImage) original = numbered (1, 0.1f, 0.01f);
  g_autoptr (HlImage) result   = numbered (1, 0.9f, -0.007f);
  float mask[SIZE]             = { 0 };

  original->planes[3] = NAN;
  original->planes[4] = INFINITY;
  mask[3] = mask[4] = 0.5f;
  hl_composite (result, original, mask);
  g_assert_cmpfloat_with_epsilon (result->planes[3], 0.9f - 3 * 0.007f, 1e-6);
  g_assert_cmpfloat_with_epsilon (result->planes[4], 0.9f - 4 * 0.007f, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/composite/weights/gray", GINT_TO_POINTER (1), test_weights);
  g_test_add_data_func ("/composite/weights/rgb", GINT_TO_POINTER (3), test_weights);
  g_test_add_func ("/composite/outside-keeps-bits", test_outside_keeps_bits);
  g_test_add_func ("/composite/broken-original", test_broken_original);
  return g_test_run ();
}

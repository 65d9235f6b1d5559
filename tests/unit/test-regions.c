/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions: all damage in exactly one, enough to see around it, and a cost that follows the
 * damage. */
#include "restore/regions.h"

#include <math.h>

#define CONTEXT 40

/* Each damaged pixel lies in one core; returns the pixels of all areas. */
static gint64
check_one (const float *mask, int width, int height, gint64 most, gboolean follows)
{
  g_autoptr (GArray) regions = hl_regions_new (mask, width, height, CONTEXT, most, follows, NULL);
  g_autofree int *seen       = g_new0 (int, (gsize) width *height);
  gint64          sum        = 0;

  for (guint i = 0; i < regions->len; i++)
    {
      HlRegion r = g_array_index (regions, HlRegion, i);

      g_assert_cmpint (r.area.left, ==, MAX (r.core.left - CONTEXT, 0));
      g_assert_cmpint (r.area.top, ==, MAX (r.core.top - CONTEXT, 0));
      g_assert_cmpint (r.area.right, ==, MIN (r.core.right + CONTEXT, width));
      g_assert_cmpint (r.area.bottom, ==, MIN (r.core.bottom + CONTEXT, height));
      g_assert_cmpint (hl_rect_get_pixels (r.area), <=,
                       MAX (most, (2 * CONTEXT + 16) * (2 * CONTEXT + 16)));
      sum += hl_rect_get_pixels (r.area);
      for (int y = r.core.top; y < r.core.bottom; y++)
        for (int x = r.core.left; x < r.core.right; x++)
          seen[(gsize) y * width + x]++;
    }
  for (int i = 0; i < width * height; i++)
    {
      g_assert_cmpint (seen[i], <=, 1);
      if (mask[i] > 0)
        g_assert_cmpint (seen[i], ==, 1);
    }
  return sum;
}

/* The same whether or not the work follows the damage within a region, which changes what is cut
 * apart; returns the pixels where it does not. */
static gint64
check (const float *mask, int width, int height, gint64 most)
{
  check_one (mask, width, height, most, TRUE);
  return check_one (mask, width, height, most, FALSE);
}

static void
draw_speck (float *mask, int width, int x, int y)
{
  mask[y * width + x] = 1;
}

static void
test_specks (void)
{
  g_autofree float *mask = g_new0 (float, 600 * 500);

  g_assert_cmpint (check (mask, 600, 500, 1000000), ==, 0);
  draw_speck (mask, 600, 599, 499);
  g_assert_cmpint (check (mask, 600, 500, 1000000), <=, 56 * 56);
  draw_speck (mask, 600, 0, 0);
  draw_speck (mask, 600, 300, 100);
  g_assert_cmpint (check (mask, 600, 500, 1000000), <=, 2 * 56 * 56 + 96 * 96);
  /* Close ones cost less together than apart. */
  draw_speck (mask, 600, 330, 110);
  g_assert_cmpint (check (mask, 600, 500, 1000000), <=, 2 * 56 * 56 + 128 * 112);
}

/* A hair from corner to corner: a chain along it, much less than the picture. */
static void
test_hair (void)
{
  g_autofree float *mask = g_new0 (float, 1500 * 1500);
  gint64            one, two;

  for (int i = 0; i < 1500; i++)
    draw_speck (mask, 1500, i, i);
  one = check (mask, 1500, 1500, 1000000);
  g_assert_cmpint (one, <, 1500 * 1500 * 0.35);
  for (int i = 0; i < 900; i++)
    draw_speck (mask, 1500, i, 1499 - i / 9);
  two = check (mask, 1500, 1500, 1000000);
  g_assert_cmpint (two, <, 2 * one);
}

/* A torn corner costs less in two parts, but then its halves would not match. */
static void
test_wide (void)
{
  g_autofree float *mask     = g_new0 (float, 700 * 700);
  g_autoptr (GArray) regions = NULL;

  for (int y = 0; y < 640; y++)
    for (int x = 0; x < 640 - y; x++)
      mask[y * 700 + x] = 1;
  regions = hl_regions_new (mask, 700, 700, CONTEXT, 1000000, FALSE, NULL);
  g_assert_cmpuint (regions->len, ==, 1);
  check (mask, 700, 700, 100000);
}

/* Large damage is cut to what a region may have. */
static void
test_most (void)
{
  g_autofree float *mask = g_new (float, 700 * 333);

  for (int i = 0; i < 700 * 333; i++)
    mask[i] = 0.5;
  check (mask, 700, 333, 50000);
  check (mask, 700, 333, 20000);
  g_assert_cmpint (check (mask, 700, 333, 1000000), ==, 700 * 333);
  /* Where all cuts cost the same the halves are equal, as slivers would cost most in the end. */
  g_assert_cmpint (check (mask, 700, 32, 14000), <=, 32 * (700 + 2 * CONTEXT));
  check (mask, 1, 700 * 333, 100000);
  g_assert_cmpint (check (mask, 1, 1, 10), ==, 1);
}

/* The squares that are near damage and those around them come once each. */
static void
test_list (void)
{
  const int          W = 93, H = 70, across = (W + 7) / 8, down = (H + 7) / 8;
  g_autofree guint8 *reach  = g_new0 (guint8, across * down);
  g_autofree int    *listed = g_new0 (int, W *H);
  g_autoptr (GArray) parts  = NULL;

  reach[0] = reach[3 * across + 4] = reach[3 * across + 6] = reach[down * across - 1] = 1;
  parts = hl_regions_list_reach (reach, W, H);
  for (guint i = 0; i < parts->len; i++)
    {
      HlRect part = g_array_index (parts, HlRect, i);

      for (int y = part.top; y < part.bottom; y++)
        for (int x = part.left; x < part.right; x++)
          listed[y * W + x]++;
    }
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        gboolean near = FALSE;

        for (int i = 0; i < across * down; i++)
          near |= reach[i] && ABS (i / across - y / 8) <= 1 && ABS (i % across - x / 8) <= 1;
        g_assert_cmpint (listed[y * W + x], ==, near);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/regions/specks", test_specks);
  g_test_add_func ("/regions/hair", test_hair);
  g_test_add_func ("/regions/wide", test_wide);
  g_test_add_func ("/regions/most", test_most);
  g_test_add_func ("/regions/list", test_list);
  return g_test_run ();
}

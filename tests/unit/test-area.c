/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule for the part of a photograph that is worked on. */
#include "restore/area.h"

#include "restore/crop.h"
#include "restore/regions.h"

#define WIDTH 700
#define HEIGHT 500

static const HlRect all = { 0, 0, WIDTH, HEIGHT };

static void
assert_rect (HlRect rect, int left, int top, int right, int bottom)
{
  g_assert_cmpint (rect.left, ==, left);
  g_assert_cmpint (rect.top, ==, top);
  g_assert_cmpint (rect.right, ==, right);
  g_assert_cmpint (rect.bottom, ==, bottom);
}

/* What the stage that looks furthest sees, up to the next line of the regions' grid. */
static void
test_rule (void)
{
  assert_rect (hl_area_find ((HlRect) { 300, 200, 301, 201 }, all), 168, 72, 432, 336);
  assert_rect (hl_area_find ((HlRect) { 288, 208, 304, 224 }, all), 160, 80, 432, 352);
  assert_rect (hl_area_find ((HlRect) { 5, 6, 690, 400 }, all), 0, 0, 700, 500);
  assert_rect (hl_area_find ((HlRect) { 200, 10, 210, 20 }, all), 72, 0, 344, 152);
  g_assert_cmpint (HL_REGIONS_PATCHES_CONTEXT, ==, 128);
  g_assert_cmpint (HL_REGIONS_CELL, ==, 8);
}

/* A part that holds the area already is cut to the same area, wherever it begins. */
static void
test_part (void)
{
  g_autofree float *target  = g_new0 (float, WIDTH *HEIGHT);
  g_autoptr (HlImage) whole = hl_image_new (1, WIDTH, HEIGHT, NULL);
  static const HlRect parts[]
      = { { 0, 0, 700, 500 }, { 131, 17, 633, 499 }, { 160, 64, 480, 352 } };

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    whole->planes[i] = i;
  for (int y = 200; y < 217; y++)
    for (int x = 300; x < 342; x++)
      target[y * WIDTH + x] = x == y + 100 ? 0.001f : 0;
  for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      HlImage view             = hl_plane_view (target, WIDTH, HEIGHT);
      g_autoptr (HlImage) part = hl_image_crop (whole, parts[k], NULL);
      g_autoptr (HlImage) mask = hl_image_crop (&view, parts[k], NULL);
      g_auto (HlCrop) crop     = { 0 };

      g_assert_true (hl_crop_init (&crop, part, mask->planes, NULL, FALSE, NULL));
      assert_rect (hl_rect_move (crop.rect, parts[k].left, parts[k].top), 168, 72, 448, 352);
      g_assert_cmpfloat (crop.image->planes[0], ==, 72 * WIDTH + 168);
      g_assert_cmpint (crop.image->x, ==, 168);
      g_assert_cmpint (crop.image->y, ==, 72);
    }
}

static void
test_damage (void)
{
  g_autofree float *target = g_new0 (float, WIDTH *HEIGHT);
  HlRect            rect;

  g_assert_false (hl_area_find_damage (target, WIDTH, HEIGHT, &rect));
  target[20 * WIDTH + 30]    = 0.01f;
  target[HEIGHT * WIDTH - 1] = 1;
  target[300 * WIDTH + 10]   = 0.5f;
  g_assert_true (hl_area_find_damage (target, WIDTH, HEIGHT, &rect));
  assert_rect (rect, 10, 20, WIDTH, HEIGHT);
}

/* Each pixel of a smaller picture is the mean of those that it stands for, at the borders too. */
static void
test_shrink (void)
{
  const int width = 11, height = 7;
  g_autoptr (HlImage) image = hl_image_new (3, width, height, NULL);

  for (int i = 0; i < 3 * width * height; i++)
    image->planes[i] = i * 37 % 101;
  for (int factor = 1; factor <= 4; factor++)
    {
      g_autoptr (HlImage) small = hl_image_shrink (image, factor, NULL);

      g_assert_cmpint (small->channels, ==, 3);
      g_assert_cmpint (small->width, ==, (width + factor - 1) / factor);
      g_assert_cmpint (small->height, ==, (height + factor - 1) / factor);
      for (int c = 0; c < 3; c++)
        for (int y = 0; y < small->height; y++)
          for (int x = 0; x < small->width; x++)
            {
              double sum = 0;
              int    n   = 0;

              for (int i = 0; i < width * height; i++)
                if (i % width / factor == x && i / width / factor == y)
                  {
                    sum += image->planes[c * width * height + i];
                    n++;
                  }
              g_assert_cmpfloat_with_epsilon (
                  small->planes[(c * small->height + y) * small->width + x], sum / n, 1e-4);
            }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/area/rule", test_rule);
  g_test_add_func ("/area/part", test_part);
  g_test_add_func ("/area/damage", test_damage);
  g_test_add_func ("/area/shrink", test_shrink);
  return g_test_run ();
}

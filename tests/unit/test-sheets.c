/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sheets: each region once, none over another, pixels out and back in their places. */
#include "restore/sheets.h"

#include <math.h>

#define WIDTH 2000
#define HEIGHT 1500
#define CONTEXT 24

/* Specks, two of them in corners, a hair and one wide hole. */
static float *
draw_damage (void)
{
  float *mask = g_new0 (float, WIDTH *HEIGHT);

  for (int i = 0; i < 60; i++)
    mask[(i * 7919 % HEIGHT) * WIDTH + i * 104729 % WIDTH] = 1;
  for (int i = 0; i < 300; i++)
    mask[(100 + i) * WIDTH + 200 + i / 3] = 1;
  for (int y = 400; y < 600; y++)
    for (int x = 500; x < 640; x++)
      mask[y * WIDTH + x] = 1;
  mask[0] = mask[WIDTH * HEIGHT - 1] = 1;
  return mask;
}

static int
reflect (int i, int n)
{
  return i < 0 ? -i : i >= n ? 2 * n - 2 - i : i;
}

/* Each box as it is in the picture, which is reflected where it ends. */
static void
check_boxes (const HlSheet *sheet, const HlImage *cut, const HlImage *image)
{
  for (guint k = 0; k < sheet->places->len; k++)
    {
      HlPlace place = g_array_index (sheet->places, HlPlace, k);

      for (int y = place.box.top; y < place.box.bottom; y++)
        for (int x = place.box.left; x < place.box.right; x++)
          {
            int at = (place.y + y - place.box.top) * sheet->width + place.x + x - place.box.left;

            g_assert_cmpfloat (
                fabsf (cut->planes[at]), ==,
                fabsf (image->planes[reflect (y, HEIGHT) * WIDTH + reflect (x, WIDTH)]));
          }
    }
}

static GPtrArray *
lay_out (const float *mask, int margin, guint *regions_count)
{
  g_autoptr (GArray) regions = hl_regions_new (mask, WIDTH, HEIGHT, CONTEXT, 1000000, FALSE, NULL);

  *regions_count = regions->len;
  return hl_sheets_new (regions, margin);
}

static void
test_places (void)
{
  g_autofree float *mask = draw_damage ();
  guint             regions, places = 0, own;
  gint64            taken = 0, all = 0;
  g_autoptr (GPtrArray) sheets = lay_out (mask, CONTEXT, &regions);
  g_autoptr (GPtrArray) apart  = lay_out (mask, 0, &own);

  g_assert_cmpuint (apart->len, ==, own);
  g_assert_cmpuint (sheets->len, <, apart->len / 4);
  for (guint i = 0; i < sheets->len; i++)
    {
      const HlSheet     *sheet = g_ptr_array_index (sheets, i);
      g_autofree guint8 *seen  = g_new0 (guint8, sheet->width * sheet->height);

      all += sheet->width * sheet->height;
      places += sheet->places->len;
      for (guint k = 0; k < sheet->places->len; k++)
        {
          HlPlace place = g_array_index (sheet->places, HlPlace, k);
          HlRect  area  = place.box;

          taken += hl_rect_get_pixels (area);
          g_assert_cmpint (place.x % 32, ==, 0);
          g_assert_cmpint (place.y % 32, ==, 0);
          for (int y = 0; y < area.bottom - area.top; y++)
            for (int x = 0; x < area.right - area.left; x++)
              {
                g_assert_cmpint (place.x + x, <, sheet->width);
                g_assert_cmpint (place.y + y, <, sheet->height);
                g_assert_cmpint (seen[(place.y + y) * sheet->width + place.x + x]++, ==, 0);
              }
        }
    }
  g_assert_cmpuint (places, ==, regions);
  g_assert_cmpint (taken, >, all * 0.2);
}

static void
test_pixels (void)
{
  g_autofree float *mask    = draw_damage ();
  g_autofree float *source  = g_new (float, WIDTH *HEIGHT);
  g_autoptr (HlImage) image = hl_image_new (3, WIDTH, HEIGHT, NULL);
  HlMaps whole              = { WIDTH, HEIGHT, mask, source };
  guint  regions;
  g_autoptr (GPtrArray) sheets = lay_out (mask, CONTEXT, &regions);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    source[i] = mask[i] <= 0;
  for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
    image->planes[i] = 1 + i % 8191;
  for (guint i = 0; i < sheets->len; i++)
    {
      const HlSheet *sheet    = g_ptr_array_index (sheets, i);
      g_auto (HlMaps) maps    = { 0 };
      g_autoptr (HlImage) cut = hl_sheet_cut (sheet, image, NULL);
      int pixels              = sheet->width * sheet->height;

      check_boxes (sheet, cut, image);
      g_assert_true (hl_sheet_cut_maps (sheet, &whole, &maps, NULL));
      for (int k = 0; k < pixels; k++)
        {
          g_assert_true (maps.source[k] == (maps.target[k] <= 0));
          for (int c = 0; c < 3; c++)
            cut->planes[c * pixels + k] = -cut->planes[c * pixels + k];
        }
      hl_sheet_put_back (sheet, cut, mask, image);
    }
  for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
    g_assert_cmpfloat (image->planes[i], ==,
                       (mask[i % (WIDTH * HEIGHT)] > 0 ? -1 : 1) * (1.0f + i % 8191));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sheets/places", test_places);
  g_test_add_func ("/sheets/pixels", test_pixels);
  return g_test_run ();
}

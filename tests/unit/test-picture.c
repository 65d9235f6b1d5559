/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture as the view draws it: what is seen of a preview, at which sizes. */
#include <babl/babl.h>

#include "gimp/picture.h"

#define WIDTH 37
#define HEIGHT 23

/* A picture that is of this gray before and, where @after is not negative, after. */
static HlPicture *
make_picture (float before, float after, const guint8 *hidden)
{
  g_autoptr (HlImage) image = hl_image_new (3, WIDTH, HEIGHT, NULL);
  HlPicture *picture        = hl_picture_new (image, hidden, NULL);

  for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
    image->planes[i] = before;
  hl_picture_set_before (picture, image);
  for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
    image->planes[i] = after;
  if (after >= 0)
    hl_picture_set_after (picture, image, 0, 0);
  return picture;
}

/* The blue of a pixel of what is drawn at this scale, 0..255. */
static int
draw (HlPicture *picture, double scale, int x, int y)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t         *cr      = cairo_create (surface);
  int              blue;

  hl_picture_draw (picture, HL_PICTURE_AFTER, cr, scale, 0, 0);
  cairo_surface_flush (surface);
  blue = cairo_image_surface_get_data (
      surface)[y * cairo_image_surface_get_stride (surface) + 4 * x];
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return blue;
}

/* It is seen at its size and at smaller ones, and the picture itself stays as it was. */
static void
test_preview (void)
{
  g_autoptr (HlPicture) picture = make_picture (0.2f, 0.4f, NULL);
  g_autoptr (HlImage) small     = hl_image_new (3, (WIDTH + 3) / 4, (HEIGHT + 3) / 4, NULL);
  guint serial                  = hl_picture_get_serial (picture);

  for (int y = 0; y < small->height; y++)
    for (int i = 0; i < 3 * small->width; i++)
      small->planes[3 * small->width * y + i] = 0.8f;
  g_assert_cmpint (draw (picture, 0.25, 3, 2), ==, 102);
  g_assert_cmpint (hl_picture_get_factor (picture), ==, 4);
  hl_picture_set_preview (picture, small, 4);
  g_assert_cmpuint (hl_picture_get_serial (picture), !=, serial);
  g_assert_cmpint (draw (picture, 0.25, 8, 5), ==, 204);
  g_assert_cmpint (draw (picture, 0.125, 3, 2), ==, 204);
  g_assert_cmpint (hl_picture_get_factor (picture), ==, 8);
  g_assert_cmpint (draw (picture, 0.5, 8, 5), ==, 102);
  g_assert_cmpint (draw (picture, 1, 36, 22), ==, 102);
  g_assert_cmpint (hl_picture_get_factor (picture), ==, 1);
}

/* While there is no after, the before stands for it, as a part of the picture would be empty. */
static void
test_early (void)
{
  g_autoptr (HlPicture) picture = make_picture (0.2f, -1, NULL);
  g_autoptr (HlImage) small     = hl_image_new (3, (WIDTH + 1) / 2, (HEIGHT + 1) / 2, NULL);

  hl_picture_set_preview (picture, small, 2);
  g_assert_cmpint (draw (picture, 0.5, 8, 5), ==, 51);
  g_assert_cmpint (draw (picture, 1, 8, 5), ==, 51);
}

/* What is transparent is of one gray in a preview too. */
static void
test_hidden (void)
{
  guint8 hidden[WIDTH * HEIGHT] = { 0 };
  g_autoptr (HlPicture) picture = NULL;
  g_autoptr (HlImage) small     = hl_image_new (3, (WIDTH + 3) / 4, (HEIGHT + 3) / 4, NULL);

  for (int y = 8; y < HEIGHT; y++)
    for (int x = 20; x < WIDTH; x++)
      hidden[y * WIDTH + x] = 1;
  picture = make_picture (0.2f, 0.4f, hidden);
  for (int i = 0; i < 3 * small->width * small->height; i++)
    small->planes[i] = 0.8f;
  hl_picture_set_preview (picture, small, 4);
  g_assert_cmpint (draw (picture, 0.25, 8, 4), ==, 0x80);
  g_assert_cmpint (draw (picture, 0.25, 3, 4), ==, 204);
  g_assert_cmpint (draw (picture, 0.25, 8, 0), ==, 204);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  babl_init ();
  g_test_add_func ("/picture/preview", test_preview);
  g_test_add_func ("/picture/early", test_early);
  g_test_add_func ("/picture/hidden", test_hidden);
  return g_test_run ();
}

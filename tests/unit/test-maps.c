/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Target and source, which are two maps, and the range of what is a source. */
#include "restore/maps.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/islands.h"
#include "restore/range.h"

#define SIDE 64
#define PIXELS (SIDE * SIDE)

typedef struct
{
  HlImage *image;
  float    target[PIXELS];
  guint8   source[PIXELS];
} Picture;

/* A ramp with a scratch across the transparent right quarter, and pixels that are no numbers. */
static void
picture_init (Picture *picture)
{
  picture->image = hl_image_new (3, SIDE, SIDE, NULL);
  for (int i = 0; i < PIXELS; i++)
    {
      picture->target[i] = i / SIDE == 20 && i % SIDE > 8;
      picture->source[i] = i % SIDE < 48;
      for (int c = 0; c < 3; c++)
        picture->image->planes[c * PIXELS + i] = 0.1 * c + 0.01 * (i % SIDE);
    }
  picture->image->planes[5]              = NAN;
  picture->image->planes[PIXELS + 6]     = -INFINITY;
  picture->image->planes[2 * PIXELS + 7] = 2e4;
}

static void
test_two_maps (void)
{
  Picture picture;
  g_auto (HlMaps) maps = { 0 }, crop = { 0 };

  picture_init (&picture);
  g_assert_true (hl_maps_init (&maps, picture.image, picture.target, picture.source, FALSE, NULL));
  for (int i = 0; i < PIXELS; i++)
    {
      gboolean number = i < 5 || i > 7;

      g_assert_cmpfloat (maps.target[i], ==, picture.target[i]);
      g_assert_cmpfloat (maps.source[i], ==, picture.source[i] && !picture.target[i] && number);
    }
  g_assert_true (hl_maps_init_crop (&crop, &maps, (HlRect) { 3, 18, 55, 30 }, NULL));
  for (int i = 0; i < 52 * 12; i++)
    {
      int at = (18 + i / 52) * SIDE + 3 + i % 52;

      g_assert_cmpfloat (crop.target[i], ==, maps.target[at]);
      g_assert_cmpfloat (crop.source[i], ==, maps.source[at]);
    }
  hl_image_free (picture.image);
}

static void
expect (Picture *picture, const guint8 *source, gboolean whole, HlError code, const char *words)
{
  g_auto (HlMaps) maps     = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (hl_maps_init (&maps, picture->image, picture->target, source, whole, &error));
  g_assert_error (error, HL_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

/* What is said is true: all selected, or all transparent, or the one where the other is not. */
static void
test_refusals (void)
{
  Picture picture;
  guint8  none[PIXELS] = { 0 };

  picture_init (&picture);
  expect (&picture, none, FALSE, HL_ERROR_NOTHING_KNOWN, "is transparent,");
  expect (&picture, none, TRUE, HL_ERROR_NOTHING_KNOWN, "is transparent,");
  for (int i = 0; i < PIXELS; i++)
    picture.target[i] = picture.source[i];
  expect (&picture, picture.source, FALSE, HL_ERROR_NOTHING_KNOWN, "not transparent is selected");
  for (int i = 0; i < PIXELS; i++)
    picture.target[i] = 1;
  expect (&picture, NULL, FALSE, HL_ERROR_NOTHING_KNOWN, "Everything is selected");
  memset (picture.target, 0, sizeof picture.target);
  expect (&picture, NULL, FALSE, HL_ERROR_NOTHING_SELECTED, "Nothing is selected");
  hl_image_free (picture.image);
}

/* A few hot pixels are no sources; a highlight that is a part of the picture is. */
static void
test_range (void)
{
  Picture picture;
  g_auto (HlMaps) maps = { 0 }, bright = { 0 };
  HlRange range;

  picture_init (&picture);
  picture.image->planes[40 * SIDE + 12]          = 200;
  picture.image->planes[PIXELS + 41 * SIDE + 12] = -30;
  g_assert_true (hl_maps_init (&maps, picture.image, picture.target, NULL, FALSE, NULL));
  range = hl_range_find (picture.image, &maps, NULL);
  g_assert_cmpfloat (range.low, ==, 0);
  g_assert_cmpfloat (range.high, ==, 1);
  g_assert_cmpfloat (maps.source[40 * SIDE + 12], ==, 0);
  g_assert_cmpfloat (maps.source[41 * SIDE + 12], ==, 0);
  g_assert_cmpfloat (maps.source[42 * SIDE + 12], ==, 1);
  for (int i = 0; i < 20 * 20; i++)
    picture.image->planes[(30 + i / 20) * SIDE + 10 + i % 20] = 3 + 0.01 * (i % 20);
  g_assert_true (hl_maps_init (&bright, picture.image, picture.target, NULL, FALSE, NULL));
  range = hl_range_find (picture.image, &bright, NULL);
  g_assert_cmpfloat_with_epsilon (range.high, 3.19, 1e-5);
  g_assert_cmpfloat (range.low, ==, 0);
  g_assert_cmpfloat (bright.source[35 * SIDE + 15], ==, 1);
  hl_image_free (picture.image);
}

/* A bright pixel that was left out in the midst of a bright blotch is a part of it; a dark one
 * there is not, nor are those of a picture of which nine tenths are missing. */
static void
test_islands (void)
{
  g_autoptr (HlImage) image = hl_image_new (3, SIDE, SIDE, NULL);
  g_autoptr (GRand) rng     = g_rand_new_with_seed (4);
  float  target[PIXELS], source[PIXELS], before[PIXELS];
  HlMaps maps = { SIDE, SIDE, target, source };

  for (int i = 0; i < PIXELS; i++)
    {
      gboolean blotch = hypot (i % SIDE - 30, i / SIDE - 30) < 10;

      target[i] = blotch;
      for (int c = 0; c < 3; c++)
        image->planes[c * PIXELS + i] = blotch ? 0.95 : 0.4 + 0.1 * c + 0.002 * (i % SIDE);
    }
  for (int x = 26; x < 36; x += 4)
    for (int y = 28; y < 34; y += 5)
      target[y * SIDE + x] = target[y * SIDE + x + (x == 30)] = 0;
  for (int c = 0; c < 3; c++)
    image->planes[c * PIXELS + 33 * SIDE + 34] = 0.4;
  for (int i = 0; i < PIXELS; i++)
    source[i] = 1 - target[i];
  g_assert_true (hl_islands_find (image, &maps, NULL));
  for (int i = 0; i < PIXELS; i++)
    {
      gboolean blotch = hypot (i % SIDE - 30, i / SIDE - 30) < 10 && i != 33 * SIDE + 34;

      g_assert_cmpfloat (target[i], ==, blotch);
      g_assert_cmpfloat (source[i], ==, !blotch);
    }
  for (int i = 0; i < PIXELS; i++)
    {
      before[i] = source[i] = g_rand_double (rng) < 0.1;
      target[i]             = 1 - source[i];
    }
  g_assert_true (hl_islands_find (image, &maps, NULL));
  g_assert_cmpmem (source, sizeof source, before, sizeof before);
}

/* In the midst of a wide loss a part that was left out is a part of it, also far from anything
 * sound, unless it looks like that. */
static void
test_island_in_loss (void)
{
  enum
  {
    WIDE = 128
  };
  g_autoptr (HlImage) image = hl_image_new (1, WIDE, WIDE, NULL);
  g_autofree float *target  = g_new (float, WIDE *WIDE);
  g_autofree float *source  = g_new (float, WIDE *WIDE);
  HlMaps            maps    = { WIDE, WIDE, target, source };

  for (int i = 0; i < WIDE * WIDE; i++)
    {
      int      x = i % WIDE, y = i / WIDE;
      gboolean loss  = hypot (x - 60, y - 60) < 50;
      gboolean paper = hypot (x - 50, y - 60) < 4, sound = hypot (x - 72, y - 60) < 4;

      target[i]        = loss && !paper && !sound;
      source[i]        = 1 - target[i];
      image->planes[i] = loss && !sound ? 0.9 : 0.3;
    }
  g_assert_true (hl_islands_find (image, &maps, NULL));
  for (int i = 0; i < WIDE * WIDE; i++)
    {
      int      x = i % WIDE, y = i / WIDE;
      gboolean loss = hypot (x - 60, y - 60) < 50, sound = hypot (x - 72, y - 60) < 4;

      g_assert_cmpfloat (target[i], ==, loss && !sound);
      g_assert_cmpfloat (source[i], ==, !(loss && !sound));
    }
}

/* What is enclosed by wider damage is closed at the level at which it is; between thin cracks, and
 * where it is large, it stays open. */
static void
test_close (void)
{
  guint8 map[PIXELS], widths[PIXELS] = { 0 };

  memset (map, 30, sizeof map);
  for (int y = 4; y < 40; y++)
    for (int x = 4; x < 40; x++)
      {
        map[y * SIDE + x]    = 150;
        widths[y * SIDE + x] = x < 24 ? 36 : 5;
      }
  for (int y = 0; y < 5; y++)
    for (int x = 0; x < 5; x++)
      {
        map[(10 + y) * SIDE + 10 + x] = 90;
        map[(10 + y) * SIDE + 30 + x] = 90;
      }
  for (int y = 0; y < 9; y++)
    for (int x = 0; x < 9; x++)
      map[(25 + y) * SIDE + 10 + x] = 90;
  g_assert_true (hl_islands_close (map, widths, SIDE, SIDE, 120, NULL));
  g_assert_cmpuint (map[12 * SIDE + 12], ==, 120);
  g_assert_cmpuint (widths[12 * SIDE + 12], ==, 36);
  g_assert_cmpuint (map[12 * SIDE + 32], ==, 90);
  g_assert_cmpuint (map[28 * SIDE + 14], ==, 90);
  g_assert_cmpuint (map[0], ==, 30);
  g_assert_cmpuint (map[8 * SIDE + 8], ==, 150);
}

/* Squeezed and stretched again it is the same. */
static void
test_squeeze (void)
{
  g_autoptr (HlImage) image = hl_image_new (1, 3, 1, NULL);
  const HlRange range       = { -1, 3 };

  image->planes[0] = -1;
  image->planes[1] = 1;
  image->planes[2] = 3;
  hl_range_squeeze (range, image);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (image->planes[i], i / 2.0, 1e-6);
  hl_range_stretch (range, image);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (image->planes[i], 2 * i - 1, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maps/two", test_two_maps);
  g_test_add_func ("/maps/refusals", test_refusals);
  g_test_add_func ("/maps/range", test_range);
  g_test_add_func ("/maps/islands", test_islands);
  g_test_add_func ("/maps/island-in-loss", test_island_in_loss);
  g_test_add_func ("/maps/close", test_close);
  g_test_add_func ("/maps/squeeze", test_squeeze);
  return g_test_run ();
}

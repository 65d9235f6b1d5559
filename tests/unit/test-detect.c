/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hl_detect() on a drawn picture with drawn damage, and what it is made of: the top-hat
 * against one taken straight from its definition, and the features of a known mark. */

#include <math.h>
#include <string.h>

#include "restore/find/finder.h"
#include "restore/error.h"
#include "restore/find/marks.h"

#define WIDTH 253
#define HEIGHT 191

/* Slopes, a disc, a ragged edge and a little grain; nothing thin. */
static HlImage *
draw_picture (int channels)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  HlImage *image           = hl_image_new (channels, WIDTH, HEIGHT, &error);
  float   *to;

  g_assert_no_error (error);
  to = image->planes;
  for (int c = 0; c < channels; c++)
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        {
          double value = 0.45 + 0.1 * sin (x * 0.021 + c) + 0.08 * cos (y * 0.027);

          if (hypot (x - 170, y - 110) < 45)
            value += 0.15;
          if (y > 150 + 6 * sin (x * 0.1))
            value -= 0.2;
          *to++ = (float) (value + g_rand_double_range (random, -0.02, 0.02));
        }
  return image;
}

static void
paint (HlImage *image, guint8 *truth, int x, int y, float value)
{
  gsize at = (gsize) y * image->width + x;

  for (int c = 0; c < image->channels; c++)
    image->planes[(gsize) c * image->width * image->height + at] = value;
  truth[at] = 1;
}

/* Two bent scratches, one bright and one dark, and specks of both kinds. */
static void
draw_damage (HlImage *image, guint8 *truth)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  memset (truth, 0, (gsize) WIDTH * HEIGHT);
  for (int x = 11; x < 237; x++)
    for (int thick = 0; thick < 3; thick++)
      {
        paint (image, truth, x, (int) (40 + 25 * sin (x * 0.03)) + thick, 0.92f);
        paint (image, truth, x, (int) (100 + 0.2 * x) + thick, 0.05f);
      }
  for (int speck = 0; speck < 40; speck++)
    {
      int x0      = g_rand_int_range (random, 3, WIDTH - 3),
          y0      = g_rand_int_range (random, 3, HEIGHT - 3);
      float value = speck % 4 ? 0.85f + 0.003f * speck : 0.04f;

      for (int y = y0 - 1; y <= y0 + 1; y++)
        for (int x = x0 - 1; x <= x0 + 1; x++)
          paint (image, truth, x, y, value);
    }
}

static float *
detect (const HlImage *image, double sensitivity, int size)
{
  g_autoptr (GError) error = NULL;
  HlProgress control       = { NULL };
  float     *mask          = hl_detect (image, NULL, sensitivity, size, &control, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    g_assert_true (mask[i] == 0.0f || mask[i] == 1.0f);
  return mask;
}

static gsize
count (const float *mask, gsize n)
{
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    found += mask[i] > 0.0f;
  return found;
}

/* The harmonic mean of precision and recall, 0..1. */
static double
score (const float *mask, const guint8 *truth, gsize n)
{
  gsize both = 0, sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      both += mask[i] > 0.0f && truth[i];
      sum += (mask[i] > 0.0f) + truth[i];
    }
  return 2.0 * both / MAX (sum, 1);
}

static void
test_finds_damage (void)
{
  for (int channels = 1; channels <= 3; channels += 2)
    {
      g_autoptr (HlImage) image = draw_picture (channels);
      g_autofree guint8 *truth  = g_new (guint8, WIDTH * HEIGHT);
      g_autofree float  *sound  = detect (image, HL_DETECT_SENSITIVITY, HL_DETECT_SIZE);
      g_autofree float  *mask   = NULL;

      g_assert_cmpuint (count (sound, WIDTH * HEIGHT), <=, WIDTH * HEIGHT / 1000);
      draw_damage (image, truth);
      mask = detect (image, HL_DETECT_SENSITIVITY, HL_DETECT_SIZE);
      g_test_message ("%d channels: F1 %.3f", channels, score (mask, truth, WIDTH * HEIGHT));
      g_assert_cmpfloat (score (mask, truth, WIDTH * HEIGHT), >, 0.9);
    }
}

/* Bright and dark are treated alike. */
static void
test_negative (void)
{
  g_autoptr (HlImage) image = draw_picture (3);
  g_autofree guint8 *truth  = g_new (guint8, WIDTH * HEIGHT);
  g_autofree float  *before = NULL, *after = NULL;
  gsize              differ = 0;

  draw_damage (image, truth);
  before = detect (image, HL_DETECT_SENSITIVITY, HL_DETECT_SIZE);
  for (gsize i = 0; i < 3 * WIDTH * HEIGHT; i++)
    image->planes[i] = 1.0f - image->planes[i];
  after = detect (image, HL_DETECT_SENSITIVITY, HL_DETECT_SIZE);
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    differ += before[i] != after[i];
  g_assert_cmpuint (differ, <=, count (before, WIDTH * HEIGHT) / 50);
}

static void
test_sensitivity (void)
{
  g_autoptr (HlImage) image = draw_picture (1);
  g_autofree guint8 *truth  = g_new (guint8, WIDTH * HEIGHT);
  gsize              found[3];

  draw_damage (image, truth);
  /* Faint damage is what the setting decides about. */
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    if (truth[i])
      image->planes[i] = 0.6f * image->planes[i] + 0.22f;
  for (int i = 0; i < 3; i++)
    {
      g_autofree float *mask = detect (image, 50.0 * i, HL_DETECT_SIZE);

      found[i] = count (mask, WIDTH * HEIGHT);
      g_test_message ("sensitivity %d: %" G_GSIZE_FORMAT " pixels", 50 * i, found[i]);
    }
  g_assert_cmpuint (found[0], <, found[1]);
  g_assert_cmpuint (found[1], <, found[2]);
}

/* A bar wider than the size is a part of the picture. */
static void
test_size (void)
{
  g_autoptr (HlImage) image = draw_picture (1);
  g_autofree guint8 *truth  = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree float  *narrow = NULL, *wide = NULL;

  for (int x = 20; x < 220; x++)
    for (int thick = 0; thick < 13; thick++)
      paint (image, truth, x, 50 + x / 5 + thick, 0.95f);
  narrow = detect (image, HL_DETECT_SENSITIVITY, 6);
  wide   = detect (image, HL_DETECT_SENSITIVITY, 16);
  g_assert_cmpfloat (score (narrow, truth, WIDTH * HEIGHT), <, 0.1);
  g_assert_cmpfloat (score (wide, truth, WIDTH * HEIGHT), >, 0.9);
}

/* What is transparent or not a number is never damage, and does no harm. */
static void
test_evidence (void)
{
  g_autoptr (GError) error   = NULL;
  g_autoptr (HlImage) image  = draw_picture (3);
  g_autofree guint8 *truth   = g_new (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *shown   = g_new (guint8, WIDTH * HEIGHT);
  g_autofree float  *mask    = NULL;
  HlProgress         control = { NULL };

  draw_damage (image, truth);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        gsize at = (gsize) y * WIDTH + x;

        shown[at] = x < 120;
        if (!shown[at])
          {
            image->planes[at] = NAN;
            truth[at]         = 0;
          }
      }
  mask = hl_detect (image, shown, HL_DETECT_SENSITIVITY, HL_DETECT_SIZE, &control, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    g_assert_true (shown[i] || mask[i] == 0.0f);
  g_assert_cmpfloat (score (mask, truth, WIDTH * HEIGHT), >, 0.85);
}

static void
test_small (void)
{
  const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 2, 2 }, { 3, 50 }, { 50, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (HlImage) image = hl_image_new (3, sizes[i][0], sizes[i][1], NULL);
      g_autofree float *mask    = NULL;

      for (int k = 0; k < 3 * sizes[i][0] * sizes[i][1]; k++)
        image->planes[k] = (float) (k * 37 % 100) / 100.0f;
      mask = detect (image, 100.0, 40);
      g_assert_nonnull (mask);
    }
}

static void
test_settings (void)
{
  const double sensitivities[] = { -1.0, 101.0, NAN, 50.0, 50.0 };
  const int    sizes[]         = { 8, 8, 8, 0, HL_DETECT_LARGEST_SIZE + 1 };
  HlProgress   control         = { NULL };
  g_autoptr (HlImage) image    = draw_picture (1);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (hl_detect (image, NULL, sensitivities[i], sizes[i], &control, &error));
      g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
    }
}

/* Whether (@x, @y) lies in the sum of @radius squares and crosses by turns, which is the
 * octagon |x|, |y| <= radius, |x| + |y| <= radius + number of squares. */
static gboolean
is_in_octagon (int x, int y, int radius)
{
  return ABS (x) <= radius && ABS (y) <= radius && ABS (x) + ABS (y) <= radius + (radius + 1) / 2;
}

/* The least (@sign 1) or greatest (@sign -1) value under the octagon at each pixel. */
static void
erode_naive (const float *from, float *to, int width, int height, int radius, float sign)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        float least = G_MAXFLOAT;

        for (int j = 0; j < height; j++)
          for (int i = 0; i < width; i++)
            if (is_in_octagon (i - x, j - y, radius))
              least = MIN (least, sign * from[j * width + i]);
        to[y * width + x] = sign * least;
      }
}

static void
compare_tops (const HlMark *mark, gpointer user_data)
{
  const float **expected = user_data;

  if (!mark->dark)
    for (int i = 0; i < 31 * 23; i++)
      g_assert_cmpfloat_with_epsilon (mark->tops[i], (*expected)[i], 1e-6f);
  expected[1] = mark->tops;
}

static void
test_top_hat (void)
{
  for (int size = 1; size <= 8; size++)
    {
      g_autoptr (GError) error      = NULL;
      g_autoptr (GRand) random      = g_rand_new_with_seed (size);
      g_autoptr (HlImage) image     = hl_image_new (1, 31, 23, &error);
      g_autoptr (HlMarkField) field = NULL;
      HlProgress   control          = { NULL };
      float        lower[31 * 23], opened[31 * 23], tops[31 * 23];
      const float *check[2] = { tops, NULL };

      for (int i = 0; i < 31 * 23; i++)
        image->planes[i] = (float) g_rand_double (random);
      erode_naive (image->planes, lower, 31, 23, (size + 1) / 2, 1.0f);
      erode_naive (lower, opened, 31, 23, (size + 1) / 2, -1.0f);
      for (int i = 0; i < 31 * 23; i++)
        tops[i] = image->planes[i] - opened[i];
      field = hl_mark_field_new (image, size, &control, &error);
      g_assert_no_error (error);
      g_assert_true (hl_mark_field_visit (field, compare_tops, check, &control, &error));
      g_assert_nonnull (check[1]);
    }
}

static void
check_bar (const HlMark *mark, gpointer user_data)
{
  const double *features = mark->features;

  g_assert_false (mark->dark);
  g_assert_cmpuint (mark->n, ==, 22);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_TOP], log (0.5), 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_AREA], log (22.0), 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_WIDTH], log (2.0 * 22.0 / 26.0), 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_RIM], 1.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_FAR_RIM], 1.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_SPREAD_ABOVE], 0.0, 1e-3);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_VALUE], 0.75, 1e-5);
  g_assert_cmpfloat_with_epsilon (features[HL_MARK_BOX], 0.0, 1e-5);
  ++*(int *) user_data;
}

/* A bar of 11 x 2 pixels on gray: found in each of the cuts that leave it. */
static void
test_features (void)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlImage) image     = hl_image_new (3, 61, 47, &error);
  g_autoptr (HlMarkField) field = NULL;
  g_autofree guint8 *truth      = g_new0 (guint8, 61 * 47);
  HlProgress         control    = { NULL };
  int                found      = 0;

  for (int i = 0; i < 3 * 61 * 47; i++)
    image->planes[i] = 0.25f;
  for (int y = 20; y < 22; y++)
    for (int x = 13; x < 24; x++)
      paint (image, truth, x, y, 0.75f);
  field = hl_mark_field_new (image, 8, &control, &error);
  g_assert_no_error (error);
  g_assert_true (hl_mark_field_visit (field, check_bar, &found, &control, &error));
  g_assert_cmpint (found, ==, 8);
}

typedef struct
{
  double        fraction;
  int           count;
  int           last; /* the note at which it is cancelled, or 0 */
  GCancellable *cancel;
} Notes;

static void
note_progress (double fraction, guint iteration, gpointer user_data)
{
  Notes *notes = user_data;

  g_assert_cmpfloat (fraction, >, notes->fraction);
  g_assert_cmpfloat (fraction, <=, 1.0 + 1e-9);
  notes->fraction = fraction;
  if (++notes->count == notes->last)
    g_cancellable_cancel (notes->cancel);
}

/* The work tells how far it is, from its beginning to its end, and ends where it is cancelled,
 * whichever part that is. */
static void
test_cancel (void)
{
  g_autoptr (HlImage) image = draw_picture (1);
  Notes             notes   = { 0 };
  HlProgress        control = { .report = note_progress, .user_data = &notes };
  g_autofree float *mask    = hl_detect (image, NULL, 50.0, 8, &control, NULL);
  int               all     = notes.count;

  g_assert_nonnull (mask);
  g_assert_cmpfloat_with_epsilon (notes.fraction, 1.0, 1e-6);
  g_assert_cmpint (all, >, 20);
  for (int last = 1; last < all; last += 2)
    {
      g_autoptr (GError) error        = NULL;
      g_autoptr (GCancellable) cancel = g_cancellable_new ();

      notes          = (Notes) { .last = last, .cancel = cancel };
      control.cancel = cancel;
      g_assert_null (hl_detect (image, NULL, 50.0, 8, &control, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* The top-hat of the dark marks is not told of its own cancelling, but takes no time. */
      g_assert_cmpint (notes.count, <=, last + 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detect/finds-damage", test_finds_damage);
  g_test_add_func ("/detect/negative", test_negative);
  g_test_add_func ("/detect/sensitivity", test_sensitivity);
  g_test_add_func ("/detect/size", test_size);
  g_test_add_func ("/detect/evidence", test_evidence);
  g_test_add_func ("/detect/small", test_small);
  g_test_add_func ("/detect/settings", test_settings);
  g_test_add_func ("/detect/cancel", test_cancel);
  g_test_add_func ("/detect/top-hat", test_top_hat);
  g_test_add_func ("/detect/features", test_features);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks: widened by disks; what of a soft one is damage; how wide it is; and a rim that is damaged
 * too is found, a sound one is not. */
#include "restore/mask.h"

#include <math.h>

#include "restore/rim.h"

#define WIDTH 140
#define HEIGHT 100
#define PIXELS (WIDTH * HEIGHT)

/* Each pixel gets the greatest value within the radius, also where the mask is soft and where it
 * touches the border. */
static void
test_grow (gconstpointer data)
{
  const int         radius = GPOINTER_TO_INT (data);
  g_autofree float *mask = g_new0 (float, PIXELS), *naive = g_new0 (float, PIXELS);
  g_autofree float *wide = NULL;

  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % WIDTH, y = i / WIDTH;

      mask[i] = (x < 4 && y < 3) || (abs (x - 60) < 9 && abs (y - 50) < 2) ? 1 : 0;
      if (x == 120 && y == 80)
        mask[i] = 0.4;
      mask[i] = fmaxf (mask[i], 1 - hypot (x - 90, y - 20) / 9);
    }
  wide = g_memdup2 (mask, PIXELS * sizeof (float));
  g_assert_true (hl_mask_grow (wide, WIDTH, HEIGHT, 0, NULL, NULL));
  g_assert_cmpmem (wide, PIXELS * sizeof (float), mask, PIXELS * sizeof (float));
  g_assert_true (hl_mask_grow (wide, WIDTH, HEIGHT, radius, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    for (int j = 0; j < PIXELS && mask[i] > 0; j++)
      if (hypot (i % WIDTH - j % WIDTH, i / WIDTH - j / WIDTH) <= radius)
        naive[j] = fmaxf (naive[j], mask[i]);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (wide[i], ==, naive[i]);
}

/* A feathered selection is widened as far as a hard one: its hole grows as if it were drawn so. */
static void
test_grow_feathered (void)
{
  g_autofree float  *mask = g_new0 (float, PIXELS);
  g_autofree guint8 *hole = g_new (guint8, PIXELS), *wide = g_new (guint8, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    mask[i] = CLAMP (0.5 - (hypot (i % WIDTH - 70, i / WIDTH - 50) - 12) / 12, 0, 1);
  g_assert_true (hl_mask_find_hole (mask, WIDTH, HEIGHT, hole));
  g_assert_true (hl_mask_grow (mask, WIDTH, HEIGHT, 6, NULL, NULL));
  g_assert_true (hl_mask_find_hole (mask, WIDTH, HEIGHT, wide));
  for (int i = 0; i < PIXELS; i++)
    {
      gboolean near = FALSE;

      for (int j = 0; j < PIXELS && !near; j++)
        near = hole[j] && hypot (i % WIDTH - j % WIDTH, i / WIDTH - j / WIDTH) <= 6;
      g_assert_cmpint (wide[i], ==, near);
    }
}

/* A faint component is damage as a strong one is, and the weak margin of either is sound. */
static void
test_hole (void)
{
  static const struct
  {
    int   x, y;
    float most;
  } patches[]             = { { 30, 30, 1 }, { 100, 30, 0.5 }, { 30, 75, 0.04 }, { 138, 98, 4 } };
  g_autofree float  *mask = g_new0 (float, PIXELS);
  g_autofree guint8 *hole = g_new (guint8, PIXELS);
  int                weak = 0, damaged[4] = { 0 };

  mask[50 * WIDTH + 70] = NAN;
  for (guint k = 0; k < G_N_ELEMENTS (patches); k++)
    for (int i = 0; i < PIXELS; i++)
      {
        double far = hypot (i % WIDTH - patches[k].x, i / WIDTH - patches[k].y);

        if (far < 20)
          mask[i] = patches[k].most * (1 - far / 20);
      }
  g_assert_true (hl_mask_find_hole (mask, WIDTH, HEIGHT, hole));
  for (int i = 0; i < PIXELS; i++)
    {
      guint nearest = 0;

      g_assert_cmpint (hole[i], <=, 1);
      g_assert_true (mask[i] > 0 || !hole[i]);
      for (guint k = 1; k < 4; k++)
        if (hypot (i % WIDTH - patches[k].x, i / WIDTH - patches[k].y)
            < hypot (i % WIDTH - patches[nearest].x, i / WIDTH - patches[nearest].y))
          nearest = k;
      if (mask[i] > 0)
        g_assert_cmpint (hole[i], ==, mask[i] >= 0.25f * fminf (patches[nearest].most, 1));
      damaged[nearest] += hole[i];
      weak += mask[i] > 0 && !hole[i];
    }
  for (int k = 0; k < 4; k++)
    g_assert_cmpint (damaged[k], >, 50);
  g_assert_cmpint (weak, >, 500);
}

/* A busy picture with a scratch of @white whose edges fade out over @soft pixels; 0 for a
 * mask over a picture that is sound.  The mask is @grow pixels wider than the scratch; feathered,
 * it fades out over 4 more. */
static int
find_rim (int channels, double white, double soft, int grow, gboolean feathered, float *source)
{
  g_autoptr (HlImage) image = hl_image_new (channels, WIDTH, HEIGHT, NULL);
  g_autofree float  *mask = g_new0 (float, PIXELS), *target = g_new (float, PIXELS);
  g_autofree guint8 *hole = g_new (guint8, PIXELS);
  HlMaps             maps = { WIDTH, HEIGHT, target, source };

  for (int c = 0; c < channels; c++)
    for (int i = 0; i < PIXELS; i++)
      {
        int    x = i % WIDTH, y = i / WIDTH;
        double far   = fabs (x - 40 - 0.5 * y) - 3;
        double share = far <= 0 ? 1 : soft > 0 ? fmax (0, 1 - far / soft) : 0;
        double sound = 0.4 + 0.2 * sin (0.4 * x + c) * cos (0.3 * y) + (x > 80 ? 0.2 : 0);

        mask[i]                       = feathered ? CLAMP (0.5 - far / 4, 0, 1) : far <= 0;
        image->planes[c * PIXELS + i] = sound + (white > 0 ? share * (white - sound) : 0);
      }
  g_assert_true (hl_mask_grow (mask, WIDTH, HEIGHT, grow, NULL, NULL));
  g_assert_true (hl_mask_find_hole (mask, WIDTH, HEIGHT, hole));
  for (int i = 0; i < PIXELS; i++)
    {
      target[i] = hole[i];
      source[i] = !hole[i];
    }
  return hl_rim_find (image, &maps, FALSE, NULL);
}

static void
test_rim (gconstpointer data)
{
  int               channels = GPOINTER_TO_INT (data), damaged;
  g_autofree float *source = g_new (float, PIXELS), *before = g_new (float, PIXELS);

  g_assert_cmpint (find_rim (channels, 0.97, 0, 0, FALSE, before), ==, 0);
  g_assert_cmpint (find_rim (channels, 0, 0, 0, FALSE, source), ==, 0);
  g_assert_cmpmem (source, PIXELS * sizeof *source, before, PIXELS * sizeof *before);
  damaged = find_rim (channels, 0.97, 2.5, 0, FALSE, source);
  g_assert_cmpint (damaged, >=, 1);
  g_assert_cmpint (damaged, <=, 3);
  for (int i = 0; i < PIXELS; i++)
    {
      double far = fabs (i % WIDTH - 40 - 0.5 * (i / WIDTH)) - 3;

      if (far > 0 && far <= 1)
        g_assert_cmpfloat (source[i], ==, 0);
      else if (far > 4)
        g_assert_cmpfloat (source[i], ==, before[i]);
    }
}

/* A wall with scratches of 4 pixels that differ from it by @contrast and fade out over @soft more
 * pixels, masked without those; @share is set to how much of each one's first ring was added. */
static void
find_rims (int n, const double *soft, const double *contrast, gboolean found, double *share)
{
  g_autoptr (HlImage) image = hl_image_new (1, WIDTH, HEIGHT, NULL);
  g_autoptr (GRand) rng     = g_rand_new_with_seed (3);
  g_autofree float *target = g_new (float, PIXELS), *source = g_new (float, PIXELS);
  HlMaps            maps = { WIDTH, HEIGHT, target, source };

  for (int i = 0; i < PIXELS; i++)
    {
      int    k     = i % WIDTH * n / WIDTH;
      double far   = fabs (i % WIDTH - (k + 0.5) * WIDTH / n) - 2;
      double cover = far <= 0 ? 1 : soft[k] > 0 ? fmax (0, 1 - far / soft[k]) : 0;

      target[i]        = far <= 0;
      source[i]        = !target[i];
      image->planes[i] = 0.4 + 0.05 * sin (i / WIDTH / 9.0) + g_rand_double_range (rng, -0.01, 0.01)
                         + cover * contrast[k];
    }
  hl_rim_find (image, &maps, found, NULL);
  for (int k = 0; k < n; k++)
    {
      int edge = 0, added = 0;

      for (int i = 0; i < PIXELS; i++)
        {
          double far = fabs (i % WIDTH - (k + 0.5) * WIDTH / n) - 2;

          edge += far > 0 && far <= 1;
          added += far > 0 && far <= 1 && target[i] > 0;
        }
      share[k] = added / (double) edge;
    }
}

/* A soft scratch has a rim, and a hard one beside it has none. */
static void
test_rim_pieces (gconstpointer data)
{
  gboolean found = GPOINTER_TO_INT (data);
  double   share[2];

  find_rims (2, (double[]) { 2.5, 0 }, (double[]) { 0.4, 0.4 }, found, share);
  g_assert_cmpfloat (share[0], >, 0.9);
  g_assert_cmpfloat (share[1], <, 0.1);
  find_rims (2, (double[]) { 0, 2.5 }, (double[]) { 0.4, -0.3 }, found, share);
  g_assert_cmpfloat (share[0], <, 0.1);
  g_assert_cmpfloat (share[1], >, 0.9);
}

/* A piece that has too little contrast to tell has what is usual. */
static void
test_rim_usual (gconstpointer data)
{
  gboolean     found   = GPOINTER_TO_INT (data);
  const double soft[5] = { 2.5, 2.5, 2.5, 2.5, 2.5 }, contrast[5] = { 0.4, 0.4, 0.02, 0.4, 0.4 };
  const double hard[5] = { 0, 0, 0, 0, 0 };
  double       share[5];

  find_rims (5, soft, contrast, found, share);
  for (int k = 0; k < 5; k++)
    g_assert_cmpfloat (share[k], >, 0.9);
  find_rims (5, hard, contrast, found, share);
  for (int k = 0; k < 5; k++)
    g_assert_cmpfloat (share[k], ==, 0);
}

/* The rim of damage of one colour over a busy picture is sound, whatever that colour is. */
static void
test_rim_busy (void)
{
  for (int white = 0; white <= 4; white++)
    for (guint seed = 1; seed <= 5; seed++)
      {
        g_autoptr (HlImage) image = hl_image_new (1, WIDTH, HEIGHT, NULL);
        g_autoptr (GRand) rng     = g_rand_new_with_seed (seed);
        g_autofree float *target = g_new (float, PIXELS), *source = g_new (float, PIXELS);
        HlMaps            maps = { WIDTH, HEIGHT, target, source };

        /* Leaves of 4 x 6 pixels. */
        for (int i = 0; i < PIXELS; i++)
          {
            int leaf = i % WIDTH / 4 + i / WIDTH / 6 * WIDTH;

            g_rand_set_seed (rng, seed * 100003 + leaf);
            image->planes[i] = 0.05 + 0.7 * pow (g_rand_double (rng), 2);
            target[i]        = abs (i % WIDTH - 70 + (int) (8 * sin (i / WIDTH / 30.0))) < 5;
            source[i]        = 1 - target[i];
            if (target[i] > 0)
              image->planes[i] = white / 4.0f;
          }
        g_assert_cmpint (hl_rim_find (image, &maps, FALSE, NULL), ==, 0);
      }
}

/* Whoever widens the selection by as much as was found is not told again. */
static void
test_rim_widened (gconstpointer data)
{
  gboolean          feathered = GPOINTER_TO_INT (data);
  g_autofree float *source    = g_new (float, PIXELS);

  for (double soft = 1; soft < 4.5; soft += 0.5)
    {
      int damaged = find_rim (3, 0.97, soft, 0, feathered, source);

      g_test_message ("soft over %g: %d", soft, damaged);
      g_assert_cmpint (find_rim (3, 0.97, soft, damaged, feathered, source), ==, 0);
    }
}

/* Straight holes of every width, across and down, and none. */
static void
test_width (void)
{
  g_autofree float *target = g_new0 (float, PIXELS);

  g_assert_cmpfloat (hl_mask_get_width (target, WIDTH, HEIGHT), ==, 0);
  for (int wide = 2; wide <= 40; wide += 2)
    for (int down = 0; down < 2; down++)
      {
        for (int i = 0; i < PIXELS; i++)
          {
            int at = down ? i / WIDTH : i % WIDTH;

            target[i] = at >= 30 && at < 30 + wide ? 0.5 : 0;
          }
        g_assert_cmpfloat (fabs (hl_mask_get_width (target, WIDTH, HEIGHT) - wide), <, 0.01);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mask/grow/1", GINT_TO_POINTER (1), test_grow);
  g_test_add_data_func ("/mask/grow/5", GINT_TO_POINTER (5), test_grow);
  g_test_add_data_func ("/mask/grow/50", GINT_TO_POINTER (50), test_grow);
  g_test_add_func ("/mask/grow/feathered", test_grow_feathered);
  g_test_add_func ("/mask/hole", test_hole);
  g_test_add_func ("/mask/width", test_width);
  g_test_add_func ("/mask/rim/busy", test_rim_busy);
  g_test_add_data_func ("/mask/rim/pieces/selected", GINT_TO_POINTER (FALSE), test_rim_pieces);
  g_test_add_data_func ("/mask/rim/pieces/found", GINT_TO_POINTER (TRUE), test_rim_pieces);
  g_test_add_data_func ("/mask/rim/usual/selected", GINT_TO_POINTER (FALSE), test_rim_usual);
  g_test_add_data_func ("/mask/rim/usual/found", GINT_TO_POINTER (TRUE), test_rim_usual);
  g_test_add_data_func ("/mask/rim/widened/hard", GINT_TO_POINTER (FALSE), test_rim_widened);
  g_test_add_data_func ("/mask/rim/widened/feathered", GINT_TO_POINTER (TRUE), test_rim_widened);
  g_test_add_data_func ("/mask/rim/gray", GINT_TO_POINTER (1), test_rim);
  g_test_add_data_func ("/mask/rim/colour", GINT_TO_POINTER (3), test_rim);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target where the person leaves it to the finder: what it holds, and what is said where
 * nothing is found. */

#include <math.h>

#include "restore/damage.h"
#include "restore/error.h"

#define WIDTH 200
#define HEIGHT 160
#define PIXELS (WIDTH * HEIGHT)

/* A wall in uneven light with grain, and two scratches where @scratched. */
static HlImage *
draw (gboolean scratched)
{
  HlImage *image = hl_image_new (1, WIDTH, HEIGHT, NULL);
  GRand   *rng   = g_rand_new_with_seed (5);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        gboolean on = scratched && (abs (x - 40 - y / 8) <= 1 || abs (x - 150 + y / 6) <= 1);

        image->planes[y * WIDTH + x] = on ? 0.95
                                          : 0.4 + 0.1 * sin (x / 37.0) + 0.08 * cos (y / 29.0)
                                                + g_rand_double_range (rng, -0.01, 0.01);
      }
  g_rand_free (rng);
  return image;
}

static HlRestoreSettings
make_settings (HlFind find)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.find = find;
  return settings;
}

static void
test_sought (void)
{
  HlRestoreSettings off = make_settings (HL_FIND_OFF), automatic = make_settings (HL_FIND_AUTO),
                    only = make_settings (HL_FIND_ONLY);

  g_assert_false (hl_damage_is_sought (&off, FALSE));
  g_assert_false (hl_damage_is_sought (&off, TRUE));
  g_assert_true (hl_damage_is_sought (&automatic, FALSE));
  g_assert_false (hl_damage_is_sought (&automatic, TRUE));
  g_assert_true (hl_damage_is_sought (&only, FALSE));
  g_assert_true (hl_damage_is_sought (&only, TRUE));
}

/* Both scratches nearly whole, and nothing far from them. */
static void
test_finds (void)
{
  g_autoptr (HlImage) image  = draw (TRUE);
  HlRestoreSettings settings = make_settings (HL_FIND_AUTO);
  HlProgress        none     = { 0 };
  g_autoptr (GError) error   = NULL;
  g_autofree float *target   = hl_damage_find (image, NULL, NULL, &settings, &none, &error);
  int               hits = 0, wrong = 0;

  g_assert_no_error (error);
  for (int y = 0; y < HEIGHT; y++)
    {
      hits += target[y * WIDTH + 40 + y / 8] == 1;
      hits += target[y * WIDTH + 150 - y / 6] == 1;
      for (int x = 0; x < WIDTH; x++)
        wrong
            += target[y * WIDTH + x] != 0 && MIN (abs (x - 40 - y / 8), abs (x - 150 + y / 6)) > 5;
    }
  g_assert_cmpint (hits, >, 0.9 * 2 * HEIGHT);
  g_assert_cmpint (wrong, <, 0.005 * PIXELS);
}

/* Only the scratch that is circled. */
static void
test_within (void)
{
  g_autoptr (HlImage) image  = draw (TRUE);
  HlRestoreSettings settings = make_settings (HL_FIND_ONLY);
  HlProgress        none     = { 0 };
  g_autoptr (GError) error   = NULL;
  g_autofree float *circled  = g_new0 (float, PIXELS);
  g_autofree float *target   = NULL;
  int               hits     = 0;

  for (int i = 0; i < PIXELS; i++)
    circled[i] = i % WIDTH < WIDTH / 2 ? 0.5 : 0;
  target = hl_damage_find (image, circled, NULL, &settings, &none, &error);
  g_assert_no_error (error);
  for (int i = 0; i < PIXELS; i++)
    {
      hits += target[i] == 1;
      g_assert_true (target[i] == 0 || circled[i] > 0);
    }
  g_assert_cmpint (hits, >, 2 * HEIGHT);
}

/* Nothing to mend is an error, unless there is something else to do. */
static void
test_nothing (void)
{
  g_autoptr (HlImage) image  = draw (FALSE);
  HlRestoreSettings settings = make_settings (HL_FIND_AUTO);
  HlProgress        none     = { 0 };
  g_autoptr (GError) error   = NULL;
  g_autofree float *target   = hl_damage_find (image, NULL, NULL, &settings, &none, &error);

  g_assert_null (target);
  g_assert_error (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED);
  g_clear_error (&error);
  /* As long as it is not decided whether a blur is undone, there may be. */
  settings.deblur = HL_DEBLUR_WHOLE;
  target          = hl_damage_find (image, NULL, NULL, &settings, &none, &error);
  g_assert_no_error (error);
  g_assert_nonnull (target);
  settings.deblur = HL_DEBLUR_NONE;
  g_assert_false (hl_damage_check (target, PIXELS, FALSE, &settings, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED);
  g_clear_error (&error);
  g_clear_pointer (&target, g_free);
  settings.denoise = TRUE;
  target           = hl_damage_find (image, NULL, NULL, &settings, &none, &error);
  g_assert_no_error (error);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (target[i], ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (HlImage) image       = draw (TRUE);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  HlRestoreSettings settings      = make_settings (HL_FIND_AUTO);
  HlProgress        progress      = { .cancel = cancel };
  g_autoptr (GError) error        = NULL;

  g_cancellable_cancel (cancel);
  g_assert_null (hl_damage_find (image, NULL, NULL, &settings, &progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/whole/sought", test_sought);
  g_test_add_func ("/whole/finds", test_finds);
  g_test_add_func ("/whole/within", test_within);
  g_test_add_func ("/whole/nothing", test_nothing);
  g_test_add_func ("/whole/cancel", test_cancel);
  return g_test_run ();
}

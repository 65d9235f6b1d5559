/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever cancels does not wait: a step that is given what is cancelled already says so and has
 * touched nothing, while without it the same step does change the picture. */
#include <math.h>
#include <string.h>

#include "restore/blur/blur_search.h"
#include "restore/fill/coherence.h"
#include "restore/blur/deblur.h"
#include "restore/fill/diffuse.h"
#include "restore/grain/grain.h"
#include "restore/blur/halo.h"
#include "restore/mask.h"
#include "restore/noise.h"
#include "restore/restore.h"
#include "restore/rim.h"
#include "restore/work.h"

#include "discs.h"

enum
{
  W      = 160,
  H      = 128,
  PIXELS = W * H
};

/* What a step is given, and what it may change. */
typedef struct
{
  HlImage *image, *before;
  float    mask[PIXELS], known[PIXELS];
} Picture;

typedef gboolean (*Step) (Picture *picture, GCancellable *cancel, GError **error);

/* Squares with soft edges and a wall, under grain; what is masked is white, and a pixel beside it
 * too. */
static void
picture_init (Picture *picture)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  picture->image = hl_image_new (3, W, H, NULL);
  for (int i = 0; i < PIXELS; i++)
    {
      int      x = i % W, y = i / W;
      gboolean damaged = x > 60 && x < 73 && y > 20 && y < 100;
      double   value   = 0.45
                     + (x < 80 ? 0.25 : 0) * tanh (3 * sin (x * 0.17))
                           * tanh (3 * sin (y * 0.13 + x * 0.01));

      picture->mask[i]  = x > 62 && x < 71 && y > 22 && y < 98;
      picture->known[i] = 1 - picture->mask[i];
      for (int c = 0; c < 3; c++)
        picture->image->planes[c * PIXELS + i]
            = damaged ? 0.99f : value - 0.05 * c + 0.03 * (g_rand_double (random) - 0.5);
    }
  picture->before = hl_image_copy (picture->image, NULL);
}

static void
picture_clear (Picture *picture)
{
  hl_image_free (picture->image);
  hl_image_free (picture->before);
}

/* The first plane is as good as a mask. */
static gboolean
grow (Picture *picture, GCancellable *cancel, GError **error)
{
  return hl_mask_grow (picture->image->planes, W, H, 3, cancel, error);
}

static gboolean
diffuse (Picture *picture, GCancellable *cancel, GError **error)
{
  return hl_diffuse (picture->image, picture->known, cancel, error);
}

static gboolean
cohere (Picture *picture, GCancellable *cancel, GError **error)
{
  return hl_cohere (picture->image, picture->known, cancel, error);
}

static gboolean
learn_grain (Picture *picture, GCancellable *cancel, GError **error)
{
  HlGrain grain;

  if (!hl_grain_learn (&grain, picture->image, picture->known, cancel, error))
    return FALSE;
  picture->image->planes[0] = hl_grain_get_level (&grain, 0.5);
  return TRUE;
}

static gboolean
add_grain (Picture *picture, GCancellable *cancel, GError **error)
{
  HlGrain grain = { .channels = 3 };

  for (int i = 0; i < HL_GRAIN_LEVELS; i++)
    grain.level[i] = 0.02f;
  for (int c = 0; c < 3; c++)
    {
      grain.mix[c][c]                  = 1;
      grain.taps[c][HL_GRAIN_TAPS / 2] = 1;
    }
  return hl_grain_add (&grain, picture->image, picture->mask, 0, 0, 1, 1, cancel, error);
}

static gboolean
search_blur (Picture *picture, GCancellable *cancel, GError **error)
{
  const HlProgress control  = { .cancel = cancel };
  g_autoptr (HlPsf) blur    = hl_psf_new_gaussian (2, 2, 0);
  g_autoptr (HlImage) discs = discs_new (1, 192);
  g_autoptr (HlImage) image = discs_blur (discs, blur, HL_CURVE_LIGHT, 0.005);
  g_autoptr (HlPsf) found   = NULL;
  g_autofree float *known   = g_new (float, 192 * 192);

  for (int i = 0; i < 192 * 192; i++)
    known[i] = 1;
  if (!hl_blur_search (image, known, 0, &found, &control, error))
    return FALSE;
  g_assert_nonnull (found);
  picture->image->planes[0] = found->side;
  return TRUE;
}

static gboolean
limit_halo (Picture *picture, GCancellable *cancel, GError **error)
{
  g_autoptr (HlImage) flat = hl_image_new (3, W, H, NULL);

  return hl_halo_limit (picture->image, flat, 2, 0.25f, cancel, error);
}

static gboolean
deblur (Picture *picture, HlDeblurMethod method, GCancellable *cancel, GError **error)
{
  const HlProgress control = { .cancel = cancel };
  g_autoptr (HlPsf) psf    = hl_psf_new_gaussian (1.5, 1.5, 0);
  HlDeblurTask task
      = { .method = method, .psf = psf, .curve = HL_CURVE_LIGHT, .noise_level = 0.01 };

  return hl_deblur_run (&task, picture->image, picture->known, &control, error);
}

static gboolean
filter (Picture *picture, GCancellable *cancel, GError **error)
{
  return deblur (picture, HL_DEBLUR_WIENER, cancel, error);
}

static gboolean
vary (Picture *picture, GCancellable *cancel, GError **error)
{
  return deblur (picture, HL_DEBLUR_TV, cancel, error);
}

static gboolean
restore (Picture *picture, GCancellable *cancel, GError **error)
{
  const HlProgress  control = { .cancel = cancel };
  HlRestoreSettings settings;
  HlImage          *result;

  hl_restore_settings_init (&settings);
  settings.threads = 1;
  result = hl_restore (picture->image, picture->mask, NULL, &settings, &control, NULL, error);
  if (!result)
    return FALSE;
  hl_image_free (picture->image);
  picture->image = result;
  return TRUE;
}

static gboolean
restore_grain (Picture *picture, GCancellable *cancel, GError **error)
{
  g_autoptr (HlImage) bare = hl_image_copy (picture->before, NULL);
  HlRestoreSettings settings;
  HlImage          *result;

  hl_restore_settings_init (&settings);
  g_assert_true (hl_diffuse (bare, picture->known, NULL, NULL));
  result = hl_restore_grain (bare, picture->before, picture->mask, NULL, &settings, cancel, error);
  if (!result)
    return FALSE;
  g_assert_cmpint (memcmp (result->planes, bare->planes, 3 * PIXELS * sizeof (float)), !=, 0);
  hl_image_free (picture->image);
  picture->image = result;
  return TRUE;
}

static gboolean
is_as_before (const Picture *picture)
{
  return memcmp (picture->image->planes, picture->before->planes, 3 * PIXELS * sizeof (float)) == 0;
}

static void
test_step (gconstpointer data)
{
  Step step                       = data;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;
  Picture picture;

  picture_init (&picture);
  g_cancellable_cancel (cancel);
  g_assert_false (step (&picture, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (is_as_before (&picture));
  g_clear_error (&error);
  g_assert_true (step (&picture, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (is_as_before (&picture));
  picture_clear (&picture);
}

/* What only finds something out ends without having found it. */
static void
test_looks (void)
{
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  HlRestoreSettings settings;
  Picture           picture;
  HlMaps            maps;
  HlWork            work;

  picture_init (&picture);
  hl_restore_settings_init (&settings);
  g_cancellable_cancel (cancel);
  maps = (HlMaps) { W, H, picture.mask, picture.known };
  g_assert_false (hl_work_estimate (&work, picture.mask, W, H, &settings, cancel, NULL));
  g_assert_true (hl_work_estimate (&work, picture.mask, W, H, &settings, NULL, NULL));
  g_assert_cmpfloat (hl_noise_estimate (picture.image, picture.known, cancel), ==, 0);
  g_assert_cmpfloat (hl_noise_estimate (picture.image, picture.known, NULL), >, 0);
  g_assert_cmpint (hl_rim_find (picture.image, &maps, FALSE, cancel), ==, 0);
  g_assert_cmpint (hl_rim_find (picture.image, &maps, FALSE, NULL), >, 0);
  picture_clear (&picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/cancel/grow", grow, test_step);
  g_test_add_data_func ("/cancel/diffuse", diffuse, test_step);
  g_test_add_data_func ("/cancel/cohere", cohere, test_step);
  g_test_add_data_func ("/cancel/grain/learn", learn_grain, test_step);
  g_test_add_data_func ("/cancel/grain/add", add_grain, test_step);
  g_test_add_data_func ("/cancel/blur/search", search_blur, test_step);
  g_test_add_data_func ("/cancel/halo", limit_halo, test_step);
  g_test_add_data_func ("/cancel/deblur/wiener", filter, test_step);
  g_test_add_data_func ("/cancel/deblur/tv", vary, test_step);
  g_test_add_data_func ("/cancel/restore", restore, test_step);
  g_test_add_data_func ("/cancel/restore/grain", restore_grain, test_step);
  g_test_add_func ("/cancel/looks", test_looks);
  return g_test_run ();
}

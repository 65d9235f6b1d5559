/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the restoration looks at and what it leaves alone: transparent parts, hot pixels, the area
 * around the damage; and what stopping keeps. */
#include <math.h>
#include <string.h>

#include "restore/area.h"
#include "restore/restore.h"

#define WIDTH 400
#define HEIGHT 240
#define PIXELS (WIDTH * HEIGHT)

/* Waves, stripes and a disk, no two places alike. */
static HlImage *
draw_new (int channels)
{
  HlImage *image = hl_image_new (channels, WIDTH, HEIGHT, NULL);

  for (int c = 0; c < channels; c++)
    for (int i = 0; i < PIXELS; i++)
      {
        int    x = i % WIDTH, y = i / WIDTH;
        double value = 0.4 + 0.15 * sin (x / 9.0 + c) * cos (y / 7.0) + 0.0002 * x;

        if (hypot (x % 90 - 45, y % 70 - 35) < 20)
          value += 0.25;
        if (abs (x + 2 * y - 300) % 60 < 6)
          value -= 0.2;
        image->planes[c * PIXELS + i] = value;
      }
  return image;
}

/* A thin slanted scratch from (@left, @top) on, 40 pixels high. */
static void
scratch (HlImage *image, float *target, int left, int top)
{
  for (int y = top; y < top + 40; y++)
    for (int x = left + y / 4; x < left + y / 4 + 3; x++)
      {
        target[y * WIDTH + x] = 1;
        for (int c = 0; c < image->channels; c++)
          image->planes[c * PIXELS + y * WIDTH + x] = 0.97;
      }
}

static double
get_psnr (const HlImage *image, const HlImage *truth, const float *target)
{
  double sum = 0, n = 0;

  for (int i = 0; i < image->channels * PIXELS; i++)
    if (target[i % PIXELS] > 0)
      {
        sum += pow (image->planes[i] - truth->planes[i], 2);
        n++;
      }
  return -10 * log10 (sum / n);
}

static HlRestoreSettings
settings_new (HlMethod method)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.method  = method;
  settings.threads = 2;
  settings.grain   = 0;
  return settings;
}

typedef struct
{
  GCancellable *stop;
  guint         at; /* step, or look, to stop at */
  guint         looks, reports;
  int           right;
  double        last;
} Watch;

static void
note_look (const HlImage *part, int x, int y, gpointer data)
{
  Watch *watch = data;

  if (watch->looks == 0)
    {
      g_assert_cmpint (part->width, ==, WIDTH);
      g_assert_cmpint (part->height, ==, HEIGHT);
    }
  if (watch->looks++ > 0)
    watch->right = MAX (watch->right, x + part->width);
  if (watch->stop && watch->looks == watch->at)
    g_cancellable_cancel (watch->stop);
}

static void
note_progress (double fraction, guint iteration, gpointer data)
{
  Watch *watch = data;

  g_assert_cmpfloat (fraction, >=, watch->last);
  g_assert_cmpfloat (fraction, <=, 1);
  watch->last = fraction;
  watch->reports++;
}

/* A transparent half is no wide hole: nothing there is worked on, and it keeps its bits. */
static void
test_transparent (void)
{
  g_autoptr (HlImage) image   = draw_new (3);
  g_autofree float  *target   = g_new0 (float, PIXELS);
  g_autofree guint8 *source   = g_new (guint8, PIXELS);
  HlRestoreSettings  settings = settings_new (HL_METHOD_AUTO);
  Watch              watch    = { 0 };
  HlProgress progress = { .report = note_progress, .result = note_look, .user_data = &watch };
  g_autoptr (HlImage) restored = NULL;

  scratch (image, target, 60, 30);
  for (int i = 0; i < PIXELS; i++)
    source[i] = i % WIDTH < 150;
  restored = hl_restore (image, target, source, &settings, &progress, NULL, NULL);
  g_assert_cmpuint (watch.looks, >, 1);
  g_assert_cmpint (watch.right, <=, 96);
  g_assert_cmpfloat (watch.last, >, 0.99);
  for (int i = 0; i < 3 * PIXELS; i++)
    if (target[i % PIXELS] <= 0)
      g_assert_cmpmem (&restored->planes[i], 4, &image->planes[i], 4);
}

/* One hot pixel beside the damage costs nothing, and stays. */
static void
test_hot_pixel (gconstpointer data)
{
  g_autoptr (HlImage) truth = draw_new (1), image = hl_image_copy (truth, NULL);
  g_autoptr (HlImage) calm = NULL, hot = NULL;
  g_autofree float *target   = g_new0 (float, PIXELS);
  HlRestoreSettings settings = settings_new (HL_METHOD_PRIOR);
  int               at       = 52 * WIDTH + 85;

  scratch (image, target, 60, 30);
  calm              = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  image->planes[at] = GPOINTER_TO_INT (data);
  hot               = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  g_test_message ("%.2f dB, with it %.2f dB", get_psnr (calm, truth, target),
                  get_psnr (hot, truth, target));
  g_assert_cmpfloat (hot->planes[at], ==, GPOINTER_TO_INT (data));
  g_assert_cmpfloat (get_psnr (hot, truth, target), >, get_psnr (calm, truth, target) - 0.3);
}

/* A bright pixel that was left out in a blotch does not spread into a glow. */
static void
test_left_out (void)
{
  g_autoptr (HlImage) truth = draw_new (1), image = hl_image_copy (truth, NULL);
  g_autoptr (HlImage) whole = NULL, without = NULL;
  g_autofree float *target   = g_new0 (float, PIXELS);
  HlRestoreSettings settings = settings_new (HL_METHOD_PRIOR);
  int               at       = 150 * WIDTH + 200;

  for (int i = 0; i < PIXELS; i++)
    if (hypot (i % WIDTH - 200, i / WIDTH - 150) < 7)
      {
        target[i]        = 1;
        image->planes[i] = 0.97;
      }
  whole      = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  target[at] = 0;
  without    = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  g_assert_cmpfloat (without->planes[at], ==, image->planes[at]);
  g_test_message ("%.2f dB, with one left out %.2f dB", get_psnr (whole, truth, target),
                  get_psnr (without, truth, target));
  g_assert_cmpfloat (get_psnr (without, truth, target), >, get_psnr (whole, truth, target) - 0.5);
}

/* What a second scratch far away may change of the first, as the steps suit both: less than half a
 * level of 8 bits. */
#define BESIDE (0.5 / 255)

/* More of the photograph around the area changes no bit, a second scratch far away next to nothing.
 */
static void
test_area (void)
{
  g_autoptr (HlImage) image = draw_new (3), both = draw_new (3), whole = NULL, part = NULL;
  g_autoptr (HlImage) two = NULL, crop = NULL, mask = NULL;
  g_autofree float *target = g_new0 (float, PIXELS), *targets = g_new0 (float, PIXELS);
  HlRestoreSettings settings = settings_new (HL_METHOD_AUTO);
  HlImage           view     = hl_plane_view (target, WIDTH, HEIGHT);
  HlRect            damage, rect;

  settings.auto_noise = FALSE;
  scratch (image, target, 190, 150);
  scratch (both, targets, 190, 150);
  scratch (both, targets, 20, 20);
  g_assert_true (hl_area_find_damage (target, WIDTH, HEIGHT, &damage));
  rect = hl_area_find (damage, (HlRect) { 0, 0, WIDTH, HEIGHT });
  g_assert_cmpint (rect.right, <, WIDTH);
  whole = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  two   = hl_restore (both, targets, NULL, &settings, NULL, NULL, NULL);
  crop  = hl_image_crop (image, rect, NULL);
  mask  = hl_image_crop (&view, rect, NULL);
  part  = hl_restore (crop, mask->planes, NULL, &settings, NULL, NULL, NULL);
  for (int c = 0; c < 3; c++)
    for (int y = damage.top; y < damage.bottom; y++)
      for (int x = damage.left; x < damage.right; x++)
        {
          float value = whole->planes[c * PIXELS + y * WIDTH + x];

          g_assert_cmpfloat (fabsf (two->planes[c * PIXELS + y * WIDTH + x] - value), <=, BESIDE);
          g_assert_cmpfloat (
              part->planes[(c * part->height + y - rect.top) * part->width + x - rect.left], ==,
              value);
        }
}

/* The grain depends on the place in the photograph and not on what was read of it. */
static void
test_grain_place (void)
{
  g_autoptr (HlImage) image = draw_new (1), crop = NULL, mask = NULL, whole = NULL, part = NULL;
  g_autofree float *target   = g_new0 (float, PIXELS);
  g_autoptr (GRand) rng      = g_rand_new_with_seed (3);
  HlRestoreSettings settings = settings_new (HL_METHOD_PRIOR);
  HlImage           view     = hl_plane_view (target, WIDTH, HEIGHT);
  HlRect            rect     = { 32, 0, 400, 240 };

  for (int i = 0; i < PIXELS; i++)
    image->planes[i] += g_rand_double_range (rng, -0.06, 0.06);
  scratch (image, target, 210, 60);
  settings.grain = 1;
  whole          = hl_restore (image, target, NULL, &settings, NULL, NULL, NULL);
  crop           = hl_image_crop (image, rect, NULL);
  mask           = hl_image_crop (&view, rect, NULL);
  part           = hl_restore (crop, mask->planes, NULL, &settings, NULL, NULL, NULL);
  for (int i = 0; i < part->width * part->height; i++)
    g_assert_cmpfloat (part->planes[i], ==,
                       whole->planes[i / part->width * WIDTH + 32 + i % part->width]);
}

static void
stop_at (double fraction, guint iteration, gpointer data)
{
  Watch *watch = data;

  if (iteration == watch->at)
    g_cancellable_cancel (watch->stop);
}

/* Stopped after the first look at what is held out, the deep prior's result is what it is with so
 * many steps. */
static void
test_stop_keeps (void)
{
  g_autoptr (HlImage) image    = hl_image_new (1, WIDTH, HEIGHT, NULL);
  g_autofree float *target     = g_new0 (float, PIXELS);
  g_autoptr (GCancellable) end = g_cancellable_new ();
  Watch             watch      = { .stop = end, .at = 57 };
  HlProgress        progress   = { .stop = end, .report = stop_at, .user_data = &watch };
  HlRestoreSettings settings   = settings_new (HL_METHOD_DEEP);
  HlRestoreReport   of_stopped, of_whole;
  g_autoptr (HlImage) stopped = NULL, whole = NULL;

  for (int i = 0; i < PIXELS; i++)
    image->planes[i] = 0.5 + 0.4 * sin (1.9 * (i % WIDTH)) * sin (1.6 * (i / WIDTH));
  scratch (image, target, 60, 30);
  settings.iterations = 50;
  whole               = hl_restore (image, target, NULL, &settings, NULL, &of_whole, NULL);
  g_assert_cmpint (of_whole.ended, ==, HL_ENDED_STEPS);
  g_assert_cmpfloat (of_whole.gain, >, 0.5);
  settings.iterations = 5000;
  stopped             = hl_restore (image, target, NULL, &settings, &progress, &of_stopped, NULL);
  g_assert_cmpint (of_stopped.ended, ==, HL_ENDED_STOPPED);
  g_assert_cmpuint (of_stopped.iterations, ==, 57);
  g_assert_cmpfloat (of_stopped.gain, ==, of_whole.gain);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (stopped->planes[i], ==, whole->planes[i]);
}

/* Removing the noise goes piece by piece, says how far it is, shows them, and can be stopped. */
static void
test_denoise (void)
{
  g_autoptr (HlImage) image = draw_new (3), all = NULL, some = NULL;
  g_autofree float *none       = g_new0 (float, PIXELS);
  g_autoptr (GCancellable) end = g_cancellable_new ();
  g_autoptr (GError) error     = NULL;
  Watch      watch = { 0 }, stopping = { .stop = end, .at = 3 };
  HlProgress progress = { .report = note_progress, .result = note_look, .user_data = &watch };
  HlRestoreSettings settings = settings_new (HL_METHOD_PRIOR);
  gsize             same = 0, changed = 0;

  settings.denoise      = TRUE;
  settings.auto_noise   = FALSE;
  settings.noise_level  = 0.1;
  settings.memory_limit = 56000000;
  all                   = hl_restore (image, none, NULL, &settings, &progress, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%u looks", watch.looks);
  g_assert_cmpuint (watch.looks, >, 4);
  g_assert_cmpfloat (watch.last, ==, 1);
  progress = (HlProgress) { .stop = end, .result = note_look, .user_data = &stopping };
  some     = hl_restore (image, none, NULL, &settings, &progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stopping.looks, ==, 3);
  for (int i = 0; i < 3 * PIXELS; i++)
    {
      same += some->planes[i] == image->planes[i];
      changed += some->planes[i] == all->planes[i];
    }
  g_assert_cmpuint (same, >, PIXELS / 2);
  g_assert_cmpuint (changed, >, PIXELS / 2);
}

/* Regions that are painted side by side say how far they are while they are painted, one after the
 * other in whatever order, and together they never go back. */
static void
test_side_by_side (void)
{
  g_autoptr (HlImage) image = draw_new (1), restored = NULL;
  g_autofree float *target   = g_new0 (float, PIXELS);
  Watch             watch    = { 0 };
  HlProgress        progress = { .report = note_progress, .user_data = &watch };
  HlRestoreSettings settings = settings_new (HL_METHOD_AUTO);

  for (int y = 110; y < 122; y++)
    for (int x = 0; x < WIDTH; x++)
      target[y * WIDTH + x] = (x >= 12 && x < 24) || (x >= 376 && x < 388);
  restored = hl_restore (image, target, NULL, &settings, &progress, NULL, NULL);
  g_assert_nonnull (restored);
  g_test_message ("%u reports", watch.reports);
  /* The other stages make about twenty. */
  g_assert_cmpuint (watch.reports, >, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/transparent", test_transparent);
  g_test_add_data_func ("/flow/hot-pixel/20", GINT_TO_POINTER (20), test_hot_pixel);
  g_test_add_data_func ("/flow/hot-pixel/200", GINT_TO_POINTER (200), test_hot_pixel);
  g_test_add_data_func ("/flow/hot-pixel/-200", GINT_TO_POINTER (-200), test_hot_pixel);
  g_test_add_func ("/flow/left-out", test_left_out);
  g_test_add_func ("/flow/area", test_area);
  g_test_add_func ("/flow/grain-place", test_grain_place);
  g_test_add_func ("/flow/stop", test_stop_keeps);
  g_test_add_func ("/flow/denoise", test_denoise);
  g_test_add_func ("/flow/side-by-side", test_side_by_side);
  return g_test_run ();
}

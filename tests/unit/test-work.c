/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work a restoration will be, and how long it will still take: on models of restorations
 * whose stages take as long as they like, without a clock. */
#include "restore/remaining.h"
#include "restore/work.h"

#define WIDTH 1200
#define HEIGHT 900
#define LEAST_WRONG 1.5 /* what the estimate may be off by from a tenth of the time on */

/* Of a machine on which nothing is over before there is an estimate. */
#define SLOW 60

/* Parts of a restoration in their order. */
#define PARTS 8

static void
get_parts (const HlWork *work, double parts[PARTS])
{
  const double all[PARTS] = { work->before,  work->edges, work->learned, work->pieces,
                              work->patches, work->noise, work->deblur,  work->after };

  for (int i = 0; i < PARTS; i++)
    parts[i] = all[i];
}

/* Plays a search and a restoration whose parts take @slower times as long as the plan has it, and
 * looks at what is said from a tenth of the time on. */
static void
play (double search, double guess, const double parts[PARTS], const double slower[PARTS])
{
  HlRemaining remaining = { 0 };
  double      planned = 0, taken = search, now = 0, done = 0, end = search;

  for (int i = 0; i < PARTS; i++)
    {
      planned += parts[i];
      end += parts[i] * slower[i];
    }
  for (int k = 0; k <= 100; k++, now = search * k / 100)
    hl_remaining_note (&remaining, now, guess * k / 100);
  now = taken;
  for (int i = 0; i < PARTS; i++)
    for (int k = 1; k <= 100; k++)
      {
        double said, truth;

        now += parts[i] * slower[i] / 100;
        done += parts[i] / 100;
        hl_remaining_note (&remaining, now, (search + done) / (search + planned));
        said  = hl_remaining_get (&remaining, now);
        truth = end - now;
        if (now < 0.1 * end || truth < 0.05 * end)
          continue;
        g_assert_cmpfloat (said, >, truth / LEAST_WRONG);
        g_assert_cmpfloat (said, <, truth * LEAST_WRONG);
      }
}

static float *
draw_specks (int step, int size)
{
  float *target = g_new0 (float, WIDTH *HEIGHT);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      target[y * WIDTH + x] = x % step < size && y % step < size;
  return target;
}

static void
estimate (HlWork *work, const float *target, const HlRestoreSettings *settings)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (hl_work_estimate (work, target, WIDTH, HEIGHT, settings, NULL, &error));
  g_assert_no_error (error);
}

/* Each part follows what it passes over. */
static void
test_work (void)
{
  g_autofree float *few = draw_specks (300, 3), *many = draw_specks (100, 3);
  g_autofree float *wide = draw_specks (600, 120);
  HlRestoreSettings settings;
  HlWork            a, b;

  hl_restore_settings_init (&settings);
  estimate (&a, few, &settings);
  estimate (&b, many, &settings);
  g_assert_cmpfloat (b.learned, >, 5 * a.learned);
  g_assert_cmpfloat (b.edges, >, 5 * a.edges);
  g_assert_cmpfloat (a.pieces + a.patches + a.fit + a.refine + a.noise + a.deblur, ==, 0);
  /* Five and a half passes over twelve specks: the squares of 8 pixels that hold 3 and 4 around
   * them. */
  g_assert_cmpfloat (a.learned, >, 1.1 * 5.5 * 12 * 11 * 11 / 1e6);
  g_assert_cmpfloat (a.learned, <, 1.1 * 5.5 * 12 * 24 * 24 / 1e6);
  estimate (&b, wide, &settings);
  g_assert_cmpfloat (b.pieces + b.patches, >, 0);
  settings.method = HL_METHOD_PRIOR;
  estimate (&b, wide, &settings);
  g_assert_cmpfloat (b.pieces + b.patches, ==, 0);
  settings.denoise = TRUE;
  settings.deblur  = HL_DEBLUR_AUTO;
  estimate (&b, few, &settings);
  g_assert_cmpfloat (b.noise, >, 0);
  g_assert_cmpfloat (b.deblur, >, b.noise);
  g_assert_cmpfloat (b.learned, ==, a.learned);
  settings.method = HL_METHOD_UNTRAINED;
  estimate (&b, few, &settings);
  g_assert_cmpfloat (b.learned + b.edges, ==, 0);
  g_assert_cmpfloat (b.fit, >, 0);
  settings.iterations *= 2;
  estimate (&a, few, &settings);
  g_assert_cmpfloat_with_epsilon (a.fit, 2 * b.fit, 1e-9);
  g_assert_cmpfloat_with_epsilon (hl_work_get_total (&a),
                                  a.before + hl_work_get_repair (&a) + a.deblur + a.after, 1e-9);
}

/* The search takes the less of the time the more it finds, and the larger the scan is for what it
 * shows. */
static void
test_search (void)
{
  g_autofree float *few = draw_specks (300, 3), *many = draw_specks (20, 3);
  HlRestoreSettings settings;
  double            little, much;

  hl_restore_settings_init (&settings);
  little = hl_work_get_search_share (2, few, WIDTH, HEIGHT, &settings, NULL);
  much   = hl_work_get_search_share (2, many, WIDTH, HEIGHT, &settings, NULL);
  g_assert_cmpfloat (much, >, 0);
  g_assert_cmpfloat (little, >, 2 * much);
  g_assert_cmpfloat (little, <, 1);
  g_assert_cmpfloat (hl_work_get_search_share (1, few, WIDTH, HEIGHT, &settings, NULL), <, little);
  g_assert_cmpfloat (hl_work_get_search_share (0, few, WIDTH, HEIGHT, &settings, NULL), ==, 0);
}

static void
note_fraction (double fraction, guint iteration, gpointer data)
{
  *(double *) data = fraction;
}

/* Once the search has had a first look, its share is that of a photograph with as much damage. */
static void
test_first_look (void)
{
  g_autoptr (HlImage) image = hl_image_new (1, WIDTH, HEIGHT, NULL);
  double       fraction     = 0, usual, little;
  HlProgress   progress     = { .report = note_fraction, .user_data = &fraction };
  HlWorkSearch search;

  hl_work_search_init (&search, image, NULL, &progress);
  g_assert_cmpfloat (search.seconds, >, 1);
  hl_progress_report (&search.progress, 0.5, 0);
  usual = fraction;
  g_assert_cmpfloat (usual, >, 0);
  g_assert_cmpfloat (usual, <, 0.5);
  *search.progress.damaged = 0;
  hl_progress_report (&search.progress, 0.5, 0);
  little                   = fraction;
  *search.progress.damaged = 0.3;
  hl_progress_report (&search.progress, 0.5, 0);
  g_assert_cmpfloat (little, >, 1.5 * usual);
  g_assert_cmpfloat (fraction, <, usual / 1.5);
}

/* Whatever the damage, and where stages are half as slow again as planned, or the search found much
 * more than was thought. */
static void
test_truth (void)
{
  static const double even[PARTS]  = { 1, 1, 1, 1, 1, 1, 1, 1 };
  static const double other[PARTS] = { 1.3, 1, 0.9, 1.3, 1.3, 1, 1, 1.3 };
  g_autofree float   *few = draw_specks (300, 3), *many = draw_specks (100, 3);
  g_autofree float   *wide      = draw_specks (600, 120);
  const float *const  targets[] = { few, many, wide };
  HlRestoreSettings   settings;

  hl_restore_settings_init (&settings);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      double parts[PARTS];
      HlWork work;

      estimate (&work, targets[i], &settings);
      get_parts (&work, parts);
      for (int k = 0; k < PARTS; k++)
        parts[k] *= SLOW;
      play (0, 0, parts, even);
      play (0, 0, parts, other);
      play (30, 0.1, parts, even);
      play (30, 0.1, parts, other);
    }
}

static void
test_remaining (void)
{
  HlRemaining remaining = { 0 };

  g_assert_cmpfloat (hl_remaining_get (&remaining, 5), <, 0);
  hl_remaining_note (&remaining, 1, 0.5);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 1.5), <, 0);
  hl_remaining_note (&remaining, 10, 0.01);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 10), <, 0);
  hl_remaining_note (&remaining, 20, 0.25);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 20), ==, 60);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 50), ==, 30);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 100), ==, 0);
  g_assert_cmpfloat (remaining.shown, ==, 0.5); /* a bar does not go back */
  hl_remaining_note (&remaining, 30, 7);
  g_assert_cmpfloat (hl_remaining_get (&remaining, 30), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/work/parts", test_work);
  g_test_add_func ("/work/search", test_search);
  g_test_add_func ("/work/first-look", test_first_look);
  g_test_add_func ("/work/truth", test_truth);
  g_test_add_func ("/work/remaining", test_remaining);
  return g_test_run ();
}

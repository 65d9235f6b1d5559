/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole restoration on a drawn picture with structure and texture and known damage. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/restore.h"

#define SIDE 128
#define PIXELS (SIDE * SIDE)

/* Disks, stripes, a gradient and a weave: something for each kind of fill to get wrong. */
static HlImage *
draw_new (int channels)
{
  HlImage *image = hl_image_new (channels, SIDE, SIDE, NULL);

  for (int c = 0; c < channels; c++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++)
        {
          double v = 0.25 + 0.3 * x / SIDE + 0.05 * c;

          if (hypot (x - 45, y - 50) < 28)
            v = 0.75 - 0.1 * c;
          if (fabs (0.8 * x - 0.6 * y - 30) < 9)
            v = 0.15 + 0.08 * c + 0.1 * (sin (0.9 * (0.6 * x + 0.8 * y)) > 0);
          if (y > 92)
            v += 0.12 * sin (0.4 * x) * sin (0.3 * y);
          image->planes[(c * SIDE + y) * SIDE + x] = v;
        }
  return image;
}

/* Four scratches of 2 to 3 pixels and a stain. */
static float *
damage_new (void)
{
  float *mask = g_new0 (float, PIXELS);

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      mask[y * SIDE + x] = fabs (x - 30 - 0.3 * y) < 1.5 || fabs (y - 60 + 0.2 * x) < 1.2
                           || fabs (x + y - 170.0) < 1.5 || fabs (y - 105 - 3 * sin (x / 9.0)) < 1.2
                           || hypot (x - 92, y - 30) < 4;
  return mask;
}

static double
error_in_hole (const HlImage *image, const HlImage *truth, const float *mask)
{
  double sum = 0, n = 0;

  for (int i = 0; i < image->channels * PIXELS; i++)
    if (mask[i % PIXELS] > 0)
      {
        sum += pow (image->planes[i] - truth->planes[i], 2);
        n++;
      }
  return -10 * log10 (sum / n);
}

/* What has to be beaten: in the hole, the mean of the sound pixels within 8 pixels. */
static void
fill_with_mean (HlImage *image, const float *mask)
{
  for (int i = 0; i < image->channels * PIXELS; i++)
    if (mask[i % PIXELS] > 0)
      {
        int    x = i % SIDE, y = i % PIXELS / SIDE;
        double sum = 0, n = 0;

        for (int r = MAX (y - 8, 0); r <= MIN (y + 8, SIDE - 1); r++)
          for (int c = MAX (x - 8, 0); c <= MIN (x + 8, SIDE - 1); c++)
            if (mask[r * SIDE + c] <= 0)
              {
                sum += image->planes[i / PIXELS * PIXELS + r * SIDE + c];
                n++;
              }
        image->planes[i] = sum / n;
      }
}

static HlImage *
damaged_new (const HlImage *truth, const float *mask)
{
  HlImage *damaged = hl_image_copy (truth, NULL);

  for (int i = 0; i < truth->channels * PIXELS; i++)
    if (mask[i % PIXELS] > 0)
      damaged->planes[i] = 0.96;
  return damaged;
}

static HlRestoreSettings
settings_for (HlMethod method, guint iterations)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.method     = method;
  settings.iterations = iterations;
  settings.threads    = 2;
  return settings;
}

typedef struct
{
  HlMethod    method;
  int         channels;
  const char *name;
} Way;

static const Way ways[] = {
  { HL_METHOD_UNTRAINED, 1, "untrained/gray" }, { HL_METHOD_UNTRAINED, 3, "untrained/colour" },
  { HL_METHOD_DEEP, 1, "deep/gray" },           { HL_METHOD_DEEP, 3, "deep/colour" },
  { HL_METHOD_PRIOR, 1, "prior/gray" },         { HL_METHOD_PRIOR, 3, "prior/colour" },
  { HL_METHOD_AUTO, 3, "auto/colour" }
};

static void
test_gain (gconstpointer data)
{
  const Way *way              = data;
  int        channels         = way->channels;
  g_autoptr (GError) error    = NULL;
  g_autoptr (HlImage) truth   = draw_new (channels);
  g_autofree float *mask      = damage_new ();
  g_autoptr (HlImage) damaged = damaged_new (truth, mask), plain = hl_image_copy (damaged, NULL);
  HlRestoreSettings settings
      = settings_for (way->method, way->method == HL_METHOD_UNTRAINED ? 600 : 50);
  HlRestoreReport report;
  g_autoptr (HlImage) restored = hl_restore (damaged, mask, NULL, &settings, NULL, &report, &error);

  g_assert_no_error (error);
  fill_with_mean (plain, mask);
  g_test_message ("%.2f dB, plain mean %.2f dB, loss %g, noise %g",
                  error_in_hole (restored, truth, mask), error_in_hole (plain, truth, mask),
                  report.loss, report.noise_level);
  g_assert_cmpfloat (error_in_hole (restored, truth, mask), >,
                     error_in_hole (plain, truth, mask) + 5);
  for (int i = 0; i < channels * PIXELS; i++)
    if (mask[i % PIXELS] <= 0)
      g_assert_cmpmem (&restored->planes[i], 4, &damaged->planes[i], 4);
  g_assert_cmpuint (report.iterations, <=, settings.iterations);
  g_assert_cmpuint (report.peak_memory_bytes, >, 1000000);
}

/* Selected by a half, each pixel goes half of the way to what the whole selection would give, and
 * the weak margin around a selection is evidence for what is within. */
static void
test_soft_mask (gconstpointer data)
{
  const Way *way            = data;
  int        channels       = way->channels;
  g_autoptr (HlImage) truth = draw_new (channels);
  g_autofree float *mask = damage_new (), *half = g_new (float, PIXELS);
  g_autofree float *margin    = g_memdup2 (mask, PIXELS * sizeof (float));
  g_autoptr (HlImage) damaged = damaged_new (truth, mask);
  g_autoptr (HlImage) whole = NULL, soft = NULL, wide = NULL;
  HlRestoreSettings settings = settings_for (way->method, 20);

  settings.grain      = 0;
  settings.auto_noise = FALSE;
  for (int i = 0; i < PIXELS; i++)
    half[i] = 0.5 * mask[i];
  for (int i = 1; i < PIXELS - 1; i++)
    if (mask[i] <= 0 && (mask[i - 1] > 0 || mask[i + 1] > 0))
      margin[i] = 0.1;
  whole = hl_restore (damaged, mask, NULL, &settings, NULL, NULL, NULL);
  soft  = hl_restore (damaged, half, NULL, &settings, NULL, NULL, NULL);
  wide  = hl_restore (damaged, margin, NULL, &settings, NULL, NULL, NULL);
  for (int i = 0; i < channels * PIXELS; i++)
    {
      double mean = 0.5 * (damaged->planes[i] + whole->planes[i]);

      g_assert_cmpfloat (fabs (soft->planes[i] - mean), <, 1e-5);
    }
  /* Pieces of damage are cut out a little otherwise, hence not the same to the bit. */
  g_test_message ("%.1f dB between them", error_in_hole (wide, whole, mask));
  g_assert_cmpfloat (error_in_hole (wide, whole, mask), >, 50);
}

/* A float picture far outside 0..1 comes back in its own range. */
static void
test_range (gconstpointer data)
{
  const Way *way            = data;
  g_autoptr (HlImage) truth = draw_new (1);
  g_autofree float *mask    = damage_new ();
  g_autoptr (HlImage) plain = NULL, restored = NULL;
  HlRestoreSettings settings
      = settings_for (way->method, way->method == HL_METHOD_UNTRAINED ? 300 : 20);

  for (int i = 0; i < PIXELS; i++)
    truth->planes[i] = 40 * truth->planes[i] - 10;
  {
    g_autoptr (HlImage) damaged = damaged_new (truth, mask);

    damaged->planes[5] = NAN;
    damaged->planes[6] = INFINITY;
    restored           = hl_restore (damaged, mask, NULL, &settings, NULL, NULL, NULL);
    g_assert_cmpmem (&restored->planes[5], 8, &damaged->planes[5], 8);
    plain = hl_image_copy (truth, NULL);
    fill_with_mean (plain, mask);
  }
  for (int i = 0; i < PIXELS; i++)
    g_assert_true (mask[i] <= 0 || isfinite (restored->planes[i]));
  g_assert_cmpfloat (error_in_hole (restored, truth, mask), >,
                     error_in_hole (plain, truth, mask) + 3);
}

/* What is marked as no evidence must not change anything. */
static void
test_evidence (gconstpointer data)
{
  const Way *way              = data;
  g_autoptr (HlImage) truth   = draw_new (3);
  g_autofree float  *mask     = damage_new ();
  g_autofree guint8 *evidence = g_new (guint8, PIXELS);
  g_autoptr (HlImage) one = damaged_new (truth, mask), other = damaged_new (truth, mask);
  HlRestoreSettings settings = settings_for (way->method, 5);
  g_autoptr (HlImage) a = NULL, b = NULL;

  for (int i = 0; i < PIXELS; i++)
    {
      evidence[i] = i % SIDE < 110;
      for (int c = 0; c < 3 && !evidence[i]; c++)
        other->planes[c * PIXELS + i] = 0.9 - 0.1 * c;
    }
  a = hl_restore (one, mask, evidence, &settings, NULL, NULL, NULL);
  b = hl_restore (other, mask, evidence, &settings, NULL, NULL, NULL);
  for (int i = 0; i < 3 * PIXELS; i++)
    if (mask[i % PIXELS] > 0)
      g_assert_cmpfloat (a->planes[i], ==, b->planes[i]);
}

typedef struct
{
  GCancellable *end;
  guint         at, seen;
  double        last;
} Watch;

static void
watch (double fraction, guint iteration, gpointer user_data)
{
  Watch *w = user_data;

  g_assert_cmpfloat (fraction, >=, w->last);
  g_assert_cmpfloat (fraction, <=, 1);
  w->last = fraction;
  w->seen = iteration;
  if (iteration == w->at)
    g_cancellable_cancel (w->end);
}

static void
test_stop_and_cancel (gconstpointer data)
{
  gboolean keep                = GPOINTER_TO_INT (data);
  g_autoptr (GError) error     = NULL;
  g_autoptr (HlImage) truth    = draw_new (1);
  g_autofree float *mask       = damage_new ();
  g_autoptr (HlImage) damaged  = damaged_new (truth, mask);
  g_autoptr (GCancellable) end = g_cancellable_new ();
  HlRestoreSettings settings   = settings_for (HL_METHOD_DEEP, 5000);
  Watch             w          = { end, 12, 0, 0 };
  HlProgress        control    = {
              .cancel = keep ? NULL : end, .stop = keep ? end : NULL, .report = watch, .user_data = &w
  };
  HlRestoreReport report;
  g_autoptr (HlImage) restored
      = hl_restore (damaged, mask, NULL, &settings, &control, &report, &error);

  g_assert_cmpuint (w.seen, ==, 12);
  if (keep)
    {
      g_assert_no_error (error);
      g_assert_cmpint (report.ended, ==, HL_ENDED_STOPPED);
      g_assert_cmpuint (report.iterations, ==, 12);
      g_assert_cmpfloat (fabs (restored->planes[60 * SIDE + 5] - 0.96), >, 0.05);
    }
  else
    {
      g_assert_null (restored);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

/* A weave is the photograph's own: the deep prior learns it and says so.  Without steps it is the
 * learned prior, to the bit. */
static void
test_deep_gain (void)
{
  g_autoptr (HlImage) truth   = draw_new (1);
  g_autofree float *mask      = damage_new ();
  g_autoptr (HlImage) damaged = NULL, learned = NULL, none = NULL, deep = NULL;
  HlRestoreSettings settings = settings_for (HL_METHOD_PRIOR, 100);
  HlRestoreReport   report;

  for (int i = 0; i < PIXELS; i++)
    truth->planes[i] = 0.5 + 0.4 * sin (1.9 * (i % SIDE)) * sin (1.6 * (i / SIDE));
  damaged        = damaged_new (truth, mask);
  settings.grain = 0;
  learned        = hl_restore (damaged, mask, NULL, &settings, NULL, &report, NULL);
  g_assert_cmpint (report.ended, ==, HL_ENDED_NOT_RUN);
  settings.method = HL_METHOD_DEEP;
  deep            = hl_restore (damaged, mask, NULL, &settings, NULL, &report, NULL);
  g_test_message ("learned %.2f dB, deep %.2f dB, gain %.2f dB on what is held out",
                  error_in_hole (learned, truth, mask), error_in_hole (deep, truth, mask),
                  report.gain);
  g_assert_cmpint (report.ended, !=, HL_ENDED_NOT_RUN);
  g_assert_cmpfloat (report.gain, >, 1);
  g_assert_cmpfloat (error_in_hole (deep, truth, mask), >,
                     error_in_hole (learned, truth, mask) + 1);
  settings.iterations = 0;
  none                = hl_restore (damaged, mask, NULL, &settings, NULL, &report, NULL);
  g_assert_cmpmem (none->planes, PIXELS * sizeof (float), learned->planes, PIXELS * sizeof (float));
}

typedef struct
{
  HlImage *seen; /* the photograph as somebody who watches has it */
  guint    parts;
  double   last;
} Look;

static void
look (const HlImage *part, int x, int y, gpointer user_data)
{
  Look *l = user_data;

  g_assert_true (l->parts > 0 || (part->width == SIDE && part->height == SIDE));
  g_assert_cmpint (x + part->width, <=, SIDE);
  g_assert_cmpint (y + part->height, <=, SIDE);
  for (int c = 0; c < part->channels; c++)
    for (int i = 0; i < part->width * part->height; i++)
      l->seen->planes[c * PIXELS + (y + i / part->width) * SIDE + x + i % part->width]
          = part->planes[c * part->width * part->height + i];
  l->parts++;
}

static void
watch_fraction (double fraction, guint iteration, gpointer user_data)
{
  Look *l = user_data;

  g_assert_cmpfloat (fraction, >=, l->last);
  g_assert_cmpfloat (fraction, <=, 1.0001);
  l->last = fraction;
}

/* Whoever puts together what is told on the way has the result in the end. */
static void
test_best_so_far (gconstpointer data)
{
  g_autoptr (HlImage) truth    = draw_new (3);
  g_autofree float *mask       = damage_new ();
  g_autoptr (HlImage) damaged  = damaged_new (truth, mask);
  HlRestoreSettings settings   = settings_for (GPOINTER_TO_INT (data), 50);
  Look              l          = { hl_image_new (3, SIDE, SIDE, NULL), 0, 0 };
  HlProgress        control    = { .report = watch_fraction, .result = look, .user_data = &l };
  g_autoptr (HlImage) restored = NULL;

  settings.grain = 0;
  for (int i = 0; i < PIXELS; i++)
    damaged->planes[i] = 3 * damaged->planes[i] - 1;
  mask[0]  = 0.25;
  restored = hl_restore (damaged, mask, NULL, &settings, &control, NULL, NULL);
  g_assert_cmpuint (l.parts, >, 1);
  g_assert_cmpfloat (l.last, >, 0.9);
  for (int i = 0; i < 3 * PIXELS; i++)
    g_assert_cmpfloat (fabs (l.seen->planes[i] - restored->planes[i]), <, 1e-5);
  hl_image_free (l.seen);
}

static void
expect (const HlImage *image, const float *mask, const HlRestoreSettings *settings, GQuark domain,
        int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hl_restore (image, mask, NULL, settings, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refusals (void)
{
  g_autoptr (HlImage) image  = draw_new (1);
  g_autofree float *mask     = damage_new ();
  g_autofree float *empty    = g_new0 (float, PIXELS);
  g_autofree float *all      = g_new (float, PIXELS);
  HlRestoreSettings settings = settings_for (HL_METHOD_DEEP, 1), wrong;

  for (int i = 0; i < PIXELS; i++)
    all[i] = 1;
  expect (image, empty, &settings, HL_ERROR, HL_ERROR_NOTHING_SELECTED, "Select the damaged");
  expect (image, all, &settings, HL_ERROR, HL_ERROR_NOTHING_KNOWN, "Select only");
  wrong            = settings;
  wrong.iterations = 20001;
  expect (image, mask, &wrong, HL_ERROR, HL_ERROR_SETTING, "Steps");
  wrong             = settings;
  wrong.auto_noise  = FALSE;
  wrong.noise_level = NAN;
  expect (image, mask, &wrong, HL_ERROR, HL_ERROR_SETTING, "Grain");
  wrong        = settings;
  wrong.deblur = HL_DEBLUR_KNOWN;
  expect (image, mask, &wrong, HL_ERROR, HL_ERROR_SETTING, "which blur");
  wrong.deblur_method = HL_DEBLUR_PRIOR + 1;
  expect (image, mask, &wrong, HL_ERROR, HL_ERROR_SETTING, "sharpen");
  wrong              = settings;
  wrong.memory_limit = 100000;
  expect (image, mask, &wrong, HL_ERROR, HL_ERROR_MEMORY, "smaller area");
}

/* Noise of sigma 0.1 goes from the whole picture, with a hole or without one. */
static void
test_denoise (gconstpointer data)
{
  gboolean damaged          = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) truth = draw_new (3), noisy = hl_image_copy (truth, NULL);
  g_autofree float *mask       = damaged ? damage_new () : g_new0 (float, PIXELS);
  g_autofree float *everywhere = g_new (float, PIXELS);
  g_autoptr (GRand) dice       = g_rand_new_with_seed (5);
  HlRestoreSettings settings   = settings_for (HL_METHOD_PRIOR, 0);
  g_autoptr (HlImage) clean    = NULL;
  double before, after;

  for (int i = 0; i < 3 * PIXELS; i++)
    {
      float noise = 0;

      for (int k = 0; k < 12; k++)
        noise += g_rand_double (dice) - 0.5;
      noisy->planes[i] = damaged && mask[i % PIXELS] > 0 ? 0.96 : truth->planes[i] + 0.1 * noise;
      everywhere[i % PIXELS] = 1;
    }
  settings.denoise     = TRUE;
  settings.auto_noise  = FALSE;
  settings.noise_level = 0.1;
  clean                = hl_restore (noisy, mask, NULL, &settings, NULL, NULL, NULL);
  before               = error_in_hole (noisy, truth, everywhere);
  after                = error_in_hole (clean, truth, everywhere);
  g_test_message ("%.2f dB before, %.2f dB after", before, after);
  g_assert_cmpfloat (after, >, before + 7);
}

/* A file that is no weights, or damaged, and nothing where a file should be. */
static void
test_weights (void)
{
  g_autoptr (HlImage) image  = draw_new (1);
  g_autofree float *mask     = damage_new ();
  HlRestoreSettings settings = settings_for (HL_METHOD_PRIOR, 0);
  g_autofree char  *folder   = g_dir_make_tmp (NULL, NULL);
  g_autofree char  *path     = g_build_filename (folder, "weights", NULL);

  settings.weights = path;
  expect (image, mask, &settings, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "another weights file");
  g_file_set_contents (path, "no weights at all", -1, NULL);
  expect (image, mask, &settings, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "another weights file");
  g_remove (path);
  g_rmdir (folder);
}

/* The grain given afterwards is the grain given at once, to the bit. */
static void
test_grain_afterwards (void)
{
  g_autoptr (HlImage) image = draw_new (3), bare = NULL, later = NULL, at_once = NULL;
  g_autofree float *mask   = damage_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  HlRestoreSettings settings;

  for (int i = 0; i < 3 * PIXELS; i++)
    image->planes[i] += g_rand_double_range (random, -0.05, 0.05);
  hl_restore_settings_init (&settings);
  settings.method = HL_METHOD_PRIOR;
  settings.seed   = 7;
  at_once         = hl_restore (image, mask, NULL, &settings, NULL, NULL, NULL);
  settings.grain  = 0;
  bare            = hl_restore (image, mask, NULL, &settings, NULL, NULL, NULL);
  settings.grain  = 1;
  later           = hl_restore_grain (bare, image, mask, NULL, &settings, NULL, NULL);
  g_assert_cmpmem (later->planes, 3 * PIXELS * sizeof (float), at_once->planes,
                   3 * PIXELS * sizeof (float));
  g_assert_true (memcmp (bare->planes, later->planes, 3 * PIXELS * sizeof (float)) != 0);
}

/* A wall of fine, faintly grainy stripes, a torn-off corner of it, and a dark ring with a bright
 * middle elsewhere, as an eye would be. */
static HlImage *
wall_new (float *torn)
{
  g_autoptr (GRand) rng = g_rand_new_with_seed (8);
  HlImage *image        = hl_image_new (3, SIDE, SIDE, NULL);

  for (int i = 0; i < PIXELS; i++)
    {
      int    x = i % SIDE, y = i / SIDE;
      double ring = hypot (x - 88, y - 84), grain = 0.03 * (g_rand_double (rng) - 0.5);

      torn[i] = x + y < 76;
      for (int c = 0; c < 3; c++)
        image->planes[c * PIXELS + i] = torn[i] > 0 ? 1
                                        : ring < 4  ? 0.95
                                        : ring < 10 ? 0.05
                                                    : 0.45 + 0.05 * c + 0.05 * (x % 7 < 3) + grain;
    }
  return image;
}

/* A torn-off corner gets the wall back, and neither the ring nor mist, however it is to be
 * filled but cautiously. */
static void
test_torn_corner (gconstpointer fill)
{
  HlRestoreSettings settings;
  g_autofree float *torn    = g_new (float, PIXELS);
  g_autoptr (HlImage) image = wall_new (torn), result = NULL;
  double darkest = 1, brightest = 0, change = 0, n = 0;

  hl_restore_settings_init (&settings);
  settings.fill  = GPOINTER_TO_INT (fill);
  settings.grain = 0;
  result         = hl_restore (image, torn, NULL, &settings, NULL, NULL, NULL);
  g_assert_nonnull (result);
  for (int y = 0; y < 50; y++)
    for (int x = 1; x < 50 - y; x++)
      {
        darkest   = fmin (darkest, result->planes[y * SIDE + x]);
        brightest = fmax (brightest, result->planes[y * SIDE + x]);
        change += fabs (result->planes[y * SIDE + x] - result->planes[y * SIDE + x - 1]);
        n++;
      }
  g_test_message ("%.2f to %.2f, stripes of %.4f", darkest, brightest, change / n);
  g_assert_cmpfloat (darkest, >, 0.35);
  g_assert_cmpfloat (brightest, <, 0.6);
  g_assert_cmpfloat (change / n, >, 0.015);
}

/* What is copied has the grain of where it comes from, and gets no other on top.  Here that has two
 * values only, so that pixels differ by nothing or by their distance, but for what a seam is evened
 * out by. */
static void
test_copied_grain (void)
{
  const float       grain = 0.05f;
  HlRestoreSettings settings;
  g_autoptr (GRand) rng     = g_rand_new_with_seed (6);
  g_autofree float *torn    = g_new (float, PIXELS);
  g_autoptr (HlImage) image = wall_new (torn), result = NULL;
  double as_it_was = 0, n = 0;

  for (int i = 0; i < 3 * PIXELS; i++)
    if (torn[i % PIXELS] <= 0)
      image->planes[i] = 0.45 + grain * g_rand_int_range (rng, 0, 2);
  hl_restore_settings_init (&settings);
  settings.fill  = HL_FILL_BOLD;
  settings.grain = 1;
  result         = hl_restore (image, torn, NULL, &settings, NULL, NULL, NULL);
  g_assert_nonnull (result);
  for (int y = 0; y < 60; y++)
    for (int x = 0; x + y < 60; x++)
      {
        const float *at     = result->planes + y * SIDE + x;
        float        change = fabsf (at[SIDE] - at[0]);

        as_it_was += fminf (change, fabsf (change - grain)) < grain / 20;
        n++;
      }
  g_test_message ("%.3f of the grain is as it was", as_it_was / n);
  g_assert_cmpfloat (as_it_was / n, >, 0.9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *gain     = g_strconcat ("/restore/gain/", ways[i].name, NULL);
      g_autofree char *range    = g_strconcat ("/restore/range/", ways[i].name, NULL);
      g_autofree char *evidence = g_strconcat ("/restore/evidence/", ways[i].name, NULL);
      g_autofree char *soft     = g_strconcat ("/restore/soft-mask/", ways[i].name, NULL);

      g_test_add_data_func (gain, &ways[i], test_gain);
      /* What is fitted to the photograph varies with the size of what it is given. */
      if (ways[i].method != HL_METHOD_DEEP && ways[i].method != HL_METHOD_UNTRAINED)
        g_test_add_data_func (soft, &ways[i], test_soft_mask);
      if (ways[i].channels == 1)
        g_test_add_data_func (range, &ways[i], test_range);
      else
        g_test_add_data_func (evidence, &ways[i], test_evidence);
    }
  g_test_add_data_func ("/restore/denoise/sound", GINT_TO_POINTER (FALSE), test_denoise);
  g_test_add_data_func ("/restore/denoise/damaged", GINT_TO_POINTER (TRUE), test_denoise);
  g_test_add_func ("/restore/deep", test_deep_gain);
  g_test_add_func ("/restore/weights", test_weights);
  g_test_add_data_func ("/restore/stop", GINT_TO_POINTER (TRUE), test_stop_and_cancel);
  g_test_add_data_func ("/restore/best-so-far/prior", GINT_TO_POINTER (HL_METHOD_PRIOR),
                        test_best_so_far);
  g_test_add_data_func ("/restore/best-so-far/untrained", GINT_TO_POINTER (HL_METHOD_UNTRAINED),
                        test_best_so_far);
  g_test_add_data_func ("/restore/best-so-far/deep", GINT_TO_POINTER (HL_METHOD_DEEP),
                        test_best_so_far);
  g_test_add_data_func ("/restore/cancel", GINT_TO_POINTER (FALSE), test_stop_and_cancel);
  g_test_add_func ("/restore/refusals", test_refusals);
  g_test_add_func ("/restore/grain-afterwards", test_grain_afterwards);
  g_test_add_func ("/restore/copied-grain", test_copied_grain);
  g_test_add_data_func ("/restore/torn-corner/auto", GINT_TO_POINTER (HL_FILL_AUTO),
                        test_torn_corner);
  g_test_add_data_func ("/restore/torn-corner/bold", GINT_TO_POINTER (HL_FILL_BOLD),
                        test_torn_corner);
  return g_test_run ();
}

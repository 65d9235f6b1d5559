/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deblurring as a part of the whole restoration: with a hole and without, known and found, and
 * what is sharp. */
#include <math.h>
#include <string.h>

#include "restore/blur/sharpen.h"
#include "restore/error.h"
#include "restore/linear_light.h"
#include "restore/restore.h"

#include "discs.h"

#define SIDE 128
#define PIXELS (SIDE * SIDE)
#define CHANNELS 3

/* Disks, bars and a slope. */
static HlImage *
draw_new (void)
{
  HlImage *image = hl_image_new (CHANNELS, SIDE, SIDE, NULL);

  for (int c = 0; c < CHANNELS; c++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++)
        {
          float value = 0.2f + 0.002f * x + 0.05f * c;

          if (hypot (x - 45, y - 50) < 28)
            value = 0.8f - 0.1f * c;
          if (hypot (x - 96, y - 30) < 13)
            value = 0.05f + 0.1f * c;
          if (y > 85 && x > 15 && x < 110 && (x + y) / 6 % 2)
            value += 0.3f;
          image->planes[(c * SIDE + y) * SIDE + x] = value;
        }
  return image;
}

static int
reflect (int i)
{
  return i < 0 ? -1 - i : i < SIDE ? i : 2 * SIDE - 1 - i;
}

/* In light, by a plain sum. */
static HlImage *
blur_new (const HlImage *sharp, const HlPsf *psf)
{
  HlImage *image = hl_image_new (CHANNELS, SIDE, SIDE, NULL);
  int      reach = psf->side / 2;

  for (int c = 0; c < CHANNELS; c++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++)
        {
          double sum = 0;

          for (int j = -reach; j <= reach; j++)
            for (int i = -reach; i <= reach; i++)
              sum += psf->weights[(j + reach) * psf->side + i + reach]
                     * hl_light_decode (
                         sharp->planes[(c * SIDE + reflect (y - j)) * SIDE + reflect (x - i)]);
          /* As an 8-bit file holds it. */
          image->planes[(c * SIDE + y) * SIDE + x] = rint (255 * hl_light_encode (sum)) / 255;
        }
  return image;
}

/* A scratch, and how far each pixel is from it. */
static float
distance (int x, int y)
{
  return fabs (x + 0.3 * y - 75) / hypot (1, 0.3);
}

static float *
scratch (HlImage *image)
{
  float *mask = g_new0 (float, PIXELS);

  for (int i = 0; i < PIXELS; i++)
    if (distance (i % SIDE, i / SIDE) < 2)
      {
        mask[i] = 1;
        for (int c = 0; c < CHANNELS; c++)
          image->planes[c * PIXELS + i] = 1;
      }
  return mask;
}

/* PSNR from @from pixels to @to from the scratch. */
static double
psnr (const HlImage *image, const HlImage *truth, double from, double to)
{
  double sum = 0, n = 0;

  for (int i = 0; i < CHANNELS * PIXELS; i++)
    {
      float d = distance (i % SIDE, i % PIXELS / SIDE);

      if (d >= from && d < to)
        {
          sum += pow (image->planes[i] - truth->planes[i], 2);
          n++;
        }
    }
  return -10 * log10 (sum / n);
}

static HlRestoreSettings
settings_for (HlDeblur deblur, HlDeblurMethod method, const HlPsf *psf)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.deblur        = deblur;
  settings.deblur_method = method;
  settings.psf           = psf;
  settings.threads       = 2;
  return settings;
}

static void
count_progress (double fraction, guint iteration, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

/* The picture gets sharper everywhere, and right beside the scratch no less. */
static void
test_scratched (gconstpointer data)
{
  g_autoptr (GError) error   = NULL;
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autoptr (HlImage) truth  = draw_new ();
  g_autoptr (HlImage) image  = blur_new (truth, psf);
  double            far      = psnr (image, truth, 12, SIDE);
  double            beside   = psnr (image, truth, 2, 7);
  g_autofree float *mask     = scratch (image);
  double            last     = 0;
  HlProgress        control  = { .report = count_progress, .user_data = &last };
  HlRestoreSettings settings = settings_for (HL_DEBLUR_KNOWN, GPOINTER_TO_INT (data), psf);
  g_autoptr (HlImage) result = NULL;
  HlRestoreReport report;

  result = hl_restore (image, mask, NULL, &settings, &control, &report, &error);
  g_assert_no_error (error);
  g_test_message ("%.2f dB, then %.2f dB; beside the scratch %.2f dB, then %.2f dB", far,
                  psnr (result, truth, 12, SIDE), beside, psnr (result, truth, 2, 7));
  g_assert_cmpfloat (psnr (result, truth, 12, SIDE), >, far + 2);
  /* The filter takes what the scratch was filled with for a part of the picture, and loses there.
   */
  g_assert_cmpfloat (psnr (result, truth, 2, 7), >,
                     beside + (settings.deblur_method == HL_DEBLUR_WIENER ? -1 : 7));
  g_assert_cmpfloat (last, ==, 1);
  g_assert_true (report.whole);
  g_assert_cmpstr (report.blur, ==, "disk:2.5");
}

static void
count_results (const HlImage *part, int x, int y, gpointer data)
{
  ++*(int *) data;
}

/* Settings that cannot be met are refused before the repair, which takes long, begins. */
static void
check_early (const HlImage *image, const HlRestoreSettings *settings, int code)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlImage) scratched = hl_image_copy (image, NULL);
  g_autofree float *mask        = scratch (scratched);
  int               results     = 0;
  const HlProgress  control     = { .result = count_results, .user_data = &results };

  g_assert_null (hl_restore (scratched, mask, NULL, settings, &control, NULL, &error));
  g_assert_error (error, HL_ERROR, code);
  g_assert_cmpint (results, ==, 0);
}

/* The report counts what deblurring takes, the denoiser too; an eighth of that is too little for a
 * picture that cannot go in smaller windows, and said. */
static void
test_memory (void)
{
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autoptr (HlImage) image  = draw_new ();
  g_autofree float *none     = g_new0 (float, PIXELS);
  HlRestoreSettings settings = settings_for (HL_DEBLUR_KNOWN, HL_DEBLUR_TV, psf);
  HlRestoreReport   without, with;
  g_autoptr (HlImage) varied = NULL, learned = NULL;

  settings.iterations    = 0;
  settings.threads       = 1;
  varied                 = hl_restore (image, none, NULL, &settings, NULL, &without, NULL);
  settings.deblur_method = HL_DEBLUR_PRIOR;
  learned                = hl_restore (image, none, NULL, &settings, NULL, &with, NULL);
  g_test_message ("%.1f and %.1f MB", without.peak_memory_bytes * 1e-6,
                  with.peak_memory_bytes * 1e-6);
  g_assert_nonnull (varied);
  /* The three pictures before, the planes of the window, and its result. */
  g_assert_cmpuint (without.peak_memory_bytes, >, 33 * PIXELS * sizeof (float));
  /* The network has 48 channels where it is finest. */
  g_assert_cmpuint (with.peak_memory_bytes, >,
                    without.peak_memory_bytes + 48 * PIXELS * sizeof (float));
  settings.memory_limit = with.peak_memory_bytes / 8;
  check_early (image, &settings, HL_ERROR_MEMORY);
}

static void
test_too_large (void)
{
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("gaussian:60", NULL);
  g_autoptr (HlImage) image  = draw_new ();
  HlRestoreSettings settings = settings_for (HL_DEBLUR_KNOWN, HL_DEBLUR_TV, psf);

  check_early (image, &settings, HL_ERROR_SETTING);
}

/* With nothing selected, and the blur not known. */
static void
test_found (void)
{
  const int side             = 256;
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("gaussian:2", NULL);
  g_autoptr (HlImage) truth  = discs_new (CHANNELS, side);
  g_autoptr (HlImage) image  = discs_blur (truth, psf, HL_CURVE_LIGHT, 0.005);
  g_autofree float *none     = g_new0 (float, side *side);
  HlRestoreSettings settings = settings_for (HL_DEBLUR_AUTO, HL_DEBLUR_TV, NULL);
  g_autoptr (HlImage) result = NULL;
  HlRestoreReport report;
  double          before = 0, after = 0;

  result = hl_restore (image, none, NULL, &settings, NULL, &report, NULL);
  g_assert_nonnull (result);
  for (int i = 0; i < CHANNELS * side * side; i++)
    {
      before += pow (image->planes[i] - truth->planes[i], 2);
      after += pow (result->planes[i] - truth->planes[i], 2);
    }
  g_test_message ("%s: %.2f dB", report.blur, 10 * log10 (before / after));
  g_assert_true (report.whole);
  g_assert_true (g_str_has_prefix (report.blur, "gaussian:"));
  g_assert_cmpfloat (after, <, 0.7 * before);
  /* Beside the picture, the window and what it was before, for the halos. */
  g_assert_cmpuint (report.peak_memory_bytes, >, sizeof (float) * 8 * CHANNELS * side * side);
}

/* What is sharp keeps its exact values; the scratch is mended all the same. */
static void
test_sharp (void)
{
  g_autoptr (HlImage) truth  = draw_new ();
  g_autoptr (HlImage) image  = hl_image_copy (truth, NULL);
  g_autofree float *mask     = scratch (image);
  HlRestoreSettings settings = settings_for (HL_DEBLUR_AUTO, HL_DEBLUR_TV, NULL);
  g_autoptr (HlImage) result = NULL;
  HlRestoreReport report;

  result = hl_restore (image, mask, NULL, &settings, NULL, &report, NULL);
  g_assert_nonnull (result);
  g_assert_false (report.whole);
  g_assert_cmpstr (report.blur, ==, "");
  for (int i = 0; i < CHANNELS * PIXELS; i++)
    if (mask[i % PIXELS] == 0)
      g_assert_cmpmem (&result->planes[i], sizeof (float), &truth->planes[i], sizeof (float));
  g_assert_cmpfloat (psnr (result, truth, 0, 2), >, 25);
}

/* Where nothing is selected, a blur that is surely there is undone, if memory suffices for that,
 * and it is not looked for twice. */
static void
test_decided (void)
{
  const int side             = 256;
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autoptr (HlImage) truth  = discs_new (CHANNELS, side);
  g_autoptr (HlImage) image  = discs_blur (truth, psf, HL_CURVE_LIGHT, 0.005);
  g_autofree float *mask     = g_new0 (float, side *side);
  HlRestoreSettings whole    = settings_for (HL_DEBLUR_WHOLE, HL_DEBLUR_TV, NULL);
  HlRestoreSettings settings = whole;
  g_autoptr (HlPsf) found    = NULL;
  g_autoptr (HlImage) result = NULL;
  g_autoptr (GError) error   = NULL;
  HlRestoreReport report;

  /* A line of dust, sharp and not a number, does not pass for detail. */
  for (int i = 0; i < CHANNELS * side * side; i++)
    if (i % side == 100)
      {
        mask[i % (side * side)] = 1;
        image->planes[i]        = NAN;
      }
  g_assert_true (hl_sharpen_decide (&settings, &found, TRUE, image, mask, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_true (g_str_has_prefix (found->name, "disk:2."));
  g_assert_cmpint (settings.deblur, ==, HL_DEBLUR_AUTO);
  g_assert_true (settings.psf == found);
  /* It is taken as it is. */
  g_strlcpy (found->name, "disk:found", HL_PSF_NAME);
  result = hl_restore (image, mask, NULL, &settings, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_true (report.whole);
  g_assert_cmpstr (report.blur, ==, "disk:found");
  g_clear_pointer (&found, hl_psf_free);

  settings              = whole;
  settings.memory_limit = 1 << 20;
  g_assert_true (hl_sharpen_decide (&settings, &found, TRUE, image, mask, NULL, NULL, &error));
  g_assert_null (found);
  g_assert_null (settings.psf);
  g_assert_cmpint (settings.deblur, ==, HL_DEBLUR_NONE);
}

/* Where the damage is sharp, the scan is not blurred, and the photograph stays as soft as it was
 * taken; where the damage is as soft as the photograph, the blur is undone. */
static void
test_damage_tells (void)
{
  const int side            = 256;
  g_autoptr (HlPsf) psf     = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autofree float *mask    = g_new0 (float, side *side);
  g_autoptr (HlImage) first = discs_new (CHANNELS, side), both = NULL, after = NULL;
  HlRestoreSettings settings;

  after = discs_blur (first, psf, HL_CURVE_LIGHT, 0.005);
  for (int i = 0; i < CHANNELS * side * side; i++)
    if (i % side == 100 || i % side == 101)
      first->planes[i] = after->planes[i] = 1;
  both = discs_blur (first, psf, HL_CURVE_LIGHT, 0.005);
  for (int i = 0; i < side * side; i++)
    mask[i] = i % side > 95 && i % side < 106;
  for (int k = 0; k < 2; k++)
    {
      g_autoptr (HlPsf) found = NULL;

      settings = settings_for (HL_DEBLUR_WHOLE, HL_DEBLUR_TV, NULL);
      g_assert_true (
          hl_sharpen_decide (&settings, &found, TRUE, k ? both : after, mask, NULL, NULL, NULL));
      g_assert_cmpint (settings.deblur, ==, k ? HL_DEBLUR_AUTO : HL_DEBLUR_NONE);
    }
}

/* What is selected is mended as it is, and what is sharp stays so. */
static void
test_left (void)
{
  const int side             = 256;
  g_autoptr (HlPsf) psf      = hl_psf_new_from_text ("disk:2.5", NULL);
  g_autoptr (HlImage) truth  = discs_new (CHANNELS, side);
  g_autoptr (HlImage) image  = discs_blur (truth, psf, HL_CURVE_LIGHT, 0.005);
  g_autofree float *mask     = g_new0 (float, side *side);
  HlRestoreSettings settings = settings_for (HL_DEBLUR_WHOLE, HL_DEBLUR_TV, NULL);
  g_autoptr (HlPsf) found    = NULL;

  g_assert_true (hl_sharpen_decide (&settings, &found, FALSE, image, mask, NULL, NULL, NULL));
  g_assert_null (found);
  g_assert_cmpint (settings.deblur, ==, HL_DEBLUR_NONE);
  settings.deblur = HL_DEBLUR_WHOLE;
  g_assert_true (hl_sharpen_decide (&settings, &found, TRUE, truth, mask, NULL, NULL, NULL));
  g_assert_null (found);
  g_assert_cmpint (settings.deblur, ==, HL_DEBLUR_NONE);
  settings.deblur = HL_DEBLUR_KNOWN;
  g_assert_true (hl_sharpen_decide (&settings, &found, TRUE, truth, mask, NULL, NULL, NULL));
  g_assert_cmpint (settings.deblur, ==, HL_DEBLUR_KNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sharpen/scratched/wiener", GINT_TO_POINTER (HL_DEBLUR_WIENER),
                        test_scratched);
  g_test_add_data_func ("/sharpen/scratched/tv", GINT_TO_POINTER (HL_DEBLUR_TV), test_scratched);
  g_test_add_data_func ("/sharpen/scratched/prior", GINT_TO_POINTER (HL_DEBLUR_PRIOR),
                        test_scratched);
  g_test_add_func ("/sharpen/memory", test_memory);
  g_test_add_func ("/sharpen/too-large", test_too_large);
  g_test_add_func ("/sharpen/found", test_found);
  g_test_add_func ("/sharpen/sharp", test_sharp);
  g_test_add_func ("/sharpen/decided", test_decided);
  g_test_add_func ("/sharpen/damage-tells", test_damage_tells);
  g_test_add_func ("/sharpen/left", test_left);
  return g_test_run ();
}

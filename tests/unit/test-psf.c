/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Point spread functions against their definitions, and what their text may be. */

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/blur/psf.h"

static float
at (const HlPsf *psf, int x, int y)
{
  int reach = psf->side / 2;

  if (ABS (x) > reach || ABS (y) > reach)
    return 0;
  return psf->weights[(y + reach) * psf->side + x + reach];
}

static HlPsf *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  HlPsf *psf               = hl_psf_new_from_text (text, &error);
  double sum               = 0;

  g_assert_no_error (error);
  for (int i = 0; i < psf->side * psf->side; i++)
    sum += psf->weights[i];
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  g_assert_cmpint (psf->side % 2, ==, 1);
  return psf;
}

static void
test_gaussian (void)
{
  g_autoptr (HlPsf) psf = parse ("gaussian:1.6");

  for (int y = -4; y <= 4; y++)
    for (int x = -4; x <= 4; x++)
      g_assert_cmpfloat_with_epsilon (at (psf, x, y) / at (psf, 0, 0),
                                      exp (-(x * x + y * y) / (2 * 1.6 * 1.6)), 1e-5);
  g_assert_cmpfloat_with_epsilon (at (psf, 0, 0), 1 / (2 * G_PI * 1.6 * 1.6), 1e-4);
}

static void
test_disk (void)
{
  g_autoptr (HlPsf) whole = parse ("disk:3"), more = parse ("disk:3.25");

  g_assert_cmpfloat_with_epsilon (at (whole, 3, 0) / at (whole, 0, 0), 0.5, 1e-5);
  g_assert_cmpfloat_with_epsilon (at (more, 0, 3) / at (more, 0, 0), 0.75, 1e-5);
  g_assert_cmpfloat (at (whole, 3, 2), ==, 0);
}

static void
test_motion (void)
{
  g_autoptr (HlPsf) across = parse ("motion:9:0"), down = parse ("motion:4.5:90");
  g_autoptr (HlPsf) slant = parse ("motion:9:30");

  g_assert_cmpfloat_with_epsilon (at (across, 4, 0), 1 / 9.0, 1e-5);
  g_assert_cmpfloat (at (across, 0, 1), <, 1e-6);
  g_assert_cmpfloat_with_epsilon (at (down, 0, 2) / at (down, 0, 0), 0.75, 1e-5);
  for (int y = -5; y <= 5; y++)
    for (int x = -5; x <= 5; x++)
      {
        double u = x * cos (G_PI / 6) + y * sin (G_PI / 6);
        double v = y * cos (G_PI / 6) - x * sin (G_PI / 6);

        g_assert_cmpfloat_with_epsilon (at (slant, x, y) / at (slant, 0, 0),
                                        CLAMP (5 - fabs (u), 0, 1) * MAX (1 - fabs (v), 0), 1e-5);
      }
  /* The angle goes from x towards y, which points down. */
  g_assert_cmpfloat (at (slant, 3, 2), >, 0.03);
  g_assert_cmpfloat (at (slant, 3, -2), <, 1e-6);
}

static void
test_aniso (void)
{
  g_autoptr (HlPsf) psf = parse ("aniso:3:1:90");

  g_assert_cmpfloat_with_epsilon (at (psf, 0, 3) / at (psf, 0, 0), exp (-0.5), 1e-5);
  g_assert_cmpfloat_with_epsilon (at (psf, 1, 0) / at (psf, 0, 0), exp (-0.5), 1e-5);
}

static void
test_refusals (void)
{
  const char *bad[] = { "",           "none",         "gaussian",     "gaussian:",    "gaussian:-1",
                        "gaussian:0", "gaussian:x",   "gaussian:1:2", "gaussian:nan", "disk:81",
                        "motion:9",   "motion:900:0", "aniso:1:2",    "aniso:1:99:0", "gauss:1" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (hl_psf_new_from_text (bad[i], &error));
      g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
    }
}

/* No rim of nothing, which would only widen margins. */
static void
test_trimmed (void)
{
  g_autoptr (HlPsf) disk = hl_psf_new_disk (2.5), motion = hl_psf_new_motion (9, 0);

  g_assert_cmpint (disk->side, ==, 5);
  g_assert_cmpint (motion->side, ==, 9);
}

/* The setting's whole range is that of each kind. */
static void
test_range (void)
{
  const char *kinds[]
      = { "gaussian:80", "disk:80", "motion:80:30", "aniso:80:0.1:0", "gaussian:0.1", "disk:0.1" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    hl_psf_free (parse (kinds[i]));
}

/* Off the middle of an even-sized picture: the centre of gravity becomes the middle.  Colours count
 * as their mean; what is transparent is black, whatever its colour. */
static void
test_pixels (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree float *pixels = g_new (float, 12 * 8 * 4);
  g_autoptr (HlPsf) psf    = NULL;

  for (int i = 0; i < 12 * 8 * 4; i++)
    pixels[i] = i % 4 < 3 ? 0.7f : 0;
  g_assert_null (hl_psf_new_from_pixels (pixels, 12, 8, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_INPUT);
  g_clear_error (&error);
  for (int y = 2; y < 5; y++)
    pixels[(y * 12 + 8) * 4 + 3] = 1;
  memcpy (pixels + (2 * 12 + 8) * 4, (float[]) { 1, 0, 0.5 }, 3 * sizeof (float));
  memcpy (pixels + (3 * 12 + 8) * 4, (float[]) { 1, 1, 1 }, 3 * sizeof (float));
  memcpy (pixels + (4 * 12 + 8) * 4, (float[]) { 1, 1, 1, 0.5 }, 4 * sizeof (float));
  psf = hl_psf_new_from_pixels (pixels, 12, 8, &error);
  g_assert_no_error (error);
  g_assert_cmpint (psf->side, ==, 3);
  g_assert_cmpfloat_with_epsilon (at (psf, 0, 0), 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (at (psf, 0, -1), 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (at (psf, 0, 1), 0.25, 1e-6);
  g_assert_cmpfloat (at (psf, 1, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/psf/gaussian", test_gaussian);
  g_test_add_func ("/psf/disk", test_disk);
  g_test_add_func ("/psf/motion", test_motion);
  g_test_add_func ("/psf/aniso", test_aniso);
  g_test_add_func ("/psf/trimmed", test_trimmed);
  g_test_add_func ("/psf/range", test_range);
  g_test_add_func ("/psf/refusals", test_refusals);
  g_test_add_func ("/psf/pixels", test_pixels);
  return g_test_run ();
}

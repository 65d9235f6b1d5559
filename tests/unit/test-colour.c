/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faded colours: the parts against their inverses, and drawn photographs that have faded, have
 * yellowed or have not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/colour/above_grain.h"
#include "restore/colour/colour.h"
#include "restore/colour/density.h"
#include "restore/colour/dyes.h"
#include "restore/colour/measures.h"
#include "restore/colour/symmetric.h"
#include "restore/error.h"

#define W 96
#define H 80
#define PIXELS (W * H)

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static void
test_density (void)
{
  float values[1001], densities[1001];

  for (int i = 0; i <= 1000; i++)
    values[i] = i / 1000.0f;
  hl_density_from_values (values, densities, 1001);
  g_assert_cmpfloat_with_epsilon (densities[0], HL_DENSITY_DARKEST, 1e-3);
  g_assert_cmpfloat_with_epsilon (densities[1000], 0, 1e-6);
  /* The light of 0.5 is 0.21404. */
  g_assert_cmpfloat_with_epsilon (densities[500], -log10 (0.21404), 1e-4);
  hl_density_to_values (densities, densities, 1001);
  for (int i = 0; i <= 1000; i++)
    g_assert_cmpfloat_with_epsilon (densities[i], values[i], 2e-6);

  values[0] = NAN;
  values[1] = -1;
  hl_density_from_values (values, densities, 2);
  g_assert_cmpfloat_with_epsilon (densities[0], HL_DENSITY_DARKEST, 1e-3);
  g_assert_cmpfloat_with_epsilon (densities[1], HL_DENSITY_DARKEST, 1e-3);
}

static void
test_limit (void)
{
  float densities[1201];

  for (int i = 0; i <= 1200; i++)
    densities[i] = -0.2f + i * 0.004f; /* -0.2 to 4.6 */
  hl_density_limit (densities, 1201);
  for (int i = 0; i <= 1200; i++)
    {
      float before = -0.2f + i * 0.004f;

      g_assert_cmpfloat (densities[i], >=, 0);
      g_assert_cmpfloat (densities[i], <=, HL_DENSITY_DARKEST);
      if (before > 0.031f && before < 2.49f)
        g_assert_cmpfloat_with_epsilon (densities[i], before, 1e-6);
      if (i > 0)
        g_assert_cmpfloat (densities[i], >, densities[i - 1]);
    }
}

static void
test_dyes (void)
{
  const double share[3] = { 0.4, 0.75, 0.6 };

  for (int dyes = HL_DYES_PRINT; dyes <= HL_DYES_SLIDE; dyes++)
    {
      double fading[3][3], inverse[3][3], gray[3], found[3];

      hl_dyes_get_fading (dyes, share, fading);
      hl_dyes_get_inverse (dyes, share, inverse);
      for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
          {
            double product = 0;

            for (int k = 0; k < 3; k++)
              product += inverse[i][k] * fading[k][j];
            g_assert_cmpfloat_with_epsilon (product, i == j, 1e-9);
          }
      for (int i = 0; i < 3; i++)
        gray[i] = fading[i][0] + fading[i][1] + fading[i][2];
      hl_dyes_get_share (dyes, gray, found);
      for (int i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon (found[i], share[i], 1e-9);
      /* The dyes absorb where they should not: magenta does not leave red alone, and so on. */
      g_assert_cmpfloat (fabs (fading[1][0]), >, 0.02);
    }
}

static void
test_symmetric (void)
{
  const double root[4][4]
      = { { 2, 0, 0, 0 }, { 1, 3, 0, 0 }, { -1, 0.5, 1, 0 }, { 0.3, 2, -1, 4 } };
  const double truth[2][4] = { { 1, -2, 3, 0.5 }, { 0, 4, -1, 2 } };
  double       a[4][4], b[2][4];

  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      {
        a[i][j] = 0;
        for (int k = 0; k < 4; k++)
          a[i][j] += root[i][k] * root[j][k];
      }
  for (int c = 0; c < 2; c++)
    for (int i = 0; i < 4; i++)
      {
        b[c][i] = 0;
        for (int j = 0; j < 4; j++)
          b[c][i] += a[i][j] * truth[c][j];
      }
  hl_symmetric_solve (a[0], 4, b[0], 2);
  for (int c = 0; c < 2; c++)
    for (int i = 0; i < 4; i++)
      g_assert_cmpfloat_with_epsilon (b[c][i], truth[c][i], 1e-9);
}

/* A scene with a sky, a ground, many small things, some of them gray, black and white.  With
 * @colour 0 all in grays. */
static HlImage *
draw_scene (guint32 seed, double colour)
{
  HlImage *image           = hl_image_new (3, W, H, NULL);
  g_autoptr (GRand) rng    = g_rand_new_with_seed (seed);
  const float sky[3]       = { 0.62f, 0.74f, 0.88f };
  const float ground[2][3] = { { 0.35f, 0.42f, 0.22f }, { 0.48f, 0.40f, 0.32f } };

  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      for (int c = 0; c < 3; c++)
        image->planes[c * PIXELS + y * W + x]
            = y < H / 2 ? sky[c] + 0.2f * y / H : ground[x > W / 3][c] * (0.6f + 0.5f * y / H);
  for (int k = 0; k < 60; k++)
    {
      int    left = g_rand_int_range (rng, 0, W - 12), top = g_rand_int_range (rng, 0, H - 12);
      int    width = g_rand_int_range (rng, 4, 12), height = g_rand_int_range (rng, 4, 12);
      double light  = k < 6 ? 0.02 : k < 12 ? 0.98 : g_rand_double_range (rng, 0.1, 0.9);
      double hue    = g_rand_double_range (rng, 0, 2 * G_PI);
      double strong = k < 30 ? 0 : g_rand_double_range (rng, 0, 0.35);

      for (int y = top; y < top + height; y++)
        for (int x = left; x < left + width; x++)
          for (int c = 0; c < 3; c++)
            {
              double shade = 0.85 + 0.15 * (x - left) / width;
              double value
                  = shade * light * (1 + strong * cos (hue + c * 2 * G_PI / 3)) + 0.01 * (y % 3);

              image->planes[c * PIXELS + y * W + x] = CLAMP (value, 0, 1);
            }
    }
  for (int i = 0; i < PIXELS; i++)
    {
      float *r = &image->planes[i], *g = r + PIXELS, *b = g + PIXELS;
      float  gray = 0.3f * *r + 0.6f * *g + 0.1f * *b;

      *r = gray + colour * (*r - gray);
      *g = gray + colour * (*g - gray);
      *b = gray + colour * (*b - gray);
    }
  return image;
}

/* Faded by the model, exactly. */
static HlImage *
fade (const HlImage *image, const double share[3], const double stain[3])
{
  HlImage *faded = hl_image_copy (image, NULL);
  double   matrix[3][3];

  hl_dyes_get_fading (HL_DYES_PRINT, share, matrix);
  hl_density_from_values (faded->planes, faded->planes, 3 * PIXELS);
  for (int i = 0; i < PIXELS; i++)
    {
      float d[3] = { faded->planes[i], faded->planes[PIXELS + i], faded->planes[2 * PIXELS + i] };

      for (int c = 0; c < 3; c++)
        faded->planes[c * PIXELS + i]
            = matrix[c][0] * d[0] + matrix[c][1] * d[1] + matrix[c][2] * d[2] + stain[c];
    }
  hl_density_to_values (faded->planes, faded->planes, 3 * PIXELS);
  return faded;
}

static double
differ (const HlImage *a, const HlImage *b)
{
  double sum = 0;
  gsize  n   = (gsize) a->channels * a->width * a->height;

  for (gsize i = 0; i < n; i++)
    sum += ((double) a->planes[i] - b->planes[i]) * ((double) a->planes[i] - b->planes[i]);
  return sqrt (sum / n);
}

static HlImage *
restore (const HlImage *image, const HlColour *settings, guint threads, HlColourFit *fit)
{
  HlColourFit unread;
  HlImage    *result       = hl_image_new (image->channels, image->width, image->height, NULL);
  g_autoptr (GError) error = NULL;

  fit = fit ? fit : &unread;
  g_assert_true (hl_colour_estimate (fit, image, NULL, NULL, settings, &error));
  g_assert_no_error (error);
  g_assert_true (hl_colour_apply (fit, image, result, threads, NULL, &error));
  g_assert_no_error (error);
  return result;
}

static const double share[3] = { 0.35, 0.75, 0.6 };
static const double stain[3] = { 0.04, 0.08, 0.25 };

/* With the fading known, the picture comes back, and grays are gray. */
static void
test_inverse (void)
{
  g_autoptr (HlImage) scene  = draw_scene (1, 1);
  g_autoptr (HlImage) faded  = fade (scene, share, stain);
  g_autoptr (HlImage) result = hl_image_new (3, W, H, NULL);
  HlColourFit fit            = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  int         n              = 0;

  memcpy (fit.share, share, sizeof share);
  memcpy (fit.stain, stain, sizeof stain);
  hl_dyes_get_inverse (HL_DYES_PRINT, share, fit.matrix);
  g_assert_true (hl_colour_apply (&fit, faded, result, 1, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    {
      const float *r = &result->planes[i], *was = &scene->planes[i];
      gboolean     is_bent = FALSE;

      for (int c = 0; c < 3; c++)
        is_bent |= was[c * PIXELS] > 0.96f || was[c * PIXELS] < 0.06f;
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (r[c * PIXELS], was[c * PIXELS], is_bent ? 0.03 : 1e-4);
      if (was[0] == was[PIXELS] && was[0] == was[2 * PIXELS] && !is_bent)
        {
          g_assert_cmpfloat_with_epsilon (r[0], r[PIXELS], 1e-5);
          g_assert_cmpfloat_with_epsilon (r[0], r[2 * PIXELS], 1e-5);
          n++;
        }
    }
  g_assert_cmpint (n, >, 100);
}

/* Of a picture that is gray but for its fading: each measure is what the fading says, and in the
 * place where fading.c looks for it. */
static void
test_measures (void)
{
  const int    width = 60, height = 48, pixels = width * height;
  const double slope[3] = { 0.5, 1, 0.8 }, added[3] = { 0.3, 0, 0.1 };
  double       measures[HL_MEASURES], sum[2]        = { 0 };
  float        d[60 * 48], most                     = 0;
  g_autoptr (HlImage) image    = hl_image_new (3, width, height, NULL);
  g_autoptr (GRand) rng        = g_rand_new_with_seed (7);
  g_autoptr (HlSmallCopy) copy = NULL;

  for (int i = 0; i < pixels; i++)
    {
      d[i] = g_rand_double_range (rng, 0.2, 1.6) + (i < pixels / 3 ? 0.4 : 0);
      most = MAX (most, d[i]);
      sum[0] += d[i] / pixels;
      sum[1] += i < pixels / 3 ? 3.0 * d[i] / pixels : 0;
      for (int c = 0; c < 3; c++)
        image->planes[c * pixels + i] = slope[c] * d[i] + added[c];
    }
  hl_density_to_values (image->planes, image->planes, 3 * pixels);
  copy = hl_small_copy_new (image, NULL, NULL, NULL);
  for (int i = 0; i < HL_MEASURES; i++)
    measures[i] = NAN;
  g_assert_true (hl_measures_get (copy, measures, NULL));
  for (int i = 0; i < HL_MEASURES; i++)
    g_assert_true (isfinite (measures[i]));
  for (int c = 0; c < 3; c++)
    {
      /* the darkest of each channel, the changes beside those of green, the upper third */
      g_assert_cmpfloat_with_epsilon (measures[c * 13 + 12], slope[c] * most + added[c], 2e-3);
      g_assert_cmpfloat_with_epsilon (measures[102 + c], 1, 1e-3);
      g_assert_cmpfloat_with_epsilon (measures[107 + c], slope[c] * (sum[1] - sum[0]), 1e-3);
    }
  g_assert_cmpfloat_with_epsilon (measures[105], log (0.5), 1e-3);
  g_assert_cmpfloat_with_epsilon (measures[106], log (0.8), 1e-3);
  g_assert_cmpfloat_with_epsilon (measures[62], 0.5 * most + 0.3, 2e-3);
  qsort (d, pixels, sizeof (float), compare_floats);
  g_assert_cmpfloat_with_epsilon (measures[71], 0.3 - 0.5 * d[pixels / 2], 3e-3);
  g_assert_cmpfloat_with_epsilon (measures[76], 0.1 - 0.2 * d[pixels / 2], 3e-3);
  g_assert_cmpfloat_with_epsilon (measures[79], 0.3 - 0.5 * d[pixels / 12], 5e-3);
}

/* What has faded comes closer to what it was, and auto sees that it has faded. */
static void
test_faded (void)
{
  for (guint32 seed = 1; seed <= 4; seed++)
    {
      g_autoptr (HlImage) scene  = draw_scene (seed, 1);
      g_autoptr (HlImage) faded  = fade (scene, share, stain);
      HlColour settings          = { .kind = HL_COLOUR_PRINT, .strength = 1 };
      g_autoptr (HlImage) result = restore (faded, &settings, 1, NULL);
      HlColourFit fit;

      g_assert_cmpfloat (differ (result, scene), <, 0.6 * differ (faded, scene));
      settings.kind             = HL_COLOUR_SLIDE;
      g_autoptr (HlImage) slide = restore (faded, &settings, 1, &fit);
      g_assert_cmpint (fit.kind, ==, HL_COLOUR_SLIDE);
      g_assert_cmpfloat (differ (slide, result), >, 1e-3);
      settings.kind             = HL_COLOUR_AUTO;
      g_autoptr (HlImage) found = restore (faded, &settings, 1, &fit);
      g_assert_cmpint (fit.kind, ==, HL_COLOUR_PRINT);
      g_assert_cmpfloat (differ (found, scene), <, 0.9 * differ (faded, scene));
    }
}

/* What has not faded keeps its bits: scenes, a sunset, a forest, a leaf, somebody in red before
 * red. */
static void
test_unfaded (void)
{
  const HlColour settings = { .kind = HL_COLOUR_AUTO, .strength = 1 };
  HlColourFit    fit;

  for (int k = 0; k < 7; k++)
    {
      g_autoptr (HlImage) image  = draw_scene (20 + k, 1);
      g_autoptr (HlImage) result = NULL;

      for (int y = 0; y < H && k < 4; y++)
        for (int x = 0; x < W; x++)
          {
            float   *p    = &image->planes[y * W + x];
            double   down = (double) y / H, wave = 0.5 + 0.5 * sin (x * 0.7 + y * 0.9);
            gboolean hill = down > 0.7 + 0.1 * sin (x * 0.1);
            double   sun  = exp (-hypot (x - 60, y - 40) / 14);

            if (k == 0) /* the sunset */
              {
                p[0]          = hill ? 0.03 : MIN (0.45 + 0.5 * down + sun, 1);
                p[PIXELS]     = hill ? 0.02 : MIN (0.25 + 0.35 * down + sun, 1);
                p[2 * PIXELS] = hill ? 0.02 : MIN (0.35 - 0.25 * down + sun, 1);
              }
            else if (k == 1) /* the forest */
              {
                p[0]          = wave * (0.25 + 0.3 * sun);
                p[PIXELS]     = wave * (0.55 + 0.4 * sun);
                p[2 * PIXELS] = wave * wave * (0.15 + 0.2 * sun);
              }
            else if (k == 3) /* a leaf that fills it */
              {
                p[0]          = 0.1 + 0.35 * wave;
                p[PIXELS]     = 0.25 + 0.5 * wave;
                p[2 * PIXELS] = 0.02 + 0.1 * wave;
              }
            else /* red before red, with something white and something black */
              {
                p[0]          = x > 70 ? 0.95 : x > 20 && x < 30 ? 0.02 : 0.5 + 0.4 * wave;
                p[PIXELS]     = x > 70 ? 0.95 : x > 20 && x < 30 ? 0.02 : 0.05 + 0.25 * wave;
                p[2 * PIXELS] = x > 70 ? 0.96 : x > 20 && x < 30 ? 0.02 : 0.08 + 0.22 * wave;
              }
          }
      result = restore (image, &settings, 1, &fit);
      g_test_message ("%d: kind %d, strength %f", k, fit.kind, fit.strength);
      g_assert_cmpmem (result->planes, 3 * PIXELS * sizeof (float), image->planes,
                       3 * PIXELS * sizeof (float));
    }
}

/* A gradient stays one: no two of its 60000 steps become the same, and none is a jump. */
static void
test_gradient (void)
{
  const int n               = 60000;
  g_autoptr (HlImage) scene = draw_scene (3, 1);
  g_autoptr (HlImage) faded = fade (scene, share, stain);
  g_autoptr (HlImage) ramp  = hl_image_new (3, n, 1, NULL);
  g_autoptr (HlImage) out   = hl_image_new (3, n, 1, NULL);
  const HlColour settings   = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  HlColourFit    fit;
  double         most = 0;

  g_assert_true (hl_colour_estimate (&fit, faded, NULL, NULL, &settings, NULL));
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < n; i++)
      ramp->planes[c * n + i] = (i + 0.5f) / n;
  g_assert_true (hl_colour_apply (&fit, ramp, out, 1, NULL, NULL));
  for (int c = 0; c < 3; c++)
    for (int i = 1; i < n; i++)
      {
        double step = (double) out->planes[c * n + i] - out->planes[c * n + i - 1];

        g_assert_cmpfloat (out->planes[c * n + i], >=, 0);
        g_assert_cmpfloat (out->planes[c * n + i], <=, 1);
        if (i > 8) /* over eight steps, as one is near what a float can hold */
          g_assert_cmpfloat (out->planes[c * n + i], >, out->planes[c * n + i - 8]);
        most = MAX (most, step);
      }
  g_assert_cmpfloat (most, <, 4.0 / n);
}

/* Strength 0 and kind none keep the bits; half the strength lies between. */
static void
test_strength (void)
{
  g_autoptr (HlImage) scene = draw_scene (4, 1);
  g_autoptr (HlImage) faded = fade (scene, share, stain);
  HlColour settings         = { .kind = HL_COLOUR_PRINT, .strength = 0 };
  g_autoptr (HlImage) none  = restore (faded, &settings, 1, NULL);

  g_assert_cmpmem (none->planes, 3 * PIXELS * sizeof (float), faded->planes,
                   3 * PIXELS * sizeof (float));
  settings.strength        = 1;
  g_autoptr (HlImage) full = restore (faded, &settings, 1, NULL);
  settings.strength        = 0.5;
  g_autoptr (HlImage) half = restore (faded, &settings, 1, NULL);
  g_assert_cmpfloat (differ (half, faded), >, 0.2 * differ (full, faded));
  g_assert_cmpfloat (differ (half, full), >, 0.2 * differ (full, faded));
  g_assert_cmpfloat (differ (half, full), <, 0.8 * differ (full, faded));
  settings.kind           = HL_COLOUR_NONE;
  g_autoptr (HlImage) off = restore (faded, &settings, 1, NULL);
  g_assert_cmpmem (off->planes, 3 * PIXELS * sizeof (float), faded->planes,
                   3 * PIXELS * sizeof (float));
}

/* The same bits with any number of threads; what is no number stays so. */
static void
test_threads (void)
{
  for (int kind = HL_COLOUR_PRINT; kind <= HL_COLOUR_GRAY; kind++)
    {
      g_autoptr (HlImage) scene = draw_scene (5, 1);
      g_autoptr (HlImage) faded = fade (scene, share, stain);
      const HlColour settings   = { .kind = kind, .strength = 1, .noise_level = 0.02 };

      faded->planes[7 * W + 9]       = NAN;
      faded->planes[PIXELS + 40 * W] = INFINITY;
      g_autoptr (HlImage) one        = restore (faded, &settings, 1, NULL);
      g_autoptr (HlImage) three      = restore (faded, &settings, 3, NULL);

      g_assert_cmpmem (one->planes, 3 * PIXELS * sizeof (float), three->planes,
                       3 * PIXELS * sizeof (float));
      g_assert_true (isnan (one->planes[7 * W + 9]));
      g_assert_true (isinf (one->planes[PIXELS + 40 * W]));
      for (int i = 0; i < 3 * PIXELS; i++)
        if (i != 7 * W + 9 && i != PIXELS + 40 * W)
          g_assert_true (isfinite (one->planes[i]));
    }
}

/* A gray print that has yellowed, more at one corner. */
static HlImage *
draw_yellowed (guint32 seed)
{
  const double even[3] = { 0.7, 0.7, 0.7 }, none[3] = { 0 };
  g_autoptr (HlImage) scene = draw_scene (seed, 0);
  HlImage *old              = fade (scene, even, none);

  hl_density_from_values (old->planes, old->planes, 3 * PIXELS);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        double yellow = 0.25 + 0.12 * x / W + 0.08 * y / H;

        old->planes[y * W + x] += 0.1 * yellow;
        old->planes[PIXELS + y * W + x] += 0.35 * yellow;
        old->planes[2 * PIXELS + y * W + x] += yellow;
      }
  hl_density_to_values (old->planes, old->planes, 3 * PIXELS);
  return old;
}

/* The deviation and the mean of blue - red. */
static void
measure_tone (const HlImage *image, double *mean, double *deviation)
{
  double sum = 0, square = 0;

  for (int i = 0; i < PIXELS; i++)
    {
      double tone = image->planes[i] - image->planes[2 * PIXELS + i];

      sum += tone / PIXELS;
      square += tone * tone / PIXELS;
    }
  *mean      = sum;
  *deviation = sqrt (MAX (square - sum * sum, 0));
}

static void
test_gray (void)
{
  g_autoptr (HlImage) scene = draw_scene (6, 0);
  g_autoptr (HlImage) old   = draw_yellowed (6);
  HlColour    settings      = { .kind = HL_COLOUR_AUTO, .strength = 1 };
  HlColourFit fit;
  double      was[2], mean, deviation, kept;

  measure_tone (old, &was[0], &was[1]);
  g_assert_cmpfloat (was[0], >, 0.1);
  g_autoptr (HlImage) neutral = restore (old, &settings, 1, &fit);
  g_assert_cmpint (fit.kind, ==, HL_COLOUR_GRAY);
  for (int i = 0; i < PIXELS; i++)
    {
      g_assert_cmpfloat_with_epsilon (neutral->planes[i], neutral->planes[PIXELS + i], 1e-6);
      g_assert_cmpfloat_with_epsilon (neutral->planes[i], neutral->planes[2 * PIXELS + i], 1e-6);
    }
  settings.kind                = HL_COLOUR_GRAY;
  g_autoptr (HlImage) contrast = restore (old, &settings, 1, NULL);
  g_assert_cmpfloat (differ (contrast, scene), <, 0.5 * differ (old, scene));

  settings.tone            = HL_TONE_KEEP;
  g_autoptr (HlImage) keep = restore (old, &settings, 1, NULL);
  measure_tone (keep, &mean, &kept);
  g_assert_cmpfloat (mean, >, 0.7 * was[0]);
  settings.tone            = HL_TONE_EVEN;
  g_autoptr (HlImage) even = restore (old, &settings, 1, NULL);
  measure_tone (even, &mean, &deviation);
  g_assert_cmpfloat (mean, >, 0.7 * was[0]);

  /* One gray all over, yellowed alike, has tones that differ, and no longer do. */
  {
    g_autoptr (HlImage) ramp = hl_image_new (3, W, H, NULL);
    g_autoptr (HlImage) out  = hl_image_new (3, W, H, NULL);

    g_assert_true (hl_colour_estimate (&fit, old, NULL, NULL, &settings, NULL));
    for (int i = 0; i < PIXELS; i++)
      {
        double yellow = 0.25 + 0.12 * (i % W) / W + 0.08 * (i / W) / H;
        float  d[3]   = { 0.5 + 0.1 * yellow, 0.5 + 0.35 * yellow, 0.5 + yellow };

        hl_density_to_values (d, d, 3);
        for (int c = 0; c < 3; c++)
          ramp->planes[c * PIXELS + i] = d[c];
      }
    g_assert_true (hl_colour_apply (&fit, ramp, out, 1, NULL, NULL));
    measure_tone (ramp, &mean, &kept);
    measure_tone (out, &mean, &deviation);
    g_assert_cmpfloat (deviation, <, 0.35 * kept);
  }
}

/* Of one hue, but not that of old paper: a pink morning, and something brown in the night. */
static void
test_hues (void)
{
  const HlColour settings = { .kind = HL_COLOUR_AUTO, .strength = 1 };
  HlColourFit    fit;

  for (int k = 0; k < 3; k++)
    {
      g_autoptr (HlImage) image  = draw_scene (9, 0);
      g_autoptr (HlImage) result = NULL;
      float *p                   = image->planes;

      hl_density_from_values (p, p, 3 * PIXELS);
      for (int i = 0; i < PIXELS; i++)
        {
          float d = k == 2 && i % W > 20 ? 2.3f : CLAMP (p[PIXELS + i], 0.05f, 2);

          p[i]              = d - 0.16f;
          p[PIXELS + i]     = d;
          p[2 * PIXELS + i] = d + (k == 1 ? 0.06f : 0.25f);
        }
      hl_density_to_values (p, p, 3 * PIXELS);
      result = restore (image, &settings, 1, &fit);
      if (k == 0) /* old paper */
        g_assert_cmpint (fit.kind, ==, HL_COLOUR_GRAY);
      else
        g_assert_cmpint (fit.kind, !=, HL_COLOUR_GRAY);
    }
}

/* Without anything near paper white, its tone may be that of the scene: only a person can tell. */
static void
test_sand (void)
{
  g_autoptr (HlImage) sand = draw_yellowed (6);
  HlColour    settings     = { .kind = HL_COLOUR_AUTO, .strength = 1 };
  HlColourFit fit;

  g_assert_true (hl_colour_estimate (&fit, sand, NULL, NULL, &settings, NULL));
  g_assert_cmpint (fit.kind, ==, HL_COLOUR_GRAY);
  hl_density_from_values (sand->planes, sand->planes, 3 * PIXELS);
  for (int i = 0; i < 3 * PIXELS; i++)
    sand->planes[i] += 0.4f;
  hl_density_to_values (sand->planes, sand->planes, 3 * PIXELS);
  g_assert_true (hl_colour_estimate (&fit, sand, NULL, NULL, &settings, NULL));
  g_assert_cmpint (fit.kind, !=, HL_COLOUR_GRAY);
  settings.kind = HL_COLOUR_GRAY;
  g_assert_true (hl_colour_estimate (&fit, sand, NULL, NULL, &settings, NULL));
  g_assert_cmpint (fit.kind, ==, HL_COLOUR_GRAY);
}

/* A photograph of one channel has contrast to be restored, and nothing else. */
static void
test_one_channel (void)
{
  g_autoptr (HlImage) scene = draw_scene (7, 0);
  g_autoptr (HlImage) one   = hl_image_new (1, W, H, NULL);
  g_autoptr (HlImage) faded = hl_image_new (1, W, H, NULL);
  HlColour settings         = { .kind = HL_COLOUR_GRAY, .strength = 1 };

  memcpy (one->planes, scene->planes, PIXELS * sizeof (float));
  hl_density_from_values (one->planes, faded->planes, PIXELS);
  for (int i = 0; i < PIXELS; i++)
    faded->planes[i] = 0.5f * faded->planes[i] + 0.15f;
  hl_density_to_values (faded->planes, faded->planes, PIXELS);
  g_autoptr (HlImage) result = restore (faded, &settings, 1, NULL);
  g_assert_cmpfloat (differ (result, one), <, 0.6 * differ (faded, one));
  settings.kind             = HL_COLOUR_AUTO;
  g_autoptr (HlImage) sound = restore (one, &settings, 1, NULL);
  g_assert_cmpmem (sound->planes, PIXELS * sizeof (float), one->planes, PIXELS * sizeof (float));
}

/* How far a gray of the scene is from gray. */
static double
get_cast (const HlImage *image, int at)
{
  const float *p = &image->planes[at];

  return fabs (p[0] - p[PIXELS]) + fabs (p[2 * PIXELS] - p[PIXELS]);
}

/* Two patches of the scene that are gray, and where they are. */
static HlColourPoints
draw_grays (HlImage *scene)
{
  HlColourPoints points = { 2, { { 20.5, 20.5 }, { 70.5, 60.5 } } };

  for (int k = 0; k < 2; k++)
    for (int y = -3; y <= 3; y++)
      for (int x = -3; x <= 3; x++)
        for (int c = 0; c < 3; c++)
          scene->planes[c * PIXELS + (20 + 40 * k + y) * W + 20 + 50 * k + x] = k ? 0.35f : 0.7f;
  return points;
}

/* What should be gray becomes so, wherever the estimate had led. */
static void
test_points (void)
{
  g_autoptr (HlImage) scene   = draw_scene (8, 1);
  HlColourPoints points       = draw_grays (scene);
  HlColour       settings     = { .kind = HL_COLOUR_AUTO, .strength = 1 };
  g_autoptr (HlImage) faded   = fade (scene, share, stain);
  g_autoptr (HlImage) without = restore (faded, &settings, 1, NULL);

  settings.neutral         = points;
  g_autoptr (HlImage) with = restore (faded, &settings, 1, NULL);
  for (int k = 0; k < 2; k++)
    {
      int at = (20 + 40 * k) * W + 20 + 50 * k;

      g_assert_cmpfloat (get_cast (with, at), <, 0.025);
      g_assert_cmpfloat (get_cast (faded, at), >, 0.06);
      g_assert_cmpfloat (get_cast (with, at), <, 0.5 * get_cast (without, at) + 0.005);
    }
  g_assert_cmpfloat (differ (with, scene), <, differ (without, scene));
  /* Nor must it be one that only a stain below 0 would make gray. */
  {
    const double green_left[3] = { 0.95, 0.6, 0.8 }, no_green[3] = { 0.12, 0, 0.16 };
    g_autoptr (HlImage) other = fade (scene, green_left, no_green);
    g_autoptr (HlImage) gray  = restore (other, &settings, 1, NULL);

    for (int k = 0; k < 2; k++)
      g_assert_cmpfloat (get_cast (gray, (20 + 40 * k) * W + 20 + 50 * k), <, 0.035);
  }
}

/* A point stands for the middle value of what is around it: no speck decides, nor what is damaged
 * or transparent. */
static void
test_look (void)
{
  g_autoptr (HlImage) scene     = draw_scene (8, 1);
  HlColourPoints points         = draw_grays (scene);
  float          target[PIXELS] = { 0 };
  guint8         source[PIXELS];
  double         clean[2][3], found[2][3];
  guint          n;

  memset (source, 1, sizeof source);
  g_assert_true (hl_colour_points_look (&points, scene, NULL, NULL, clean, &n, NULL));
  g_assert_cmpuint (n, ==, 2);
  for (int k = 0; k < 2; k++)
    for (int c = 0; c < 3; c++)
      {
        float value = k ? 0.35f : 0.7f, density;

        hl_density_from_values (&value, &density, 1);
        g_assert_cmpfloat_with_epsilon (clean[k][c], density, 1e-6);
      }
  /* A speck, the damage beside it that is marked, and what is marked as saying nothing. */
  scene->planes[20 * W + 20] = 1;
  scene->planes[20 * W + 21] = NAN;
  for (int x = 17; x <= 19; x++)
    for (int y = 17; y <= 24; y++)
      {
        scene->planes[PIXELS + y * W + x] = 0;
        target[y * W + x]                 = x < 19;
        source[y * W + x]                 = x < 19;
      }
  g_assert_true (hl_colour_points_look (&points, scene, target, source, found, &n, NULL));
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpmem (found, sizeof found, clean, sizeof clean);
  /* The first point has nothing sound around it. */
  memset (source, 0, 40 * W);
  g_assert_true (hl_colour_points_look (&points, scene, target, source, found, &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpmem (found[0], sizeof found[0], clean[1], sizeof clean[1]);
}

static void
test_points_text (void)
{
  const char *const wrong[] = { "1", "1,", ",2", "1,2,3", "1;2", "-1,2", "1,nan", "1,2 x" };
  HlColourPoints    points;
  g_autoptr (HlImage) scene = draw_scene (8, 1);
  g_autofree char *text     = NULL;
  g_autoptr (GString) many  = g_string_new (NULL);
  HlColour    settings      = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  HlColourFit fit;

  g_assert_true (hl_colour_points_parse (&points, " 12.26,7; 90,0.5 3,4;", NULL));
  g_assert_cmpuint (points.n, ==, 3);
  g_assert_cmpfloat (points.at[0].x, ==, 12.26);
  g_assert_cmpfloat (points.at[1].y, ==, 0.5);
  text = hl_colour_points_format (&points);
  g_assert_cmpstr (text, ==, "12.3,7.0;90.0,0.5;3.0,4.0");
  g_assert_true (hl_colour_points_parse (&points, "", NULL));
  g_assert_cmpuint (points.n, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (hl_colour_points_parse (&points, wrong[i], &error));
      g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
    }
  for (int i = 0; i <= HL_COLOUR_MOST_POINTS; i++)
    {
      g_assert_true (hl_colour_points_parse (&points, many->str, NULL));
      g_string_append (many, "1,1 ");
    }
  g_assert_false (hl_colour_points_parse (&points, many->str, NULL));

  g_assert_true (hl_colour_points_parse (&settings.neutral, "95,79", NULL));
  g_assert_true (hl_colour_estimate (&fit, scene, NULL, NULL, &settings, NULL));
  for (int k = 0; k < 2; k++)
    {
      g_autoptr (GError) error = NULL;

      hl_colour_points_parse (&settings.neutral, k ? "96,79" : "95,80", NULL);
      g_assert_false (hl_colour_estimate (&fit, scene, NULL, NULL, &settings, &error));
      g_assert_error (error, HL_ERROR, HL_ERROR_SETTING);
    }
}

/* A border of bare paper says what became of white. */
static void
test_border (void)
{
  g_autoptr (HlImage) scene = draw_scene (9, 1);
  const double   much[3]    = { 0.12, 0.05, 0.35 };
  const HlColour settings   = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  HlColourFit    fit;

  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      if (x < 6 || y < 6 || x >= W - 6 || y >= H - 6)
        for (int c = 0; c < 3; c++)
          scene->planes[c * PIXELS + y * W + x] = 1;
  g_autoptr (HlImage) faded  = fade (scene, share, much);
  g_autoptr (HlImage) result = restore (faded, &settings, 1, &fit);
  for (int c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (fit.stain[c], much[c], 0.03);
  g_assert_cmpfloat (get_cast (result, 2 * W + 2), <, 0.03);
}

/* Grain in a flat place is not raised with the colours, an edge is. */
static void
test_grain (void)
{
  const double noise        = 0.02;
  g_autoptr (HlImage) scene = draw_scene (10, 1);
  g_autoptr (GRand) rng     = g_rand_new_with_seed (1);
  HlColourFit fit           = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  double      spread[2]     = { 0 }, edge[2];

  fit.share[0] = fit.share[1] = fit.share[2] = 0.4;
  hl_dyes_get_inverse (HL_DYES_PRINT, fit.share, fit.matrix);
  for (int i = 0; i < 3 * PIXELS; i++)
    {
      double grain = 0;

      for (int k = 0; k < 12; k++)
        grain += g_rand_double (rng) - 0.5;
      scene->planes[i] = (i % W < W / 2 ? 0.75 : 0.60) + noise * grain;
    }
  for (int guard = 0; guard < 2; guard++)
    {
      g_autoptr (HlImage) out = hl_image_new (3, W, H, NULL);
      double left = 0, right = 0, square = 0;

      fit.noise_level = guard ? noise : 0;
      g_assert_true (hl_colour_apply (&fit, scene, out, 1, NULL, NULL));
      for (int y = 0; y < H; y++)
        {
          left += out->planes[y * W + W / 2 - 2] / H;
          right += out->planes[y * W + W / 2 + 1] / H;
          for (int x = 4; x < W / 2 - 4; x++)
            square += pow (out->planes[y * W + x] - out->planes[y * W + x + 1], 2);
        }
      spread[guard] = sqrt (square);
      edge[guard]   = left - right;
    }
  g_assert_cmpfloat (spread[1], <, 0.7 * spread[0]);
  g_assert_cmpfloat (edge[1], >, 0.8 * edge[0]);
}

static void
test_refusals (void)
{
  g_autoptr (HlImage) scene       = draw_scene (11, 1);
  g_autoptr (HlImage) result      = hl_image_new (3, W, H, NULL);
  g_autofree float *target        = g_new (float, PIXELS);
  g_autoptr (GError) error        = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  const HlColour settings         = { .kind = HL_COLOUR_PRINT, .strength = 1 };
  HlColourFit    fit;

  for (int i = 0; i < PIXELS; i++)
    target[i] = 1;
  g_assert_false (hl_colour_estimate (&fit, scene, target, NULL, &settings, &error));
  g_assert_error (error, HL_ERROR, HL_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_true (hl_colour_estimate (&fit, scene, NULL, NULL, &settings, &error));
  g_cancellable_cancel (cancel);
  g_assert_false (hl_colour_apply (&fit, scene, result, 1, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colour/density", test_density);
  g_test_add_func ("/colour/limit", test_limit);
  g_test_add_func ("/colour/dyes", test_dyes);
  g_test_add_func ("/colour/symmetric", test_symmetric);
  g_test_add_func ("/colour/inverse", test_inverse);
  g_test_add_func ("/colour/measures", test_measures);
  g_test_add_func ("/colour/faded", test_faded);
  g_test_add_func ("/colour/unfaded", test_unfaded);
  g_test_add_func ("/colour/gradient", test_gradient);
  g_test_add_func ("/colour/strength", test_strength);
  g_test_add_func ("/colour/threads", test_threads);
  g_test_add_func ("/colour/gray", test_gray);
  g_test_add_func ("/colour/hues", test_hues);
  g_test_add_func ("/colour/sand", test_sand);
  g_test_add_func ("/colour/one-channel", test_one_channel);
  g_test_add_func ("/colour/points", test_points);
  g_test_add_func ("/colour/look", test_look);
  g_test_add_func ("/colour/points-text", test_points_text);
  g_test_add_func ("/colour/border", test_border);
  g_test_add_func ("/colour/grain", test_grain);
  g_test_add_func ("/colour/refusals", test_refusals);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All settings together, on tiny pictures that hold anything a float layer may hold: either
 * a clear message, or a picture in which nothing changed outside the mask, and which is a
 * number wherever it was mended. */
#include "input.h"

#include "denoiser.h"
#include "restore/restore.h"

/* Weights of a network small enough to be quick, written once. */
static const char *
get_weights (void)
{
  const char *path = get_temporary ();
  GStatBuf    there;

  if (g_stat (path, &there) == 0 && there.st_size == 0)
    {
      const RandomWeights config = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
      g_autoptr (GBytes) bytes   = random_weights_new (&config);

      g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                          g_bytes_get_size (bytes), NULL));
    }
  return path;
}

static void
take_settings (Input *input, const HlPsf *psf, HlRestoreSettings *settings)
{
  static const double levels[] = { 0, 0.01, 0.4, 0.41, -1, NAN, INFINITY, 1e-30 };

  hl_restore_settings_init (settings);
  settings->method        = take (input) % 16 == 15 ? 7 : take (input) % 4;
  settings->weights       = get_weights ();
  settings->denoise       = take (input) % 4 == 0;
  settings->grain         = take (input) % 5 ? levels[take (input) % 8] : 1;
  settings->iterations    = take (input) % 16 == 15 ? 30000 : take (input) % 3;
  settings->auto_noise    = take (input) % 2;
  settings->noise_level   = levels[take (input) % 8];
  settings->deblur        = take (input) % 4 == 0 ? HL_DEBLUR_KNOWN : HL_DEBLUR_NONE;
  settings->deblur_method = take (input) % 3;
  settings->psf           = settings->deblur ? psf : NULL;
  settings->seed          = take_number (input, 0, 65535);
  settings->threads       = take (input) % 16 == 15 ? 99 : 1 + take (input) % 2;
  settings->memory_limit  = take (input) % 16 == 15 ? take_number (input, 1, 60000) * 20 : 0;
}

static void
check_result (const HlImage *before, const HlImage *after, const float *mask,
              const guint8 *evidence, gboolean whole)
{
  gsize pixels = (gsize) before->width * before->height;

  for (int c = 0; c < before->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      {
        gsize    at      = c * pixels + i;
        gboolean changes = mask[i] > 0 || (whole && (!evidence || evidence[i]));

        if (!changes)
          g_assert_cmpmem (&after->planes[at], 4, &before->planes[at], 4);
        else
          g_assert_true (isfinite (after->planes[at]));
      }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Input              input = { data, data + size };
  Shape              shape = take_shape (&input, 700, 40);
  int                width = shape.width, height = shape.height;
  gboolean           with_evidence = take (&input) % 2;
  HlRestoreSettings  settings;
  HlRestoreReport    report;
  g_autofree float  *mask      = NULL;
  g_autofree guint8 *evidence  = NULL;
  g_autoptr (GError) error     = NULL;
  g_autoptr (HlImage) image    = NULL;
  g_autoptr (HlImage) restored = NULL;
  g_autoptr (HlPsf) psf        = NULL;

  psf = hl_psf_new_motion (1 + take (&input) / 16.0, take (&input));
  take_settings (&input, psf, &settings);
  mask = take_mask (&input, width, height);
  if (with_evidence)
    {
      guint8 step = 2 + take (&input) % 64;

      evidence = g_new (guint8, (gsize) width * height);
      for (int i = 0; i < width * height; i++)
        evidence[i] = i % step > 0;
    }
  image    = take_image (&input, width, height);
  restored = hl_restore (image, mask, evidence, &settings, NULL, &report, &error);
  g_assert_true ((restored == NULL) == (error != NULL));
  if (restored)
    check_result (image, restored, mask, evidence, report.whole);
  else
    g_assert_cmpuint (strlen (error->message), >, 10);
  return 0;
}

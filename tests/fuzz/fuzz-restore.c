/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All settings together, on tiny pictures that hold anything a float layer may hold, cancelled or
 * stopped at any time: either a clear message, or a picture in which nothing changed outside the
 * mask, and which is a number wherever it was mended; and so is what was told on the way. */
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

/* Who follows a restoration, and how it is to end. */
typedef struct
{
  const HlImage *image;
  const float   *mask;
  GCancellable  *end; /* cancelled at that progress */
  double         at, last;
} Follower;

static void
follow (double fraction, guint iteration, gpointer data)
{
  Follower *follower = data;

  g_assert_cmpfloat (fraction, >=, follower->last);
  g_assert_cmpfloat (fraction, <, 1.001);
  follower->last = fraction;
  if (fraction >= follower->at)
    g_cancellable_cancel (follower->end);
}

static void
look (const HlImage *part, int x, int y, gpointer data)
{
  const Follower *follower = data;
  const HlImage  *image    = follower->image;

  g_assert_cmpint (part->channels, ==, image->channels);
  g_assert_true (x >= 0 && y >= 0 && part->width > 0 && part->height > 0);
  g_assert_cmpint (x + part->width, <=, image->width);
  g_assert_cmpint (y + part->height, <=, image->height);
  for (int i = 0; i < part->width * part->height; i++)
    if (follower->mask[(y + i / part->width) * image->width + x + i % part->width] > 0)
      for (int c = 0; c < part->channels; c++)
        g_assert_true (isfinite (part->planes[c * part->width * part->height + i]));
}

static void
take_settings (Input *input, const HlPsf *psf, HlRestoreSettings *settings)
{
  static const double levels[] = { 0, 0.01, 0.4, 0.41, -1, NAN, INFINITY, 1e-30 };
  guint8              blur;

  hl_restore_settings_init (settings);
  settings->method        = take (input) % 16 == 15 ? 7 : take (input) % 4;
  settings->weights       = get_weights ();
  settings->denoise       = take (input) % 4 == 0;
  settings->grain         = take (input) % 5 ? levels[take (input) % 8] : 1;
  settings->iterations    = take (input) % 16 == 15 ? 30000 : take (input) % 3;
  settings->auto_noise    = take (input) % 2;
  settings->noise_level   = levels[take (input) % 8];
  blur                    = take (input);
  settings->deblur        = blur % 4 == 0    ? HL_DEBLUR_KNOWN
                            : blur % 16 == 5 ? HL_DEBLUR_AUTO
                                             : HL_DEBLUR_NONE;
  settings->deblur_method = take (input) % 3;
  settings->psf           = settings->deblur == HL_DEBLUR_KNOWN ? psf : NULL;
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

        /* What is not a number is carried through where it is not marked. */
        if (!changes || (mask[i] <= 0 && !isfinite (before->planes[at])))
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
  guint8             ways          = take (&input); /* evidence, how to end, and when */
  gboolean           with_evidence = ways % 2;
  gboolean           is_cancelled = ways / 2 % 4 == 1, is_stopped = ways / 2 % 4 == 2;
  HlRestoreSettings  settings;
  HlRestoreReport    report;
  g_autofree float  *mask      = NULL;
  g_autofree guint8 *evidence  = NULL;
  g_autoptr (GError) error     = NULL;
  g_autoptr (HlImage) image    = NULL;
  g_autoptr (HlImage) restored = NULL;
  g_autoptr (HlPsf) psf        = NULL;
  g_autoptr (GCancellable) end = g_cancellable_new ();
  Follower   follower          = { .end = end, .at = ways / 8 / 31.0 - 0.01 };
  HlProgress control           = { .cancel    = is_cancelled ? end : NULL,
                                   .stop      = is_stopped ? end : NULL,
                                   .report    = follow,
                                   .result    = look,
                                   .user_data = &follower };

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
  image          = take_image (&input, width, height);
  follower.image = image;
  follower.mask  = mask;
  if (follower.at < 0)
    g_cancellable_cancel (end);
  restored = hl_restore (image, mask, evidence, &settings, &control, &report, &error);
  g_assert_true ((restored == NULL) == (error != NULL));
  g_assert_false (restored && is_cancelled && follower.at < 0);
  if (restored)
    check_result (image, restored, mask, evidence, report.whole);
  else
    g_assert_cmpuint (strlen (error->message), >, 10);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blurs as they are written and drawn, and what undoes them, with little memory and cancelled
 * midway: pictures of any size and with any holes stay finite, or as they were. */
#include "input.h"

#include "denoiser.h"
#include "restore/blur/deblur_auto.h"

/* Of a network small enough to be quick. */
static HlWeights *
weights_new (void)
{
  const RandomWeights config = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  g_autoptr (GBytes) bytes   = random_weights_new (&config);

  return hl_weights_new_from_bytes (bytes, "fuzz", NULL);
}

static void
cancel_midway (double fraction, guint iteration, gpointer data)
{
  if (fraction > 0.4)
    g_cancellable_cancel (data);
}

static HlPsf *
take_psf (Input *input)
{
  guint8 kind = take (input);
  double a = take_number (input, 0, 60000) / 900.0 - 1, b = take_number (input, 0, 720) - 360.0;
  g_autofree char *text = NULL;

  if (kind % 8 == 7)
    {
      int               width = take_number (input, 1, 12), height = take_number (input, 1, 300);
      g_autofree float *pixels = g_new (float, width *height * 4);

      for (int i = 0; i < width * height * 4; i++)
        pixels[i] = take_value (input);
      return hl_psf_new_from_pixels (pixels, width, height, NULL);
    }
  switch (kind % 8)
    {
    case 0:
    case 1:
    case 4:
      text = g_strdup_printf ("%s:%g", kind % 8 == 0 ? "gaussian" : kind % 8 == 1 ? "disk" : "", a);
      break;
    case 2:
      text = g_strdup_printf ("motion:%g:%g", a, b);
      break;
    case 3:
      text = g_strdup_printf ("aniso:%g:%g:%g", a, b / 60, b);
      break;
    default:
      text = g_strndup ((const char *) input->at, MIN (input->end - input->at, 40));
    }
  return hl_psf_new_from_text (text, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Input input               = { data, data + size };
  g_autoptr (HlPsf) psf     = take_psf (&input);
  int        thin           = take (&input) % 4;
  int        width          = thin == 2 ? 1u + take (&input) % 7 : take_number (&input, 1, 60);
  int        height         = thin == 1 ? 1u + take (&input) % 7 : take_number (&input, 1, 60);
  HlProgress control        = { 0 };
  g_autoptr (HlImage) image = NULL, before = NULL;
  g_autofree float *mask         = NULL;
  g_autoptr (HlWeights) weights  = NULL;
  g_autoptr (HlPool) pool        = NULL;
  g_autoptr (HlPsf) found        = NULL;
  g_autoptr (GCancellable) ended = g_cancellable_new ();
  g_autoptr (GError) error       = NULL;
  HlDeblurTask task              = { .psf = psf };
  guint8       method, ways;
  gboolean     done;

  if (!psf || psf->side > MIN (width, height))
    return 0;
  method      = take (&input);
  task.method = method % 2 ? HL_DEBLUR_WIENER : method % 8 == 6 ? HL_DEBLUR_PRIOR : HL_DEBLUR_TV;
  if (task.method == HL_DEBLUR_PRIOR)
    {
      task.weights = weights = weights_new ();
      task.pool = pool = hl_pool_new (1);
    }
  ways            = take (&input);
  task.curve      = ways % 2 ? HL_CURVE_LIGHT : HL_CURVE_VALUES;
  task.find_curve = ways / 32 % 2;
  if (ways / 2 % 4 == 3)
    control = (HlProgress) { .cancel = ended, .report = cancel_midway, .user_data = ended };
  task.memory_limit = ways / 8 % 4 == 3 ? ways * 20000 : 0;
  task.noise_level  = take (&input) / 600.0;
  image             = hl_image_new (take (&input) % 2 ? 3 : 1, width, height, NULL);
  mask              = take_mask (&input, width, height);
  for (int i = 0; i < width * height; i++)
    {
      float value = take (&input) / 255.0f;

      mask[i] = mask[i] > 0 ? 0 : 1;
      for (int c = 0; c < image->channels; c++)
        image->planes[c * width * height + i] = value;
    }
  before = hl_image_copy (image, NULL);
  done   = method % 16 == 4 ? hl_deblur_run_auto (&task, image, mask, &found, &control, &error)
                            : hl_deblur_run (&task, image, mask, &control, &error);
  g_assert_true (done == (error == NULL));
  if (!done && method % 16 != 4)
    g_assert_cmpmem (image->planes, image->channels * width * height * sizeof (float),
                     before->planes, image->channels * width * height * sizeof (float));
  if (done)
    for (int i = 0; i < image->channels * width * height; i++)
      g_assert_true (isfinite (image->planes[i]));
  return 0;
}

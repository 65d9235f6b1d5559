/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blurs as they are written and drawn, and what undoes them: pictures of any size and with any
 * holes stay finite. */
#include "input.h"

#include "restore/deblur.h"

static HlPsf *
take_psf (Input *input)
{
  guint8 kind = take (input);
  double a = take_number (input, 0, 60000) / 900.0 - 1, b = take_number (input, 0, 720) - 360.0;
  g_autofree char *text = NULL;

  if (kind % 8 == 7)
    {
      g_autoptr (HlImage) drawn
          = take_image (input, take_number (input, 1, 12), take_number (input, 1, 300));

      return hl_psf_new_from_image (drawn, NULL);
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
  int              thin     = take (&input) % 4;
  int              width    = thin == 2 ? 1u + take (&input) % 7 : take_number (&input, 1, 60);
  int              height   = thin == 1 ? 1u + take (&input) % 7 : take_number (&input, 1, 60);
  HlRestoreControl control  = { 0 };
  g_autoptr (HlImage) image = NULL;
  g_autofree float *mask    = NULL;
  HlDeblurTask      task    = { .psf = psf };

  if (!psf || psf->side > MIN (width, height))
    return 0;
  task.method      = take (&input) % 2 ? HL_DEBLUR_WIENER : HL_DEBLUR_TV;
  task.light       = take (&input) % 2;
  task.noise_level = take (&input) / 600.0;
  image            = hl_image_new (take (&input) % 2 ? 3 : 1, width, height, NULL);
  mask             = take_mask (&input, width, height);
  for (int i = 0; i < width * height; i++)
    {
      float value = take (&input) / 255.0f;

      mask[i] = mask[i] > 0 ? 0 : 1;
      for (int c = 0; c < image->channels; c++)
        image->planes[c * width * height + i] = value;
    }
  if (hl_deblur_run (&task, image, mask, &control, NULL))
    for (int i = 0; i < image->channels * width * height; i++)
      g_assert_true (isfinite (image->planes[i]));
  return 0;
}

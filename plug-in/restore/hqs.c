/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half-quadratic splitting: a learned denoiser and what is known, by turns.
 *
 * Zhang, Zuo, Gu and Zhang, "Learning Deep CNN Denoiser Prior for Image Restoration" (CVPR
 * 2017): to minimise ||A x - y||^2 / (2 s^2) + lambda Phi (x), the picture is split in two,
 * z and x, that are drawn together harder with every step (equations 6 and 7):
 *
 *   z = argmin ||A z - y||^2 / (2 s^2) + ||z - x||^2 / (2 sigma_k^2)     the data step
 *   x = D (z, sigma_k)                                                   a Gaussian denoiser
 *
 * with sigma_k falling from step to step. */
#include "restore/hqs.h"

#include <math.h>

/**
 * hl_known_pixels_solve:
 * @data: (type HlKnownPixels): what is known
 * @x: (C, H, W), the picture so far
 * @sigma: how far @x may be off, 0..1 of white
 * @z: (C, H, W), written
 *
 * The data step where pixels are missing: z = (sigma^2 y + s^2 x) / (sigma^2 + s^2) where a
 * pixel is known, x where not, and between both where it is half known.
 */
void
hl_known_pixels_solve (gpointer data, const HlImage *x, float sigma, HlImage *z)
{
  const HlKnownPixels *seen   = data;
  gsize                pixels = (gsize) x->width * x->height;
  float s2 = seen->noise * seen->noise, trust = s2 > 0 ? sigma * sigma / (sigma * sigma + s2) : 1;

  for (int c = 0; c < x->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      {
        gsize at = c * pixels + i;
        float w  = trust * seen->known[i];

        /* What is not known need not even be a number. */
        z->planes[at]
            = w <= 0 ? x->planes[at] : w * seen->image->planes[at] + (1 - w) * x->planes[at];
      }
}

/**
 * hl_hqs_run:
 * @denoiser: of the picture's size
 * @data: what is known
 * @sigma: how far the picture may be off at each step, 0..1 of white
 * @steps: how many
 * @x: (C, H, W), a first guess; becomes the result
 * @control: to cancel, to stop and to follow it; its result is told after each step
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * When stopped it ends after the step it is at.
 *
 * Returns: whether @x is a result
 */
gboolean
hl_hqs_run (HlDenoiser *denoiser, const HlDataStep *data, const float *sigma, guint steps,
            HlImage *x, const HlRestoreControl *control, GError **error)
{
  g_autoptr (HlImage) z = hl_image_copy (x, error);

  if (!z)
    return FALSE;
  for (guint k = 0; k < steps; k++)
    {
      if (k > 0 && g_cancellable_is_cancelled (control->stop))
        break;
      data->solve (data->data, x, sigma[k], z);
      if (!hl_denoiser_run (denoiser, z->planes, x->channels, NULL, sigma[k], x->planes,
                            control->cancel, error))
        return FALSE;
      if (control->progress)
        control->progress ((k + 1.0) / steps, 0, control->user_data);
      if (control->result)
        control->result (x, 0, 0, control->user_data);
    }
  return TRUE;
}

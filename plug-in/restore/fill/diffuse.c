/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first fill: smooth, and at once.
 *
 * Pull-push (Gortler, Grzeszczuk, Szeliski and Cohen, "The Lumigraph", SIGGRAPH 1996,
 * section 3.4): the known pixels are averaged down a pyramid, each level filling what is
 * unknown in the level above it.  It is what the deep prior starts from where there is
 * nothing to fit, and the whole answer when no iterations are wanted. */
#include "restore/fill/diffuse.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"

/* One level: (H, W) of values and of how far each is known, 0..1.  Where it is cancelled it leaves
 * off. */
static gboolean
pull_push (float *x, float *weight, int height, int width, GCancellable *cancel)
{
  int               h = (height + 1) / 2, w = (width + 1) / 2;
  g_autofree float *small = NULL, *small_weight = NULL;
  gboolean          complete = TRUE;

  for (gsize i = 0; complete && i < (gsize) height * width; i++)
    complete = weight[i] >= 1;
  if (complete || (height == 1 && width == 1) || g_cancellable_is_cancelled (cancel))
    return TRUE;
  small        = g_try_new0 (float, ((gsize) h * w));
  small_weight = g_try_new0 (float, ((gsize) h * w));
  if (!small || !small_weight)
    return FALSE;

  for (int r = 0; r < height; r++)
    for (int c = 0; c < width; c++)
      {
        gsize at = (gsize) r * width + c, to = (gsize) (r / 2) * w + c / 2;

        small[to] += weight[at] * x[at];
        small_weight[to] += weight[at];
      }
  for (gsize i = 0; i < (gsize) h * w; i++)
    if (small_weight[i] > 0)
      {
        small[i] /= small_weight[i];
        small_weight[i] = fminf (small_weight[i], 1);
      }
  if (!pull_push (small, small_weight, h, w, cancel))
    return FALSE;
  if (g_cancellable_is_cancelled (cancel))
    return TRUE;

  for (int r = 0; r < height; r++)
    for (int c = 0; c < width; c++)
      {
        gsize at = (gsize) r * width + c;
        int   i = r / 2, j = c / 2;
        int   k = CLAMP (r % 2 ? i + 1 : i - 1, 0, h - 1);
        int   l = CLAMP (c % 2 ? j + 1 : j - 1, 0, w - 1);
        float smooth;

        if (weight[at] >= 1)
          continue;
        smooth = 0.75f * (0.75f * small[i * (gsize) w + j] + 0.25f * small[i * (gsize) w + l])
                 + 0.25f * (0.75f * small[k * (gsize) w + j] + 0.25f * small[k * (gsize) w + l]);

        x[at]      = weight[at] * x[at] + (1 - weight[at]) * smooth;
        weight[at] = 1;
      }
  return TRUE;
}

/**
 * hl_diffuse:
 * @image: (C, H, W), finite where known; what is unknown is overwritten
 * @known: (H, W), 0 for unknown to 1 for known, not all 0
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is filled
 */
gboolean
hl_diffuse (HlImage *image, const float *known, GCancellable *cancel, GError **error)
{
  gsize             pixels = (gsize) image->width * image->height;
  g_autofree float *weight = g_try_new (float, pixels);
  gboolean          good   = weight != NULL;

  for (int c = 0; good && c < image->channels; c++)
    {
      float *x = image->planes + c * pixels;

      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      memcpy (weight, known, pixels * sizeof (float));
      for (gsize i = 0; i < pixels; i++)
        if (known[i] <= 0)
          x[i] = 0;
      good = pull_push (x, weight, image->height, image->width, cancel);
    }
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (!good)
    hl_error_set_memory (error, image->width, image->height);
  return good;
}

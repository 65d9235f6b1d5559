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
#include "restore/prior/hqs.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "restore/error.h"
#include "restore/lowpass.h"

/* Noise has no part that is smooth over so many pixels to each side: what the denoiser takes away
 * of that is its own error.  It is small, but the same at every step, and in the midst of a wide
 * hole nothing corrects it: what is gray there would turn purple.  Measured as below: 1 and 2 are
 * alike, 4 loses 0.1 dB in blotches. */
#define SMOOTH 2
G_STATIC_ASSERT (HL_HQS_AROUND >= 3 * SMOOTH);

/* What of the last change is added once more where steps go further. Measured on scratches,
 * lettering, specks and creases over four photographs: 0.3 and 0.5 lose 0.02 dB, 0.6 twice that. */
#define MOMENTUM 0.4f

/* What is done to @n pixels of one channel, the first of which is number @at of all floats and
 * number @pixel of its plane. */
typedef void (*RowFunc) (gsize at, gsize pixel, int n, gpointer data);

static void
for_each_row (const HlImage *image, const GArray *parts, int channel, RowFunc run, gpointer data)
{
  HlRect        all   = { 0, 0, image->width, image->height };
  const HlRect *part  = parts ? (const HlRect *) (gconstpointer) parts->data : &all;
  gsize         plane = (gsize) channel * image->width * image->height;

  for (guint i = 0; i < (parts ? parts->len : 1); i++, part++)
    for (int y = part->top; y < part->bottom; y++)
      {
        gsize pixel = (gsize) y * image->width + part->left;

        run (plane + pixel, pixel, part->right - part->left, data);
      }
}

typedef struct
{
  const HlKnownPixels *seen;
  const float         *x;
  float                weight, *z;
} Solve;

static void
solve_row (gsize at, gsize pixel, int n, gpointer data)
{
  const Solve *solve = data;
  const float *x = solve->x + at, *y = solve->seen->image->planes + at;
  const float *known = solve->seen->known + pixel;
  float       *z     = solve->z + at;

  for (int i = 0; i < n; i++)
    {
      float w = solve->weight * known[i];

      /* What is not known need not even be a number. */
      z[i] = w <= 0 ? x[i] : w * y[i] + (1 - w) * x[i];
    }
}

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
  const HlKnownPixels *seen = data;
  float                s2 = seen->noise * seen->noise, s = sigma * sigma;
  Solve                solve = { seen, x->planes, s2 > 0 ? s / (s + s2) : 1, z->planes };

  for (int c = 0; c < x->channels; c++)
    for_each_row (x, seen->parts, c, solve_row, &solve);
}

typedef struct
{
  const float *z;
  float       *x, *old, further;
} Further;

static void
go_further_row (gsize at, gsize pixel, int n, gpointer data)
{
  const Further *go = data;
  const float   *z  = go->z + at;
  float         *x = go->x + at, *old = go->old + at;

  for (int i = 0; i < n; i++)
    {
      float now = z[i] + go->further * (x[i] - z[i]);

      x[i]   = now + MOMENTUM * (now - old[i]);
      old[i] = now;
    }
}

/* Goes @further times as far as the last step, in which the denoiser made @x of @z, and then on in
 * the direction from @old to there, which becomes the next @old. */
static void
go_further (HlImage *x, const HlImage *z, HlImage *old, float further, const GArray *parts)
{
  Further go = { z->planes, x->planes, old->planes, further };

  for (int c = 0; c < x->channels; c++)
    for_each_row (x, parts, c, go_further_row, &go);
}

typedef struct
{
  const HlImage *z;
  HlImage       *x;
  const GArray  *parts;   /* (nullable): what may change */
  float         *change;  /* (C, H, W), zero where nothing may */
  float         *scratch; /* likewise */
} Smooth;

static void
find_change (gsize at, gsize pixel, int n, gpointer data)
{
  const Smooth *smooth = data;

  for (gsize i = at; i < at + n; i++)
    smooth->change[i] = smooth->x->planes[i] - smooth->z->planes[i];
}

static void
take_change (gsize at, gsize pixel, int n, gpointer data)
{
  const Smooth *smooth = data;

  for (gsize i = at; i < at + n; i++)
    smooth->x->planes[i] -= smooth->change[i];
}

/* Gives a channel of @x, which a denoiser made of @z, the low-pass part of @z again. */
static void
keep_lowpass (int c, int thread, gpointer data)
{
  const Smooth *smooth = data;
  int           W = smooth->z->width, H = smooth->z->height;
  float        *change  = smooth->change + (gsize) c * W * H;
  float        *scratch = smooth->scratch + (gsize) c * W * H;

  for_each_row (smooth->z, smooth->parts, c, find_change, data);
  if (smooth->parts)
    hl_lowpass_parts (change, scratch, W, H, SMOOTH,
                      (const HlRect *) (gconstpointer) smooth->parts->data, smooth->parts->len);
  else
    hl_lowpass (change, scratch, W, H, SMOOTH);
  for_each_row (smooth->z, smooth->parts, c, take_change, data);
}

typedef struct
{
  const float *x;
  gboolean     is_finite;
} Check;

static void
check_row (gsize at, gsize pixel, int n, gpointer data)
{
  Check *check = data;

  for (gsize i = at; i < at + n; i++)
    check->is_finite &= isfinite (check->x[i]) != 0;
}

/* Foreign weights may add to a picture with every step, until it is none; a picture that was
 * cancelled is not looked at. */
static gboolean
check_numbers (const HlImage *x, const GArray *parts, GCancellable *cancel, GError **error)
{
  Check check = { x->planes, TRUE };

  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  for (int c = 0; c < x->channels; c++)
    for_each_row (x, parts, c, check_row, &check);
  if (!check.is_finite)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("The network's weights do not suit this picture. Choose another "
                            "weights file."));
  return check.is_finite;
}

/* Every second one, and the last two share one. */
static gboolean
is_whole (guint k, guint steps)
{
  return k == 0 || (k % 2 == 0 && k + 1 < steps);
}

/**
 * hl_hqs_count_whole:
 * @steps: 1 or more
 *
 * Returns: how many of so many steps run the whole denoiser with %HL_HQS_REUSED
 */
guint
hl_hqs_count_whole (guint steps)
{
  return MAX (steps / 2, 1);
}

/**
 * hl_hqs_run:
 * @denoiser: of the picture's size
 * @data: what is known
 * @sigma: how far the picture may be off at each step, 0..1 of white
 * @steps: how many
 * @further: 0; or how much further than the denoiser says the first step goes, as a multiple of its
 *   change, and with momentum, since what is known has far to travel into a hole; less with every
 *   step, until the last goes as far as the denoiser says
 * @flags: how
 * @x: (C, H, W), a first guess; becomes the result
 * @progress: to cancel, to stop and to follow it; its result is shown after each step
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED, %G_IO_ERROR_INVALID_DATA where the denoiser's
 *   weights lead nowhere
 *
 * When stopped it ends after the step it is at.
 *
 * Returns: whether @x is a result
 */
gboolean
hl_hqs_run (HlDenoiser *denoiser, const HlDataStep *data, const float *sigma, guint steps,
            float further, HlHqsFlags flags, HlImage *x, const HlProgress *progress, GError **error)
{
  g_autoptr (HlImage) z    = hl_image_copy (x, error);
  g_autoptr (HlImage) old  = z && further > 0 ? hl_image_copy (x, error) : NULL;
  gsize             pixels = (gsize) x->width * x->height;
  g_autofree float *change = g_try_new0 (float, 2 * x->channels * pixels);
  Smooth            smooth = { z, x, data->parts, change, change + x->channels * pixels };
  guint             whole = 0, n_whole = 0; /* the last step that ran all, and how many did */
  gboolean          is_run = TRUE;

  if (!z || (further > 0 && !old))
    return FALSE;
  if (!change)
    {
      hl_error_set_memory (error, x->width, x->height);
      return FALSE;
    }
  for (guint k = 0; k < steps; k++)
    {
      if (k > 0 && hl_progress_is_stopped (progress))
        break;
      if (k > 0 && further > 0)
        go_further (x, z, old, 1 + further * (steps - k) / steps, data->parts);
      data->solve (data->data, x, sigma[k], z);
      if (!(flags & HL_HQS_REUSED) || is_whole (k, steps))
        {
          whole = k;
          hl_denoiser_set_mirror (denoiser, flags & HL_HQS_MIRRORED ? n_whole++ % 4 : 0);
        }
      hl_denoiser_set_reuse (denoiser, k > whole ? sigma[k] / sigma[whole] : 0);
      is_run = hl_denoiser_run (denoiser, z->planes, x->channels, NULL, sigma[k], x->planes,
                                progress->cancel, error)
               && check_numbers (x, data->parts, progress->cancel, error);
      if (!is_run)
        break;
      hl_pool_run (hl_denoiser_get_pool (denoiser), x->channels, keep_lowpass, &smooth);
      hl_progress_report (progress, (k + 1.0) / steps, 0);
      hl_progress_show (progress, x, 0, 0);
    }
  hl_denoiser_set_mirror (denoiser, 0);
  hl_denoiser_set_reuse (denoiser, 0);
  return is_run;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deblurring alone, for bench-deblur.py: planes of float from stdin to stdout.
 *
 *   bench-deblur CHANNELS HEIGHT WIDTH PSF|auto wiener|tv|prior|fftw
 * light|values|between|find|circular NOISE|auto [WEIGHTS]
 *
 * PSF may also be a file of floats, a square of them. circular is values whose blur went around the
 * borders; fftw only goes there and back, with the same transforms as the others. It reads the
 * planes (C, H, W) and then known, (H, W), and writes the planes; on stderr the blur that was found
 * and the seconds of processor time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "restore/blur/deblur_auto.h"
#include "restore/blur/fourier.h"
#include "restore/noise.h"

static gboolean
run_bare (HlImage *image, const HlPsf *psf, GError **error)
{
  g_autoptr (HlFourier) fourier
      = hl_fourier_new (image->width, image->height, 2 * psf->side + 16, error);
  g_autofree float *memory = fourier ? hl_fourier_alloc (fourier, 2, error) : NULL;

  if (!memory)
    return FALSE;
  memset (memory, 0, sizeof (float) * fourier->pixels);
  for (int c = 0; c < image->channels; c++)
    {
      hl_fourier_forward (fourier, memory, (fftwf_complex *) (memory + fourier->stride));
      hl_fourier_backward (fourier, (fftwf_complex *) (memory + fourier->stride), memory);
    }
  return TRUE;
}

/* What the text says, or the square of floats in a file of that name. */
static HlPsf *
load_psf (const char *text, GError **error)
{
  g_autofree char  *bytes  = NULL;
  g_autofree float *pixels = NULL;
  gsize             length;
  int               side;

  if (!g_file_get_contents (text, &bytes, &length, NULL))
    return hl_psf_new_from_text (text, error);
  side   = (int) (sqrt (length / sizeof (float)) + 0.5);
  pixels = g_new (float, side *side * 4);
  for (int i = 0; i < side * side * 4; i++)
    pixels[i] = i % 4 < 3 ? ((const float *) bytes)[i / 4] : 1;
  return hl_psf_new_from_pixels (pixels, side, side, error);
}

static gboolean
run (char **argv, GError **error)
{
  const HlProgress control = { 0 };
  int              c = atoi (argv[1]), h = atoi (argv[2]), w = atoi (argv[3]);
  gsize            pixels       = (gsize) h * w;
  g_autoptr (HlImage) image     = hl_image_new (c, w, h, error);
  g_autofree float *known       = g_new (float, pixels);
  g_autoptr (HlPool) pool       = hl_pool_new (2);
  g_autoptr (HlWeights) weights = NULL;
  g_autoptr (HlPsf) psf = NULL, found = NULL;
  HlDeblurTask task = { .curve       = strcmp (argv[6], "light") == 0     ? HL_CURVE_LIGHT
                                       : strcmp (argv[6], "between") == 0 ? HL_CURVE_BETWEEN
                                                                          : HL_CURVE_VALUES,
                        .find_curve  = strcmp (argv[6], "find") == 0,
                        .circular    = strcmp (argv[6], "circular") == 0,
                        .noise_level = g_ascii_strtod (argv[7], NULL) };
  gboolean     done;
  clock_t      start;

  if (!image || fread (image->planes, sizeof (float), c * pixels, stdin) != c * pixels
      || fread (known, sizeof (float), pixels, stdin) != pixels)
    return FALSE;
  task.method = strcmp (argv[5], "wiener") == 0  ? HL_DEBLUR_WIENER
                : strcmp (argv[5], "prior") == 0 ? HL_DEBLUR_PRIOR
                                                 : HL_DEBLUR_TV;
  if (strcmp (argv[7], "auto") == 0)
    {
      task.noise_level = hl_noise_estimate (image, known, NULL);
      task.noise_blur  = hl_noise_estimate_blur (image, known, NULL);
    }
  if (task.method == HL_DEBLUR_PRIOR && argv[8])
    {
      weights = hl_weights_load (argv[8], error);
      if (!weights)
        return FALSE;
      task.weights = weights;
      task.pool    = pool;
    }
  start = clock ();
  if (strcmp (argv[4], "auto") == 0)
    done = hl_deblur_run_auto (&task, image, known, &found, &control, error);
  else
    {
      psf      = load_psf (argv[4], error);
      task.psf = psf;
      if (psf && strcmp (argv[5], "fftw") == 0)
        done = run_bare (image, psf, error);
      else
        done = psf && hl_deblur_run (&task, image, known, &control, error);
    }
  if (!done)
    return FALSE;
  fprintf (stderr, "%s %.4f\n", found ? found->name : "-",
           (double) (clock () - start) / CLOCKS_PER_SEC);
  return fwrite (image->planes, sizeof (float), c * pixels, stdout) == c * pixels;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc >= 8 && run (argv, &error))
    return 0;
  fprintf (stderr, "bench-deblur: %s\n", error ? error->message : "see bench-deblur.c");
  return 1;
}

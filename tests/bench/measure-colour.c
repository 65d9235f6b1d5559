/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restores the colours of a raw picture for bench-colour.py:
 *
 *   measure-colour KIND TONE NOISE CHANNELS WIDTH HEIGHT [X Y]… <IN >OUT
 *
 * KIND is 0 to 4 and TONE 0 to 2, as in restore/colour/colour.h; IN and OUT are (C, H, W) floats of
 * 0 to 1; X and Y are points that should be gray, 0 to 1 of each side. What was found and the
 * seconds of processor time that it took go to the standard error.  With a KIND of 5 a plane
 * follows IN that is above 0 where there are stains, and one follows OUT that is 1 where something
 * is left to repair. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "restore/colour/colour.h"
#include "restore/colour/stain.h"

static int
lift_stains (HlImage *image)
{
  gsize             pixels = (gsize) image->width * image->height;
  gsize             n      = image->channels * pixels;
  g_autofree float *target = g_new (float, pixels), *left = g_new (float, pixels);

  return fread (target, sizeof (float), pixels, stdin) == pixels
                 && hl_stain_lift (image, target, NULL, TRUE, left, NULL, NULL)
                 && fwrite (image->planes, sizeof (float), n, stdout) == n
                 && fwrite (left, sizeof (float), pixels, stdout) == pixels
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  HlColour    settings = { .strength = 1 };
  HlColourFit fit;
  clock_t     start, middle;
  gsize       n;
  g_autoptr (HlImage) image = NULL, result = NULL;
  g_autoptr (GError) error = NULL;

  if (argc < 7)
    return EXIT_FAILURE;
  settings.kind        = atoi (argv[1]);
  settings.tone        = atoi (argv[2]);
  settings.noise_level = atof (argv[3]);
  for (int i = 7; i + 1 < argc && settings.neutral.n < HL_COLOUR_MOST_POINTS; i += 2)
    settings.neutral.at[settings.neutral.n++]
        = (HlColourPoint) { atof (argv[i]) * atoi (argv[5]), atof (argv[i + 1]) * atoi (argv[6]) };
  image = hl_image_new (atoi (argv[4]), atoi (argv[5]), atoi (argv[6]), NULL);
  n     = image ? (gsize) image->channels * image->width * image->height : 0;
  if (!image || fread (image->planes, sizeof (float), n, stdin) != n)
    return EXIT_FAILURE;
  if (atoi (argv[1]) == 5)
    return lift_stains (image);
  result = hl_image_copy (image, NULL);
  start  = clock ();
  if (!result || !hl_colour_estimate (&fit, image, NULL, NULL, &settings, &error))
    return EXIT_FAILURE;
  middle = clock ();
  if (!hl_colour_apply (&fit, image, result, 2, NULL, &error))
    return EXIT_FAILURE;
  fprintf (stderr,
           "kind %d strength %.2f share %.2f %.2f %.2f stain %.2f %.2f %.2f spread %.3f %.3f "
           "estimate %.3f s apply %.3f s\n",
           fit.kind, fit.strength, fit.share[0], fit.share[1], fit.share[2], fit.stain[0],
           fit.stain[1], fit.stain[2], fit.toned.spread[0], fit.toned.spread[1],
           (double) (middle - start) / CLOCKS_PER_SEC,
           (double) (clock () - middle) / CLOCKS_PER_SEC);
  return fwrite (result->planes, sizeof (float), n, stdout) == n ? EXIT_SUCCESS : EXIT_FAILURE;
}

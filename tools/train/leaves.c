/* SPDX-License-Identifier: GPL-3.0-or-later */

/* leaves: draws the pictures on which the denoiser is trained. It has never seen a photograph, and
 * neither have these: they are shapes that hide each other, filled with colours, shading and
 * patterns, all from dice. The idea, and the measure of how far it carries, is of Achddou,
 * Gousseau and Ladjal, "Synthetic images as a regularity prior for image restoration neural
 * networks" (2021) and "Fully synthetic training for image restoration tasks" (2023), after the
 * dead leaves of Matheron (1968) and Lee, Mumford and Huang (2001).
 *
 *     leaves --seed 1 --size 320 --count 6000 > pool.u8
 *
 * writes count x size x size x 3 bytes. --first 3000 leaves out those before, so that two
 * processes can share the work: picture i depends on the seed and on i alone.
 *
 * From here to the pixels: scene.c (the whole of a picture), crowd.c (what lies in it), outline.c
 * (shapes), fill.c (what they are painted with), palette.c and field.c (colours and noise),
 * layer.c (the canvas), and develop() below, the camera.
 */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HL_SAMPLES 2000

typedef struct
{
  unsigned long seed, size, first, count;
} HlOptions;

static int
read_options (HlOptions *options, int argc, char **argv)
{
  *options = (HlOptions) { .seed = 1, .size = 320, .first = 0, .count = 16 };
  for (int i = 1; i < argc; i += 2)
    {
      unsigned long *value = strcmp (argv[i], "--seed") == 0    ? &options->seed
                             : strcmp (argv[i], "--size") == 0  ? &options->size
                             : strcmp (argv[i], "--first") == 0 ? &options->first
                             : strcmp (argv[i], "--count") == 0 ? &options->count
                                                                : NULL;
      char          *end   = NULL;

      if (value == NULL || i + 1 == argc)
        return 0;
      *value = strtoul (argv[i + 1], &end, 10);
      if (*end != '\0' || end == argv[i + 1])
        return 0;
    }
  return options->size >= 16 && options->size <= 4096;
}

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

/* The levels below which lie an eightieth, half, and all but an eightieth of the @picture. */
static void
measure_levels (const HlLayer *picture, HlRandom *random, float *low, float *middle, float *high)
{
  float sample[HL_SAMPLES];

  for (int i = 0; i < HL_SAMPLES; i++)
    {
      int pixel = hl_random_below (random, picture->side * picture->side);

      sample[i] = picture->color[4 * (size_t) pixel + (size_t) hl_random_below (random, 3)];
    }
  qsort (sample, HL_SAMPLES, sizeof (float), compare);
  *low    = sample[HL_SAMPLES / 80];
  *middle = sample[HL_SAMPLES / 2];
  *high   = sample[HL_SAMPLES - 1 - HL_SAMPLES / 80];
}

/* Raises the details by @amount as cameras do, with the light seams along edges that this gives. */
static void
sharpen (HlLayer *picture, HlLayer *sheet, float amount)
{
  size_t n = 4 * (size_t) picture->side * (size_t) picture->side;

  memcpy (sheet->color, picture->color, n * sizeof (float));
  hl_layer_blur (sheet, 2.0f);
  for (size_t i = 0; i < n; i++)
    picture->color[i] += amount * (picture->color[i] - sheet->color[i]);
}

/* Takes the @picture as a camera does: averages the canvas down to half with a lens that is seldom
 * quite sharp, sharpens some, exposes it so that its tones fill most of the range, and rounds to 8
 * bits. */
static void
develop (HlScene *scene, HlLayer *picture, HlLayer *sheet, unsigned char *bytes)
{
  HlRandom *random = &scene->random;
  int       side   = picture->side / 2;
  float     gray   = hl_random_between (random, 0.22f, 0.72f);
  float     black  = hl_random_chance (random, 0.8f) ? hl_random_between (random, 0.0f, 0.1f)
                                                     : hl_random_between (random, 0.0f, 0.4f);
  float     white  = hl_random_chance (random, 0.8f) ? hl_random_between (random, 0.88f, 1.04f)
                                                     : hl_random_between (random, 0.5f, 1.2f);
  float     soft   = hl_random_between (random, 0.0f, 1.0f);
  float     gamma;
  float     low;
  float     middle;
  float     high;

  if (soft > 0.6f)
    hl_layer_blur (picture,
                   soft < 0.94f ? 2.0f * soft - 0.5f : hl_random_scale (random, 1.5f, 3.0f));
  if (hl_random_chance (random, 0.3f))
    sharpen (picture, sheet, hl_random_between (random, 0.1f, 1.0f));
  measure_levels (picture, random, &low, &middle, &high);
  /* What is nearly of one tone stays so: a wall in fog is not made into a drawing. */
  high   = fmaxf (high, low + 0.15f);
  middle = fminf (fmaxf ((middle - low) / (high - low), 0.02f), 0.95f);
  gamma  = fminf (fmaxf (logf (gray) / logf (middle), 0.5f), 1.7f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      for (int c = 0; c < 3; c++)
        {
          const float *upper = picture->color
                               + 4 * ((size_t) (2 * y) * (size_t) picture->side + (size_t) (2 * x))
                               + c;
          const float *lower = upper + 4 * (size_t) picture->side;
          float        mean  = 0.25f * (upper[0] + upper[4] + lower[0] + lower[4]);
          float        level = fmaxf ((mean - low) / (high - low), -0.3f);
          float        tone  = level > 0.0f ? powf (level, gamma) : level;

          tone     = black + (white - black) * tone;
          *bytes++ = (unsigned char) (255.0f * fminf (fmaxf (tone, 0.0f), 1.0f) + 0.5f);
        }
}

int
main (int argc, char **argv)
{
  HlOptions      options;
  HlFields       fields;
  HlLayer        picture;
  HlLayer        sheet;
  unsigned char *bytes;
  size_t         n;
  int            status = EXIT_SUCCESS;

  if (!read_options (&options, argc, argv))
    {
      fputs ("Use: leaves [--seed S] [--size 16..4096] [--first I] [--count K] > FILE\n", stderr);
      return EXIT_FAILURE;
    }
  n     = 3 * options.size * options.size;
  bytes = malloc (n);
  if (!hl_fields_init (&fields, options.seed) || !hl_layer_init (&picture, 2 * (int) options.size)
      || !hl_layer_init (&sheet, 2 * (int) options.size) || bytes == NULL)
    {
      fputs ("There is not enough memory for pictures of this size. Choose a smaller --size.\n",
             stderr);
      return EXIT_FAILURE;
    }
  for (unsigned long i = options.first; i < options.first + options.count; i++)
    {
      HlScene scene;

      hl_scene_init (&scene, &fields, options.seed, i, picture.side);
      hl_scene_paint (&scene, &picture, &sheet);
      develop (&scene, &picture, &sheet, bytes);
      if (fwrite (bytes, 1, n, stdout) != n)
        {
          fputs ("The pictures could not be written. Is the disk full?\n", stderr);
          status = EXIT_FAILURE;
          break;
        }
    }
  free (bytes);
  hl_layer_clear (&sheet);
  hl_layer_clear (&picture);
  hl_fields_clear (&fields);
  return status;
}

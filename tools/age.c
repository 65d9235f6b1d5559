/* SPDX-License-Identifier: GPL-3.0-or-later */

/* age: makes a photograph old for tools/demo, with the damage that the finder is trained on.
 *
 *     age SIDE SEED < photograph.rgb > old.rgb
 *
 * Both are SIDE x SIDE x 3 bytes. The print is a little soft and grainy and has faded and yellowed;
 * then it was cracked, folded, scratched and torn at a corner, and there is dust on it.
 */
#include "train/damage/chain.h"
#include "train/damage/kinds.h"

#include <stdio.h>
#include <stdlib.h>

#define HL_MOST_SIDE 1024
#define HL_SOFT 0.6f       /* sigma of the blur, pixels */
#define HL_GRAIN 0.015f    /* deviation, of white */
#define HL_GRAIN_SIZE 0.6f /* sigma of its blur, pixels */

static const HlDraw damages[]
    = { hl_fold, hl_cracks, hl_creases, hl_scratches, hl_torn, hl_dust, hl_lint };

static void
fade (HlCanvas *canvas)
{
  const HlTone tone = { .lift     = 0.16f,
                        .contrast = 0.7f,
                        .gamma    = 0.95f,
                        .low      = { 0.05f, 0.02f, 0.0f },
                        .high     = { 1.0f, 0.93f, 0.8f },
                        .power    = { 0.95f, 1.0f, 1.1f } };

  hl_tone_apply (&tone, canvas->plane, canvas->side * canvas->side);
}

static void
take_photograph (HlCanvas *canvas)
{
  int    n      = canvas->side * canvas->side;
  float *grain  = canvas->spare[1];
  float  square = 0.0f;

  for (int i = 0; i < n; i++)
    grain[i] = hl_normal (canvas);
  hl_plane_blur (grain, canvas->spare[0], canvas->side, HL_GRAIN_SIZE);
  for (int i = 0; i < n; i++)
    square += grain[i] * grain[i];
  for (int c = 0; c < 3; c++)
    {
      hl_plane_blur (canvas->plane[c], canvas->spare[0], canvas->side, HL_SOFT);
      for (int i = 0; i < n; i++)
        canvas->plane[c][i] += HL_GRAIN / sqrtf (square / (float) n) * grain[i];
    }
}

static int
read_photograph (HlCanvas *canvas)
{
  for (int i = 0; i < canvas->side * canvas->side; i++)
    for (int c = 0; c < 3; c++)
      {
        int byte = getchar ();

        if (byte == EOF)
          return 0;
        canvas->plane[c][i] = (float) byte / 255.0f;
      }
  return 1;
}

static int
write_photograph (const HlCanvas *canvas)
{
  for (int i = 0; i < canvas->side * canvas->side; i++)
    for (int c = 0; c < 3; c++)
      putchar ((int) (255.0f * hl_clamp (canvas->plane[c][i], 0.0f, 1.0f) + 0.5f));
  return fflush (stdout) == 0;
}

int
main (int argc, char **argv)
{
  static HlCanvas canvas;
  int             side = argc == 3 ? atoi (argv[1]) : 0;
  unsigned long   seed = argc == 3 ? strtoul (argv[2], NULL, 10) : 0;

  if (side < 64 || side > HL_MOST_SIDE)
    {
      fputs ("Use: age SIDE SEED < FILE > FILE, with a SIDE of 64 to 1024.\n", stderr);
      return EXIT_FAILURE;
    }
  if (!hl_canvas_init (&canvas, side, seed))
    {
      fputs ("There is not enough memory.\n", stderr);
      return EXIT_FAILURE;
    }
  hl_canvas_resize (&canvas, side);
  if (!read_photograph (&canvas))
    {
      fputs ("The photograph is smaller than that.\n", stderr);
      return EXIT_FAILURE;
    }
  hl_random_init (&canvas.random, seed, 0);
  take_photograph (&canvas);
  fade (&canvas);
  for (size_t k = 0; k < sizeof damages / sizeof *damages; k++)
    {
      hl_random_init (&canvas.random, seed, k + 1);
      damages[k](&canvas);
      hl_canvas_clip (&canvas, 1.02f);
    }
  return write_photograph (&canvas) ? EXIT_SUCCESS : EXIT_FAILURE;
}

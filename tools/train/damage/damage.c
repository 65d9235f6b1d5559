/* SPDX-License-Identifier: GPL-3.0-or-later */

/* damage: draws the samples on which the finder of damage is trained. No photograph takes part.
 *
 *     damage --pool pool.u8 --seed 1 [--first 0] [--count 100] > samples.u8
 *
 * The pool is what tools/train/leaves writes, 320 pixels a side. Without --count it goes on until
 * nobody reads. Each sample is a scene drawn twice, alike to the grain: HL_SIDE x HL_SIDE x 3 bytes
 * damaged, as many sound, and HL_SIDE x HL_SIDE bytes of labels (label.h). So that nothing about a
 * scene, how busy, sharp or old it is, says whether it is damaged. Sample i depends on the seed,
 * the pool and i alone.
 *
 * A scene is a piece of a picture from the pool, a whole place (place.c) or a portrait
 * (portrait.c), with sound things laid into it that resemble damage (objects.c, metal.c, letters.c,
 * person.c). Then it fades, damage comes over it (lines.c, spots.c, areas.c), and it is scanned
 * (chain.c, jpeg.c). Drawing itself is in canvas.c, cover.c and path.c.
 */
#include "chain.h"
#include "kinds.h"
#include "label.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HL_SIDE 192
#define HL_MOST 320 /* pixels a side of the largest canvas, and of the pool's pictures */
#define HL_PIXELS (HL_SIDE * HL_SIDE)
#define HL_CRISP 0.55f /* share of scenes */
#define HL_LENGTH(array) ((int) (sizeof (array) / sizeof *(array)))

static const HlKind objects[] = {
  { hl_strands, 1.0f }, { hl_glints, 1.2f }, { hl_lace, 0.7f },   { hl_rims, 2.0f },
  { hl_twigs, 0.6f },   { hl_margin, 0.6f }, { hl_person, 3.5f }, { hl_flowers, 0.8f },
  { hl_rods, 1.0f },    { hl_wires, 0.5f },  { hl_frames, 1.5f }, { hl_writing, 1.5f },
};
static const HlKind damages[] = {
  { hl_scratches, 1.5f },    { hl_film_scratches, 1.2f }, { hl_cracks, 2.2f },
  { hl_craquelure, 0.6f },   { hl_fold, 1.2f },           { hl_dust, 1.5f },
  { hl_lint, 0.7f },         { hl_loss, 0.8f },           { hl_mould, 0.4f },
  { hl_torn, 0.7f },         { hl_wear, 0.6f },           { hl_abrasion, 0.5f },
  { hl_creases, 1.5f },      { hl_shards, 0.8f },         { hl_bubbles, 0.2f },
  { hl_fingerprint, 0.15f }, { hl_tape, 0.25f },          { hl_blots, 0.25f },
};
static const HlKind see_through[] = { { hl_stain, 1.0f }, { hl_foxing, 0.5f } };

typedef struct
{
  const char   *pool;
  unsigned long seed, first, count;
  float         portraits; /* share of scenes that are portraits */
  float         places;    /* share of the others that are whole places */
} HlOptions;

typedef struct
{
  const unsigned char *pool; /* (pictures, HL_MOST, HL_MOST, 3) */
  size_t               pictures;
  HlCanvas             canvas;
  float               *before[3], *stained[3]; /* (HL_MOST, HL_MOST) each */
  float               *scan[3][3];       /* sound, stained, damaged: (HL_SIDE, HL_SIDE) each */
  float               *grain[3], *spare; /* (HL_SIDE, HL_SIDE) each; twice that */
  unsigned char        bytes[7 * HL_PIXELS];
} HlStudio;

static int
read_options (HlOptions *options, int argc, char **argv)
{
  *options = (HlOptions) { .seed = 1, .count = ~0ul, .portraits = 0.5f, .places = 0.55f };
  for (int i = 1; i < argc; i += 2)
    {
      unsigned long *value = strcmp (argv[i], "--seed") == 0    ? &options->seed
                             : strcmp (argv[i], "--first") == 0 ? &options->first
                             : strcmp (argv[i], "--count") == 0 ? &options->count
                                                                : NULL;
      char          *end   = NULL;

      if (i + 1 == argc)
        return 0;
      if (strcmp (argv[i], "--pool") == 0)
        options->pool = argv[i + 1];
      else if (value == NULL)
        return 0;
      else
        {
          *value = strtoul (argv[i + 1], &end, 10);
          if (*end != '\0' || end == argv[i + 1])
            return 0;
        }
    }
  return options->pool != NULL;
}

static int
open_studio (HlStudio *studio, const HlOptions *options)
{
  const size_t picture = 3 * HL_MOST * HL_MOST;
  struct stat  about;
  int          file = open (options->pool, O_RDONLY);
  void        *data;
  int          whole = 1;

  if (file < 0 || fstat (file, &about) != 0 || (size_t) about.st_size < picture)
    {
      fprintf (stderr, "%s cannot be read or holds no picture: make it with leaves --size 320.\n",
               options->pool);
      return 0;
    }
  data = mmap (NULL, (size_t) about.st_size, PROT_READ, MAP_SHARED, file, 0);
  close (file);
  if (data == MAP_FAILED)
    {
      fprintf (stderr, "%s cannot be mapped into memory.\n", options->pool);
      return 0;
    }
  studio->pool     = data;
  studio->pictures = (size_t) about.st_size / picture;
  whole            = hl_canvas_init (&studio->canvas, HL_MOST, options->seed);
  studio->spare    = malloc (sizeof (float) * 2 * HL_PIXELS);
  for (int c = 0; c < 3; c++)
    {
      studio->before[c]  = malloc (sizeof (float) * HL_MOST * HL_MOST);
      studio->stained[c] = malloc (sizeof (float) * HL_MOST * HL_MOST);
      studio->grain[c]   = malloc (sizeof (float) * HL_PIXELS);
      whole = whole && studio->before[c] && studio->stained[c] && studio->grain[c] && studio->spare;
      for (int k = 0; k < 3; k++)
        {
          studio->scan[k][c] = malloc (sizeof (float) * HL_PIXELS);
          whole              = whole && studio->scan[k][c];
        }
    }
  if (!whole)
    fputs ("There is not enough memory.\n", stderr);
  return whole;
}

/* A piece of a picture from the pool, at a scale of its own. */
static void
take_piece (HlStudio *studio)
{
  HlCanvas            *canvas = &studio->canvas;
  float                n      = (float) canvas->side;
  int                  crop   = (int) hl_clamp (n / hl_scaled (canvas, 0.7f, 1.8f), 96.0f, HL_MOST);
  int                  x0     = hl_below (canvas, HL_MOST - crop + 1);
  int                  y0     = hl_below (canvas, HL_MOST - crop + 1);
  int                  mirror = hl_chance (canvas, 0.5f);
  int                  turn   = hl_chance (canvas, 0.5f);
  const unsigned char *from
      = studio->pool
        + 3 * (size_t) HL_MOST * HL_MOST * (size_t) hl_below (canvas, (int) studio->pictures);

  for (int c = 0; c < 3; c++)
    {
      for (int y = 0; y < crop; y++)
        for (int x = 0; x < crop; x++)
          {
            int u = turn ? y : x;
            int v = turn ? x : y;

            u                              = mirror ? crop - 1 - u : u;
            canvas->spare[0][y * crop + x] = from[3 * ((y0 + v) * HL_MOST + x0 + u) + c] / 255.0f;
          }
      hl_planes_resize (canvas->spare[0], crop, canvas->plane[c], canvas->side);
    }
}

static void
make_gray (HlCanvas *canvas)
{
  for (int i = 0; i < canvas->side * canvas->side; i++)
    canvas->plane[0][i] = canvas->plane[1][i] = canvas->plane[2][i]
        = 0.299f * canvas->plane[0][i] + 0.587f * canvas->plane[1][i]
          + 0.114f * canvas->plane[2][i];
}

/* The lens, and the emulsion's grain, which bare paper does not have. */
static void
take_photograph (HlCanvas *canvas, int crisp)
{
  int    n     = canvas->side * canvas->side;
  float  blur  = !crisp && hl_chance (canvas, 0.4f) ? hl_even (canvas, 0.4f, 1.6f)
                 : hl_chance (canvas, 0.4f)         ? hl_scaled (canvas, 1.5f, 5.0f)
                                                    : 0.0f;
  int    part  = blur > 1.5f && (crisp || hl_chance (canvas, 0.6f));
  float *focus = canvas->spare[1];
  float *sharp = canvas->spare[2];

  if (part)
    hl_canvas_smooth (canvas, focus, hl_even (canvas, 0.3f, 0.8f) * (float) canvas->side);
  for (int c = 0; c < 3; c++)
    {
      memcpy (sharp, canvas->plane[c], sizeof (float) * (size_t) n);
      hl_plane_blur (canvas->plane[c], canvas->spare[0], canvas->side, blur);
      if (part)
        for (int i = 0; i < n; i++)
          canvas->plane[c][i]
              += hl_clamp (0.5f + 1.5f * focus[i], 0.0f, 1.0f) * (sharp[i] - canvas->plane[c][i]);
    }
  if (hl_chance (canvas, crisp ? 0.1f : 0.4f))
    {
      float  size   = hl_even (canvas, 0.3f, 1.3f);
      float  height = hl_scaled (canvas, 0.008f, 0.07f);
      float  square = 0.0f;
      float *grain  = canvas->spare[1];

      for (int i = 0; i < n; i++)
        grain[i] = hl_normal (canvas);
      hl_plane_blur (grain, canvas->spare[0], canvas->side, size);
      for (int i = 0; i < n; i++)
        square += grain[i] * grain[i];
      height /= sqrtf (square / (float) n + 1e-9f);
      for (int c = 0; c < 3; c++)
        for (int i = 0; i < n; i++)
          canvas->plane[c][i] += height * grain[i];
    }
}

static void
keep (HlCanvas *canvas, float *to[3])
{
  for (int c = 0; c < 3; c++)
    memcpy (to[c], canvas->plane[c], sizeof (float) * (size_t) (canvas->side * canvas->side));
}

static void
draw_scene (HlStudio *studio, int portrait, float places)
{
  static const float many[4] = { 0.22f, 0.5f, 0.75f, 0.9f };
  HlCanvas          *canvas  = &studio->canvas;
  float              count   = hl_even (canvas, 0.0f, 1.0f);

  take_piece (studio);
  if (portrait)
    {
      hl_portrait (canvas);
      count *= 0.45f;
    }
  else if (hl_chance (canvas, places))
    {
      hl_place (canvas);
      count *= 0.6f;
    }
  for (int k = 0; k < 4 && count >= many[k]; k++)
    {
      hl_kinds_draw (canvas, objects, HL_LENGTH (objects));
      hl_canvas_clip (canvas, 1.0f);
    }
}

static void
draw_damage (HlStudio *studio, int portrait)
{
  static const float many[3] = { 0.4f, 0.7f, 0.9f };
  HlCanvas          *canvas  = &studio->canvas;
  float              count   = hl_even (canvas, 0.0f, 1.0f);

  keep (canvas, studio->before);
  if (hl_chance (canvas, 0.2f))
    {
      hl_kinds_draw (canvas, see_through, HL_LENGTH (see_through));
      hl_canvas_clip (canvas, 1.02f);
    }
  keep (canvas, studio->stained);
  if (portrait && hl_chance (canvas, 0.35f)) /* so that cracks meet the lines of a face */
    hl_cracks (canvas);
  for (int i = hl_chance (canvas, 0.12f) ? 1 + hl_below (canvas, 3) : 0; i > 0; i--)
    hl_torn (canvas);
  for (int k = 0; k < 4 && (k == 0 || count >= many[k - 1]); k++)
    {
      hl_kinds_draw (canvas, damages, HL_LENGTH (damages));
      hl_canvas_clip (canvas, 1.02f);
    }
}

static void
scan (HlStudio *studio, const HlTone *tone, int mono, int crisp)
{
  HlCanvas      *canvas  = &studio->canvas;
  int            side    = canvas->side;
  float          soft    = !crisp && hl_chance (canvas, 0.6f) ? hl_even (canvas, 0.0f, 1.5f) : 0.0f;
  unsigned char *label   = studio->bytes + 6 * HL_PIXELS;
  float         *detail  = studio->spare;
  HlScan         scanner = { .grain = { studio->grain[0], studio->grain[1], studio->grain[2] } };
  float          visible;

  for (int k = 0; k < 3; k++)
    {
      float **from = k == 0 ? studio->before : k == 1 ? studio->stained : canvas->plane;

      if (tone)
        hl_tone_apply (tone, from, side * side);
      for (int c = 0; c < 3; c++)
        {
          hl_plane_blur (from[c], canvas->spare[0], side, soft);
          hl_planes_resize (from[c], side, studio->scan[k][c], HL_SIDE);
        }
    }
  hl_canvas_resize (canvas, HL_SIDE);
  hl_scan_init (&scanner, canvas, HL_SIDE, mono);
  if (crisp)
    scanner.noise *= 0.4f;
  visible = 0.04f + 0.3f * scanner.noise;
  hl_label_detail (studio->scan[0], detail, canvas->spare[0], HL_SIDE);
  memset (label, 0, HL_PIXELS);
  hl_label_differing (studio->scan[1], studio->scan[2], detail, HL_SIDE, visible, HL_PLANE_DAMAGE,
                      label);
  hl_label_differing (studio->scan[0], studio->scan[1], detail, HL_SIDE, visible, HL_PLANE_STAIN,
                      label);
  hl_label_wide (label, HL_SIDE);
  hl_scan_apply (&scanner, studio->scan[2], studio->spare, HL_SIDE, studio->bytes);
  hl_scan_apply (&scanner, studio->scan[0], studio->spare, HL_SIDE, studio->bytes + 3 * HL_PIXELS);
}

static void
draw_sample (HlStudio *studio, const HlOptions *options, unsigned long index)
{
  HlCanvas *canvas = &studio->canvas;
  HlTone    tone;
  int       crisp;
  int       portrait;
  int       mono;
  int       faded;
  int       toned;

  hl_random_init (&canvas->random, options->seed, index);
  /* As sharp, clean and contrasty as photographs can be. */
  crisp = hl_chance (canvas, HL_CRISP);
  hl_canvas_resize (
      canvas, (int) (HL_SIDE / hl_scaled (canvas, (float) HL_SIDE / HL_MOST, crisp ? 1.0f : 1.4f)));
  portrait = hl_chance (canvas, options->portraits);
  draw_scene (studio, portrait, options->places);
  mono = hl_chance (canvas, portrait ? 0.8f : crisp ? 0.45f : 0.7f);
  if (mono)
    make_gray (canvas);
  /* Half of the prints fade before they are damaged, so that bare paper keeps its colour. */
  faded = hl_chance (canvas, crisp ? 0.15f : 0.5f);
  hl_tone_init (&tone, canvas, mono);
  if (faded)
    hl_tone_apply (&tone, canvas->plane, canvas->side * canvas->side);
  take_photograph (canvas, crisp);
  draw_damage (studio, portrait);
  if (faded)
    hl_tone_init (&tone, canvas, mono);
  toned = hl_chance (canvas, crisp || faded ? 0.35f : 1.0f);
  scan (studio, toned ? &tone : NULL, mono, crisp);
}

int
main (int argc, char **argv)
{
  static HlStudio studio;
  HlOptions       options;

  if (!read_options (&options, argc, argv))
    {
      fputs ("Use: damage --pool FILE [--seed S] [--first I] [--count K] > FILE\n", stderr);
      return EXIT_FAILURE;
    }
  if (!open_studio (&studio, &options))
    return EXIT_FAILURE;
  for (unsigned long i = 0; i < options.count; i++)
    {
      draw_sample (&studio, &options, options.first + i);
      if (fwrite (studio.bytes, 1, sizeof studio.bytes, stdout) != sizeof studio.bytes)
        {
          fputs ("The samples could not be written. Is the disk full?\n", stderr);
          return EXIT_FAILURE;
        }
    }
  return EXIT_SUCCESS;
}

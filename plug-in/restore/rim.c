/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage goes on around a mask that was drawn too tight, which can be seen, and helped
 * by widening the mask. */
#include "restore/rim.h"

#include <math.h>
#include <string.h>

/* Pixels outside of the mask that are looked at, and how far beyond them sound ones are
 * sought. */
#define RIM 3
#define REACH 3
#define FURTHEST (RIM + REACH)

/* All constants here were measured on scratches, a blotch, specks and a crease of three colours
 * over nine photographs: of 108 sound rims none is taken for damaged, of 108 rims blurred by a
 * pixel 95, and the others lie where the damage is as bright as the photograph. */

/* Share of the damage in the rings beyond a damaged one from which they are damaged too: what is
 * left beyond the last one is then no reason to ask for more once the mask is wider. */
#define DAMAGED_ON 0.08

/* Of white: damage that differs less from its surroundings says nothing. */
#define CONTRAST 0.05

/* Pixels of a side of the tiles within which damage is compared with the mean of what is sound, and
 * of the blocks that are taken for independent of each other; how many there must be, and by how
 * many standard deviations the sum over them must differ from 0. */
#define TILE 64
#define BLOCK 8
#define FEWEST_BLOCKS 4
#define CERTAIN 2.5

/* Of the mean square by which the damage differs from its surroundings, what the square of the
 * mean must be.  Scratches are light nearly everywhere, or dark; where a mask lies over what is
 * sound, it is now lighter and now darker than around it, and this stays below a fifth. */
#define SYSTEMATIC 0.25

/* Pixels of a rim to judge by at least. */
#define FEWEST 20

/* Whether a target pixel has a neighbour that is none. */
static gboolean
is_edge (const HlMaps *maps, int x, int y)
{
  const float *at = maps->target + (gsize) y * maps->width + x;

  return (x > 0 && at[-1] <= 0) || (x + 1 < maps->width && at[1] <= 0)
         || (y > 0 && at[-maps->width] <= 0) || (y + 1 < maps->height && at[maps->width] <= 0);
}

/* The distance of each pixel to the target, rounded up, up to RIM + REACH; 0 within.  Rounded up,
 * so that a ring is what hl_mask_grow() adds in one more step.  %NULL without memory. */
static guint8 *
measure_distance (const HlMaps *maps)
{
  int     width = maps->width, height = maps->height;
  gsize   pixels = (gsize) width * height;
  guint8 *d      = g_try_new (guint8, pixels);
  guint8  far[FURTHEST + 1][FURTHEST + 1];

  for (int i = 0; i <= FURTHEST; i++)
    for (int j = 0; j <= FURTHEST; j++)
      far[i][j] = ceil (hypot (i, j)) <= FURTHEST ? ceil (hypot (i, j)) : G_MAXUINT8;
  for (gsize i = 0; d && i < pixels; i++)
    d[i] = maps->target[i] > 0 ? 0 : G_MAXUINT8;
  for (int y = 0; d && y < height; y++)
    for (int x = 0; x < width; x++)
      {
        if (maps->target[(gsize) y * width + x] <= 0 || !is_edge (maps, x, y))
          continue;
        for (int i = MAX (y - FURTHEST, 0); i <= MIN (y + FURTHEST, height - 1); i++)
          for (int j = MAX (x - FURTHEST, 0); j <= MIN (x + FURTHEST, width - 1); j++)
            {
              guint8 *to = d + (gsize) i * width + j;

              *to = MIN (*to, far[ABS (i - y)][ABS (j - x)]);
            }
      }
  return d;
}

/* The mean of a plane around (x, y) over the pixels at a distance of low..high from the target. */
static gboolean
mean_around (const float *plane, const HlMaps *maps, const guint8 *distance, gsize at, int low,
             int high, double *mean)
{
  int    width = maps->width, height = maps->height;
  int    x = at % width, y = at / width, n = 0, reach = RIM + REACH;
  double sum = 0;

  for (int i = MAX (y - reach, 0); i <= MIN (y + reach, height - 1); i++)
    for (int j = MAX (x - reach, 0); j <= MIN (x + reach, width - 1); j++)
      {
        gsize p = (gsize) i * width + j;

        if (distance[p] >= low && distance[p] <= high && (low == 0 || maps->source[p] > 0))
          {
            sum += plane[p];
            n++;
          }
      }
  *mean = n ? sum / n : 0;
  return n > 0;
}

/* A pixel of a ring in one channel: its value, and the means of the damage and of what is sound
 * around it. */
typedef struct
{
  int   x, y;
  float value, damage, sound;
} Sample;

/* What all samples of a ring add up to. */
typedef struct
{
  int     tiles, blocks; /* in a row */
  double *mean, *count;  /* of what is sound in each tile, in one channel */
  double *sum;           /* (blocks, 2): what each adds to numerator and denominator */
  double  numerator, denominator;
  double  mean_square, square_mean; /* of the difference between damage and sound */
  gsize   contrasting;
} Evidence;

static void
evidence_clear (Evidence *evidence)
{
  g_free (evidence->mean);
  g_free (evidence->count);
  g_free (evidence->sum);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Evidence, evidence_clear)

static gboolean
evidence_init (Evidence *evidence, int width, int height)
{
  gsize tiles  = (gsize) (width / TILE + 1) * (height / TILE + 1);
  gsize blocks = (gsize) (width / BLOCK + 1) * (height / BLOCK + 1);

  *evidence = (Evidence) { .tiles  = width / TILE + 1,
                           .blocks = width / BLOCK + 1,
                           .mean   = g_try_new (double, tiles),
                           .count  = g_try_new (double, tiles),
                           .sum    = g_try_new0 (double, 2 * blocks) };
  return evidence->mean && evidence->count && evidence->sum;
}

/* The samples of a ring in one channel; none once cancelled. */
static GArray *
find_samples (const float *plane, const HlMaps *maps, const guint8 *distance, int ring,
              GCancellable *cancel)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (Sample));

  for (int y = 0; y < maps->height && !g_cancellable_is_cancelled (cancel); y++)
    for (int x = 0; x < maps->width; x++)
      {
        gsize  i = (gsize) y * maps->width + x;
        double damage, sound;
        Sample sample;

        if (distance[i] != ring || maps->source[i] <= 0
            || !mean_around (plane, maps, distance, i, 0, 0, &damage)
            || !mean_around (plane, maps, distance, i, RIM + 1, FURTHEST, &sound)
            || !isfinite (damage))
          continue;
        sample = (Sample) { x, y, plane[i], damage, sound };
        g_array_append_val (samples, sample);
      }
  return samples;
}

/* Adds the samples of one channel. */
static void
add_samples (Evidence *evidence, const GArray *samples, int height)
{
  gsize  tiles = (gsize) evidence->tiles * (height / TILE + 1);
  double sum   = 0;

  memset (evidence->mean, 0, tiles * sizeof (double));
  memset (evidence->count, 0, tiles * sizeof (double));
  for (guint k = 0; k < samples->len; k++)
    {
      const Sample *sample = &g_array_index (samples, Sample, k);
      gsize         tile   = (gsize) (sample->y / TILE) * evidence->tiles + sample->x / TILE;

      evidence->mean[tile] += sample->sound;
      evidence->count[tile]++;
    }
  for (guint k = 0; k < samples->len; k++)
    {
      const Sample *sample     = &g_array_index (samples, Sample, k);
      gsize         tile       = (gsize) (sample->y / TILE) * evidence->tiles + sample->x / TILE;
      gsize         block      = (gsize) (sample->y / BLOCK) * evidence->blocks + sample->x / BLOCK;
      double        difference = sample->damage - sample->sound;
      double        instrument = sample->damage - evidence->mean[tile] / evidence->count[tile];
      double        product    = instrument * (sample->value - sample->sound);

      sum += difference;
      evidence->mean_square += difference * difference;
      if (fabs (instrument) <= CONTRAST)
        continue;
      evidence->contrasting++;
      evidence->numerator += product;
      evidence->denominator += instrument * difference;
      evidence->sum[2 * block] += product;
      evidence->sum[2 * block + 1] += instrument * difference;
    }
  if (samples->len > 0)
    evidence->square_mean += sum * sum / samples->len;
}

/* Whether the share is more than its own uncertainty: each block's sum of z (p - b - a (d - b)) is
 * what a does not explain of it, and those are taken for independent. */
static gboolean
is_certain (const Evidence *evidence, gsize blocks)
{
  double share = evidence->numerator / evidence->denominator, variance = 0;
  gsize  n = 0;

  for (gsize i = 0; i < blocks; i++)
    {
      double rest = evidence->sum[2 * i] - share * evidence->sum[2 * i + 1];

      n += evidence->sum[2 * i + 1] != 0;
      variance += rest * rest;
    }
  return n >= FEWEST_BLOCKS && evidence->numerator > CERTAIN * sqrt (variance * n / (n - 1));
}

/* Whether the pixels at a distance of @ring from the target hold some of the damage within it. */
static gboolean
is_damaged (const HlImage *image, const HlMaps *maps, const guint8 *distance, int ring,
            double least, GCancellable *cancel)
{
  gsize pixels               = (gsize) image->width * image->height;
  g_auto (Evidence) evidence = { 0 };

  if (!evidence_init (&evidence, image->width, image->height))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    {
      g_autoptr (GArray) samples
          = find_samples (image->planes + c * pixels, maps, distance, ring, cancel);

      if (g_cancellable_is_cancelled (cancel))
        return FALSE;
      add_samples (&evidence, samples, image->height);
    }
  return evidence.contrasting >= FEWEST && evidence.numerator > least * evidence.denominator
         && is_certain (&evidence, (gsize) evidence.blocks * (image->height / BLOCK + 1))
         && evidence.square_mean > SYSTEMATIC * evidence.mean_square;
}

/* Whether the target, without the rim, lies within so many columns and rows: beside the corner of a
 * mask the damage goes on further than along its sides. */
static gboolean
is_within (const HlMaps *maps, const guint8 *distance, gsize at, int reach)
{
  int x = at % maps->width, y = at / maps->width;

  if (distance[at] > FURTHEST)
    return FALSE;
  for (int i = MAX (y - reach, 0); i <= MIN (y + reach, maps->height - 1); i++)
    for (int j = MAX (x - reach, 0); j <= MIN (x + reach, maps->width - 1); j++)
      if (distance[(gsize) i * maps->width + j] == 0)
        return TRUE;
  return FALSE;
}

/**
 * hl_rim_find:
 * @image: (C, H, W), the photograph
 * @maps: of it; a rim that is damaged too goes from the source to the target
 * @least: %HL_RIM_SELECTED or %HL_RIM_FOUND
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * Finds out whether the damage goes on outside of a mask that was drawn too tight.  Along
 * each ring around the target, a share a of damage turns a sound value b into p = b + a (d - b),
 * with d the damage within the target and b the mean of what lies further out.  As b is only an
 * estimate, and its error is in p - b and in d - b alike, least squares would find damage wherever
 * the picture is busy; so a is found with an instrument z that is free of that error, d less the
 * mean of b over a wide tile: a = sum z (p - b) / sum z (d - b) (Wald, "The Fitting of Straight
 * Lines if Both Variables are Subject to Error", Ann. Math. Stat. 1940).  In a sound ring it is
 * near 0, as pictures do not know which way the damage differs from them, and no further from it
 * than its blocks differ from each other.  What is masked without being damaged does go on into the
 * ring, as all pictures do, but differs from its surroundings in all directions.
 *
 * Returns: how many pixels of rim around the target are damaged, 0..3; 0 too where there is not
 * the memory to find out
 */
int
hl_rim_find (const HlImage *image, HlMaps *maps, double least, GCancellable *cancel)
{
  int                damaged  = 0;
  gsize              pixels   = (gsize) image->width * image->height;
  g_autofree guint8 *distance = measure_distance (maps);

  for (int ring = 1; distance && ring <= RIM && damaged == ring - 1; ring++)
    if (is_damaged (image, maps, distance, ring, ring > 1 ? MIN (least, DAMAGED_ON) : least,
                    cancel))
      damaged = ring;
  for (gsize i = 0; damaged > 0 && i < pixels; i++)
    if (maps->source[i] > 0 && is_within (maps, distance, i, damaged))
      {
        maps->source[i] = 0;
        maps->target[i] = 1;
      }
  return damaged;
}

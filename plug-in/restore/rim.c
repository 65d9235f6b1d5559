/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the damage goes on around a mask: the rim that a lens or a scanner has blurred, and the
 * lips of a crack.  It is decided along each piece of the mask by itself: a hard scratch has none,
 * and a hole that is wider than the damage loses what it covers. */
#include "restore/rim.h"

#include <math.h>
#include <string.h>

#include "restore/rim_parts.h"

/* Pixels outside of the mask that are looked at, and how far beyond them sound ones are
 * sought. */
#define RIM 3
#define REACH 3
#define FURTHEST (RIM + REACH)

/* Pixels of a side of the tiles within which damage is compared with the mean of what is sound. */
#define TILE 64

/* Of white: damage that differs less from its surroundings says nothing. */
#define CONTRAST 0.05

/* The rim of the whole mask is that of so much of its edge. */
#define MUCH 0.25

typedef struct
{
  const HlImage *image;
  HlMaps        *maps;
  GCancellable  *cancel;
  guint8        *distance; /* (H, W), to the target, rounded up, up to FURTHEST; else 255 */
  guint32       *part;     /* (H, W), of the nearest pixel of the target's edge */
  GArray        *parts;
  GArray        *samples;
  int            tiles; /* of TILE pixels, in a row */
  double        *mean;  /* of what is sound in each, by channel */
  guint         *count;
} Search;

/* A pixel of a ring: its value, and the means of the damage and of what is sound around it. */
typedef struct
{
  gsize   at;
  guint32 part;
  float   value[3], damage[3], sound[3];
} Sample;

static void
search_clear (Search *search)
{
  g_free (search->distance);
  g_free (search->part);
  g_free (search->mean);
  g_free (search->count);
  g_clear_pointer (&search->parts, g_array_unref);
  g_clear_pointer (&search->samples, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static gboolean
search_init (Search *search, const HlImage *image, HlMaps *maps, GCancellable *cancel)
{
  gsize pixels = (gsize) maps->width * maps->height;
  int   tiles  = maps->width / TILE + 1;
  gsize n      = (gsize) tiles * (maps->height / TILE + 1);

  *search = (Search) { .image    = image,
                       .maps     = maps,
                       .cancel   = cancel,
                       .distance = g_try_new (guint8, pixels),
                       .part     = g_try_new (guint32, pixels),
                       .parts    = g_array_new (FALSE, TRUE, sizeof (HlRimPart)),
                       .samples  = g_array_new (FALSE, FALSE, sizeof (Sample)),
                       .tiles    = tiles,
                       .mean     = g_try_new (double, 3 * n),
                       .count    = g_try_new (guint, n) };
  return search->distance && search->part && search->mean && search->count;
}

/* Whether a target pixel has a neighbour that is none. */
static gboolean
is_edge (const HlMaps *maps, int x, int y)
{
  const float *at = maps->target + (gsize) y * maps->width + x;

  return (x > 0 && at[-1] <= 0) || (x + 1 < maps->width && at[1] <= 0)
         || (y > 0 && at[-maps->width] <= 0) || (y + 1 < maps->height && at[maps->width] <= 0);
}

/* The part of a pixel of a piece. */
static guint32
get_part (Search *search, guint32 *of_tile, guint32 piece, gsize at)
{
  int      x = at % search->maps->width, y = at / search->maps->width;
  guint32 *part = of_tile + (gsize) (y / HL_RIM_PART) * (search->maps->width / HL_RIM_PART + 1)
                  + x / HL_RIM_PART;

  if (*part == 0 || g_array_index (search->parts, HlRimPart, *part - 1).piece != piece)
    {
      HlRimPart one = { .piece = piece };

      g_array_append_val (search->parts, one);
      *part = search->parts->len;
    }
  return *part - 1;
}

/* Labels the parts of the target: what hangs together by sides and corners, within a tile. */
static gboolean
find_parts (Search *search)
{
  const HlMaps       *maps = search->maps;
  int                 W = maps->width, H = maps->height;
  gsize               pixels = (gsize) W * H, marked = 0;
  guint32             piece = 0;
  g_autofree guint32 *of_tile
      = g_try_new0 (guint32, (gsize) (W / HL_RIM_PART + 1) * (H / HL_RIM_PART + 1));
  g_autofree gsize *stack = NULL;

  for (gsize i = 0; i < pixels; i++)
    {
      search->part[i] = G_MAXUINT32;
      marked += maps->target[i] > 0;
    }
  stack = g_try_new (gsize, marked + 1);
  if (!of_tile || !stack)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      gsize n = 0;

      if (maps->target[i] <= 0 || search->part[i] != G_MAXUINT32)
        continue;
      if (g_cancellable_is_cancelled (search->cancel))
        return FALSE;
      search->part[i] = get_part (search, of_tile, ++piece, i);
      stack[n++]      = i;
      while (n > 0)
        {
          gsize at = stack[--n];
          int   x = at % W, y = at / W;

          for (int v = MAX (y - 1, 0); v <= MIN (y + 1, H - 1); v++)
            for (int u = MAX (x - 1, 0); u <= MIN (x + 1, W - 1); u++)
              {
                gsize to = (gsize) v * W + u;

                if (maps->target[to] <= 0 || search->part[to] != G_MAXUINT32)
                  continue;
                search->part[to] = get_part (search, of_tile, piece, to);
                stack[n++]       = to;
              }
        }
    }
  return TRUE;
}

/* The distance of each pixel to the target, and the part that is nearest.  Rounded up, so that a
 * ring is what hl_mask_grow() adds in one more step. */
static void
measure_distance (Search *search)
{
  const HlMaps *maps  = search->maps;
  int           width = maps->width, height = maps->height;
  gsize         pixels = (gsize) width * height;
  guint8        far[FURTHEST + 1][FURTHEST + 1];

  for (int i = 0; i <= FURTHEST; i++)
    for (int j = 0; j <= FURTHEST; j++)
      far[i][j] = ceil (hypot (i, j)) <= FURTHEST ? ceil (hypot (i, j)) : G_MAXUINT8;
  for (gsize i = 0; i < pixels; i++)
    search->distance[i] = maps->target[i] > 0 ? 0 : G_MAXUINT8;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize at = (gsize) y * width + x;

        if (maps->target[at] <= 0 || !is_edge (maps, x, y))
          continue;
        for (int i = MAX (y - FURTHEST, 0); i <= MIN (y + FURTHEST, height - 1); i++)
          for (int j = MAX (x - FURTHEST, 0); j <= MIN (x + FURTHEST, width - 1); j++)
            {
              gsize to = (gsize) i * width + j;

              if (far[ABS (i - y)][ABS (j - x)] >= search->distance[to])
                continue;
              search->distance[to] = far[ABS (i - y)][ABS (j - x)];
              search->part[to]     = search->part[at];
            }
      }
}

/* The means of the damage and of what is sound around a pixel of a ring. */
static gboolean
read_sample (const Search *search, gsize at, Sample *sample)
{
  const HlMaps  *maps  = search->maps;
  const HlImage *image = search->image;
  int            width = maps->width, x = at % width, y = at / width, damages = 0, sounds = 0;
  gsize          pixels    = (gsize) width * maps->height;
  double         damage[3] = { 0 }, sound[3] = { 0 };

  for (int i = MAX (y - FURTHEST, 0); i <= MIN (y + FURTHEST, maps->height - 1); i++)
    for (int j = MAX (x - FURTHEST, 0); j <= MIN (x + FURTHEST, width - 1); j++)
      {
        gsize   p  = (gsize) i * width + j;
        guint8  d  = search->distance[p];
        double *to = damage;

        if (d == 0)
          damages++;
        else if (d > RIM && d <= FURTHEST && maps->source[p] > 0)
          {
            sounds++;
            to = sound;
          }
        else
          continue;
        for (int c = 0; c < image->channels; c++)
          to[c] += image->planes[c * pixels + p];
      }
  if (damages == 0 || sounds == 0)
    return FALSE;
  *sample = (Sample) { .at = at, .part = search->part[at] };
  for (int c = 0; c < image->channels; c++)
    {
      sample->value[c]  = image->planes[c * pixels + at];
      sample->damage[c] = damage[c] / damages;
      sample->sound[c]  = sound[c] / sounds;
      if (!isfinite (sample->damage[c]))
        return FALSE;
    }
  return TRUE;
}

static gsize
get_tile (const Search *search, gsize at)
{
  gsize width = search->maps->width;

  return at / width / TILE * search->tiles + at % width / TILE;
}

/* The samples of a ring around those parts whose rings before it are damaged, and the mean of what
 * is sound around them in each tile. */
static void
find_samples (Search *search, int ring)
{
  const HlMaps *maps  = search->maps;
  gsize         width = maps->width;
  gsize         tiles = (gsize) search->tiles * (maps->height / TILE + 1);
  Sample        sample;

  g_array_set_size (search->samples, 0);
  memset (search->mean, 0, 3 * tiles * sizeof (double));
  memset (search->count, 0, tiles * sizeof (guint));
  for (gsize i = 0; i < width * maps->height; i++)
    {
      if (i % width == 0 && g_cancellable_is_cancelled (search->cancel))
        return;
      if (search->distance[i] == ring && maps->source[i] > 0
          && g_array_index (search->parts, HlRimPart, search->part[i]).width == ring - 1
          && read_sample (search, i, &sample))
        {
          gsize tile = get_tile (search, i);

          for (int c = 0; c < search->image->channels; c++)
            search->mean[3 * tile + c] += sample.sound[c];
          search->count[tile]++;
          g_array_append_val (search->samples, sample);
        }
    }
}

/* Adds each sample to its part. */
static void
add_samples (Search *search, int ring)
{
  int width = search->maps->width;

  for (guint k = 0; k < search->parts->len; k++)
    {
      HlRimPart *part = &g_array_index (search->parts, HlRimPart, k);

      part->samples = part->contrasting = 0;
      part->difference                  = 0;
      part->known                       = FALSE;
      memset (part->sums, 0, sizeof part->sums);
      memset (part->square, 0, sizeof part->square);
    }
  for (guint k = 0; k < search->samples->len; k++)
    {
      const Sample *sample = &g_array_index (search->samples, Sample, k);
      HlRimPart    *part   = &g_array_index (search->parts, HlRimPart, sample->part);
      gsize         tile   = get_tile (search, sample->at);
      int           x      = sample->at % width % HL_RIM_PART / HL_RIM_BLOCK,
          y                = sample->at / width % HL_RIM_PART / HL_RIM_BLOCK;
      double *sums         = part->sums[y * (HL_RIM_PART / HL_RIM_BLOCK) + x];

      part->samples++;
      for (int c = 0; c < search->image->channels; c++)
        {
          double difference = sample->damage[c] - sample->sound[c];
          double rise       = sample->value[c] - sample->sound[c];
          double instrument = sample->damage[c] - search->mean[3 * tile + c] / search->count[tile];

          if (fabs (instrument) <= CONTRAST)
            continue;
          part->contrasting++;
          sums[0] += instrument * rise;
          sums[1] += instrument * difference;
          part->difference += difference;
          part->square[0] += rise * rise;
          part->square[1] += rise * difference;
          part->square[2] += difference * difference;
        }
      if (ring == 1)
        part->edge++;
    }
}

/* Looks at a ring around each part. */
static void
look (Search *search, int ring, gboolean found)
{
  find_samples (search, ring);
  add_samples (search, ring);
  hl_rim_parts_decide (search->parts, ring, found);
}

/* Whether the target, without the rim, lies within so many columns and rows: beside the corner of a
 * mask the damage goes on further than along its sides. */
static gboolean
is_within (const Search *search, gsize at, int reach)
{
  const HlMaps *maps = search->maps;
  int           x = at % maps->width, y = at / maps->width;

  for (int i = MAX (y - reach, 0); i <= MIN (y + reach, maps->height - 1); i++)
    for (int j = MAX (x - reach, 0); j <= MIN (x + reach, maps->width - 1); j++)
      if (search->distance[(gsize) i * maps->width + j] == 0)
        return TRUE;
  return FALSE;
}

/* The width that much of the target's edge has. */
static int
get_width (const GArray *parts)
{
  gsize edge[RIM + 1] = { 0 }, all = 0, wide = 0;

  for (guint k = 0; k < parts->len; k++)
    {
      const HlRimPart *part = &g_array_index (parts, HlRimPart, k);

      edge[part->width] += part->edge;
      all += part->edge;
    }
  for (int width = RIM; width > 0; width--)
    {
      wide += edge[width];
      if (wide > MUCH * all)
        return width;
    }
  return 0;
}

/**
 * hl_rim_find:
 * @image: (C, H, W), the photograph
 * @maps: of it; a rim that is damaged too goes from the source to the target
 * @found: whether the networks found the target, which see the middle of damage first: then less
 *   of it need be usual in the first ring
 * @cancel: (nullable): once cancelled, it ends soon, and what it found is worth nothing
 *
 * Finds out how far the damage goes on outside of a mask.  Along each ring around the target, a
 * share a of damage turns a sound value b into p = b + a (d - b), with d the damage within the
 * target and b the mean of what lies further out.  As b is only an estimate, and its error is in
 * p - b and in d - b alike, least squares would find damage wherever the picture is busy; so a is
 * found with an instrument z that is free of that error, d less the mean of b over a wide tile:
 * a = sum z (p - b) / sum z (d - b) (Wald, "The Fitting of Straight Lines if Both Variables are
 * Subject to Error", Ann. Math. Stat. 1940).
 *
 * Each piece of the target, and of a long one each 32 pixels, has an a of its own.  What so few
 * pixels say is uncertain, by how much their blocks differ from each other; so it is averaged with
 * the median of the other parts that are brighter, or darker, than their surroundings like this
 * one, both by their precision: empirical Bayes estimation (Efron and Morris, "Stein's Estimation
 * Rule and Its Competitors", JASA 1973).
 *
 * Returns: how many pixels of rim are damaged, 0..3, around a quarter of the target's edge at
 *   least; 0 too where there is not the memory to find out
 */
int
hl_rim_find (const HlImage *image, HlMaps *maps, gboolean found, GCancellable *cancel)
{
  g_auto (Search) search = { 0 };

  if (!search_init (&search, image, maps, cancel) || !find_parts (&search))
    return 0;
  measure_distance (&search);
  for (int ring = 1; ring <= RIM; ring++)
    look (&search, ring, found);
  if (g_cancellable_is_cancelled (cancel))
    return 0;
  for (gsize i = 0; i < (gsize) maps->width * maps->height; i++)
    if (search.distance[i] > 0 && search.distance[i] <= FURTHEST && maps->source[i] > 0)
      {
        int width = g_array_index (search.parts, HlRimPart, search.part[i]).width;

        if (width == 0 || !is_within (&search, i, width))
          continue;
        maps->source[i] = 0;
        maps->target[i] = 1;
      }
  return get_width (search.parts);
}

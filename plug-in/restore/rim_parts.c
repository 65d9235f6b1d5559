/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the rings around the parts of a mask are damaged: by what they say themselves, and by
 * what is usual of the others (rim.c). */
#include "restore/rim_parts.h"

#include <math.h>

/* Share of the damage in a ring from which it belongs to the rim; and what must be usual in the
 * first ring of a mask that a person drew: in five of six old prints what the networks find leaves
 * 0.09 to 0.19 there, and the lips of the cracks can be seen where it stays, but what is masked
 * with those has up to 0.17 of the picture in its first ring. A mask along the middle of soft edges
 * has 0.4. */
#define LEAST_SHARE 0.04
#define LEAST_SELECTED 0.2

/* A share that is more than this is the picture, which goes on beside what was masked. */
#define MOST_SHARE 0.7

/* By how many standard deviations the share must be more, for a part to have a rim of its own, and
 * for what is usual of all of them.  And what the damage must leave in such a part's ring, of
 * white, and as a multiple of how much the ring differs otherwise from what lies further out: a
 * trace in busy surroundings is not seen.  From LARGE_SHARE on it must stand out more, in
 * proportion: half of the damage beside a mask that the networks drew is rather an edge of the
 * picture.  On seven old scans no lettering, lace or box edge is widened, and every drawn scratch
 * of a mask that is too tight is. */
#define CERTAIN 2.0
#define USUALLY_CERTAIN 3.0
#define LEAST_TRACE (4 / 255.0)
#define LEAST_RATIO 1.0
#define LARGE_SHARE 0.2

/* Standard deviation of the share from part to part: where too few parts say how much it differs,
 * and the least and the most that is believed of them. */
#define USUAL_SPREAD 0.15
#define LEAST_SPREAD 0.04
#define MOST_SPREAD 0.3

/* Parts that say what is usual, at least, and samples of a part to be one of them. */
#define FEWEST_PARTS 8
#define FEWEST 4

/* What is usual weighs as much as so many blocks in the uncertainty of a part. */
#define USUAL_BLOCKS 2.0

/* Of a normal distribution half is within so many standard deviations; and the standard deviation
 * of a median, times that of a mean. */
#define HALF 0.6745
#define MEDIAN 1.25

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
find_median (GArray *values)
{
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare);
  return g_array_index (values, double, values->len / 2);
}

/* The share of the damage in a part's ring, and how uncertain it is. */
static gboolean
estimate (HlRimPart *part, double usual_rest)
{
  double numerator = 0, denominator = 0, rest = 0;
  int    n = 0;

  for (int b = 0; b < HL_RIM_BLOCKS; b++)
    {
      numerator += part->sums[b][0];
      denominator += part->sums[b][1];
    }
  if (denominator <= 0)
    return FALSE;
  part->share = numerator / denominator;
  for (int b = 0; b < HL_RIM_BLOCKS; b++)
    if (part->sums[b][1] != 0)
      {
        double r = part->sums[b][0] - part->share * part->sums[b][1];

        rest += r * r;
        n++;
      }
  /* In units of the mean block's denominator. */
  part->rest = n > 1 ? rest / (n - 1) * (n / denominator) * (n / denominator) : -1;
  part->variance
      = ((n - 1) * MAX (part->rest, 0) + USUAL_BLOCKS * usual_rest) / (n - 1 + USUAL_BLOCKS) / n;
  return TRUE;
}

/* What is usual of the parts that are brighter than their surroundings, or darker. */
typedef struct
{
  double   share, spread;
  gboolean damaged; /* for certain */
  guint    parts;
} Usual;

static Usual
find_usual (const GArray *parts, gboolean bright, double least)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) off    = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) own    = g_array_new (FALSE, FALSE, sizeof (double));
  Usual  usual              = { 0, USUAL_SPREAD, FALSE, 0 };
  double spread;

  for (guint k = 0; k < parts->len; k++)
    {
      const HlRimPart *part = &g_array_index (parts, HlRimPart, k);

      if (part->known && part->samples >= FEWEST && (part->difference > 0) == bright)
        {
          g_array_append_val (shares, part->share);
          g_array_append_val (own, part->variance);
        }
    }
  usual.parts = shares->len;
  if (shares->len < FEWEST_PARTS)
    return usual;
  usual.share = find_median (shares);
  for (guint k = 0; k < shares->len; k++)
    {
      double far = fabs (g_array_index (shares, double, k) - usual.share);

      g_array_append_val (off, far);
    }
  spread        = find_median (off) / HALF;
  usual.damaged = usual.share - USUALLY_CERTAIN * MEDIAN * spread / sqrt (shares->len) > least
                  && usual.share < MOST_SHARE;
  /* Without what the parts differ by as each of them is uncertain. */
  spread       = sqrt (MAX (spread * spread - find_median (own), 0));
  usual.spread = CLAMP (spread, LEAST_SPREAD, MOST_SPREAD);
  return usual;
}

/* Whether a part's ring is damaged: what is known of the part and what is usual, each by how
 * certain it is. */
static gboolean
is_damaged (const HlRimPart *part, const Usual *usual, double least)
{
  double prior = 1 / (usual->spread * usual->spread), own = 1 / MAX (part->variance, 1e-6);
  double share = (prior * usual->share + own * part->share) / (prior + own);
  double doubt = 1 / sqrt (prior + own);
  double trace = share * sqrt (part->square[2] / part->contrasting);
  double other = part->square[0] + share * (share * part->square[2] - 2 * part->square[1]);

  if (usual->damaged && share + doubt > LEAST_SHARE)
    return TRUE;
  other = LEAST_RATIO * sqrt (MAX (other, 0) / part->contrasting);
  return share - CERTAIN * doubt > least && trace > LEAST_TRACE
         && trace > other * MAX (1, share / LARGE_SHARE);
}

/**
 * hl_rim_parts_decide:
 * @parts: of #HlRimPart, with what their ring says; the width becomes @ring where that is damaged
 * @ring: which ring it is, 1..
 * @found: as for hl_rim_find()
 *
 * Each part's share is averaged with what is usual of the others, both by their precision.
 */
void
hl_rim_parts_decide (GArray *parts, int ring, gboolean found)
{
  g_autoptr (GArray) rests = g_array_new (FALSE, FALSE, sizeof (double));
  const double least       = found || ring > 1 ? LEAST_SHARE : LEAST_SELECTED;
  double       usual_rest;
  Usual        usual[2];

  for (guint k = 0; k < parts->len; k++)
    {
      HlRimPart *part = &g_array_index (parts, HlRimPart, k);

      if (estimate (part, 0) && part->rest >= 0)
        g_array_append_val (rests, part->rest);
    }
  usual_rest = find_median (rests);
  for (guint k = 0; k < parts->len; k++)
    {
      HlRimPart *part = &g_array_index (parts, HlRimPart, k);

      part->known = estimate (part, usual_rest);
    }
  for (int bright = 0; bright < 2; bright++)
    usual[bright] = find_usual (parts, bright, least);
  for (guint k = 0; k < parts->len; k++)
    {
      HlRimPart *part = &g_array_index (parts, HlRimPart, k);

      if (part->known ? is_damaged (part, &usual[part->difference > 0], least)
                      : part->samples > 0 && usual[usual[1].parts > usual[0].parts].damaged)
        part->width = ring;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes stains away that can be seen through (tea, the rim of water, tape, foxing): a stain adds
 * density, so what is below is what is seen less that.  Comes before the repair, which then only
 * has the thin rim to fill, and all of what hides the picture.
 *
 * Within one stain the added density of each channel is taken for smooth, but for a rim where it
 * has dried:
 *
 *   s (p) = a + b x + c y + d x^2 + e x y + f y^2 + g exp (-depth / 3) + h exp (-depth / 12)
 *
 * with x and y over the stain's size and the depth in pixels from its edge.  Each pixel inside is
 * compared with the sound picture straight beyond the nearest edge,
 *
 *   D (p) - D (q) = s (p) + what the picture itself differs by from p to q
 *
 * and the last term has no sign of its own, but grows with the distance.  So the eight unknowns are
 * found by least squares, weighted by the distance and again by what is left (Cauchy's weights, as
 * in toned.c), as an object that begins at the stain's edge must not count. */
#include "restore/colour/stain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/colour/density.h"
#include "restore/colour/stain_depth.h"
#include "restore/colour/symmetric.h"
#include "restore/error.h"

#define TERMS 8
#define TURNS 8
#define TUNING 2.0
#define LEAST_DEVIATION 0.01

/* Of the squares of all but the constant term, in pixels that are compared.  Where the picture
 * itself differs much from p to q it does so alike over many pixels, which tell little together:
 * then, by the square of what is left, of the constant term too, and of the others more.  Of stains
 * drawn on 19 photographs, two on each, 6 of 38 came out worse than they were without this, by up
 * to 14 dB, and none with it; the mean gain rose from 7.7 to 11.5 dB. */
#define DAMPING 0.01
#define DOUBT 0.4
#define DOUBT_OF_SHAPE 2.0

/* At this distance two places of a picture differ by twice as much as side by side. */
#define ALIKE 6.0

/* The picture is compared with the mean of places so far beyond the edge, as an edge is soft. */
static const int beyond[] = { 3, 5, 8 };

/* So near the edge nobody knows how much there is of the stain: it is left to the repair. */
#define RIM 2

/* Of fewer pixels nothing can be said; of large stains a grid of so many is enough. */
#define FEWEST 40
#define ENOUGH 40000

/* Where less than this share of the detail beside it is left in a stain, it hides the picture;
 * where there is no more detail beside it than this density, nothing can be said of that. */
#define HIDING 0.3
#define PLAIN 0.02

typedef struct
{
  const HlImage      *image;
  const HlStainDepth *depth;
  const float        *densities; /* (C, H, W) */
  const guint8       *source;
} Work;

/* One pixel inside, compared with what is beyond the edge. */
typedef struct
{
  gsize  at;
  double terms[TERMS];
  double difference[3];
  double alike; /* weight by distance */
  double weight;
} Pair;

static gboolean
is_sound (const Work *work, int x, int y, gsize *at)
{
  if (x < 0 || y < 0 || x >= work->image->width || y >= work->image->height)
    return FALSE;
  *at = (gsize) y * work->image->width + x;
  return work->depth->label[*at] == 0 && (!work->source || work->source[*at]);
}

/* The mean density of the sound picture beyond the edge that is nearest to (@x, @y). */
static gboolean
look_beyond (const Work *work, int x, int y, double mean[3])
{
  gsize  pixels = (gsize) work->image->width * work->image->height;
  gsize  at     = (gsize) y * work->image->width + x;
  double dx = work->depth->dx[at], dy = work->depth->dy[at], length = hypot (dx, dy);
  int    n = 0;

  mean[0] = mean[1] = mean[2] = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (beyond); i++)
    {
      double far = 1 + (beyond[i] - 1) / length;

      if (!is_sound (work, lround (x + dx * far), lround (y + dy * far), &at))
        continue;
      for (int c = 0; c < work->image->channels; c++)
        mean[c] += work->densities[c * pixels + at];
      n++;
    }
  for (int c = 0; n > 0 && c < 3; c++)
    mean[c] /= n;
  return n > 0;
}

static void
get_terms (const HlStainBox *box, int x, int y, double depth, double terms[TERMS])
{
  double u = 2.0 * (x - box->left) / MAX (box->right - box->left, 1) - 1;
  double v = 2.0 * (y - box->top) / MAX (box->bottom - box->top, 1) - 1;

  terms[0] = 1;
  terms[1] = u;
  terms[2] = v;
  terms[3] = u * u - 0.33;
  terms[4] = u * v;
  terms[5] = v * v - 0.33;
  terms[6] = exp (-depth / 3);
  terms[7] = exp (-depth / 12);
}

static int
list_pairs (const Work *work, const HlStainBox *box, Pair *pairs)
{
  int   width = work->image->width, n = 0;
  int   step   = (int) ceil (sqrt ((double) box->pixels / ENOUGH));
  gsize pixels = (gsize) width * work->image->height;

  for (int y = box->top; y <= box->bottom; y += step)
    for (int x = box->left; x <= box->right && n < 2 * ENOUGH; x += step)
      {
        gsize  at    = (gsize) y * width + x;
        double depth = hypot (work->depth->dx[at], work->depth->dy[at]);
        double mean[3];

        if (work->depth->label[at] != box->label || depth <= RIM
            || (work->source && !work->source[at]) || !look_beyond (work, x, y, mean))
          continue;
        pairs[n].at = at;
        get_terms (box, x, y, depth, pairs[n].terms);
        for (int c = 0; c < work->image->channels; c++)
          pairs[n].difference[c] = work->densities[c * pixels + at] - mean[c];
        pairs[n].alike = pairs[n].weight = 1 / (1 + depth * depth / (ALIKE * ALIKE));
        n++;
      }
  return n;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The unknowns of each channel; @scratch has room for @n numbers. */
static void
fit (Pair *pairs, int n, int channels, double unknowns[3][TERMS], double *scratch)
{
  double deviation = 0;

  for (int turn = 0; turn < TURNS; turn++)
    {
      double doubt = deviation * deviation;

      for (int c = 0; c < channels; c++)
        {
          double a[TERMS][TERMS] = { 0 };

          memset (unknowns[c], 0, sizeof unknowns[c]);
          for (int k = 0; k < n; k++)
            for (int i = 0; i < TERMS; i++)
              {
                double term = pairs[k].weight * pairs[k].terms[i];

                for (int j = 0; j <= i; j++)
                  a[i][j] += term * pairs[k].terms[j];
                unknowns[c][i] += term * pairs[k].difference[c];
              }
          for (int i = 0; i < TERMS; i++)
            a[i][i] += n * (i > 0 ? DAMPING + DOUBT_OF_SHAPE * doubt : 1e-9 + DOUBT * doubt);
          hl_symmetric_solve (a[0], TERMS, unknowns[c], 1);
        }
      for (int k = 0; k < n; k++)
        {
          double square = 0;

          for (int c = 0; c < channels; c++)
            {
              double rest = pairs[k].difference[c];

              for (int i = 0; i < TERMS; i++)
                rest -= unknowns[c][i] * pairs[k].terms[i];
              square += rest * rest / channels;
            }
          pairs[k].weight = scratch[k] = sqrt (square);
        }
      qsort (scratch, n, sizeof (double), compare_doubles);
      deviation = scratch[n / 2] + LEAST_DEVIATION;
      for (int k = 0; k < n; k++)
        pairs[k].weight = pairs[k].alike / (1 + pow (pairs[k].weight / (TUNING * deviation), 2));
    }
}

/* How much neighbouring pixels of one kind differ, in and about the stain. */
static gboolean
hides_picture (const Work *work, const HlStainBox *box)
{
  int    width = work->image->width, margin = 12;
  gsize  pixels    = (gsize) width * work->image->height;
  double detail[2] = { 0 };
  gsize  n[2]      = { 0 };

  for (int y = MAX (box->top - margin, 0); y <= MIN (box->bottom + margin, work->image->height - 1);
       y++)
    for (int x = MAX (box->left - margin, 0); x + 2 <= MIN (box->right + margin, width - 1); x++)
      {
        gsize    at     = (gsize) y * width + x;
        guint32  label  = work->depth->label[at];
        gboolean inside = label == box->label;

        if ((label != 0 && !inside) || work->depth->label[at + 2] != label
            || (inside && hypot (work->depth->dx[at], work->depth->dy[at]) <= 2 * RIM))
          continue;
        for (int c = 0; c < work->image->channels; c++)
          detail[inside]
              += fabs (work->densities[c * pixels + at] - work->densities[c * pixels + at + 2]);
        n[inside] += work->image->channels;
      }
  for (int k = 0; k < 2; k++)
    detail[k] /= MAX (n[k], 1);
  return detail[0] > PLAIN && detail[1] < HIDING * detail[0];
}

/* Takes the stain off where it is known to be, and says what is left to repair. */
static void
lift (const Work *work, const HlStainBox *box, double unknowns[3][TERMS], const float *target,
      HlImage *image, float *left)
{
  int   width  = image->width;
  gsize pixels = (gsize) width * image->height;

  for (int y = box->top; y <= box->bottom; y++)
    for (int x = box->left; x <= box->right; x++)
      {
        gsize  at = (gsize) y * width + x;
        double terms[TERMS], depth = hypot (work->depth->dx[at], work->depth->dy[at]);

        if (work->depth->label[at] != box->label)
          continue;
        get_terms (box, x, y, depth, terms);
        for (int c = 0; c < image->channels; c++)
          {
            double stain = 0;
            float  density;

            for (int i = 0; i < TERMS; i++)
              stain += unknowns[c][i] * terms[i];
            density = work->densities[c * pixels + at] - MIN (target[at], 1) * fmax (stain, 0);
            hl_density_limit (&density, 1);
            hl_density_to_values (&density, &image->planes[c * pixels + at], 1);
          }
        left[at] = depth <= RIM ? target[at] : 0;
      }
}

/**
 * hl_stain_lift:
 * @image: (C, H, W), a photograph; the stains that can be seen through are taken off it
 * @target: (H, W), how much of each pixel's stain is to go, 0..1; each connected one has its own
 *   density
 * @source: (nullable): (H, W), not compared with where 0
 * @all: whether all of them can be seen through, as somebody says; otherwise those where detail
 *   can be seen
 * @left: (H, W) (out): what is left to repair: 1 along the rims, and all over where a stain hides
 * the picture or nothing sound is beside it; 0 elsewhere
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it was done
 */
gboolean
hl_stain_lift (HlImage *image, const float *target, const guint8 *source, gboolean all, float *left,
               GCancellable *cancel, GError **error)
{
  gsize             pixels    = (gsize) image->width * image->height;
  g_autofree float *densities = g_try_new (float, image->channels *pixels);
  g_auto (HlStainDepth) depth = { 0 };
  g_autofree Pair   *pairs    = NULL;
  g_autofree double *scratch  = NULL;
  Work               work     = { image, &depth, densities, source };
  gsize              most     = 0;

  if (!densities || !hl_stain_depth_find (&depth, target, image->width, image->height))
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (guint i = 0; i < depth.n; i++)
    most = MAX (most, MIN (depth.boxes[i].pixels, 2 * ENOUGH));
  pairs   = g_try_new (Pair, MAX (most, 1));
  scratch = g_try_new (double, MAX (most, 1));
  if (!pairs || !scratch)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  hl_density_from_values (image->planes, densities, image->channels * pixels);
  for (gsize i = 0; i < pixels; i++)
    left[i] = depth.label[i] != 0 ? target[i] : 0;
  for (guint i = 0; i < depth.n && !g_cancellable_is_cancelled (cancel); i++)
    {
      double unknowns[3][TERMS];
      int    n;

      if (!all && hides_picture (&work, &depth.boxes[i]))
        continue;
      n = list_pairs (&work, &depth.boxes[i], pairs);
      if (n < FEWEST)
        continue;
      fit (pairs, n, image->channels, unknowns, scratch);
      lift (&work, &depth.boxes[i], unknowns, target, image, left);
    }
  return !g_cancellable_set_error_if_cancelled (cancel, error);
}

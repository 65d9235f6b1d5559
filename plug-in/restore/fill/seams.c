/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces laid beside each other, without their seams.
 *
 * Pérez, Gangnet and Blake, "Poisson Image Editing" (SIGGRAPH 2003), section 2, written for the
 * correction e that each pixel of a piece gets: within a piece it changes as little as can be, and
 * across a seam, or the rim of the hole, by what the two sides differ there,
 *
 *   min  sum of w (e_p - e_q - d_pq)^2 over neighbours  +  sum of e_p^2 / REACH^2.
 *
 * The last sum keeps what is wrong at a seam near the seam.  An edge that ends at a seam is no
 * difference in light to be evened out: where the sides differ by more than EDGE, they count less
 * and less. */
#include "restore/fill/seams.h"

#include <math.h>

#include "restore/error.h"

#define REACH 24.0
#define EDGE 0.15f

/* Steps of conjugate gradients, and the residual, of the first, at which they end: in a photograph
 * with a hole of 180 x 180 the result is 1 of 255 from that of 1e-6 at most, after half the steps.
 */
#define STEPS 200
#define ENOUGH 1e-3

typedef struct
{
  int           nodes;
  const gint32 *beside;
  float        *weight;   /* (nodes, 4): w towards each neighbour, or the rim */
  float        *diagonal; /* (nodes) */
} System;

/* The pixel that lies from @at as @source lies from @from, or -1 beyond the picture. */
static gint64
move (const HlImage *image, gint32 at, gint32 from, gint32 source)
{
  int x = at % image->width + source % image->width - from % image->width;
  int y = at / image->width + source / image->width - from / image->width;

  return x < 0 || x >= image->width || y < 0 || y >= image->height ? -1
                                                                   : (gint64) y * image->width + x;
}

/* d_pq of channel @c. */
static float
get_difference (const HlImage *image, int c, gint32 p, gint32 from_p, gint32 q, gint32 from_q)
{
  const float *plane   = image->planes + (gsize) c * image->width * image->height;
  gint64       other_p = q == from_q ? -1 : move (image, p, q, from_q),
         other_q       = move (image, q, p, from_p);
  float here           = other_p < 0 ? 0 : plane[other_p] - plane[from_p];
  float there          = other_q < 0 ? 0 : plane[from_q] - plane[other_q];

  if (other_p < 0 && other_q < 0)
    return plane[from_q] - plane[from_p];
  return other_p < 0 ? there : other_q < 0 ? here : (here + there) / 2;
}

static void
apply (const System *system, const double *x, double *out)
{
  for (int p = 0; p < system->nodes; p++)
    {
      double sum = system->diagonal[p] * x[p];

      for (int d = 0; d < 4; d++)
        if (system->beside[4 * p + d] >= 0)
          sum -= system->weight[4 * p + d] * x[system->beside[4 * p + d]];
      out[p] = sum;
    }
}

/* In several sums, none of which waits for another. */
static double
dot (const double *a, const double *b, int n)
{
  double sum[8] = { 0 }, all = 0;
  int    i = 0;

  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; k++)
      sum[k] += a[i + k] * b[i + k];
  for (; i < n; i++)
    sum[0] += a[i] * b[i];
  for (int k = 0; k < 8; k++)
    all += sum[k];
  return all;
}

/* @residual is the right side at first, and @x 0. */
static void
solve (const System *system, double *x, double *residual, double *direction, double *product,
       GCancellable *cancel)
{
  int    n   = system->nodes;
  double now = dot (residual, residual, n), first = now;

  for (int i = 0; i < n; i++)
    {
      x[i]         = 0;
      direction[i] = residual[i];
    }
  for (int k = 0; k < STEPS && now > ENOUGH * ENOUGH * first && now > 0; k++)
    {
      double length, before = now;

      if (g_cancellable_is_cancelled (cancel))
        return;
      apply (system, direction, product);
      length = now / dot (direction, product, n);
      for (int i = 0; i < n; i++)
        {
          x[i] += length * direction[i];
          residual[i] -= length * product[i];
        }
      now = dot (residual, residual, n);
      for (int i = 0; i < n; i++)
        direction[i] = residual[i] + now / before * direction[i];
    }
}

/* The pixel in direction @d of a node, or -1 beyond the picture. */
static gint64
look (const HlImage *image, gint32 at, int d)
{
  int x = at % image->width + (d == 0 ? -1 : d == 1);
  int y = at / image->width + (d == 2 ? -1 : d == 3);

  return x < 0 || x >= image->width || y < 0 || y >= image->height ? -1
                                                                   : (gint64) y * image->width + x;
}

/**
 * hl_seams_blend:
 * @image: (C, H, W); is painted where the nodes are
 * @nodes: how many pixels are covered
 * @at: (nodes), which pixels
 * @beside: (nodes, 4), the nodes left, right, above and below, or -1
 * @source: (nodes), which pixel each is copied from; none is one of @at
 * @rim: (H, W), 1 where what is painted must fit to the picture
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether @image is a result
 */
gboolean
hl_seams_blend (HlImage *image, int nodes, const gint32 *at, const gint32 *beside,
                const gint32 *source, const guint8 *rim, GCancellable *cancel, GError **error)
{
  gsize              pixels = (gsize) image->width * image->height, n = MAX (nodes, 1);
  g_autofree float  *weight   = g_try_new0 (float, 4 * n);
  g_autofree float  *diagonal = g_try_new (float, n);
  g_autofree double *room     = g_try_new (double, 4 * n * image->channels);
  System             system   = { nodes, beside, weight, diagonal };

  if (!weight || !diagonal || !room)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (int p = 0; p < nodes; p++)
    {
      diagonal[p] = 1 / (REACH * REACH);
      for (int d = 0; d < 4; d++)
        {
          int    q  = beside[4 * p + d];
          gint64 to = look (image, at[p], d), from = to;
          float  most = 0;

          if (q >= 0)
            from = source[q];
          else if (to < 0 || !rim[to])
            continue;
          for (int c = 0; c < image->channels; c++)
            most = fmaxf (most, fabsf (get_difference (image, c, at[p], source[p], to, from)));
          weight[4 * p + d] = 1 / (1 + most * most / (EDGE * EDGE));
          diagonal[p] += weight[4 * p + d];
        }
    }
  for (int c = 0; c < image->channels; c++)
    {
      double *right = room + 4 * n * c;

      for (int p = 0; p < nodes; p++)
        {
          right[p] = 0;
          for (int d = 0; d < 4; d++)
            if (weight[4 * p + d] > 0)
              {
                int    q    = beside[4 * p + d];
                gint64 to   = look (image, at[p], d);
                gint64 from = q >= 0 ? source[q] : to;

                right[p]
                    += weight[4 * p + d] * get_difference (image, c, at[p], source[p], to, from);
              }
        }
      solve (&system, right + n, right, right + 2 * n, right + 3 * n, cancel);
    }
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  for (int c = 0; c < image->channels; c++)
    for (int p = 0; p < nodes; p++)
      image->planes[c * pixels + at[p]]
          = image->planes[c * pixels + source[p]] + room[4 * n * c + n + p];
  return TRUE;
}

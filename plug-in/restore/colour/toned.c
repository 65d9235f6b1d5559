/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tone of a gray photograph, and how it differs over the sheet.
 *
 * In a gray photograph, toned, yellowed or both, red - green and blue - green depend on the density
 * m alone, but that the sheet has yellowed more in one place than in another:
 *
 *   u (p) = curve_u (m (p)) + field_u (p),   v (p) = curve_v (m (p)) + field_v (p)
 *
 * The curve is a polynomial of the third degree, the field the lowest cosines along both sides, of
 * mean 0.  They are fitted together by weighted least squares, repeated with weights that let
 * single spots (stains, tears, a tinted cheek) go: those of Cauchy's distribution (P. J. Huber,
 * "Robust Statistics", 1981).  Dark cells count less, as densities there are blown up.
 *
 * What is left then says whether the photograph is gray at all. */
#include "restore/colour/toned.h"

#include <math.h>
#include <stdlib.h>

#include "restore/colour/symmetric.h"
#include "restore/error.h"

#define CURVE HL_TONED_CURVE
#define WAVES HL_TONED_WAVES
#define FIELD 9 /* cosines of up to three half waves in all */
#define TERMS (CURVE + FIELD)

#define TURNS 8

/* The larger, the less the field follows; in cells, of all. */
#define FIELD_DAMPING 3e-3
#define CURVE_DAMPING 1e-6

/* Cauchy's weight is half at this many deviations. */
#define TUNING 2.5
#define LEAST_DEVIATION 1e-3

/* So near to curve and field are 90 and 97 % of the cells of a gray photograph, and so much denser
 * than green are blue, and red less dense, in its middle when it has yellowed.  The limits are
 * tight, as a gray photograph that is missed stays as it is, while a colour photograph that is
 * taken for one loses its colours.  Of 60 gray pictures that were yellowed as bench-colour.py does
 * it, 51 are found; of 614 colour photographs, among them those that the limits were chosen with,
 * none is taken for gray.  A portrait whose cheeks are tinted by hand has 0.022 and 0.050. */
static const double gray_spread[2] = { 0.024, 0.045 };
#define LEAST_YELLOW 0.02
#define MOST_YELLOW 0.6
#define LEAST_BROWN 0.015

/* With nothing lighter than this in red, which the yellow of paper hardly changes, the yellow may
 * as well be that of the scene: sand, or wood.  It costs 6 of the 55 gray pictures above,
 * and spares one of two photographs of sand. */
#define MOST_WHITE 0.3

/* Paper turns yellow, not pink as the sky does: in its light parts red is not less dense than green
 * by more than blue is denser and this. */
#define PINK 0.02

/* Blacker than this, one per cent of a print that has yellowed is not: it is an owl at night. */
#define MOST_BLACK 2.2

/* Where even less is left there is no colour at all. */
#define NO_COLOUR 0.004
#define NO_TONE 0.02

static void
get_terms (const HlSmallCopy *reduced, gsize cell, double m, double terms[TERMS])
{
  double x = G_PI * (cell % reduced->width + 0.5) / reduced->width;
  double y = G_PI * (cell / reduced->width + 0.5) / reduced->height;
  int    n = 0;

  for (double power = 1; n < CURVE; power *= m)
    terms[n++] = power;
  for (int i = 0; i < WAVES; i++)
    for (int j = 0; i + j < WAVES; j++)
      if (i + j > 0)
        terms[n++] = cos (i * y) * cos (j * x);
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

typedef struct
{
  double terms[TERMS];
  double target[2];
  double light; /* perceptual values per density, of those at white */
  double weight;
} Cell;

static Cell *
list_cells (const HlSmallCopy *reduced)
{
  gsize cells = (gsize) reduced->width * reduced->height;
  Cell *list  = g_try_new (Cell, MAX (reduced->n, 1));
  int   n     = 0;

  for (gsize i = 0; list && i < cells; i++)
    if (reduced->known[i])
      {
        double red   = reduced->planes[i];
        double green = reduced->planes[cells + i];
        double blue  = reduced->planes[2 * cells + i];
        double m     = hl_toned_get_density (red, green, blue);

        get_terms (reduced, i, m, list[n].terms);
        list[n].target[0] = red - green;
        list[n].target[1] = blue - green;
        list[n].light     = pow (10, -m / 2.4);
        list[n].weight    = list[n].light;
        n++;
      }
  return list;
}

static void
fit (const Cell *list, int n, double coefficients[2][TERMS])
{
  double a[TERMS][TERMS] = { 0 };

  for (int i = 0; i < TERMS; i++)
    {
      coefficients[0][i] = coefficients[1][i] = 0;
      a[i][i]                                 = n * (i < CURVE ? CURVE_DAMPING : FIELD_DAMPING);
    }
  for (int k = 0; k < n; k++)
    for (int i = 0; i < TERMS; i++)
      {
        double term = list[k].weight * list[k].terms[i];

        for (int j = 0; j <= i; j++)
          a[i][j] += term * list[k].terms[j];
        for (int c = 0; c < 2; c++)
          coefficients[c][i] += term * list[k].target[c];
      }
  hl_symmetric_solve (a[0], TERMS, coefficients[0], 2);
}

/**
 * hl_toned_estimate:
 * @self: (out): the tone
 * @reduced: a photograph of three channels
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was the memory
 */
gboolean
hl_toned_estimate (HlToned *self, const HlSmallCopy *reduced, GError **error)
{
  int               n                      = reduced->n;
  g_autofree Cell  *list                   = list_cells (reduced);
  g_autofree float *rest                   = g_try_new (float, MAX (n, 1));
  double            coefficients[2][TERMS] = { 0 };
  int               term                   = CURVE;

  *self = (HlToned) { 0 };
  if (!list || !rest)
    {
      hl_error_set_memory (error, reduced->width, reduced->height);
      return FALSE;
    }
  for (int turn = 0; n > 0 && turn < TURNS; turn++)
    {
      double deviation;

      fit (list, n, coefficients);
      for (int k = 0; k < n; k++)
        {
          double left[2] = { list[k].target[0], list[k].target[1] };

          for (int i = 0; i < TERMS; i++)
            for (int c = 0; c < 2; c++)
              left[c] -= list[k].terms[i] * coefficients[c][i];
          list[k].weight = rest[k] = hypot (left[0], left[1]) * list[k].light;
        }
      qsort (rest, n, sizeof (float), compare_floats);
      deviation = rest[n / 2] / 1.1774 + LEAST_DEVIATION; /* the median of two dimensions */
      for (int k = 0; k < n; k++)
        list[k].weight = list[k].light / (1 + pow (list[k].weight / (TUNING * deviation), 2));
    }
  if (n == 0)
    return TRUE;
  self->spread[0] = rest[(int) (0.90 * (n - 1))];
  self->spread[1] = rest[(int) (0.97 * (n - 1))];
  for (int k = 0; k < n; k++)
    rest[k] = list[k].terms[1];
  qsort (rest, n, sizeof (float), compare_floats);
  self->range[0] = rest[(int) (0.01 * (n - 1))];
  self->range[1] = rest[(int) (0.99 * (n - 1))];
  for (int c = 0; c < 2; c++)
    for (int i = 0; i < CURVE; i++)
      self->curve[c][i] = coefficients[c][i];
  for (int i = 0; i < WAVES; i++)
    for (int j = 0; i + j < WAVES; j++)
      if (i + j > 0)
        {
          for (int c = 0; c < 2; c++)
            self->field[c][i][j] = coefficients[c][term];
          term++;
        }
  return TRUE;
}

/* Red - green and blue - green of the curve at density @m. */
static void
get_tone (const HlToned *self, double m, double tone[2])
{
  for (int c = 0; c < 2; c++)
    {
      tone[c] = 0;
      for (int i = CURVE - 1; i >= 0; i--)
        tone[c] = tone[c] * m + self->curve[c][i];
    }
}

/**
 * hl_toned_is_gray:
 * @self: the tone of a photograph
 *
 * Returns: whether it is that of a gray photograph that has yellowed or is brown, or that has no
 *   colour at all
 */
gboolean
hl_toned_is_gray (const HlToned *self)
{
  double middle[2], light[2], red;

  get_tone (self, CLAMP (0.7, self->range[0], self->range[1]), middle);
  if (self->spread[1] < NO_COLOUR && hypot (middle[0], middle[1]) < NO_TONE)
    return TRUE;
  get_tone (self, self->range[0], light);
  red = self->range[0] + 0.7 * light[0] - 0.1 * light[1]; /* from hl_toned_get_density() */
  return self->spread[0] < gray_spread[0] && self->spread[1] < gray_spread[1]
         && middle[1] > LEAST_YELLOW && middle[1] < MOST_YELLOW && middle[0] < -LEAST_BROWN
         && red < MOST_WHITE && -light[0] < light[1] + PINK && self->range[1] < MOST_BLACK;
}

/**
 * hl_toned_get_waves:
 * @width: pixels across
 * @waves: (HL_TONED_WAVES, width) (out): the cosines across, for hl_toned_get_field()
 */
void
hl_toned_get_waves (int width, float *waves)
{
  for (int j = 0; j < WAVES; j++)
    for (int x = 0; x < width; x++)
      waves[(gsize) j * width + x] = cos (G_PI * j * (x + 0.5) / width);
}

/**
 * hl_toned_get_field:
 * @self: the tone of a photograph
 * @waves: (HL_TONED_WAVES, width), of hl_toned_get_waves()
 * @down: how far down the row is, 0 the upper edge of the photograph, 1 the lower
 * @width: pixels across
 * @red: (width) (out): field of red - green along the row
 * @blue: (width) (out): of blue - green
 */
void
hl_toned_get_field (const HlToned *self, const float *waves, double down, int width, float *red,
                    float *blue)
{
  float along[2][WAVES];

  for (int c = 0; c < 2; c++)
    for (int j = 0; j < WAVES; j++)
      {
        double sum = 0;

        for (int i = 0; i + j < WAVES; i++)
          sum += self->field[c][i][j] * cos (G_PI * i * down);
        along[c][j] = sum;
      }
  for (int x = 0; x < width; x++)
    {
      float u = 0, v = 0;

      for (int j = 0; j < WAVES; j++)
        {
          u += along[0][j] * waves[(gsize) j * width + x];
          v += along[1][j] * waves[(gsize) j * width + x];
        }
      red[x]  = u;
      blue[x] = v;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points of a photograph that should be gray, as somebody says: as text, and the density that the
 * photograph has there, which fading.c learns from. */
#include "restore/colour/points.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "restore/colour/density.h"
#include "restore/error.h"

/* A point stands for a disc of this radius: a share of the longer side, and so many pixels at
 * least, so that neither grain nor a single speck decides. */
#define RADIUS (1 / 400.0)
#define LEAST_RADIUS 2.0

/* No side of a photograph is longer, pixels. */
#define LONGEST 1e7

#define SEPARATORS "; \t\n"

static gboolean
parse_point (const char *text, HlColourPoint *point)
{
  char *comma, *end;

  point->x = g_ascii_strtod (text, &comma);
  if (comma == text || *comma != ',')
    return FALSE;
  point->y = g_ascii_strtod (comma + 1, &end);
  return end != comma + 1 && *end == '\0' && point->x >= 0 && point->x < LONGEST && point->y >= 0
         && point->y < LONGEST;
}

/**
 * hl_colour_points_parse:
 * @points: (out): what @text says
 * @text: "X,Y" in pixels for each point, with semicolons or spaces between them; empty for none
 * @error: %HL_ERROR_SETTING
 *
 * Returns: whether @text is a list of points; else %FALSE with an error
 */
gboolean
hl_colour_points_parse (HlColourPoints *points, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, SEPARATORS, -1);

  *points = (HlColourPoints) { 0 };
  for (char **word = words; *word; word++)
    {
      HlColourPoint point;

      if (**word == '\0')
        continue;
      if (!parse_point (*word, &point))
        {
          g_set_error (
              error, HL_ERROR, HL_ERROR_SETTING,
              _ ("“%s” is no point that should be gray. Write each as X,Y in pixels, and a "
                 "semicolon between two, as in 120,80;300,45."),
              *word);
          return FALSE;
        }
      if (points->n == HL_COLOUR_MOST_POINTS)
        {
          g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
                       _ ("There are more than %d points that should be gray. Leave some out."),
                       HL_COLOUR_MOST_POINTS);
          return FALSE;
        }
      points->at[points->n++] = point;
    }
  return TRUE;
}

/**
 * hl_colour_points_format:
 * @points: some points
 *
 * Returns: (transfer full): what hl_colour_points_parse() reads, to a tenth of a pixel
 */
char *
hl_colour_points_format (const HlColourPoints *points)
{
  GString *text = g_string_new (NULL);
  char     x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < points->n; i++)
    g_string_append_printf (text, "%s%s,%s", i ? ";" : "",
                            g_ascii_formatd (x, sizeof x, "%.1f", points->at[i].x),
                            g_ascii_formatd (y, sizeof y, "%.1f", points->at[i].y));
  return g_string_free (text, FALSE);
}

/**
 * hl_colour_points_get_radius:
 * @width: of the photograph, pixels
 * @height: likewise
 *
 * Returns: the radius of the disc that a point stands for, pixels
 */
double
hl_colour_points_get_radius (int width, int height)
{
  return MAX (RADIUS * MAX (width, height), LEAST_RADIUS);
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* The sound pixels of one channel in the disc about (@x, @y). */
static int
list_disc (const HlImage *image, const float *target, const guint8 *source, int channel, double x,
           double y, double radius, float *values)
{
  gsize pixels = (gsize) image->width * image->height;
  int   left = MAX (floor (x - radius), 0), right = MIN (ceil (x + radius), image->width);
  int   top = MAX (floor (y - radius), 0), bottom = MIN (ceil (y + radius), image->height);
  int   n = 0;

  for (int j = top; j < bottom; j++)
    for (int i = left; i < right; i++)
      {
        gsize at    = (gsize) j * image->width + i;
        float value = image->planes[channel * pixels + at];

        if (hypot (i + 0.5 - x, j + 0.5 - y) <= radius && !(target && target[at] > 0)
            && !(source && !source[at]) && isfinite (value))
          values[n++] = value;
      }
  return n;
}

/**
 * hl_colour_points_look:
 * @points: some points of the photograph
 * @image: (3, H, W), the photograph
 * @target: (nullable): (H, W), not looked at where above 0
 * @source: (nullable): (H, W), not looked at where 0
 * @densities: (out): room for the @n of @points: of red, green and blue
 * @n: (out): how many densities there are: a point with nothing sound around it has none
 * @error: %HL_ERROR_SETTING where a point lies outside, %HL_ERROR_MEMORY
 *
 * Finds the density at each point: the median of each channel over a disc. As light becomes density
 * by a monotone function, that is the density of the median light.
 *
 * Returns: whether all of the points lie in the photograph; else %FALSE with an error
 */
gboolean
hl_colour_points_look (const HlColourPoints *points, const HlImage *image, const float *target,
                       const guint8 *source, double (*densities)[3], guint *n, GError **error)
{
  double            radius = hl_colour_points_get_radius (image->width, image->height);
  gsize             side   = 2 * (gsize) ceil (radius) + 2;
  g_autofree float *values = g_try_new (float, side *side);

  *n = 0;
  if (!values)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (gsize i = 0; i < points->n; i++)
    {
      double   x = points->at[i].x - image->x, y = points->at[i].y - image->y;
      gboolean is_known = TRUE;

      if (!(x >= 0 && x < image->width && y >= 0 && y < image->height))
        {
          g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
                       _ ("The point %.0f,%.0f that should be gray lies outside the photograph. "
                          "Choose another one."),
                       points->at[i].x, points->at[i].y);
          return FALSE;
        }
      for (int c = 0; c < 3; c++)
        {
          int   found = list_disc (image, target, source, c, x, y, radius, values);
          float median, density;

          is_known = is_known && found > 0;
          if (!is_known)
            continue;
          qsort (values, found, sizeof *values, compare_floats);
          median = (values[(found - 1) / 2] + values[found / 2]) / 2;
          hl_density_from_values (&median, &density, 1);
          densities[*n][c] = density;
        }
      *n += is_known;
    }
  return TRUE;
}

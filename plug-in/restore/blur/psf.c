/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Point spread functions: what a blur makes of a single point.
 *
 * A lens out of focus draws a disk, a camera that moved a line, paper and scanner about a
 * Gaussian. Edges of disk and line fall off over one pixel, so that sizes between whole pixels
 * differ too. Angles are counted from the x axis towards y, which points down. */
#include "restore/blur/psf.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "restore/error.h"

/* Radii, standard deviations and lengths, pixels. */
#define SMALLEST 0.1
#define LARGEST 80.0

/* A loaded picture may be black all around: that is cut off. */
#define LARGEST_SIDE 255

static HlPsf *
psf_new (int side)
{
  HlPsf *psf = g_new (HlPsf, 1);

  *psf = (HlPsf) { side, g_new0 (float, ((gsize) side * side)), "" };
  return psf;
}

/* @reach: pixels around the middle beyond which the weights are negligible. */
static HlPsf *
psf_new_reaching (double reach)
{
  return psf_new (2 * (int) ceil (reach) + 1);
}

static void
normalise (HlPsf *psf)
{
  int    n   = psf->side * psf->side;
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += psf->weights[i];
  for (int i = 0; i < n; i++)
    psf->weights[i] /= sum;
}

/* Leaves a rim of nothing out, which would only make pictures larger. */
static void
trim (HlPsf *psf)
{
  int    old = psf->side, middle = old / 2, reach = 0, side;
  float *weights;

  for (int i = 0; i < old * old; i++)
    if (psf->weights[i] > 0)
      reach = MAX (reach, MAX (abs (i % old - middle), abs (i / old - middle)));
  side    = 2 * reach + 1;
  weights = g_new (float, (side * side));
  for (int y = 0; y < side; y++)
    memcpy (weights + y * side, psf->weights + (y + middle - reach) * old + middle - reach,
            side * sizeof (float));
  g_free (psf->weights);
  psf->weights = weights;
  psf->side    = side;
}

/* At most three numbers, in English notation. */
static void
name (HlPsf *psf, const char *shape, const double *numbers, int n)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_strlcpy (psf->name, shape, HL_PSF_NAME);
  for (int i = 0; i < n; i++)
    {
      g_strlcat (psf->name, ":", HL_PSF_NAME);
      g_strlcat (psf->name, g_ascii_formatd (text, sizeof text, "%.4g", numbers[i]), HL_PSF_NAME);
    }
}

/**
 * hl_psf_new_gaussian:
 * @along: standard deviation along @angle, pixels, above 0
 * @across: standard deviation across it, pixels, above 0
 * @angle: of the first, degrees from x towards y, which points down
 *
 * Returns: (transfer full): a Gaussian
 */
HlPsf *
hl_psf_new_gaussian (double along, double across, double angle)
{
  HlPsf *psf = psf_new_reaching (4.5 * fmax (along, across));
  double c = cos (angle * G_PI / 180), s = sin (angle * G_PI / 180);
  int    reach = psf->side / 2;

  for (int y = -reach; y <= reach; y++)
    for (int x = -reach; x <= reach; x++)
      {
        double u = (x * c + y * s) / along, v = (y * c - x * s) / across;

        psf->weights[(y + reach) * psf->side + x + reach] = exp (-0.5 * (u * u + v * v));
      }
  normalise (psf);
  if (along == across)
    name (psf, "gaussian", &along, 1);
  else
    name (psf, "aniso", (double[]) { along, across, angle }, 3);
  return psf;
}

/**
 * hl_psf_new_disk:
 * @radius: pixels, above 0
 *
 * Returns: (transfer full): an even disk
 */
HlPsf *
hl_psf_new_disk (double radius)
{
  HlPsf *psf   = psf_new_reaching (radius + 0.5);
  int    reach = psf->side / 2;

  for (int y = -reach; y <= reach; y++)
    for (int x = -reach; x <= reach; x++)
      psf->weights[(y + reach) * psf->side + x + reach] = CLAMP (radius + 0.5 - hypot (x, y), 0, 1);
  trim (psf);
  normalise (psf);
  name (psf, "disk", &radius, 1);
  return psf;
}

/**
 * hl_psf_new_motion:
 * @length: pixels, above 0
 * @angle: degrees from x towards y, which points down
 *
 * Returns: (transfer full): an even line
 */
HlPsf *
hl_psf_new_motion (double length, double angle)
{
  HlPsf *psf = psf_new_reaching (length / 2 + 1.5);
  double c = cos (angle * G_PI / 180), s = sin (angle * G_PI / 180);
  int    reach = psf->side / 2;

  for (int y = -reach; y <= reach; y++)
    for (int x = -reach; x <= reach; x++)
      psf->weights[(y + reach) * psf->side + x + reach]
          = CLAMP (length / 2 + 0.5 - fabs (x * c + y * s), 0, 1)
            * fmax (1 - fabs (y * c - x * s), 0);
  trim (psf);
  normalise (psf);
  name (psf, "motion", (double[]) { length, angle }, 2);
  return psf;
}

/* Reads the numbers after the colons; all of @text has to be used up. */
static gboolean
read_numbers (const char *text, double *numbers, int n)
{
  for (int i = 0; i < n; i++)
    {
      char *end;

      if (*text != ':')
        return FALSE;
      numbers[i] = g_ascii_strtod (text + 1, &end);
      if (end == text + 1 || !isfinite (numbers[i]))
        return FALSE;
      text = end;
    }
  return *text == '\0';
}

static gboolean
check_size (double size, GError **error)
{
  if (size >= SMALLEST && size <= LARGEST)
    return TRUE;
  g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
               _ ("The size of the blur must be between %g and %g pixels."), SMALLEST, LARGEST);
  return FALSE;
}

/**
 * hl_psf_new_from_text:
 * @text: `gaussian:R`, `disk:R`, `motion:LENGTH:ANGLE` or `aniso:R1:R2:ANGLE`; R is a standard
 *   deviation or a radius, LENGTH that of the line, all 0.1..80 pixels, ANGLE in degrees from x
 *   towards y, which points down; R1 lies along it
 * @error: %HL_ERROR_SETTING
 *
 * Numbers are written with a point, whatever the language.
 *
 * Returns: (transfer full): the point spread function, or %NULL
 */
HlPsf *
hl_psf_new_from_text (const char *text, GError **error)
{
  const char      *numbers = text + strcspn (text, ":");
  g_autofree char *shape   = g_strndup (text, numbers - text);
  double           v[3];

  if (g_str_equal (shape, "gaussian") && read_numbers (numbers, v, 1))
    return check_size (v[0], error) ? hl_psf_new_gaussian (v[0], v[0], 0) : NULL;
  if (g_str_equal (shape, "disk") && read_numbers (numbers, v, 1))
    return check_size (v[0], error) ? hl_psf_new_disk (v[0]) : NULL;
  if (g_str_equal (shape, "motion") && read_numbers (numbers, v, 2))
    return check_size (v[0], error) ? hl_psf_new_motion (v[0], v[1]) : NULL;
  if (g_str_equal (shape, "aniso") && read_numbers (numbers, v, 3))
    return check_size (v[0], error) && check_size (v[1], error)
               ? hl_psf_new_gaussian (v[0], v[1], v[2])
               : NULL;
  g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
               _ ("“%s” is not a blur. Write gaussian:R, disk:R, motion:LENGTH:ANGLE or "
                  "aniso:R1:R2:ANGLE, with sizes in pixels and angles in degrees."),
               text);
  return NULL;
}

/**
 * hl_psf_new_from_pixels:
 * @pixels: (H, W, 4), the picture of a point, light on black: red, green, blue and alpha
 * @width: pixels
 * @height: pixels
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * The values count as light, as they are: the picture is a drawing of how much goes where, and no
 * photograph. Colours count as their mean, and what is transparent as black, by as much as it is.
 * Where the point spread function lies in the picture does not matter: its centre of gravity is
 * taken for the point, so that deblurring does not move the photograph.
 *
 * Returns: (transfer full): the point spread function, or %NULL
 */
HlPsf *
hl_psf_new_from_pixels (const float *pixels, int width, int height, GError **error)
{
  gsize             count = (gsize) width * height;
  g_autofree float *gray  = g_try_new0 (float, count);
  double            sum = 0, sum_x = 0, sum_y = 0;
  int               reach = 0, middle_x, middle_y;
  HlPsf            *psf;

  if (!gray)
    {
      hl_error_set_memory (error, width, height);
      return NULL;
    }
  for (gsize i = 0; i < count; i++)
    {
      const float *pixel = pixels + 4 * i;

      for (int c = 0; c < 3; c++)
        if (pixel[c] > 0 && isfinite (pixel[c]) && pixel[3] > 0)
          gray[i] += pixel[c] * fminf (pixel[3], 1) / 3;
      sum += gray[i];
      sum_x += gray[i] * (double) (i % width);
      sum_y += gray[i] * (double) (i / width);
    }
  middle_x = sum > 0 ? lrint (sum_x / sum) : 0;
  middle_y = sum > 0 ? lrint (sum_y / sum) : 0;
  for (gsize i = 0; i < count; i++)
    if (gray[i] > 0)
      {
        reach = MAX (reach, abs ((int) (i % width) - middle_x));
        reach = MAX (reach, abs ((int) (i / width) - middle_y));
      }
  if (!(sum > 0) || 2 * reach + 1 > LARGEST_SIDE)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_INPUT,
                   _ ("The picture of the blur must show a small light spot on black, of at most "
                      "%d × %d pixels."),
                   LARGEST_SIDE, LARGEST_SIDE);
      return NULL;
    }
  psf = psf_new (2 * reach + 1);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (gray[(gsize) y * width + x] > 0)
        psf->weights[(y - middle_y + reach) * psf->side + x - middle_x + reach]
            = gray[(gsize) y * width + x];
  normalise (psf);
  return psf;
}

/**
 * hl_psf_copy:
 * @psf: a point spread function
 *
 * Returns: (transfer full): another of the same weights
 */
HlPsf *
hl_psf_copy (const HlPsf *psf)
{
  HlPsf *copy = psf_new (psf->side);

  memcpy (copy->weights, psf->weights, sizeof (float) * psf->side * psf->side);
  g_strlcpy (copy->name, psf->name, HL_PSF_NAME);
  return copy;
}

/**
 * hl_psf_free:
 * @psf: (transfer full) (nullable): a point spread function
 */
void
hl_psf_free (HlPsf *psf)
{
  if (psf)
    g_free (psf->weights);
  g_free (psf);
}

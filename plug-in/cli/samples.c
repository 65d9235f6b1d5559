/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only place of the command-line program where pixels cross between a file and the engine's
 * planes, which stand upright. Only pixels under the mask are ever converted and written back; all
 * others go from file to file as they are. */

#include "cli/samples.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/memory.h"

/* IEEE 754 binary16. */
static double
half_to_double (guint16 half)
{
  int    exponent = half >> 10 & 31, fraction = half & 1023;
  double value = exponent == 31  ? (fraction ? NAN : INFINITY)
                 : exponent == 0 ? ldexp (fraction, -24)
                                 : ldexp (1024 + fraction, exponent - 25);

  return half & 0x8000 ? -value : value;
}

static guint16
double_to_half (double value)
{
  guint16 sign = signbit (value) ? 0x8000 : 0;
  int     exponent;
  long    fraction;

  value = fmin (fabs (value), 65504);
  frexp (value, &exponent);
  exponent = MAX (exponent, -13);
  fraction = lrint (ldexp (value, 11 - exponent)); /* rounded up it may be 2048, which carries */
  return sign | (fraction < 1024 ? fraction : fraction + ((exponent + 13) << 10));
}

/* Floats hold linear light, the engine works on what is seen: the curve of sRGB (IEC 61966-2-1). */
static double
light_to_seen (double light)
{
  double size = fabs (light);

  return copysign (size <= 0.0031308 ? 12.92 * size : 1.055 * pow (size, 1 / 2.4) - 0.055, light);
}

static double
seen_to_light (double seen)
{
  double size = fabs (seen);

  return copysign (size <= 0.04045 ? size / 12.92 : pow ((size + 0.055) / 1.055, 2.4), seen);
}

/**
 * hl_samples_get:
 * @file: a picture
 * @place: number of a pixel as it is stored
 * @channel: of its samples
 *
 * Returns: its value, 0 black and 1 white, perceptual; alpha and other channels as they are
 */
double
hl_samples_get (const HlFile *file, gsize place, int channel)
{
  const guint8 *at
      = file->pixels + (place * file->channels + channel) * hl_file_get_bytes_per_sample (file);
  gboolean is_colour = channel < file->colours;
  double   value;

  switch (file->sample)
    {
    case HL_SAMPLE_U8:
      value = *at / 255.0;
      break;
    case HL_SAMPLE_U16:
      value = *(const guint16 *) at / 65535.0;
      break;
    case HL_SAMPLE_U32:
      value = *(const guint32 *) at / 4294967295.0;
      break;
    case HL_SAMPLE_HALF:
      value = half_to_double (*(const guint16 *) at);
      return is_colour ? light_to_seen (value) : value;
    case HL_SAMPLE_FLOAT:
      value = *(const float *) at;
      return is_colour ? light_to_seen (value) : value;
    default:
      value = *(const double *) at;
      return is_colour ? light_to_seen (value) : value;
    }
  return file->is_inverted && is_colour ? 1 - value : value;
}

/* Written so that a NaN becomes 0. */
static double
to_range (double value, double white)
{
  return value > 0 ? floor (fmin (value, 1) * white + 0.5) : 0;
}

/**
 * hl_samples_set:
 * @file: a picture
 * @place: number of a pixel as it is stored
 * @channel: of its samples
 * @value: as hl_samples_get() gives it; what does not fit becomes black or white
 */
void
hl_samples_set (HlFile *file, gsize place, int channel, double value)
{
  guint8 *at
      = file->pixels + (place * file->channels + channel) * hl_file_get_bytes_per_sample (file);
  gboolean is_colour = channel < file->colours;
  double   light     = is_colour ? seen_to_light (value) : value;

  if (file->is_inverted && is_colour)
    value = 1 - value;
  switch (file->sample)
    {
    case HL_SAMPLE_U8:
      *at = to_range (value, 255);
      break;
    case HL_SAMPLE_U16:
      *(guint16 *) at = to_range (value, 65535);
      break;
    case HL_SAMPLE_U32:
      *(guint32 *) at = to_range (value, 4294967295.0);
      break;
    case HL_SAMPLE_HALF:
      *(guint16 *) at = double_to_half (light);
      break;
    case HL_SAMPLE_FLOAT:
      *(float *) at = light;
      break;
    default:
      *(double *) at = light;
    }
}

/**
 * hl_samples_get_planes:
 * @file: a picture
 * @area: the part to read, of the picture as it is shown
 * @source: (out) (transfer full): (H, W), row-major: 0 where the picture is transparent
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): the part, which knows its place, or %NULL
 */
HlImage *
hl_samples_get_planes (const HlFile *file, HlRect area, guint8 **source, GError **error)
{
  int                width = area.right - area.left, height = area.bottom - area.top;
  gsize              size  = (gsize) width * height;
  g_autofree guint8 *shown = hl_memory_try (1, width, height, error);
  HlImage           *image = shown ? hl_image_new (file->colours, width, height, error) : NULL;

  if (!image)
    return NULL;
  image->x = area.left;
  image->y = area.top;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize at    = (gsize) y * width + x;
        gsize place = hl_file_get_place (file, area.left + x, area.top + y);

        for (int c = 0; c < file->colours; c++)
          image->planes[c * size + at] = hl_samples_get (file, place, c);
        shown[at] = file->alpha < 0 || hl_samples_get (file, place, file->alpha) > 0;
      }
  *source = g_steal_pointer (&shown);
  return image;
}

/**
 * hl_samples_set_planes:
 * @file: a picture
 * @image: the new values of a part that hl_samples_get_planes() gave
 * @mask: (H, W), row-major, of the part's size: pixels are written where it is > 0
 *
 * Writes restored pixels into the picture, and notes which are others than before. What was
 * transparent altogether becomes opaque by as much as the mask marks it, since a repair that cannot
 * be seen is none.
 */
void
hl_samples_set_planes (HlFile *file, const HlImage *image, const float *mask)
{
  gsize bytes = hl_file_get_bytes_per_sample (file) * file->channels;
  gsize size  = (gsize) image->width * image->height;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      {
        gsize  at    = (gsize) y * image->width + x;
        gsize  place = hl_file_get_place (file, image->x + x, image->y + y);
        guint8 before[256];

        if (!(mask[at] > 0))
          continue;
        memcpy (before, file->pixels + place * bytes, bytes);
        for (int c = 0; c < file->colours; c++)
          hl_samples_set (file, place, c, image->planes[c * size + at]);
        if (file->alpha >= 0 && hl_samples_get (file, place, file->alpha) <= 0)
          hl_samples_set (file, place, file->alpha, MIN (mask[at], 1));
        file->changed[place] |= memcmp (before, file->pixels + place * bytes, bytes) != 0;
      }
}
